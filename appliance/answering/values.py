"""The values a text gives, in one form each: numbers, dates, times, amounts, articles.

``R$ 1.500,00`` and ``1500 reais`` are one value, so are ``05/03/2024`` and ``5 de março
de 2024``, ``7h30`` and ``7:30``, ``art. 5º`` and ``artigo 5``, ``três`` and ``3``.
Every pattern is linear in the text's length.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from appliance.answering.measures import (
    ANY_MONTH,
    DOUBTFUL,
    LABEL,
    LABELS,
    LONG_MONTH,
    MONTHS,
    TOLD_UNITS,
    UNIT_OF,
)
from appliance.answering.numerals import (
    DIGITS,
    SCALE,
    number_word,
    numerals,
    plain,
    scaled,
)
from appliance.index.keywords import fold
from appliance.index.numerals import roman
from appliance.records import Language

Kind = Literal["number", "date", "time", "code"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value; ``start`` and ``end`` count in the text.

    ``text`` is a number in plain digits, a time in minutes of the day, or a code, folded.
    ``unit`` is what is counted, where it is a measure (``day``, ``brl``, ``%``), or what the
    number names (``art``, ``par``). The parts of a date that it leaves open are 0.
    ``loose``: a number only perhaps, which answers and is not asked for.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    unit: str = ""
    day: int = 0
    month: int = 0
    year: int = 0
    loose: bool = False

    @property
    def key(self) -> str:
        """The value without its place and its unit."""
        if self.kind == "date":
            return f"{self.day}/{self.month}/{self.year}"
        return self.text


_MONEY = r"r\$|us\$|u\$s|€|£|\$"

# One character for one, so that places in the folded text are places in the text.
_FLAT = {
    code: folded
    for code in range(0x41, 0x250)
    if len(folded := fold(chr(code))) == 1 and folded != chr(code)
} | {0xA0: " ", 0xBA: "º", 0xAA: "ª"}


def flat(text: str) -> str:
    """The text folded, every sign in its place."""
    return text.translate(_FLAT)


def values(text: str, language: Language) -> list[Value]:
    """The values of a text in order; they do not overlap."""
    whole = rest = flat(text)
    found: list[Value] = []
    for pattern, read in _ENGLISH if language == "en" else _READERS:
        taken = [value for hit in pattern.finditer(rest) if (value := read(hit, text))]
        found += taken
        rest = _without(rest, taken)
    found += [_measured(value, whole) for value in _numbers(rest, language)]
    found.sort(key=lambda value: value.start)
    return _shared_months(found, whole)


def same(one: Value, other: Value) -> bool:
    """Whether ``other`` gives ``one``, their units apart; a date may be said in part."""
    if one.kind == "date" and other.kind == "date":
        pairs = ((one.day, other.day), (one.month, other.month), (one.year, other.year))
        return all(said in (0, given) for said, given in pairs)
    if one.kind == "time" and other.unit == "hour" and other.kind == "number":
        return one.text == plain(Decimal(other.text) * 60)
    if other.kind == "time" and one.kind == "number":
        return one.unit in {"hour", ""} and plain(Decimal(one.text) * 60) == other.text
    if "date" in (one.kind, other.kind):
        return _bare_year(one) == _bare_year(other) != ""
    return one.kind == other.kind and one.text == other.text


def same_unit(one: Value, other: Value) -> bool:
    """Whether ``other`` counts what ``one`` counts; one that says nothing agrees, except on money
    and percent, which nobody leaves out."""
    if one.unit == other.unit or {one.kind, other.kind} != {"number"}:
        return True
    if not one.unit or not other.unit:  # "arts. 27 e 28": the second is an article, too
        return not {one.unit, other.unit} & TOLD_UNITS and other.unit not in LABELS
    return False


# ------------------------------------------------------------------ readers


def _without(text: str, taken: Sequence[Value]) -> str:
    """A text with nothing in the place of its values: what one reader took, no other sees."""
    if not taken:
        return text
    signs = list(text)
    for value in taken:
        signs[value.start : value.end] = "\0" * (value.end - value.start)
    return "".join(signs)


def _bare_year(value: Value) -> str:
    if value.kind == "date":
        return str(value.year) if not (value.day or value.month) else ""
    return value.text


def _address(hit: re.Match[str], text: str) -> Value | None:
    address = hit.group().rstrip(".,;:)")
    return Value("code", hit.start(), hit.start() + len(address), text=address)


def _digits(hit: re.Match[str], text: str) -> Value | None:
    first, second, year = int(hit[1]), int(hit[2]), int(hit[3])
    if len(hit[3]) == 2:
        year += 1900 if year >= 30 else 2000
    day, month = (first, second) if second <= 12 else (second, first)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Value("date", *hit.span(), day=day, month=month, year=year)


def _month_first(hit: re.Match[str], text: str) -> Value | None:
    """As ``_digits``, in English: the month stands first where it can be one."""
    date = _digits(hit, text)
    if date is None or date.day > 12:
        return date
    return replace(date, day=date.month, month=date.day)


def _iso(hit: re.Match[str], text: str) -> Value | None:
    year, month, day = (int(hit[n]) for n in (1, 2, 3))
    return Value("date", *hit.span(), day=day, month=month, year=year)


def _spelt(hit: re.Match[str], text: str) -> Value | None:
    parts = hit.groupdict()
    day = 1 if (parts.get("d") or "").startswith("prim") else int(parts.get("d") or 0)
    if day > 31:
        return None
    month = MONTHS[parts["m"]]
    return Value("date", *hit.span(), day=day, month=month, year=int(parts.get("y") or 0))


def _month(hit: re.Match[str], text: str) -> Value | None:
    if hit["m"] in DOUBTFUL and (hit.start() == 0 or not text[hit.start()].isupper()):
        return None
    return _spelt(hit, text)


def _clock(hit: re.Match[str], text: str) -> Value | None:
    hour, minute, half = int(hit[1]), int(hit[2] or 0), (hit.groupdict().get("half") or "")
    if hour > 24 or minute > 59:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return Value("time", *hit.span(), text=str(60 * hour + minute))


def _labelled(hit: re.Match[str], text: str) -> Value | None:
    unit = next(name for name, said in hit.groupdict().items() if said and name in LABELS)
    number = hit["number"]
    if not number.isdigit():
        written = text[hit.start("number") : hit.end("number")]
        if not (written.isupper() or unit == "inc"):
            return None
        number = str(roman(number.lower()) or "")
    return Value("number", *hit.span(), text=str(int(number)), unit=unit) if number else None


def _item(hit: re.Match[str], text: str) -> Value | None:
    number = roman(hit[1].lower())
    if number is None or not text[hit.start(1)].isupper():
        return None
    return Value("number", hit.start(1), hit.end(1), text=str(number), unit="inc", loose=True)


def _money(hit: re.Match[str], text: str) -> Value | None:
    number = scaled(hit["number"], hit["scale"])
    return Value("number", *hit.span(), text=number, unit=UNIT_OF[hit["money"]])


def _code(hit: re.Match[str], text: str) -> Value | None:
    decade = re.fullmatch(r"(\d{4})s", hit.group())
    if decade:
        return Value("date", *hit.span(), year=int(decade[1]))
    counted = re.fullmatch(r"(\d{1,15})(º|ª|o|a|st|nd|rd|th)", hit.group())
    if counted:
        return Value("number", *hit.span(), text=str(int(counted[1])))
    measured = re.fullmatch(r"(\d{1,15})([a-z²]{1,3})", hit.group())
    if measured and measured[2] in UNIT_OF:
        return Value("number", *hit.span(), text=str(int(measured[1])), unit=UNIT_OF[measured[2]])
    return Value("code", *hit.span(), text=hit.group())


def _short_year(hit: re.Match[str], text: str) -> Value | None:
    year = int(hit.group())
    return Value("date", *hit.span(), year=year + (1900 if year >= 30 else 2000))


_DAY = r"(?<![\d.,/])(?P<d>\d{1,2}|primeiro|primero)(?:º|°|st|nd|rd|th|o(?= ))?"
_YEAR = r"(?:,? (?:de |del |of )?(?P<y>\d{4})(?!\d))"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Value | None]], ...] = (
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]+|(?:https?://|www\.)\S+"), _address),
    (re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d/-])"), _digits),
    (re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)"), _iso),
    (
        re.compile(rf"{_DAY}[ /-](?:de |of )?(?P<m>{ANY_MONTH})\b\.?(?:{_YEAR}|[/-](?P<z>\d\d))?"),
        _spelt,
    ),
    (
        re.compile(rf"\b(?P<m>{LONG_MONTH}|may) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_YEAR}?"),
        _spelt,
    ),
    (re.compile(rf"\b(?P<m>{LONG_MONTH}|may){_YEAR}"), _spelt),
    (re.compile(rf"\b(?P<m>{LONG_MONTH}|may)\b"), _month),
    (
        re.compile(
            r"(?<![\d.,:/])(\d{1,2})(?: ?h ?|:)(\d{2})(?: ?min)?(?![\d:])"
            r"(?: ?(?P<half>[ap])\.?m\b)?"
        ),
        _clock,
    ),
    (re.compile(r"(?<![\d.,:/])(\d{1,2}) ?(?:()h\b|()(?P<half>[ap])\.?m\b)"), _clock),
    (
        re.compile(
            rf"(?<!\w)(?:{LABEL}) {{0,2}}(?P<number>\d{{1,4}}|[ivxlc]{{1,7}})"
            r"(?:º|°|ª|o\b)?(?![\w]|[.,]\d)"
        ),
        _labelled,
    ),
    (re.compile(r"(?:^|\n)\s*([ivxlc]{1,6})\s?[-–—.)]\s"), _item),
    (re.compile(rf"(?P<money>{_MONEY}) ?(?P<number>{DIGITS})(?: (?P<scale>{SCALE})\b)?"), _money),
    (re.compile(r"(?<![^\W_])(?:\d+[^\W\d_]|[^\W\d_]+\d)[^\W_]*"), _code),
    (re.compile(r"(?<=\d\d\d/)\d\d(?!\d)"), _short_year),
)
_ENGLISH = tuple((pattern, _month_first if read is _digits else read) for pattern, read in _READERS)
_DIGITS = re.compile(rf"(?<![\d])(?P<number>{DIGITS})(?: (?P<scale>{SCALE})\b)?")


def _numbers(rest: str, language: Language) -> Iterator[Value]:
    """The numbers in digits and in words that no other reader took."""
    taken: list[tuple[int, int]] = []
    for hit in _DIGITS.finditer(rest):
        taken.append(hit.span())
        if re.fullmatch(r"1\d{3}|20\d{2}", hit.group()):
            yield Value("date", *hit.span(), year=int(hit.group()))
        else:
            yield Value("number", *hit.span(), text=scaled(hit["number"], hit["scale"]))
    for said in numerals(rest, language):
        if rest[said.start - 4 : said.end].startswith(("por ci", "por ce")):
            continue
        if not any(start < said.end and said.start < end for start, end in taken):
            number = plain(said.number)
            yield Value("number", said.start, said.end, text=number, loose=said.loose)


_AFTER = re.compile(r" ?([^\W\d_]+²?|[%€°]|r\$|\d[\d.,]*\d|\d|[-–()/])")
_BETWEEN = "a e ou to and or y o u ate hasta - – ( )"
_RANGE = frozenset(_BETWEEN.split())
_SMALL = "do da em en in on the os as com para que el la los las"
_NO_MEASURE = frozenset(_SMALL.split())
_NEAR = 40  # characters within which a unit stands after its number
_PERCENT = re.compile(r" ?p[oe]r ?c[ei]e?nto?\b")


def _measured(value: Value, text: str) -> Value:
    """The value with the unit that stands after it: ``3 a 5 dias``, ``15 (quinze) dias``."""
    if _PERCENT.match(text, value.end):
        return _counting(value, "%")
    place, counting, passed = value.end, True, False
    most = value.end + _NEAR
    while counting and place < most and (token := _AFTER.match(text, place)):
        word, place = token[1], token.end()
        if word in UNIT_OF:
            return _counting(value, UNIT_OF[word])
        number = word[0].isdigit() or number_word(word)
        if number or word in _RANGE or (word == "de" and not passed):
            counting = not (passed and number)
        else:  # one adjective may stand between: "5 business days"
            counting = not passed and word not in _NO_MEASURE
            passed = True
    return value


def _counting(value: Value, unit: str) -> Value:
    if value.kind == "date":  # "1500 reais": no year after all
        return Value("number", value.start, value.end, text=str(value.year), unit=unit)
    return replace(value, unit=unit)


def _shared_months(found: Iterable[Value], text: str) -> list[Value]:
    """``entre 5 e 10 de março``: the first number is a day, too."""
    ordered = list(found)
    for i in range(len(ordered) - 2, -1, -1):
        one, date = ordered[i], ordered[i + 1]
        between = text[one.end : date.start].strip()
        bare = one.kind == "number" and not one.unit and one.text.isdigit()
        dated = date.kind == "date" and date.day and between in _RANGE | {","}
        if bare and dated and int(one.text) <= 31:
            ordered[i] = replace(date, start=one.start, end=one.end, day=int(one.text))
    return ordered
