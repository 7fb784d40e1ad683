"""What the columns of a table hold, decided over all of their cells."""

import datetime
from collections.abc import Sequence

import pytest

from appliance.index.reading.cells import Value
from appliance.index.reading.columns import Column
from appliance.rows import Cell, TableColumn


def settled(name: str, values: Sequence[Value], mark: str = "") -> tuple[TableColumn, list[Cell]]:
    """The column as it is decided, and its cells as they are kept."""
    column = Column(name)
    for value in values:
        column.see(value)
    made = column.settle(mark)
    return made, [column.cell(value) for value in values]


def test_numbers_are_kept_as_whole_ones_at_the_columns_scale() -> None:
    column, kept = settled("Valor", [10.0, 1234.5, 0.25])

    assert (column.kind, column.scale) == ("number", 2)
    assert kept == [1000, 123450, 25]


def test_brazilian_amounts_written_as_text_are_numbers_of_reais() -> None:
    column, kept = settled("Valor", ["R$ 1.234,56", "R$ 10,00", "1.000,00"])

    assert (column.kind, column.scale, column.unit) == ("number", 2, "R$")
    assert kept == [123456, 1000, 100000]


def test_a_few_words_among_numbers_stay_words() -> None:
    column, kept = settled("Valor", [1.0, 2.0, 3.0, 4.0, "isento", "-", None])

    assert column.kind == "number"
    assert kept == [1, 2, 3, 4, "isento", "-", None]


def test_many_words_among_numbers_make_a_column_of_words() -> None:
    column, kept = settled("Obs", [1.0, 2.0, "sim", "não"])

    assert column.kind == "text"
    assert kept == ["1", "2", "sim", "não"]


def test_two_currencies_are_never_added_up() -> None:
    column, _ = settled("Valor", ["R$ 10,00", "US$ 10,00"])

    assert column.kind == "text"


def test_the_columns_other_numbers_say_what_a_point_is() -> None:
    thousands, many = settled("Valor", ["1.234", "12,5"])
    decimals, few = settled("Value", ["1.234", "12.5"])

    assert (thousands.scale, many) == (3, [1_234_000, 12_500])
    assert (decimals.scale, few) == (3, [1234, 12_500])


def test_the_sheets_other_columns_say_what_a_point_is() -> None:
    column, kept = settled("Value", ["1.234", "2.500"], mark=".")

    assert (column.scale, kept) == (3, [1234, 2500])


def test_where_points_and_commas_both_are_decimals_a_doubtful_number_makes_words() -> None:
    column, _ = settled("Valor", ["12,5", "12.5", "1.234"])

    assert column.kind == "text"


@pytest.mark.parametrize(
    "name",
    [
        "Matrícula",
        "CPF",
        "Telefone",
        "Nº do processo",
        "Código",
        "ID",
        "Invoice number",
        "CEP",
        "Nº",
        "Número do contrato",
    ],
)
def test_numbers_that_name_things_are_words(name: str) -> None:
    column, kept = settled(name, [20250001.0, 20250002.0])

    assert column.kind == "text"
    assert kept == ["20250001", "20250002"]


@pytest.mark.parametrize(
    "name", ["Nº de alunos", "Number of students", "Valor do contrato", "Quantidade", "Idade"]
)
def test_numbers_that_count_are_numbers(name: str) -> None:
    column, _ = settled(name, [1.0, 2.0])

    assert column.kind == "number"


def test_codes_with_leading_zeros_are_words() -> None:
    column, kept = settled("Lote", ["001", "002"])

    assert (column.kind, kept) == ("text", ["001", "002"])


def test_dates_are_kept_so_that_they_sort() -> None:
    column, kept = settled(
        "Data", [datetime.date(2025, 12, 31), "01/02/2025", datetime.date(2024, 1, 5), "a definir"]
    )

    assert column.kind == "text"  # three of four are too few
    column, kept = settled("Data", ["31/12/2025", "01/02/2025", "1/3/25", "x", "2/3/25", "3/3/25"])
    assert column.kind == "date"
    assert kept[:4] == ["2025-12-31", "2025-02-01", "2025-03-01", "x"]


def test_one_day_beyond_twelve_turns_the_whole_column() -> None:
    _, kept = settled("Date", ["01/02/2025", "12/31/2025"])

    assert kept == ["2025-01-02", "2025-12-31"]


def test_dates_that_contradict_each_other_are_words() -> None:
    column, _ = settled("Data", ["31/12/2025", "12/31/2025"])

    assert column.kind == "text"


def test_a_number_of_too_many_decimals_or_digits_makes_words() -> None:
    assert settled("Taxa", [0.12345678])[0].kind == "text"
    assert settled("Massa", [1e18])[0].kind == "text"


def test_truths_are_words() -> None:
    column, kept = settled("Ativo", [True, False])

    assert (column.kind, kept) == ("text", ["Sim", "Não"])


def test_an_empty_column_is_one_of_words() -> None:
    assert settled("Obs", [None, ""])[0].kind == "text"


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf")])
def test_a_result_that_no_sheet_can_show_makes_words(odd: float) -> None:
    assert settled("Valor", [odd])[0].kind == "text"


def test_amounts_in_two_currencies_are_words() -> None:
    assert settled("Valor", ["R$ 1,00", "US$ 1,00"])[0].kind == "text"


def test_a_doubtful_number_takes_the_sign_of_the_others_in_its_column() -> None:
    column, kept = settled("Peso", ["1.234", "2.5"])

    assert (column.scale, kept) == (3, [1234, 2500])


def test_a_doubtful_number_takes_the_sign_of_the_other_columns() -> None:
    assert settled("Peso", ["1.234"], ".")[1] == [1234]
    assert settled("Peso", ["1.234"], ".")[0].scale == 3


def test_a_doubtful_number_between_two_signs_makes_words() -> None:
    assert settled("Peso", ["1.234", "2.5", "2,5"])[0].kind == "text"


def test_a_dash_is_no_cell_that_speaks_against_numbers() -> None:
    assert settled("Valor", [1.0, "-", "-", "n/d"])[0].kind == "number"


def test_a_month_is_a_date_of_its_own() -> None:
    assert settled("Mês", ["12/2025", "jan/2026"])[1] == ["2025-12", "2026-01"]
