"""The weights that are fitted: better than any made up, and judged on what they never saw."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from appliance.cli import weighing
from appliance.cli.questions import fill, shelf
from appliance.cli.weighing import Weighed
from appliance.index.fusion import SIGNALS, Weights
from appliance.models.catalogue import Fusion
from benchmarks import fit_ranker
from tests.benchmarks.sets import SCHOOL
from tests.fakes import WordEmbedder

UNIFORM = np.ones(len(SIGNALS))


@pytest.fixture(scope="module")
def gathered() -> list[Weighed]:
    """The candidates of the questions of a school, found with vectors that know words."""
    with shelf(WordEmbedder(), Weights()) as finder:
        fill(finder, SCHOOL.corpus)
        return fit_ranker.gather(finder, SCHOOL)


def told_by(*telling: str, questions: int = 40, seed: int = 1) -> list[Weighed]:
    """Questions whose right passage, one of ten, stands out in these signals by a little; the
    others are noise."""
    rng = np.random.default_rng(seed)
    columns = [SIGNALS.index(name) for name in telling]
    rows = []
    for _ in range(questions):
        signals = rng.random((10, len(SIGNALS)))
        signals[0, columns] += 0.3
        rows.append(Weighed(signals=signals, relevant=np.arange(10) == 0))
    return rows


def first(rows: Sequence[Weighed], weights: np.ndarray) -> float:
    return weighing.figures(rows, weights)["recall@1"]


def test_candidates_come_from_the_products_own_search(gathered: list[Weighed]) -> None:
    assert len(gathered) == len(SCHOOL.queries)
    for row in gathered:
        assert row.signals.shape == (len(row.relevant), len(SIGNALS))
        assert row.relevant.sum() == 1
        assert 0 <= row.signals.min() <= row.signals.max() <= 1 + 1e-9


def test_a_fit_finds_what_is_there_to_find(gathered: list[Weighed]) -> None:
    weights = fit_ranker.fit([gathered])

    assert first(gathered, weights) == 1.0


def test_a_fit_ranks_questions_it_never_saw_better_than_uniform_weights() -> None:
    unseen = told_by("wording", "meaning", questions=300, seed=2)

    weights = fit_ranker.fit([told_by("wording", "meaning", questions=300)])

    assert first(unseen, weights) > first(unseen, UNIFORM) + 0.05
    assert {SIGNALS[n] for n in np.argsort(-weights)[:2]} == {"wording", "meaning"}


def test_no_weight_is_negative_or_more_than_the_catalogue_allows() -> None:
    clear = [row._replace(signals=row.signals.copy()) for row in told_by("words")]
    for row in clear:
        row.signals[:, SIGNALS.index("words")] = row.relevant
        row.signals[:, SIGNALS.index("names")] = ~row.relevant  # a signal that misleads

    weights = fit_ranker.fit([clear])

    assert weights.min() == weights[SIGNALS.index("names")] == 0.0
    assert weights.max() <= 10.0


def test_every_set_counts_the_same_however_many_questions_it_has() -> None:
    small, large = told_by("words", questions=40), told_by("grams", questions=40, seed=3)

    assert fit_ranker.fit([small, large]) == pytest.approx(
        fit_ranker.fit([small, large * 5]), abs=1e-2
    )


def test_a_question_whose_passage_is_no_candidate_changes_nothing() -> None:
    rows = told_by("words")
    lost = rows[0]._replace(relevant=np.zeros(10, dtype=bool))
    nothing = Weighed(signals=np.zeros((0, len(SIGNALS))), relevant=np.zeros(0, dtype=bool))

    assert fit_ranker.fit([[*rows, lost, nothing], [lost]]) == pytest.approx(fit_ranker.fit([rows]))


def test_several_relevant_passages_of_a_question_share_its_weight() -> None:
    rows = [row._replace(relevant=np.arange(10) < 2) for row in told_by("words", questions=200)]

    assert SIGNALS[int(fit_ranker.fit([rows]).argmax())] == "words"


def test_no_family_is_judged_by_a_fit_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = {
        name: told_by("words", questions=5, seed=n)
        for n, name in enumerate(["squad1s-pt", "squad2-a-pt", "xquad-a-es", "xquad-a-en"])
    }
    names = {id(rows): name for name, rows in sets.items()}
    seen = []

    def fit(known: Sequence[Sequence[Weighed]]) -> np.ndarray:
        seen.append([names[id(rows)] for rows in known])
        return UNIFORM

    monkeypatch.setattr(fit_ranker, "fit", fit)

    assert list(fit_ranker.judged(sets, UNIFORM)) == list(sets)
    assert seen == [["xquad-a-es", "xquad-a-en"]] * 2 + [["squad1s-pt", "squad2-a-pt"]] * 2


def test_a_set_without_another_family_beside_it_is_not_judged() -> None:
    assert fit_ranker.judged({"squad1s-pt": told_by("words")}, UNIFORM) == {}


def test_the_present_weights_are_judged_beside_the_fit() -> None:
    sets = {
        name: told_by("meaning", questions=200, seed=n)
        for n, name in enumerate(["xquad-a-es", "faquad-a-pt"])
    }

    judged = fit_ranker.judged(sets, UNIFORM)

    for ways in judged.values():
        assert list(ways) == ["fit on others", "present"]
        assert ways["fit on others"]["mrr"] > ways["present"]["mrr"]


def test_the_weights_are_printed_as_the_catalogue_reads_them() -> None:
    printed = fit_ranker.toml(np.linspace(0.04, 2.31, len(SIGNALS)))
    read = msgspec.toml.decode(printed)["model"]["fusion"]

    assert msgspec.convert(read, Fusion).brevity == 2.3
    assert list(read) == list(SIGNALS)
