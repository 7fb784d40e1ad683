"""The house's OCR: pictures of pages in, pages out, by as many tesseracts as there are cores.

One process a page, with one thread (with two, two cores took 102 s for a page
of 2.4 s), started through ``recogniser``, which gives up its rights first. It
gets gray pixels under a header written here, never a byte of the document, so
nothing of a hostile file reaches its parsers. A process that is missing, fails,
is killed or takes too long costs its page, never the document. While somebody
is answered (``hold``) all of them stand still, and so do their clocks.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import appliance
from appliance.index.reading import transcript
from appliance.index.reading.process import LOOK, POLL, never
from appliance.index.reading.transcript import Printed
from appliance.index.reading.wire import DPI, Scan
from appliance.records import Language, Page

PROGRAM = "tesseract"
MEMORY = 1024 * 2**20  # bytes of address space; three languages and A4 at 300 dpi take 120 MB
_MOST_AT_ONCE = 8  # pages; each holds its picture, 9 to 16 MB, in the house
_HARDLY = 0.7  # confidence under which a page may be upside down; upright ones have 0.9
_PATIENCE = 10  # by the clock, in shares of the processor's time: it yields to everything else
_HOUSE = Path(appliance.__file__).parents[1]
# Three together read Portuguese better than Portuguese alone (0.2 to 0.3 % of characters wrong
# against 0.4 %), for a fifth more time; which comes first made no difference that we could measure.
_CODES: dict[Language, str] = {"pt": "por", "en": "eng", "es": "spa"}


@dataclass(eq=False)
class _Run:
    """A tesseract at work, and when by the clock the patience with it ends."""

    process: "subprocess.Popen[bytes]"
    ends_at: float
    slow: bool = False


class Desk:
    """Reads scans for one document. Close it (``with``) in the thread that opened it.

    ``seconds`` is the processor time that one page may take; ``language`` is the
    document's, when it is known; while ``hold`` says so, nothing is started and what
    runs is halted. ``hold`` is asked in threads of the desk.
    """

    def __init__(
        self, seconds: int, language: Language | None = None, hold: Callable[[], bool] = never
    ) -> None:
        self.program = shutil.which(PROGRAM)
        self.seconds = seconds
        self.languages = _languages(language)
        self.places = min(len(os.sched_getaffinity(0)), _MOST_AT_ONCE)
        self._threads = ThreadPoolExecutor(self.places, thread_name_prefix="ocr")
        self.hold = hold
        self._running: set[_Run] = set()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._clock = threading.Thread(target=self._keep_time, name="ocr-clock", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End every tesseract that runs, at once."""
        self._closing.set()
        self._tell(signal.SIGKILL)
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._clock.ident:
            self._clock.join()

    def submit(self, scan: Scan) -> Future[Page]:
        """Have ``scan`` read; the page is ``how="ocr"``, or unreadable with a note of why:
        no_ocr (no tesseract here), ocr_failed, ocr_slow or poor_scan."""
        if not self._clock.ident:  # most documents have no scan
            self._clock.start()
        return self._threads.submit(self._page, scan)

    def _page(self, scan: Scan) -> Page:
        if self.program is None:
            return _unread(scan, "no_ocr")
        try:
            words = self._words(scan, scan.pixels)
            if transcript.sureness(words) < _HARDLY:
                # Tesseract reads writing that runs up the page, but not upside down; its own
                # look at that (OSD) takes a third of the time of every page, and many words.
                turned = self._words(scan, scan.pixels[::-1])
                if transcript.sureness(turned) > transcript.sureness(words):
                    words = [_turned(word, scan) for word in turned]
        except _Slow:
            return _unread(scan, "ocr_slow")
        except (_Failed, OSError):  # OSError: no process, no pipe, no memory left for one
            return _unread(scan, "ocr_failed")
        return transcript.page(scan, words)

    def _words(self, scan: Scan, pixels: bytes) -> list[Printed]:
        """What tesseract makes of ``pixels``. Raises ``_Failed`` and ``_Slow``."""
        picture = b"P5\n%d %d\n255\n" % (scan.width, scan.height) + pixels
        run = self._started()
        with run.process as process:
            try:
                written, _ = process.communicate(picture)
            finally:
                process.kill()  # does nothing to one that ended
                with self._lock:
                    self._running.discard(run)
        if process.returncode != 0:
            raise _Slow if run.slow else _Failed
        return transcript.parsed(written.decode("utf-8", "replace"))

    def _started(self) -> _Run:
        limits = (str(MEMORY), str(self.seconds), str(os.getpid()))
        options = ("stdin", "stdout", "-l", self.languages, "--psm", "3", "--dpi", str(DPI))
        while self.hold() and not self._closing.wait(LOOK):
            pass
        with self._lock:
            if self._closing.is_set():
                raise _Failed
            process = launched(
                [*limits, self.program or PROGRAM, *options, "-c", "tessedit_create_tsv=1"]
            )
            run = _Run(process, time.monotonic() + self.seconds * _PATIENCE)
            self._running.add(run)
        return run

    def _keep_time(self) -> None:
        """Halt what runs while somebody holds the reading; end what takes too long."""
        # Where nobody holds a reading, nothing is to be noticed soon.
        poll = POLL if self.hold is never else LOOK
        while not self._closing.wait(poll):
            stood = self._stand_still()
            now = time.monotonic()
            with self._lock:
                for run in self._running:
                    run.ends_at += stood
                    if now > run.ends_at:
                        run.slow = True
                        run.process.kill()

    def _stand_still(self) -> float:
        """Wait, with all halted, until nobody holds the reading; how many seconds."""
        began = time.monotonic()
        if not self.hold():
            return 0.0
        while self.hold() and not self._closing.is_set():
            self._tell(signal.SIGSTOP)  # each time: one may have been started meanwhile
            self._closing.wait(LOOK)
        self._tell(signal.SIGCONT)
        return time.monotonic() - began

    def _tell(self, what: signal.Signals) -> None:
        with self._lock:
            for run in self._running:
                run.process.send_signal(what)


class _Failed(Exception):
    """Tesseract ended without a result."""


class _Slow(Exception):
    """Tesseract took longer than anybody waits."""


def launched(arguments: list[str]) -> "subprocess.Popen[bytes]":
    """A program started through ``recogniser`` with its limits and options ``arguments``."""
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-B", "-s", "-m", "appliance.index.reading.recogniser", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_HOUSE,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
    )


def _languages(first: Language | None) -> str:
    """Tesseract's codes for the three languages, the document's own first."""
    ordered = sorted(_CODES, key=lambda language: language != first)
    return "+".join(_CODES[language] for language in ordered)


def _unread(scan: Scan, why: str) -> Page:
    notes = (scan.note, why) if scan.note else (why,)
    return Page(number=scan.number, how="unreadable", text="", notes=notes)


def _turned(word: Printed, scan: Scan) -> Printed:
    """A word of the picture upside down, where it is on the picture as it was."""
    return word._replace(
        left=scan.width - word.right,
        top=scan.height - word.bottom,
        right=scan.width - word.left,
        bottom=scan.height - word.top,
    )
