"""Upgrading: the data of an older version becomes this one's on a copy, or stays as it was.

Nobody else may have the database open, which SQLite itself is asked. Then: a snapshot of it,
a second copy, the migrations on that, its proof, and one rename that puts it in the place of
the old. The golden questions are asked of the copy before its migrations and after them, and
one that no longer finds its document leaves the old in place. Killed anywhere before the
rename, the old database is there untouched; after it, the new one. There is no log of changes
(``-wal``) to go with the wrong one: it is written back into the database before anything else.

A snapshot is a folder ``snapshots/TIME`` with ``appliance.db``, ``snapshot.json`` and, under
``files``, a second name for every original. That is safe and takes no room: an original is
named by its SHA-256, and is written once and removed, never changed. The vector files of the
index are not held: they are made again from the database where they are missing. A renewed
master key still opens what was sealed before.
"""

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from appliance import places
from appliance.archive import contents, expected, making, snapshot
from appliance.archive.making import flush_folder
from appliance.database import Database, known_steps
from appliance.errors import Conflict, NoSpace, Unavailable
from appliance.jobs.failpoint import step
from appliance.records import Record, timestamp

FOLDER = places.SNAPSHOTS
WORKSHOP = places.UPGRADING
KEPT = 2
SEARCHES = 20
_BUSY_SECONDS = 2.0


class Snapshot(Record, frozen=True):
    """The database before an upgrade: ``steps`` of the schema that it has had, ``bytes`` of
    its file; ``id`` is the name of its folder."""

    id: str
    made_at: str
    steps: tuple[str, ...]
    bytes: int


def pending(data: Path) -> tuple[str, ...]:
    """The steps of the schema that the data has still to take; none where there is no data.

    Raises ``Unavailable`` (``data_newer``) where a newer program has been at it.
    """
    file = data / contents.DATABASES[0]
    if not file.exists() or not file.stat().st_size:
        return ()
    known, had = known_steps(), applied(file)
    if beyond := set(had) - set(known):
        raise Unavailable("data_newer", step=max(beyond))
    return tuple(one for one in known if one not in had) if had else ()


def wanted(data: Path) -> tuple[str, ...]:
    """The steps that ``upgrade`` would take now, for which there is room.

    Raises as ``pending`` does, and ``NoSpace``.
    """
    steps = pending(data)
    if steps:
        _check_room(data)
    return steps


def upgrade(data: Path) -> Snapshot | None:
    """Bring the data to this program's version; the snapshot of what it was, None where
    there is nothing to do. Whoever calls holds the data folder.

    Raises ``Conflict`` (``upgrade_in_use``), ``NoSpace`` (``upgrade_no_space``) and
    ``Unavailable`` (``upgrade_failed``, ``upgrade_golden_lost``); the data is then as it was.
    """
    clean(data)
    if not pending(data):
        return None
    try:
        with in_hand(data):
            _check_room(data)
            made = _take(data)
            _swap(data)
        _prune(data, made)
    except (sqlite3.Error, OSError) as fault:
        raise Unavailable("upgrade_failed", reason=str(fault)) from fault
    finally:
        clean(data)
    return made


def every(data: Path) -> list[Snapshot]:
    """The snapshots, the newest first."""
    found = []
    for file in (data / FOLDER).glob("*/snapshot.json"):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            found.append(msgspec.json.decode(file.read_bytes(), type=Snapshot))
    return sorted(found, key=lambda one: one.id, reverse=True)


def clean(data: Path) -> None:
    """Remove what an upgrade or a rollback that was broken off has left beside the data."""
    shutil.rmtree(data / WORKSHOP, ignore_errors=True)


@contextlib.contextmanager
def in_hand(data: Path) -> Iterator[None]:
    """Have the database alone, as one file without a log of changes. Whoever starts meanwhile
    waits at ``migrate.lock``. Raises ``Conflict`` (``upgrade_in_use``)."""
    with (data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        raw = sqlite3.connect(
            data / contents.DATABASES[0], timeout=_BUSY_SECONDS, isolation_level=None
        )
        try:
            (mode,) = raw.execute("pragma journal_mode = delete").fetchone()
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault):
                raise
            mode = "wal"
        finally:
            raw.close()
        if mode != "delete":
            raise Conflict("upgrade_in_use", folder=str(data))
        yield


def put_in_place(data: Path, file: Path) -> None:
    """Let a database take the place of the one that is there, at once and for good."""
    _flush(file)
    step("the copy is on the disk")
    file.replace(data / contents.DATABASES[0])
    step("in its place")
    flush_folder(data)


def check_room(data: Path, wanted: int) -> None:
    """Raise ``NoSpace`` (``upgrade_no_space``) where ``wanted`` bytes would leave none."""
    needed, free = wanted + making.MARGIN, shutil.disk_usage(data).free
    if free < needed:
        raise NoSpace(
            "upgrade_no_space", folder=str(data), need_mb=(needed >> 20) + 1, free_mb=free >> 20
        )


