"""Search: one question, both engines, the caller's collections, passages best first.

Three promises. The rights come first: only ready documents of the collections
named, in force on the day that is asked about, are ever candidates, in both engines. The
cost is capped: the question's rarest words and the nearest vectors make at most a few
hundred candidates, and every other signal is computed on those alone. And a part that
is down takes only itself away: without the embedder, or with a vector file damaged, the
search goes on by keywords.
"""

import heapq
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance import lifetime
from appliance.answering import evidence
from appliance.answering.in_force import InForce
from appliance.answering.indexing import Indexer
from appliance.answering.remembered import Remembered
from appliance.chunks import Chunks, Segment
from appliance.database import Database
from appliance.errors import Unavailable
from appliance.frequencies import Frequencies
from appliance.index import fusion, keywords, provisions
from appliance.index.vectors import Damaged, VectorFile, VectorFiles
from appliance.models import Embedder
from appliance.records import LANGUAGES, Found, FoundBy, Language, Passage
from appliance.windows import StoredChunk

KEYWORD_MOST = 150  # candidates by keywords
KEYWORD_MOST_OF_MANY = 60  # in a large house, where the rest of a search takes the time
MEANING_MOST = 50  # candidates by vectors
MEANING_MOST_OF_MANY = 30
_WINDOWS_MOST = 4 * MEANING_MOST  # windows looked at: those of one chunk crowd each other
_SMALL = 20_000  # chunks up to which every word of the question may make candidates
_RAREST = 4  # words that make candidates beyond that
_ROWS = 6_000  # rows that the rarest words may touch together: each costs 2 µs of BM25
_REBUILD_HERE = 20_000  # vectors that a search makes again on the spot, in about 0.2 s

Near = list[tuple[int, float]]  # numbers of chunks with a cosine, best first


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, with what quoting needs: its score and the cosine of each window."""

    chunk: StoredChunk
    score: float
    cosines: tuple[float, ...]
    found_by: tuple[FoundBy, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured with an embedder: how its signals count (``index.fusion``) and what
    its findings are worth as evidence (``evidence.answerable``)."""

    weights: fusion.Weights = field(default_factory=fusion.Weights)
    judged_by: Mapping[str, float] | None = field(default_factory=lambda: evidence.WITH_VECTORS)


@dataclass(frozen=True, slots=True)
class Findings:
    """A search with its evidence. ``hits[i]`` is the chunk of ``found.passages[i]``.

    ``weights`` is the IDF of each of the question's terms, by language of the text;
    ``candidates`` and ``features`` (see ``index.fusion``) are what was weighed, row by row.
    """

    found: Found
    question: keywords.Question
    hits: tuple[Hit, ...]
    weights: dict[Language, dict[str, float]]
    facts: evidence.Facts | None
    candidates: tuple[StoredChunk, ...]
    features: fusion.Features


