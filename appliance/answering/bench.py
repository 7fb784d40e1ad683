"""The retrieval bench: one search laid open, so that a person sees why it found what it found.

Searches exactly as an answer would and stores nothing. Three promises: what is shown is
what was weighed (the shares of a score add up to it, whatever signals there are); only the
assistant's own collections are looked into; and nothing here changes a search.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import get_args

import msgspec

from appliance.answering import evidence
from appliance.answering.finding import Finder, Findings, Hit
from appliance.index import fusion
from appliance.index.keywords import Question, stem
from appliance.index.sentences import sentences
from appliance.records import (
    LANGUAGES,
    Assistant,
    DocumentName,
    Language,
    Passage,
    Record,
)

SHOWN = 10  # places of each list
SNIPPET = 180  # characters
_EVERY = 1_000  # more than a search ever weighs: its caps make a few hundred candidates
_WORDS, _MEANING = fusion.SIGNALS.index("words"), fusion.SIGNALS.index("meaning")


class Word(Record, frozen=True):
    """A word or identifier of the question: its IDF, and whether any document holds it."""

    text: str
    idf: float
    found: bool


class Share(Record, frozen=True):
    """What a signal gave to a score: ``value`` as scaled (the best candidate has 1, a cosine
    stays itself), times ``weight``, over the sum of the weights, is ``share``."""

    signal: str
    value: float
    weight: float
    share: float


class Seen(Record, frozen=True):
    """A place in one engine's own list; ``score`` is BM25, or the cosine."""

    rank: int
    document: DocumentName
    page: int | None
    heading: str
    snippet: str
    score: float


class Fused(Record, frozen=True):
    """A passage as fused: its rank in each engine's list (None: not in it), the identifiers
    of the question that it holds exactly, and the shares that make its score. ``snippet`` is
    its sentence that holds most of the question."""

    passage: Passage
    snippet: str
    keywords: int | None
    meaning: int | None
    codes: tuple[str, ...]
    shares: tuple[Share, ...]


class Level(Record, frozen=True):
    """What an assistant of this strictness does at this evidence."""

    strictness: evidence.Strictness
    threshold: float
    answers: bool


class Report(Record, frozen=True):
    """A search laid open. ``ignored`` are the query's words that do not count (stop words);
    ``meaning`` is None where vectors were not compared."""

    query: str
    language: Language
    words: tuple[Word, ...]
    ignored: tuple[str, ...]
    keywords: tuple[Seen, ...]
    meaning: tuple[Seen, ...] | None
    fused: tuple[Fused, ...]
    candidates: int
    answerable: float
    facts: dict[str, float | None]
    levels: tuple[Level, ...]
    strictness: evidence.Strictness
    took_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate with what was weighed of it: a row of ``Findings.features``."""

    hit: Hit
    measured: Sequence[float]
    shares: tuple[Share, ...]


def report(finder: Finder, assistant: Assistant, query: str) -> Report:
    """The report of one search."""
    findings = finder.find(assistant.collections, query, limit=_EVERY, language=assistant.language)
    rows = _rows(findings, finder.measured().weights)
    by_keywords = _ranked([row for row in rows if "keywords" in row.hit.found_by], _WORDS)
    by_meaning = _ranked([row for row in rows if row.hit.cosines], _MEANING)
    return Report(
        query=query,
        language=findings.question.language,
        words=words(finder, assistant.collections, findings.question),
        ignored=ignored(findings.question),
        keywords=_seen(by_keywords, _WORDS, findings),
        meaning=_seen(by_meaning, _MEANING, findings) if by_meaning else None,
        fused=_fused(rows, by_keywords, by_meaning, findings),
        candidates=len(rows),
        answerable=findings.found.answerable,
        facts=asdict(findings.facts) if findings.facts else {},
        levels=levels(findings.found.answerable),
        strictness=assistant.strictness,
        took_ms=findings.found.took_ms,
    )


def words(finder: Finder, collections: Sequence[str], question: Question) -> tuple[Word, ...]:
    """The words that count, then the identifiers, as the keyword engine knows them.

    A word has a stem for each language; the commonest of them says how rare it is.
    """
    terms = {word: {stem(word, language) for language in LANGUAGES} for word in question.words}
    terms |= {code: {code} for code in question.codes}
    known = finder.frequencies.of(collections, list(frozenset().union(*terms.values())))
    total = finder.frequencies.total(collections)
    often = {word: max(known.get(term, 0) for term in terms[word]) for word in terms}
    return tuple(
        Word(text=word, idf=round(fusion.idf(count, total), 3), found=count > 0)
        for word, count in often.items()
    )


def ignored(question: Question) -> tuple[str, ...]:
    """The question's words that are not searched for, each once, in order."""
    return tuple(dict.fromkeys(word for word in question.all_words if word not in question.words))


