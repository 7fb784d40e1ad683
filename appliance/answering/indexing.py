"""What happens to a document's text so that it can be found: terms, vectors, vector files.

Ingestion calls ``store``, ``embed`` and ``publish`` in this order; each replaces its
own output or goes on where it stopped, so that running one twice is harmless. The
tables are the truth, and the vector files are made from them (``publishing``).
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from appliance.answering.in_force import InForce
from appliance.answering.publishing import AT_ONCE, Progress, Publisher, Step, unwatched
from appliance.chunks import Chunks, Terms
from appliance.database import Database
from appliance.embedders import Embedders
from appliance.errors import Unavailable
from appliance.index import identifiers, keywords, provisions
from appliance.index.sentences import Span, windows
from appliance.index.vectors import VectorFiles, Vectors
from appliance.models import Embedder
from appliance.records import Chunk, Language
from appliance.windows import Embedding

Waiting = list[tuple[int, str]]  # chunks without vectors: number and text
# Chunks embedded and committed at a time, what a kill can cost: 85 windows, 1.5 s in bf16
# on one thread. Fewer leave the embedder less to choose texts of like length from (8 % of
# the time goes into padding with 32, 14 % with 16), and a cancellation waits for them.
BATCH = 32


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
        on_progress: Callable[[int], object] = lambda done: None,
        give_way: Callable[[], object] = lambda: None,
    ) -> Language:
        """Store a document's chunks with their terms, in place of its former ones.

        Without a ``language`` it is detected from the text; the one used is returned.
        ``on_progress`` hears of the chunks done, batch by batch; ``give_way`` is called before
        each chunk, outside of any transaction, and returns when the processor is free.
        """
        sample = " ".join(chunk.text[:600] for chunk in chunks[:6])
        language = language or keywords.detect(sample)

        def terms() -> Iterator[Terms]:
            for chunk in chunks:
                give_way()
                yield prepared(title, chunk, language)

        self.chunks.replace(document, chunks, terms(), on_progress=on_progress)
        return language

    def embed(self, document: str, *, on_progress: Callable[[int], None] | None = None) -> int:
        """Embed the chunks of a document that have no vectors yet; how many.

        Commits batch by batch and calls ``on_progress`` with the chunks done by this call.
        Raises ``errors.Unavailable`` when the embedder is not there; what was done is kept.
        While another embedder is coming its vectors are made too, if it is there.
        """
        done = 0
        for place, embedder in enumerate(self._embedders()):
            try:
                done = self._embed(embedder, document, done, on_progress, counted=place == 0)
            except Unavailable:
                # The coming one is not waited for: its own job embeds what is left.
                if place == 0:
                    raise
        return done

    def embed_coming(self, *, on_progress: Callable[[int], None]) -> None:
        """Embed all chunks that lack a vector of the coming embedder, and file them.

        ``on_progress`` hears of the chunks done by this call. Raises
        ``errors.Unavailable`` when it is not there; what was done is kept.
        """
        coming = self.embedder.coming() if isinstance(self.embedder, InForce) else None
        if coming is None:
            return
        done = filed = 0
        with closing(_ahead(coming, _lacking(self.database, coming.stamp))) as batches:
            for embedded in batches:
                self.chunks.store(coming.stamp, embedded)
                done += len(embedded)
                if done - filed >= AT_ONCE:
                    filed = done
                    self._file(coming.stamp)
                on_progress(done)
        self._file(coming.stamp)

    def _embed(
        self,
        embedder: Embedder,
        document: str,
        done: int,
        on_progress: Callable[[int], None] | None,
        *,
        counted: bool,
    ) -> int:
        with closing(_ahead(embedder, self._waiting(document, embedder.stamp))) as batches:
            for embedded in batches:
                self.chunks.store(embedder.stamp, embedded)
                done += len(embedded) * counted
                if on_progress is not None:
                    on_progress(done)
        return done

    def _waiting(self, document: str, stamp: str) -> Iterator[Waiting]:
        after = 0
        while waiting := self.chunks.without_vectors(document, stamp, BATCH, after):
            yield waiting
            after = waiting[-1][0]

    def _file(self, stamp: str) -> None:
        for collection in Embedders(self.database).collections():
            self.publisher.refresh(collection, stamp)

    def _embedders(self) -> Sequence[Embedder]:
        """Those that a new document needs, each of one stamp from here on."""
        if isinstance(self.embedder, InForce):
            return self.embedder.all()
        return [self.embedder] if self.embedder is not None else []

    def _stamps(self) -> list[str]:
        """The stamps whose vectors have files."""
        if isinstance(self.embedder, InForce):
            return self.embedder.stamps()
        return [self.embedder.stamp] if self.embedder is not None else []

    def publish(self, document: str) -> None:
        """Put a document's new vectors into a vector file; costs one document."""
        for stamp in self._stamps():
            self.publisher.publish(document, stamp)

    def refresh(self, collection: str) -> None:
        """Put all vectors of a collection that are in no file into files."""
        for stamp in self._stamps():
            self.publisher.refresh(collection, stamp)

    def mergeable(self) -> list[str]:
        """The collections whose vector files want merging; costs a row a file."""
        return [one for stamp in self._stamps() for one in self.publisher.mergeable(stamp)]

    def worn(self) -> list[str]:
        """The collections with a vector file that is mostly dead; costs a count of them all."""
        return [one for stamp in self._stamps() for one in self.publisher.worn(stamp)]

    def merge(
        self, collection: str, *, on_progress: Progress = unwatched, on_step: Step = unwatched
    ) -> None:
        """Merge a collection's vector files until they are few; see ``Publisher.merge``."""
        for stamp in self._stamps():
            self.publisher.merge(collection, stamp, on_progress=on_progress, on_step=on_step)

    def rewrite(self, collection: str) -> None:
        """Make a collection's vector files anew, so that nothing deleted is left in them."""
        for stamp in self._stamps():
            self.publisher.rewrite(collection, stamp)

    def forget(self) -> int:
        """Make the vector files anew that hold anything deleted; of how many collections."""
        stale = {one for stamp in self._stamps() for one in self.publisher.stale(stamp)}
        for collection in sorted(stale):
            self.rewrite(collection)
        return len(stale)

    def remove_files(self, names: Sequence[str]) -> None:
        """Delete vector files that no row speaks of any more."""
        self.publisher.files.remove(names)

    def sweep(self) -> list[str]:
        """Delete vector files that a crash left without a row; their names."""
        return self.publisher.sweep()


