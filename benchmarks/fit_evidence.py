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
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from appliance.answering import evidence
from appliance.answering.finding import Finder
from appliance.cli import withheld
from appliance.cli.eval import open_embedder
from appliance.cli.questions import Questions, fill, read, shelf
from appliance.index import metrics
from benchmarks.families import others


def gather(finder: Finder, asked: Questions) -> dict[str, list[evidence.Facts]]:
    """The facts of each question: as it is (``kept``), without its ``passage``, and without
    the whole ``document`` that the passage belongs to."""
    gone = {
        "kept": {},
        "passage": asked.relevant,
        "document": withheld.whole_documents(asked),
    }
    searches = {kind: withheld.search(finder, asked.queries, ids) for kind, ids in gone.items()}
    return {
        kind: [findings.facts for _, findings in found if findings.facts]
        for kind, found in searches.items()
    }


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
        if not (known := others(data, name)):
            continue
        weights = fit(*_stacked(known))
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
            refused = " ".join(
                f"{one} {(lost < limit).mean():.2f}" for one, limit in evidence.THRESHOLDS.items()
            )
            print(
                f"  {kind} removed: AUROC {metrics.auroc(kept.tolist(), lost.tolist()):.3f},"
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
    parts = open_embedder("minilm")
    sets = {}
    for folder in chosen.folders:
        asked = read(folder, chosen.limit)
        with shelf(*parts) as finder:
            fill(finder, asked.corpus)
            sets[folder.name] = gather(finder, asked)
    print("with vectors")
    report(sets, evidence.NAMES)
    print("by keywords alone")
    report(sets, evidence.KEYWORD_NAMES)


if __name__ == "__main__":
    main()
