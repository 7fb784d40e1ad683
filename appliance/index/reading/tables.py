"""Rows of a table whose cells run over several lines.

A program writes a table row by row and cell by cell, so on the page the writing goes down
the first cell, jumps up to the top of the second, and so on. pdfium gives that as lines;
here they become one row again, "cell | cell | cell", each cell whole.
"""

from collections.abc import Iterator
from itertools import pairwise

from appliance.index.reading import hyphens
from appliance.index.reading.hyphens import Words
from appliance.index.reading.lines import Line

_SAME = 0.35  # of the letters' size: heights of one line
_NEXT = 1.6  # of the size: the step to the next line of a cell
_HIGHEST_JUMP = 8  # lines from a cell's end up to the top of the next
_MARGIN = 2.0  # points that cells of a column may differ by
_TOUCHING = 0.25  # of the size: what stands this near belongs to the cell before

Cells = list[list[Line]]  # a row's cells, each line by line


def rows(page: list[Line], words: Words) -> list[Line]:
    """The lines, those that make one row of a table put together.

    A cell of several lines is believed where another row has a cell at the same place.
    """
    page = list(_whole(page))
    if not any(_is_beside(above, below) for above, below in pairwise(page)):
        return page
    found = list(_grouped(page))
    begin = [round(left / _MARGIN) for cells in found for left in _begins(cells)]
    done: list[Line] = []
    for cells in found:
        near = [round(left / _MARGIN) for left in _begins(cells)]
        known = any(sum(abs(one - other) <= 1 for other in begin) > 1 for one in near)
        if known and (len(cells) > 1 or len(cells[0]) > 1):
            done += _row(cells, words)
        else:
            done += [line for cell in cells for line in cell]
    return done


def _whole(page: list[Line]) -> Iterator[Line]:
    """The lines, those that stand beside each other at one height made one."""
    current: Line | None = None
    for line in page:
        if current is not None and _is_level(current, line):
            current = _beside(current, line)
            continue
        if current is not None:
            yield current
        current = line
    if current is not None:
        yield current


def _is_level(above: Line, line: Line) -> bool:
    near = abs(above.baseline - line.baseline) <= _SAME * min(above.size, line.size)
    return near and not above.cut and line.left >= above.right - _MARGIN


def _beside(first: Line, second: Line) -> Line:
    """Two lines at one height as one; a sign that touches the first ends its last cell."""
    spans = first.spans or ((first.left, first.right),)
    others = second.spans or ((second.left, second.right),)
    cells, more = first.cells, second.cells
    if second.left - first.right <= _TOUCHING * first.size:
        cells, more = (*cells[:-1], cells[-1] + more[0]), more[1:]
        spans, others = (*spans[:-1], (spans[-1][0], others[0][1])), others[1:]
    spans = (*spans, *others)
    return first._replace(
        cells=(*cells, *more),
        spans=spans if len(spans) > 1 else (),
        right=second.right,
        cut=second.cut,
        at=-1,
    )


def _is_beside(above: Line, below: Line) -> bool:
    """Whether the second line is written to the right of the first and higher than it."""
    return below.baseline > above.baseline and below.left >= above.right - _MARGIN


def _grouped(page: list[Line]) -> Iterator[Cells]:
    """The lines by row, as far as a row can be told: alone, most of them."""
    row: Cells = []
    for line in page:
        if row and _joins(row, line):
            first = row[0]
            if len(row) == 1 and len(first) > 1:
                # What is above the row's top was a paragraph of its own.
                top = _top(first, line) + _SAME * line.size
                yield from ([[one]] for one in first if one.baseline > top)
                row = [[one for one in first if one.baseline <= top]]
            row.append([line])
        elif row and _goes_on(row, line):
            row[-1].append(line)
        elif len(row) > 1 and len(line.cells) > 1 and _goes_on(row, _part(line, 0, 1)):
            # The last line of a cell stands at the height of the next cell's first.
            row[-1].append(_part(line, 0, 1))
            row.append([_part(line, 1, len(line.cells))])
        else:
            yield from _parted(row)
            row = [[line]]
    yield from _parted(row)


def _parted(row: Cells) -> Iterator[Cells]:
    """A row as it is; the lines of what turned out to be a paragraph one by one."""
    if len(row) == 1 and len(row[0][0].cells) == 1:
        yield from ([[line]] for line in row[0])
    elif row:
        yield row


def _joins(row: Cells, line: Line) -> bool:
    """Whether ``line`` begins the next cell of ``row``."""
    last = row[-1]
    right = max(one.right for one in last)
    if line.left < right - _MARGIN or abs(line.size - last[0].size) > 0.4 * line.size:
        return False
    jump = line.baseline - last[-1].baseline
    if jump < -_SAME * line.size or jump > _HIGHEST_JUMP * line.size:
        return False
    top = row[0][0].baseline if len(row) > 1 else _top(last, line)
    # Cells may be centred in their row: the next one begins anywhere about the first.
    return line.baseline <= top + 3 * _NEXT * line.size


def _top(cell: list[Line], line: Line) -> float:
    """The height at which the row of ``cell`` begins: that of ``line`` where a line has it."""
    level = [one for one in cell if abs(one.baseline - line.baseline) <= _SAME * line.size]
    return level[0].baseline if level else cell[0].baseline


def _goes_on(row: Cells, line: Line) -> bool:
    """Whether ``line`` is the next one of the row's last cell, or of a paragraph so far."""
    above = row[-1][-1]
    step = above.baseline - line.baseline
    if len(line.cells) > 1 or not _SAME * above.size < step <= _NEXT * above.size:
        return False
    if abs(line.size - above.size) > 0.1 * above.size:
        return False
    if len(row) == 1 and len(above.cells) == 1:
        return line.left < above.right and line.right > above.left
    return line.left >= (above.spans[-1][0] if above.spans else above.left) - _MARGIN


def _part(line: Line, start: int, stop: int) -> Line:
    """The cells of a row from ``start`` to ``stop``."""
    spans = line.spans[start:stop]
    return line._replace(
        cells=line.cells[start:stop],
        spans=spans if len(spans) > 1 else (),
        left=spans[0][0],
        right=spans[-1][1],
        cut=line.cut and stop == len(line.cells),
        at=-1,
    )


def _begins(cells: Cells) -> list[float]:
    """Where the cells of a row begin, but for the first."""
    lefts = [left for cell in cells for left, _ in cell[0].spans or ((cell[0].left, 0.0),)]
    return lefts[1:]


def _row(row: Cells, words: Words) -> list[Line]:
    cells: list[str] = []
    spans: list[tuple[float, float]] = []
    for cell in row:
        *others, last = cell[0].cells
        cells += [*others, _text(cell, last, words)]
        own = cell[0].spans or ((cell[0].left, cell[0].right),)
        spans += [*own[:-1], (own[-1][0], max(line.right for line in cell))]
    first = row[0][0]
    return [
        first._replace(cells=tuple(cells), spans=tuple(spans), right=spans[-1][1], cut=False, at=-1)
    ]


def _text(cell: list[Line], first: str, words: Words) -> str:
    text = first
    for above, below in pairwise(cell):
        if above.cut:
            text += ("-" if hyphens.keeps(text, below.text, words) else "") + below.text
        else:
            text += " " + below.text
    return text
