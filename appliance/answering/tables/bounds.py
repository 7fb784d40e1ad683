"""Numbers and dates of a question as a column keeps its own."""

from decimal import Decimal

from appliance.answering.tables import lexicon
from appliance.answering.tables.plans import Unclear
from appliance.answering.values import Value
from appliance.figures import Condition
from appliance.index.keywords import fold, words
from appliance.index.roots import root
from appliance.rows import TableColumn

SIGNS = {"brl": "R$", "usd": "$", "eur": "€", "gbp": "£"}


def scaled(value: Value, column: TableColumn) -> int | None:
    """A number of the question as a column keeps its own; None where it cannot be one.

    None, too, where it has more decimals than the column, or is money or percent and the
    column is of something else.
    """
    text = value.text or (str(value.year) if value.year else "")
    if not text or (value.unit in SIGNS and column.unit not in ("", SIGNS[value.unit])):
        return None
    if value.unit == "%" and column.unit != "%":
        return None
    number = Decimal(text) * Decimal(10) ** column.scale
    return int(number) if number == int(number) and abs(number) < 2**62 else None


def sign(condition: Condition) -> str:
    """How a range is told."""
    if condition.low is not None and condition.high is not None:
        return ":"
    if condition.low is not None:
        return ">" if condition.above else "≥"
    return "<" if condition.below else "≤"


def bound(value: Value, *, end: bool) -> str:
    """What a date begins with, and with ``end`` something after all that begins so."""
    if not value.year:
        raise Unclear
    written = f"{value.year:04}"
    written += f"-{value.month:02}" if value.month else ""
    written += f"-{value.day:02}" if value.day else ""
    return f"{written}~" if end else written


def is_year(column: TableColumn) -> bool:
    """Whether a column holds years as numbers."""
    return column.kind == "number" and any(
        fold(word) in ("ano", "year", "exercicio") for word in words(column.name)
    )


def is_birth(column: TableColumn) -> bool:
    """Whether a column tells when somebody was born."""
    return any(root(fold(word)) in lexicon.BIRTH for word in words(column.name))
