"""The order in which a page's lines are read: down one column, then down the next.

Most programs write a page in the order it is read, and pdfium keeps that. Two things need
more: columns whose lines were written across both, which pdfium takes for rows of two
cells, and parts written out of turn (a header at the end). Tables keep the order they have.
"""

from collections.abc import Iterator
from itertools import chain, pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from appliance.index.reading.asking import Floats
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


def ordered(page: list[Line]) -> tuple[list[Line], bool]:
    """The lines in the order they are read, and whether they stand in columns."""
    if _may_have_columns(page):
        each = chain.from_iterable(map(_spans, page))
        edges = np.fromiter(chain.from_iterable(each), np.float64).reshape(-1, 2)
        gutters = _gutters(edges)
        if gutters and _are_columns(page, edges, gutters):
            return _in_columns(page, gutters), True
    return _in_turn(page), False


def _spans(line: Line) -> tuple[tuple[float, float], ...]:
    return line.spans or ((line.left, line.right),)


def _gutters(edges: Floats) -> list[float]:
    """The middles of the white strips down the page that part columns, from the left; ``edges``
    are the left and right edges of the page's cells, one row each."""
    begins, ends = edges.T
    left, right = begins.min(), ends.max()
    narrow = ends - begins < _ACROSS * (right - left)
    begins, ends = np.sort(begins[narrow]), np.sort(ends[narrow])
    if len(begins) < 2 * _LINES:
        return []
    bins = int((right - left) / _BIN) + 2
    # A cell may end before it begins, and then lies outside.
    first = np.minimum(((begins - left) / _BIN).astype(int), bins)
    last = np.maximum(np.ceil((ends - left) / _BIN).astype(int), 0)
    steps = np.bincount(first, minlength=bins + 1) - np.bincount(last, minlength=bins + 1)
    over = steps.cumsum()[:bins]
    is_empty = np.zeros(bins + 2, bool)
    is_empty[1:-1] = over <= 0.08 * over.max()
    starts, stops = np.flatnonzero(is_empty[1:] != is_empty[:-1]).reshape(-1, 2).T
    middles = left + (starts + stops) / 2 * _BIN
    before = np.searchsorted(ends, middles)
    after = len(begins) - np.searchsorted(begins, middles, "right")
    sides = np.minimum(before, after)
    wide = ((stops - starts) * _BIN >= _GUTTER) & (sides >= _LAST)
    found: list[float] = middles[wide].tolist()
    return found if sides[wide].max(initial=0) >= _LINES else []


def _may_have_columns(page: list[Line]) -> bool:
    """Whether enough lines are rows, or stand in the right part of the writing."""
    if len(page) < _LINES:
        return False
    left = min(line.left for line in page)
    begin = left + 0.25 * (max(line.right for line in page) - left)
    return sum(line.left > begin or len(line.cells) > 1 for line in page) >= _LINES


def _are_columns(page: list[Line], edges: Floats, gutters: list[float]) -> bool:
    """Whether prose stands between ``gutters`` rather than the cells of a table.

    Asked before a line is cut, and of arrays: a page of tables has hundreds of cells, and all
    that cutting them would tell are edges and lengths. Cells of a line that stand in one column
    count as one, with a sign of three letters between them.
    """
    left, right = edges.T
    line = np.repeat(np.arange(len(page)), [len(line.cells) for line in page])
    cells = chain.from_iterable(line.cells for line in page)
    letters = np.fromiter(map(len, cells), np.int64, len(line))
    places = np.array(gutters)
    column = places.searchsorted(left)
    across = places.searchsorted(left, "right") < places.searchsorted(right)
    is_across = np.zeros(len(page), bool)
    is_across[line[across]] = True
    parted = ~is_across[line]
    if not parted.any():
        return False
    place = (column * len(page) + line)[parted]
    turn = np.argsort(place, kind="stable")
    place = place[turn]
    first = np.concatenate(([0], np.flatnonzero(place[1:] != place[:-1]) + 1))
    last = np.append(first[1:], len(turn)) - 1
    left, right = left[parted][turn[first]], right[parted][turn[last]]
    letters = np.add.reduceat(letters[parted][turn] + 3, first) - 3
    edges_of_columns = np.searchsorted(place[first], np.arange(len(gutters) + 2) * len(page))
    prose = sum(
        _is_prose(left[start:stop], right[start:stop], letters[start:stop])
        for start, stop in pairwise(edges_of_columns.tolist())
    )
    return prose >= 2 and prose * 2 > len(gutters)


def _is_prose(left: Floats, right: Floats, letters: NDArray[np.int64]) -> bool:
    """Whether the parts of lines that stand in a column are mostly full, and of many letters."""
    if len(left) < _LINES or median(letters.tolist()) < _PROSE:
        return False
    wide = max(float(right.max() - left.min()), 1.0)
    return bool(median(((right - left) / wide).tolist()) >= _FULL)


def _in_columns(page: list[Line], gutters: list[float]) -> list[Line]:
    """The lines down the columns between ``gutters``, those across them in their places."""
    across: list[Line] = []
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in page:
        spans = _spans(line)
        if any(left < gutter < right for left, right in spans for gutter in gutters):
            across.append(line)
            continue
        for number, part in _parts(line, spans, gutters):
            columns[number].append(part)
    return _by_band(across, columns)


def _parts(
    line: Line, spans: tuple[tuple[float, float], ...], gutters: list[float]
) -> Iterator[tuple[int, Line]]:
    """The line's cells by the column they stand in."""
    where = [sum(left > gutter for gutter in gutters) for left, _ in spans]
    for number in sorted(set(where)):
        own = [at for at, column in enumerate(where) if column == number]
        cells = tuple(line.cells[at] for at in own)
        stops = tuple(spans[at] for at in own)
        cut = line.cut and own[-1] == len(spans) - 1
        # A hyphen that ended no line for pdfium is the last letter of its cell here.
        yield (
            number,
            line._replace(
                cells=cells,
                spans=stops if len(stops) > 1 else (),
                left=stops[0][0],
                right=stops[-1][1],
                cut=cut,
                at=line.at if len(own) == len(spans) else -1,
            ),
        )


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
