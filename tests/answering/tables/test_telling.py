"""Figures in the reader's language."""

from decimal import Decimal

import pytest

from appliance.answering.tables import telling
from appliance.figures import Total
from appliance.rows import TableColumn

MONEY = TableColumn(name="Valor", kind="number", scale=2, unit="R$")
GRADE = TableColumn(name="Nota", kind="number", scale=1)
COUNT = TableColumn(name="Vagas", kind="number")
DAY = TableColumn(name="Data", kind="date")
WORD = TableColumn(name="Nome", kind="text")


@pytest.mark.parametrize(
    ("language", "written"),
    [("pt", "R$ 1.234.567,80"), ("es", "R$ 1.234.567,80"), ("en", "R$ 1,234,567.80")],
)
def test_money_has_its_marks_and_two_decimals(language, written: str) -> None:
    assert telling.amount(123456780, MONEY, language) == written


@pytest.mark.parametrize(
    ("number", "column", "written"),
    [
        (85, GRADE, "8,5"),
        (90, GRADE, "9"),
        (1_234_567, COUNT, "1.234.567"),
        (-5, MONEY, "R$ -0,05"),
        (0, MONEY, "R$ 0,00"),
    ],
)
def test_other_numbers_have_no_decimals_that_say_nothing(number, column, written: str) -> None:
    assert telling.amount(number, column, "pt") == written


def test_percent_stands_behind_its_number() -> None:
    assert telling.figure(Decimal("12.5"), "pt", "%") == "12,5%"


@pytest.mark.parametrize(
    ("total", "column", "written", "rounded"),
    [
        (Total(rows=3, numbers=3, sum=100), MONEY, "R$ 0,33", True),
        (Total(rows=2, numbers=2, sum=100), MONEY, "R$ 0,50", False),
        (Total(rows=3, numbers=2, sum=3), COUNT, "1,5", False),
        (Total(rows=8, numbers=8, sum=1), COUNT, "0,13", True),
    ],
)
def test_an_average_says_whether_it_was_rounded(total, column, written, rounded) -> None:
    assert telling.average(total, column, "pt") == (written, rounded)


@pytest.mark.parametrize(
    ("stored", "language", "written"),
    [
        ("2025-12-31", "pt", "31/12/2025"),
        ("2025-12-31", "es", "31/12/2025"),
        ("2025-12-31", "en", "2025-12-31"),
        ("2025-12-31T10:30", "pt", "31/12/2025 10:30"),
        ("2025-12", "pt", "12/2025"),
        ("a definir", "pt", "a definir"),
    ],
)
def test_dates_are_written_as_the_language_does(stored: str, language, written: str) -> None:
    assert telling.cell(stored, DAY, language) == written


def test_cells_are_told_as_they_stand() -> None:
    assert telling.cell("Ana | Prado", WORD, "pt") == "Ana | Prado"
    assert telling.cell(None, WORD, "pt") == "–"
    assert telling.cell("isento", MONEY, "pt") == "isento"
    assert telling.cell(150, MONEY, "pt") == "R$ 1,50"
