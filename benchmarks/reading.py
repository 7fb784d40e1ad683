"""How fast PDFs are read beside pdfium alone, in the same run, in turns; and what a scan holds.

    .venv/bin/python -m benchmarks.reading [--pages 500] [--rounds 5] [--scan 0] [--keep FOLDER]

For laws (40 lines a page) and tables (45 rows of five cells) four are timed, each in a process
of its own, on the same file:

* ``pdfium``: a process that opens the file and takes every page's text, nothing else, at
  the reader's own priority; the clock runs from its first page to its last, the start of
  Python not counted;
* ``child``: the product's reader, from the first page to the last as the worker gets them; of
  a document of so many pages it is two processes, where there are two cores;
* ``child, started``: the same from before the reader's process is started;
* ``worker``: the same, each page also committed to a database as ingestion does it.

The ratio is of the medians of the turns. Where others use the machine, the clock says little:
``busier`` is the same ratio by the processor's time, that of the busier of the reader's two
processes from the first page on, which is what two idle cores would give; ``cpu`` is that of
both together, their start included, which is what one core would give. With ``--scan 300`` a
scan of so many megabytes is read too: pages, seconds, the longest wait for a page, and the most
megabytes that the reader held, of its own and in all (what is mapped of the file counts in all).
"""

import argparse
import contextlib
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from appliance import collections, library
from appliance.database import Database
from appliance.errors import Refusal
from appliance.index.reading import child, kinds
from appliance.index.reading.wire import Outline
from appliance.jobs.arrival import BATCH_PAGES
from appliance.models import hardware
from appliance.records import Page
from benchmarks import papers

ENOUGH = 0.8  # of pdfium's pages a second
ALONE = """
import os, sys, time, pypdfium2
os.nice(19)
if hasattr(os, "SCHED_IDLE"):
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
book = pypdfium2.PdfDocument(sys.argv[1])
began, used = time.perf_counter(), time.process_time()
for number in range(len(book)):
    page = book[number]
    text = page.get_textpage()
    text.get_text_range()
    text.close()
    page.close()
print(time.perf_counter() - began, time.process_time() - used)
"""


def pdfium(path: Path) -> tuple[float, float]:
    """Seconds of pdfium alone, in a process of its own, by the clock and of the processor."""
    ended = subprocess.run(
        [sys.executable, "-c", ALONE, path], capture_output=True, text=True, check=True
    )
    seconds, used = map(float, ended.stdout.split())
    return seconds, used


