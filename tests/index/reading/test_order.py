"""Pages of text and pages from OCR leave in their order, and few of them wait."""

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import order
from appliance.index.reading.ocr import Desk
from appliance.index.reading.process import Stopped, never
from appliance.index.reading.wire import Found
from appliance.records import Page


@pytest.fixture
def desk() -> Desk:
    """A desk of two places."""
    desk = Desk(60)
    desk.places = 2
    return desk


def page(number: int) -> Page:
    return Page(number=number, how="digital", text="x")


def done(number: int) -> "Future[Page]":
    """A page that OCR has read."""
    reading: Future[Page] = Future()
    reading.set_result(page(number))
    return reading


def asked(found: list[Found | Future[Page]], taken: list[int]) -> Iterator[Found | Future[Page]]:
    """What is found, each thing noted in ``taken`` when somebody asks for it."""
    for count, one in enumerate(found, start=1):
        taken.append(count)
        yield one


def test_a_page_of_text_leaves_before_the_next_is_asked_for(desk: Desk) -> None:
    taken: list[int] = []
    pages = order.in_order(asked([page(1), page(2)], taken), desk, never)

    assert next(pages) == page(1)
    assert taken == [1]


def test_a_page_of_text_waits_for_the_scan_before_it(desk: Desk) -> None:
    scan: Future[Page] = Future()
    taken: list[int] = []

    def finished() -> bool:
        """Nobody stops; the scan is ready when the pages behind it were asked for."""
        scan.set_result(page(1))
        return False

    found = order.in_order(asked([scan, page(2)], taken), desk, finished)

    assert [one.number for one in found if isinstance(one, Page)] == [1, 2]
    assert taken == [1, 2]


def test_no_more_scans_are_asked_for_than_there_are_places_and_one(desk: Desk) -> None:
    scans: list[Future[Page]] = [Future() for _ in range(6)]
    taken: list[int] = []

    def read() -> bool:
        scans[0].set_result(page(1))
        return False

    assert next(order.in_order(asked([*scans], taken), desk, read)) == page(1)
    assert taken == [1, 2, 3]


def test_few_pages_of_text_wait_behind_a_scan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_MOST_WAITING", 4)
    scan: Future[Page] = Future()
    taken: list[int] = []

    def read() -> bool:
        scan.set_result(page(1))
        return False

    next(order.in_order(asked([scan, *map(page, range(2, 50))], taken), desk, read))

    assert len(taken) == 5


def test_a_scan_that_was_read_early_leaves_with_its_turn(desk: Desk) -> None:
    found = order.in_order(iter([done(1), page(2), done(3)]), desk, never)

    assert list(found) == [page(1), page(2), page(3)]


def test_waiting_for_a_scan_ends_when_somebody_stops_the_reading(desk: Desk) -> None:
    scan: Future[Page] = Future()

    with pytest.raises(Stopped):
        list(order.in_order(iter([scan]), desk, lambda: True))


def test_what_goes_wrong_while_pages_are_found_is_said_at_once(desk: Desk) -> None:
    def broken() -> Iterator[Found | Future[Page]]:
        yield Future()
        raise Unreadable("reader_crashed", name="a.pdf")

    with pytest.raises(Unreadable):
        list(order.in_order(broken(), desk, never))
