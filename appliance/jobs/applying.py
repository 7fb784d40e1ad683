"""Doing what a run planned, one thing after the other.

Each thing is one transaction: what became of it, what is known of it now and the line in
the run's log. So a run that was killed goes on where it was, and its log is whole.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance import disk, library, lifetime, trash
from appliance.database import Database, Writer
from appliance.errors import Conflict, NoSpace, Refusal, TooLarge
from appliance.jobs import intake, ledger
from appliance.jobs.comparing import Plan, failed
from appliance.jobs.discarding import discard
from appliance.jobs.failpoint import step
from appliance.jobs.listing import Entry, FetchedFile, problem_of
from appliance.jobs.queue import Queue
from appliance.records import Problem, new_id
from appliance.settings import Settings
from appliance.sources import Source, entries, runs
from appliance.sources.entries import SourceEntry
from appliance.sources.runs import LogLine, Run


class Application:
    """Applies the plan of one run of one source."""

    def __init__(
        self, database: Database, settings: Settings, queue: Queue, source: Source, run: Run
    ) -> None:
        self.database = database
        self.settings = settings
        self.queue = queue
        self.source = source
        self.run = run

    def apply(self, plan: Plan, told: Callable[[int, int], None]) -> None:
        """Do it all. ``told`` is called after each thing with how many are done, and may
        raise. Raises ``NoSpace``."""
        with self.database.write() as db:
            lines = [msgspec.structs.replace(failed(gap), planned=False) for gap in plan.gaps]
            runs.note(db, self.run.id, lines)
        step("gaps noted")
        done = 0
        # First what removes nothing.
        for entry, row in plan.renames.values():
            self._rename(entry, row)
            told(done := done + 1, plan.size)
        for entry, known in [
            *((entry, None) for entry in plan.adds.values()),
            *plan.changes.values(),
        ]:
            self._take(entry, known)
            told(done := done + 1, plan.size)
        for row in plan.removals:
            if not self.run.confirmed or runs.may_remove(self.database, self.run.id, row.key):
                self._remove(row)
            told(done := done + 1, plan.size)

    def _take(self, entry: Entry, row: SourceEntry | None) -> None:
        """Fetch a new or changed thing and take it into the library."""
        place = intake.incoming(self.settings) / new_id()
        try:
            self._expect_size(entry.name, entry.bytes)
            file = entry.fetch(place)
            self._expect_size(entry.name, file.bytes)
        except TooLarge as refusal:
            self._refuse(entry, row, None, refusal.problem)
        except (OSError, Refusal) as fault:
            if isinstance(fault, NoSpace) or disk.is_full(fault):
                raise
            # Not remembered: the next run tries again.
            self._note(
                LogLine(act="fail", key=entry.key, name=entry.name, problem=problem_of(fault))
            )
        else:
            self._keep(entry, row, file, place)
        finally:
            place.unlink(missing_ok=True)
        step("thing taken")

    def _keep(self, entry: Entry, row: SourceEntry | None, file: FetchedFile, place: Path) -> None:
        known = self._known(entry, file)
        if self._brought_back(known, row):
            return
        upload = intake.Upload(
            path=place,
            file_name=file.file_name,
            bytes=file.bytes,
            sha256=file.sha256,
            title=file.title,
            supersedes=self._superseded(row),
        )
        try:
            intake.accept(
                self.database,
                self.settings,
                self.queue,
                self.source.collection,
                upload,
                also=lambda db, document: self._taken(db, known, row, document.id),
            )
        except Conflict as refusal:
            if refusal.code != "already_in_library":
                raise
            self._share(known, row, refusal)
        except NoSpace:
            raise
        except Refusal as refusal:
            self._refuse(entry, row, file, refusal.problem)

    def _superseded(self, row: SourceEntry | None) -> str | None:
        """What the new version of a thing takes the place of. Where two things were one
        document and both change, the first of them does: a document has one successor."""
        former = row and row.owned and (row.former or row.document)
        if not row or not former:
            return None
        try:
            lifetime.may_follow(self.database, former, follower=row.former and row.document)
        except Conflict:
            return None
        return former

    def _brought_back(self, known: SourceEntry, row: SourceEntry | None) -> bool:
        """Whether its content lay in the trash, and is a document again."""
        with self.database.write() as db:
            found = trash.with_content(db, self.source.collection, str(known.sha256))
            if found is None or library.holds(db, found.collection, found.sha256):
                return False
            trash.restore(db, found.id)
            if self.source.kind == "folder":
                library.rename(db, found.id, known.name)
            job = ledger.open(self.database, intake.KIND, found.id)
            self._taken(db, known, row, found.id)
        self.queue.deliver(job.id)
        return True

    def _share(self, known: SourceEntry, row: SourceEntry | None, refusal: Conflict) -> None:
        """The same content is a document already: the thing stands on that one."""
        twin = str(refusal.facts["document"])
        owned = entries.owned(self.database, twin)
        with self.database.write() as db:
            self._taken(
                db,
                msgspec.structs.replace(known, owned=owned),
                row,
                twin,
                problem=refusal.problem,
            )

    def _taken(
        self,
        db: Writer,
        known: SourceEntry,
        row: SourceEntry | None,
        document: str,
        *,
        problem: Problem | None = None,
    ) -> None:
        """The thing is this document now; what it was before stays until that is ready."""
        former, unread = _former(row, document)
        entries.remember(
            db, msgspec.structs.replace(known, document=document, former=former), self.run.id
        )
        if unread and not entries.owned(self.database, unread):
            discard(self.database, db, unread, reason="changed", origin=self.source.address)
        line = LogLine(
            act="change" if row else "add",
            key=known.key,
            name=known.name,
            document=document,
            problem=problem,
        )
        runs.note(db, self.run.id, [line])

    def _refuse(
        self, entry: Entry, row: SourceEntry | None, file: FetchedFile | None, problem: Problem
    ) -> None:
        """It is no document of ours, and is not fetched again before it changes; what was
        made of it before stays."""
        known = self._known(entry, file)
        if row:
            known = msgspec.structs.replace(
                known, document=row.document, former=row.former, owned=row.owned
            )
        with self.database.write() as db:
            entries.remember(db, msgspec.structs.replace(known, problem=problem), self.run.id)
            line = LogLine(act="fail", key=entry.key, name=entry.name, problem=problem)
            runs.note(db, self.run.id, [line])

    def _rename(self, entry: Entry, row: SourceEntry) -> None:
        """The document keeps its id, and gets the new name."""
        known = msgspec.structs.replace(
            row, key=entry.key, name=entry.name, changed=entry.changed, bytes=entry.bytes
        )
        with self.database.write() as db:
            entries.forget(db, self.source.id, row.key)
            entries.remember(db, known, self.run.id)
            if row.document and row.owned and self.source.kind == "folder":
                library.rename(db, row.document, entry.name)
            line = LogLine(
                act="rename", key=entry.key, name=entry.name, former=row.key, document=row.document
            )
            runs.note(db, self.run.id, [line])
        step("thing renamed")

    def _remove(self, row: SourceEntry) -> None:
        with self.database.write() as db:
            entries.forget(db, self.source.id, row.key)
            for document in (row.document if row.owned else None, row.former):
                if document and not entries.owned(self.database, document):
                    origin = self.source.address
                    discard(self.database, db, document, reason="missing", origin=origin)
            line = LogLine(act="remove", key=row.key, name=row.name, document=row.document)
            runs.note(db, self.run.id, [line])
        step("thing removed")

    def _known(self, entry: Entry, file: FetchedFile | None) -> SourceEntry:
        return SourceEntry(
            source=self.source.id,
            key=entry.key,
            name=entry.name,
            document=None,
            former=None,
            owned=True,
            bytes=file.bytes if file else entry.bytes,
            changed=(file and file.changed) or entry.changed,
            sha256=file.sha256 if file else None,
            problem=None,
        )

    def _expect_size(self, name: str, size: int | None) -> None:
        limit = self.settings.upload_limit_mb
        if size is not None and size > limit << 20:
            raise TooLarge("source_file_too_large", name=name, limit=limit)

    def _note(self, line: LogLine) -> None:
        with self.database.write() as db:
            runs.note(db, self.run.id, [line])


def _former(row: SourceEntry | None, document: str) -> tuple[str | None, str | None]:
    """Of what a thing was before: the version that people find, which stays until the new
    one is ready, and one that was never read, which does not."""
    if row is None or not row.owned:
        return None, None
    if row.former is None:
        return (row.document if row.document != document else None), None
    unread = row.document if row.document != document else None
    return (row.former if row.former != document else None), unread
