"""How high a set's right passages stand under one set of weights or another.

A question's candidates are measured once by the product's search; to weigh them anew is a
product of a matrix and a vector, so that hundreds of weights cost less than one search each.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from appliance.answering.finding import Findings
from appliance.index import fusion, metrics

# Times the present weight. Which of these is best depends on the embedder, the language and
# the length of the passages; the others hardly move with the set.
_SWEPT = {
    "meaning": (1.0, 0.0, 0.5, 1.5, 2.0, 3.0),
    "words": (1.0, 0.5, 2.0),
    "grams": (1.0, 0.5, 2.0),
    "wording": (1.0, 0.5, 2.0),
    "brevity": (1.0, 0.0, 2.0),
}


class Weighed(NamedTuple):
    """A question's candidates: ``signals`` as they are weighed, (candidates, signals), and
    whether each is relevant, (candidates,)."""

    signals: fusion.Features
    relevant: npt.NDArray[np.bool_]


def weighed(findings: Findings, gold: frozenset[str]) -> Weighed:
    """The candidates of a search, of which those of the documents ``gold`` are relevant."""
    return Weighed(
        signals=fusion.scaled(findings.features),
        relevant=np.array([one.document.id in gold for one in findings.candidates], dtype=bool),
    )


def column(weights: fusion.Weights) -> fusion.Column:
    """The weights in the order of the signals."""
    return np.array([getattr(weights, name) for name in fusion.SIGNALS])


def figures(rows: Iterable[Weighed], weights: fusion.Column) -> dict[str, float]:
    """The share of questions whose first relevant candidate is first, among the first five,
    and the mean of one over its place."""
    places = [_place(row, weights) for row in rows]
    return {
        "recall@1": metrics.mean(place == 1 for place in places),
        "recall@5": metrics.mean(1 <= place <= 5 for place in places),
        "mrr": metrics.mean(1 / place if place else 0.0 for place in places),
    }


def _place(row: Weighed, weights: fusion.Column) -> int:
    """The place (from 1) of the first relevant candidate, 0 where it was none. A tie counts
    against it: weights of nothing would else be perfect."""
    if not row.relevant.any():
        return 0
    scores = row.signals @ weights
    best = scores[row.relevant].max()
    return 1 + int((scores[~row.relevant] >= best).sum())


def best_weights(rows: Sequence[Weighed], weights: fusion.Weights) -> dict[str, float]:
    """Of a grid around these weights, those with the highest MRR (these themselves where
    none is higher), with the figures beside them."""
    present = column(weights)
    best, found = present, figures(rows, present)
    for factors in itertools.product(*_SWEPT.values()):
        tried = present.copy()
        for name, factor in zip(_SWEPT, factors, strict=True):
            tried[fusion.SIGNALS.index(name)] *= factor
        reached = figures(rows, tried)
        if reached["mrr"] > found["mrr"]:
            best, found = tried, reached
    named = dict(zip(fusion.SIGNALS, best.tolist(), strict=True)) | found
    return {name: round(value, 4) for name, value in named.items()}
