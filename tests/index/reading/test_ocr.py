"""OCR of scans: real tesseract on small pictures, and what happens when it is not itself."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

import psutil
import pytest
from PIL import Image

from appliance.index.reading import ocr
from appliance.index.reading.ocr import Desk
from appliance.index.reading.wire import Scan
from appliance.records import Page
from tests.index.reading import papers, pictures
from tests.jobs.conftest import eventually


def recognised(scan: Scan) -> Page:
    with Desk(60) as desk:
        return desk.submit(scan).result()


def tesseracts() -> list[psutil.Process]:
    """Those that this test process started and that still run, or what stands in for them."""
    return papers.started("tesseract", "recogniser", "sleep")


@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_a_scan_is_read_with_its_accents(skew: float) -> None:
    page = recognised(pictures.scanned(pictures.notice(skew=skew)))

    assert page.how == "ocr"
    assert page.text.split() == " ".join(pictures.NOTICE).split()
    assert page.confidence is not None
    assert page.confidence > 0.85


@pytest.mark.parametrize(
    "turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]
)
def test_a_page_laid_down_the_wrong_way_round_is_read(turn: Image.Transpose) -> None:
    lines = [*pictures.NOTICE, *pictures.NOTICE]
    picture = pictures.photographed(pictures.paper(lines, size=(320, 150), top=120))

    page = recognised(pictures.scanned(picture.transpose(turn)))

    assert page.text.split() == " ".join(lines).split()


def test_words_of_a_page_upside_down_stand_where_they_are_on_it() -> None:
    upright = recognised(pictures.scanned(pictures.notice()))
    turned = recognised(pictures.scanned(pictures.notice().transpose(Image.Transpose.ROTATE_180)))

    for word, mirrored in zip(upright.words, turned.words, strict=True):
        assert abs(word.left - (10_000 - mirrored.right)) < 100
        assert abs(word.top - (10_000 - mirrored.bottom)) < 300


def test_a_photograph_without_writing_is_unreadable() -> None:
    noise = Image.effect_noise((600, 400), 90)

    page = recognised(pictures.scanned(noise, note=""))

    assert (page.how, page.notes) == ("unreadable", ("poor_scan",))


def test_the_documents_own_language_comes_first() -> None:
    assert Desk(60).languages == "por+eng+spa"
    assert Desk(60, "es").languages == "spa+por+eng"


def test_without_tesseract_each_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    page = recognised(pictures.scanned(pictures.notice()))

    assert (page.number, page.how) == (1, "unreadable")
    assert page.notes == ("no_text", "no_ocr")


def test_a_tesseract_that_is_killed_costs_its_page() -> None:
    scan = pictures.scanned(pictures.notice())
    with Desk(60) as desk:
        first = desk.submit(scan)
        _killed(first)
        second = desk.submit(scan)

        assert first.result().notes == ("no_text", "ocr_failed")
        assert second.result().how == "ocr"


def _killed(reading: "Future[Page]") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and not reading.done():
        for process in tesseracts():
            os.kill(process.pid, signal.SIGKILL)
            return
    raise AssertionError("tesseract was not seen")


def test_a_tesseract_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_PATIENCE", 1)
    monkeypatch.setattr(ocr, "launched", _hanging)
    with Desk(1) as desk:
        page = desk.submit(pictures.scanned(pictures.notice())).result()

    assert page.notes == ("no_text", "ocr_slow")
    assert tesseracts() == []


_launched = ocr.launched


def _hanging(arguments: list[str]) -> "subprocess.Popen[bytes]":
    return _launched([*arguments[:3], "/usr/bin/sleep", "60"])


def test_a_tesseract_that_writes_nonsense_gives_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nonsense(arguments: list[str]) -> "subprocess.Popen[bytes]":
        return _launched([*arguments[:3], "/usr/bin/printf", "5\\tnonsense\\n\\377\\n"])

    monkeypatch.setattr(ocr, "launched", nonsense)

    assert recognised(pictures.scanned(pictures.notice())).notes == ("no_text", "poor_scan")


def test_a_machine_without_room_for_a_process_costs_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(arguments: list[str]) -> "subprocess.Popen[bytes]":
        raise BlockingIOError

    monkeypatch.setattr(ocr, "launched", no_room)

    assert recognised(pictures.scanned(pictures.notice())).notes == ("no_text", "ocr_failed")


def test_closing_the_desk_ends_its_tesseracts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "launched", _hanging)
    scan = pictures.scanned(pictures.notice())
    begun = time.monotonic()

    with Desk(60) as desk:
        readings = [desk.submit(scan) for _ in range(6)]
        time.sleep(0.3)

    assert time.monotonic() - begun < 30
    assert all(reading.done() for reading in readings)


def test_as_many_pages_are_read_at_once_as_there_are_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ocr, "launched", _hanging)
    scan = pictures.scanned(pictures.notice())
    with Desk(60) as desk:
        for _ in range(desk.places + 2):
            desk.submit(scan)
        eventually(lambda: len(tesseracts()) == desk.places)
        time.sleep(0.5)

        assert len(tesseracts()) == desk.places
        assert desk.places == min(len(os.sched_getaffinity(0)), 8)


def stopped() -> list[psutil.Process]:
    """The tesseracts that stand still."""
    return [one for one in tesseracts() if one.status() == psutil.STATUS_STOPPED]


def _stand_in(arguments: list[str]) -> "subprocess.Popen[bytes]":
    """A program in tesseract's place (``_hanging``) that ``tesseracts`` knows by its line."""
    code = "import time; time.sleep(60)"
    return _launched([*arguments[:3], sys.executable, "-S", "-c", code, "tesseract"])


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set while somebody is answered; tesseract is a program that works without end."""
    monkeypatch.setattr(ocr, "launched", _stand_in)
    return threading.Event()


@pytest.mark.guarantee("REL-14")
def test_while_somebody_is_answered_every_tesseract_stands_still(held: threading.Event) -> None:
    scan = pictures.scanned(pictures.notice())
    with Desk(60, hold=held.is_set) as desk:
        for _ in range(desk.places):
            desk.submit(scan)
        eventually(lambda: len(tesseracts()) == desk.places)

        held.set()

        eventually(lambda: len(stopped()) == desk.places)


def test_what_stood_still_goes_on_when_the_answer_is_given(held: threading.Event) -> None:
    with Desk(60, hold=held.is_set) as desk:
        desk.submit(pictures.scanned(pictures.notice()))
        eventually(lambda: len(tesseracts()) == 1)
        held.set()
        eventually(lambda: len(stopped()) == 1)

        held.clear()

        eventually(lambda: len(tesseracts()) == 1 and not stopped())


def test_while_it_stands_still_the_clock_of_a_tesseract_does_too(
    held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "_PATIENCE", 1)
    with Desk(2, hold=held.is_set) as desk:
        reading = desk.submit(pictures.scanned(pictures.notice()))
        eventually(lambda: len(tesseracts()) == 1)
        held.set()
        time.sleep(2.5)  # longer than the page may take
        held.clear()
        time.sleep(0.3)  # several looks at the clock

        assert not reading.done()


def test_no_tesseract_is_started_while_somebody_is_answered(held: threading.Event) -> None:
    held.set()
    with Desk(60, hold=held.is_set) as desk:
        desk.submit(pictures.scanned(pictures.notice()))
        time.sleep(0.3)

        assert tesseracts() == []


def test_a_desk_that_stands_still_is_closed_at_once(held: threading.Event) -> None:
    scan = pictures.scanned(pictures.notice())
    with Desk(60, hold=held.is_set) as desk:
        readings = [desk.submit(scan) for _ in range(desk.places)]
        eventually(lambda: len(tesseracts()) == desk.places)
        held.set()
        eventually(lambda: len(stopped()) == desk.places)

    assert all(reading.done() for reading in readings)


def test_a_page_that_had_to_wait_is_read_as_any_other() -> None:
    until = time.monotonic() + 1
    with Desk(60, hold=lambda: time.monotonic() < until) as desk:
        page = desk.submit(pictures.scanned(pictures.notice())).result()

    assert page.how == "ocr"


def test_tesseract_is_given_grays_and_not_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def noted(arguments: list[str]) -> "subprocess.Popen[bytes]":
        seen.append(arguments)
        return _launched(arguments)

    monkeypatch.setattr(ocr, "launched", noted)
    recognised(pictures.scanned(pictures.notice()))

    (arguments,) = seen
    assert arguments[3:] == [
        *("/usr/bin/tesseract", "stdin", "stdout", "-l", "por+eng+spa"),
        *("--psm", "3", "--dpi", "300", "-c", "tessedit_create_tsv=1"),
    ]
