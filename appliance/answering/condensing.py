"""A document in a few of its own sentences, from its beginning to its end.

``chain`` is one LangChain runnable: the document is read, cut into as many even parts as
sentences are wanted, and of each part, by itself (``map``), the most telling sentences are
taken. Telling is what holds the words that the whole document keeps coming back to (the
centroid of MEAD, Radev et al. 2004, by stems), what names an amount, a date or a deadline, and
what stands early under its heading; a heading, a question and a line that only opens a list
tell nothing. No model has a part in it, so every sentence is its own evidence; where one writes,
it is these sentences that it reads, within its budget of characters.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from appliance import library
from appliance.answering import prompts
from appliance.answering.checking import Span
from appliance.chunks import Chunks
from appliance.database import Database
from appliance.index import keywords
from appliance.index.sentences import sentences
from appliance.records import Document, Passage, Record
from appliance.windows import StoredChunk

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

MOST_CHUNKS = 1500  # of a document that are read: about a thousand pages
MOST_PARTS = 7
CHUNKS_A_PART = 2  # at least; a leaflet is told in one or two sentences
KEPT = 4  # sentences of a part that a model reads
SHORTEST, LONGEST = 25, 420  # characters of a sentence that can be told
_VALUE = re.compile(r"\d|R\$|US\$|€|§|%")
_VALUED = 0.15  # what a value adds to a sentence's weight, as a share of the best of its part
_EARLY = 0.10


class Whole(Record, frozen=True):
    """A document that is to be condensed, and where it is read."""

    database: Database
    document: Document


class Part(Record, frozen=True):
    """A stretch of a document: its chunks, and how often the whole document has each stem."""

    chunks: tuple[StoredChunk, ...]
    said: dict[str, int]


class Told(Record, frozen=True):
    """The sentences of a part, the most telling first."""

    spans: tuple[Span, ...]

    def in_order(self) -> list[Span]:
        """Those that a model reads, in the order of the text, within its budget."""
        kept: list[Span] = []
        room = prompts.SOURCES_LENGTH
        for span in self.spans[:KEPT]:
            if kept and len(span.text) > room:
                break
            kept.append(span)
            room -= len(span.text)
        return sorted(kept, key=lambda one: one.start)

    @property
    def best(self) -> Span:
        """The most telling one."""
        return self.spans[0]


class Pages(Record, frozen=True):
    """How much of a document a summary stands on: the last page read, how many there are, and
    those without a legible text. None of it for what has no pages."""

    last: int
    all: int
    illegible: tuple[int, ...]


@cache
def chain() -> "Runnable[Whole, list[Told]]":
    """From a document to the most telling sentences of each of its parts, in order."""
    # Here and not above: importing LangChain takes 0.4 s, which only a summary waits for.
    from langchain_core.runnables import RunnableLambda

    return RunnableLambda(parted) | RunnableLambda(telling).map() | RunnableLambda(distinct)


def parted(whole: Whole) -> list[Part]:
    """The document in even parts, in order."""
    chunks = Chunks(whole.database).of_document(whole.document.id, limit=MOST_CHUNKS)
    said = Counter(stem for chunk in chunks for stem in set(chunk.terms.split()))
    many = max(1, min(MOST_PARTS, math.ceil(len(chunks) / CHUNKS_A_PART)))
    cuts = [round(len(chunks) * n / many) for n in range(many + 1)]
    parts = [tuple(chunks[a:b]) for a, b in pairwise(cuts)]
    return [Part(chunks=part, said=dict(said)) for part in parts if part]


def telling(part: Part) -> Told:
    """The sentences of a part, the most telling first."""
    ranked: list[tuple[float, Span]] = []
    for chunk in part.chunks:
        passage = chunk.passage()
        for place, (start, end) in enumerate(sentences(chunk.text)):
            text = chunk.text[start:end]
            if not _tells(text, chunk):
                continue
            span = Span(
                passage=passage, start=chunk.start + start, end=chunk.start + end, text=text
            )
            early = _EARLY / (1 + place)
            ranked.append((_weight(text, chunk, part.said) * (1 + early), span))
    ranked.sort(key=lambda one: (-one[0], one[1].start))
    return Told(spans=tuple(span for _, span in ranked))


def distinct(parts: Sequence[Told]) -> list[Told]:
    """Without what was said in an earlier part already, word for word."""
    seen: set[str] = set()
    kept: list[Told] = []
    for part in parts:
        spans = tuple(one for one in part.spans if _folded(one.text) not in seen)
        seen.update(_folded(one.text) for one in spans)
        if spans:
            kept.append(Told(spans=spans))
    return kept


def pages(database: Database, document: Document, parts: Sequence[Told]) -> Pages:
    """How much of the document was read for these."""
    if not library.is_paged(database, document.id):
        return Pages(last=0, all=0, illegible=())
    read = library.pages(database, document.id)
    bad = tuple(one.number for one in read if one.how == "unreadable")
    cut = document.chunks > MOST_CHUNKS
    last = max((span.passage.page or 0 for part in parts for span in part.spans), default=0)
    return Pages(last=last if cut else document.pages, all=document.pages, illegible=bad)


def numbered(parts: Sequence[Told]) -> tuple[list[Told], tuple[Passage, ...]]:
    """The parts with no more than a model reads of each, and the passages that these sentences
    stand in, numbered from 1 in the order of the text."""
    kept = [Told(spans=(part.best, *part.in_order())) for part in parts]
    starts = sorted({span.passage.start for part in kept for span in part.spans})
    number = {start: n for n, start in enumerate(starts, start=1)}
    known: dict[int, Passage] = {}
    renumbered = []
    for part in kept:
        spans = []
        for span in part.spans:
            start = span.passage.start
            passage = known.setdefault(
                start, msgspec.structs.replace(span.passage, n=number[start])
            )
            spans.append(msgspec.structs.replace(span, passage=passage))
        renumbered.append(Told(spans=tuple(dict.fromkeys(spans))))
    return renumbered, tuple(known[start] for start in starts)


def _tells(text: str, chunk: StoredChunk) -> bool:
    line = " ".join(text.split())
    if not SHORTEST <= len(line) <= LONGEST or line[-1] in "?:" or len(line.split()) < 4:
        return False
    return line.strip("#*: ") not in f"{chunk.document.title} › {chunk.heading}"


def _weight(text: str, chunk: StoredChunk, said: dict[str, int]) -> float:
    """How much of what the document keeps saying a sentence holds, for its length."""
    stems = set(keywords.terms(text, chunk.language).split())
    if not stems:
        return 0.0
    held = sum(math.log1p(said.get(stem, 0)) for stem in stems) / math.sqrt(len(stems) + 4)
    return held * (1 + _VALUED * bool(_VALUE.search(text)))


def _folded(text: str) -> str:
    return keywords.folded(text)
