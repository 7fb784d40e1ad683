"""Headers, footers and page numbers: what repeats along the edges of pages.

A line runs when other pages have it too, at the same height and in the same size, with
nothing changed but numbers that count the pages. It stays in the text once, where it
stands first, because a letterhead may be the only place that names the house; from then
on, and page numbers always, it is taken out and kept for the report. Pages leave as they
are read, so what is known comes from a few pages looked at beforehand and those before.
"""

import re
from collections import deque
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from appliance.index.reading.lines import Line
from appliance.index.reading.sheets import Sheet

_ZONE = 0.16  # of the page's height, at its top and at its bottom
_LINES = 6  # of an edge, at most
_GAP = 1.5  # of the letters' size: a step to the next line that is more than a line's
_WIDER = 1.3  # against the page's usual step, for pages whose lines stand far apart
_DOUBLE = 2.5  # of the letters' size: the widest step that is one of a paragraph
_REMEMBERED = 4  # pages; left and right ones may differ
_OTHERS = 2  # pages that must have a line too, where the document has enough
_HEIGHT, _SIZE = 3.0, 0.6  # points that a line may stand higher, its letters be larger
_NUMBER = re.compile(r"(\d{1,5})")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|\s.]*(?:p[áa]gina|p[áa]g\.?|p\.|page|folha|fls?\.|seite)\s*)"
    r"(\d{1,5}|[ivxlc]{1,7})(?:\s*(?:de|of|sur|/|-)\s*(\d{1,5}))?[-–—|\s.]*",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"[-–—|\s.]*(\d{1,5}|[ivxlc]{1,7})(?:\s*(?:de|of|/)\s*(\d{1,5}))?[-–—|\s.]*", re.IGNORECASE
)


class _Mark(NamedTuple):
    """A line at a page's edge: its words with numbers left open, the numbers, its place."""

    words: str
    numbers: tuple[int, ...]
    page: int
    baseline: float
    size: float


_Placed = tuple[int, Line]  # a line and its place among the page's


class Parted(NamedTuple):
    """What is left of a page's lines, what was taken, and the notes to make."""

    lines: list[Line]
    removed: tuple[str, ...]
    notes: tuple[str, ...]


class Running:
    """The running lines of one document of ``pages`` pages; ``sampled`` are some of them."""

    def __init__(self, pages: int, sampled: dict[int, Sheet]) -> None:
        self.pages = pages
        self._sampled: dict[str, list[_Mark]] = {}
        for number, sheet in sampled.items():
            for _, line in (*_upper(sheet), *_lower(sheet)):
                mark = _mark(number, line)
                self._sampled.setdefault(mark.words, []).append(mark)
        self._before: deque[list[_Mark]] = deque(maxlen=_REMEMBERED)
        self._kept: list[_Mark] = []

    def parted(self, number: int, sheet: Sheet) -> Parted:
        """Page ``number`` without the lines that run."""
        taken: dict[int, str] = {}
        kept: set[int] = set()
        edges: list[_Mark] = []
        for name, side in (("removed_header", _upper(sheet)), ("removed_footer", _lower(sheet))):
            marks = [_mark(number, line) for _, line in side]
            edges += marks
            for (at, _), mark, is_number in self._along(side, marks, sheet.lines):
                if is_number or not self._is_first(mark):
                    taken[at] = name
                else:
                    kept.add(at)
        self._before.append(edges)
        if len(taken) == len(sheet.lines) or not (taken or kept):
            return Parted(sheet.lines, (), ())  # a page of nothing else says what it says
        left = [
            _without_number(line) if at in kept else line
            for at, line in enumerate(sheet.lines)
            if at not in taken
        ]
        removed = tuple(sheet.lines[at].text for at in sorted(taken))
        return Parted(left, removed, tuple(sorted(set(taken.values()))))

    def _along(
        self, side: list[_Placed], marks: list[_Mark], lines: list[Line]
    ) -> list[tuple[_Placed, _Mark, bool]]:
        """The lines of an edge that run, from the edge inwards, and whether each is a number."""
        found = []
        for (at, line), mark in zip(side, marks, strict=True):
            is_number = self._is_page_number(mark, line, lines, at)
            if not is_number and not self._runs(mark, lines, at):
                break
            found.append(((at, line), mark, is_number))
        while found and not _is_apart(found[-1][0], {at for (at, _), _, _ in found}, lines):
            found.pop()
        return found

    def _others(self, mark: _Mark) -> int:
        """How many other pages have the line."""
        pages = {one.page for one in self._sampled.get(mark.words, ()) if _are_one(mark, one)}
        pages |= {one.page for marks in self._before for one in marks if _are_one(mark, one)}
        return len(pages - {mark.page})

    def _runs(self, mark: _Mark, lines: list[Line], at: int) -> bool:
        if not any(letter.isalpha() for letter in mark.words) or _is_in_table(lines, at):
            return False
        return self.pages > 1 and self._others(mark) >= min(_OTHERS, self.pages - 1)

    def _is_first(self, mark: _Mark) -> bool:
        if any(_are_one(mark, kept) for kept in self._kept):
            return False
        self._kept.append(mark)
        return True

    def _is_page_number(self, mark: _Mark, line: Line, lines: list[Line], at: int) -> bool:
        text = line.text
        if (named := _PAGE_NUMBER.fullmatch(text)) is not None:
            value, total = named.groups()
            return _value(value) == mark.page or total == str(self.pages) or self._counts(mark)
        bare = _BARE_NUMBER.fullmatch(text)
        if bare is None or len(line.cells) > 1 or _is_in_table(lines, at):
            return False
        return self._counts(mark) or (_value(bare[1]) == mark.page and _is_alone(lines, at))

    def _counts(self, mark: _Mark) -> bool:
        return self._others(mark) >= min(_OTHERS, max(self.pages - 1, 1))


