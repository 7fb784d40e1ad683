"""Acts to look at, and the hand of somebody who has the file open."""

import sqlite3
from contextlib import closing

from appliance import audit
from appliance.audit import Entry
from appliance.database import Database
from appliance.records import Caller, timestamp

ANA = Caller(kind="person", id="p1", name="Ana Prado", role="admin")
BIA = Caller(kind="person", id="p2", name="Bia Sá", role="editor")


def written(database: Database, count: int) -> None:
    """As many acts: a key each, made by Ana."""
    with database.write() as db:
        for number in range(1, count + 1):
            audit.record(db, ANA, "key.create", f"k{number}", name=f"robô {number}")


def everything(database: Database) -> list[Entry]:
    """All acts, oldest first."""
    return audit.newest(database, limit=10_000)[::-1]


def now() -> str:
    """A moment after all that was written, and before what will be."""
    moment = timestamp()
    while timestamp() == moment:
        pass
    return timestamp()


def tamper(database: Database, *statements: str) -> None:
    """Change the file past the appliance and its triggers, as its owner can."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as file:
        names = ("audit_is_kept", "audit_is_not_shortened", "audit_is_appended")
        kept = {
            name: sql
            for name, sql in file.execute("select name, sql from sqlite_master")
            if name in names
        }
        for name in names:
            file.execute(f"drop trigger {name}")
        for statement in statements:
            file.execute(statement)
        for sql in kept.values():
            file.execute(sql)
