"""Fit the weights of ``appliance/index/fusion.py`` again.

Each question of the sets named is asked once; its candidates, as the product's own search
measured them, are the rows of a linear ranker. The weights are those under which a softmax
over the candidates gives the relevant ones most (a listwise loss; every set counts the
same, however many questions it has). Every set is then judged by a fit on the other
families, so the figures printed are of questions never seen, beside those of the present
weights; the weights printed last, for ``models/catalogue.toml``, are fitted on all of them.

    .venv/bin/python benchmarks/fit_ranker.py FOLDER [FOLDER …] [--limit N] [--embedder minilm]
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from appliance.answering.finding import Finder
from appliance.cli import weighing
from appliance.cli.eval import open_embedder
from appliance.cli.questions import COLLECTION, Questions, fill, read, shelf
from appliance.cli.weighing import Weighed
from appliance.index import fusion
from benchmarks.families import others

RIDGE = 1e-3
MOST = 10.0  # of one weight, as the catalogue allows


def gather(finder: Finder, asked: Questions) -> list[Weighed]:
    """The candidates of each question."""
    return [
        weighing.weighed(finder.find([COLLECTION], line.text), asked.relevant[line.id])
        for line in asked.queries
    ]


def fit(sets: Sequence[Sequence[Weighed]]) -> fusion.Column:
    """The weights, none negative, with the least cross-entropy of the relevant candidates."""
    # A question whose relevant passage is no candidate teaches nothing about their order.
    taught = [[row for row in rows if row.relevant.any()] for rows in sets]
    taught = [rows for rows in taught if rows]
    rows = [row for own in taught for row in own]
    signals = np.concatenate([row.signals for row in rows])
    relevant = np.concatenate([row.relevant for row in rows])
    sizes = np.array([len(row.signals) for row in rows])
    share = np.concatenate([np.full(len(own), 1 / len(own) / len(taught)) for own in taught])

    def chances(scores: fusion.Column) -> tuple[fusion.Column, fusion.Column]:
        """The softmax within each question, and the logarithm of what it was divided by."""
        starts = np.cumsum([0, *sizes[:-1]])
        top = np.maximum.reduceat(scores, starts)
        powers = np.exp(scores - np.repeat(top, sizes))
        totals = np.add.reduceat(powers, starts)
        return powers / np.repeat(totals, sizes), top + np.log(totals)

    def loss(weights: fusion.Column) -> tuple[float, fusion.Column]:
        scores = signals @ weights
        among_all, of_all = chances(scores)
        # Far below any score, and finite: a maximum of nothing would be no number.
        among_relevant, of_relevant = chances(np.where(relevant, scores, -1e9))
        slope = signals.T @ (np.repeat(share, sizes) * (among_all - among_relevant))
        ridge = RIDGE * float(weights @ weights)
        return float(share @ (of_all - of_relevant)) + ridge, slope + 2 * RIDGE * weights

    began = np.ones(len(fusion.SIGNALS))
    bounds = [(0.0, MOST)] * len(began)
    found: fusion.Column = minimize(loss, began, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def judged(
    sets: Mapping[str, Sequence[Weighed]], present: fusion.Column
) -> dict[str, dict[str, dict[str, float]]]:
    """For each set its figures by a fit on the other families, and by the present weights.

    Sets that have no other family beside them are left out.
    """
    return {
        name: {
            "fit on others": weighing.figures(rows, fit(known)),
            "present": weighing.figures(rows, present),
        }
        for name, rows in sets.items()
        if (known := others(sets, name))
    }


def toml(weights: fusion.Column) -> str:
    """The weights as the catalogue has them."""
    named = zip(fusion.SIGNALS, weights, strict=True)
    return "\n".join(["[model.fusion]", *(f"{name} = {one:.1f}" for name, one in named)])


def main() -> None:
    """Gather, judge, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--embedder", default="minilm")
    chosen = parser.parse_args()
    embedder, weights, judged_by = open_embedder(chosen.embedder)
    sets = {}
    for folder in chosen.folders:
        asked = read(folder, chosen.limit)
        with shelf(embedder, weights, judged_by) as finder:
            fill(finder, asked.corpus)
            sets[folder.name] = gather(finder, asked)
    for name, ways in judged(sets, weighing.column(weights)).items():
        for way, figures in ways.items():
            shown = "  ".join(f"{key} {value:.4f}" for key, value in figures.items())
            print(f"{name:>16}  {way:>13}  {shown}")
    print(toml(fit(list(sets.values()))))


if __name__ == "__main__":
    main()
