"""What stands in one cell of a sheet: how it is written, and the number or date it is.

A cell comes as its file has it (text, or a number, a date, a truth) and is written the way
people in Brazil read it: 31/12/2025, and 1234,5 with no mark between thousands, so that
the number is the cell's own and "1.234,50" in a question is the same one. Binary fractions
are rounded to Excel's fifteen digits first: 0.1 + 0.2 is 0,3 there and here.
"""

import datetime
import math
import re
from decimal import Decimal
from typing import NamedTuple

from appliance.index.keywords import fold
from appliance.index.reading import characters

Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None

LONGEST = 4000  # characters of a cell that are kept: Excel allows 32,767, and they are prose
_MONEY = r"R\$|US\$|U\$S|[$€£]"
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−])?\s?(?P<money>{_MONEY})?\s?(?P<inner>[-−])?"
    rf"(?P<digits>\d[\d.,]*)\s?(?P<unit>%|{_MONEY})?(?P<close>\))?(?P<after>-)?"
)
_DAY = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ t,]+(\d{1,2})[:h](\d{2})(?::\d{2})?)?"
)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ t](\d{1,2}):(\d{2})(?::\d{2})?\S*)?")
_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})|([a-z]{3,10})\.?(?: ?[/-] ?| de | del | )(\d{4}|\d{2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janeiro january enero", "fev fevereiro february feb febrero",
            "mar marco march marzo", "abr abril april apr", "mai maio may mayo",
            "jun junho june junio", "jul julho july julio", "ago agosto august aug",
            "set setembro september sep sept septiembre", "out outubro october oct octubre",
            "nov novembro november noviembre", "dez dezembro december dec dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NOTHING = frozenset(("", "-", "–", "—", "--", "n/a", "n/d", "n.d.", "nd", "s/n"))


class Number(NamedTuple):
    """A number in a cell, and the sign of what it counts ("R$", "%" or "")."""

    value: Decimal
    unit: str = ""


def blank(value: Value) -> bool:
    """Whether a cell holds nothing that is read."""
    return value is None or (isinstance(value, str) and not value.strip())


def absent(value: Value) -> bool:
    """Whether a cell says that it holds nothing: "-", "n/d"."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def written(value: Value) -> str:
    """The cell on one line, as it stands in the document's text."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() and value.isprintable() and len(value) <= LONGEST:
            return " ".join(value.split())  # most cells, at a tenth of the cost
        return characters.one_line(value[:LONGEST])
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    if isinstance(value, int | float):
        return plain(decimal(value))
    return _time_written(value)


def decimal(number: float) -> Decimal:
    """A cell's number at Excel's fifteen digits."""
    # The sum takes the sign off a zero below nothing, which no sheet shows.
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.15g}") + 0


def plain(number: Decimal) -> str:
    """A number with a decimal comma and nothing else.

    Three decimals get a fourth, 12,3450: readers of "12,345" take it for twelve thousand.
    """
    text = f"{number:f}"
    whole, point, rest = text.partition(".")
    rest = rest.rstrip("0")
    if not point or not rest:
        return whole
    if len(rest) == 3 and whole.strip("-0"):
        rest += "0"
    return f"{whole},{rest}"


def _time_written(value: datetime.date | datetime.time | datetime.timedelta) -> str:
    if isinstance(value, datetime.timedelta):
        seconds = int(value.total_seconds())
        hours, minutes = divmod(abs(seconds) // 60, 60)
        return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    day = f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{day} {value:%H:%M}" if _has_hour(value) else day


def _has_hour(value: datetime.date) -> bool:
    return isinstance(value, datetime.datetime) and (value.hour, value.minute) != (0, 0)


# ------------------------------------------------------------------ numbers


def number(value: Value, mark: str) -> Number | None:
    """The number that a cell is, or None; ``mark`` is the column's sign before decimals.

    With no mark known, three digits after a lone sign are thousands.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Number(decimal(value)) if math.isfinite(value) else None
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    digits = _digits(found["digits"], mark)
    if digits is None:
        return None
    negative = bool(found["open"] or found["inner"] or found["after"]) or found["sign"] in (
        *("-", "−"),
    )
    return Number(-digits if negative else digits, found["unit"] or found["money"] or "")


def decimal_mark(value: str) -> str:
    """The sign before decimals where a number leaves no doubt of it: "1.234,56" → ","."""
    found = _NUMBER.fullmatch(value.strip())
    signs = re.sub(r"\d", "", found["digits"]) if found else ""
    if not signs or found is None:
        return ""
    last = signs[-1]
    if len(set(signs)) > 1:
        return last
    if len(signs) > 1:
        return "," if last == "." else "."  # 1.234.567
    before, _, after = found["digits"].partition(last)
    return last if len(after) != 3 or len(before) > 3 or not before.strip("0") else ""


def _digits(text: str, mark: str) -> Decimal | None:
    """The value of digits and signs, or None where they are no number: 1.2.3, 007."""
    own = decimal_mark(text)
    mark = own or mark or ("" if re.search(r"[.,]", text) else ",")
    whole, _, rest = text.partition(mark) if mark else (text, "", "")
    groups = re.split(r"[.,]", whole)
    spaced = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    joined = "".join(groups)
    padded = len(joined) > 1 and joined.startswith("0")
    if not spaced or padded or not joined or (rest and not rest.isdecimal()) or len(joined) > 15:
        return None
    return Decimal(f"{joined}.{rest}" if rest else joined)


# ------------------------------------------------------------------ dates


def date(value: Value, *, month_first: bool = False) -> str | None:
    """The date that a cell is: "2025-12-31", "2025-12-31T10:30", "2025-12", or None."""
    if isinstance(value, datetime.date):
        day = f"{value.year:04}-{value.month:02}-{value.day:02}"
        return f"{day}T{value:%H:%M}" if _has_hour(value) else day
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = fold(value.strip())
    if (found := _ISO.fullmatch(text)) is not None:
        return _day(int(found[1]), int(found[2]), int(found[3]), found[4], found[5])
    if (found := _DAY.fullmatch(text)) is not None:
        first, second = int(found[1]), int(found[2])
        if month_first:
            first, second = second, first
        return _day(_year(found[3]), second, first, found[4], found[5])
    if (found := _MONTH.fullmatch(text)) is None:
        return None
    month = int(found[1]) if found[1] else _MONTHS.get(found[3], 0)
    year = _year(found[2] or found[4])
    return f"{year:04}-{month:02}" if 1 <= month <= 12 and 1900 <= year <= 2100 else None


def order(value: Value) -> tuple[bool, bool]:
    """Whether a written date can only be day first, and only month first."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return False, False
    first, second = int(found[1]), int(found[2])
    return 12 < first <= 31 and second <= 12, 12 < second <= 31 and first <= 12


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 50 else 2000)


def _day(year: int, month: int, day: int, hour: str | None, minute: str | None) -> str | None:
    try:
        written = datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
    if not hour or (int(hour), int(minute or 0)) == (0, 0):
        return written
    return f"{written}T{int(hour):02}:{minute}" if int(hour) < 24 else None
