"""The figures that ``appliance eval`` prints: what was found, how high, how soon.

All are means over the questions that have a relevant passage in ``qrels``.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from statistics import fmean

CUTOFFS = (1, 5, 10)


def measured(
    rankings: Sequence[Sequence[str]],
    relevant: Sequence[frozenset[str]],
    answered: Sequence[bool | None],
    quoted: Mapping[int, Sequence[bool | None]],
    milliseconds: Sequence[float],
) -> dict[str, float]:
    """The figures under the names of the API contract.

    ``rankings[i]`` lists passages best first, ``relevant[i]`` the right ones; ``answered[i]``
    says whether a gold answer stands in the first 2,000 characters of the passages (None:
    the question has no gold answer), ``quoted[k][i]`` whether one stands in the k sentences
    likeliest to hold it (``answering.quoting.rank``). Recall is the share of the
    relevant passages among the first k, hit whether there is any, nDCG with gains of one
    (Järvelin and Kekäläinen).
    """
    figures: dict[str, float] = {}
    pairs = list(zip(rankings, relevant, strict=True))
    for k in CUTOFFS:
        figures[f"recall@{k}"] = mean(
            len(gold & set(found[:k])) / len(gold) for found, gold in pairs
        )
    for k in CUTOFFS:
        figures[f"hit@{k}"] = mean(bool(gold & set(found[:k])) for found, gold in pairs)
    figures["mrr@10"] = mean(reciprocal_rank(found, gold) for found, gold in pairs)
    figures["ndcg@10"] = mean(discounted_gain(found, gold) for found, gold in pairs)
    figures["answer@2000"] = mean(one for one in answered if one is not None)
    for k, stands in quoted.items():
        figures[f"quote@{k}"] = mean(one for one in stands if one is not None)
    figures["p50_ms"] = percentile(milliseconds, 0.50)
    figures["p95_ms"] = percentile(milliseconds, 0.95)
    return {name: round(value, 4) for name, value in figures.items()}


def mean(values: object) -> float:
    """The mean, 0 of nothing."""
    listed = [float(value) for value in values]  # type: ignore[attr-defined]
    return fmean(listed) if listed else 0.0


def reciprocal_rank(found: Sequence[str], gold: frozenset[str], most: int = 10) -> float:
    """One over the place of the first relevant passage among the first ``most``, else 0."""
    return next((1 / n for n, one in enumerate(found[:most], start=1) if one in gold), 0.0)


def discounted_gain(found: Sequence[str], gold: frozenset[str], most: int = 10) -> float:
    """nDCG with gains of one: what was found, discounted by log2(place + 1), over the best."""
    gain = sum(1 / math.log2(n + 1) for n, one in enumerate(found[:most], start=1) if one in gold)
    best = sum(1 / math.log2(n + 1) for n in range(1, min(len(gold), most) + 1))
    return gain / best if best else 0.0


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """The chance that a score of ``yes`` stands above one of ``no`` (Mann-Whitney's U over
    the number of pairs): a tie is half, 0.5 tells nothing apart; 0 of nothing."""
    ranked = sorted(no)
    below = sum(bisect_left(ranked, one) + bisect_right(ranked, one) for one in yes) / 2
    return below / (len(yes) * len(no)) if yes and no else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed (nearest rank), 0 of nothing."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0


def normalised(text: str) -> str:
    """A text for the comparison with a gold answer: lower case, white space as one space."""
    return " ".join(text.lower().split())


def holds(passages: Sequence[str], answers: Sequence[str], most: int | None = 2000) -> bool | None:
    """Whether a gold answer stands in the first ``most`` characters of the passages, joined
    (None: in all of them). None where there is no gold answer."""
    if not answers:
        return None
    text = normalised("\n".join(passages)[:most])
    return any(normalised(answer) in text for answer in answers)
