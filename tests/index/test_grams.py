"""4-grams: each counted where it stands, for all lines at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.index import grams


def test_the_grams_of_a_text_are_its_fours_in_order_each_once() -> None:
    assert grams.of(" aba aba ") == [" aba", "aba ", "ba a", "a ab"]
    assert grams.of("abc") == []
    assert grams.of("abcdefgh", most=2) == ["abcd", "bcde"]


def test_each_gram_is_counted_in_each_line() -> None:
    found = grams.counts([" multa ", " a multa da multa ", " nada "], [" mul", "ulta", "zzzz"])

    assert found.tolist() == [[1, 1, 0], [2, 2, 0], [0, 0, 0]]


def test_no_gram_crosses_from_one_line_to_the_next() -> None:
    assert grams.counts(["ab", "cd"], ["abcd"]).sum() == 0


def test_nothing_is_found_in_nothing() -> None:
    assert grams.counts([], ["abcd"]).shape == (0, 1)
    assert grams.counts(["abcd"], []).shape == (1, 0)
    assert grams.counts(["", "abc"], ["abcd"]).tolist() == [[0], [0]]


LETTERS = st.text(st.sampled_from("aábç ñ€日"), max_size=40)


@given(st.lists(LETTERS, min_size=1, max_size=6), LETTERS)
def test_it_counts_as_one_would_by_hand(lines: list[str], question: str) -> None:
    wanted = grams.of(question)
    by_hand = [
        [sum(line[at : at + 4] == gram for at in range(len(line) - 3)) for gram in wanted]
        for line in lines
    ]

    found = grams.counts(lines, wanted)

    assert np.array_equal(found, np.array(by_hand, dtype=float).reshape(found.shape))
