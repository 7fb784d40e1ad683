"""How documents come in, begin again and go: their rows, their files and their jobs together.

Promises: a document that was acknowledged has its file, flushed to the disk before
its row was committed; the same content stands once in a collection and once on the
disk; and a file without a document goes, at the latest when the worker next starts.

Files are put in place and taken away inside a write transaction, so that a removal
and an arrival of the same content wait for each other, also between processes.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from appliance import collections, disk, holds, library, readings, reviews
from appliance.database import Database, Writer
from appliance.errors import BadRequest, Conflict, NoSpace, NotFound
from appliance.index.reading.kinds import recognise
from appliance.jobs import ledger
from appliance.jobs.failpoint import step
from appliance.jobs.queue import Queue
from appliance.records import Caller, Document, Job, Language, Ocr, Problem, Record, new_id
from appliance.settings import Settings

KIND = "ingest"
STALE_SECONDS = 3600.0  # an upload that got no byte for an hour has nobody behind it


Also = Callable[[Writer, Document], None]


class Upload(Record, frozen=True):
    """A file that has arrived whole in ``incoming``; ``sha256`` is its hash in hexadecimal."""

    path: Path
    file_name: str
    bytes: int
    sha256: str
    title: str = ""  # empty: made from the file's name
    language: Language | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    supersedes: str | None = None
    parent: str | None = None


def incoming(settings: Settings) -> Path:
    """The folder where uploads are written until they are whole; on the disk of the files."""
    folder = settings.data / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def file_of(settings: Settings, sha256: str) -> Path:
    """Where the file with this content is kept."""
    return settings.data / "files" / sha256[:2] / sha256


def accept(
    database: Database,
    settings: Settings,
    queue: Queue,
    collection: str,
    upload: Upload,
    *,
    also: Also = lambda db, document: None,
) -> tuple[Document, Job]:
    """Take an uploaded file into the library and queue its reading. Raises as ``keep`` does."""
    document, job = keep(database, settings, collection, upload, also=also)
    queue.deliver(job.id)
    return document, job


def keep(
    database: Database,
    settings: Settings,
    collection: str,
    upload: Upload,
    *,
    also: Also = lambda db, document: None,
) -> tuple[Document, Job]:
    """Take a file that has arrived into the library, with the job that will read it.

    ``upload.path`` is moved away, or removed when it is refused. ``also`` writes down what
    else is true with the document, in its transaction. Raises ``NotFound``
    for the collection, ``Conflict`` (``already_in_library`` with the facts document
    and title), ``UnsupportedType`` and ``Unreadable`` as ``recognise`` does, and
    ``NoSpace``.
    """
    try:
        kind = recognise(upload.path, upload.file_name)
        _flush(upload.path)
        with database.write() as db:
            collections.get(database, collection)
            document = library.add(
                db,
                collection=collection,
                title=upload.title or library.title_of(upload.file_name),
                file_name=upload.file_name,
                media_type=kind.media_type,
                bytes=upload.bytes,
                sha256=upload.sha256,
                paged=kind.paged,
                language=upload.language,
                valid_from=upload.valid_from,
                valid_to=upload.valid_to,
                supersedes=upload.supersedes,
                parent=upload.parent,
            )
            job = ledger.open(database, KIND, document.id)
            also(db, document)
            _keep(upload.path, file_of(settings, upload.sha256))
            step("file kept")
    except (OSError, sqlite3.OperationalError) as fault:
        if disk.is_full(fault):
            raise NoSpace("no_space") from fault
        raise
    finally:
        upload.path.unlink(missing_ok=True)
    step("upload accepted")
    return document, job


def accept_text(
    database: Database,
    settings: Settings,
    queue: Queue,
    collection: str,
    *,
    title: str,
    text: str,
    language: Language | None = None,
) -> tuple[Document, Job]:
    """Take a text as a document of its own. Raises as ``accept`` does, and ``NoSpace`` where
    the disk is nearly full."""
    disk.check(settings.data)
    written = text.encode()
    path = incoming(settings) / f"{new_id()}.txt"
    path.write_bytes(written)
    upload = Upload(
        path=path,
        file_name=f"{title}.txt",
        bytes=len(written),
        sha256=hashlib.sha256(written).hexdigest(),
        title=title,
        language=language,
    )
    return accept(database, settings, queue, collection, upload)


def read_again(
    database: Database,
    queue: Queue,
    document_id: str,
    *,
    language: Language | None = None,
    ocr: Ocr = "auto",
    pages: Sequence[int] | None = None,
) -> tuple[Document, Job]:
    """Queue a document to be read again; one that waits or runs is enough.

    ``language`` and ``ocr`` are how; ``pages`` are the numbers of those that are replaced,
    all when not given. What a person settled about pages that are named is forgotten; of the
    others it stays. Raises ``NotFound``, ``BadRequest`` (``no_such_pages``) for pages that it
    does not have, and ``Conflict`` (``being_read``) where a reading runs that goes otherwise.
    """
    with database.write() as db:
        document = library.get(database, document_id)
        job = ledger.current(database, KIND, document_id)
        if job is not None and job.state == "running":
            if pages is not None or (language or document.language, ocr) != _way(document):
                raise Conflict("being_read")
            return document, job
        readings.end(db, document_id)
        if pages is not None:
            _check_pages(document, pages)
            reviews.forget(db, document_id, pages)
        library.wish(db, document_id, language=language, ocr=ocr, pages=pages)
        library.set_state(database, document_id, "queued")
        job = job or ledger.open(database, KIND, document_id)
        document = library.get(database, document_id)
    queue.deliver(job.id)
    return document, job


def correct(
    database: Database,
    queue: Queue,
    caller: Caller,
    document_id: str,
    number: int,
    text: str | None,
) -> Job:
    """Give a page a person's text (None: what was read), and queue the document to be split
    and embedded anew, without being read.

    Raises ``NotFound``, and ``Conflict`` (``being_read``) while the document is not ready.
    """
    with database.write() as db:
        if library.get(database, document_id).state != "ready":
            raise Conflict("being_read")
        reviews.settle(db, caller, document_id, number, text=text)
        library.set_state(database, document_id, "indexing", chunks=0)
        job = ledger.open(database, KIND, document_id)
    queue.deliver(job.id)
    return job


def _way(document: Document) -> tuple[Language | None, Ocr]:
    return document.language, document.ocr


def _check_pages(document: Document, pages: Sequence[int]) -> None:
    """Only some pages are read again where all were read before."""
    if not pages or document.chunks == 0 or not all(1 <= one <= document.pages for one in pages):
        raise BadRequest("no_such_pages", pages=document.pages)


def remove(database: Database, settings: Settings, document_id: str) -> Document:
    """Remove a document, its pages, chunks and file, and the attachments that came with it;
    a waiting job is cancelled, and a running one ends by itself. Gives the document as it was.
    Raises ``NotFound``, ``Conflict`` (``on_hold``)."""
    with database.write() as db:
        whole = family(database, document_id)
        for one in whole:
            remove_row(database, db, one.id)
    # After the commit: a crash in between leaves a file too many, never one too few.
    for one in whole:
        remove_file(database, settings, one.sha256)
    return whole[-1]


def family(database: Database, document_id: str) -> list[Document]:
    """The document after everything that came with it. Raises ``NotFound``."""
    document = library.get(database, document_id)
    below = [family(database, child.id) for child in library.children(database, document.id)]
    return [*(one for branch in below for one in branch), document]


def remove_row(database: Database, db: Writer, document_id: str) -> bool:
    """Remove a document's row inside the caller's transaction, and cancel its job; its file
    is the caller's to remove after the commit. Whether it was there. Raises ``Conflict``
    (``on_hold``)."""
    holds.check(database, "document", document_id)
    if job := ledger.current(database, KIND, document_id):
        ledger.cancel(database, job.id)
    return library.remove(db, document_id)


def remove_collection(database: Database, settings: Settings, collection: str) -> None:
    """Remove a collection with its documents, each whole: interrupted, it is only smaller.

    Raises ``NotFound``, ``Conflict`` (``on_hold``) for itself or any of its documents.
    """
    collections.get(database, collection)
    holds.check(database, "collection", collection)
    while found := library.of_collection(database, collection, limit=200):
        for document in found:
            # One of them may have gone with the message that it came with.
            with contextlib.suppress(NotFound):
                remove(database, settings, document.id)
    with database.write() as db:
        collections.remove(db, collection)


def remove_file(database: Database, settings: Settings, sha256: str) -> None:
    """Remove a content's file, unless another document stands on it."""
    with database.write():
        if not library.shared_content(database, sha256):
            file_of(settings, sha256).unlink(missing_ok=True)


