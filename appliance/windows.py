"""Chunks as they are stored, and the vectors of their windows: one for each span of the text."""

import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from appliance.records import DocumentName, Language, Passage, Record

Span = tuple[int, int]


class StoredChunk(Record, frozen=True):
    """A chunk as found: its number, its document, its place, its terms, its vectors.

    ``vectors`` is (windows, dimensions) float32, or None for want of them; row i stands
    for ``text[spans[i][0]:spans[i][1]]``.
    """

    id: int
    document: DocumentName
    page: int | None
    start: int
    end: int
    heading: str
    text: str
    language: Language
    heading_terms: str
    terms: str
    words: str
    spans: tuple[Span, ...]
    vectors: npt.NDArray[np.float32] | None

    def passage(self, n: int = 1) -> Passage:
        """The chunk as the passage number ``n`` of an answer that knew it without a search."""
        return Passage(
            n=n,
            document=self.document,
            page=self.page,
            heading=self.heading,
            text=self.text,
            start=self.start,
            end=self.end,
            score=1.0,
            found_by=("keywords",),
        )


class Embedding(Record, frozen=True):
    """The vectors of one chunk: one row for each span of its text."""

    chunk: int
    spans: tuple[Span, ...]
    vectors: npt.NDArray[np.float32]


def stored(row: Mapping[str, object]) -> StoredChunk:
    """The chunk of a row of ``chunks`` with its document's title and, perhaps, its vectors."""
    values = dict(row)
    spans = spans_of(str(values["spans"])) if values["spans"] else ()
    vectors = values["vectors"]
    return StoredChunk(
        id=values["id"],  # type: ignore[arg-type]
        document=DocumentName(id=str(values["document"]), title=str(values["title"])),
        page=values["page"],  # type: ignore[arg-type]
        start=values["start"],  # type: ignore[arg-type]
        end=values["stop"],  # type: ignore[arg-type]
        heading=str(values["heading"]),
        text=str(values["text"]),
        language=values["language"],  # type: ignore[arg-type]
        heading_terms=str(values["heading_terms"]),
        terms=str(values["terms"]),
        words=str(values["words"]),
        spans=spans,
        vectors=vectors_of(vectors, len(spans)) if isinstance(vectors, bytes) and spans else None,
    )


def spans_of(text: str) -> tuple[Span, ...]:
    """The spans of a chunk's windows as a row keeps them."""
    return tuple((int(start), int(stop)) for start, stop in json.loads(text))


def vectors_of(blob: bytes, count: int) -> npt.NDArray[np.float32]:
    """``count`` rows of float32 out of the float16 that a row keeps."""
    return np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(count, -1)
