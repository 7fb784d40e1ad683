"""The sources: where the documents of a collection come from besides uploads.

A source is a web page, a site or a folder of the server. What it held is in ``entries``,
what was done about it in ``runs``; who does it is ``jobs.sync``. Here is what people said:
where, how often, and which of it.
"""

import sqlite3
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from appliance import schedules
from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Record, new_id, timestamp

SourceKind = Literal["page", "site", "folder"]
CHANGEABLE = ("schedule", "options")


class SourceOptions(Record, frozen=True):
    """What a source takes: ``include`` and ``exclude`` are globs on paths (none: everything).

    For sites: links are followed ``depth`` steps from the first page, to at most ``pages``.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    depth: int = 3
    pages: int = 500


class Source(Record, frozen=True):
    """Where documents come from. ``address`` is a web address, or the folder's path.

    ``schedule`` is as ``schedules`` says; ``due_at`` is when the next run begins by itself.
    ``mark`` tells a folder's disk from another one in its place.
    """

    id: str
    collection: str
    kind: SourceKind
    address: str
    schedule: str
    options: SourceOptions
    due_at: str | None
    mark: str | None
    created_at: str


def add(
    db: Writer,
    *,
    collection: str,
    kind: SourceKind,
    address: str,
    schedule: str,
    options: SourceOptions,
) -> Source:
    """A new source, inside the caller's transaction. Raises ``Conflict`` (``source_exists``)."""
    values = {
        "id": new_id(),
        "collection": collection,
        "kind": kind,
        "address": address,
        "schedule": schedule,
        "options": _written(options),
        "due_at": due(schedule),
        "now": timestamp(),
    }
    try:
        row = db.row(
            """
            insert into sources
                (id, collection, kind, address, schedule, options, due_at, created_at)
            values (:id, :collection, :kind, :address, :schedule, :options, :due_at, :now)
            returning *
            """,
            values,
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("source_exists", address=address) from fault
    return _got(row)


def find(database: Database, source_id: str) -> Source | None:
    """The source, or None."""
    row = database.row("select * from sources where id = :id", {"id": source_id})
    return _source(row) if row else None


def get(database: Database, source_id: str) -> Source:
    """The source; raises ``NotFound``."""
    return _got(database.row("select * from sources where id = :id", {"id": source_id}))


def every(
    database: Database,
    *,
    collection: str | None = None,
    reach: Reach = EVERYWHERE,
    after: str = "",
    limit: int = 50,
) -> list[Source]:
    """Sources within reach, of one collection if so wished, oldest first."""
    rows = database.rows(
        """
        select * from sources
        where id > :after and (:collection is null or collection = :collection)
          and collection not in (select value from json_each(:closed))
          and (:within is null or collection in (select value from json_each(:within)))
        order by id limit :limit
        """,
        reach.values | {"after": after, "collection": collection, "limit": limit},
    )
    return [_source(row) for row in rows]


def change(db: Writer, source_id: str, **changes: Any) -> Source:
    """Change the ``schedule`` or the ``options``; raises ``NotFound``."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"no such facts of a source: {sorted(unknown)}")
    if "options" in changes:
        db.run(
            "update sources set options = :options where id = :id",
            {"options": _written(changes["options"]), "id": source_id},
        )
    if "schedule" in changes:
        db.run(
            "update sources set schedule = :schedule, due_at = :due_at where id = :id",
            {
                "schedule": changes["schedule"],
                "due_at": due(changes["schedule"]),
                "id": source_id,
            },
        )
    return _got(db.row("select * from sources where id = :id", {"id": source_id}))


def set_mark(db: Writer, source_id: str, mark: str | None) -> None:
    """Remember on which disk the folder lay."""
    db.run("update sources set mark = :mark where id = :id", {"mark": mark, "id": source_id})


def remove(db: Writer, source_id: str) -> bool:
    """Remove the source, what it knew and its runs; its documents stay. False: not there."""
    return db.run("delete from sources where id = :id", {"id": source_id}) > 0


def due(schedule: str, now: datetime | None = None) -> str | None:
    """When the next run begins, as text; None where only people start one."""
    found = schedules.next_due(schedule, now or datetime.now(UTC))
    return timestamp(found) if found else None


def scheduled(database: Database) -> list[Source]:
    """The sources that begin by themselves, the next one first."""
    rows = database.rows("select * from sources where due_at is not null order by due_at, id")
    return [_source(row) for row in rows]


def put_off(db: Writer, source: Source, now: datetime) -> None:
    """The source waits for the next time of its schedule."""
    db.run(
        "update sources set due_at = :due_at where id = :id",
        {"due_at": due(source.schedule, now), "id": source.id},
    )


def _written(options: SourceOptions) -> str:
    return msgspec.json.encode(options).decode()


def _got(row: Row | None) -> Source:
    if row is None:
        raise NotFound
    return _source(row)


def _source(row: Row) -> Source:
    return msgspec.convert(
        row | {"options": msgspec.json.decode(row["options"], type=SourceOptions)}, Source
    )
