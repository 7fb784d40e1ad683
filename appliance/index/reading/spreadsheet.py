"""Workbooks: xlsx, xlsm, ods and xls, by calamine, once the package has been checked.

Values are those that the program stored: a formula is its last result. Hidden sheets are
read and noted; charts, macros and pictures hold no cells. calamine keeps a sheet in some 30
bytes a cell: a million rows of five columns take 445 MB.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import python_calamine as calamine

from appliance.errors import Unreadable
from appliance.index.reading import packages, tabular
from appliance.index.reading.regions import Grid, Row
from appliance.index.reading.wire import Found

PART = 512 * 2**20  # calamine reads a sheet's XML as a stream, whatever its size
_EARLY = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")


def read(file: BinaryIO, name: str) -> Iterator[Found]:
    """Outline, one page, tables. Raises ``Unreadable``: damaged, encrypted, early_excel,
    dangerous_content, too_long, no_words."""
    start = file.read(4)
    file.seek(0)
    if start in _EARLY:
        raise Unreadable("early_excel", name=name)
    if start.startswith(b"PK"):
        packages.opened(file, name, part=PART).close()
        file.seek(0)
    try:
        workbook = calamine.load_workbook(file)
        grids = [grid for sheet in workbook.sheets_metadata if (grid := _grid(workbook, sheet))]
    except calamine.PasswordError as fault:
        raise Unreadable("encrypted", name=name) from fault
    # Its errors have no class in common, and a panic of its parser derives from BaseException.
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise Unreadable("damaged", name=name) from fault
    yield from tabular.read(grids, name)


def _grid(workbook: calamine.CalamineWorkbook, sheet: calamine.SheetMetadata) -> Grid | None:
    """A sheet's cells; None for a chart, and for a sheet without any."""
    if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
        return None
    cells = workbook.get_sheet_by_name(sheet.name)
    if cells.start is None or not cells.height:
        return None

    def rows() -> Iterator[Row]:
        found: Any = cells.iter_rows()
        return iter(found)

    return Grid(
        name=sheet.name,
        rows=rows,
        hidden=sheet.visible is not calamine.SheetVisibleEnum.Visible,
        merged=tuple(cells.merged_cell_ranges or ()),
        left=cells.start[1],
    )
