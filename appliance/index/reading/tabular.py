"""Sheets as what the house keeps of them: a text to search in, and tables to compute from.

The text is one page: each sheet under its name, its tables as rows "a | b | c", what stands
above and between them as paragraphs. It ends where a document may not be longer; the rows
after that are in the tables alone. A row that sums up the others ("Total", "Subtotal") is
text and no record of its table, nor is one with a single cell.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from appliance.index.keywords import fold
from appliance.index.reading import cells, characters
from appliance.index.reading.columns import Column
from appliance.index.reading.regions import Grid, Part, Row, filled, parts
from appliance.index.reading.sheet import TEXT_LIMIT, Sheet
from appliance.index.reading.wire import Found, Outline, TableRows
from appliance.records import Page
from appliance.rows import Table, TableRow

COLUMNS = 64  # of a table that are kept; the text has them all
TABLES = 200  # of a document
BATCH = 500  # rows that are sent together
_TOTAL = re.compile(
    r"(?:sub ?-?)?(?:total|totais|totals|totales)(?: (?:geral|general|d[aeo]s? |del |of ).*)?:?"
    r"|grand total:?"
)
_FIGURE = re.compile(r"(?:somas?|sumas?|sum|medias?|average|promedio|mean):?")


class _Shown:
    """A table on its way: its parts, what its columns hold, where its records stand."""

    def __init__(self, grid: Grid, part: Part) -> None:
        self.grid = grid
        self.parts = [part]
        self.columns = [Column(name) for name in part.names[:COLUMNS]]
        self.header: tuple[int, int] | None = None
        self.starts, self.ends = array("q"), array("q")  # of each record, while there is text
        self.records = 0

    def records_of(self, part: Part, rows: Iterable[Row]) -> Iterator[tuple[int, Row, bool]]:
        """The rows below the header: number in the sheet, cells, whether it is a record."""
        for number, row in enumerate(rows, start=part.top):
            if part.header is None or number > part.header:
                own = part.of(row)
                yield number, own, self._is_record(own)

    def _is_record(self, row: Row) -> bool:
        held = [place for place, value in enumerate(row) if not cells.blank(value)]
        if not held or (len(held) < 2 and len(row) > 2):
            return False
        first = cells.written(row[held[0]])
        if len(first) > 60:
            return True
        folded = fold(first)
        if _TOTAL.fullmatch(folded) or (len(held) < len(row) and _FIGURE.fullmatch(folded)):
            return False
        names = self.parts[0].names
        return first != names[held[0]] or [cells.written(value) for value in row] != list(names)


def read(grids: Sequence[Grid], name: str) -> Iterator[Found]:
    """Outline, the one page, then each table followed by its rows. Raises
    ``Unreadable("no_words")``."""
    sheet, notes, shown = Sheet(name), list[str](), list[_Shown]()
    for grid in grids:
        writer = _Writer(sheet, grid)
        writer.write()
        shown += writer.shown
        notes += ["hidden_sheet"] * grid.hidden + ["rows_without_text"] * writer.cut
    page = sheet.page()
    yield Outline(pages=1, title=None, paged=False)
    yield Page(
        number=1,
        how="digital",
        text=page.text,
        headings=page.headings,
        notes=tuple(dict.fromkeys(notes)),
    )
    kept = [one for one in shown if one.records and all(part.sure for part in one.parts)]
    for _, of_grid in groupby(kept[:TABLES], key=lambda one: id(one.grid)):
        yield from _tables(list(of_grid))


class _Writer:
    """Writes the text of one sheet, and looks at the columns of its tables."""

    def __init__(self, sheet: Sheet, grid: Grid) -> None:
        self.sheet = sheet
        self.grid = grid
        self.shown: list[_Shown] = []
        self.cut = False
        self._marked_at = -1

    def write(self) -> None:
        """Write all bands, each part after the other."""
        rows = filled(self.grid)
        bands, source, number = parts(rows()), rows(), 0
        for band in bands:
            top, size = band[0].top, band[0].bottom - band[0].top + 1
            held: Iterable[Row] = islice(source, top - number, top - number + size)
            if len(band) > 1:
                held = list(held)
            for part in band:
                self._part(part, held)
            number = top + size

    def _part(self, part: Part, rows: Iterable[Row]) -> None:
        table = self._table(part)
        if not part.follows:
            self._mark()
        if table is None:
            self.sheet.gap()
            for row in rows:
                self._line(part.of(row))
            return
        waiting = iter(rows)
        if part.header is not None and part.first_header is not None:
            for row in islice(waiting, part.first_header - part.top):
                self._title(part.of(row))
            for row in islice(waiting, part.header - part.first_header):
                self._title(part.of(row))
            next(waiting)
            self.sheet.gap()
            table.header = self._line(part.names)
        else:
            self.sheet.gap()
        below = part if part.header is None else _below(part)
        for _, row, counts in table.records_of(below, waiting):
            self._record(table, row, counts=counts)

    def _table(self, part: Part) -> _Shown | None:
        """The table that a part is or goes on with, if any."""
        if part.header is not None:
            self.shown.append(_Shown(self.grid, part))
        elif part.follows:
            self.shown[-1].parts.append(part)
        else:
            return None
        return self.shown[-1]

    def _record(self, table: _Shown, row: Row, *, counts: bool) -> None:
        place = self._line(row)
        if not counts:
            return
        table.records += 1
        for column, value in zip(table.columns, row, strict=False):
            column.see(value)
        if place is not None:
            table.starts.append(place[0])
            table.ends.append(place[1])

    def _mark(self) -> None:
        """Put the sheet's name over what comes next, so that no header above reaches it."""
        if self.grid.titled and not self.cut and self.sheet.length != self._marked_at:
            self.sheet.mark(self.grid.name, 1)
            self._marked_at = self.sheet.length

    def _title(self, row: Row) -> None:
        text = " ".join(filter(None, map(cells.written, row)))
        if self._fits(text):
            self.sheet.paragraph(text)

    def _line(self, row: Row) -> tuple[int, int] | None:
        """Write a row; its place in the text, None where there is no room (any more)."""
        if self.cut:
            return None
        texts = [cells.written(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        text = characters.one_line(" | ".join(texts))
        if not text or not self._fits(text):
            return None
        self.sheet.line(text)
        return self.sheet.length - len(text), self.sheet.length

    def _fits(self, text: str) -> bool:
        self.cut = self.cut or self.sheet.length + len(text) + 4 > TEXT_LIMIT
        return not self.cut


def _below(part: Part) -> Part:
    """The part of a table that lies under its header."""
    assert part.header is not None  # noqa: S101 - asked of parts with a header alone
    return Part(part.header + 1, part.bottom, part.left, part.right)


def _tables(shown: Sequence[_Shown]) -> Iterator[Found]:
    """The tables of one sheet with their rows, in one walk through it."""
    source, number = filled(shown[0].grid)(), 0
    beside: list[Row] = []
    for table in shown:
        marks = Counter[str]()
        for column in table.columns:
            marks += column.marks
        mark = next(iter(marks)) if len(marks) == 1 else ""
        start, end = table.header or (None, None)
        yield Table(
            sheet=table.grid.name,
            columns=tuple(column.settle(mark) for column in table.columns),
            start=start,
            end=end,
        )
        told = 0
        for part in table.parts:
            held: Iterable[Row] = beside
            if part.top >= number:
                size = part.bottom - part.top + 1
                held = islice(source, part.top - number, part.top - number + size)
                number = part.top + size
                if part.beside:
                    held = beside = list(held)
            for batch in _batches(_rows(table, part, held, told)):
                told += len(batch)
                yield TableRows(rows=tuple(batch))


def _rows(table: _Shown, part: Part, rows: Iterable[Row], told: int) -> Iterator[TableRow]:
    for number, row, counts in table.records_of(part, rows):
        if not counts:
            continue
        placed = told < len(table.starts)
        yield TableRow(
            number=number + 1,
            start=table.starts[told] if placed else None,
            end=table.ends[told] if placed else None,
            cells=tuple(
                column.cell(value) for column, value in zip(table.columns, row, strict=False)
            ),
        )
        told += 1


def _batches(rows: Iterator[TableRow]) -> Iterator[list[TableRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
