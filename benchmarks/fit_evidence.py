"""Fit the constants of ``appliance/answering/evidence.py`` again.

Each question of the sets named is asked twice: with its document, and with its
document removed (inside a transaction that is rolled back). A logistic regression
learns to tell the two apart from the facts of each search. Every set is then judged
by a fit on the other families, so the figures printed are of questions never seen;
the constants printed last are fitted on all of them.

    .venv/bin/python benchmarks/fit_evidence.py FOLDER [FOLDER …] [--limit 500]
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.answering import evidence
from appliance.answering.finding import Finder
from appliance.cli import eval as evaluation
from appliance.database import Database


class Undo(Exception):
    """Raised to roll a transaction back."""


def gather(folder: Path, finder: Finder, limit: int) -> dict[str, list[evidence.Facts]]:
    """The facts of each question: as it is (``kept``), without its ``passage``, and without
    the whole ``document`` that the passage belongs to."""
    questions = evaluation.read(folder, limit)
    documents = defaultdict(list)
    for passage in questions.corpus:
        documents[passage.doc or passage.title or passage.id].append(passage.id)
    family = {one: ids for ids in documents.values() for one in ids}
    found: dict[str, list[evidence.Facts]] = {"kept": [], "passage": [], "document": []}
    for kind, facts in found.items():
        groups = defaultdict(list)
        for line in questions.queries:
            gold = questions.relevant[line.id]
            whole = frozenset(one for id_ in gold for one in family[id_])
            groups[{"kept": frozenset(), "passage": gold, "document": whole}[kind]].append(line)
        for gone, lines in groups.items():
            facts += _without(finder, gone, [line.text for line in lines])
    return found


def _without(finder: Finder, gone: frozenset[str], texts: list[str]) -> list[evidence.Facts]:
    facts = []
    try:
        with finder.database.write() as db:
            for document in gone:
                db.run("delete from chunks where document = :one", {"one": document})
            facts = [finder.find([evaluation.COLLECTION], text).facts for text in texts]
            raise Undo
    except Undo:
        return [one for one in facts if one]


def fit(rows: np.ndarray, labels: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Logistic regression by Newton's method with a small ridge; the intercept is first."""
    design = np.column_stack([np.ones(len(rows)), rows])
    penalty = ridge * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (labels - chance) - penalty @ weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The chance that an answerable question scores above one that is not (Mann-Whitney)."""
    order = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1.0
    yes = int(labels.sum())
    return float((order[labels == 1].sum() - yes * (yes + 1) / 2) / (yes * (len(labels) - yes)))


def predict(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The probabilities of rows under fitted weights."""
    return 1 / (1 + np.exp(-(weights[0] + rows @ weights[1:])))


def rows_of(facts: Sequence[evidence.Facts], names: Sequence[str]) -> np.ndarray:
    """Facts as rows of numbers."""
    return np.array([[getattr(fact, name) for name in names] for fact in facts], dtype=float)


def report(sets: dict[str, dict[str, list[evidence.Facts]]], names: Sequence[str]) -> None:
    """Print how each family is judged by the others, then the constants fitted on all."""
    data = {
        name: {kind: rows_of(facts, names) for kind, facts in found.items()}
        for name, found in sets.items()
    }
    for name, found in data.items():
        others = [one for one in data if one.split("-")[0] != name.split("-")[0]]
        if not others:
            continue
        weights = fit(*_stacked([data[one] for one in others]))
        kept = predict(weights, found["kept"])
        print(
            name,
            " ".join(
                f"{one}: kept {(kept >= limit).mean():.2f}"
                for one, limit in evidence.THRESHOLDS.items()
            ),
        )
        for kind in ("passage", "document"):
            lost = predict(weights, found[kind])
            labels = np.concatenate([np.ones(len(kept)), np.zeros(len(lost))])
            refused = " ".join(
                f"{one} {(lost < limit).mean():.2f}" for one, limit in evidence.THRESHOLDS.items()
            )
            print(
                f"  {kind} removed: AUROC {auroc(np.concatenate([kept, lost]), labels):.3f},"
                f" refused at 95 % kept {(lost < np.quantile(kept, 0.05)).mean():.2f}; {refused}"
            )
    weights = fit(*_stacked(list(data.values())))
    print(json.dumps(dict(zip(["constant", *names], weights.round(3).tolist(), strict=True))))


def _stacked(sets: Sequence[dict[str, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    rows = [found[kind] for found in sets for kind in ("kept", "passage", "document")]
    labels = [
        np.full(len(found[kind]), float(kind == "kept"))
        for found in sets
        for kind in ("kept", "passage", "document")
    ]
    return np.concatenate(rows), np.concatenate(labels)


def main() -> None:
    """Gather, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=500)
    chosen = parser.parse_args()
    embedder, weights = evaluation.open_embedder("minilm")
    sets = {}
    for folder in chosen.folders:
        with tempfile.TemporaryDirectory() as place:
            database = Database(Path(place) / "appliance.db")
            database.migrate()
            finder = Finder(database, embedder, Path(place), weights=weights)
            evaluation.fill(finder, evaluation.read(folder).corpus)
            sets[folder.name] = gather(folder, finder, chosen.limit)
            database.close()
    print("with vectors")
    report(sets, evidence.NAMES)
    print("by keywords alone")
    report(sets, evidence.KEYWORD_NAMES)


if __name__ == "__main__":
    main()
