"""The constants of evidence: gathered with and without the document, fitted, judged by others."""

from collections.abc import Iterator

import numpy as np
import pytest

from appliance.answering import evidence
from appliance.answering.finding import Finder
from appliance.cli.questions import COLLECTION, fill, shelf
from appliance.index import metrics
from appliance.index.fusion import Weights
from benchmarks import fit_evidence
from tests.benchmarks.sets import SCHOOL
from tests.fakes import WordEmbedder


@pytest.fixture(scope="module")
def finder() -> Iterator[Finder]:
    """The passages of a school on a shelf."""
    with shelf(WordEmbedder(), Weights()) as opened:
        fill(opened, SCHOOL.corpus)
        yield opened


@pytest.fixture(scope="module")
def facts(finder: Finder) -> dict[str, list[evidence.Facts]]:
    """The facts of each of its questions: kept, without the passage, without the document."""
    return fit_evidence.gather(finder, SCHOOL)


def test_every_question_is_asked_as_it_is_and_without_what_answers_it(
    finder: Finder, facts: dict[str, list[evidence.Facts]]
) -> None:
    asked = [finder.find([COLLECTION], line.text).facts for line in SCHOOL.queries]

    assert facts["kept"] == asked
    assert set(facts) == {"kept", "passage", "document"}
    for kind in ("passage", "document"):
        assert np.mean([one.words for one in facts[kind]]) < np.mean([one.words for one in asked])


@pytest.mark.parametrize("names", [evidence.NAMES, evidence.KEYWORD_NAMES])
def test_a_fit_tells_the_questions_from_the_same_without_their_document(
    facts: dict[str, list[evidence.Facts]], names: tuple[str, ...]
) -> None:
    kept, lost = (fit_evidence.rows_of(facts[kind], names) for kind in ("kept", "document"))
    labels = np.concatenate([np.ones(len(kept)), np.zeros(len(lost))])

    weights = fit_evidence.fit(np.concatenate([kept, lost]), labels)

    chances = [fit_evidence.predict(weights, rows).tolist() for rows in (kept, lost)]
    assert metrics.auroc(*chances) == 1.0
    assert min(chances[0]) > 0.5 > max(chances[1])


def test_a_fit_finds_the_constants_that_made_the_labels() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(4_000, 2))
    labels = (rng.random(4_000) < 1 / (1 + np.exp(-(0.5 + rows @ [2.0, -1.0])))).astype(float)

    assert fit_evidence.fit(rows, labels) == pytest.approx([0.5, 2.0, -1.0], abs=0.15)


def test_each_family_is_judged_by_the_others_and_all_of_them_give_the_constants(
    facts: dict[str, list[evidence.Facts]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted = []

    def fit(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        fitted.append(len(rows))
        return np.zeros(1 + rows.shape[1])

    monkeypatch.setattr(fit_evidence, "fit", fit)
    one = sum(len(found) for found in facts.values())

    fit_evidence.report(
        {"squad1s-pt": facts, "squad2-a-pt": facts, "faquad-a-pt": facts}, evidence.NAMES
    )

    assert fitted == [one, one, 2 * one, 3 * one]
    said = capsys.readouterr().out
    assert "document removed: AUROC 0.500" in said  # by constants that say nothing
    assert said.splitlines()[-1].startswith('{"constant": 0.0, "words": 0.0,')


def test_a_family_alone_is_not_judged(
    facts: dict[str, list[evidence.Facts]], capsys: pytest.CaptureFixture[str]
) -> None:
    fit_evidence.report({"squad1s-pt": facts, "squad2-a-pt": facts}, evidence.NAMES)

    assert "AUROC" not in capsys.readouterr().out
