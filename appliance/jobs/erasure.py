"""Erasing for good: a person, a visitor, a conversation, or a document, with a receipt.

The rows go while whoever asked waits, in one transaction with the tombstone that repeats
it for an older copy of the data. The job of kind "erase" then takes the traces out of the
files: vector files, full-text indexes, free pages, the log of changes, and removes the copies
of the database that an upgrade left. Killed anywhere it
is done again, and doing it twice is harmless.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from appliance import accounts, attached, audit, holds, trash
from appliance.database import Database, Writer
from appliance.errors import Conflict, NotFound
from appliance.jobs import intake, ledger
from appliance.jobs.failpoint import step
from appliance.jobs.queue import Queue
from appliance.jobs.watch import SubjectGone, Watch
from appliance.records import ITSELF, Caller, Job, timestamp
from appliance.settings import Settings
from appliance.subjects import erasing, erasures, tombstones
from appliance.subjects.erasures import Erasure, Kind

KIND = "erase"
log = logging.getLogger(__name__)


class Index(Protocol):
    """Keeps the vector files; ``answering.indexing.Indexer`` is one."""

    def forget(self) -> int:
        """Make the vector files anew that hold anything deleted; of how many collections."""
        ...


def erase(
    database: Database,
    settings: Settings,
    queue: Queue,
    caller: Caller,
    kind: Kind,
    subject: str,
    reason: str,
) -> tuple[Erasure, Job]:
    """Remove the rows and files now, and open the job that takes out their traces.

    Raises ``NotFound``, and ``Conflict``: ``last_administrator`` for the last one, ``on_hold``
    where a legal hold keeps it.
    """
    erasure, job = _erase(database, settings, caller, erasures.begun(kind, subject, caller, reason))
    queue.deliver(job.id)
    return erasure, job


def _erase(
    database: Database, settings: Settings, caller: Caller, begun: Erasure
) -> tuple[Erasure, Job]:
    contents: list[str] = []
    with database.write() as db:
        if begun.kind != "visitor":  # of whom a conversation may be held: the triggers see to it
            holds.check(database, begun.kind, begun.subject)
        removed = _WAYS[begun.kind](database, db, caller, begun.subject, contents)
        erasure = msgspec.structs.replace(
            begun, removed={name: count for name, count in sorted(removed.items()) if count}
        )
        erasures.store(db, erasure)
        audit.record(
            db, caller, "subject.erase", erasure.id, kind=erasure.kind, reason=erasure.reason
        )
        job = ledger.open(database, KIND, erasure.id)
        tombstones.add(settings.data, erasure)
    step("rows erased")
    return _without_files(database, settings, erasure, contents), job


def _without_files(
    database: Database, settings: Settings, erasure: Erasure, contents: list[str]
) -> Erasure:
    """The erasure once the originals are gone: after the commit, so that a crash in between
    leaves a file too many, which goes at the next start, and never one too few."""
    files = 0
    for sha256 in set(contents):
        intake.remove_file(database, settings, sha256)
        files += not intake.file_of(settings, sha256).exists()
    erasure = msgspec.structs.replace(
        erasure, removed=erasure.removed | ({"files": files} if files else {})
    )
    with database.write() as db:
        erasures.store(db, erasure)
    return erasure


def _person(
    database: Database, db: Writer, caller: Caller, subject: str, contents: list[str]
) -> Counter[str]:
    person = accounts.get(database, subject)
    beside = sum(
        (
            _beside(database, db, caller, one, contents)
            for owner in erasing.owners(db, subject)
            for one in erasing.conversations_by(db, owner)
        ),
        Counter[str](),
    )
    removed = beside + erasing.person(db, subject)
    accounts.remove(db, subject)
    removed["accounts"] = 1
    removed["audit_rows_blanked"] += audit.blank(
        db, caller, by=f"person:{subject}", about=subject, naming=person.email
    )
    return removed


def _visitor(_: Database, db: Writer, __: Caller, subject: str, ___: list[str]) -> Counter[str]:
    removed = erasing.visitor(db, subject)
    if not removed.total():
        raise NotFound
    return removed


def _conversation(
    database: Database, db: Writer, caller: Caller, subject: str, contents: list[str]
) -> Counter[str]:
    removed = _beside(database, db, caller, subject, contents)
    removed += erasing.conversation(db, subject)
    if not removed["conversations"]:
        raise NotFound
    removed["audit_rows_blanked"] += audit.blank(db, caller, about=subject)
    return removed


def _beside(
    database: Database, db: Writer, caller: Caller, conversation: str, contents: list[str]
) -> Counter[str]:
    """What lies beside a conversation, each as a document that is erased by itself."""
    removed: Counter[str] = Counter()
    for document, sha256 in attached.contents(database, conversation).items():
        contents.append(sha256)
        removed += erasing.weight(database, document)
        removed["documents"] += intake.remove_row(database, db, document)
        removed += erasing.traces_of_document(db, document)
        removed["audit_rows_blanked"] += audit.blank(db, caller, about=document)
    return removed


def _document(
    database: Database, db: Writer, caller: Caller, subject: str, contents: list[str]
) -> Counter[str]:
    """The document with all that came with it, from the library or from the trash; not while an
    answer that quotes it stands in a conversation that is held."""
    if trashed := trash.find(database, subject):
        family = {subject: trashed.sha256}
    else:
        family = {one.id: one.sha256 for one in intake.family(database, subject)}
    contents += family.values()
    removed: Counter[str] = Counter()
    for one in family:
        for conversation in erasing.quoting(db, one):
            holds.check(database, "conversation", conversation)
        removed += erasing.weight(database, one)
        removed["answers"] += erasing.answers_from(db, one)
        removed["documents"] += intake.remove_row(database, db, one)
        removed += erasing.traces_of_document(db, one)
        removed["audit_rows_blanked"] += audit.blank(db, caller, about=one)
    return removed


_WAYS: dict[Kind, Callable[[Database, Writer, Caller, str, list[str]], Counter[str]]] = {
    "person": _person,
    "visitor": _visitor,
    "conversation": _conversation,
    "document": _document,
}


class Erasing:
    """Does the jobs of the kind "erase", whose subject is an erasure."""

    def __init__(self, database: Database, settings: Settings, index: Index) -> None:
        self.database = database
        self.settings = settings
        self.index = index

    def __call__(self, job: Job, watch: Watch) -> None:
        """Take the traces out, and complete the receipt. Raises ``SubjectGone`` where there
        is no such erasure, and ``Unavailable`` (``still_read``) to be done again later."""
        try:
            erasure = erasures.get(self.database, job.subject)
        except NotFound:
            raise SubjectGone from None
        watch.progress(0, 3, "steps")
        rewritten = self.index.forget()
        step("vector files forgot")
        watch.progress(1, 3, "steps")
        erasing.clear(self.database)
        watch.progress(2, 3, "steps")
        counted = {"vector_files": rewritten, "copies": erasing.copies(self.settings.data)}
        removed = erasure.removed | {name: count for name, count in counted.items() if count}
        now = datetime.now(UTC)
        with self.database.write() as db:
            erasures.store(
                db,
                msgspec.structs.replace(
                    erasure,
                    removed=removed,
                    done_at=timestamp(now),
                    backups_forget_at=timestamp(now + timedelta(days=self.settings.backup_days)),
                ),
            )


def adopt(database: Database, settings: Settings, queue: Queue) -> int:
    """Erase once more what an older copy of the data brought back; of how many erasures.
    What the copy does not hold at all is only written down."""
    known = erasures.known(database)
    again = [one for one in tombstones.read(settings.data) if one.id not in known]
    for one in again:
        begun = msgspec.structs.replace(one, removed={}, done_at=None, backups_forget_at=None)
        try:
            _, job = _erase(database, settings, ITSELF, begun)
        except NotFound:
            with database.write() as db:
                erasures.store(db, msgspec.structs.replace(begun, done_at=timestamp()))
        except Conflict as held:  # the older copy has a hold again: once it is released, a start
            log.warning("erasure %s waits: %s", one.id, held.code)
        else:
            queue.deliver(job.id)
    return len(again)


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: its receipt is there and not complete."""
    try:
        return erasures.get(database, job.subject).done_at is None
    except NotFound:
        return False
