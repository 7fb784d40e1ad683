"""Tables as they travel: their columns, their rows, and what a cell may be."""

from typing import Annotated, Literal

import msgspec

from appliance.records import Record


class TableColumn(Record, frozen=True):
    """A column of a table in a document.

    Its numbers are kept as whole ones, ``scale`` decimals to the right: 1234.5 is 123450
    where ``scale`` is 2. ``unit`` is "R$", "%" … where every number is of it.
    """

    name: str
    kind: Literal["text", "number", "date"]
    scale: Annotated[int, msgspec.Meta(ge=0, le=12)] = 0
    unit: str = ""


Whole = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Cell = Whole | str | None


class Table(Record, frozen=True):
    """A table in a document: its sheet, and the line of its header in the document's text.

    ``start`` and ``end`` are None where the text ends before it.
    """

    sheet: str
    columns: tuple[TableColumn, ...]
    start: int | None
    end: int | None


class TableRow(Record, frozen=True):
    """A record of a table: its row in the sheet (from 1), its line in the document's text.

    A cell is a whole number (see ``TableColumn``), a date as "2025-12-31", "2025-12-31T10:30"
    or "2025-12", other text as it is written, or None.
    """

    number: int
    start: int | None
    end: int | None
    cells: tuple[Cell, ...]
