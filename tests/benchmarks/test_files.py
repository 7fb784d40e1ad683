"""The table of files: what each became, and whether that was expected."""

import json
from pathlib import Path

import pytest

from benchmarks import files
from tests.index.reading import papers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good PDF, a good text and a broken PDF."""
    place = tmp_path / "files"
    place.mkdir()
    papers.pdf(place / "livro.pdf", ["Primeira página"], ["O prazo de", "trinta dias"])
    papers.saved(place, "aviso.txt", "A escola fecha no dia 15.")
    papers.saved(place, "meio.pdf", b"%PDF-1.7\nnothing of a pdf")
    return place


def expecting(folder: Path, **classes: tuple[str, list[str]]) -> None:
    """Writes the folder's ``EXPECT.jsonl``; ``_`` in a name stands for its dot."""
    lines = [
        json.dumps(
            {"file": name.replace("_", "."), "expect": one, "must_contain": said, "note": ""}
        )
        for name, (one, said) in classes.items()
    ]
    (folder / "EXPECT.jsonl").write_text("\n".join(lines), "utf-8")


def row(report: str, name: str) -> list[str]:
    """The cells of a file's row."""
    (found,) = [line for line in report.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in found.strip("| ").split(" | ")]


def test_a_folder_as_expected_is_a_table_and_a_status_of_zero(folder: Path, tmp_path: Path) -> None:
    expecting(
        folder,
        livro_pdf=("text", ["prazo de trinta dias"]),
        aviso_txt=("text", ["dia 15"]),
        meio_pdf=("broken", []),
    )

    status = files.main([str(folder), "--out", str(tmp_path / "table.md")])

    report = (tmp_path / "table.md").read_text("utf-8")
    assert status == 0
    assert "3 files, 3 as expected, 2 ready" in report
    book = row(report, "livro.pdf")
    assert book[1:7] == ["PDF", "text", "ready", "2", "2 digital", "2"]
    assert float(book[8]) > 10
    assert book[9] == "yes"
    assert row(report, "meio.pdf")[2:5] == ["broken", "damaged", "0"]


@pytest.mark.parametrize(
    ("name", "expect", "said", "fault"),
    [
        ("livro_pdf", "text", ["palavras que não estão"], "missing: palavras que não estão"),
        ("livro_pdf", "password", [], "ready is not encrypted"),
        ("meio_pdf", "text", [], "damaged is not ready"),
        ("falta_pdf", "text", [], "expected, and not there"),
    ],
)
def test_what_is_not_as_expected_is_named_and_ends_with_one(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    expect: str,
    said: list[str],
    fault: str,
) -> None:
    expecting(folder, **{name: (expect, said)})

    assert files.main([str(folder)]) == 1
    assert f"{name.replace('_', '.')}: {fault}" in capsys.readouterr().err


def test_a_folder_nobody_said_anything_of_is_as_expected_while_no_reader_crashes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.main([str(folder)]) == 0
    assert row(capsys.readouterr().out, "meio.pdf")[9] == "yes"


def test_a_reader_that_crashed_is_never_as_expected() -> None:
    got = files.Outcome(file="a.pdf", got="reader_crashed")

    assert files.wrong(None, got) == "the reader crashed"


def test_an_old_file_may_need_a_program_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    got = files.Outcome(file="a.doc", kind="DOC", got="needs_a_program")
    expected = files.Expectation(file="a.doc", expect="text")

    monkeypatch.setattr(files.shutil, "which", lambda name: None)
    assert files.wrong(expected, got) == ""
    monkeypatch.setattr(files.shutil, "which", lambda name: "/usr/bin/soffice")
    assert files.wrong(expected, got) != ""


def test_words_that_a_page_break_cuts_are_found_across_pages() -> None:
    pages = [files.Page(number=n, how="digital", text=t) for n, t in ((1, "O prazo"), (2, "final"))]

    assert files.Outcome(file="a.pdf", pages=pages).place("prazo final") == "across pages"
