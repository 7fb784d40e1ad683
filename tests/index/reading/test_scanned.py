"""Documents with scanned pages, as the house reads them: in order, and only those by OCR."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from appliance.errors import Unreadable
from appliance.index.reading import child, kinds, ocr
from appliance.index.reading.child import Stopped
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers, pictures
from tests.jobs.conftest import eventually

started = ocr.launched


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every start of tesseract."""
    seen: list[list[str]] = []

    def noted(arguments: list[str]) -> "subprocess.Popen[bytes]":
        seen.append(arguments)
        return started(arguments)

    monkeypatch.setattr(ocr, "launched", noted)
    return seen


def hanging(arguments: list[str]) -> "subprocess.Popen[bytes]":
    return started([*arguments[:3], "/usr/bin/sleep", "60"])


def reading(path: Path, **how: object) -> Iterator[Outline | Page]:
    chosen = {"memory_mb": 1024, "seconds": 60} | how
    return child.read(path, kinds.PDF, name=path.name, **chosen)  # type: ignore[arg-type]


def test_only_the_scanned_pages_of_a_mixed_document_go_through_ocr(
    tmp_path: Path, starts: list[list[str]]
) -> None:
    path = pictures.pdf_of(
        tmp_path / "misto.pdf",
        ["Página um, digital"],
        pictures.notice(["Página dois, digitalizada"]),
        ["Página três, digital"],
        ["Página quatro, digital"],
        pictures.notice(["Página cinco, digitalizada"]),
        pictures.notice([]),
    )

    _, pages = papers.read(path)

    assert [(page.number, page.how, page.notes) for page in pages] == [
        (1, "digital", ()),
        (2, "ocr", ("no_text",)),
        (3, "digital", ()),
        (4, "digital", ()),
        (5, "ocr", ("no_text",)),
        (6, "digital", ("blank",)),
    ]
    assert [page.text for page in pages if page.how == "ocr"] == [
        "Página dois, digitalizada",
        "Página cinco, digitalizada",
    ]
    assert len(starts) == 2


def test_the_documents_language_is_what_tesseract_looks_for_first(
    tmp_path: Path, starts: list[list[str]]
) -> None:
    path = pictures.pdf_of(tmp_path / "a.pdf", pictures.notice(["Aviso"]))

    list(reading(path, language="en"))

    assert starts[0][starts[0].index("-l") + 1] == "eng+por+spa"


def test_pages_come_in_their_order_whichever_is_read_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_is_slow(arguments: list[str]) -> "subprocess.Popen[bytes]":
        time.sleep(0.0 if done else 1.5)
        done.append(True)
        return started(arguments)

    done: list[bool] = []
    monkeypatch.setattr(ocr, "launched", first_is_slow)
    many = [pictures.notice([f"Aviso número {n}"]) for n in range(1, 6)]
    path = pictures.pdf_of(tmp_path / "a.pdf", *many)

    _, pages = papers.read(path)

    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert [page.text for page in pages] == [f"Aviso número {n}" for n in range(1, 6)]


def test_few_pictures_are_in_memory_however_many_pages_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    taken: list[int] = []

    class Counted(ocr.Desk):
        def submit(self, scan):  # type: ignore[no-untyped-def]
            sent.append(scan.number)
            waiting = len(sent) - len(taken)
            assert waiting <= self.places + 2
            return super().submit(scan)

    monkeypatch.setattr(child, "Desk", Counted)
    path = pictures.pdf_of(tmp_path / "a.pdf", *[pictures.notice(["Aviso"])] * 8)

    for found in reading(path):
        if isinstance(found, Page):
            taken.append(found.number)

    assert taken == sent == list(range(1, 9))


def test_stopping_ends_tesseract_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "launched", hanging)
    stop = threading.Event()
    path = pictures.pdf_of(tmp_path / "a.pdf", *[pictures.notice(["Aviso"])] * 5)
    pages = reading(path, stop=stop.is_set)
    assert isinstance(next(pages), Outline)
    threading.Timer(1.0, stop.set).start()

    begun = time.monotonic()
    with pytest.raises(Stopped):
        list(pages)

    assert time.monotonic() - begun < 30, "5 s where nobody else works"
    assert papers.started("appliance.index.reading", "/usr/bin/sleep") == []


@pytest.mark.guarantee("REL-14")
def test_while_the_reading_is_held_its_tesseract_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, stop = threading.Event(), threading.Event()
    running: list[psutil.Process] = []

    def begun(arguments: list[str]) -> "subprocess.Popen[bytes]":
        process = hanging(arguments)
        running.append(psutil.Process(process.pid))
        held.set()
        return process

    monkeypatch.setattr(ocr, "launched", begun)
    path = pictures.pdf_of(tmp_path / "a.pdf", pictures.notice(["Aviso"]))

    def taken() -> None:
        with contextlib.suppress(Stopped):
            list(reading(path, hold=held.is_set, stop=stop.is_set))

    taking = threading.Thread(target=taken)
    taking.start()
    try:
        eventually(held.is_set)
        eventually(lambda: running[0].status() == psutil.STATUS_STOPPED)
    finally:
        stop.set()
        taking.join()


def test_leaving_the_pages_ends_tesseract_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "launched", hanging)
    path = pictures.pdf_of(tmp_path / "a.pdf", ["Digital"], pictures.notice(["Aviso"]))
    pages = reading(path)
    next(pages)
    next(pages)

    pages.close()  # type: ignore[attr-defined]

    assert papers.started("appliance.index.reading", "/usr/bin/sleep") == []


def test_a_page_that_ocr_loses_does_not_lose_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "MEMORY", 32 * 2**20)  # too little for tesseract to load
    path = pictures.pdf_of(tmp_path / "a.pdf", ["Digital"], pictures.notice(["Aviso"]))

    _, pages = papers.read(path)

    assert [(page.how, page.notes) for page in pages] == [
        ("digital", ()),
        ("unreadable", ("no_text", "ocr_failed")),
    ]


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ({"no_text", "no_ocr"}, "no_ocr"),
        ({"no_text", "blank", "ocr_failed", "poor_scan"}, "ocr_failed"),
        ({"no_text", "ocr_slow"}, "ocr_failed"),
        ({"no_text", "poor_scan", "blank"}, "poor_scan"),
        ({"no_text", "too_heavy"}, "too_big_in_memory"),
        ({"garbled"}, "garbled"),
        ({"blank"}, "no_text"),
    ],
)
def test_a_document_without_a_usable_page_says_what_would_help(notes: set[str], code: str) -> None:
    assert child._why_nothing(notes) == code


def test_without_tesseract_a_scan_is_refused_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    path = pictures.pdf_of(tmp_path / "a.pdf", *[pictures.notice(["Aviso"])] * 2)

    with pytest.raises(Unreadable) as refusal:
        papers.read(path)

    assert (refusal.value.code, refusal.value.facts["pages"]) == ("no_ocr", 2)
    assert "tesseract-ocr" in str(refusal.value)


def test_a_document_of_blank_pages_holds_no_word(tmp_path: Path) -> None:
    path = pictures.pdf_of(tmp_path / "a.pdf", pictures.notice([]), [])

    with pytest.raises(Unreadable) as refusal:
        papers.read(path)

    assert (refusal.value.code, refusal.value.facts["pages"]) == ("no_text", 2)