class Finder:
    """Searches the collections of one data folder."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder | None,
        data: Path,
        *,
        measured: Callable[[], "Measured"] | None = None,
    ) -> None:
        """``measured`` gives the constants of the embedder in force at each search."""
        self.database = database
        self.chunks = Chunks(database)
        self.frequencies = Frequencies(database)
        self.embedder = embedder
        self.measured = measured or Measured
        self.files = VectorFiles(data / "index")
        # Waits for the runner, which embeds a question, while its words are looked up.
        self._beside = ThreadPoolExecutor(thread_name_prefix="embedding")
        self.embedded = Remembered(self._embedded, self._stamp)
        self.indexer = Indexer(database, embedder, self.files)

    def search(
        self,
        collections: Sequence[str],
        query: str,
        *,
        limit: int = 8,
        language: Language | None = None,
        as_of: str | None = None,
    ) -> Found:
        """The best ``limit`` passages for a question, numbered from 1.

        ``language`` is the likely one of the question; where the text leaves no doubt the
        text wins. ``as_of`` is the day on which documents must be in force, today when not
        given. Nothing found is no error: no passages, ``answerable`` 0.
        """
        return self.find(collections, query, limit=limit, language=language, as_of=as_of).found

    def find(
        self,
        collections: Sequence[str],
        query: str,
        *,
        limit: int = 8,
        language: Language | None = None,
        as_of: str | None = None,
    ) -> Findings:
        """As ``search``, with the evidence that quoting and checking read."""
        began = time.perf_counter()
        question = keywords.Question(query, keywords.detect(query, language))
        embedding = self._beside.submit(self.embedded, query)
        known = self._known(collections, question)
        past = lifetime.out_of_force(self.database, collections, as_of or lifetime.today())
        terms, also = _rarest(known)
        large = known.total > _SMALL
        most = KEYWORD_MOST_OF_MANY if large else KEYWORD_MOST
        matching = self.chunks.matching(collections, terms, most, beside=also, without=past)
        vector, stamp = embedding.result()
        near = self._nearest(collections, vector, stamp, past)
        near = near[:MEANING_MOST_OF_MANY] if large else near
        numbers = dict.fromkeys([*(number for number, _ in matching), *near])
        chunks = self.chunks.fetch(collections, list(numbers), stamp, without=past)
        measured = self.measured()
        hits, facts, features = self._judged(
            question, known, chunks, set(near), vector, measured.weights
        )
        passages = tuple(_passage(n, hit) for n, hit in enumerate(hits[:limit], start=1))
        return Findings(
            found=Found(
                passages=passages,
                answerable=evidence.answerable(facts, measured.judged_by) if facts else 0.0,
                took_ms=round((time.perf_counter() - began) * 1000, 1),
            ),
            question=question,
            hits=tuple(hits[:limit]),
            weights={
                one: known.weights(question, one) for one in {hit.chunk.language for hit in hits}
            },
            facts=facts,
            candidates=tuple(chunks),
            features=features,
        )

    def _judged(
        self,
        question: keywords.Question,
        known: "Known",
        chunks: Sequence[StoredChunk],
        near: set[int],
        vector: npt.NDArray[np.float32] | None,
        weights: fusion.Weights,
    ) -> tuple[list[Hit], evidence.Facts | None, fusion.Features]:
        """The candidates best first, the facts about them, and what was weighed."""
        if not chunks:
            return [], None, np.zeros((0, len(fusion.SIGNALS)))
        cosines = [_cosines(chunk, vector) for chunk in chunks]
        candidates = [_candidate(*pair) for pair in zip(chunks, cosines, strict=True)]
        found = fusion.signals(question, candidates, known.frequencies, known.total)
        scores = fusion.fuse(found.features, weights)
        order: list[int] = np.lexsort((-scores, -found.exact)).tolist()
        hits = [
            Hit(
                chunk=chunks[row],
                score=float(scores[row]),
                cosines=cosines[row],
                found_by=_found_by(bool(found.coverage[row] > 0), chunks[row].id in near),
            )
            for row in order
        ]
        facts = evidence.facts(
            found,
            order,
            scores.tolist(),
            unknown=known.unknown,
            meaning=any(cosines),
        )
        return hits, facts, found.features

    def publish(self, document: str) -> None:
        """Put a document's vectors into its collection's vector files."""
        self.indexer.publish(document)

    def refresh(self, collection: str) -> None:
        """Bring a collection's vector files up to date with the tables."""
        self.indexer.refresh(collection)

    def _embedded(self, query: str) -> tuple[npt.NDArray[np.float32] | None, str]:
        """The question's vector and its stamp."""
        if self.embedder is None:
            return None, ""
        try:
            vector: npt.NDArray[np.float32] = self.embedder.embed([query], kind="query")[0]
        except Unavailable:
            return None, ""  # by keywords alone; the status page says why
        return vector, self.embedder.stamp

    def _stamp(self) -> str:
        """The stamp of the embedder in force now, whatever this thread has asked before."""
        if isinstance(self.embedder, InForce):
            return self.embedder.known.stamp
        return self.embedder.stamp if self.embedder else ""

    def _known(self, collections: Sequence[str], question: keywords.Question) -> "Known":
        groups = question.variants()
        total = self.frequencies.total(collections)
        terms = {term for group in groups for term in group}
        function = {term for one in LANGUAGES for term in question.all_stems(one)} - terms
        if total <= _SMALL:
            terms |= function
        frequencies = self.frequencies.of(collections, sorted(terms))
        if total > _SMALL:
            # Counting "de" means reading a million entries; it tells no chunk from another.
            frequencies |= dict.fromkeys(function, total)
        return Known(groups, frequencies, total)

    def _nearest(
        self,
        collections: Sequence[str],
        vector: npt.NDArray[np.float32] | None,
        stamp: str,
        past: Sequence[str] = (),
        *,
        mending: bool = True,
    ) -> list[int]:
        """Numbers of the chunks nearest in meaning, best first, without documents ``past``."""
        if vector is None:
            return []
        files: list[tuple[Segment, VectorFile]] = []
        damaged = []
        for segment in self.chunks.segments(collections, stamp):
            try:
                files.append((segment, self._opened(segment)))
            except Damaged:
                damaged.append(segment)
        if damaged and mending and self._mended(damaged):
            return self._nearest(collections, vector, stamp, past, mending=False)
        near = _best(file.nearest(vector, _WINDOWS_MOST) for _, file in files)
        living = self._living(near, past)
        if len(living) < min(MEANING_MOST, len(near)):
            # The dead crowd the living out: look again among the living alone.
            living = _best(
                file.nearest(
                    vector, _WINDOWS_MOST, allowed=self.chunks.live(segment.name, without=past)
                )
                for segment, file in files
            )
        return living[:MEANING_MOST]

    def _living(self, numbers: Sequence[int], past: Sequence[str]) -> list[int]:
        """Those whose chunks still exist and are none of documents ``past``, in order; looked
        for until they are enough."""
        living: list[int] = []
        for start in range(0, len(numbers), MEANING_MOST):
            part = numbers[start : start + MEANING_MOST]
            alive = self.chunks.alive(part, without=past)
            living += [number for number in part if number in alive]
            if len(living) >= MEANING_MOST:
                break
        return living

    def _opened(self, segment: Segment) -> VectorFile:
        return self.files.open(
            segment.name,
            sha256=segment.sha256,
            dimensions=segment.dimensions,
            count=segment.count,
        )

    def _mended(self, damaged: Sequence[Segment]) -> bool:
        """Stop believing in damaged files; make them again at once where that is quick.

        Larger ones wait for the collection's upkeep, and keywords carry the search.
        """
        self.chunks.withdraw([segment.name for segment in damaged])
        if sum(segment.count for segment in damaged) > _REBUILD_HERE:
            return False
        for collection in {segment.collection for segment in damaged}:
            self.refresh(collection)
        return True


