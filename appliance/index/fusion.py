"""From signals to one order: the features of candidates and their weighted sum.

Scores are fused, not ranks: with an English embedder on Portuguese text,
reciprocal rank fusion took R@1 from 0.78 to 0.47, a weighted sum of scores to
0.82. The weights are a linear ranker, learned by ``benchmarks/fit_ranker.py`` and judged on
sets it did not learn from. They belong to the embedder (its entry in the catalogue gives
them); ``appliance eval --sweep`` looks for better ones.

Each signal earned its place by elimination: without it the ranking of sets that it was not
learned from got worse. What is typed exactly (an article, a process number) stands above
all of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from appliance.index import grams
from appliance.index.keywords import Question
from appliance.records import Language

# BM25 that saturates early; with its usual length term. B 0.75 for 0.4 and HEADING 2 for 1
# gave +0.8, +0.6, +0.5 and 0 points of R@1 on four sets, −0.3 (2 of 576) on xquad-a-en.
K1, B = 0.9, 0.75
SENTENCE_B = 0.4  # a sentence's length says less
HEADING = 2  # a word of the title or of a heading counts as so many in the text
SIGNALS = (
    "words", "coverage", "names", "bigrams", "grams", "sentence", "wording", "meaning", "brevity",
)  # fmt: skip
_SCALED = [SIGNALS.index(one) for one in ("words", "bigrams", "grams", "sentence", "wording")]
Features = npt.NDArray[np.float64]
Column = npt.NDArray[np.float64]


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each signal counts. Defaults: learned with all-MiniLM-L6-v2."""

    words: float = 1.8  # BM25 of all the question's stems, title and headings included
    coverage: float = 1.6  # share of the question's squared IDF that the passage holds
    names: float = 1.3  # share of its names and numbers
    bigrams: float = 1.0  # BM25 of neighbouring stems
    grams: float = 2.0  # BM25 of the 4-grams of content words
    sentence: float = 1.2  # the same of the best sentence
    wording: float = 1.9  # the best sentence's 4-grams of the whole question, across words
    meaning: float = 2.3  # cosine of the nearest window of sentences
    brevity: float = 1.6  # how much shorter than the usual candidate; e times or more is 1

    @property
    def total(self) -> float:
        """The score of a candidate that is the best in everything."""
        return float(sum(getattr(self, name) for name in SIGNALS))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What fusion reads of a chunk: its prepared terms and its nearest window's cosine.

    ``heading_terms`` says in its first line what the chunk is called, in a second what it
    stands below; ``terms`` has one line a sentence; ``words`` the title and headings in its
    first line and one line a sentence after it; ``meaning`` is None without a vector.
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
    that its best sentence holds, ``ideal`` the BM25 of a chunk with every word. ``exact`` is 2
    for a chunk that is what was typed exactly (the article itself), 1 for one that mentions
    it, 0 for the others: by the strongest of the identifiers typed that any chunk holds.
    """

    features: Features  # (candidates, len(SIGNALS))
    coverage: Column
    sentence_coverage: Column
    ideal: float
    exact: Column


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
    asked = {
        language: _Asked(question, language, frequencies, total)
        for language in {candidate.language for candidate in candidates}
    }
    lengths = np.array([len(one.words) for one in candidates], dtype=float)
    relative = lengths / max(lengths.mean(), 1.0) if len(lengths) else lengths
    held = [
        _held(one, asked[one.language], float(length))
        for one, length in zip(candidates, relative, strict=True)
    ]
    pairs = _columns([one.pairs for one in held])
    whole, sentence, wording = _grams(question, candidates, relative)
    columns = {
        "words": [one.words for one in held],
        "coverage": [one.squared for one in held],
        "names": [one.names for one in held],
        "bigrams": _bm25(pairs, relative),
        "grams": whole,
        "sentence": sentence,
        "wording": wording,
        "meaning": [one.meaning or 0.0 for one in candidates],
        "brevity": 0.5 - np.clip(np.log(relative + 0.05), -1.0, 1.0) / 2,
    }
    return Signals(
        features=np.column_stack([np.asarray(columns[name], float) for name in SIGNALS]),
        coverage=np.array([one.coverage for one in held]),
        sentence_coverage=np.array([one.sentence_coverage for one in held]),
        ideal=max((sum(one.content.values()) for one in asked.values()), default=0.0) * (K1 + 1),
        exact=_exact([one.exact for one in held]),
    )


class _Asked:
    """A question's terms in one language, with the IDF of each."""

    def __init__(
        self, question: Question, language: Language, frequencies: Mapping[str, int], total: int
    ) -> None:
        def weighed(terms: Sequence[str]) -> dict[str, float]:
            return {term: idf(frequencies.get(term, 0), total) for term in terms}

        codes = frozenset(question.codes)
        self.content = weighed(
            # A reference gives several terms; those that occur nowhere are no missing words.
            [one for one in question.stems(language) if one in frequencies or one not in codes]
        )
        self.all = self.content | weighed(question.all_stems(language))
        self.names = frozenset(question.names(language))
        self.pairs = {pair: n for n, pair in enumerate(question.pairs(language))}
        self.exact = question.exact
        # A word that occurs nowhere tells no passage from another.
        self.known = [term for term in self.content if frequencies.get(term, 0)]
        self.ideal = sum(self.content.values()) or 1.0
        self.squared = sum(self.content[term] ** 2 for term in self.known) or 1.0


