"""From signals to one order: the features of candidates and their weighted sum.

Scores are fused, not ranks: with an English embedder on Portuguese text,
reciprocal rank fusion took R@1 from 0.78 to 0.47, a weighted sum of scores to
0.82. Each keyword signal is divided by the best candidate's; the cosine stays as
it is. The weights belong to the embedder (its entry in the catalogue gives
them) and were measured; ``appliance eval --sweep`` measures them again.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from appliance.index.keywords import Question
from appliance.records import Language

# BM25 that saturates early; with its usual length term. B 0.75 for 0.4 and HEADING 2 for 1
# gave +0.8, +0.6, +0.5 and 0 points of R@1 on four sets, −0.3 (2 of 576) on xquad-a-en.
K1, B = 0.9, 0.75
HEADING = 2  # a word of the title or of a heading counts as so many in the text
SIGNALS = ("words", "grams", "bigrams", "sentence", "meaning")
Features = npt.NDArray[np.float64]


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each signal counts. Defaults: measured with all-MiniLM-L6-v2."""

    words: float = 1.0  # BM25 of stems, title and headings included
    grams: float = 1.0  # BM25 of 4-grams
    bigrams: float = 0.3  # BM25 of neighbouring stems
    sentence: float = 0.5  # BM25 of the best sentence
    meaning: float = 0.6  # cosine of the nearest window of sentences

    @property
    def total(self) -> float:
        """The score of a candidate that is the best in everything."""
        return self.words + self.grams + self.bigrams + self.sentence + self.meaning


@dataclass(frozen=True, slots=True)
class Candidate:
    """What fusion reads of a chunk: its prepared terms and its nearest window's cosine.

    ``terms`` has one line a sentence; ``meaning`` is None without a vector.
    """

    language: Language
    heading_terms: str
    terms: str
    words: str
    meaning: float | None


@dataclass(frozen=True, slots=True)
class Signals:
    """The features of candidates, row by row, as measured (not yet divided by the best).

    ``coverage`` is the share of the question's IDF that a chunk holds, ``sentence_coverage``
    that its best sentence holds, ``ideal`` the BM25 of a chunk with every word.
    """

    features: Features  # (candidates, len(SIGNALS))
    coverage: npt.NDArray[np.float64]
    sentence_coverage: npt.NDArray[np.float64]
    ideal: float


def idf(frequency: int, total: int) -> float:
    """Inverse document frequency, the form of BM25 that is never negative (Lucene's)."""
    return math.log(1 + (max(total, frequency) - frequency + 0.5) / (frequency + 0.5))


def signals(
    question: Question,
    candidates: Sequence[Candidate],
    frequencies: Mapping[str, int],
    total: int,
) -> Signals:
    """Every signal of every candidate.

    ``frequencies`` says in how many of ``total`` chunks a stem occurs; the frequencies of
    4-grams and pairs are those among the candidates.
    """
    count = len(candidates)
    features = np.zeros((count, len(SIGNALS)))
    weight = {
        language: {term: idf(frequencies.get(term, 0), total) for term in question.stems(language)}
        for language in {candidate.language for candidate in candidates}
    }
    whole = np.zeros(count)
    best = np.zeros(count)
    lengths = np.array([len(one.words) for one in candidates], dtype=float)
    relative = lengths / max(lengths.mean(), 1.0) if count else lengths
    for row, one in enumerate(candidates):
        known = weight[one.language]
        features[row, 0], features[row, 3], whole[row], best[row] = _stems(
            one, known, float(relative[row])
        )
        features[row, 4] = one.meaning or 0.0
    grams = question.grams
    features[:, 1] = _bm25([_counted(grams, one.words) for one in candidates], relative)
    features[:, 2] = _bm25([_pairs(question, one) for one in candidates], relative)
    ideals = [sum(known.values()) for known in weight.values()]
    ideal = max(ideals, default=0.0)
    return Signals(features, whole, best, ideal * (K1 + 1))


def _stems(
    one: Candidate, known: Mapping[str, float], relative: float
) -> tuple[float, float, float, float]:
    """BM25 of the chunk and of its best sentence; IDF coverage of both."""
    counts = dict.fromkeys(known, 0)
    best = best_coverage = 0.0
    ideal = sum(known.values()) or 1.0
    for line in one.terms.split("\n"):
        held: dict[str, int] = {}
        terms = line.split(" ")
        for term in terms:
            if term in known:
                held[term] = held.get(term, 0) + 1
        if not held:
            continue
        for term, times in held.items():
            counts[term] += times
        # A sentence of 25 words is taken as the usual one.
        score = sum(known[t] * _saturated(n, len(terms) / 25) for t, n in held.items())
        best = max(best, score)
        best_coverage = max(best_coverage, sum(known[t] for t in held) / ideal)
    for term in set(one.heading_terms.split(" ")):
        if term in known:
            counts[term] += HEADING
    score = sum(known[term] * _saturated(n, relative) for term, n in counts.items() if n)
    coverage = sum(known[term] for term, n in counts.items() if n) / ideal
    return score, best, coverage, best_coverage


def _saturated(times: int, relative: float) -> float:
    """BM25's term weight: more of the same counts less, and less in a longer text."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * relative))


def _counted(grams: Sequence[str], text: str) -> list[int]:
    return [text.count(gram) for gram in grams]


def _pairs(question: Question, one: Candidate) -> list[int]:
    text = " " + one.terms.replace("\n", " ") + " "
    return [text.count(f" {pair} ") for pair in question.pairs(one.language)]


def _bm25(rows: list[list[int]], relative: npt.NDArray[np.float64]) -> Features:
    """BM25 of counted terms, with the frequencies of the rows themselves."""
    width = max((len(row) for row in rows), default=0)
    if not width:
        return np.zeros(len(rows))
    counts = np.array([row + [0] * (width - len(row)) for row in rows], dtype=float)
    frequency = (counts > 0).sum(axis=0)
    weight = np.log(1 + (len(rows) - frequency + 0.5) / (frequency + 0.5))
    saturated = counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative)[:, None])
    score: Features = saturated @ weight
    return score


def fuse(features: Features, weights: Weights) -> npt.NDArray[np.float64]:
    """One score between 0 and 1 for each candidate: the weighted sum over the best possible."""
    if not len(features):
        return np.zeros(0)
    scaled = features.copy()
    scaled[:, :4] /= np.maximum(scaled[:, :4].max(axis=0), 1e-9)
    scaled[:, 4] = np.clip(scaled[:, 4], 0.0, 1.0)
    vector = np.array([getattr(weights, name) for name in SIGNALS])
    fused: npt.NDArray[np.float64] = scaled @ vector / max(weights.total, 1e-9)
    return fused
