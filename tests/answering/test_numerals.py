"""A number is the same number however it is written."""

from decimal import Decimal

import pytest

from appliance.answering.numerals import number_word, numerals, plain, scaled
from appliance.index.keywords import fold


def read(text: str, language: str) -> list[int]:
    return [int(one.number) for one in numerals(fold(text), language) if not one.loose]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("três livros", [3]),
        ("vinte e cinco dias", [25]),
        ("cento e vinte e um alunos", [121]),
        ("mil reais", [1000]),
        ("dois mil e quinhentos reais", [2500]),
        ("duzentos e cinquenta e três mil", [253_000]),
        ("um milhão e duzentos mil", [1_200_000]),
        ("dois e três livros", [2, 3]),
        ("o terceiro andar", [3]),
        ("o décimo quinto dia", [15]),
        ("nenhum número aqui", []),
    ],
)
def test_numbers_in_portuguese_words(text: str, numbers: list[int]) -> None:
    assert read(text, "pt") == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("twenty-five days", [25]),
        ("one hundred and two people", [102]),
        ("two thousand five hundred", [2500]),
        ("three million", [3_000_000]),
        ("the fifth day", [5]),
        ("five and six", [5, 6]),
    ],
)
def test_numbers_in_english_words(text: str, numbers: list[int]) -> None:
    assert read(text, "en") == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("treinta y cinco días", [35]),
        ("veintidós alumnos", [22]),
        ("ciento cuarenta", [140]),
        ("dos mil millones de euros", [2_000_000_000]),
        ("el tercer piso", [3]),
    ],
)
def test_numbers_in_spanish_words(text: str, numbers: list[int]) -> None:
    assert read(text, "es") == numbers


def test_dos_is_two_in_spanish_and_of_the_in_portuguese() -> None:
    assert read("dos libros", "es") == [2]
    assert read("dos livros", "pt") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("um livro", "pt"), ("segundo o regimento", "pt"), ("one of them", "en"), ("un libro", "es")],
)
def test_a_word_that_is_a_number_only_sometimes_is_read_loosely(text: str, language: str) -> None:
    (one,) = numerals(text, language)

    assert one.loose


def test_a_number_in_words_knows_its_place() -> None:
    (one,) = numerals("por vinte e cinco dias", "pt")

    assert "por vinte e cinco dias"[one.start : one.end] == "vinte e cinco"


@pytest.mark.parametrize(
    ("digits", "scale", "expected"),
    [
        ("1.234,50", None, "1234.5"),
        ("1,234.50", None, "1234.5"),
        ("1234,5", None, "1234.5"),
        ("1.500", None, "1500"),
        ("1,500", None, "1500"),
        ("1.234.567", None, "1234567"),
        ("2,50", None, "2.5"),
        ("0,125", None, "0.125"),
        ("007", None, "7"),
        ("1,5", "milhao", "1500000"),
        ("2", "mil", "2000"),
        ("3", "thousand", "3000"),
    ],
)
def test_digits_are_read_whatever_marks_stand_between_them(
    digits: str, scale: str | None, expected: str
) -> None:
    assert scaled(digits, scale) == expected


def test_zeros_that_say_nothing_are_left_out() -> None:
    assert plain(Decimal("1500.00")) == "1500"
    assert plain(Decimal("100")) == "100"


def test_a_number_word_is_one_in_any_of_the_languages() -> None:
    assert all(map(number_word, ["quinze", "fifteen", "quince", "milhoes"]))
    assert not number_word("livro")
