"""What a source holds now beside what it held: the plan of a run.

Nothing is changed here but the notes of what was seen. A thing is fetched only where its
size or its mark moved, or where it may be a known one under another name, and then only to
be hashed; what is new is fetched when it is taken.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from appliance import disk
from appliance.database import Database
from appliance.errors import Refusal
from appliance.jobs.listing import Entry, FetchedFile, Gap, problem_of
from appliance.records import new_id
from appliance.sources import Source, entries
from appliance.sources.entries import SourceEntry
from appliance.sources.runs import LogLine, Run

BATCH = 500  # things that are compared in one go


class Plan(msgspec.Struct, kw_only=True):
    """What would be done. ``renames`` maps a new key to what was known under the old one.

    ``listed`` counts the things that are there, ``known`` those that were; ``errors`` those
    of them that could not be looked at.
    """

    adds: dict[str, Entry] = {}
    changes: dict[str, tuple[Entry, SourceEntry]] = {}
    renames: dict[str, tuple[Entry, SourceEntry]] = {}
    removals: list[SourceEntry] = []
    gaps: list[Gap] = []
    listed: int = 0
    known: int = 0
    errors: int = 0

    @property
    def size(self) -> int:
        """How many things something is to be done about."""
        return len(self.adds) + len(self.changes) + len(self.renames) + len(self.removals)

    def lines(self) -> Iterator[LogLine]:
        """The plan as lines of a log."""
        for gap in self.gaps:
            yield failed(gap)
        for key, entry in self.adds.items():
            yield LogLine(act="add", key=key, name=entry.name, planned=True)
        for key, (entry, row) in self.changes.items():
            yield LogLine(
                act="change", key=key, name=entry.name, document=row.document, planned=True
            )
        for key, (entry, row) in self.renames.items():
            yield LogLine(
                act="rename",
                key=key,
                name=entry.name,
                former=row.key,
                document=row.document,
                planned=True,
            )
        for row in self.removals:
            yield LogLine(
                act="remove", key=row.key, name=row.name, document=row.document, planned=True
            )


def failed(gap: Gap) -> LogLine:
    """The line of a log that tells of a gap."""
    name = gap.key.rpartition("/")[2] or gap.key
    return LogLine(act="fail", key=gap.key, name=name, planned=True, problem=gap.problem)


class Comparison:
    """Compares one listing. ``check`` raises when the run has to end; ``told`` is called with
    the number of things that were compared."""

    def __init__(
        self,
        database: Database,
        source: Source,
        run: Run,
        scratch: Path,
        *,
        check: Callable[[], None],
        told: Callable[[int], None],
    ) -> None:
        self.database = database
        self.source = source
        self.run = run
        self.scratch = scratch
        self.check = check
        self.told = told
        self.plan = Plan(known=entries.count(database, source.id))

    def plan_of(self, things: Iterable[Entry | Gap]) -> Plan:
        """The plan that follows from a listing. Raises what the listing and ``check`` raise."""
        given = iter(things)
        while batch := list(islice(given, BATCH)):
            self._compare([one for one in batch if isinstance(one, Entry)])
            self.plan.gaps += [one for one in batch if isinstance(one, Gap)]
            self.told(self.plan.listed)
        self._miss()
        self._find_renamed()
        return self.plan

    def _compare(self, batch: list[Entry]) -> None:
        self.plan.listed += len(batch)
        known = entries.known(self.database, self.source.id, [one.key for one in batch])
        same, touched = [], []
        for entry in batch:
            row = known.get(entry.key)
            if row is None:
                self.plan.adds[entry.key] = entry
            elif not _moved(entry, row):
                same.append(entry.key)
            elif (file := self._hashed(entry)) is None:
                continue
            elif file.sha256 == row.sha256:
                same.append(entry.key)
                touched.append(_marked(row, entry, file))
            else:
                self.plan.changes[entry.key] = (entry, row)
        # Not waited for on the disk: after a power cut the run begins again anyway.
        with self.database.write(fleeting=True) as db:
            for row in [] if self.run.dry_run else touched:
                entries.remember(db, row, self.run.id)
            entries.see(db, self.source.id, same, self.run.id)

    def _hashed(self, entry: Entry) -> FetchedFile | None:
        """The thing's content without keeping it; None, and a gap, where that fails."""
        self.check()
        place = self.scratch / new_id()
        try:
            return entry.fetch(place)
        except (OSError, Refusal) as fault:
            if disk.is_full(fault):
                raise
            self.plan.gaps.append(Gap(key=entry.key, problem=problem_of(fault)))
            return None
        finally:
            place.unlink(missing_ok=True)

    def _miss(self) -> None:
        """What is known and was not seen is missed, unless it lies in a gap. One that was asked
        for and is not there is missed wherever it lies: of that the run is sure."""
        gone = {gap.key for gap in self.plan.gaps if gap.kind == "gone"}
        blind = {gap.key for gap in self.plan.gaps if gap.kind != "gone"}
        waiting = {gap.key for gap in self.plan.gaps if gap.kind == "busy"}
        beneath: set[str] = set()
        for row in entries.unseen(self.database, self.source.id, self.run.id):
            if row.key in self.plan.changes:
                continue
            if row.key in gone or (gap := _covering(row.key, blind)) is None:
                self.plan.removals.append(row)
            else:
                beneath.add(gap)
                self.plan.errors += gap not in waiting
        alone = [gap for gap in self.plan.gaps if gap.kind != "busy" and gap.key not in beneath]
        self.plan.errors += len(alone)

    def _find_renamed(self) -> None:
        """A new thing with the content of a missed one is that one under another name."""
        missed: dict[str, list[SourceEntry]] = defaultdict(list)
        for row in self.plan.removals:
            if row.sha256:
                missed[row.sha256].append(row)
        sizes = {row.bytes for rows in missed.values() for row in rows}
        for key, entry in list(self.plan.adds.items()):
            if not missed or not (entry.bytes is None or entry.bytes in sizes or None in sizes):
                continue
            file = self._hashed(entry)
            if file and (rows := missed.get(file.sha256)):
                row = next((one for one in rows if one.name == entry.name), rows[0])
                rows.remove(row)
                self.plan.renames[key] = (entry, row)
                del self.plan.adds[key]
            elif file is None:
                del self.plan.adds[key]
        renamed = {row.key for _, row in self.plan.renames.values()}
        self.plan.removals = [row for row in self.plan.removals if row.key not in renamed]


def _moved(entry: Entry, row: SourceEntry) -> bool:
    """Whether the thing's content may be another than the known one."""
    if entry.changed is None or entry.changed != row.changed:
        return True
    return entry.bytes is not None and entry.bytes != row.bytes


def _marked(row: SourceEntry, entry: Entry, file: FetchedFile) -> SourceEntry:
    changed = file.changed or entry.changed
    return msgspec.structs.replace(row, changed=changed, bytes=file.bytes)


def _covering(key: str, gaps: set[str]) -> str | None:
    """The gap that a key lies in, or None."""
    if not gaps:
        return None
    if key in gaps:
        return key
    while key:
        key = key.rpartition("/")[0]
        if key in gaps:
            return key
    return None
