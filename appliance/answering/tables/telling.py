"""Figures in words: written for the reader's language, and how they were come by."""

from decimal import ROUND_HALF_UP, Decimal

from appliance.answering.tables.plans import Plan
from appliance.errors import sentence
from appliance.figures import Group, Total
from appliance.records import Language
from appliance.rows import Cell, TableColumn
from appliance.tables import StoredTable

_PLACES = Decimal("0.01")


def whole(number: int, language: Language) -> str:
    """A count with the language's mark between thousands."""
    written = f"{number:,}"
    return written if language == "en" else written.replace(",", ".")


def figure(number: Decimal, language: Language, unit: str = "", *, decimals: int = 0) -> str:
    """A number with at least so many decimals, and its unit: "R$ 1.234,50", "12%"."""
    text = f"{number:,f}"
    integer, _, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    written = f"{integer}.{rest}" if rest else integer
    if language != "en":
        written = written.translate(str.maketrans(",.", ".,"))
    if unit == "%":
        return f"{written}%"
    return f"{unit} {written}" if unit else written


def amount(number: int, column: TableColumn, language: Language) -> str:
    """A column's number, or the sum of some, with the decimals that the column has."""
    return figure(exact(number, column), language, column.unit, decimals=_decimals(column))


def exact(number: int, column: TableColumn) -> Decimal:
    """A column's number as a decimal one."""
    return Decimal(number).scaleb(-column.scale)


def average(total: Total, column: TableColumn, language: Language) -> tuple[str, bool]:
    """The average to two decimals at least, and whether it had to be rounded."""
    mean = exact(total.sum, column) / total.numbers
    places = min(_PLACES, Decimal(1).scaleb(-column.scale))
    rounded = mean.quantize(places, ROUND_HALF_UP)
    return figure(rounded, language, column.unit, decimals=_decimals(column)), rounded != mean


def _decimals(column: TableColumn) -> int:
    """The decimals that are written even where they are naught: "R$ 500,10", not "500,1"."""
    money = column.scale == 1 and column.unit not in ("", "%")
    return 2 if column.scale == 2 or money else 0


def cell(value: Cell, column: TableColumn, language: Language) -> str:
    """A cell as it is told: a date as the language writes it, a number without groups where
    it has no decimals (it may name something)."""
    if value is None:
        return "–"
    if isinstance(value, int):
        if column.scale or column.unit:
            return amount(value, column, language)
        return figure(exact(value, column), language)
    return date(value, language) if column.kind == "date" else value


def date(value: str, language: Language) -> str:
    """A stored date: 31/12/2025, in English 2025-12-31; 12/2025 where it has no day."""
    day, _, hour = value.partition("T")
    parts = day.split("-")
    if language == "en" or not all(part.isdecimal() for part in parts):
        return f"{day} {hour}".strip()
    return f"{'/'.join(reversed(parts))} {hour}".strip()


def groups(plan: Plan, found: list[Group], language: Language) -> list[str]:
    """The heading of the groups, then a line for each."""
    table, by = plan.table, plan.by
    assert by is not None  # noqa: S101 - asked for groups
    kind = plan.operation if plan.places else "count"
    column = table.columns[plan.places[0]] if plan.places else table.columns[by]
    facts = {"by": table.columns[by].name, "column": column.name}
    told = [sentence(f"table_{kind}_by", facts, language)]
    for group in found:
        if kind == "average" and not group.total.numbers:
            continue
        value = cell(group.value, table.columns[by], language)
        told.append(
            sentence(
                "table_group",
                {"value": value, "figure": group_figure(plan, group, language)},
                language,
            )
        )
    return told


def group_figure(plan: Plan, group: Group, language: Language) -> str:
    """What a group amounts to: its count, its sum or its average."""
    if not plan.places:
        return whole(group.total.rows, language)
    column = plan.table.columns[plan.places[0]]
    if plan.operation == "average":
        return average(group.total, column, language)[0]
    return amount(group.total.sum, column, language)


def how(
    plan: Plan,
    rows: int,
    every: int,
    language: Language,
    *,
    cited: int,
    without: int = 0,
    rounded: bool = False,
) -> str:
    """How a figure was come by: the sheet, how many rows, under which conditions."""
    told = [one.told for one in plan.filters]
    where = "; ".join(told)
    left_out = ""
    if without and plan.places:
        facts = {
            "cells": whole(without, language),
            "column": plan.table.columns[plan.places[0]].name,
        }
        left_out = sentence("table_without", facts, language)
    if 1 < cited < rows and plan.operation not in ("extreme", "first", "lookup"):
        left_out += sentence("table_shown", {"cited": cited}, language)
    if rounded:
        left_out += sentence("table_rounded", {}, language)
    return sentence(
        "table_how",
        {
            "sheet": plan.table.sheet,
            "title": plan.table.document.title,
            "rows": whole(rows, language),
            "all": whole(every, language),
            "where": sentence("table_where", {"conditions": where}, language) if told else "",
            "without": left_out,
        },
        language,
    )


def beyond(table: StoredTable, language: Language) -> str:
    """That a question could not be computed."""
    return sentence("table_beyond", {"sheet": table.sheet}, language)
