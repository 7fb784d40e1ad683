"""What each source held: one row for each thing that a run took note of.

A row says which document was made of the thing and what it looked like then, so that the
next run fetches only what moved. A document that a person removed leaves its row behind:
it does not come back before its file changes.
"""

from collections.abc import Iterator, Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.records import Problem, Record, timestamp

AT_ONCE = 1000  # rows that one query gives


class SourceEntry(Record, frozen=True):
    """A thing of a source. ``former`` is the document that stays until ``document`` is ready;
    one that is not ``owned`` was in the library before, and no sync removes it."""

    source: str
    key: str
    name: str
    document: str | None
    former: str | None
    owned: bool
    bytes: int | None
    changed: str | None
    sha256: str | None
    problem: Problem | None


class Replaced(Record, frozen=True):
    """A document whose successor is ready."""

    source: str
    key: str
    former: str
    address: str


def known(database: Database, source: str, keys: Sequence[str]) -> dict[str, SourceEntry]:
    """What is known of these keys, by key."""
    rows = database.rows(
        """
        select * from source_entries
        where source = :source and key in (select value from json_each(:keys))
        """,
        {"source": source, "keys": msgspec.json.encode(list(keys)).decode()},
    )
    return {row["key"]: _entry(row) for row in rows}


def count(database: Database, source: str) -> int:
    """How many things are known of a source."""
    sql = "select count(*) as n from source_entries where source = :source"
    (row,) = database.rows(sql, {"source": source})
    return int(row["n"])


def see(db: Writer, source: str, keys: Sequence[str], run: str) -> None:
    """The run saw these things as they are known."""
    db.run(
        """
        update source_entries set seen_by = :run, seen_at = :now
        where source = :source and key in (select value from json_each(:keys))
        """,
        {
            "source": source,
            "run": run,
            "keys": msgspec.json.encode(list(keys)).decode(),
            "now": timestamp(),
        },
    )


def seen_otherwise(database: Database, source: str, run: str) -> int:
    """How many things the run saw and did nothing about."""
    (row,) = database.rows(
        """
        select count(*) as n from source_entries
        where source = :source and seen_by = :run
          and key not in (select key from source_log where run = :run and not planned)
        """,
        {"source": source, "run": run},
    )
    return int(row["n"])


def unseen(database: Database, source: str, run: str) -> Iterator[SourceEntry]:
    """The known things that the run did not see, in the order of their keys."""
    after = ""
    while True:
        rows = database.rows(
            """
            select * from source_entries
            where source = :source and key > :after and seen_by is not :run
            order by key limit :limit
            """,
            {"source": source, "after": after, "run": run, "limit": AT_ONCE},
        )
        yield from map(_entry, rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["key"]


def remember(db: Writer, entry: SourceEntry, run: str) -> None:
    """Keep what is known of a thing now, in place of what was."""
    db.run(
        """
        insert or replace into source_entries
            (source, key, name, document, former, owned, bytes, changed, sha256, problem,
             seen_by, seen_at)
        values (:source, :key, :name, :document, :former, :owned, :bytes, :changed, :sha256,
                :problem, :run, :now)
        """,
        msgspec.structs.asdict(entry)
        | {
            "problem": msgspec.json.encode(entry.problem).decode() if entry.problem else None,
            "run": run,
            "now": timestamp(),
        },
    )


def forget(db: Writer, source: str, key: str) -> None:
    """The thing is no more."""
    db.run(
        "delete from source_entries where source = :source and key = :key",
        {"source": source, "key": key},
    )


def documents(database: Database, source: str, *, limit: int) -> list[str]:
    """Documents that only this source's things stand on, the first so many."""
    rows = database.rows(
        """
        select document from (
            select document from source_entries
            where source = :source and owned and document is not null
            union select former from source_entries where source = :source and former is not null)
        as brought
        where not exists (select 1 from source_entries other
            where other.source != :source and other.owned and other.document = brought.document)
          and not exists (select 1 from source_entries other
            where other.source != :source and other.former = brought.document)
        limit :limit
        """,
        {"source": source, "limit": limit},
    )
    return [row["document"] for row in rows]


def owned(database: Database, document: str) -> bool:
    """Whether a source brought the document, and a thing of one still stands on it: as what it
    is, or as what it was until its new version is ready."""
    row = database.row(
        """
        select 1 from source_entries where document = :document and owned
        union all select 1 from source_entries where former = :document
        """,
        {"document": document},
    )
    return row is not None


def adopt(db: Writer, document: str) -> list[str]:
    """What came with a document and is a thing of a source besides is that source's own from
    now on: the ids of those documents."""
    rows = db.rows(
        """
        update source_entries set owned = 1 where document in (
            with recursive below (id) as (
                select id from documents where parent = :document
                union all
                select documents.id from documents join below on documents.parent = below.id)
            select id from below)
        returning document
        """,
        {"document": document},
    )
    return [row["document"] for row in rows]


def replaced(database: Database) -> list[Replaced]:
    """The former documents whose successors are ready, wherever they came from."""
    rows = database.rows(
        """
        select e.source, e.key, e.former, sources.address
        from source_entries e
        join documents on documents.id = e.document and documents.state = 'ready'
        join sources on sources.id = e.source
        where e.former is not null
        """
    )
    return [Replaced(**row) for row in rows]


def settle(db: Writer, source: str, key: str) -> None:
    """The thing's former document is out of the way."""
    db.run(
        "update source_entries set former = null where source = :source and key = :key",
        {"source": source, "key": key},
    )


def _entry(row: Row) -> SourceEntry:
    problem = row["problem"] and msgspec.json.decode(row["problem"], type=Problem)
    return SourceEntry(
        **{
            name: row[name]
            for name in SourceEntry.__struct_fields__
            if name not in ("problem", "owned")
        },
        owned=bool(row["owned"]),
        problem=problem or None,
    )
