"""Where a quote stands on a scanned page."""

from appliance.index.reading import printed
from appliance.index.reading.wire import Rectangle
from appliance.records import Word

# "A multa é" / "de R$ 1" on two lines, and "fim" in a second column beside the first line.
WORDS = (
    Word(0, 1, 1000, 1000, 1100, 1200, 95),
    Word(2, 7, 1200, 1010, 1700, 1210, 95),
    Word(8, 9, 1800, 1000, 1900, 1200, 40),
    Word(10, 12, 1000, 1300, 1200, 1500, 95),
    Word(13, 15, 1300, 1300, 1500, 1500, 95),
    Word(16, 17, 1600, 1300, 1700, 1500, 95),
    Word(19, 22, 6000, 1000, 6300, 1200, 95),
)


def edges(start: int, end: int) -> list[tuple[float, float, float, float]]:
    found = printed.lines(WORDS, start, end)
    return [(box.left, box.top, box.right, box.bottom) for box in found]


def test_a_quote_has_a_rectangle_for_each_of_its_lines() -> None:
    assert edges(2, 15) == [(0.12, 0.1, 0.19, 0.121), (0.1, 0.13, 0.15, 0.15)]


def test_half_a_word_marks_the_whole_word() -> None:
    assert edges(4, 6) == [(0.12, 0.101, 0.17, 0.121)]


def test_a_quote_that_goes_on_in_another_column_has_another_rectangle() -> None:
    assert edges(16, 22) == [(0.16, 0.13, 0.17, 0.15), (0.6, 0.1, 0.63, 0.12)]


def test_no_words_are_no_rectangle() -> None:
    assert edges(0, 0) == []
    assert edges(17, 19) == []
    assert edges(100, 200) == []
    assert list(printed.lines((), 0, 10)) == []


def test_a_rectangle_is_a_share_of_the_page() -> None:
    assert list(printed.lines(WORDS[:1], 0, 1)) == [
        Rectangle(left=0.1, top=0.1, right=0.11, bottom=0.12)
    ]
