"""The lines of a PDF page as pdfium finds them: their words and where they stand.

pdfium gives characters in the order of the page's content with a break at each
line's end, and each character's place. A line here knows its edges, baseline
and size in points, where its wide gaps are (the cells of a table), and
whether a word is cut at its end. Places are those of the page as it is shown:
of one that lies on its side the edges are turned with it.
"""

import ctypes
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from appliance.index.reading import asking
from appliance.index.reading.asking import Floats

TEXT_LIMIT = 200_000  # characters of one page; a dense one has 8,000
_ROW_GAP, _CELL_GAP = 1.5, 0.8  # of the letters' size; a space is 0.3, justified up to 0.7
_CUT_WORD = "\ufffe"  # pdfium's sign for a hyphen at a line's end, in place of the break
_GUTTER = 5  # lines with a gap at the same place, narrow as it is, stand in columns
_STRETCHED = 3.0  # of the size: the widest gap of a line stretched to the margin
_EDGE = 1.5  # points that edges of one column may differ by
_WIDE_LETTERS = 0.58  # of the size, for each letter of a line; plain writing has 0.4 to 0.52
SLANTED = 4  # the angle of lines that run neither along nor across the page
_SLANT = 0.06  # of a quarter turn: a scan laid askew has a third of it
# Quotes and dashes of Windows that a font without a map gives as control characters.
_WINDOWS_SIGNS = {
    code: bytes((code,)).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)
}
_LINE = re.compile("[^ \xa0\r\n\ufffe][^\r\n\ufffe]*")

Places = NDArray[np.intp]
Spans = list[tuple[int, int]]
Cells = tuple[tuple[str, ...], tuple[tuple[float, float], ...]]  # a line's, and their edges


class Line(NamedTuple):
    """``cells`` has one string for plain writing; ``cut`` is the hyphen kept at its end.

    ``spans`` are the left and right edges of the cells where there are several;
    ``angle`` is how far the writing is turned on the page as shown, in quarters (``SLANTED``
    where in none); it is the page's text from ``at`` to ``end``, -1 where that is not known.
    """

    cells: tuple[str, ...]
    left: float
    right: float
    baseline: float
    size: float
    cut: bool
    spans: tuple[tuple[float, float], ...] = ()
    angle: int = 0
    at: int = -1
    end: int = -1

    @property
    def text(self) -> str:
        return self.cells[0] if len(self.cells) == 1 else " | ".join(self.cells)


class _Where(NamedTuple):
    """Where a page's lines are in its text and on its paper, and the size of their letters."""

    spans: Spans
    lefts: list[float]
    rights: list[float]
    sizes: list[float]


class Units:
    """A page's text, each of its characters with its place."""

    def __init__(self, textpage: Any) -> None:
        self.handle = textpage.raw
        count = min(pdfium.FPDFText_CountChars(self.handle), TEXT_LIMIT)
        self.codes = asking.text(self.handle, count)
        self.data = str(self.codes.data, "utf-16-le", "surrogatepass")
        if ((self.codes >= 0x80) & (self.codes < 0xA0)).any():
            self.data = self.data.translate(_WINDOWS_SIGNS)
        self.characters = count
        self.is_whole = len(self.data) == count  # then a character's number is its position

    def __len__(self) -> int:
        return len(self.data)

    def text(self, start: int, end: int) -> str:
        """The text from ``start`` to ``end``."""
        return self.data[start:end]

    def hide(self, positions: Sequence[int]) -> str:
        """Put spaces in the place of the characters at ``positions``, and give them."""
        letters = list(self.data)
        taken = "".join(
            letters[at] if at - 1 == before else " " + letters[at]
            for before, at in zip([-1, *positions], positions, strict=False)
        )
        for at in positions:
            if letters[at] not in "\r\n":
                letters[at] = " "
        self.data = "".join(letters)
        return taken.strip()

    def numbers(self, positions: Sequence[int]) -> Sequence[int]:
        """The numbers that pdfium has for the characters at ``positions``."""
        return positions if self.is_whole else asking.indexes(self.handle, positions)

    def places(self, positions: Sequence[int]) -> Floats:
        """Left, bottom, right and top of the characters at ``positions``, one row each."""
        return asking.places(self.handle, self.numbers(positions))

    def box(self, unit: int) -> tuple[float, float, float, float] | None:
        """Left, bottom, right and top of a unit's character in points, or None for an invented
        one (pdfium adds spaces where there is a gap)."""
        edges = [ctypes.c_double() for _ in range(4)]
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, unit)
        left, right, bottom, top = edges
        if index < 0:
            return None
        if not pdfium.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top):
            return None
        return left.value, bottom.value, right.value, top.value


