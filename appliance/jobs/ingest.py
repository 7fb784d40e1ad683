"""The job that makes an uploaded file findable: read, split, embed, index.

Each stage replaces its own output, so running it twice is harmless, and commits as
it goes, so a kill costs one batch. The document's state says which stages are done:
``indexing`` means that all its pages are there, and a document that waits for the
engine goes on from there without being read again. A reading that was cut short goes
on behind its last batch (``readings``), and stands still while somebody is being
answered (``pace``).
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import appliance
from appliance import library, readings
from appliance.database import Database
from appliance.errors import Unreadable
from appliance.index.reading import child
from appliance.index.reading.kinds import Kind, by_media_type
from appliance.index.reading.process import Stopped
from appliance.index.reading.wire import Found
from appliance.index.splitting import split
from appliance.jobs import ledger
from appliance.jobs.arrival import Arrival
from appliance.jobs.attachments import Attachments
from appliance.jobs.failpoint import step
from appliance.jobs.intake import file_of, incoming
from appliance.jobs.pace import Pace, unhurried
from appliance.jobs.proposing import propose
from appliance.jobs.watch import Interruption, SubjectGone, Watch
from appliance.readings import Kept
from appliance.records import Chunk, Document, DocumentState, Job, Language, Ocr
from appliance.settings import Settings

LOOK_SECONDS = 0.02  # between two looks whether somebody is still being answered


class Index(Protocol):
    """Puts chunks where they are found; ``answering.indexing.Indexer`` is one."""

    def store(
        self,
        document: str,
        title: str,
        chunks: Sequence[Chunk],
        *,
        language: Language | None = None,
        on_progress: Callable[[int], object],
        give_way: Callable[[], object],
    ) -> Language:
        """Store chunks in place of the document's former ones, batch by batch; gives the
        language used. ``give_way`` is called before each chunk's terms are prepared."""
        ...

    def embed(self, document: str, *, on_progress: Callable[[int], None] | None = None) -> int:
        """Embed what has no vectors yet, batch by batch. Raises ``Unavailable``."""
        ...

    def publish(self, document: str) -> None:
        """Put the document's new vectors into a vector file."""
        ...


class Read(Protocol):
    """Reads one file in a child process of its own; ``index.reading.child.read``."""

    def __call__(
        self,
        path: Path,
        kind: Kind,
        *,
        name: str,
        memory_mb: int,
        seconds: int,
        first: int,
        language: Language | None,
        ocr: Ocr,
        stop: Callable[[], bool],
        hold: Callable[[], bool],
        scratch: Path,
    ) -> Iterator[Found]:
        """The outline, then the pages in order from ``first`` on, and after a page its
        attachments, then the tables.

        Raises ``Unreadable`` and ``child.Stopped``.
        """
        ...


