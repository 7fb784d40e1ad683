"""The lines of a PDF page as pdfium finds them: their words and where they stand.

pdfium gives characters in the order of the page's content with a break at each
line's end, and each character's place. A line here knows its edges, baseline
and size in points, where its wide gaps are (the cells of a table), and
whether a word is cut at its end.
"""

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

TEXT_LIMIT = 200_000  # characters of one page; a dense one has 8,000
_ROW_GAP, _CELL_GAP = 1.5, 0.8  # of the letters' size; a space is 0.3, justified up to 0.7
_CUT_WORD = "\ufffe"  # pdfium's sign for a hyphen at a line's end, in place of the break


class Line(NamedTuple):
    """``cells`` has one string for plain writing; ``cut`` is the hyphen kept at its end."""

    cells: tuple[str, ...]
    left: float
    right: float
    baseline: float
    size: float
    cut: bool

    @property
    def text(self) -> str:
        return " | ".join(self.cells)


class Units:
    """A page's text in UTF-16 units, each with its number in pdfium's list of characters."""

    def __init__(self, textpage: Any) -> None:
        self.handle = textpage.raw
        count = min(pdfium.FPDFText_CountChars(self.handle), TEXT_LIMIT)
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        written = pdfium.FPDFText_GetText(self.handle, 0, count, buffer)
        self.data = bytes(buffer)[: 2 * max(written - 1, 0)]

    def __len__(self) -> int:
        return len(self.data) // 2

    def text(self, start: int, end: int) -> str:
        """The units from ``start`` to ``end`` as text."""
        return self.data[2 * start : 2 * end].decode("utf-16-le", "ignore")

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

    def size_and_baseline(self, unit: int) -> tuple[float, float]:
        """The size of a unit's letters as they show on the page, and the height they stand on."""
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, unit)
        matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
        scale = 1.0
        if pdfium.FPDFText_GetMatrix(self.handle, index, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
        pdfium.FPDFText_GetCharOrigin(self.handle, index, x, y)
        return pdfium.FPDFText_GetFontSize(self.handle, index) * scale, y.value


def lines(units: Units) -> Iterator[Line]:
    """The lines of a page, in the order of its content; lines without a word are left out."""
    start = 0
    whole = memoryview(units.data).cast("H")
    for position, unit in enumerate(whole):
        if unit in (0x0A, 0x0D, 0xFFFE):
            line = _line(units, whole, start, position, cut=unit == ord(_CUT_WORD))
            if line:
                yield line
            start = position + 1
    line = _line(units, whole, start, len(whole), cut=False)
    if line:
        yield line


def _line(units: Units, whole: memoryview, start: int, end: int, *, cut: bool) -> Line | None:
    while start < end and whole[start] in (0x20, 0xA0):
        start += 1
    while end > start and whole[end - 1] in (0x20, 0xA0):
        end -= 1
    if start == end:
        return None
    first, last = units.box(start), units.box(end - 1)
    size, baseline = units.size_and_baseline(start)
    if first is None or last is None:
        return Line((units.text(start, end),), 0.0, 0.0, baseline, size, cut)
    cells = _cells(units, whole, start, end, size)
    return Line(tuple(cells), first[0], last[2], baseline, size, cut)


def _cells(units: Units, whole: memoryview, start: int, end: int, size: float) -> Iterator[str]:
    """The line's text, cut at the gaps between cells.

    One gap wider than any space makes it a row; then its narrower ones count too.
    """
    gaps: list[tuple[int, float]] = []
    for unit in range(start + 1, end - 1):
        if whole[unit] != 0x20 or whole[unit - 1] == 0x20:
            continue
        before, after = units.box(unit - 1), units.box(unit + 1)
        if before and after:
            gaps.append((unit, (after[0] - before[2]) / (size or 1.0)))
    is_row = any(gap > _ROW_GAP for _, gap in gaps)
    begin = start
    for unit, gap in gaps:
        if is_row and gap > _CELL_GAP:
            yield units.text(begin, unit)
            begin = unit + 1
    yield units.text(begin, end)
