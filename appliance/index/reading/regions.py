"""Where the tables of a sheet are: rows in bands, bands in parts, parts under a header.

Nothing is kept but the first rows of each band, so that a sheet of a million rows costs
what one of a thousand does. Where it is not sure which rows belong to a table (a list of
words goes on after an empty row: is that its header?), the part is text and no table:
what is counted must be right.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from appliance.index.reading import cells
from appliance.index.reading.cells import Value

Row = Sequence[Value]
Merged = tuple[tuple[int, int], tuple[int, int]]  # first and last cell: (row, column)

HEAD = 12  # rows of a band among which its header is looked for
_LABEL_MOST = 120  # characters
_FULL = 0.6  # share of a part's columns that a header fills
_GAP_MOST = 2  # empty rows after which a table may still go on
_SPLIT_MOST = 20_000  # rows of a band that are held to write its parts one after the other


@dataclass(frozen=True)
class Grid:
    """A sheet: ``rows`` gives all its rows anew at each call, the first one row 0."""

    name: str
    rows: Callable[[], Iterator[Row]]
    hidden: bool = False
    merged: Sequence[Merged] = ()
    left: int = 0  # the sheet's column that a row's first cell is in
    titled: bool = True  # whether the name is a heading of the text


@dataclass
class Part:
    """Rows ``top`` to ``bottom`` and columns ``left`` to ``right``, the ends included.

    ``header`` is the row of its header (its last one, where it has two), None where it has
    none; ``names`` are its columns'. ``follows`` says that it goes on with the part before.
    """

    top: int
    bottom: int
    left: int
    right: int
    header: int | None = None
    first_header: int | None = None
    names: tuple[str, ...] = ()
    follows: bool = False
    sure: bool = True
    beside: bool = False  # whether another part stands beside it
    head: list[list[Value]] = field(default_factory=list, repr=False)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1

    def of(self, row: Row) -> list[Value]:
        """Its cells of a row of the sheet."""
        found = list(row[self.left : self.right + 1])
        return found + [None] * (self.width - len(found))


@dataclass
class _Band:
    top: int
    bottom: int
    columns: int = 0  # a bit for each column that holds anything
    head: list[Row] = field(default_factory=list)


def filled(grid: Grid) -> Callable[[], Iterator[Row]]:
    """The rows of a sheet with each cell that is merged downwards in all of its rows."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, last) in grid.merged:
        if bottom > top and last == column:
            begins.setdefault(top, []).append((bottom, column - grid.left))
    return (lambda: _filled(grid.rows(), begins)) if begins else grid.rows


def _filled(rows: Iterator[Row], begins: dict[int, list[tuple[int, int]]]) -> Iterator[Row]:
    open_cells: dict[int, tuple[int, Value]] = {}
    for number, row in enumerate(rows):
        for bottom, column in begins.get(number, ()):
            if 0 <= column < len(row):
                open_cells[column] = (bottom, row[column])
        mended = list(row)
        for column, (bottom, value) in list(open_cells.items()):
            mended[column] = value
            if bottom <= number:
                del open_cells[column]
        yield mended


def parts(rows: Iterator[Row]) -> list[list[Part]]:
    """The parts of a sheet, band by band in reading order."""
    found: list[list[Part]] = []
    before: Part | None = None  # the table that the next band may go on with
    ended = 0
    for band in _bands(rows):
        beside = _beside(band)
        for part in beside:
            _headed(part)
        only = beside[0] if len(beside) == 1 else None
        if only is not None and before is not None:
            _joined(only, before, ended)
        if only is None or not only.follows:
            before = only if only is not None and only.header is not None else None
        ended = band.bottom
        found.append(beside)
    return found


def _bands(rows: Iterator[Row]) -> Iterator[_Band]:
    band: _Band | None = None
    for number, row in enumerate(rows):
        held = 0
        for column, value in enumerate(row):
            if value is not None and value != "" and not cells.blank(value):
                held |= 1 << column
        if not held:
            if band is not None:
                yield band
            band = None
            continue
        if band is None:
            band = _Band(number, number)
        band.bottom = number
        band.columns |= held
        if len(band.head) < HEAD:
            band.head.append(row)
    if band is not None:
        yield band