class Ingestion:
    """Does the jobs of kind "ingest"; call it with a claimed job and its watch."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        index: Index,
        *,
        read: Read = child.read,
        pace: Pace = unhurried,
        deliver: Callable[[str], object] = lambda job: None,
    ) -> None:
        """``deliver`` hurries the jobs of attachments; the worker's sweep finds them anyway."""
        self.database = database
        self.settings = settings
        self.index = index
        self.read = read
        self.pace = pace
        self.deliver = deliver

    def __call__(self, job: Job, watch: Watch) -> None:
        """Bring the job's document to ``ready``.

        Raises ``Unreadable`` for what no further attempt can mend, ``Unavailable`` while
        the engine is away, and what ``Watch.check`` raises.
        """
        try:
            self._ingest(job.subject, watch)
        except (Interruption, ledger.Lost):
            raise
        except Exception as fault:
            # A document that is removed takes its pages and chunks from under every stage.
            if library.find(self.database, job.subject) is None:
                raise SubjectGone from fault
            raise

    def _ingest(self, document_id: str, watch: Watch) -> None:
        document = self._document(document_id)
        if document.state != "indexing":
            self._read(document, watch)
            document = self._document(document_id)
        if document.chunks == 0 or document.language is None:
            self._split(document, watch)
        self._embed(document_id, watch)
        self._publish(document_id, watch)

    def _read(self, document: Document, watch: Watch) -> None:
        """All pages, committed in batches as they come; then the document is ``indexing``."""
        self._move(document.id, "reading")
        step("document reading")
        path = file_of(self.settings, document.sha256)
        if not path.exists():
            raise Unreadable("file_missing", name=document.file_name)
        kind, stamp = by_media_type(document.media_type), _stamp(document)
        only = library.rereading(self.database, document.id)
        kept = Kept()
        if kind.resumable and only is None:
            kept = readings.kept(self.database, document.id, stamp)
        arrival = Arrival(
            self.database,
            document.id,
            watch,
            attachments=Attachments(self.database, self.settings, document, self.deliver),
            stamp=stamp,
            kept=kept,
            only=only,
        )
        items = self.read(
            path,
            kind,
            name=document.file_name,
            memory_mb=self.settings.reader_memory_mb,
            seconds=self.settings.reader_seconds,
            first=kept.pages + 1,
            stop=watch.interrupted,
            language=document.language,
            ocr=document.ocr,
            hold=self.pace,
            scratch=incoming(self.settings),
        )
        # Closed here and now: the reader's process belongs to this thread.
        with closing(cast("Generator[Found]", items)), _stops_with(watch):
            for item in items:
                watch.check()
                arrival.take(item)
        arrival.finish()

    def _split(self, document: Document, watch: Watch) -> None:
        pages = library.pages(self.database, document.id)
        chunks = split(pages, paged=library.is_paged(self.database, document.id))
        watch.check()
        told = watch.telling("terms")
        # Not in one transaction with the next: preparing the terms of a long document
        # takes seconds, in which nobody else could write.
        language = self.index.store(
            document.id,
            document.title,
            chunks,
            language=document.language,
            on_progress=lambda done: told(done, len(chunks)),
            give_way=lambda: self._give_way(watch),
        )
        step("chunks stored")
        self._move(document.id, "indexing", language=language)
        step("language noted")

    def _give_way(self, watch: Watch) -> None:
        """Wait while somebody is being answered."""
        while self.pace() and not watch.interrupted():
            time.sleep(LOOK_SECONDS)

    def _embed(self, document_id: str, watch: Watch) -> None:
        total = self._document(document_id).chunks
        before = self._embedded(document_id)
        watch.progress(before, total, "chunks")

        def further(done: int) -> None:
            step("batch embedded")
            watch.progress(min(before + done, total), total, "chunks")

        self.index.embed(document_id, on_progress=further)

    def _publish(self, document_id: str, watch: Watch) -> None:
        watch.check()
        self.index.publish(document_id)
        step("index published")
        self._move(document_id, "ready")
        step("document ready")
        propose(self.database, document_id)
        step("versions proposed")

    def _document(self, document_id: str) -> Document:
        document = library.find(self.database, document_id)
        if document is None:
            raise SubjectGone
        return document

    def _move(self, document_id: str, state: DocumentState, **facts: Any) -> None:
        with self.database.write():
            self._document(document_id)
            library.set_state(self.database, document_id, state, **facts)

    def _embedded(self, document_id: str) -> int:
        row = self.database.row(
            """
            select count(distinct vectors.chunk) as done
            from chunks join vectors on vectors.chunk = chunks.id
            where chunks.document = :document
            """,
            {"document": document_id},
        )
        return int(row["done"]) if row else 0


def _stamp(document: Document) -> str:
    """What pages of an earlier attempt must have been read from, and by, to be kept."""
    way = f"{document.language or '-'} {document.ocr}"
    return f"{document.sha256} as {document.media_type}, {way}, by {appliance.__version__}"


@contextmanager
def _stops_with(watch: Watch) -> Iterator[None]:
    """A reader that was told to stop ends for the reason that the watch knows."""
    try:
        yield
    except Stopped:
        watch.check()
        raise