def _check_room(data: Path) -> None:
    """Room for the snapshot and the copy, which may grow by half while it is migrated."""
    check_room(data, 5 * (data / contents.DATABASES[0]).stat().st_size // 2)


def _take(data: Path) -> Snapshot:
    """A snapshot, built in the workshop and moved into its folder when it is whole."""
    source, built = data / contents.DATABASES[0], data / WORKSHOP / "snapshot"
    snapshot.copy(source, built / contents.DATABASES[0])
    step("copied")
    snapshot.hold(data, built, _originals(built / contents.DATABASES[0]))
    made = Snapshot(
        id=f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}",
        made_at=timestamp(),
        steps=tuple(applied(source)),
        bytes=source.stat().st_size,
    )
    (built / "snapshot.json").write_bytes(msgspec.json.encode(made))
    for file in (built / contents.DATABASES[0], built / "snapshot.json"):
        _flush(file)
    flush_folder(built)
    step("snapshot built")
    (data / FOLDER).mkdir(exist_ok=True, mode=0o700)
    built.rename(data / FOLDER / made.id)
    flush_folder(data / FOLDER)
    step("snapshot kept")
    return made


def _swap(data: Path) -> None:
    old, copied = data / contents.DATABASES[0], data / WORKSHOP / contents.DATABASES[0]
    snapshot.copy(old, copied)
    step("copied again")
    database = Database(copied)
    try:
        before = expected.taken(database, data)
        database.migrate()
        lost = expected.lost(database, data, before or ())
    finally:
        snapshot.settle(database)
    step("migrated")
    if reason := _otherwise(old, copied):
        raise Unavailable("upgrade_failed", reason=reason)
    if lost:
        raise Unavailable("upgrade_golden_lost", count=len(lost), questions=expected.named(lost))
    step("proven")
    put_in_place(data, copied)


def _otherwise(old: Path, new: Path) -> str | None:
    """What a migrated copy lacks or finds otherwise than the database it was made from."""
    with _reading(new) as after, _reading(old) as before:
        (said,) = after.execute("pragma integrity_check(1)").fetchone()
        if said != "ok":
            return str(said)
        broken = set(after.execute("pragma foreign_key_check"))
        if broken - set(before.execute("pragma foreign_key_check")):
            return "foreign keys"
        counts = _counts(after)
        for table, rows in _counts(before).items():
            if table != "_sqlite_migrations" and counts.get(table) != rows:
                return f"{table}: {rows} -> {counts.get(table)}"
        for term, passages in _searches(before).items():
            if _found(after, term) != passages:
                return "search"
    return None


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has; those of the search index are compared by searching."""
    tables = db.execute("select name from pragma_table_list where schema = 'main'"
                        " and type = 'table' and name not like 'sqlite^_%' escape '^'")  # fmt: skip
    return {
        name: db.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables.fetchall()
    }


def _searches(db: sqlite3.Connection) -> dict[str, list[Any]]:
    """Words of the library with the passages that each finds, best first."""
    words = db.execute("select term from term_counts limit ?", [SEARCHES * 100]).fetchall()
    chosen = [word for (word,) in words[:: len(words) // SEARCHES + 1]]
    return {word: _found(db, word) for word in chosen}


def _found(db: sqlite3.Connection, word: str) -> list[Any]:
    quoted = '"' + word.replace('"', '""') + '"'
    return db.execute(
        "select rowid from chunk_terms where chunk_terms match ? order by rank, rowid limit 5",
        [quoted],
    ).fetchall()


def _originals(file: Path) -> list[str]:
    database = Database(file)
    try:
        return snapshot.originals(database)
    finally:
        snapshot.settle(database)


def applied(file: Path) -> list[str]:
    """The steps of the schema that a database has had, in their order."""
    with _reading(file) as db:
        if not db.execute("select 1 from pragma_table_list('_sqlite_migrations')").fetchone():
            return []
        rows = db.execute(
            "select name from _sqlite_migrations where migration_set = 'appliance' order by rowid"
        ).fetchall()
    return [name for (name,) in rows]


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        yield db
    finally:
        db.close()


def _prune(data: Path, made: Snapshot) -> None:
    """Keep this one and the last of another version; what was broken off before counts not."""
    others = [one for one in every(data) if one.id != made.id]
    same = [one for one in others if one.steps == made.steps]
    older = [one for one in others if one.steps != made.steps]
    for one in [*same, *older[KEPT - 1 :]]:
        remove(data, one)


def remove(data: Path, one: Snapshot) -> None:
    """Remove a snapshot; what tells of it first, so that a half one is none."""
    folder = data / FOLDER / one.id
    (folder / "snapshot.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _flush(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