def levels(answerable: float) -> tuple[Level, ...]:
    """What each strictness decides at this probability, the strictest first."""
    return tuple(
        Level(
            strictness=name,
            threshold=evidence.THRESHOLDS[name],
            answers=evidence.enough(answerable, name),
        )
        for name in get_args(evidence.Strictness)
    )


def shares(features: fusion.Features, weights: fusion.Weights) -> list[tuple[Share, ...]]:
    """What each signal gave to each candidate's score, row by row.

    Asks ``fuse`` for one signal at a time, so the scaling is written down in one place.
    """
    silent = dict.fromkeys(fusion.SIGNALS, 0.0)
    values = {
        name: fusion.fuse(features, msgspec.structs.replace(weights, **(silent | {name: 1.0})))
        for name in fusion.SIGNALS
    }
    total = max(weights.total, 1e-9)
    return [
        tuple(
            Share(
                signal=name,
                value=round(float(values[name][row]), 4),
                weight=getattr(weights, name),
                share=round(float(values[name][row]) * getattr(weights, name) / total, 4),
            )
            for name in fusion.SIGNALS
        )
        for row in range(len(features))
    ]


def codes(question: Question, hit: Hit) -> tuple[str, ...]:
    """The identifiers of the question that a chunk holds exactly."""
    held = set(f"{hit.chunk.heading_terms} {hit.chunk.terms}".split())
    return tuple(code for code in question.codes if code in held)


def snippet(hit: Hit, question: Question) -> str:
    """The sentence of a chunk that holds most of the question's terms, on one line."""
    wanted = set(question.stems(hit.chunk.language))
    lines = hit.chunk.terms.split("\n")
    spans = sentences(hit.chunk.text)
    if not spans:
        return _short(hit.chunk.text)
    held = [len(wanted.intersection(line.split())) for line in lines[: len(spans)]]
    start, end = spans[max(range(len(held)), key=held.__getitem__)]
    return _short(hit.chunk.text[start:end])


def window(hit: Hit) -> str:
    """The window of a chunk that is nearest in meaning, on one line."""
    nearest = max(range(len(hit.cosines)), key=hit.cosines.__getitem__)
    start, end = hit.chunk.spans[nearest]
    return _short(hit.chunk.text[start:end])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[:SNIPPET].rsplit(" ", 1)[0] + "…"


def _rows(findings: Findings, weights: fusion.Weights) -> list[Row]:
    """The candidates as fused, best first: every one of them is a hit here."""
    place = {chunk.id: row for row, chunk in enumerate(findings.candidates)}
    given = shares(findings.features, weights)
    rows = [(hit, place[hit.chunk.id]) for hit in findings.hits]
    return [Row(hit, findings.features[row].tolist(), given[row]) for hit, row in rows]


def _ranked(rows: Sequence[Row], signal: int) -> list[Row]:
    """Rows in the order of one engine."""
    return sorted(rows, key=lambda row: -row.measured[signal])


def _seen(rows: Sequence[Row], signal: int, findings: Findings) -> tuple[Seen, ...]:
    return tuple(
        Seen(
            rank=rank,
            document=row.hit.chunk.document,
            page=row.hit.chunk.page,
            heading=row.hit.chunk.heading,
            snippet=window(row.hit) if signal == _MEANING else snippet(row.hit, findings.question),
            score=round(row.measured[signal], 4),
        )
        for rank, row in enumerate(rows[:SHOWN], start=1)
    )


def _fused(
    rows: Sequence[Row], by_keywords: list[Row], by_meaning: list[Row], findings: Findings
) -> tuple[Fused, ...]:
    in_keywords = {row.hit.chunk.id: rank for rank, row in enumerate(by_keywords, start=1)}
    in_meaning = {row.hit.chunk.id: rank for rank, row in enumerate(by_meaning, start=1)}
    return tuple(
        Fused(
            passage=passage,
            snippet=snippet(row.hit, findings.question),
            keywords=in_keywords.get(row.hit.chunk.id),
            meaning=in_meaning.get(row.hit.chunk.id),
            codes=codes(findings.question, row.hit),
            shares=row.shares,
        )
        for passage, row in zip(findings.found.passages[:SHOWN], rows, strict=False)
    )
