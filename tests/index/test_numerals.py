"""Numerals: Roman numbers and ordinals in words are the numbers they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index.numerals import ORDINAL, as_roman, ordinal, roman


@given(st.integers(1, 399))
def test_a_roman_number_reads_back(number: int) -> None:
    assert roman(as_roman(number)) == number


@pytest.mark.parametrize("text", ["", "iiii", "vx", "artigo", "ic"])
def test_letters_in_another_order_are_no_roman_number(text: str) -> None:
    assert roman(text) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("primeira", 1),
        ("decimo", 10),
        ("decima segunda", 12),
        ("vigesima primeira", 21),
        ("trigesimo-nono", 39),
        ("tercera", 3),
        ("septima", 7),
        ("fifth", 5),
    ],
)
def test_an_ordinal_in_words_is_a_number(words: str, number: int) -> None:
    assert ordinal(words) == number
    assert re.fullmatch(ORDINAL, words)


@pytest.mark.parametrize("words", ["geral", "primeiramente", "decima geral"])
def test_other_words_are_no_ordinal(words: str) -> None:
    assert ordinal(words) is None
