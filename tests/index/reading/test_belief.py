"""A reader may have been taken over by its file: what it sends is believed only where it fits."""

import pytest

from appliance.errors import Unreadable
from appliance.index.reading.belief import Belief
from appliance.index.reading.wire import ATTACHED_LIMIT, Attachment, Outline, Scan, TableRows
from appliance.records import Page
from appliance.rows import TableRow


@pytest.fixture
def belief() -> Belief:
    return Belief("a.pdf", 1)


def page(number: int, text: str = "x") -> Page:
    return Page(number=number, how="digital", text=text)


def disbelieved(belief: Belief, value: object) -> bool:
    with pytest.raises(Unreadable) as refusal:
        belief.held(value)
    return refusal.value.code == "reader_crashed"


def test_pages_come_in_order_behind_the_outline(belief: Belief) -> None:
    outline = Outline(pages=2, title=None, paged=True)

    assert belief.held(outline) is outline
    assert [belief.held(page(number)) for number in (1, 2)] == [page(1), page(2)]


def test_a_page_out_of_its_turn_is_not_believed(belief: Belief) -> None:
    assert disbelieved(belief, page(2))


def test_a_reading_that_goes_on_begins_with_the_page_that_was_asked_for() -> None:
    assert Belief("a.pdf", 11).held(page(11)).number == 11  # type: ignore[union-attr]


def test_a_page_with_a_page_break_in_its_text_is_not_believed(belief: Belief) -> None:
    assert disbelieved(belief, page(1, "x\fy"))


def test_attachments_beyond_all_measure_are_not_believed(belief: Belief) -> None:
    belief.attached = ATTACHED_LIMIT - 1
    belief.held(Attachment(file_name="a", content=b"1"))

    assert disbelieved(belief, Attachment(file_name="b", content=b"1"))


def test_rows_have_as_many_cells_as_their_table_has_columns(belief: Belief) -> None:
    belief.columns = 2
    assert disbelieved(
        belief, TableRows(rows=(TableRow(number=1, start=None, end=None, cells=("Ana",)),))
    )


def test_what_is_nothing_that_a_reader_finds_is_not_believed(belief: Belief) -> None:
    assert disbelieved(belief, b"a picture")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2},
        {"width": 0},
        {"width": -4, "height": -4},
        {"width": 3},
        {"height": 10**9},
        {"page_width": 0},
        {"pixels": b"x" * 17},
        {"width": 32_000, "height": 32_000},
    ],
)
def test_a_scan_that_cannot_be_true_is_not_believed(change: dict[str, object]) -> None:
    facts: dict[str, object] = {
        "number": 1,
        "note": "no_text",
        "width": 4,
        "height": 4,
        "pixels": b"x" * 16,
        "page_width": 4,
        "page_height": 4,
    }
    assert Belief("a.pdf", 1).held(Scan(**facts))  # type: ignore[arg-type]

    assert disbelieved(Belief("a.pdf", 1), Scan(**(facts | change)))  # type: ignore[arg-type]
