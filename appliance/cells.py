"""Lines of a CSV file that a spreadsheet opens without running anything.

A spreadsheet takes a cell that begins with one of a few signs for a formula, which may call
out or start a program. Whatever leaves the house as CSV passes here: such a text gets an
apostrophe before it, which shows it as it is. Lines are as RFC 4180 has them; a file
begins with a byte order mark, by which spreadsheets know UTF-8.
"""

import csv
import io
from collections.abc import Iterable

BEGINNING = "\ufeff"
# The full-width signs are formulas to spreadsheets of East Asian languages. The apostrophe
# itself is among them so that taking one away gives every text back.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def harmless(cell: Cell) -> Cell:
    """The cell as it may stand in a spreadsheet; numbers are no formulas."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def meant(cell: str) -> str:
    """What a cell of such a file says, without the apostrophe that made it harmless."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def line(cells: Iterable[Cell]) -> str:
    """One line of the file, with its end."""
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()
