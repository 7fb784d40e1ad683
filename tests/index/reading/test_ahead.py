"""Two processes read a long PDF as one would, and whatever becomes of the second is no matter."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import child, kinds
from appliance.index.reading.book import Book
from appliance.index.reading.child import Stopped
from appliance.index.reading.wire import Outline
from appliance.records import Ocr
from tests.index.reading import papers

PAGES = 180  # long enough for a helper
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prose, columns and tables, a header that begins on the third page, and page numbers."""
    pages = (_drawn(number) for number in range(1, PAGES + 1))
    return papers.drawn(tmp_path_factory.mktemp("ahead") / "livro.pdf", *pages)


def _drawn(number: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        if number > 2:
            canvas.drawString(60, 800, f"Regimento Interno, página {number}")
        canvas.drawString(290, 30, str(number))
        for row in range(35):
            for left, text in _line(number, row):
                canvas.drawString(left, 720 - 14 * row, text)

    return draw


def _line(number: int, row: int) -> list[tuple[int, str]]:
    if number % 5 == 0:
        return [(left, f"coluna que conta {row} vezes a folha {number}") for left in (60, 320)]
    if number % 7 == 0:
        return [(left, f"{number}.{row}.{left}") for left in (60, 200, 400)]
    return [(60, f"Art. {row} da folha {number}: o servidor apresentará as contas do exercício.")]


def reading(
    path: Path,
    *,
    memory_mb: int = 1024,
    first: int = 1,
    ocr: Ocr = "auto",
    stop: Callable[[], bool] = lambda: False,
    hold: Callable[[], bool] = lambda: False,
) -> Iterator[object]:
    return child.read(
        path,
        kinds.PDF,
        name=path.name,
        memory_mb=memory_mb,
        seconds=30,
        first=first,
        ocr=ocr,
        stop=stop,
        hold=hold,
    )


def readers() -> list[psutil.Process]:
    """The readers alone: what starts a tesseract is of the same package."""
    return papers.started("-X utf8 -m appliance.index.reading")


def helper() -> psutil.Process:
    """The helper of the one reader that this test process started."""
    (reader,) = readers()
    (found,) = reader.children()
    return found


def helpers() -> list[psutil.Process]:
    (reader,) = readers()
    return [one for one in reader.children() if one.status() != psutil.STATUS_ZOMBIE]


def begun(pages: Iterator[object]) -> list[object]:
    """The outline and the first pages: from then on the helper is at work, or is not wanted."""
    return [next(pages) for _ in range(5)]


def ended(process: psutil.Process) -> bool:
    """Whether a process ends within ten seconds, as it does that nobody reaps but init."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.01)
    return False


def limit(process: psutil.Process, name: str) -> list[str]:
    """The soft and the hard limit of a process."""
    for line in Path(f"/proc/{process.pid}/limits").read_text().splitlines():
        if line.startswith(name):
            return line[len(name) :].split()[:2]
    raise AssertionError(name)


def test_two_read_as_one_would(book: Path) -> None:
    alone = papers.pages_of(book)
    pages = reading(book)

    first = begun(pages)
    assert helper().is_running()
    outline, *read = [*first, *pages]

    assert outline == Outline(pages=PAGES, title=None, paged=True)
    assert read == alone
    assert "columns" in alone[4].notes
    assert "7.0.60 | 7.0.200 | 7.0.400" in alone[6].text
    assert [page.number for page in alone if "removed_header" not in page.notes][:4] == [1, 2, 3]
    assert readers() == []


def test_a_reading_that_begins_in_the_middle_is_helped_from_there(book: Path) -> None:
    alone = list(reading(book, first=61, memory_mb=512))
    pages = reading(book, first=61)

    helped = begun(pages)
    assert helper().is_running()

    assert [*helped, *pages] == alone


@pytest.mark.guarantee("SEC-05")
def test_a_helper_that_crashes_costs_nothing_but_time(book: Path) -> None:
    alone = papers.pages_of(book)
    pages = reading(book)
    first = begun(pages)

    helper().send_signal(signal.SIGSEGV)
    _, *read = [*first, *pages]

    assert read == alone


@pytest.mark.guarantee("SEC-05")
def test_both_are_confined_and_share_what_one_may_have(book: Path) -> None:
    pages = reading(book)
    begun(pages)
    second = helper()
    (reader,) = readers()

    assert limit(reader, "Max processes") == limit(second, "Max processes") == ["0", "0"]
    held, most = map(int, limit(reader, "Max address space"))
    own, all_of_it = map(int, limit(second, "Max address space"))
    assert most == 1024 * MEGABYTE + book.stat().st_size
    assert own == all_of_it
    assert held + own == most + book.stat().st_size  # the file is mapped by both
    assert os.sched_getscheduler(second.pid) == os.SCHED_IDLE
    for name in ("user", "net"):
        space, other, house = (
            Path(f"/proc/{one}/ns/{name}").readlink() for one in (reader.pid, second.pid, "self")
        )
        assert space == other != house
    pages.close()  # type: ignore[attr-defined]


@pytest.mark.guarantee("REL-14")
def test_while_a_reading_is_held_both_stand_still(book: Path) -> None:
    held = threading.Event()
    pages = reading(book, hold=held.is_set)
    first = begun(pages)
    second = helper()
    (reader,) = readers()
    held.set()
    rest: list[object] = []
    taking = threading.Thread(target=lambda: rest.extend(pages), daemon=True)
    taking.start()

    until = time.monotonic() + 10
    stopped: list[str] = []
    while stopped != [psutil.STATUS_STOPPED] * 2 and time.monotonic() < until:
        stopped = [reader.status(), second.status()]
    assert stopped == [psutil.STATUS_STOPPED] * 2

    held.clear()
    taking.join(20)
    assert len(first) + len(rest) == PAGES + 1


def test_leaving_ends_both(book: Path) -> None:
    pages = reading(book)
    begun(pages)
    second = helper()

    pages.close()  # type: ignore[attr-defined]

    assert readers() == []
    assert ended(second)


def test_stopping_ends_both(book: Path) -> None:
    stopped = threading.Event()
    pages = reading(book, stop=stopped.is_set)
    begun(pages)
    second = helper()
    stopped.set()

    with pytest.raises(Stopped):
        list(pages)

    assert ended(second)


def test_a_helper_ends_with_its_reader(book: Path) -> None:
    pages = reading(book)
    begun(pages)
    second = helper()

    readers()[0].kill()

    assert ended(second)
    pages.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("memory_mb", "first", "ocr"),
    [(512, 1, "auto"), (1024, PAGES - 20, "auto"), (1024, 1, "always")],
    ids=["little memory", "few pages", "pictures"],
)
def test_nobody_helps_where_it_would_not_pay(
    book: Path, memory_mb: int, first: int, ocr: Ocr
) -> None:
    pages = reading(book, memory_mb=memory_mb, first=first, ocr=ocr)

    next(pages)
    next(pages)

    assert helpers() == []
    pages.close()  # type: ignore[attr-defined]


def test_a_page_with_half_a_character_is_looked_at_by_the_first(tmp_path: Path) -> None:
    """No frame carries the half of a pair of UTF-16, which a font's map may give."""
    pages = (["Folha que o servidor apresentará à comissão"] * 40 for _ in range(90))
    writer = PdfWriter(clone_from=papers.pdf(tmp_path / "a.pdf", *pages))
    meanings = DecodedStreamObject()
    meanings.set_data(b"1 beginbfchar <46> <D800> endbfchar")  # F
    meant = writer._add_object(meanings)
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            font.get_object()[NameObject("/ToUnicode")] = meant
    halves = tmp_path / "halves.pdf"
    writer.write(halves)
    with halves.open("rb") as file:
        assert "\ud800olha" in Book(file, "a.pdf").look(2).text

    pages = reading(halves)
    read = begun(pages)
    assert helper().is_running()

    assert [*read, *pages][1:] == papers.pages_of(halves)
