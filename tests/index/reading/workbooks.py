"""Workbooks made for the tests, and one call that reads a file as the house does."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from appliance.errors import Unreadable
from appliance.index.reading import child, kinds
from appliance.index.reading.wire import TableRows
from appliance.records import Page
from appliance.rows import Table, TableRow


class Found:
    """What a reader found: its page, and its tables with all their rows."""

    def __init__(self, path: Path) -> None:
        self.tables: list[tuple[Table, list[TableRow]]] = []
        kind = kinds.recognise(path, path.name)
        for item in child.read(path, kind, name=path.name, memory_mb=1024, seconds=100):
            if isinstance(item, Page):
                self.page = item
            elif isinstance(item, Table):
                self.tables.append((item, []))
            elif isinstance(item, TableRows):
                self.tables[-1][1].extend(item.rows)

    @property
    def text(self) -> str:
        return self.page.text

    def names(self, table: int = 0) -> list[str]:
        """The names of a table's columns."""
        return [column.name for column in self.tables[table][0].columns]

    def cells(self, table: int = 0) -> list[tuple[Any, ...]]:
        """A table's rows."""
        return [row.cells for row in self.tables[table][1]]


def workbook(path: Path, write: Callable[[Any], None]) -> Path:
    """A workbook that ``write`` fills."""
    with xlsxwriter.Workbook(str(path)) as book:
        write(book)
    return path


def sheet(path: Path, *rows: list[Any], name: str = "Plan1") -> Path:
    """A workbook of one sheet with these rows."""

    def write(book: Any) -> None:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)

    return workbook(path, write)


def refusal_of(path: Path) -> Unreadable:
    """Why a file is not read."""
    with pytest.raises(Unreadable) as refusal:
        Found(path)
    return refusal.value


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Alunos">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: list[list[str]], content: str = ODS) -> Path:
    """An OpenDocument sheet of these cells of text."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content.replace("{rows}", cells))
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return path
