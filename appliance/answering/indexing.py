"""What happens to a document's text so that it can be found: terms, vectors, vector files.

Ingestion calls ``store``, ``embed`` and ``publish`` in this order; each replaces its
own output or goes on where it stopped, so that running one twice is harmless. The
tables are the truth, and the vector files are made from them (``publishing``).
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from appliance.answering.publishing import Progress, Publisher, Step, unwatched
from appliance.chunks import Chunks, Embedding, Terms
from appliance.database import Database
from appliance.index import keywords
from appliance.index.sentences import Span, windows
from appliance.index.vectors import VectorFiles, Vectors
from appliance.models import Embedder
from appliance.records import Chunk, Language

BATCH = 16  # chunks embedded and committed at a time: what a kill can cost


class Indexer:
    """Puts the chunks of documents into both engines."""

    def __init__(
        self, database: Database, embedder: Embedder | None, files: VectorFiles | Path
    ) -> None:
        self.database = database
        self.chunks = Chunks(database)
        self.embedder = embedder
        opened = files if isinstance(files, VectorFiles) else VectorFiles(files / "index")
        self.publisher = Publisher(database, opened)

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
        """Put a document's new vectors into a vector file; costs one document."""
        if self.embedder is not None:
            self.publisher.publish(document, self.embedder.stamp)

    def refresh(self, collection: str) -> None:
        """Put all vectors of a collection that are in no file into files."""
        if self.embedder is not None:
            self.publisher.refresh(collection, self.embedder.stamp)

    def mergeable(self) -> list[str]:
        """The collections whose vector files want merging; costs a row a file."""
        return self.publisher.mergeable(self.embedder.stamp) if self.embedder else []

    def worn(self) -> list[str]:
        """The collections with a vector file that is mostly dead; costs a count of them all."""
        return self.publisher.worn(self.embedder.stamp) if self.embedder else []

    def merge(
        self, collection: str, *, on_progress: Progress = unwatched, on_step: Step = unwatched
    ) -> None:
        """Merge a collection's vector files until they are few; see ``Publisher.merge``."""
        if self.embedder is not None:
            self.publisher.merge(
                collection, self.embedder.stamp, on_progress=on_progress, on_step=on_step
            )

    def rewrite(self, collection: str) -> None:
        """Make a collection's vector files anew, so that nothing deleted is left in them."""
        if self.embedder is not None:
            self.publisher.rewrite(collection, self.embedder.stamp)

    def sweep(self) -> list[str]:
        """Delete vector files that a crash left without a row; their names."""
        return self.publisher.sweep()


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
