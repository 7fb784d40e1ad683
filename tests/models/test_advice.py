"""What was measured, said in plain words: which model serves how many people here."""

import msgspec

from appliance.errors import sentence
from appliance.models import catalogue
from appliance.models.advice import advice, people_served
from appliance.models.hardware import Memory
from appliance.models.measuring import Measured
from appliance.models.tuning import Tuning
from appliance.records import LANGUAGES, Problem
from tests.models.runners import MISTRAL

LARGE = catalogue.find(MISTRAL)
PLENTY = Memory(total_mb=64_000, available_mb=60_000)
MEASURED = Measured(
    model="small",
    file="small.gguf",
    size_mb=400,
    read=400.0,
    written={1: 30.0, 4: 80.0, 8: 120.0},
    memory_mb=650,
    tuning=Tuning(),
    because=Problem(code="tuning_default"),
    trials=(),
)


def test_people_are_served_when_each_can_read_along() -> None:
    assert people_served(10_000.0, {1: 3.0, 4: 11.9, 8: 23.0}) == 1
    assert people_served(10_000.0, {1: 3.0, 4: 12.0, 8: 23.0}) == 4
    assert people_served(10_000.0, {1: 3.0, 4: 12.0, 8: 24.0}) == 8


def test_people_are_served_when_their_first_word_comes_soon_enough() -> None:
    fast = {1: 100.0, 4: 100.0, 8: 100.0}

    assert people_served(20.0, fast) == 1
    assert people_served(80.0, fast) == 4
    assert people_served(160.0, fast) == 8


def test_a_model_may_be_too_slow_for_one_person() -> None:
    assert people_served(1000.0, {1: 2.9}) == 0
    assert people_served(19.0, {1: 30.0}) == 0


def test_the_measured_model_comes_first() -> None:
    assert advice(MEASURED, [], PLENTY) == [
        Problem(code="advice_serves", facts={"name": "small", "people": 8})
    ]


def test_a_model_too_slow_for_anybody_says_so() -> None:
    slow = msgspec.structs.replace(MEASURED, written={1: 0.5})

    assert advice(slow, [], PLENTY)[0].code == "advice_serves_nobody"


def test_another_model_is_reckoned_by_its_size() -> None:
    # Ten times as large: a tenth of the speed, which serves one and not four.
    told = advice(MEASURED, [LARGE], PLENTY)

    assert LARGE.ram_mb == 10 * MEASURED.memory_mb
    assert told[1] == Problem(code="advice_may_serve", facts={"name": LARGE.name, "people": 1})


def test_another_model_may_be_too_slow() -> None:
    slower = msgspec.structs.replace(MEASURED, written={1: 20.0, 4: 60.0, 8: 80.0})

    assert advice(slower, [LARGE], PLENTY)[1].code == "advice_may_serve_nobody"


def test_a_model_that_does_not_fit_says_what_it_needs_and_what_there_is() -> None:
    told = advice(MEASURED, [LARGE], Memory(total_mb=4000, available_mb=100))

    assert told[1].code == "advice_too_big"
    assert told[1].facts == {"name": LARGE.name, "need_mb": LARGE.ram_mb, "has_mb": 4000}


def test_the_measured_model_is_not_reckoned_as_well() -> None:
    measured = msgspec.structs.replace(MEASURED, model=LARGE.name)

    assert len(advice(measured, [LARGE], PLENTY)) == 1


def test_every_advice_is_a_sentence_in_three_languages() -> None:
    told = advice(MEASURED, catalogue.offered("language"), PLENTY)
    told += advice(MEASURED, [LARGE], Memory(total_mb=1, available_mb=1))

    for language in LANGUAGES:
        for problem in told:
            assert problem.facts["name"] in sentence(problem.code, problem.facts, language)
