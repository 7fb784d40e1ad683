"""Workbooks out of the ordinary: odd numbers, tables away from the corner, broken files."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import Unreadable
from appliance.index.reading.spreadsheet import read
from tests.index.reading.workbooks import Found, sheet, workbook


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    """The workbook with one of its parts changed by hand."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize("odd", ["NaN", "inf"])
def test_a_number_that_is_none_costs_its_cell_and_not_the_workbook(
    tmp_path: Path, odd: str
) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8], ["Bia", 123])

    found = Found(rewritten(path, "xl/worksheets/sheet1.xml", "<v>123</v>", f"<v>{odd}</v>"))

    assert [cells[0] for cells in found.cells()] == ["Ana", "Bia"]


def offset(path: Path) -> Path:
    """A workbook whose only table begins in C5, its first column merged downwards."""

    def write(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(4, 2, ["Turma", "Nome", "Nota"])
        page.merge_range(5, 2, 6, 2, "1º A")
        page.write_row(5, 3, ["Ana", 8])
        page.write_row(6, 3, ["Bia", 9])

    return workbook(path, write)


def test_a_row_of_a_table_away_from_the_corner_has_the_number_that_the_sheet_shows(
    tmp_path: Path,
) -> None:
    ((_, rows),) = Found(offset(tmp_path / "a.xlsx")).tables

    assert [row.number for row in rows] == [6, 7]


def test_a_merged_cell_away_from_the_corner_stands_in_each_of_its_rows(tmp_path: Path) -> None:
    cells = Found(offset(tmp_path / "a.xlsx")).cells()

    assert cells == [("1º A", "Ana", 8), ("1º A", "Bia", 9)]


def test_a_sheet_hidden_from_the_menu_too_is_noted(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        book.add_worksheet("Capa").write(0, 0, "Relatório anual")
        hidden = book.add_worksheet("Base")
        hidden.write(0, 0, "segredo")
        hidden.very_hidden()

    assert Found(workbook(tmp_path / "a.xlsx", write)).page.notes == ("hidden_sheet",)


@pytest.mark.parametrize("start", [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"])
def test_a_sheet_of_an_early_excel_is_known_by_its_first_bytes(start: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        list(read(io.BytesIO(start + bytes(40)), "a.xls"))

    assert refusal.value.code == "early_excel"


def test_a_workbook_cut_off_on_its_way_is_damaged(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8]).read_bytes()

    with pytest.raises(Unreadable) as refusal:
        list(read(io.BytesIO(whole[: len(whole) // 2]), "a.xlsx"))

    assert refusal.value.code == "damaged"


def test_an_old_workbook_of_nothing_but_zeros_is_damaged() -> None:
    with pytest.raises(Unreadable) as refusal:
        list(read(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), "a.xls"))

    assert refusal.value.code == "damaged"
