"""Is there an answer at all? A calibrated probability from what a search found.

A logistic regression on signals that say how much of the question the best passages
hold. A refusal always shows the nearest passages; the threshold belongs to the
assistant. Questions that look answered but are not stay beyond this: only reading
the sentence can tell, which is what the check of each written sentence is for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.index.fusion import SIGNALS, Signals

_WORDS, _MEANING = SIGNALS.index("words"), SIGNALS.index("meaning")

NAMES = (
    "words",
    "coverage",
    "sentence_coverage",
    "sentence_meaning",
    "meaning",
    "gap",
    "lead",
    "unknown",
)
KEYWORD_NAMES = ("words", "coverage", "sentence_coverage", "gap", "lead", "unknown")
# benchmarks/fit_evidence.py on faquad-a-pt, xquad-a-es, xquad-a-en and squad2-a-pt, 300
# questions each: as they are, without their passage, without its whole document. Judged by
# a fit on the other families, AUROC with the document removed: 0.93, 0.99, 0.995, 0.98; with
# only the passage removed, its neighbours still there: 0.87, 0.94, 0.96, 0.84.
WITH_VECTORS = {
    "constant": -5.554,
    "words": 1.298,
    "coverage": -1.21,
    "sentence_coverage": 1.382,
    "sentence_meaning": 2.759,
    "meaning": 1.839,
    "gap": 5.332,
    "lead": 3.228,
    "unknown": -2.253,
}
BY_KEYWORDS = {
    "constant": -3.164,
    "words": 2.244,
    "coverage": -1.242,
    "sentence_coverage": 1.508,
    "gap": 5.375,
    "lead": 3.106,
    "unknown": -2.966,
}
# On the same questions: strict keeps 0.70 to 0.93 of those that have an answer and refuses
# 0.58 to 0.96 of those whose passage is missing (0.78 to 1.00 without the document);
# balanced keeps 0.87 to 0.98, helpful 0.96 and more.
THRESHOLDS: dict[str, float] = {"strict": 0.4, "balanced": 0.2, "helpful": 0.08}
Strictness = Literal["strict", "balanced", "helpful"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the estimate is made of; every field lies between 0 and 1 (cosines: −1 and 1).

    ``words`` is the best BM25 over the question's ideal, the coverages shares of its IDF,
    ``sentence_meaning`` the best passage's cosine, ``meaning`` the best of all, ``gap`` how
    far the best fused score stands above the fifth, ``lead`` above the second (both times the
    best's coverage: in a small house even a poor best stands alone), ``unknown`` the share of
    the question's words that occur in no document. Without vectors the cosines are None.
    """

    words: float
    coverage: float
    sentence_coverage: float
    sentence_meaning: float | None
    meaning: float | None
    gap: float
    lead: float
    unknown: float


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
        sentence_meaning=float(features[0, _MEANING]) if meaning else None,
        meaning=float(meanings.max()) if meaning else None,
        gap=float((scores[top[0]] - fifth) * coverage),
        lead=float((scores[top[0]] - second) * coverage),
        unknown=unknown,
    )


def answerable(known: Facts) -> float:
    """The probability, 0 to 1, that the passages hold an answer."""
    vectors = known.meaning is not None
    weights = WITH_VECTORS if vectors else BY_KEYWORDS
    names = NAMES if vectors else KEYWORD_NAMES
    logit = weights["constant"] + sum(weights[name] * getattr(known, name) for name in names)
    return round(1 / (1 + math.exp(-logit)), 4)


def enough(chance: float, strictness: Strictness) -> bool:
    """Whether an assistant of this strictness answers at this probability."""
    return chance >= THRESHOLDS[strictness]
