"""The tables in documents: their columns, their rows, the words in their cells.

Promises: they stand and fall with their document; a table that is read again takes the
place of its former self; and only tables of ready documents in force are given to anyone.
What is computed from them is ``figures``'.
"""

import json
from collections.abc import Callable, Iterable, Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.records import DocumentName, Record, timestamp
from appliance.rows import Table, TableColumn, TableRow

VALUES_MOST = 200_000  # words of cells that are kept for one table
SOUGHT_MOST = 30_000  # values of a table that are looked through for a part of one
_LONGEST = 80  # characters of a cell that a question may name
_PLACES = tuple(f"c{place}" for place in range(64))


class StoredTable(Record, frozen=True):
    """A table with its document; ``start`` and ``end`` are its header's line in the text,
    ``rows`` and ``kept`` how many records it has and how many values of its cells are kept."""

    id: int
    document: DocumentName
    sheet: str
    columns: tuple[TableColumn, ...]
    start: int | None
    end: int | None
    rows: int
    kept: int


class Named(Record, frozen=True):
    """A value of a column, found by its ``key``; ``place`` counts columns from 0."""

    table: int
    place: int
    value: str
    key: str


def clear(db: Writer, document: str) -> None:
    """Remove the tables of a document, inside the caller's transaction."""
    db.run("delete from tables where document = :document", {"document": document})


def add(db: Writer, document: str, ordinal: int, table: Table) -> int | None:
    """Put a table in its place; its number, None where the document is gone meanwhile."""
    row = db.row(
        """
        insert into tables (document, ordinal, sheet, columns, start, stop)
        select id, :ordinal, :sheet, :columns, :start, :stop from documents where id = :document
        returning id
        """,
        {
            "document": document,
            "ordinal": ordinal,
            "sheet": table.sheet,
            "columns": msgspec.json.encode(table.columns).decode(),
            "start": table.start,
            "stop": table.end,
        },
    )
    return int(row["id"]) if row else None


def add_rows(db: Writer, table: int, rows: Sequence[TableRow]) -> None:
    """Put rows into a table; a document that is gone has taken the table along."""
    if not rows or not db.row("select 1 from tables where id = :id", {"id": table}):
        return
    places = _PLACES[: len(rows[0].cells)]
    db.many(
        f"""
        insert or replace into table_rows (table_id, number, start, stop, {", ".join(places)})
        values (:table, :number, :start, :stop, {", ".join(f":{place}" for place in places)})
        """,  # noqa: S608 -- fixed names
        [
            {"table": table, "number": row.number, "start": row.start, "stop": row.end}
            | dict(zip(places, row.cells, strict=True))
            for row in rows
        ],
    )
    db.run("update tables set rows = rows + :more where id = :id", {"more": len(rows), "id": table})


class Values:
    """The values of one table on their way in; ``key`` makes of a cell what it is found by."""

    def __init__(self, table: int, columns: Sequence[TableColumn], key: Callable[[str], str]):
        self.table = table
        self.places = [n for n, column in enumerate(columns) if column.kind == "text"]
        self.key = key
        self._seen: set[tuple[int, str]] = set()

    def add(self, db: Writer, rows: Iterable[TableRow]) -> None:
        """Keep what stands in the rows' cells of words, each value once for a column."""
        fresh: list[Row] = []
        for row in rows:
            for place in self.places:
                value = row.cells[place]
                known = (place, value)
                if not isinstance(value, str) or len(value) > _LONGEST or known in self._seen:
                    continue
                if len(self._seen) >= VALUES_MOST:
                    break
                self._seen.add((place, value))
                if found_by := self.key(value):
                    fresh.append(
                        {"table": self.table, "key": found_by, "place": place, "value": value}
                    )
        db.many(
            """
            insert or ignore into table_values (table_id, key, place, value)
            select id, :key, :place, :value from tables where id = :table
            """,
            fresh,
        )
        db.run(
            "update tables set kept = kept + :more where id = :id",
            {"more": len(fresh), "id": self.table},
        )


def of_collections(database: Database, collections: Sequence[str]) -> list[StoredTable]:
    """The tables of the ready documents of these collections that are in force today."""
    # Tables come first: most houses have few, and ten thousand documents.
    rows = database.rows(
        """
        select tables.*, documents.title
        from tables cross join documents on documents.id = tables.document
        where documents.collection in (select value from json_each(:collections))
            and documents.state = 'ready'
            and (documents.valid_from is null or documents.valid_from <= :today)
            and (documents.valid_to is null or documents.valid_to >= :today)
            and not exists (
                select 1 from documents as newer
                where newer.supersedes = documents.id and newer.state = 'ready')
        order by documents.id, tables.ordinal
        """,
        {"collections": json.dumps(list(collections)), "today": timestamp()[:10]},
    )
    return [_stored(row) for row in rows]


def named(database: Database, tables: Sequence[int], keys: Sequence[str]) -> list[Named]:
    """The values of these tables that are found by one of the keys."""
    rows = database.rows(
        """
        select table_id, place, value, key from table_values
        where table_id in (select value from json_each(:tables))
            and key in (select value from json_each(:keys))
        """,
        {"tables": json.dumps(list(tables)), "keys": json.dumps(list(keys))},
    )
    return [_named(row) for row in rows]


def holding(
    database: Database, table: StoredTable, roots: Sequence[str], most: int = 50
) -> list[Named]:
    """Values of a table that hold all the roots; none where it has too many values to look
    through (``SOUGHT_MOST``, about 20 ms)."""
    if table.kept > SOUGHT_MOST:
        return []
    held = " and ".join(f"instr(' ' || key || ' ', :r{n}) > 0" for n in range(len(roots)))
    rows = database.rows(
        f"""
        select table_id, place, value, key from table_values
        where table_id = :table and {held} limit :most
        """,  # noqa: S608 -- fixed parts
        {"table": table.id, "most": most} | {f"r{n}": f" {one} " for n, one in enumerate(roots)},
    )
    return [_named(row) for row in rows]


def few_values(database: Database, table: int, place: int, most: int) -> list[str] | None:
    """The values of a column of words, None where they are more than ``most``."""
    rows = database.rows(
        """
        select value from table_values where table_id = :table and place = :place
        limit :limit
        """,
        {"table": table, "place": place, "limit": most + 1},
    )
    return [row["value"] for row in rows] if len(rows) <= most else None


def _named(row: Row) -> Named:
    return Named(table=row["table_id"], place=row["place"], value=row["value"], key=row["key"])


def _stored(row: Row) -> StoredTable:
    return StoredTable(
        id=row["id"],
        document=DocumentName(id=row["document"], title=row["title"]),
        sheet=row["sheet"],
        columns=msgspec.json.decode(row["columns"], type=tuple[TableColumn, ...]),
        start=row["start"],
        end=row["stop"],
        rows=row["rows"],
        kept=row["kept"],
    )
