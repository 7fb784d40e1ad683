"""Tables on their way into the house, with the document that they are in."""

from pathlib import Path

import pytest

from appliance import library, tables
from appliance.database import Database
from appliance.errors import Unreadable
from appliance.index.reading import child, kinds
from appliance.index.reading.process import Reader
from appliance.index.reading.wire import TableRows
from appliance.rows import Table, TableColumn, TableRow
from tests.index.reading.workbooks import sheet
from tests.jobs.test_ingest import Bench, bench  # noqa: F401 - a fixture


def xlsx(tmp_path: Path, *rows: list[object]) -> bytes:
    return sheet(tmp_path / "made.xlsx", *rows, name="Alunos").read_bytes()


def stored(database: Database, collection: str) -> list[tables.StoredTable]:
    return tables.of_collections(database, [collection])


def test_a_workbook_becomes_ready_with_its_tables(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    content = xlsx(tmp_path, ["Nome", "Nota"], ["Ana", 8.5], ["Bia", 9])

    document, job = bench.bytes(content, "alunos.xlsx")
    bench.work(job)

    assert bench.document(document).state == "ready"
    (table,) = stored(bench.database, bench.collection)
    assert (table.document.id, table.sheet, table.rows) == (document.id, "Alunos", 2)
    text = library.text(bench.database, document.id)
    assert text[table.start : table.end] == "Nome | Nota"


def test_a_csv_becomes_ready_with_its_table(bench: Bench) -> None:  # noqa: F811
    _, job = bench.bytes(b"Nome;Nota\nAna;8,5\n", "notas.csv")

    bench.work(job)

    assert [table.sheet for table in stored(bench.database, bench.collection)] == ["notas"]


def test_nobody_computes_from_a_document_that_is_still_read(
    bench: Bench,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []
    _, job = bench.bytes(xlsx(tmp_path, ["Nome", "Nota"], ["Ana", 8]), "alunos.xlsx")

    def looked(name: str) -> None:
        if name == "rows committed":
            seen.append(len(stored(bench.database, bench.collection)))

    monkeypatch.setattr("appliance.jobs.tabling.step", looked)
    bench.work(job)

    assert seen == [0]
    assert len(stored(bench.database, bench.collection)) == 1


def test_reading_again_leaves_each_row_once(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    content = xlsx(tmp_path, ["Nome", "Nota"], *[[f"Aluno {n}", n] for n in range(700)])
    document, job = bench.bytes(content, "alunos.xlsx")
    bench.work(job)
    with bench.database.write() as db:
        db.run("update jobs set state = 'queued', attempts = 0")
        library.set_state(bench.database, document.id, "queued")

    bench.work(job)

    assert bench.count("table_rows") == 700
    assert [table.rows for table in stored(bench.database, bench.collection)] == [700]


def test_a_reader_that_sends_rows_of_another_width_is_not_believed(
    bench: Bench,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def taken_over(reader: Reader) -> object:
        yield Table(sheet="x", columns=(TableColumn(name="a", kind="text"),), start=None, end=None)
        yield TableRows(rows=(TableRow(number=1, start=None, end=None, cells=("a", "b")),))

    monkeypatch.setattr(Reader, "frames", taken_over)
    path = sheet(tmp_path / "a.xlsx", ["a", "b"])

    with pytest.raises(Unreadable, match="stopped suddenly"):
        list(child.read(path, kinds.XLSX, name="a.xlsx", memory_mb=512, seconds=10))
