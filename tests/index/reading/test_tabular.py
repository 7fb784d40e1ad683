"""Sheets as the house keeps them: what is a record and what is text alone."""

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import tabular
from appliance.index.reading.regions import Grid, Row
from appliance.index.reading.wire import Found, Outline, TableRows
from appliance.records import Page
from appliance.rows import Table


def read(*rows: Row, name: str = "Plan1", titled: bool = True) -> list[Found]:
    """All that is found in a sheet of these rows."""
    return list(tabular.read([Grid(name, lambda: iter(rows), titled=titled)], "a.xlsx"))


def firsts(found: list[Found]) -> list[object]:
    """The first cell of each record."""
    return [row.cells[0] for item in found if isinstance(item, TableRows) for row in item.rows]


def text(found: list[Found]) -> str:
    (page,) = (item for item in found if isinstance(item, Page))
    return page.text


def test_the_outline_comes_first_then_the_page_then_each_table_with_its_rows() -> None:
    found = read(["Nome", "Nota"], ["Ana", 8.0])

    assert [type(item) for item in found] == [Outline, Page, Table, TableRows]


@pytest.mark.parametrize(
    "sum_", ["Total", "TOTAL:", "Sub-total", "Totais", "Total do mês", "Grand total", "Total geral"]
)
def test_a_row_that_sums_up_the_others_is_no_record(sum_: str) -> None:
    assert firsts(read(["Item", "Valor"], ["Giz", 1.0], [sum_, 1.0])) == ["Giz"]


@pytest.mark.parametrize("thing", ["Totalizador", "Total Flex", "Médias e grandes", "Somar"])
def test_a_thing_whose_name_begins_like_a_sum_is_a_record(thing: str) -> None:
    assert firsts(read(["Item", "Valor"], ["Giz", 1.0], [thing, 1.0])) == ["Giz", thing]


def test_an_average_is_a_sum_only_where_the_row_has_gaps() -> None:
    rows: list[Row] = [["Nome", "Tipo", "Nota"], ["Média", "", 1.0], ["Média", "porte", 2.0]]

    assert firsts(read(*rows)) == ["Média"]


def test_a_row_of_one_cell_in_a_wide_table_is_a_remark() -> None:
    found = read(["Nome", "Tipo", "Nota"], ["Ana", "a", 1.0], ["Fonte: secretaria", "", ""])

    assert firsts(found) == ["Ana"]
    assert text(found).endswith("Fonte: secretaria")


def test_a_row_of_one_cell_in_a_table_of_two_columns_is_a_record() -> None:
    assert firsts(read(["Nome", "Obs"], ["Ana", ""], ["Bia", "x"])) == ["Ana", "Bia"]


def test_a_long_text_that_begins_with_total_is_a_record() -> None:
    long = "Total de " + "palavras " * 10

    assert firsts(read(["Texto", "Valor"], [long, 1.0])) == [long.strip()]


def test_a_sum_in_the_middle_keeps_its_line_in_the_text() -> None:
    found = read(["Item", "Valor"], ["Giz", 1.0], ["Subtotal", 1.0], ["Papel", 2.0])

    assert text(found).splitlines() == ["Item | Valor", "Giz | 1", "Subtotal | 1", "Papel | 2"]


def test_each_record_points_at_its_own_line_beyond_a_sum() -> None:
    found = read(["Item", "Valor"], ["Giz", 1.0], ["Subtotal", 1.0], ["Papel", 2.0])

    (rows,) = (item.rows for item in found if isinstance(item, TableRows))
    assert text(found)[rows[1].start : rows[1].end] == "Papel | 2"


def test_records_behind_an_empty_row_belong_to_the_table_above() -> None:
    found = read(["Nome", "Nota"], ["Ana", 8.0], ["", ""], ["Bia", 9.0])

    assert sum(isinstance(item, Table) for item in found) == 1
    assert firsts(found) == ["Ana", "Bia"]


def test_the_decimal_sign_of_one_column_settles_the_others() -> None:
    found = read(["Item", "Peso", "Preço"], ["Giz", "1.234", "0.5"], ["Papel", "2.345", "1.5"])

    (rows,) = (item.rows for item in found if isinstance(item, TableRows))
    assert [row.cells[1] for row in rows] == [1234, 2345]
    (table,) = (item for item in found if isinstance(item, Table))
    assert table.columns[1].scale == 3


def test_the_name_of_a_sheet_heads_its_text_only_where_people_gave_it() -> None:
    (page,) = (item for item in read(["Nome"], titled=False) if isinstance(item, Page))

    assert page.headings == ()


def test_a_document_keeps_no_more_tables_than_anybody_asks_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabular, "TABLES", 1)

    found = read(["Nome", "Nota"], ["Ana", 8.0], ["", ""], ["Sala", "Lugares"], ["Azul", 30.0])

    assert [item.columns[0].name for item in found if isinstance(item, Table)] == ["Nome"]


def test_a_workbook_of_empty_cells_says_so() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(["", ""], [None, " "])

    assert refusal.value.code == "no_words"
