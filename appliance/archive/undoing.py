"""Undoing an upgrade: the snapshot takes the database's place again, and what came since is kept.

First a folder ``rolled-back-TIME`` is written: the whole database as it is now, tables of the
people, documents and conversations that the snapshot does not have, and the originals of those
documents. Only then the snapshot is put back, by one rename: killed before it, the new version
is there as it was; after it, the old one. An erasure at somebody's right removes the snapshots
and these folders: there is no way back past it.
"""

import contextlib
import csv
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from appliance import places
from appliance.archive import contents, snapshot, upgrading
from appliance.archive.making import flush_folder
from appliance.archive.upgrading import Snapshot
from appliance.database import damage
from appliance.errors import NotFound, Unavailable
from appliance.jobs.failpoint import step
from appliance.records import Record

KEPT = places.ROLLED_BACK
# What people would miss, with the columns that tell it; ids alone say what is new.
TABLES = {
    "people": "id, name, email, role, created_at",
    "documents": "id, collection, title, file_name, bytes, sha256, created_at",
    "conversations": "id, assistant, owner, title, created_at",
    "messages": "id, conversation, question, answer, state, created_at",
}


class Undone(Record, frozen=True):
    """A rollback: the snapshot that is back, the folder with what came since, and how many
    rows of each table are only there."""

    snapshot: Snapshot
    folder: str
    lost: dict[str, int]


def available(data: Path) -> Snapshot:
    """The newest snapshot of an older version. Raises ``NotFound`` (``rollback_nothing``)."""
    file = data / contents.DATABASES[0]
    applied = set(upgrading.applied(file)) if file.exists() else set()
    for one in upgrading.every(data):
        if set(one.steps) < applied:
            return one
    raise NotFound("rollback_nothing", folder=str(data))


def undo(data: Path) -> Undone:
    """Put the snapshot back. Whoever calls holds the data folder.

    Raises ``NotFound`` (``rollback_nothing``), ``Conflict`` (``upgrade_in_use``), ``NoSpace``
    and ``Unavailable`` (``rollback_failed``); the data is then as it was.
    """
    upgrading.clean(data)
    found = available(data)
    home, ready = data / upgrading.FOLDER / found.id, data / upgrading.WORKSHOP / "appliance.db"
    try:
        with upgrading.in_hand(data):
            upgrading.check_room(data, found.bytes + (data / contents.DATABASES[0]).stat().st_size)
            snapshot.copy(home / contents.DATABASES[0], ready)
            if reason := damage(ready):
                raise Unavailable("rollback_failed", reason=reason)
            step("the snapshot is copied")
            folder, lost = _keep(data, home)
            _give_back(data, home)
            step("the originals are back")
            upgrading.put_in_place(data, ready)
    except (sqlite3.Error, OSError) as fault:
        raise Unavailable("rollback_failed", reason=str(fault)) from fault
    finally:
        upgrading.clean(data)
    upgrading.remove(data, found)
    return Undone(snapshot=found, folder=str(folder), lost=lost)


def _keep(data: Path, home: Path) -> tuple[Path, dict[str, int]]:
    """Write what the snapshot lacks, whole or not at all."""
    built = data / upgrading.WORKSHOP / "lost"
    built.mkdir(mode=0o700)
    snapshot.copy(data / contents.DATABASES[0], built / contents.DATABASES[0])
    lost = {}
    with _both(built / contents.DATABASES[0], home / contents.DATABASES[0]) as db:
        for table, columns in TABLES.items():
            rows = _added(db, table, columns)
            lost[table] = len(rows)
            _write(built / f"{table}.csv", columns.split(", "), rows)
            if table == "documents":
                _keep_originals(data, built, rows)
    step("what is lost is written")
    kept = data / f"{KEPT}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    built.rename(kept)
    flush_folder(data)
    step("what is lost is kept")
    return kept, lost


@contextlib.contextmanager
def _both(new: Path, old: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(f"{new.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        db.execute("attach ? as old", [f"{old.resolve().as_uri()}?mode=ro"])
        yield db
    finally:
        db.close()


def _added(db: sqlite3.Connection, table: str, columns: str) -> list[tuple[Any, ...]]:
    return db.execute(
        f"select {columns} from main.{table} where id not in (select id from old.{table})"  # noqa: S608
        " order by id"
    ).fetchall()


def _write(file: Path, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        writer.writerows(rows)
        opened.flush()
        os.fsync(opened.fileno())
    file.chmod(0o600)


def _keep_originals(data: Path, built: Path, rows: list[tuple[Any, ...]]) -> None:
    """The files of new documents, by their names, ready to be added again."""
    for row in rows:
        identity, name, sha256 = row[0], PurePath(row[3]).name, row[5]
        place = built / "documents" / identity / (name or sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _same(data / "files" / sha256[:2] / sha256, place)


def _give_back(data: Path, home: Path) -> None:
    """Originals that were removed since get their name again."""
    for held in (home / "files").glob("*/*"):
        place = data / "files" / held.parent.name / held.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _same(held, place)


def _same(source: Path, place: Path) -> None:
    """A second name for a file, or a copy where there are none; nothing where it is gone."""
    try:
        os.link(source, place)
    except FileNotFoundError:
        return
    except OSError:
        shutil.copy2(source, place)
