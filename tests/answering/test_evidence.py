"""Evidence: what the estimate is made of, and what a threshold lets through."""

import msgspec
import numpy as np
import pytest

from appliance.answering import evidence
from appliance.answering.evidence import Facts, answerable, enough, facts
from appliance.index.fusion import SIGNALS, Signals
from tests.answering.shelf import Shelf

STRONG = Facts(
    words=0.8,
    coverage=1.0,
    sentence_coverage=1.0,
    score=0.9,
    sentence_meaning=0.8,
    meaning=0.8,
    gap=0.6,
    lead=0.3,
    unknown=0.0,
)
WEAK = Facts(
    words=0.1,
    coverage=0.3,
    sentence_coverage=0.2,
    score=0.4,
    sentence_meaning=0.2,
    meaning=0.3,
    gap=0.02,
    lead=0.01,
    unknown=0.6,
)


def without_vectors(one: Facts) -> Facts:
    fields = {name: getattr(one, name) for name in evidence.KEYWORD_NAMES}
    return Facts(**fields, sentence_meaning=None, meaning=None)


def measured(
    words: list[float], coverage: list[float], ideal: float = 10.0, meaning: float = 0.1
) -> Signals:
    """Candidates with these BM25s, and cosines of ``meaning`` times as much."""
    features = np.zeros((len(words), len(SIGNALS)))
    features[:, SIGNALS.index("words")] = words
    features[:, SIGNALS.index("meaning")] = [meaning * score for score in words]
    held = np.array(coverage)
    return Signals(features, held, held / 2, ideal, exact=np.zeros(len(words)))


def test_strong_evidence_is_answered_and_weak_evidence_refused_by_every_assistant() -> None:
    for strictness in evidence.THRESHOLDS:
        assert enough(answerable(STRONG), strictness)
        assert not enough(answerable(WEAK), strictness)


def test_without_vectors_the_estimate_stands_on_keywords_alone() -> None:
    assert answerable(without_vectors(STRONG)) > 0.8
    assert answerable(without_vectors(WEAK)) < 0.1


def test_an_embedder_without_constants_of_its_own_is_judged_by_keywords() -> None:
    assert answerable(STRONG, None) == answerable(without_vectors(STRONG))
    assert answerable(STRONG, {"constant": 0.0}) == 0.5


def test_a_stricter_assistant_wants_more() -> None:
    limits = evidence.THRESHOLDS

    assert limits["strict"] > limits["balanced"] > limits["helpful"] > 0
    assert enough(limits["balanced"], "balanced")
    assert not enough(limits["balanced"], "strict")


@pytest.mark.parametrize("name", ["sentence_coverage", "sentence_meaning", "score", "gap", "lead"])
def test_more_of_a_good_sign_never_lowers_the_estimate(name: str) -> None:
    weak = {field: getattr(WEAK, field) for field in evidence.NAMES}

    assert answerable(Facts(**(weak | {name: 0.9}))) > answerable(WEAK)


def test_words_that_occur_nowhere_lower_the_estimate() -> None:
    strong = {field: getattr(STRONG, field) for field in evidence.NAMES}

    assert answerable(Facts(**(strong | {"unknown": 0.7}))) < answerable(STRONG)


def test_the_estimate_is_a_probability_even_at_the_ends() -> None:
    everything = Facts(**dict.fromkeys(evidence.NAMES, 1.0))
    nothing = Facts(**dict.fromkeys(evidence.NAMES, 0.0))

    assert 0.0 < answerable(nothing) < answerable(everything) <= 1.0


def test_every_fact_has_a_weight_and_every_weight_a_fact() -> None:
    assert set(evidence.WITH_VECTORS) == {"constant", *evidence.NAMES}
    assert set(evidence.BY_KEYWORDS) == {"constant", *evidence.KEYWORD_NAMES}


def test_the_facts_are_taken_from_the_best_five() -> None:
    words = [8.0, 6.0, 5.0, 4.0, 3.0, 9.0]
    scores = [0.9, 0.7, 0.6, 0.5, 0.4, 0.1]

    known = facts(
        measured(words, [0.5, 0.8, 0.1, 0.1, 0.1, 1.0]),
        order=[0, 1, 2, 3, 4, 5],
        scores=scores,
        unknown=0.25,
        meaning=True,
    )

    assert known.words == pytest.approx(0.8)  # 8 of 10: the sixth is not looked at
    assert known.coverage == pytest.approx(0.8)
    assert known.sentence_coverage == pytest.approx(0.4)
    assert known.sentence_meaning == pytest.approx(0.8)  # of the best
    assert known.meaning == pytest.approx(0.9)  # of all
    assert known.gap == pytest.approx((0.9 - 0.4) * 0.8)
    assert known.lead == pytest.approx((0.9 - 0.7) * 0.8)
    assert known.score == 0.9
    assert known.unknown == 0.25


def test_a_lone_candidate_stands_above_nothing() -> None:
    known = facts(measured([5.0], [0.5]), [0], [0.6], unknown=0.0, meaning=False)

    assert known.gap == known.lead == pytest.approx(0.3)
    assert known.meaning is None
    assert known.sentence_meaning is None


def test_a_question_without_words_is_no_division_by_zero() -> None:
    known = facts(measured([0.0], [0.0], ideal=0.0), [0], [0.0], unknown=0.0, meaning=True)

    assert 0 <= answerable(known) < evidence.THRESHOLDS["balanced"]


@pytest.mark.parametrize("blind", [False, True])
def test_a_small_house_refuses_what_it_does_not_hold(shelf: Shelf, blind: bool) -> None:
    here = shelf.reopened(blind=blind)
    here.put(
        "regimento",
        "A multa por atraso na devolução de livros é de R$ 1,50 por dia.",
        "A secretaria atende de segunda a sexta, das 7h30 às 17h.",
        "O uso do uniforme é obrigatório em todas as aulas.",
        "Os recibos devem ser entregues ao financeiro até o dia 5.",
        "Cada aluno pode levar três livros por quinze dias.",
    )

    held = here.search("Qual é a multa por atraso na devolução de livros?")
    not_held = here.search("Quem foi o primeiro astronauta a pisar na Lua?")

    assert enough(held.answerable, "balanced")
    assert not enough(not_held.answerable, "balanced")


def test_a_probability_travels_as_a_number_of_four_digits() -> None:
    assert msgspec.json.decode(msgspec.json.encode(answerable(STRONG))) == answerable(STRONG)
    assert answerable(STRONG) == round(answerable(STRONG), 4)
