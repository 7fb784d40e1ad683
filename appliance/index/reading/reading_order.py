"""The order in which a page's lines are read: down one column, then down the next.

Most programs write a page in the order it is read, and pdfium keeps that. Two things need
more: columns whose lines were written across both, which pdfium takes for rows of two
cells, and parts written out of turn (a header at the end). Tables keep the order they have.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from appliance.index.reading.lines import Line

_LINES = 5  # in a column, at least
_LAST = 2  # lines in a column that ends early
_ACROSS = 0.62  # of the writing's width; a wider line stands over all columns
_GUTTER = 8.0  # points, at least
_BIN = 2.0  # points
_FULL = 0.6  # of its column: what a usual line of prose fills
_PROSE = 15  # letters and more in a usual line of prose
# Lines up and down the page: what stands further was perhaps not written in turn.
_JUMP, _FALL = 2.0, 4.0

Spans = tuple[tuple[float, float], ...]


class _Part(NamedTuple):
    """The cells ``own`` of a line: what of it stands in one column. It becomes a line of its own
    (``_cut_out``) only where there are columns: a page of tables has hundreds of cells."""

    line: Line
    own: tuple[int, ...]
    left: float
    right: float


def ordered(page: list[Line]) -> tuple[list[Line], bool]:
    """The lines in the order they are read, and whether they stand in columns."""
    gutters = _gutters(page)
    if gutters:
        columns = _in_columns(page, gutters)
        if columns is not None:
            return columns, True
    return _in_turn(page), False


def _gutters(page: list[Line]) -> list[float]:
    """The middles of the white strips down the page that part columns, from the left."""
    if not _may_have_columns(page):
        return []
    cells = [span for line in page for span in line.spans or ((line.left, line.right),)]
    edges = np.array(cells)
    left, right = edges[:, 0].min(), edges[:, 1].max()
    narrow = edges[edges[:, 1] - edges[:, 0] < _ACROSS * (right - left)]
    if len(narrow) < 2 * _LINES:
        return []
    bins = int((right - left) / _BIN) + 2
    steps = np.zeros(bins + 1)
    np.add.at(steps, ((narrow[:, 0] - left) / _BIN).astype(int).clip(0, bins), 1)
    np.add.at(steps, (np.ceil((narrow[:, 1] - left) / _BIN)).astype(int).clip(0, bins), -1)
    over = np.cumsum(steps)[:bins]
    empty = over <= 0.08 * over.max()
    changes = np.flatnonzero(np.diff(np.concatenate(([False], empty, [False])).astype(int)))
    found, sides = [], []
    for start, stop in changes.reshape(-1, 2).tolist():
        middle = left + (start + stop) / 2 * _BIN
        before, after = (narrow[:, 1] < middle).sum(), (narrow[:, 0] > middle).sum()
        if (stop - start) * _BIN >= _GUTTER and min(before, after) >= _LAST:
            found.append(float(middle))
            sides.append(min(before, after))
    return found if max(sides, default=0) >= _LINES else []


def _may_have_columns(page: list[Line]) -> bool:
    """Whether enough lines are rows, or stand in the right part of the writing."""
    if len(page) < _LINES:
        return False
    left = min(line.left for line in page)
    begin = left + 0.25 * (max(line.right for line in page) - left)
    return sum(line.left > begin or len(line.cells) > 1 for line in page) >= _LINES


def _in_columns(page: list[Line], gutters: list[float]) -> list[Line] | None:
    """The lines down the columns between ``gutters``, those across them in their places; None
    where the columns are those of a table."""
    across: list[Line] = []
    columns: list[list[_Part]] = [[] for _ in range(len(gutters) + 1)]
    for line in page:
        spans = line.spans or ((line.left, line.right),)
        # No gutter is inside a cell where none parts its edges.
        if any(bisect_right(gutters, left) < bisect_left(gutters, right) for left, right in spans):
            across.append(line)
            continue
        for number, part in _parts(line, spans, gutters):
            columns[number].append(part)
    prose = sum(_is_prose(column) for column in columns)
    if prose < 2 or prose * 2 < len(columns):
        return None
    return _by_band(across, [[_cut_out(part) for part in column] for column in columns])


def _parts(line: Line, spans: Spans, gutters: list[float]) -> Iterator[tuple[int, _Part]]:
    """The line's cells by the column they stand in."""
    if len(spans) == 1:
        yield bisect_left(gutters, line.left), _Part(line, (0,), line.left, line.right)
        return
    columns: dict[int, list[int]] = {}
    for at, (left, _) in enumerate(spans):
        columns.setdefault(bisect_left(gutters, left), []).append(at)
    for number in sorted(columns):
        own = columns[number]
        yield number, _Part(line, tuple(own), spans[own[0]][0], spans[own[-1]][1])


def _cut_out(part: _Part) -> Line:
    """The part as a line of its own."""
    line, own, left, right = part
    if len(own) == len(line.spans or (0,)):
        return line
    spans = tuple(line.spans[at] for at in own)
    return line._replace(
        cells=tuple(line.cells[at] for at in own),
        spans=spans if len(spans) > 1 else (),
        left=left,
        right=right,
        # A hyphen that ended no line for pdfium is the last letter of its cell here.
        cut=line.cut and own[-1] == len(line.spans) - 1,
        at=-1,
    )


def _is_prose(column: list[_Part]) -> bool:
    if len(column) < _LINES:
        return False
    wide = max(part.right for part in column) - min(part.left for part in column)
    filled = median((part.right - part.left) / max(wide, 1.0) for part in column)
    return filled >= _FULL and median(map(_length, column)) >= _PROSE


def _length(part: _Part) -> int:
    return sum(len(part.line.cells[at]) for at in part.own) + 3 * (len(part.own) - 1)


def _by_band(across: list[Line], columns: list[list[Line]]) -> list[Line]:
    """Between two lines that stand across, first the left column and then the next."""
    ordered: list[Line] = []
    heights = sorted((line.baseline for line in across), reverse=True)
    for upper, lower in pairwise([float("inf"), *heights, float("-inf")]):
        ordered += [line for line in across if line.baseline == upper]
        for column in columns:
            band = [line for line in column if lower < line.baseline <= upper]
            ordered += sorted(band, key=lambda line: -line.baseline)
    return list(dict.fromkeys(ordered))


def _in_turn(page: list[Line]) -> list[Line]:
    """The page's parts from top to bottom, where each stands wholly above or below the others."""
    runs: list[list[Line]] = []
    for line in page:
        step = runs[-1][-1].baseline - line.baseline if runs else 0.0
        if runs and -_JUMP * line.size <= step <= _FALL * line.size:
            runs[-1].append(line)
        else:
            runs.append([line])
    if len(runs) < 2:
        return page
    runs.sort(key=lambda run: -max(line.baseline for line in run))
    for above, below in pairwise(runs):
        if min(line.baseline for line in above) <= max(line.baseline for line in below):
            return page
    return [line for run in runs for line in run]
