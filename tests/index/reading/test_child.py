"""A reader is a process of its own: what happens to it happens to one document."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from appliance.errors import Unreadable
from appliance.index.reading import belief, child, kinds
from appliance.index.reading.child import Stopped
from appliance.index.reading.wire import Attachment, Outline
from appliance.records import Page
from tests.index.reading import papers


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A PDF of 60 pages, enough for several pipefuls."""
    return papers.pdf(
        tmp_path / "livro.pdf", *([f"Página {n}", *["linha de texto " * 5] * 45] for n in range(60))
    )


def reading(path: Path, **limits: object) -> Iterator[Outline | Page]:
    chosen = {"memory_mb": 512, "seconds": 30} | limits
    return child.read(path, kinds.PDF, name=path.name, **chosen)  # type: ignore[arg-type]


def readers() -> list[psutil.Process]:
    """The readers that this test process started and that still run."""
    return papers.started("appliance.index.reading")


def test_the_first_page_arrives_before_the_last_is_read(book: Path) -> None:
    pages = reading(book)

    assert next(pages) == Outline(pages=60, title=None, paged=True)
    first = next(pages)
    (reader,) = readers()  # still at work on the rest
    rest = list(pages)

    assert isinstance(first, Page)
    assert first.number == 1
    assert len(rest) == 59
    assert not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE


def test_nothing_starts_before_the_first_page_is_asked_for(book: Path) -> None:
    reading(book)

    assert readers() == []


def test_a_reader_that_is_killed_in_the_middle_is_a_crash_of_this_document(book: Path) -> None:
    pages = reading(book)
    next(pages)
    next(pages)
    (reader,) = readers()
    os.kill(reader.pid, signal.SIGKILL)

    with pytest.raises(Unreadable) as refusal:
        list(pages)

    assert refusal.value.code == "reader_crashed"
    assert "livro.pdf" in str(refusal.value)
    assert readers() == []


def test_a_large_process_does_not_lend_its_size_to_the_reader(book: Path) -> None:
    ballast = bytearray(700 * 2**20)  # more than half of what a reader may have
    ballast[::4096] = b"x" * len(ballast[::4096])
    pages = reading(book)
    next(pages)
    (reader,) = readers()
    os.kill(reader.pid, signal.SIGKILL)

    with pytest.raises(Unreadable) as refusal:
        list(pages)

    assert refusal.value.code == "reader_crashed"


@pytest.mark.parametrize(
    ("blow", "code"),
    [
        (signal.SIGSEGV, "reader_crashed"),
        (signal.SIGABRT, "too_big_in_memory"),
        (signal.SIGXCPU, "too_slow"),
    ],
)
def test_the_way_a_reader_dies_names_the_reason(
    book: Path, blow: signal.Signals, code: str
) -> None:
    pages = reading(book)
    next(pages)
    (reader,) = readers()
    os.kill(reader.pid, blow)

    with pytest.raises(Unreadable) as refusal:
        list(pages)

    assert refusal.value.code == code


def test_a_reader_that_stands_still_is_ended(book: Path) -> None:
    pages = reading(book, seconds=5)
    next(pages)
    (reader,) = readers()
    os.kill(reader.pid, signal.SIGSTOP)
    begun = time.monotonic()

    with pytest.raises(Unreadable) as refusal:
        list(pages)

    assert refusal.value.code == "too_slow"
    assert "5 s" in str(refusal.value)
    assert time.monotonic() - begun < 20
    assert readers() == []


def test_the_clock_stands_still_while_the_caller_works(book: Path) -> None:
    pages = reading(book, seconds=5)
    next(pages)
    next(pages)
    time.sleep(6)  # the caller's own work, longer than the reader's whole time

    assert len(list(pages)) == 59


def test_stop_ends_the_reader_at_once(book: Path) -> None:
    stop = threading.Event()
    pages = reading(book, stop=stop.is_set)
    next(pages)
    stop.set()

    with pytest.raises(Stopped):
        list(pages)

    assert readers() == []


def test_a_reading_begins_at_the_page_that_is_asked_for(book: Path) -> None:
    outline, *pages = reading(book, first=58)

    assert outline == Outline(pages=60, title=None, paged=True)
    assert [page.number for page in pages if isinstance(page, Page)] == [58, 59, 60]
    assert isinstance(pages[0], Page)
    assert pages[0].text.startswith("Página 57")


def test_pages_without_words_at_the_end_refuse_nothing_when_the_beginning_was_read(
    tmp_path: Path,
) -> None:
    path = papers.pdf(tmp_path / "a.pdf", ["Palavras"], [], [])

    _, *rest = reading(path, first=2)

    assert [page.notes for page in rest if isinstance(page, Page)] == [("blank",)] * 2


