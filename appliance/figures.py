"""Figures computed from the tables of documents: counts, sums, extremes, groups, rows.

The only SQL that a question leads to, put together here from parts that are all written
below: columns by their number, everything a person typed as a bound value. It runs on a
connection that cannot write, within a time. Sums are of whole numbers (``TableColumn.scale``
says where the decimals begin), so they are exact; one beyond 63 bits is refused, not rounded.
"""

import json
from collections.abc import Sequence
from typing import Literal

from appliance.database import Database, Row, TooSlow
from appliance.records import Record
from appliance.rows import Cell

SECONDS = 2.0
GROUPS_MOST = 500
COLUMNS = 64


class Incomputable(Exception):
    """It took too long, the sum is too large, or there are too many groups."""


class Condition(Record, frozen=True):
    """What a row must fulfil in one column.

    ``in``: one of ``values``. ``range``: from ``low`` to ``high``, either may be None;
    ``above`` and ``below`` leave the bound itself out. ``begins``: a date that begins with
    one of ``values`` ("2025", "2025-03"). ``month``: a date in one of these months ("03").
    """

    place: int
    kind: Literal["in", "range", "begins", "month"]
    values: tuple[str | int, ...] = ()
    low: int | str | None = None
    high: int | str | None = None
    above: bool = False
    below: bool = False


class Total(Record, frozen=True):
    """Of the rows that fulfil the conditions: how many, how many with a number, its sum."""

    rows: int
    numbers: int
    sum: int


class Group(Record, frozen=True):
    """A value of the column grouped by, and the total of its rows."""

    value: Cell
    total: Total


class Line(Record, frozen=True):
    """A row of a table with its line in the document's text."""

    number: int
    start: int | None
    end: int | None
    cells: tuple[Cell, ...]


def total(
    database: Database, table: int, conditions: Sequence[Condition], place: int | None = None
) -> Total:
    """The rows that fulfil the conditions, and the sum of a column over them.

    Raises ``Incomputable``, as all functions here do.
    """
    where, values = _where(table, conditions)
    sql = f"select {_total(place)} from table_rows where {where}"  # noqa: S608 -- fixed parts
    (row,) = _rows(database, sql, values)
    return Total(rows=row["rows"], numbers=row["numbers"], sum=row["sum"] or 0)


def groups(
    database: Database,
    table: int,
    conditions: Sequence[Condition],
    by: int,
    place: int | None = None,
) -> list[Group]:
    """The totals for each value of the column ``by``, in the order of the values; last that of
    the rows where it is empty."""
    where, values = _where(table, conditions)
    rows = _rows(
        database,
        f"""
        select {_column(by)} as value, {_total(place)} from table_rows
        where {where} group by 1 order by 1 nulls last limit :most
        """,  # noqa: S608 -- fixed parts
        values | {"most": GROUPS_MOST + 1},
    )
    if len(rows) > GROUPS_MOST:
        raise Incomputable
    return [
        Group(
            value=row["value"],
            total=Total(rows=row["rows"], numbers=row["numbers"], sum=row["sum"] or 0),
        )
        for row in rows
    ]


def different(database: Database, table: int, conditions: Sequence[Condition], place: int) -> int:
    """How many different values a column has in the rows that fulfil the conditions."""
    where, values = _where(table, conditions)
    sql = f"select count(distinct {_column(place)}) as n from table_rows where {where}"  # noqa: S608
    return int(_rows(database, sql, values)[0]["n"])


def differs(database: Database, table: int, place: int) -> bool:
    """Whether the first 500 rows of a table all have a value of their own in a column."""
    column = _column(place)
    sql = f"""
        select count(*) = count(distinct {column}) as every
        from (select {column} from table_rows where table_id = :table limit 500)
        """  # noqa: S608 -- fixed parts
    return bool(_rows(database, sql, {"table": table})[0]["every"])


def extreme(
    database: Database,
    table: int,
    conditions: Sequence[Condition],
    place: int,
    *,
    greatest: bool,
    kind: Literal["integer", "text"] = "integer",
) -> Cell:
    """The greatest or the least value of a column among its numbers ("integer") or dates."""
    where, values = _where(table, conditions)
    which = "max" if greatest else "min"
    sql = f"""
        select {which}({_column(place)}) as found from table_rows
        where {where} and typeof({_column(place)}) = :kind
        """  # noqa: S608 -- fixed parts
    found: Cell = _rows(database, sql, values | {"kind": kind})[0]["found"]
    return found


def lines(
    database: Database, table: int, conditions: Sequence[Condition], columns: int, most: int
) -> list[Line]:
    """The first rows that fulfil the conditions, with their first ``columns`` cells."""
    where, values = _where(table, conditions)
    names = [_column(place) for place in range(columns)]
    rows = _rows(
        database,
        f"""
        select number, start, stop, {", ".join(names)} from table_rows
        where {where} order by number limit :most
        """,  # noqa: S608 -- fixed parts
        values | {"most": most},
    )
    return [
        Line(
            number=row["number"],
            start=row["start"],
            end=row["stop"],
            cells=tuple(row[name] for name in names),
        )
        for row in rows
    ]


def _total(place: int | None) -> str:
    if place is None:
        return "count(*) as rows, 0 as numbers, 0 as sum"
    number = f"case when typeof({_column(place)}) = 'integer' then {_column(place)} end"
    return f"count(*) as rows, count({number}) as numbers, sum({number}) as sum"


def _column(place: int) -> str:
    if not 0 <= place < COLUMNS:
        raise ValueError(f"no such column: {place}")
    return f"c{int(place)}"


def _where(table: int, conditions: Sequence[Condition]) -> tuple[str, Row]:
    parts, values = ["table_id = :table"], Row(table=table)
    for n, one in enumerate(conditions):
        part, bound = _condition(n, one)
        parts.append(part)
        values |= bound
    return " and ".join(parts), values


def _condition(n: int, one: Condition) -> tuple[str, Row]:
    """A condition as SQL whose names end in its number, and what is bound to them."""
    column, listed = _column(one.place), f"(select value from json_each(:v{n}))"  # noqa: S608
    bound: Row = {f"v{n}": json.dumps(one.values)}
    if one.kind == "in":
        return f"{column} in {listed}", bound
    if one.kind == "month":
        return f"substr({column}, 6, 2) in {listed}", bound
    if one.kind == "begins":
        begins = f"substr({column}, 1, length(value)) = value"
        return f"exists (select 1 from json_each(:v{n}) where {begins})", bound  # noqa: S608
    kind = "text" if isinstance(one.low if one.low is not None else one.high, str) else "integer"
    parts, bound = [f"typeof({column}) = :k{n}"], {f"k{n}": kind}
    if one.low is not None:
        parts.append(f"{column} {'>' if one.above else '>='} :low{n}")
        bound[f"low{n}"] = one.low
    if one.high is not None:
        parts.append(f"{column} {'<' if one.below else '<='} :high{n}")
        bound[f"high{n}"] = one.high
    return f"({' and '.join(parts)})", bound


def _rows(database: Database, sql: str, values: Row) -> list[Row]:
    try:
        return database.looked_up(sql, values, seconds=SECONDS)
    except (TooSlow, OverflowError) as fault:
        raise Incomputable from fault