def turned(edges: Floats, quarters: int) -> Floats:
    """Edges (left, bottom, right, top) after ``quarters`` clockwise turns about the origin."""
    left, bottom, right, top = edges.T
    if quarters == 1:
        return np.stack((bottom, -right, top, -left), axis=1)
    if quarters == 2:
        return np.stack((-right, -top, -left, -bottom), axis=1)
    if quarters == 3:
        return np.stack((-top, left, -bottom, right), axis=1)
    return edges


def lines(units: Units, quarters: int = 0, *, closely: bool = False) -> list[Line]:
    """The lines of a page shown after ``quarters`` clockwise turns, in the order of its content;
    lines without a word are left out. ``closely`` looks for cells in every line, for pages that
    draw whole rows in one piece."""
    found = [match.span() for match in _LINE.finditer(units.data)]
    if not found:
        return []
    data = units.data + "\n"
    spans = [(start, start + len(data[start:end].rstrip(" \xa0"))) for start, end in found]
    firsts = units.numbers([start for start, _ in spans])
    edges = units.places([start for start, _ in spans] + [end - 1 for _, end in spans])
    edges = turned(edges, quarters)
    lefts, rights = edges[: len(spans), 0].tolist(), edges[len(spans) :, 2].tolist()
    shapes = asking.matrices(units.handle, firsts)
    sizes = asking.sizes(units.handle, firsts) * np.hypot(shapes[:, 2], shapes[:, 3])
    baselines = _baselines(shapes, quarters).tolist()
    angles = _angles(shapes, quarters).tolist()
    where = _Where(spans, lefts, rights, sizes.tolist())
    parts: list[Cells] = [((data[start:end],), ()) for start, end in spans]
    wide = _wide(units, where, quarters, closely=closely)
    for at, cells in _cut_into_cells(units, where, wide, quarters) if wide else ():
        parts[at] = cells
    return [
        Line(cells, left, right, baseline, size, data[stop] == _CUT_WORD, own, angle, start, end)
        for (cells, own), (start, end), left, right, size, (_, stop), baseline, angle in zip(
            parts, *where, found, baselines, angles, strict=True
        )
    ]


def _baselines(shapes: Floats, quarters: int) -> Floats:
    """The heights that lines stand on, from the matrices of their first letters."""
    x, y = shapes[:, 4], shapes[:, 5]
    return (y, -x, -y, x)[quarters]


def _angles(shapes: Floats, quarters: int) -> NDArray[np.int64]:
    """The direction that lines are written in, in quarters of a turn; 0 is to the right."""
    if not shapes[:, 1].any() and (shapes[:, 0] > 0).all():  # as nearly all are
        return np.full(len(shapes), -quarters % 4)
    turns = np.arctan2(shapes[:, 1], shapes[:, 0]) / (np.pi / 2)
    whole = np.rint(turns)
    angles = (whole.astype(np.int64) - quarters) % 4
    return np.where(np.abs(turns - whole) > _SLANT, SLANTED, angles)


def _wide(units: Units, where: _Where, quarters: int, *, closely: bool) -> list[int]:
    """The numbers of the lines that may be made of cells: those where two objects of the page
    stand apart, and those whose letters seem to."""
    if closely or not units.is_whole:
        return [at for at, (start, end) in enumerate(where.spans) if " " in units.data[start:end]]
    wide = {
        at
        for at, ((start, end), left, right, size) in enumerate(zip(*where, strict=True))
        if right - left > _WIDE_LETTERS * size * (end - start)
    }
    others = [at for at in range(len(where.spans)) if at not in wide]
    if others and asking.runs_of_all(units.handle) != len(where.spans):
        wide |= _apart(units, where, others, quarters)
    return sorted(wide)


