"""What leaves as CSV runs nothing in a spreadsheet, and nothing of it is lost (SEC-46)."""

import csv
import io

import pytest

from appliance import cells

pytestmark = pytest.mark.guarantee("SEC-46")


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠"]
)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert cells.harmless(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize("text", ["", "a=1", " =1", "Ana", "1,5", "“=1”", "é"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert cells.harmless(text) == text


def test_a_number_is_no_formula() -> None:
    assert [cells.harmless(one) for one in (-5, -1.5, 0, None)] == [-5, -1.5, 0, None]


def test_without_the_apostrophe_every_text_comes_back() -> None:
    for text in ("=1", "'=1", "''", "-"):
        assert str(cells.harmless(text)).removeprefix("'") == text


def test_a_line_keeps_separators_quotes_and_breaks_within_its_cells() -> None:
    told = ['a,b;"c"', "d\r\ne", "=f", "", None, 7]

    (read,) = csv.reader(io.StringIO(cells.line(told), newline=""))

    assert read == ['a,b;"c"', "d\r\ne", "'=f", "", "", "7"]
