"""Copies of databases, and of what stands on them, while everybody goes on working.

The copy is made by SQLite's own online backup, from inside a read transaction: it is the
state of one moment, and writers neither wait for it nor make it begin again. Between pieces
it pauses, so that whoever asks meanwhile has the disk.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from appliance.database import Database

PAGES = 1024  # 4 MB between two pauses
PAUSE_SECONDS = 0.01
_PAUSE = threading.Event()


def copy(source: Path, place: Path, told: Callable[[int], None] = lambda _: None) -> None:
    """Copy a database file that others write to; ``told`` hears of bytes copied."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.touch(0o600)
    read = sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    written = sqlite3.connect(place, isolation_level=None)

    def pause(_: int, left: int, total: int) -> None:
        told(min(PAGES, total) * 4096)
        if left:
            _PAUSE.wait(PAUSE_SECONDS)

    try:
        read.execute("begin")
        read.execute("select count(*) from sqlite_master").fetchone()
        read.backup(written, pages=PAGES, progress=pause)
        read.execute("rollback")
        # One file, to be read to its end: no log of changes beside it.
        written.execute("pragma journal_mode = delete")
    finally:
        written.close()
        read.close()


def originals(database: Database) -> list[str]:
    """The SHA-256 of every file that a document, or one in the trash, stands on."""
    rows = database.rows(
        "select sha256 from documents union select sha256 from trash order by sha256"
    )
    return [row["sha256"] for row in rows]


def hold(data: Path, scratch: Path, contents: list[str]) -> list[str]:
    """Give the originals a second name in ``scratch``, which takes no room, so that none goes
    while the backup is being written; those that are gone already. Where the file system gives
    no second names, the backup reads them where they are."""
    missing = []
    for sha256 in contents:
        place = scratch / "files" / sha256[:2] / sha256
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(data / "files" / sha256[:2] / sha256, place)
        except FileNotFoundError:
            missing.append(sha256)
        except OSError:
            break
    return missing


def settle(copied: Database) -> None:
    """Close a copy that was read, as one file again: opening it began a log of changes."""
    copied.close()
    raw = sqlite3.connect(copied.path, isolation_level=None)
    try:
        raw.execute("pragma journal_mode = delete")
    finally:
        raw.close()
