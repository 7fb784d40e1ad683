"""SQLite: a few read connections, one writer, and the migrations.

Two promises. A ``write`` block is one ``BEGIN IMMEDIATE`` transaction: it is
committed whole at the end of the block or leaves nothing behind. And what was
committed survives a power cut (WAL with ``synchronous=FULL``).

The web process and the worker open the same file; within a process one lock
keeps writers in line, between processes SQLite's own lock does.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import Migrations

BUSY_SECONDS = 15.0
Row = dict[str, Any]
Values = Mapping[str, Any]


class Database:
    """One SQLite file. Safe to use from many threads; each gets its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        self._connections: list[sqlite3.Connection] = []

    def connection(self) -> sqlite_utils.Database:
        """This thread's connection, opened on first use."""
        if (found := getattr(self._local, "db", None)) is not None:
            return found  # type: ignore[no-any-return]
        raw = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        raw.executescript(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;"
            "pragma secure_delete = on; pragma temp_store = memory;"
        )
        db = sqlite_utils.Database(raw)
        self._local.db = db
        self._connections.append(raw)
        return db

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows of one query, as dictionaries."""
        return _rows(self.connection(), sql, values)

    def row(self, sql: str, values: Values | None = None) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, values)), None)

    @contextmanager
    def write(self) -> Iterator["Writer"]:
        """A transaction of its own; a ``write`` inside a ``write`` joins the outer one."""
        with self._writing:
            db = self.connection()
            if db.conn.in_transaction:
                yield Writer(db)
                return
            db.conn.execute("begin immediate")
            try:
                yield Writer(db)
            except BaseException:
                db.conn.execute("rollback")
                raise
            db.conn.execute("commit")

    def migrate(self) -> None:
        """Apply every file of ``schema/`` not yet applied, in order, each in one transaction.

        Two processes that start together wait for each other on a lock file.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            migrations = Migrations("appliance")
            for file in sorted(_schema().glob("*.sql")):
                migrations(name=file.stem)(_step(file.read_text("utf-8")))
            migrations.apply(self.connection())
        self.path.chmod(0o600)

    def close(self) -> None:
        """Close every connection that any thread opened."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()


class Writer:
    """The inside of a ``write`` block."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def run(self, sql: str, values: Values | None = None) -> int:
        """Run one statement; the number of rows it changed."""
        return self.db.conn.execute(sql, dict(values or {})).rowcount

    def many(self, sql: str, values: list[Row]) -> None:
        """Run one statement for each of many sets of values."""
        self.db.conn.executemany(sql, values)

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows of a query, or of a statement's ``returning``."""
        return _rows(self.db, sql, values)

    def row(self, sql: str, values: Values | None = None) -> Row | None:
        """The first of those rows, or None."""
        return next(iter(self.rows(sql, values)), None)


def _rows(db: sqlite_utils.Database, sql: str, values: Values | None) -> list[Row]:
    # Not ``db.query``: that puts a savepoint around every query, three statements for one.
    cursor = db.execute(sql, dict(values or {}))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _schema() -> Path:
    return Path(str(resources.files("appliance").joinpath("schema")))


def _step(script: str) -> Any:
    def apply(db: sqlite_utils.Database) -> None:
        # Not executescript: that commits before it runs, and half a file would stay.
        for statement in _statements(script):
            db.conn.execute(statement)

    return apply


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, in order; a trigger's body stays whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