def prepared(title: str, chunk: Chunk, language: Language) -> Terms:
    """A chunk's terms for both kinds of keyword search.

    What it stands below counts as its heading: in a first line title and headings, with the
    places that the chunk is (``lei8069art27par2``), in a second the caput or lead-in above
    it, which may mention other places. Known items of 27 laws, asked by words of an item and
    of its caput: R@1 0.59 without the lead, 0.69 with its stems, 0.76 with its 4-grams too;
    items asked by their own words lost nothing.
    """
    path = f"{title}\n{chunk.heading}"
    own = identifiers.own(provisions.within(chunk.text, chunk.heading), path)
    named = dict.fromkeys([*keywords.terms(path, language).split(), *own])
    return Terms(
        language=language,
        heading_terms=f"{' '.join(named)}\n{keywords.terms(chunk.lead, language)}",
        terms=keywords.prepare(chunk.text, language),
        words=keywords.folded_lines(f"{title} {chunk.heading} {chunk.lead}", chunk.text),
    )


def _lacking(database: Database, stamp: str) -> Iterator[Waiting]:
    embedders, after = Embedders(database), 0
    while waiting := embedders.lacking(stamp, after, BATCH):
        yield waiting
        after = waiting[-1][0]


def _ahead(embedder: Embedder, batches: Iterator[Waiting]) -> Generator[list[Embedding]]:
    """The vectors of chunks, batch by batch.

    While a batch is being stored, which waits for the disk, the next one is with the
    embedder already, so that it never waits for us.
    """
    ahead: deque[tuple[Waiting, Future[Vectors]]] = deque()
    hand = ThreadPoolExecutor(1, "embed")
    try:
        for waiting in batches:
            ahead.append((waiting, hand.submit(embedder.embed, _texts(waiting))))
            if len(ahead) == 2:
                yield _embeddings(*ahead.popleft())
        while ahead:
            yield _embeddings(*ahead.popleft())
    finally:
        # Not waited for: who cancels would wait for a batch that nobody wants.
        hand.shutdown(wait=False, cancel_futures=True)


def _spans(text: str) -> tuple[Span, ...]:
    # Windows, never the whole chunk: MiniLM would not read the second half of it.
    return tuple(windows(text)) or ((0, len(text)),)


def _texts(waiting: Waiting) -> list[str]:
    return [text[start:end] for _, text in waiting for start, end in _spans(text)]


def _embeddings(waiting: Waiting, rows: Future[Vectors]) -> list[Embedding]:
    vectors, embedded, at = rows.result(), [], 0
    for number, text in waiting:
        spans = _spans(text)
        embedded.append(Embedding(chunk=number, spans=spans, vectors=vectors[at : at + len(spans)]))
        at += len(spans)
    return embedded
