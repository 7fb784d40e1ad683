"""Unanswered questions are sorted by meaning: the same way each time, each once."""

from collections.abc import Iterator

import pytest

from appliance import gaps
from appliance.answering.grouping import Grouping
from appliance.reach import EVERYWHERE
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House

POOL = (
    "A piscina da escola abre quando?",
    "Quando abre a piscina da escola?",
    "Bom dia, quando abre a piscina da escola?",
)
PARKING = "Onde posso estacionar o carro?"


@pytest.fixture
def asked(house: House) -> House:
    made = house.assistant()
    for question in (*POOL, PARKING):
        assert house.ask(made["id"], question)["state"] == "refused"
    return house


def grouping(house: House) -> Grouping:
    return Grouping(house.parts.database, house.parts.finder)


def groups(house: House) -> list[tuple[str, int]]:
    found = gaps.every(house.parts.database, reach=EVERYWHERE)
    return [(one.question, one.questions) for one in found]


def test_questions_of_one_meaning_are_one_group(asked: House) -> None:
    assert grouping(asked).look() == 4
    assert groups(asked) == [(POOL[0], 3), (PARKING, 1)]


def test_nothing_is_sorted_twice(asked: House) -> None:
    grouping(asked).look()

    assert grouping(asked).look() == 0
    assert groups(asked) == [(POOL[0], 3), (PARKING, 1)]


def test_a_few_at_a_time_make_the_same_groups(asked: House) -> None:
    sorted_one_by_one = [grouping(asked).look(1) for _ in range(5)]

    assert sorted_one_by_one == [1, 1, 1, 1, 0]
    assert groups(asked) == [(POOL[0], 3), (PARKING, 1)]


def test_each_assistant_has_its_own_groups(asked: House) -> None:
    other = asked.assistant("Tesouraria")
    asked.ask(other["id"], POOL[0])
    grouping(asked).look()

    found = gaps.every(asked.parts.database, reach=EVERYWHERE, assistant=other["id"])

    assert [(one.question, one.questions) for one in found] == [(POOL[0], 1)]


def test_what_turns_the_answer_round_is_another_group(house: House) -> None:
    made = house.assistant()
    for question in ("Quantas vagas há em 2026?", "Quantas vagas há em 2027?"):
        house.ask(made["id"], question)

    grouping(house).look()

    assert len(groups(house)) == 2


def test_a_group_whose_first_question_was_erased_goes_on(asked: House) -> None:
    grouping(asked).look()
    (first,) = asked.parts.database.rows(
        "select conversation from messages where question = :q", {"q": POOL[0]}
    )
    asked.client.delete(f"/api/conversations/{first['conversation']}")
    assistant = asked.client.get("/api/assistants").json()["items"][0]["id"]
    asked.ask(assistant, POOL[0])

    grouping(asked).look()

    assert groups(asked) == [(POOL[1], 3), (PARKING, 1)]


@pytest.fixture
def without_meaning(settings: Settings) -> Iterator[House]:
    with House(settings, embedder=WordEmbedder()) as house:
        house.parts.finder.embedder = None
        yield house


def test_without_an_embedder_words_decide(without_meaning: House) -> None:
    made = without_meaning.assistant()
    for question in (*POOL, PARKING, "?!"):
        without_meaning.ask(made["id"], question)

    assert grouping(without_meaning).look() == 5

    assert groups(without_meaning)[0] == (POOL[0], 3)
    (kept,) = without_meaning.parts.database.rows("select distinct vector from gap_questions")
    assert kept["vector"] is None