@dataclass(frozen=True, slots=True)
class _Held:
    """What one candidate holds of a question."""

    words: float
    coverage: float
    squared: float
    sentence_coverage: float
    names: float
    exact: tuple[int, ...]
    pairs: dict[int, int]


def _held(one: Candidate, asked: _Asked, relative: float) -> _Held:
    counts: dict[str, int] = {}
    pairs: dict[int, int] = {}
    best = 0.0
    for line in one.terms.split("\n"):
        spoken = line.split(" ")
        here = asked.all.keys() & spoken
        if not here:
            continue
        best = max(best, sum(asked.content.get(term, 0.0) for term in here))
        before = ""
        for term in spoken:
            if term not in here:
                before = ""
                continue
            counts[term] = counts.get(term, 0) + 1
            if before and (pair := asked.pairs.get(f"{before} {term}")) is not None:
                pairs[pair] = pairs.get(pair, 0) + 1
            before = term
    named = set(one.heading_terms.partition("\n")[0].split(" "))
    above = set(one.heading_terms.split())
    for term in above & asked.all.keys():
        counts[term] = counts.get(term, 0) + HEADING
    exact = tuple((term in counts) + (term in named) for term in asked.exact)
    return _Held(
        words=sum(asked.all[term] * _saturated(n, relative) for term, n in counts.items()),
        coverage=sum(asked.content.get(term, 0.0) for term in counts) / asked.ideal,
        squared=sum(asked.content[term] ** 2 for term in asked.known if term in counts)
        / asked.squared,
        sentence_coverage=best / asked.ideal,
        names=len(asked.names & counts.keys()) / max(len(asked.names), 1),
        exact=exact,
        pairs=pairs,
    )


def _exact(held: Sequence[tuple[int, ...]]) -> Column:
    for column in zip(*held, strict=True):
        if any(column):
            return np.array(column, dtype=float)
    return np.zeros(len(held))


def _grams(
    question: Question, candidates: Sequence[Candidate], relative: Column
) -> tuple[Column, Column, Column]:
    """BM25 of the content words' 4-grams; of the best sentence's; and of its 4-grams of the
    whole question."""
    wanted = question.grams
    lines = [one.words.split("\n") for one in candidates]
    flat = [line for own in lines for line in own]
    if not wanted or not flat:
        nothing = np.zeros(len(candidates))
        return nothing, nothing, nothing
    counts = grams.counts(flat, wanted)
    first = np.cumsum([0, *(len(own) for own in lines[:-1])])
    content = np.isin(wanted, question.content_grams)
    chunks = np.add.reduceat(counts, first, axis=0)
    weight = _weight(chunks)
    # The first line is the title and the headings; a chunk of the first schema has no other.
    own = np.array(
        [n == 0 and len(lines_of) > 1 for lines_of in lines for n in range(len(lines_of))]
    )
    sizes = np.array([len(line) for line in flat], dtype=float)
    usual = max(float(sizes[~own].mean()), 1.0) if (~own).any() else 1.0
    norm = 1 + K1 * (1 - SENTENCE_B + SENTENCE_B * sizes / usual)
    present = np.where(own[:, None], 0.0, counts > 0)
    scores = [present @ (weight * chosen) * (K1 + 1) / norm for chosen in (content, 1.0)]
    sentence, wording = (np.maximum.reduceat(score, first) for score in scores)
    return _bm25(chunks[:, content], relative), sentence, wording


def _saturated(times: int, relative: float) -> float:
    """BM25's term weight: more of the same counts less, and less in a longer text."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * relative))


def _columns(rows: Sequence[Mapping[int, int]]) -> Features:
    """Counts by column as a matrix; only columns that any row has."""
    used = sorted({column for row in rows for column in row})
    return np.array([[row.get(column, 0) for column in used] for row in rows], dtype=float)


def _weight(counts: Features) -> Column:
    """The IDF of each column among the rows."""
    frequency = (counts > 0).sum(axis=0)
    weight: Column = np.log(1 + (len(counts) - frequency + 0.5) / (frequency + 0.5))
    return weight


def _bm25(counts: Features, relative: Column) -> Column:
    """BM25 of counted terms, with the frequencies of the rows themselves."""
    if not counts.size:
        return np.zeros(len(relative))
    saturated = counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative)[:, None])
    score: Column = saturated @ _weight(counts)
    return score


def scaled(features: Features) -> Features:
    """The signals as they are weighed: what has no scale of its own is divided by the best
    candidate's; shares and cosines stay as they are, cosines not below 0."""
    shown = features.copy()
    shown[:, _SCALED] /= np.maximum(shown[:, _SCALED].max(axis=0, initial=0.0), 1e-9)
    return np.maximum(shown, 0.0)


def fuse(features: Features, weights: Weights) -> Column:
    """One score for each candidate: the weighted sum over that of one that is best in all."""
    vector = np.array([getattr(weights, name) for name in SIGNALS])
    fused: Column = scaled(features) @ vector / max(weights.total, 1e-9)
    return fused