def _apart(units: Units, where: _Where, asked: list[int], quarters: int) -> set[int]:
    """Those of the lines ``asked`` on which two objects stand further apart than words do."""
    counts, runs = asking.runs(units.handle, [where.spans[at] for at in asked])
    owner = np.repeat(asked, [count if count > 1 else 0 for count in counts])
    runs = turned(runs, quarters)
    sizes = np.array([where.sizes[at] for at in owner[1:]])
    gaps = (runs[1:, 0] - runs[:-1, 2] > _CELL_GAP * sizes) & (owner[1:] == owner[:-1])
    return set(owner[1:][gaps].tolist())


def _cut_into_cells(
    units: Units, where: _Where, wide: list[int], quarters: int
) -> Iterator[tuple[int, Cells]]:
    """Those of the lines numbered ``wide`` that are rows, cut at the gaps between their cells.

    One gap wider than any space makes a line a row; then its narrower ones count too, and so do
    narrow ones that stand at the same place in line after line.
    """
    spans = [where.spans[at] for at in wide]
    owner, starts, ends = _spaces(units.data, spans)
    if not len(owner):
        return
    edges = units.places(np.concatenate((starts - 1, ends)).tolist())
    edges = turned(edges, quarters)
    before, after = edges[: len(owner), 2], edges[len(owner) :, 0]
    sizes = np.array([where.sizes[at] or 1.0 for at in wide])[owner]
    gaps = (after - before) / sizes
    is_row = np.zeros(len(wide), bool)
    is_row[owner[gaps > _ROW_GAP]] = True
    parts = np.flatnonzero(gaps > _CELL_GAP)
    parts = parts[_chosen(before[parts], after[parts], sizes[parts], is_row[owner[parts]])]
    owner, gaps, starts, ends = owner[parts], gaps[parts], starts[parts], ends[parts]
    rows = {wide[one] for one in owner.tolist()}
    stretched = {wide[one] for one in owner[gaps >= _STRETCHED].tolist()}
    # All cells of all lines in turn, of which each has one more than it has gaps.
    begins = sorted([start for start, _ in spans] + ends.tolist())
    stops = sorted([end for _, end in spans] + starts.tolist())
    cells = [units.data[begin:stop] for begin, stop in zip(begins, stops, strict=True)]
    rights, lefts = before[parts].tolist(), after[parts].tolist()
    of_line = pairwise(np.searchsorted(owner, range(len(wide) + 1)).tolist())
    for number, (at, (first, last)) in enumerate(zip(wide, of_line, strict=True)):
        if at in rows and (at in stretched or not _is_justified(where, at, rows)):
            begin = (where.lefts[at], *lefts[first:last])
            end = (*rights[first:last], where.rights[at])
            own = tuple(cells[first + number : last + number + 1])
            yield at, (own, tuple(zip(begin, end, strict=True)))


def _spaces(data: str, spans: Spans) -> tuple[Places, Places, Places]:
    """The spaces inside ``spans``, which begin and end with a letter: for each the number of its
    span, and where it starts and ends in the text."""
    signs = np.frombuffer(f"\n{data}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    blank = (signs == 0x20) | (signs == 0xA0)
    starts, ends = np.flatnonzero(blank[1:] != blank[:-1]).reshape(-1, 2).T
    begins, stops = np.array(spans).T
    owner = np.searchsorted(begins, starts, "right") - 1
    inside = (owner >= 0) & (starts < stops[owner])
    return owner[inside], starts[inside], ends[inside]


def _chosen(
    lefts: Floats, rights: Floats, sizes: Floats, is_row: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which gaps part cells: those of rows, and those that lie over the same place as enough
    others, in letters of their size."""
    chosen = is_row.copy()
    if is_row.all():
        return chosen
    narrow = np.flatnonzero(~is_row)
    over = np.minimum(rights[narrow, None], rights) > np.maximum(lefts[narrow, None], lefts)
    over &= np.abs(sizes[narrow, None] - sizes) <= 0.1 * sizes
    chosen[narrow] = over.sum(axis=1) >= _GUTTER
    return chosen


def _is_justified(where: _Where, at: int, rows: Collection[int]) -> bool:
    """Whether a line is stretched to the edges of a plain one next to it."""
    _, lefts, rights, sizes = where
    return any(
        0 <= beside < len(sizes)
        and beside not in rows
        and abs(sizes[beside] - sizes[at]) < 0.1 * sizes[at]
        and abs(lefts[beside] - lefts[at]) < _EDGE
        and abs(rights[beside] - rights[at]) < _EDGE
        for beside in (at - 1, at + 1)
    )