def sweep_files(
    database: Database, settings: Settings, *, stale_seconds: float = STALE_SECONDS
) -> int:
    """Remove uploads that broke off and files without a document; how many there were."""
    now, gone = time.time(), 0
    for path in incoming(settings).iterdir():
        with contextlib.suppress(FileNotFoundError):
            if now - path.stat().st_mtime > stale_seconds:
                # A folder is what a conversion left that was cut short.
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone += 1
    for path in (settings.data / "files").glob("??/*"):
        if not library.shared_content(database, path.name):
            remove_file(database, settings, path.name)
            gone += not path.exists()
    return gone


def give_up(database: Database, document_id: str, problem: Problem) -> None:
    """The document's job ended without success: the document says why."""
    library.set_state(database, document_id, "failed", problem=problem)


def begin_again(database: Database, job: Job) -> bool:
    """The document of a retried job waits again; False when it is gone.

    Raises ``Conflict`` (``job_already_queued``) when another job does the same.
    """
    if library.find(database, job.subject) is None:
        return False
    if ledger.current(database, KIND, job.subject, but=job.id):
        raise Conflict("job_already_queued")
    library.set_state(database, job.subject, "queued")
    return True


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _keep(path: Path, place: Path) -> None:
    """Put a flushed file in its place, so that it is there after a power cut."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o600)
    path.replace(place)
    for folder in (place.parent, place.parent.parent, place.parent.parent.parent):
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
