"""Dates and times, whatever their form, as terms: ``d20240305``, ``m202403``, ``t1430``.

Reads folded text. A date gives itself, its month and its day without the year, so
that "em março de 2024" meets "05/03/2024". Day before month, as Portuguese and
Spanish write; the other way round only where nothing else is possible.
"""

import re
from calendar import monthrange
from collections.abc import Callable

# The first three letters of the months in three languages, folded.
_MONTHS: dict[str, int] = {
    **{"jan": 1, "fev": 2, "mar": 3, "abr": 4, "mai": 5, "jun": 6, "jul": 7, "ago": 8, "set": 9},
    **{"out": 10, "nov": 11, "dez": 12, "feb": 2, "apr": 4, "may": 5, "aug": 8, "sep": 9},
    **{"oct": 10, "dec": 12, "ene": 1, "dic": 12},
}
_NAME = (
    r"(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|enero|febrero|marzo|mayo|junio|julio|septiembre|setiembre|octubre|noviembre|diciembre"
    r"|(?:jan|fev|feb|mar|abr|apr|mai|jun|jul|ago|aug|sept?|set|out|oct|nov|dez|dec|ene|dic)\.?)"
)
_NUMERIC = re.compile(
    r"(?<![\w./-])(?:(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<t>[-/.])(?P<b>\d{1,2})(?P=t)(?P<z>\d{4}|\d{2}))(?![\w/-]|[.]\d)"
)
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:o|st|nd|rd|th|er)?\s{{1,2}}(?:de\s|of\s)?\s?({_NAME})(?![a-z])"
    r"(?:,?\s{1,2}(?:de\s|del\s)?\s?(\d{4})(?!\d))?"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)({_NAME})\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{{1,2}}(\d{{4}})(?!\d))?"
)
_MONTH = re.compile(
    rf"(?<!\w)({_NAME})(?![a-z])(?:/|,?\s{{1,2}}(?:de\s|del\s|of\s)?\s?)(\d{{4}})(?!\d)"
)
_TIME = re.compile(
    r"(?<![\w:.,/-])([01]?\d|2[0-4])(?:\s?h(?:oras?)?\s?([0-5]\d)(?:\s?min)?|:([0-5]\d)(?::[0-5]\d)?"
    r"|\s?h)(?![\w:])(?:\s?([ap])\.?m\b)?"
)
_HOUR = re.compile(
    r"(?<!\w)(?:as|a las|at|ate as|das)\s([01]?\d|2[0-4])(?:\shoras?|\shrs?)(?!\w)"
    r"|(?<![\w:.,/-])(1[0-2]|0?[1-9])\s?([ap])\.?m\b"
)
_CENTURY = 36  # a year of two digits up to this one lies in this century

Claim = Callable[[tuple[str, ...]], str]


def dates(text: str, claim: Claim) -> str:
    """The text with every date handed to ``claim`` as its terms, and replaced by its answer."""

    def numeric(found: re.Match[str]) -> str:
        first, second = found["a"] or found["d"], found["b"] or found["m"]
        day, month = int(first), int(second)
        if month > 12 >= day and found["a"]:
            day, month = month, day
        terms = _date(year(found["y"] or found["z"]), month, day)
        return claim(terms) if terms else found[0]

    def named(found: re.Match[str], day: str, name: str, written: str | None) -> str:
        terms = _date(int(written or 0), _MONTHS[name[:3]], int(day))
        return claim(terms) if terms else found[0]

    text = _NUMERIC.sub(numeric, text)
    text = _DAY_FIRST.sub(lambda one: named(one, one[1], one[2], one[3]), text)
    text = _MONTH_FIRST.sub(lambda one: named(one, one[2], one[1], one[3]), text)
    return _MONTH.sub(lambda one: claim((f"m{one[2]}{_MONTHS[one[1][:3]]:02}",)), text)


def times(text: str, claim: Claim) -> str:
    """The text with every time of day handed to ``claim``, as ``dates`` does."""

    def clock(found: re.Match[str]) -> str:
        return claim((_time(int(found[1]), int(found[2] or found[3] or 0), found[4]),))

    def hour(found: re.Match[str]) -> str:
        return claim((_time(int(found[1] or found[2]), 0, found[3]),))

    return _HOUR.sub(hour, _TIME.sub(clock, text))


def year(written: str) -> int:
    """A year of four digits, or of two: ``90`` is 1990 and ``24`` is 2024."""
    number = int(written)
    if len(written) > 2:
        return number
    return number + (2000 if number <= _CENTURY else 1900)


def _date(year: int, month: int, day: int) -> tuple[str, ...]:
    """The terms of a date, the narrowest first; none where there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 2024, month)[1]:
        return ()
    whole = (f"d{year}{month:02}{day:02}", f"m{year}{month:02}") if year else ()
    return (*whole, f"dia{month:02}{day:02}")


def _time(hour: int, minute: int, half: str | None) -> str:
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return f"t{hour:02}{minute:02}"
