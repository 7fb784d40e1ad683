"""What stands in one cell: how it is written, and the number or the date it is."""

import datetime
from decimal import Decimal

import pytest

from appliance.index.identifiers import terms
from appliance.index.reading import cells
from appliance.index.reading.cells import Number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("  Ana\n Prado ", "Ana Prado"),
        (1234.5, "1234,5"),
        (1234.0, "1234"),
        (20250001.0, "20250001"),
        (-0.125, "-0,125"),
        (0.1 + 0.2, "0,3"),
        (True, "Sim"),
        (False, "Não"),
        (datetime.date(2025, 12, 31), "31/12/2025"),
        (datetime.datetime(2025, 12, 31), "31/12/2025"),  # noqa: DTZ001 - a cell has no zone
        (datetime.datetime(2025, 12, 31, 7, 5), "31/12/2025 07:05"),  # noqa: DTZ001
        (datetime.time(7, 30), "07:30"),
        (datetime.timedelta(hours=26, minutes=30), "26:30"),
    ],
)
def test_a_cell_is_written_as_people_in_brazil_read_it(value: cells.Value, written: str) -> None:
    assert cells.written(value) == written


def test_three_decimals_are_never_taken_for_thousands() -> None:
    assert cells.plain(Decimal("12.345")) == "12,3450"
    assert cells.plain(Decimal("0.345")) == "0,345"


def test_a_number_is_found_however_a_question_writes_it() -> None:
    written = terms(cells.written(1234.5))

    assert written == terms("1.234,50") == terms("R$ 1.234,50")


def test_a_very_long_cell_is_cut() -> None:
    assert len(cells.written("palavra " * 5000)) <= cells.LONGEST


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", Number(Decimal(1234))),
        ("1.234,56", Number(Decimal("1234.56"))),
        ("1,234.56", Number(Decimal("1234.56"))),
        ("R$ 1.234,56", Number(Decimal("1234.56"), "R$")),
        ("R$1.234,56", Number(Decimal("1234.56"), "R$")),
        ("-R$ 10,00", Number(Decimal("-10.00"), "R$")),
        ("R$ -10,00", Number(Decimal("-10.00"), "R$")),
        ("(10,50)", Number(Decimal("-10.50"))),
        ("10,50-", Number(Decimal("-10.50"))),
        ("US$ 99.90", Number(Decimal("99.90"), "US$")),
        ("12,5%", Number(Decimal("12.5"), "%")),
        ("1.234.567", Number(Decimal(1234567))),
        ("0,5", Number(Decimal("0.5"))),
        ("0.125", Number(Decimal("0.125"))),
    ],
)
def test_numbers_written_as_text_are_read(text: str, number: Number) -> None:
    assert cells.number(text, "") == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "isento",
        "007",  # a code
        "12.345.678/0001-95",
        "(11) 98765-4321",
        "1.2.3",
        "1,2,3",
        "10 dias",
        "31/12/2025",
        "1234567890123456",  # longer than any amount
        "(10",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert cells.number(text, "") is None


def test_three_digits_after_one_mark_are_thousands_unless_the_column_says_otherwise() -> None:
    assert cells.number("1.234", "") == Number(Decimal(1234))
    assert cells.number("1.234", ",") == Number(Decimal(1234))
    assert cells.number("1.234", ".") == Number(Decimal("1.234"))
    assert cells.number("1,234", "") == Number(Decimal(1234))
    assert cells.number("1,234", ",") == Number(Decimal("1.234"))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1.234,56", ","),
        ("1,234.56", "."),
        ("12,5", ","),
        ("12.5", "."),
        ("1.234.567", ","),
        ("1.234", ""),
        ("1234", ""),
        ("0,125", ","),
        ("texto", ""),
    ],
)
def test_the_decimal_mark_shows_where_there_is_no_doubt(text: str, mark: str) -> None:
    assert cells.decimal_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("31/12/2025", "2025-12-31"),
        ("1/2/25", "2025-02-01"),
        ("1-2-1998", "1998-02-01"),
        ("31.12.2025", "2025-12-31"),
        ("2025-12-31", "2025-12-31"),
        ("2025-12-31 10:30", "2025-12-31T10:30"),
        ("2025-12-31T10:30:15", "2025-12-31T10:30"),
        ("31/12/2025 00:00:00", "2025-12-31"),
        ("31/12/2025 7h30", "2025-12-31T07:30"),
        ("12/2025", "2025-12"),
        ("dez/2025", "2025-12"),
        ("março de 2025", "2025-03"),
        ("Mar 2025", "2025-03"),
        ("enero del 2024", "2024-01"),
        ("31/02/2025", None),
        ("13/2025", None),
        ("amanhã", None),
        ("10", None),
    ],
)
def test_dates_written_as_text_are_read(text: str, date: str | None) -> None:
    assert cells.date(text) == date


def test_the_month_comes_first_where_the_column_says_so() -> None:
    assert cells.date("02/01/2025", month_first=True) == "2025-02-01"
    assert cells.date("12/31/2025", month_first=True) == "2025-12-31"


def test_a_day_beyond_twelve_shows_which_comes_first() -> None:
    assert cells.order("31/12/2025") == (True, False)
    assert cells.order("12/31/2025") == (False, True)
    assert cells.order("01/02/2025") == (False, False)
    assert cells.order(12.0) == (False, False)


@pytest.mark.parametrize("value", [None, "", " ", "-", "–", "n/d", "N/A"])
def test_a_cell_can_say_that_it_holds_nothing(value: cells.Value) -> None:
    assert cells.absent(value)


def test_a_zero_is_something() -> None:
    assert not cells.absent(0.0)
    assert not cells.absent("0")


def test_a_span_below_nothing_has_its_sign_before_it() -> None:
    assert cells.written(datetime.timedelta(hours=-1, minutes=-30)) == "-1:30"


def test_a_zero_has_no_sign() -> None:
    assert cells.written(-0.0) == "0"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_no_sheet_can_show_is_no_number(value: float) -> None:
    assert cells.number(value, "") is None


def test_a_truth_is_no_number() -> None:
    assert cells.number(True, "") is None


@pytest.mark.parametrize(("year", "read"), [("49", "2049-01-01"), ("50", "1950-01-01")])
def test_a_year_of_two_digits_is_of_this_century_up_to_forty_nine(year: str, read: str) -> None:
    assert cells.date(f"1/1/{year}") == read


def test_a_day_that_its_year_does_not_have_is_no_date() -> None:
    assert cells.date("29/2/2023") is None


def test_an_hour_beyond_the_day_is_no_date() -> None:
    assert cells.date("31/12/2025 25:00") is None