@dataclass(frozen=True, slots=True)
class Known:
    """How often the question's words occur: ``groups`` are the variants of each word."""

    groups: list[list[str]]
    frequencies: dict[str, int]
    total: int

    @property
    def unknown(self) -> float:
        """The share of the question's words that occur nowhere."""
        found = sum(any(term in self.frequencies for term in group) for group in self.groups)
        return 1 - found / max(len(self.groups), 1)

    def weights(self, question: keywords.Question, language: Language) -> dict[str, float]:
        """The IDF of each of the question's terms in texts of a language."""
        return {
            term: fusion.idf(self.frequencies.get(term, 0), self.total)
            for term in question.stems(language)
        }


def _rarest(known: Known) -> tuple[list[str], list[str]]:
    """The terms that make candidates, and those of which a candidate must hold one too.

    BM25 ranks every matching row: OR of all words over a million passages takes 1.3 s,
    of the three or four rarest 19 to 40 ms, so beyond a small house only those; and where
    even the rarest stands in too many rows, only rows that hold the next rarest as well.
    """
    rows = {
        tuple(group): sum(known.frequencies.get(term, 0) for term in group)
        for group in known.groups
    }
    ranked = sorted((group for group in rows if rows[group]), key=lambda group: rows[group])
    if known.total <= _SMALL:
        return [term for group in ranked for term in group], []
    chosen: list[str] = []
    touched = 0
    for group in ranked[:_RAREST]:
        touched += rows[group]
        if chosen and touched > _ROWS:
            break
        chosen += group
    crowded = len(ranked) > 1 and rows[ranked[0]] > _ROWS
    return chosen, list(ranked[1]) if crowded else []


def _best(found: Iterable[Near]) -> list[int]:
    """The chunks of the best windows of all files, best first, each once."""
    best = heapq.nlargest(_WINDOWS_MOST, chain.from_iterable(found), key=itemgetter(1))
    return list(dict.fromkeys(number for number, _ in best))


def _cosines(chunk: StoredChunk, vector: npt.NDArray[np.float32] | None) -> tuple[float, ...]:
    if vector is None or chunk.vectors is None:
        return ()
    return tuple(float(cosine) for cosine in chunk.vectors @ vector)


def _candidate(chunk: StoredChunk, cosines: tuple[float, ...]) -> fusion.Candidate:
    return fusion.Candidate(
        language=chunk.language,
        heading_terms=chunk.heading_terms,
        terms=chunk.terms,
        words=chunk.words,
        meaning=max(cosines, default=None),
    )


def _found_by(by_keywords: bool, by_meaning: bool) -> tuple[FoundBy, ...]:
    ways: list[FoundBy] = []
    if by_keywords:
        ways.append("keywords")
    if by_meaning or not ways:
        ways.append("meaning")
    return tuple(ways)


def _passage(n: int, hit: Hit) -> Passage:
    return Passage(
        n=n,
        document=hit.chunk.document,
        page=hit.chunk.page,
        heading=hit.chunk.heading,
        text=hit.chunk.text,
        start=hit.chunk.start,
        end=hit.chunk.end,
        score=round(hit.score, 4),
        found_by=hit.found_by,
        place=provisions.place(hit.chunk.text, 0, len(hit.chunk.text), hit.chunk.heading),
    )
