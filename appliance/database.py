"""SQLite: a few read connections, one writer, and the migrations.

Two promises. A ``write`` block is one ``BEGIN IMMEDIATE`` transaction: it is
committed whole at the end of the block or leaves nothing behind. And what was
committed survives a power cut (WAL with ``synchronous=FULL``), unless the block was
``fleeting``. Who cannot write within ``BUSY_SECONDS``, because another process or another
thread does, is told so ("database is locked") and has changed nothing.

The web process and the worker open the same file; within a process one lock
keeps writers in line, between processes SQLite's own lock does.

Connections are lent for as long as a statement or a transaction takes: an answer that is
being written waits in a thread of its own, and two hundred of those with a connection each
would hold 400 files and as many caches of 2 MB.
"""

import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import Migrations

from appliance.errors import Conflict, Unavailable

BUSY_SECONDS = 15.0
BUSY_MS = 15_000
LOG_BYTES = 64 << 20  # SQLite keeps it at 4 MB unless somebody reads for long
RESERVE_BYTES = 8 << 20  # thousands of questions, and of people who sign in
KEPT = 8  # connections that nobody uses now
ON_HOLD = "on hold"  # what the triggers of the legal holds say, which cannot tell a name
_FREE = """
    select (select freelist_count from pragma_freelist_count)
         * (select page_size from pragma_page_size)
"""
_STEPS = 10_000  # of SQLite's machine between two looks at the clock: about 0.2 ms
# It took too long, somebody writes, or it may not be read: told elsewhere.
LOCKED = "database is locked"  # as SQLite says it
_NO_DAMAGE = {"interrupted", LOCKED, "unable to open database file"}
_LOOK_SECONDS = 20.0  # a larger database is looked through to its end by the doctor
Row = dict[str, Any]
Values = Mapping[str, Any]


class TooSlow(Exception):
    """A query took longer than it may."""


class Database:
    """One SQLite file. Safe to use from many threads; each borrows a connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lent = threading.local()  # ``db`` is the connection that a thread has now
        self._writing = threading.RLock()
        self._idle: list[sqlite_utils.Database] = []
        self._keeping = threading.Lock()
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[sqlite_utils.Database]:
        """A connection for the length of the block; a block within a block has the same."""
        if (held := getattr(self._lent, "db", None)) is not None:
            yield held
            return
        db = self._borrow()
        self._lent.db = db
        try:
            yield db
        finally:
            self._lent.db = None
            self._give_back(db)

    def _borrow(self) -> sqlite_utils.Database:
        with self._keeping:
            if self._idle:
                return self._idle.pop()
        raw = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        raw.executescript(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;"
            "pragma secure_delete = on; pragma temp_store = memory;"
        )
        return sqlite_utils.Database(raw)

    def _give_back(self, db: sqlite_utils.Database) -> None:
        with self._keeping:
            room = not self._closed and len(self._idle) < KEPT
            if room and not db.conn.in_transaction:
                self._idle.append(db)
                return
        db.conn.close()

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows of one query, as dictionaries."""
        with self.connection() as db:
            return _rows(db, sql, values)

    def row(self, sql: str, values: Values | None = None) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, values)), None)

    def looked_up(self, sql: str, values: Values, *, seconds: float) -> list[Row]:
        """The rows of a query that may not write and may take this long.

        Raises ``TooSlow`` after that, and ``OverflowError`` for a sum beyond 63 bits.
        """
        ends_at = time.monotonic() + seconds
        with self.connection() as db:
            db.conn.execute("pragma query_only = on")
            db.conn.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
            try:
                return _rows(db, sql, values)
            except sqlite3.OperationalError as fault:
                if "interrupted" in str(fault):
                    raise TooSlow from fault
                if "integer overflow" in str(fault):
                    raise OverflowError from fault
                raise
            finally:
                db.conn.set_progress_handler(None, 0)
                db.conn.execute("pragma query_only = off")

    @contextmanager
    def write(self, *, fleeting: bool = False) -> Iterator["Writer"]:
        """A transaction of its own; a ``write`` inside a ``write`` joins the outer one.

        A ``fleeting`` one does not wait for the disk, 1 to 20 ms in which nobody else
        writes. A power cut may take it back, a crash does not; for counts and moments.
        """
        with self._turn(), self.connection() as db:
            if db.conn.in_transaction:
                yield Writer(db)
                return
            if fleeting:
                db.conn.execute("pragma synchronous = normal")
            try:
                yield from _transaction(db)
            finally:
                if fleeting:
                    db.conn.execute("pragma synchronous = full")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """This thread's turn to write. Behind one that waits for another process nobody
        waits longer than that one: fifty would wait for a quarter of an hour."""
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise sqlite3.OperationalError(LOCKED)
        try:
            yield
        finally:
            self._writing.release()

    def reserve(self, size: int = RESERVE_BYTES) -> None:
        """See that the file, and the log ahead of it, hold room for so many bytes of writes.

        Free pages of a database are used before the file grows: so people sign in, ask and
        tidy up on a disk on which nothing else fits. Writes nothing where there is enough.
        """
        with self.connection() as db:
            (free,) = db.conn.execute(_FREE).fetchone()
        if min(free, self.log_bytes()) >= size // 2:
            return
        with self.write(fleeting=True) as writer:
            writer.run("create table reserve (held blob)")
            writer.run("insert into reserve values (zeroblob(:size))", {"size": size})
            writer.run("drop table reserve")

    def log_bytes(self) -> int:
        """The size of the log ahead of the file (WAL)."""
        file = self.path.with_name(f"{self.path.name}-wal")
        return file.stat().st_size if file.exists() else 0

    def take_in_log(self, over: int = LOG_BYTES) -> bool:
        """Where the log ahead of the file is larger than ``over``, take it into the file and
        cut it off; whether nothing was left to do. Nobody that reads is disturbed: what
        they still need stays, and so does the log's size until they have ended."""
        if self.log_bytes() <= over:
            return True
        with self.connection() as db, _impatient(db):
            db.conn.execute("pragma wal_checkpoint(passive)").fetchone()
            (busy, *_) = db.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
        return not busy

    def try_writing(self) -> None:
        """Write what is there already. Raises as any write would where the disk lets none;
        waits for nobody, because where another is writing the disk takes what is written."""
        if not self._writing.acquire(blocking=False):
            return
        try:
            with self.connection() as db, _impatient(db), self.write(fleeting=True) as writer:
                writer.run("pragma user_version = 0")  # which it is, and nobody uses it
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault):
                raise
        finally:
            self._writing.release()

    def migrate(self) -> None:
        """Apply every file of ``schema/`` not yet applied, in order, each in one transaction.

        Two processes that start together wait for each other on a lock file. Raises
        ``Unavailable`` (``data_newer``) where a newer program has been at the data, before
        anything is changed.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(0o600)  # first: the files beside it get its rights when they are made
        with (self.path.parent / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self.connection() as db:
                migrations = _migrations()
                if beyond := {one.name for one in migrations.applied(db)} - set(known_steps()):
                    raise Unavailable("data_newer", step=max(beyond))
                migrations.apply(db)
        self.path.chmod(0o600)

    def close(self) -> None:
        """Close the connections; one that is lent just now when it comes back."""
        with self._keeping:
            self._closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            db.conn.close()


class Writer:
    """The inside of a ``write`` block. What a legal hold keeps from being deleted is refused
    with ``Conflict`` (``something_on_hold``)."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def run(self, sql: str, values: Values | None = None) -> int:
        """Run one statement; the number of rows it changed."""
        with _holds_told():
            return self.db.conn.execute(sql, dict(values or {})).rowcount

    def many(self, sql: str, values: list[Row]) -> None:
        """Run one statement for each of many sets of values."""
        with _holds_told():
            self.db.conn.executemany(sql, values)

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows of a query, or of a statement's ``returning``."""
        with _holds_told():
            return _rows(self.db, sql, values)

    def row(self, sql: str, values: Values | None = None) -> Row | None:
        """The first of those rows, or None."""
        return next(iter(self.rows(sql, values)), None)


