"""How high the right passages stand, computed by hand."""

import numpy as np
import pytest

from appliance.cli import weighing
from appliance.cli.questions import COLLECTION, PassageLine, fill, shelf
from appliance.cli.weighing import Weighed
from appliance.index.fusion import SIGNALS, Weights
from tests.fakes import WordEmbedder

WORDS, GRAMS, MEANING = (SIGNALS.index(one) for one in ("words", "grams", "meaning"))
EVEN = weighing.column(Weights())


def candidates(right: dict[int, float], *wrong: dict[int, float]) -> Weighed:
    """A question's candidates of these signals, of which the first is right."""
    signals = np.zeros((1 + len(wrong), len(SIGNALS)))
    for row, values in enumerate((right, *wrong)):
        for signal, value in values.items():
            signals[row, signal] = value
    return Weighed(signals=signals, relevant=np.arange(len(signals)) == 0)


def test_the_figures_are_those_of_the_first_relevant_candidate() -> None:
    first = candidates({WORDS: 1.0}, {WORDS: 0.5})
    third = candidates({WORDS: 0.2}, {WORDS: 0.5}, {WORDS: 1.0})
    sixth = candidates({}, *[{WORDS: 1.0}] * 5)

    figures = weighing.figures([first, third, sixth], EVEN)

    assert figures == pytest.approx(
        {"recall@1": 1 / 3, "recall@5": 2 / 3, "mrr": (1 + 1 / 3 + 1 / 6) / 3}
    )


def test_a_question_whose_passage_is_no_candidate_counts_as_missed() -> None:
    missed = Weighed(signals=np.ones((2, len(SIGNALS))), relevant=np.zeros(2, dtype=bool))
    nothing = Weighed(signals=np.zeros((0, len(SIGNALS))), relevant=np.zeros(0, dtype=bool))

    figures = weighing.figures([missed, nothing, candidates({WORDS: 1.0})], EVEN)

    assert figures == pytest.approx(dict.fromkeys(figures, 1 / 3))


def test_weights_of_nothing_are_not_perfect() -> None:
    assert weighing.figures([candidates({WORDS: 1.0}, {})], 0 * EVEN)["recall@1"] == 0.0


def test_a_sweep_turns_away_from_the_signal_that_misleads() -> None:
    rows = [candidates({WORDS: 0.6}, {MEANING: 1.0})] * 3

    best = weighing.best_weights(rows, Weights(words=1.0, meaning=1.0))

    assert best["words"] * 0.6 > best["meaning"]
    assert best["mrr"] == best["recall@1"] == 1.0


def test_a_sweep_keeps_the_present_weights_where_no_others_are_better() -> None:
    present = Weights(words=3.0, grams=0.7)

    best = weighing.best_weights([candidates({WORDS: 1.0}, {GRAMS: 1.0})], present)

    assert Weights(**{name: best[name] for name in SIGNALS}) == present


def test_a_signal_that_is_off_stays_off() -> None:
    rows = [candidates({MEANING: 1.0}, {WORDS: 1.0})]

    assert weighing.best_weights(rows, Weights(meaning=0.0))["meaning"] == 0.0


def test_a_search_is_weighed_as_the_product_weighs_it() -> None:
    corpus = [
        PassageLine(id="multa", text="A multa por atraso é de R$ 1,50 por dia."),
        PassageLine(id="atraso", text="O atraso na entrada é anotado na secretaria, sem multa."),
        PassageLine(id="uniforme", text="O uso do uniforme é obrigatório."),
    ]
    with shelf(WordEmbedder(), Weights()) as finder:
        fill(finder, corpus)
        findings = finder.find([COLLECTION], "Qual é a multa por atraso?")

    row = weighing.weighed(findings, frozenset({"multa"}))

    ids = [one.document.id for one in findings.candidates]
    order = np.argsort(-(row.signals @ EVEN))
    assert [ids[n] for n in order] == [one.document.id for one in findings.found.passages]
    assert [ids[n] for n in np.flatnonzero(row.relevant)] == ["multa"]
