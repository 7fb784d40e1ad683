"""Documents that a sync or a person removes, and how they come back.

Promises: what was discarded is in no search from the commit on, and its file is kept for
``trash_days``; a document whose file changed is discarded only when its successor is ready;
and one that another thing still stands on, or that was there before any source, stays.
"""

from datetime import UTC, datetime, timedelta

from appliance import families, holds, library, trash
from appliance.database import Database, Writer
from appliance.jobs import intake, ledger
from appliance.jobs.failpoint import step
from appliance.jobs.queue import Queue
from appliance.records import Document, Job, timestamp
from appliance.settings import Settings
from appliance.sources import entries


def discard(
    database: Database, db: Writer, document: str, *, reason: trash.Reason, origin: str
) -> bool:
    """Move a document to the trash inside the caller's transaction, and with it what came with
    it, but for what is a file of a source besides; its waiting job is cancelled, and a running
    one ends by itself. False when it was gone."""
    for child in entries.adopt(db, document):
        families.part(db, child)
    if job := ledger.current(database, intake.KIND, document):
        ledger.cancel(database, job.id)
    return trash.put(db, document, reason=reason, origin=origin)


def put_away(database: Database, document: str) -> None:
    """A person moves a document to the trash; as with ``discard``, no search finds it any more.

    Raises ``Conflict`` (``on_hold``).
    """
    with database.write() as db:
        holds.check(database, "document", document)
        discard(database, db, document, reason="removed", origin="")


def restore(database: Database, queue: Queue, document: str) -> tuple[Document, Job]:
    """Bring a document back, under its old id, to be read again.

    Raises ``NotFound``, ``Conflict`` (``already_in_library``).
    """
    with database.write() as db:
        trash.restore(db, document)
        job = ledger.open(database, intake.KIND, document)
        restored = library.get(database, document)
    queue.deliver(job.id)
    return restored, job


def settle_replaced(database: Database) -> int:
    """Discard the documents whose successors are ready; how many there were."""
    found = entries.replaced(database)
    for one in found:
        with database.write() as db:
            entries.settle(db, one.source, one.key)
            if not entries.owned(database, one.former):
                discard(database, db, one.former, reason="changed", origin=one.address)
        step("former version discarded")
    return len(found)


def empty(database: Database, settings: Settings, now: datetime | None = None) -> int:
    """Forget for good what lay in the trash for ``trash_days``; how many there were."""
    until = (now or datetime.now(UTC)) - timedelta(days=settings.trash_days)
    with database.write() as db:
        contents = trash.remove_older(db, timestamp(until))
    # After the commit: a crash in between leaves a file too many, never one too few.
    for sha256 in contents:
        intake.remove_file(database, settings, sha256)
    return len(contents)
