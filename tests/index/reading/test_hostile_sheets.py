"""Workbooks that attack the house, and such as are only broken: each ends with its reason."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import packages
from tests.index.reading.workbooks import ODS, ods, refusal_of, sheet, workbook


def repacked(path: Path, name: str, content: bytes) -> Path:
    """A workbook with one of its parts replaced, or one more."""
    packed = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as now:
        for entry in before.infolist():
            if entry.filename != name:
                now.writestr(entry.filename, before.read(entry))
        now.writestr(name, content)
    return path


@pytest.mark.guarantee("SEC-02")
def test_sec_02_a_bomb_is_refused_from_its_list(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8])

    repacked(path, "xl/worksheets/sheet9.xml", b"0" * (300 * 2**20))

    assert refusal_of(path).code == "dangerous_content"


@pytest.mark.guarantee("SEC-03")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_sec_03_a_document_type_is_refused_in_xlsx(tmp_path: Path, encoding: str) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8])
    hostile = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>'

    repacked(path, "xl/sharedStrings.xml", hostile.encode(encoding))

    assert refusal_of(path).code == "dangerous_content"


@pytest.mark.guarantee("SEC-03")
def test_sec_03_a_document_type_is_refused_in_ods(tmp_path: Path) -> None:
    hostile = ODS.replace("<office:document-content", "<!DOCTYPE x><office:document-content", 1)

    assert refusal_of(ods(tmp_path / "a.ods", [["a", "b"]], hostile)).code == "dangerous_content"


def test_a_document_type_is_seen_across_two_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_PIECE", 16)
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"])
    repacked(path, "xl/extra.xml", b"          <!DOCTYPE x>")

    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        packages.opened(file, path.name)

    assert refusal.value.facts["reason"] == "DOCTYPE"


def test_a_workbook_cut_off_is_damaged(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8])
    path.write_bytes(path.read_bytes()[:-200])

    assert refusal_of(path).code in ("damaged", "type_mismatch")


def test_a_sheet_that_is_no_sheet_is_damaged(tmp_path: Path) -> None:
    path = repacked(sheet(tmp_path / "a.xlsx", ["a", "b"]), "xl/worksheets/sheet1.xml", b"<x")

    assert refusal_of(path).code in ("damaged", "no_words")


def test_a_cell_in_the_last_corner_takes_no_memory_from_the_house(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet()
        page.write(0, 0, "começo")
        page.write(1_048_575, 16_383, "fim")

    assert refusal_of(workbook(tmp_path / "a.xlsx", write)).code == "too_big_in_memory"
