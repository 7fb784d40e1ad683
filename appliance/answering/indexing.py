"""What happens to a document's text so that it can be found: terms, vectors, vector files.

Ingestion calls ``store``, ``embed`` and ``publish`` in this order; each replaces its
own output or goes on where it stopped, so that running one twice is harmless. The
tables are the truth. The vector files are made from them and merged as they grow
many: a collection has at most ``FANOUT`` files of each size class, so adding one
document to a million chunks costs about one document.
"""

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np

from appliance.chunks import Chunks, Embedding, Segment, Terms
from appliance.database import Database
from appliance.index import keywords
from appliance.index.sentences import Span, windows
from appliance.index.vectors import Numbers, VectorFiles, Vectors, write
from appliance.models import Embedder
from appliance.records import Chunk, Language, new_id

FANOUT = 8
LIVE_LEAST = 0.7  # a file with more dead in it is written again
BATCH = 16  # chunks embedded and committed at a time: what a kill can cost


class Indexer:
    """Puts the chunks of documents into both engines."""

    def __init__(
        self, database: Database, embedder: Embedder | None, files: VectorFiles | Path
    ) -> None:
        self.database = database
        self.chunks = Chunks(database)
        self.embedder = embedder
        self.files = files if isinstance(files, VectorFiles) else VectorFiles(files / "index")

    def store(
        self,
        document: str,
        title: str,
        chunks: Sequence[Chunk],
        *,
        language: Language | None = None,
    ) -> Language:
        """Store a document's chunks with their terms, in place of its former ones.

        Without a ``language`` it is detected from the text; the one used is returned.
        """
        sample = " ".join(chunk.text[:600] for chunk in chunks[:6])
        language = language or keywords.detect(sample)
        terms = [prepared(title, chunk, language) for chunk in chunks]
        self.chunks.replace(document, chunks, terms)
        return language

    def embed(self, document: str, *, on_progress: Callable[[int], None] | None = None) -> int:
        """Embed the chunks of a document that have no vectors of this embedder yet; how many.

        Commits batch by batch and calls ``on_progress`` with the chunks done by this call.
        Raises ``errors.Unavailable`` when the embedder is not there; what was done is kept.
        """
        if self.embedder is None:
            return 0
        done, stamp = 0, self.embedder.stamp
        with closing(self._embedded(self.embedder, document)) as batches:
            for embedded in batches:
                self.chunks.store(stamp, embedded)
                done += len(embedded)
                if on_progress is not None:
                    on_progress(done)
        return done

    def _embedded(self, embedder: Embedder, document: str) -> Generator[list[Embedding]]:
        """The vectors of the chunks that have none, batch by batch.

        While a batch is being stored, which waits for the disk, the next one is with the
        embedder already, so that it never waits for us.
        """
        ahead: deque[tuple[list[tuple[int, str]], Future[Vectors]]] = deque()
        hand = ThreadPoolExecutor(1, "embed")
        after = 0
        try:
            while waiting := self.chunks.without_vectors(document, embedder.stamp, BATCH, after):
                after = waiting[-1][0]
                ahead.append((waiting, hand.submit(embedder.embed, _texts(waiting))))
                if len(ahead) == 2:
                    yield _embeddings(*ahead.popleft())
            while ahead:
                yield _embeddings(*ahead.popleft())
        finally:
            # Not waited for: who cancels would wait for a batch that nobody wants.
            hand.shutdown(wait=False, cancel_futures=True)

    def publish(self, document: str) -> None:
        """Put a document's new vectors into a vector file of its collection."""
        row = self.database.row(
            "select collection from documents where id = :document", {"document": document}
        )
        if row is not None:
            self.refresh(str(row["collection"]))

    def refresh(self, collection: str) -> None:
        """Bring a collection's vector files up to date with the tables.

        Vectors that are in no file get one; files that are many or mostly dead are merged.
        """
        if self.embedder is None:
            return
        self._write(collection, self.embedder.stamp, [None])
        while mergeable := self._mergeable(collection, self.embedder.stamp):
            self._write(collection, self.embedder.stamp, [one.name for one in mergeable])

    def rewrite(self, collection: str) -> None:
        """Make a collection's vector files anew, so that nothing deleted is left in them."""
        if self.embedder is None:
            return
        names = [one.name for one in self.chunks.segments([collection], self.embedder.stamp)]
        self._write(collection, self.embedder.stamp, [*names, None])

    def sweep(self) -> list[str]:
        """Delete vector files that a crash left without a row; their names."""
        return self.files.sweep(self.chunks.segment_names())

    def _mergeable(self, collection: str, stamp: str) -> list[Segment]:
        classes: dict[int, list[Segment]] = {}
        for one in self.chunks.segments([collection], stamp):
            if len(self.chunks.live(one.name)) < one.chunks * LIVE_LEAST:
                return [one]
            classes.setdefault(int(math.log(max(one.count, 1), FANOUT)), []).append(one)
        return next((group for group in classes.values() if len(group) >= FANOUT), [])

    def _write(self, collection: str, stamp: str, sources: Sequence[str | None]) -> None:
        """One file out of the vectors of several, or of those that are in none (None)."""
        replaced = [name for name in sources if name is not None]
        members: list[int] = []

        def batches() -> Iterator[tuple[Numbers, Vectors]]:
            members.clear()
            for source in sources:
                for group in _grouped(self.chunks.embeddings(collection, stamp, source)):
                    members.extend(one.chunk for one in group)
                    numbers = [np.full(len(one.vectors), one.chunk) for one in group]
                    yield np.concatenate(numbers), np.concatenate([one.vectors for one in group])

        if next(batches(), None) is None:
            self.chunks.withdraw(replaced)
            self.files.remove(replaced)
            return
        name = new_id()
        dimensions = self.embedder.dimensions if self.embedder else 0
        sha256, count = write(self.files.path(name), batches, dimensions=dimensions)
        segment = Segment(
            name=name,
            collection=collection,
            stamp=stamp,
            dimensions=dimensions,
            count=count,
            chunks=len(members),
            generation=self.chunks.next_generation(collection),
            sha256=sha256,
        )
        self.chunks.publish(segment, members, instead_of=replaced)
        self.files.remove(replaced)


def prepared(title: str, chunk: Chunk, language: Language) -> Terms:
    """A chunk's terms for both kinds of keyword search."""
    return Terms(
        language=language,
        heading_terms=keywords.terms(f"{title}\n{chunk.heading}", language),
        terms=keywords.prepare(chunk.text, language),
        words=keywords.folded(f"{title} {chunk.heading} {chunk.text}"),
    )


def _spans(text: str) -> tuple[Span, ...]:
    # Windows, never the whole chunk: MiniLM would not read the second half of it.
    return tuple(windows(text)) or ((0, len(text)),)


def _texts(waiting: Sequence[tuple[int, str]]) -> list[str]:
    return [text[start:end] for _, text in waiting for start, end in _spans(text)]


def _embeddings(waiting: Sequence[tuple[int, str]], rows: Future[Vectors]) -> list[Embedding]:
    vectors, embedded, at = rows.result(), [], 0
    for number, text in waiting:
        spans = _spans(text)
        embedded.append(Embedding(chunk=number, spans=spans, vectors=vectors[at : at + len(spans)]))
        at += len(spans)
    return embedded


def _grouped(embeddings: Iterator[Embedding], size: int = 1000) -> Iterator[list[Embedding]]:
    group: list[Embedding] = []
    for one in embeddings:
        group.append(one)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
