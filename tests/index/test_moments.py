"""Moments: a date is one day in whatever order its parts stand."""

import pytest

from appliance.index import moments


def claimed(text: str) -> tuple[list[tuple[str, ...]], str]:
    """The terms of every moment in a text, and the text that is left."""
    found: list[tuple[str, ...]] = []

    def claim(terms: tuple[str, ...]) -> str:
        found.append(terms)
        return "_"

    return found, moments.times(moments.dates(text, claim), claim)


def test_a_date_gives_its_day_its_month_and_its_day_without_the_year() -> None:
    assert claimed("em 05/03/2024.") == ([("d20240305", "m202403", "dia0305")], "em _.")


def test_the_day_comes_before_the_month_unless_that_is_impossible() -> None:
    assert claimed("03/05/2024")[0][0][0] == "d20240503"
    assert claimed("03/25/2024")[0][0][0] == "d20240325"


def test_a_date_without_its_year_is_a_day_of_any_year() -> None:
    assert claimed("ate 31 de julho")[0] == [("dia0731",)]


def test_a_year_of_two_digits_is_near() -> None:
    assert moments.year("90") == 1990
    assert moments.year("24") == 2024
    assert moments.year("1888") == 1888


@pytest.mark.parametrize("text", ["30/02/2024", "1/13/2024/5", "1.2.3.4", "5 de maiores", "1/2"])
def test_what_only_looks_like_a_date_stays_in_the_text(text: str) -> None:
    assert claimed(text) == ([], text)


@pytest.mark.parametrize(
    ("text", "term"),
    [("12 am", "t0000"), ("12 pm", "t1200"), ("9h", "t0900"), ("21:05:30", "t2105")],
)
def test_times_count_from_midnight(text: str, term: str) -> None:
    assert claimed(text)[0] == [(term,)]


def test_a_duration_is_no_time_of_day() -> None:
    assert claimed("em 10 horas")[0] == []
    assert claimed("as 10 horas")[0] == [("t1000",)]