@contextmanager
def _holds_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as fault:
        if str(fault) == ON_HOLD:
            raise Conflict("something_on_hold") from fault
        raise


def _transaction(db: sqlite_utils.Database) -> Iterator[Writer]:
    db.conn.execute("begin immediate")
    try:
        yield Writer(db)
        db.conn.execute("commit")
    except BaseException:
        if db.conn.in_transaction:  # a full or failing disk has SQLite roll back by itself
            db.conn.execute("rollback")
        raise


@contextmanager
def _impatient(db: sqlite_utils.Database) -> Iterator[None]:
    """This connection waits for nobody that writes, for the length of the block."""
    db.conn.execute("pragma busy_timeout = 0")
    try:
        yield
    finally:
        db.conn.execute(f"pragma busy_timeout = {BUSY_MS}")


def _rows(db: sqlite_utils.Database, sql: str, values: Values | None) -> list[Row]:
    # Not ``db.query``: that puts a savepoint around every query, three statements for one.
    cursor = db.execute(sql, dict(values or {}))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def steps(database: Database) -> tuple[list[str], list[str]]:
    """The names of the schema's steps: those that this program knows, those that the database
    has had."""
    with database.connection() as db:
        applied = [one.name for one in _migrations().applied(db)]
    return known_steps(), applied


def known_steps() -> list[str]:
    """The names of the schema's steps that this program knows, in their order."""
    return [file.stem for file in sorted(_schema().glob("*.sql"))]


def damage(file: Path) -> str | None:
    """What SQLite says is wrong with a database, or None; the file is only read."""
    if not file.exists() or not file.stat().st_size:
        return None
    ends_at = time.monotonic() + _LOOK_SECONDS
    try:
        db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            db.execute("select count(*) from sqlite_master").fetchone()
            db.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
            (said,) = db.execute("pragma quick_check(1)").fetchone()
        finally:
            db.close()
    except sqlite3.OperationalError as error:
        return None if str(error) in _NO_DAMAGE else str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if said == "ok" else str(said)


def _migrations() -> Migrations:
    """The steps that this program knows, in their order."""
    migrations = Migrations("appliance")
    for file in sorted(_schema().glob("*.sql")):
        migrations(name=file.stem)(_step(file.read_text("utf-8")))
    return migrations


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