@pytest.mark.guarantee("REL-14")
def test_while_the_reading_is_held_the_reader_stands_still_and_its_clock_too(book: Path) -> None:
    held = threading.Event()
    pages = reading(book, hold=held.is_set, seconds=10)
    next(pages)
    next(pages)
    (reader,) = readers()
    held.set()
    rest: list[object] = []
    taking = threading.Thread(target=lambda: rest.extend(pages), daemon=True)

    # The reader is the child of the thread that began it; this one only watches.
    taking.start()
    until = time.monotonic() + 10
    while reader.status() != psutil.STATUS_STOPPED and time.monotonic() < until:
        time.sleep(0.01)
    assert reader.status() == psutil.STATUS_STOPPED
    taking.join(12)  # longer than it may take without a new page
    assert taking.is_alive()

    held.clear()
    taking.join(60)

    assert len(rest) == 59


def test_a_reading_that_is_held_can_be_stopped(book: Path) -> None:
    pages = reading(book, hold=lambda: True, stop=lambda: bool(readers()))

    with pytest.raises(Stopped):
        next(pages)

    assert readers() == []


def test_a_reader_runs_where_nobody_else_wants_the_processor(book: Path) -> None:
    pages = reading(book)
    next(pages)
    (reader,) = readers()

    assert os.sched_getscheduler(reader.pid) == os.SCHED_IDLE
    pages.close()  # type: ignore[attr-defined]


def test_closing_the_iterator_ends_the_reader(book: Path) -> None:
    pages = reading(book)
    next(pages)
    assert len(readers()) == 1

    pages.close()  # type: ignore[attr-defined]

    assert readers() == []


def test_a_reader_ends_with_the_thread_that_began_it(book: Path) -> None:
    started: list[psutil.Process] = []
    kept: list[Iterator[Outline | Page]] = []

    def begin() -> None:
        kept.append(reading(book))
        next(kept[0])
        started.extend(readers())

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    (reader,) = started

    with pytest.raises(Unreadable):
        list(kept[0])

    assert not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE


@pytest.mark.guarantee("SEC-05")
def test_no_secret_reaches_the_reader(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPLIANCE_BACKUP_PASSPHRASE", "segredo")
    pages = reading(book)
    next(pages)
    (reader,) = readers()
    seen = Path(f"/proc/{reader.pid}/cmdline").read_bytes()
    # The reader closed its own /proc to us (not dumpable) unless we are root.
    environment = reader.environ() if os.geteuid() == 0 else {}

    assert b"livro" not in seen
    assert set(environment) <= {"PATH", "LANG", "OMP_NUM_THREADS"}
    pages.close()  # type: ignore[attr-defined]


@pytest.mark.guarantee("REL-14")
def test_memory_stays_small_over_many_pages(tmp_path: Path) -> None:
    words = b"BT /F 8 Tf 10 100 Td (pagina com texto de teste) Tj ET"
    path = papers.raw_pdf(tmp_path / "a.pdf", words, pages=1500)
    highest = 0

    for count, page in enumerate(reading(path)):
        if count % 100 == 0 and isinstance(page, Page):
            highest = max([highest, *(reader.memory_info().rss for reader in readers())])

    assert 0 < highest < 200 * 2**20


def test_memory_that_is_refused_is_a_refusal_of_the_document(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.txt", "palavra " * 1_900_000)

    with pytest.raises(Unreadable) as refusal:
        list(child.read(path, kinds.TEXT, name="a.txt", memory_mb=64, seconds=30))

    assert refusal.value.code in ("too_big_in_memory", "too_long")


def test_two_documents_are_read_at_once(book: Path) -> None:
    first, second = reading(book), reading(book)
    next(first)
    next(second)

    assert len(readers()) == 2
    assert len(list(first)) == len(list(second)) == 60


def test_attachments_come_after_their_page_and_within_their_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = EmailMessage()
    message["Subject"] = "Anexos"
    message.set_content("Segue a ata.")
    message.add_attachment(b"x" * 1000, maintype="application", subtype="x", filename="a.bin")
    path = papers.saved(tmp_path, "a.eml", message.as_bytes())

    found = list(child.read(path, kinds.EML, name="a.eml", memory_mb=1024, seconds=60))

    assert [type(one) for one in found] == [Outline, Page, Attachment]
    monkeypatch.setattr(belief, "ATTACHED_LIMIT", 999)
    with pytest.raises(Unreadable) as refusal:
        list(child.read(path, kinds.EML, name="a.eml", memory_mb=1024, seconds=60))
    assert refusal.value.code == "reader_crashed"