def _mark(page: int, line: Line) -> _Mark:
    text = " ".join(line.cells).lower()
    if _ROMAN.fullmatch(bare := text.strip("-–—. ")):
        return _Mark("ROMAN", (_value(bare),), page, line.baseline, line.size)
    parts = _NUMBER.split(text)  # words and numbers in turn
    return _Mark("#".join(parts[::2]), tuple(map(int, parts[1::2])), page, line.baseline, line.size)


def _are_one(mark: _Mark, other: _Mark) -> bool:
    """Whether two pages have the same line: numbers stay, or count with the pages."""
    if mark.words != other.words or len(mark.numbers) != len(other.numbers):
        return False
    if abs(mark.baseline - other.baseline) > _HEIGHT or abs(mark.size - other.size) > _SIZE:
        return False
    steps = {one - two for one, two in zip(mark.numbers, other.numbers, strict=True)}
    if mark.words in ("#", "ROMAN"):  # a number alone must count
        return steps == {mark.page - other.page}
    return steps <= {0, mark.page - other.page}


def _without_number(line: Line) -> Line:
    """A running line that stays, without the cell that counts the pages."""
    own = [at for at, cell in enumerate(line.cells) if not _PAGE_NUMBER.fullmatch(cell)]
    if not own or len(own) == len(line.cells):
        return line
    spans = tuple(line.spans[at] for at in own)
    return line._replace(
        cells=tuple(line.cells[at] for at in own),
        spans=spans if len(spans) > 1 else (),
        left=spans[0][0],
        right=spans[-1][1],
        at=-1,
    )


def _value(number: str) -> int:
    """A number in Arabic or Roman figures."""
    if number.isdigit():
        return int(number)
    values = [_ROMAN_VALUES[letter] for letter in number.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _upper(sheet: Sheet) -> list[_Placed]:
    """The lines near the page's upper edge with their places, from the edge down."""
    limit = sheet.top - _ZONE * (sheet.top - sheet.bottom)
    found = [(at, line) for at, line in enumerate(sheet.lines) if line.baseline > limit]
    return sorted(found, key=lambda placed: -placed[1].baseline)[:_LINES]


def _lower(sheet: Sheet) -> list[_Placed]:
    limit = sheet.bottom + _ZONE * (sheet.top - sheet.bottom)
    found = [(at, line) for at, line in enumerate(sheet.lines) if line.baseline < limit]
    return sorted(found, key=lambda placed: placed[1].baseline)[:_LINES]


def _is_apart(placed: _Placed, running: set[int], lines: list[Line]) -> bool:
    """Whether a running line is set apart, by its size or by a gap wider than those of the page,
    from the lines near it that do not run."""
    _, line = placed
    gap = max(_GAP, _WIDER * _usual_step(lines)) * line.size
    return not any(
        0.3 * line.size < abs(other.baseline - line.baseline) <= gap
        and abs(other.size - line.size) <= 0.1 * line.size
        for at, other in enumerate(lines)
        if at not in running
    )


def _usual_step(lines: list[Line]) -> float:
    """The distance between the baselines of most neighbours, in sizes of their letters."""
    steps = [
        (above.baseline - below.baseline) / above.size
        for above, below in pairwise(lines)
        if above.size and above.baseline - below.baseline > 0.3 * above.size
    ]
    return min(median(steps), _DOUBLE) if steps else 0.0


def _is_in_table(lines: list[Line], at: int) -> bool:
    """Whether what stands close to the line begins where its cells do: a table's header runs,
    too, and its rows need it."""
    line = lines[at]
    begins = [left for left, _ in line.spans[1:]]
    return any(
        abs(left - begin) <= _HEIGHT
        for other in lines
        if other is not line and 0 < abs(line.baseline - other.baseline) <= 3 * line.size
        for left, _ in (*other.spans, (other.left, other.right))
        for begin in begins
    )


def _is_alone(lines: list[Line], at: int) -> bool:
    """Whether no other line stands within two lines' height."""
    line = lines[at]
    return all(
        abs(line.baseline - other.baseline) > 1.8 * max(line.size, other.size)
        for other in lines
        if other is not line
    )