def _beside(band: _Band) -> list[Part]:
    """A band's parts: tables stand side by side where an empty column is between them."""
    runs = _runs(band.columns)
    tables = [run for run in runs if run[1] > run[0]]
    if len(tables) < 2 or len(tables) < len(runs) or band.bottom - band.top > _SPLIT_MOST:
        runs = [(runs[0][0], runs[-1][1])]
    made = []
    for left, right in runs:
        part = Part(band.top, band.bottom, left, right, beside=len(runs) > 1)
        part.head = [part.of(row) for row in band.head]
        made.append(part)
    return made


def _runs(columns: int) -> list[tuple[int, int]]:
    """The stretches of bits that are set, first and last."""
    runs: list[tuple[int, int]] = []
    for column in range(columns.bit_length()):
        if not columns >> column & 1:
            continue
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def _headed(part: Part) -> None:
    """Find the header: the first full row of labels; what stands above it is a title."""
    if part.width < 2:
        return
    place = _header_row(part)
    if place is None or part.top + place == part.bottom:
        return
    row = part.head[place]
    names = [cells.written(value) for value in row]
    below = part.head[place + 1] if place + 1 < len(part.head) else []
    part.first_header = part.header = part.top + place
    if _goes_below(row, below, part.head[place + 2 :]):
        part.header += 1
        names = _two_rows(names, [cells.written(value) for value in below])
    part.names = tuple(name[:_LABEL_MOST] for name in names)


def _header_row(part: Part) -> int | None:
    for place, row in enumerate(part.head):
        if _is_header(row, part.width):
            return place
        if sum(not cells.blank(value) for value in row) > 2:
            return None  # a row of figures before any labels: this table has no header
    return None


def _is_header(row: Row, width: int) -> bool:
    held = [value for value in row if not cells.blank(value)]
    labels = [value for value in held if _is_label(value)]
    years = [value for value in held if _is_year(value)]
    full = len(held) >= max(2, _FULL * width)
    return full and len(labels) + len(years) == len(held) and len(labels) >= len(years)


def _is_label(value: Value) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= _LABEL_MOST
        and re.search(r"[^\W\d_]", value) is not None
        and cells.number(value, "") is None
        and cells.date(value) is None
    )


def _is_year(value: Value) -> bool:
    text = cells.written(value)
    return text.isdecimal() and 1900 <= int(text) <= 2100


def _goes_below(row: Row, below: Row, after: Sequence[Row]) -> bool:
    """Whether a header has a second row: it fills gaps of the first, and figures follow."""
    gaps = [place for place, value in enumerate(row) if cells.blank(value)]
    texts = all(cells.blank(value) or _is_label(value) or _is_year(value) for value in below)
    if not gaps or not below or not after or not texts:
        return False
    return any(
        not cells.blank(below[place])
        and any(not cells.blank(one[place]) and not _is_label(one[place]) for one in after)
        for place in gaps
    )


def _two_rows(upper: list[str], lower: list[str]) -> list[str]:
    names, over = [], ""
    for high, low in zip(upper, lower, strict=True):
        over = high or over
        names.append(low if not over or over == low else f"{over} {low}".strip() if low else high)
    return names


def _joined(part: Part, before: Part, ended: int) -> None:
    """Decide whether a band after empty rows is the rest of the table above it."""
    within = before.left <= part.left and part.right <= before.right
    if not within or part.top - ended - 1 > _GAP_MOST or before.header is None:
        return
    kinds = _kinds(before.head[before.header - before.top + 1 :], before.left)
    own = _kinds(part.head[:1], part.left)
    figures = {column for column, kind in kinds.items() if kind == "figure"}
    if part.header is None:
        part.follows = True
    elif not figures and part.width > 1 and part.header == part.top:
        # Words above and words below: nobody can tell a header from one more row.
        part.sure = before.sure = part.width != before.width
    elif figures & {column for column, kind in own.items() if kind == "figure"}:
        part.follows, part.header, part.first_header, part.names = True, None, None, ()
    if part.follows:
        part.left, part.right = before.left, before.right


def _kinds(rows: Sequence[Row], left: int) -> dict[int, str]:
    """For each column of the sheet, whether its first filled cell is a figure or a word."""
    kinds: dict[int, str] = {}
    for row in rows:
        for place, value in enumerate(row):
            if not cells.blank(value):
                figure = cells.number(value, "") or cells.date(value)
                kinds.setdefault(left + place, "figure" if figure else "word")
    return kinds