def used_by_children() -> float:
    """Seconds of the processor that the children of this process took, those that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def used_by_each(before: dict[int, float]) -> dict[int, float]:
    """Seconds of the processor that each of the reader's processes took in all, by its number;
    ``before`` is what was known, of those that have ended, too."""
    used = dict(before)
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            used[process.pid] = times.user + times.system
    return used


def busier(path: Path, pages: int) -> float:
    """Seconds of the processor that the busier of the reader's processes takes for the pages."""
    used: dict[int, float] = {}
    outline: dict[int, float] = {}
    for count, item in enumerate(
        child.read(path, kinds.PDF, name=path.name, memory_mb=1024, seconds=120)
    ):
        if isinstance(item, Outline):
            used = outline = used_by_each({})
        elif count % (pages // 20 or 1) == 0:
            used = used_by_each(used)
    return max(used[one] - outline.get(one, 0.0) for one in used)


def read(path: Path, taken: Callable[[Page], object] = lambda page: None) -> tuple[float, float]:
    """Seconds of the reader: from its first page on, and from before its start."""
    started = time.perf_counter()
    began = started
    items = child.read(path, kinds.PDF, name=path.name, memory_mb=1024, seconds=120)
    for item in items:
        if isinstance(item, Outline):
            began = time.perf_counter()
            continue
        taken(item)
    ended = time.perf_counter()
    return ended - began, ended - started


def worked(path: Path) -> float:
    """Seconds of the reader with every page committed, ten at a time."""
    with tempfile.TemporaryDirectory(prefix="appliance-reading-") as place:
        database = Database(Path(place) / "appliance.db")
        database.migrate()
        with database.write() as db:
            document = library.add(
                db,
                collection=collections.create(db, "Leis").id,
                title="Lei",
                file_name=path.name,
                media_type=kinds.PDF.media_type,
                bytes=path.stat().st_size,
                sha256="",
                paged=True,
            )
        waiting: list[Page] = []

        def keep(page: Page) -> None:
            waiting.append(page)
            if len(waiting) >= BATCH_PAGES:
                library.put_pages(database, document.id, waiting)
                waiting.clear()

        seconds, _ = read(path, keep)
        database.close()
    return seconds


def compared(path: Path, pages: int, rounds: int) -> float:
    """Print pages a second for each way; the reader's over pdfium's."""
    alone: list[tuple[float, float]] = []
    inside, started, whole, processor, most = [], [], [], [], []
    for turn in range(rounds):
        if turn % 2 == 0:
            alone.append(pdfium(path))
        before = used_by_children()
        seconds, with_start = read(path)
        processor.append(used_by_children() - before)
        inside.append(seconds)
        started.append(with_start)
        whole.append(worked(path))
        most.append(busier(path, pages))
        if turn % 2:
            alone.append(pdfium(path))
    clock = [seconds for seconds, _ in alone]
    rates = [pages / statistics.median(one) for one in (clock, inside, started, whole)]
    own = statistics.median(used for _, used in alone)
    cpu, one = own / statistics.median(processor), own / statistics.median(most)
    named = zip(("pdfium", "child", "child, started", "worker"), rates, strict=True)
    said = ", ".join(f"{name} {rate:.0f}/s" for name, rate in named)
    ratio = rates[1] / rates[0]
    print(
        f"{path.name}, {pages} pages: {said}; ratio {ratio:.2f}, busier {one:.2f}, cpu {cpu:.2f}",
        flush=True,
    )
    return ratio


def weighed(path: Path) -> None:
    """Print what reading a file holds, and how long one waits for a page at most."""
    most, own, over = 0, 0, threading.Event()

    def look() -> None:
        nonlocal most, own
        while not over.wait(0.02):
            for one in psutil.Process().children(recursive=True):
                try:
                    held = one.memory_info()
                except psutil.Error:
                    continue
                most, own = max(most, held.rss), max(own, held.rss - held.shared)

    threading.Thread(target=look, daemon=True).start()
    pages, longest, outcome = 0, 0.0, "read"
    began = last = time.perf_counter()
    try:
        for item in child.read(path, kinds.PDF, name=path.name, memory_mb=1024, seconds=120):
            now = time.perf_counter()
            longest, last, pages = max(longest, now - last), now, pages + isinstance(item, Page)
    except Refusal as refusal:
        outcome = refusal.code
    over.set()
    print(
        f"{path.name}, {path.stat().st_size / 2**20:.0f} MB: {outcome}, {pages} pages in "
        f"{last - began:.1f} s, at most {longest:.2f} s for one; reader {own / 2**20:.0f} MB of "
        f"its own, {most / 2**20:.0f} MB in all; this process "
        f"{psutil.Process().memory_info().rss / 2**20:.0f} MB"
    )


def main() -> int:
    """Print a line a file; 1 when the reader is slower than it should be."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scan", type=int, default=0, help="megabytes of a scan to read too")
    parser.add_argument("--keep", type=Path, help="where the files go; else nowhere for long")
    wanted = parser.parse_args()
    print(f"{hardware.processor()}, {wanted.rounds} turns")
    with tempfile.TemporaryDirectory(prefix="appliance-papers-") as place:
        folder = wanted.keep or Path(place)
        ratios = []
        for make in (papers.law, papers.tables):
            path = folder / f"{make.__name__}-{wanted.pages}.pdf"
            if not path.exists():
                make(path, wanted.pages)
            ratios.append(compared(path, wanted.pages, wanted.rounds))
        if wanted.scan:
            path = folder / f"scan-{wanted.scan}.pdf"
            weighed(path if path.exists() else papers.scan(path, wanted.scan))
    return int(min(ratios) < ENOUGH)


if __name__ == "__main__":
    raise SystemExit(main())
