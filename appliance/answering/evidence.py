"""Is there an answer at all? A calibrated probability from what a search found.

A logistic regression on signals that say how much of the question the best passages
hold. A refusal always shows the nearest passages; the threshold belongs to the
assistant. Questions that look answered but are not stay beyond this: only reading
the sentence can tell, which is what the check of each written sentence is for.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.index.fusion import SIGNALS, Signals

_WORDS, _MEANING = SIGNALS.index("words"), SIGNALS.index("meaning")
KEYWORD_NAMES = ("words", "coverage", "sentence_coverage", "score", "gap", "lead", "unknown")
NAMES = (*KEYWORD_NAMES, "sentence_meaning", "meaning")
# benchmarks/fit_evidence.py on faquad-a-pt, xquad-a-es, xquad-a-en and squad2-a-pt, 300
# questions each: as they are, without their passage, without its whole document. Judged by
# a fit on the other families, 509 questions each, AUROC with the document removed: 0.939,
# 0.986, 0.990, 0.970 (these constants: 0.943, 0.986, 0.990, 0.976, and 0.98 on squad1s-pt,
# which they never saw); with only the passage removed, its neighbours still there: 0.90,
# 0.93, 0.95, 0.85. These are all-MiniLM-L6-v2's: another embedder brings its own in the
# catalogue, or is judged by keywords alone.
WITH_VECTORS: Mapping[str, float] = {
    "constant": -7.891,
    "words": 0.894,
    "coverage": 0.105,
    "sentence_coverage": 0.411,
    "score": 3.947,
    "gap": 4.738,
    "lead": 3.541,
    "unknown": -1.832,
    "sentence_meaning": 2.514,
    "meaning": 1.198,
}
BY_KEYWORDS: Mapping[str, float] = {
    "constant": -6.842,
    "words": 1.21,
    "coverage": 0.144,
    "sentence_coverage": 0.524,
    "score": 5.25,
    "gap": 4.537,
    "lead": 3.403,
    "unknown": -2.342,
}
# On these 509: strict keeps 0.75 to 0.92 of those that have an answer and refuses 0.65 to
# 0.88 of those whose passage is missing (0.81 to 0.99 without the document); balanced keeps
# 0.94 to 0.99 and refuses 0.32 to 0.72 (0.55 to 0.98); helpful keeps 0.97 and more. Of 24
# questions in people's own words about the sample documents balanced answers 20, and none of
# 12 that they do not answer; at 0.2 it answered 14.
THRESHOLDS: dict[str, float] = {"strict": 0.3, "balanced": 0.1, "helpful": 0.05}
Strictness = Literal["strict", "balanced", "helpful"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the estimate is made of; every field lies between 0 and 1 (cosines: −1 and 1).

    ``words`` is the best BM25 over the question's ideal, the coverages shares of its IDF,
    ``score`` the best fused score, ``gap`` how far it stands above the fifth, ``lead`` above
    the second (both times the best's coverage: in a small house even a poor best stands
    alone), ``unknown`` the share of the question's words that occur in no document that may
    be read, ``sentence_meaning`` the best passage's cosine, ``meaning`` the best of all.
    Without vectors the cosines are None.
    """

    words: float
    coverage: float
    sentence_coverage: float
    score: float
    gap: float
    lead: float
    unknown: float
    sentence_meaning: float | None
    meaning: float | None


def facts(
    found: Signals,
    order: Sequence[int],
    scores: Sequence[float],
    *,
    unknown: float,
    meaning: bool,
) -> Facts:
    """The facts about candidates ``found``, whose rows ``order`` lists best first.

    ``scores`` are the fused scores by row, ``meaning`` says whether vectors were compared.
    """
    top = list(order[:5])
    features = found.features[top]
    meanings = found.features[:, _MEANING]
    fifth = scores[top[-1]] if len(top) == 5 else 0.0
    second = scores[top[1]] if len(top) > 1 else 0.0
    coverage = float(found.coverage[top].max())
    return Facts(
        words=float(features[:, _WORDS].max() / max(found.ideal, 1e-9)),
        coverage=coverage,
        sentence_coverage=float(found.sentence_coverage[top].max()),
        score=float(scores[top[0]]),
        gap=float((scores[top[0]] - fifth) * coverage),
        lead=float((scores[top[0]] - second) * coverage),
        unknown=unknown,
        sentence_meaning=float(features[0, _MEANING]) if meaning else None,
        meaning=float(meanings.max()) if meaning else None,
    )


def answerable(known: Facts, with_vectors: Mapping[str, float] | None = WITH_VECTORS) -> float:
    """The probability, 0 to 1, that the passages hold an answer.

    ``with_vectors`` are the constants of the embedder; without them, or without vectors,
    keywords alone decide.
    """
    weights = with_vectors if with_vectors and known.meaning is not None else BY_KEYWORDS
    logit = sum(
        weight * (1.0 if name == "constant" else getattr(known, name))
        for name, weight in weights.items()
    )
    return round(1 / (1 + math.exp(-logit)), 4)


def enough(chance: float, strictness: Strictness) -> bool:
    """Whether an assistant of this strictness answers at this probability."""
    return chance >= THRESHOLDS[strictness]
