"""Workbooks: what their sheets say, as one text and as tables."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.index.reading import tabular
from appliance.index.reading.spreadsheet import read
from appliance.index.reading.wire import TableRows
from appliance.index.splitting import split
from appliance.records import Heading, Page
from appliance.rows import Table, TableColumn
from tests.index.reading.workbooks import Found, ods, refusal_of, sheet, workbook

SHARED = Path(__file__).parents[4] / "shared" / "data" / "files"


def test_a_sheet_is_rows_under_its_header(tmp_path: Path) -> None:
    found = Found(sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8.5], ["Bia", 9]))

    assert found.text == "Nome | Nota\nAna | 8,5\nBia | 9"
    assert found.names() == ["Nome", "Nota"]
    assert found.cells() == [("Ana", 85), ("Bia", 90)]


def test_each_sheets_name_is_the_heading_over_its_rows(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        for name in ("Alunos", "Despesas"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["Item", "Valor"])
            page.write_row(1, 0, [name, 10])

    found = Found(workbook(tmp_path / "a.xlsx", write))

    assert [heading.title for heading in found.page.headings] == ["Alunos", "Despesas"]
    assert found.text[found.page.headings[1].start :] == "Item | Valor\nDespesas | 10"
    assert [table.sheet for table, _ in found.tables] == ["Alunos", "Despesas"]


def test_each_chunk_repeats_the_header_and_stands_under_the_sheets_name(tmp_path: Path) -> None:
    rows = [[f"Aluno número {n}", f"Rua das Flores, {n}, Centro"] for n in range(200)]
    found = Found(sheet(tmp_path / "a.xlsx", ["Nome", "Endereço"], *rows, name="Alunos"))

    chunks = split([found.page], paged=False)

    assert len(chunks) > 3
    assert {chunk.heading for chunk in chunks} == {"Alunos"}
    assert {chunk.lead for chunk in chunks[1:]} == {"Nome | Endereço"}
    assert all(found.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)


def test_a_row_knows_its_line_in_the_text_and_its_row_in_the_sheet(tmp_path: Path) -> None:
    found = Found(sheet(tmp_path / "a.xlsx", ["Relação"], [], ["Nome", "Nota"], ["Ana", 8.5]))

    ((table, (row,)),) = found.tables
    assert found.text[table.start : table.end] == "Nome | Nota"
    assert found.text[row.start : row.end] == "Ana | 8,5"
    assert row.number == 4


def test_titles_above_a_table_are_paragraphs(tmp_path: Path) -> None:
    found = Found(sheet(tmp_path / "a.xlsx", ["Alunos de 2025"], ["Nome", "Nota"], ["Ana", 8]))

    assert found.text == "Alunos de 2025\n\nNome | Nota\nAna | 8"


def test_dates_numbers_and_truths_are_written_as_people_read_them(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, ["Data", "Valor", "Pago"])
        page.write_datetime(1, 0, datetime.date(2025, 12, 31), day)
        page.write_number(1, 1, 1234.5)
        page.write_boolean(1, 2, True)

    found = Found(workbook(tmp_path / "a.xlsx", write))

    assert found.text.endswith("31/12/2025 | 1234,5 | Sim")
    assert found.cells() == [("2025-12-31", 12345, "Sim")]


def test_a_formula_is_its_last_result(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Item", "Valor"])
        page.write_row(1, 0, ["a", 10])
        page.write(2, 0, "b")
        page.write_formula(2, 1, "=B2*2", None, 20)

    assert Found(workbook(tmp_path / "a.xlsx", write)).cells() == [("a", 10), ("b", 20)]


def test_a_sum_of_the_others_is_text_and_no_record(tmp_path: Path) -> None:
    found = Found(
        sheet(
            tmp_path / "a.xlsx",
            ["Item", "Mês", "Valor"],
            ["Giz", "março", 10],
            ["Subtotal", "", 10],
            ["Papel", "abril", 5],
            ["Total geral", "", 15],
            ["Fonte: secretaria"],
        )
    )

    assert "Total geral | | 15" in found.text
    assert "Fonte: secretaria" in found.text
    assert [cells[0] for cells in found.cells()] == ["Giz", "Papel"]


def test_a_thing_called_total_something_is_a_record(tmp_path: Path) -> None:
    rows = ["Fornecedor", "Valor"], ["TotalEnergies", 10], ["Enel", 5]

    assert len(Found(sheet(tmp_path / "a.xlsx", *rows)).cells()) == 2


def test_a_hidden_sheet_is_read_and_noted(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        book.add_worksheet("Capa").write(0, 0, "Relatório anual")
        hidden = book.add_worksheet("Base")
        hidden.write_row(0, 0, ["Nome", "Nota"])
        hidden.write_row(1, 0, ["Ana", 8])
        hidden.hide()

    found = Found(workbook(tmp_path / "a.xlsx", write))

    assert found.page.notes == ("hidden_sheet",)
    assert found.tables[0][0].sheet == "Base"


def test_a_cell_merged_over_several_rows_stands_in_each(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Turma", "Nome"])
        page.merge_range(1, 0, 3, 0, "1º A")
        for row, name in enumerate(("Ana", "Bia", "Caio"), start=1):
            page.write(row, 1, name)

    cells = Found(workbook(tmp_path / "a.xlsx", write)).cells()

    assert cells == [("1º A", "Ana"), ("1º A", "Bia"), ("1º A", "Caio")]


def test_several_tables_in_one_sheet_are_tables_of_their_own(tmp_path: Path) -> None:
    found = Found(
        sheet(
            tmp_path / "a.xlsx",
            ["Nome", "Nota", "", "Mês", "Valor"],
            ["Ana", 8, "", "março", 10],
            ["Bia", 9, "", "abril", 20],
            [],
            ["Sala", "Lugares"],
            ["Azul", 30],
        )
    )

    assert [found.names(n) for n in range(3)] == [
        ["Nome", "Nota"],
        ["Mês", "Valor"],
        ["Sala", "Lugares"],
    ]
    assert found.cells(1) == [("março", 10), ("abril", 20)]
    assert found.cells(2) == [("Azul", 30)]
    for table, rows in found.tables:
        assert found.text[table.start : table.end].startswith(table.columns[0].name)
        assert all(found.text[row.start : row.end].startswith(str(row.cells[0])) for row in rows)


def test_a_second_tables_rows_do_not_stand_under_the_first_ones_header(tmp_path: Path) -> None:
    long = [[f"Aluno de nome comprido {n}", n] for n in range(60)]
    rooms = [[f"Sala de nome comprido {n}", n] for n in range(60)]
    found = Found(
        sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], *long, [], ["Sala", "Lugares"], *rooms)
    )

    chunks = split([found.page], paged=False)

    assert {chunk.lead for chunk in chunks if chunk.text.startswith("Sala de")} == {
        "Sala | Lugares"
    }


def test_an_empty_row_in_a_table_of_figures_does_not_end_it(tmp_path: Path) -> None:
    rows = ["Nome", "Nota"], ["Ana", 8], [], ["Bia", 9], ["Caio", 7]

    assert len(Found(sheet(tmp_path / "a.xlsx", *rows)).cells()) == 3


def test_where_a_table_ends_is_not_guessed(tmp_path: Path) -> None:
    rows = ["Nome", "Cidade"], ["Ana", "Itu"], [], ["Bia", "Jaú"], ["Caio", "Itu"]

    found = Found(sheet(tmp_path / "a.xlsx", *rows))

    assert found.tables == []
    assert "Bia | Jaú" in found.text


def test_a_repeated_header_is_no_record(tmp_path: Path) -> None:
    rows = ["Nome", "Nota"], ["Ana", 8], ["Nome", "Nota"], ["Bia", 9]

    assert Found(sheet(tmp_path / "a.xlsx", *rows)).cells() == [("Ana", 8), ("Bia", 9)]


def test_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    found = Found(sheet(tmp_path / "a.xlsx", ["Nome", "Valor", "Valor"], ["Ana", 1, 2]))

    assert found.names() == ["Nome", "Valor", "Valor"]


def test_columns_beyond_the_sixty_fourth_are_text_alone(tmp_path: Path) -> None:
    names = [f"Coluna {chr(65 + n // 10)}{n % 10}" for n in range(70)]
    found = Found(sheet(tmp_path / "a.xlsx", names, list(range(70))))

    assert len(found.names()) == tabular.COLUMNS
    assert len(found.cells()[0]) == tabular.COLUMNS
    assert found.text.endswith("| 69")


def test_where_the_text_is_full_the_rows_are_in_the_table_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "TEXT_LIMIT", 100)
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], *[[f"Aluno {n}", n] for n in range(50)])

    with path.open("rb") as file:
        items = list(read(file, path.name))

    (page,) = (item for item in items if isinstance(item, Page))
    rows = [row for item in items if isinstance(item, TableRows) for row in item.rows]
    assert len(page.text) <= 100
    assert page.notes == ("rows_without_text",)
    assert len(rows) == 50
    assert rows[0].start is not None
    assert rows[-1].start is None


def test_rows_come_in_batches(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], *[[f"Aluno {n}", n] for n in range(1100)])

    with path.open("rb") as file:
        sizes = [len(item.rows) for item in read(file, path.name) if isinstance(item, TableRows)]

    assert sizes == [500, 500, 100]


def test_a_workbook_without_words_says_so(tmp_path: Path) -> None:
    assert refusal_of(sheet(tmp_path / "a.xlsx")).code == "no_words"


def test_a_sheet_of_charts_is_passed_over(tmp_path: Path) -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet("Dados")
        page.write_row(0, 0, ["Nome", "Nota"])
        page.write_row(1, 0, ["Ana", 8])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Dados!$B$2:$B$2"})
        book.add_chartsheet("Gráfico").set_chart(chart)

    found = Found(workbook(tmp_path / "a.xlsx", write))

    assert [table.sheet for table, _ in found.tables] == ["Dados"]


# ------------------------------------------------------------------ other formats


def test_an_ods_is_read_alike(tmp_path: Path) -> None:
    found = Found(ods(tmp_path / "a.ods", [["Nome", "Nota"], ["Ana", "8,5"]]))

    assert found.text == "Nome | Nota\nAna | 8,5"
    assert found.cells() == [("Ana", 85)]


def shared(name: str) -> Path:
    if not (SHARED / name).exists():
        pytest.skip(f"the real files are not at {SHARED}")
    return SHARED / name


def test_an_excel_from_before_1993_is_told_what_to_do() -> None:
    refusal = refusal_of(shared("tika__testEXCEL_4.xls"))

    assert refusal.code == "early_excel"
    assert "XLSX" in str(refusal)


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("markitdown__test.xlsx", "Alpha | Beta | Gamma | Delta"),
        ("markitdown__xlsx_multiple_images.xlsx", "Performance Summary"),
        ("tika__testEXCEL-formats.xlsx", "Number #,##0.00 | 1599,99 | -1599,99"),
        ("tika__testFooter.ods", "Data 3 | Data 4"),
    ],
)
def test_real_workbooks_are_read(name: str, phrase: str) -> None:
    assert phrase in Found(shared(name)).text


@pytest.mark.parametrize("name", ["unstructured__empty.xlsx", "tika__testEXCEL_textbox.xlsx"])
def test_real_workbooks_without_cells_say_so(name: str) -> None:
    assert refusal_of(shared(name)).code == "no_words"


def test_a_cell_that_looks_like_a_formula_of_another_program_stays_text(tmp_path: Path) -> None:
    rows = ["Nome", "Nota"], ["'=cmd|'/c calc'!A1", 8]

    assert "cmd" in Found(sheet(tmp_path / "a.xlsx", *rows)).text


def test_a_column_may_be_called_anything(tmp_path: Path) -> None:
    name = '"; drop table table_rows; --'
    found = Found(sheet(tmp_path / "a.xlsx", ["Nome", name], ["Ana", 8]))

    assert found.tables[0][0].columns[1] == TableColumn(name=name, kind="number")


def test_the_outline_names_no_title(tmp_path: Path) -> None:
    found = Found(sheet(tmp_path / "a.xlsx", ["Nome", "Nota"], ["Ana", 8], name="Alunos"))

    assert found.page.headings == (Heading(start=0, level=1, title="Alunos"),)
    assert isinstance(found.tables[0][0], Table)
