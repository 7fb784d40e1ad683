"""Every file of a folder through the real reader, as an upload would go: a table of what came.

    .venv/bin/python -m benchmarks.files FOLDER [--expect EXPECT.jsonl] [--out TABLE.md]

``EXPECT.jsonl`` (the folder's own, where it has one) says a line a file
``{file, expect, must_contain}``; see ``MEANT`` for what each class of ``expect`` means here.
A file without a line, or a class that is not known here, is as expected when it ends as
ready or is refused for a named reason, and not when its reader crashed. The exit status
is 1 when a file is not as expected. Megabytes are the most that the reader and what it
started held together, looked at fifty times a second.
"""

import argparse
import datetime
import re
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from appliance import __version__
from appliance.errors import Refusal
from appliance.index.reading import child, kinds
from appliance.models import hardware
from appliance.records import Page

READY = "ready"
WORDLESS = {"no_text", "no_words", "no_pages", "garbled", "empty_file"}
UNRECOGNISED = {"no_ocr", "ocr_failed", "poor_scan"}  # what OCR says of a picture
CRASHED = {"reader_crashed"}
MEANT: dict[str, set[str]] = {
    "text": {READY},
    "repairable": {READY},
    "password": {"encrypted"},
    "broken": {"damaged", "type_mismatch"},
    "broken-or-password": {"damaged", "encrypted", "type_mismatch"},
    "image": {READY} | WORDLESS | UNRECOGNISED,
    "image-only-or-empty": {READY} | WORDLESS | UNRECOGNISED,
    # Some readers look for less than ours: a text box, a caption, what a picture says.
    "empty": {READY} | WORDLESS | UNRECOGNISED,
    "empty-body": {READY} | WORDLESS,  # a message of headers alone has at least its subject
    "msg": {READY},
    "xls": {READY},
    "ppt": {READY},
    "zip": {"unsupported_type", "type_mismatch", "dangerous_content", "damaged"},
}
COLUMNS = (
    "file", "kind", "expected", "got", "pages", "how", "words found on page", "s", "MB",
    "as expected",
)  # fmt: skip
LOOK_SECONDS = 0.02
SECONDS, MEMORY_MB = 120, 1024  # what the product's settings begin with


class Expectation(msgspec.Struct):
    """A line of ``EXPECT.jsonl``; what else stands in it is for people."""

    file: str
    expect: str
    must_contain: list[str] = []


class Outcome(msgspec.Struct, kw_only=True):
    """What came of a file: ``got`` is "ready" or the refusal's code."""

    file: str
    kind: str = "–"
    got: str = READY
    pages: list[Page] = []
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def how(self) -> str:
        """How many pages were read in which way."""
        counted = Counter(page.how for page in self.pages)
        return ", ".join(f"{count} {how}" for how, count in counted.items()) or "–"

    def place(self, phrase: str) -> str | None:
        """Where a phrase stands: the number of its page, "across pages", or None."""
        wanted, texts = words(phrase), [words(page.text) for page in self.pages]
        for page, text in zip(self.pages, texts, strict=True):
            if wanted in text:
                return str(page.number)
        return "across pages" if wanted in " ".join(texts) else None


def words(text: str) -> str:
    """The words alone, in small letters."""
    return " ".join(re.findall(r"\w+", text.lower()))


def outcome(path: Path, *, seconds: int = SECONDS, memory_mb: int = MEMORY_MB) -> Outcome:
    """Recognise and read one file."""
    found, began = Outcome(file=path.name), time.monotonic()
    with _weighed() as peak:
        try:
            kind = kinds.recognise(path, path.name)
            found.kind = kind.name
            items = child.read(path, kind, name=path.name, memory_mb=memory_mb, seconds=seconds)
            found.pages = [item for item in items if isinstance(item, Page)]
        except Refusal as refusal:
            found.got = refusal.code
    found.seconds, found.megabytes = time.monotonic() - began, peak() / 2**20
    return found


@contextmanager
def _weighed() -> Iterator[Callable[[], int]]:
    """A function that gives the most bytes that this process's children held together."""
    most, over = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(LOOK_SECONDS):
            most = max(most, sum(map(_held, psutil.Process().children(recursive=True))))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield lambda: most
    finally:
        over.set()
        looking.join()


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it ended between the two looks
        return 0


def wrong(expected: Expectation | None, got: Outcome) -> str:
    """What is not as expected, or ""."""
    meant = MEANT.get(expected.expect) if expected else None
    if got.got in CRASHED:
        return "the reader crashed"
    if meant is None or expected is None or _needs_a_program(got):
        return ""
    if got.got not in meant:
        return f"{got.got} is not {' or '.join(sorted(meant))}"
    missing = [one for one in expected.must_contain if got.place(one) is None]
    if got.got == READY and missing:
        return "missing: " + "; ".join(missing)
    return ""


def _needs_a_program(got: Outcome) -> bool:
    """Whether a file of the old binary kinds was refused where LibreOffice is not installed."""
    legacy = {kind.name for kind in kinds.KINDS if kind.reader == "legacy"}
    return got.kind in legacy and got.got != READY and shutil.which("soffice") is None


def expectations(file: Path | None) -> dict[str, Expectation]:
    """What is expected, by the file's name."""
    if file is None:
        return {}
    lines = file.read_text("utf-8").splitlines()
    read = [msgspec.json.decode(line, type=Expectation) for line in lines if line.strip()]
    return {one.file: one for one in read}


def table(expected: dict[str, Expectation], outcomes: Sequence[Outcome]) -> str:
    """The whole report as Markdown."""
    faults = [wrong(expected.get(one.file), one) for one in outcomes]
    head = [
        "# What the reader makes of real files",
        "",
        f"Balcão {__version__}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, "
        f"{hardware.processor()}; OCR {'' if shutil.which('tesseract') else 'not '}installed, "
        f"LibreOffice {'' if shutil.which('soffice') else 'not '}installed. {len(outcomes)} files, "
        f"{sum(not fault for fault in faults)} as expected, "
        f"{sum(one.got == READY for one in outcomes)} ready, "
        f"{sum(one.seconds for one in outcomes):.0f} s in all.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"| {' | '.join('---' for _ in COLUMNS)} |",
    ]
    rows = [
        _row(expected.get(one.file), one, bad) for one, bad in zip(outcomes, faults, strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def _row(expected: Expectation | None, got: Outcome, fault: str) -> str:
    places = [got.place(one) or "nowhere" for one in expected.must_contain] if expected else []
    cells = (
        got.file,
        got.kind,
        expected.expect if expected else "–",
        got.got,
        str(len(got.pages)),
        got.how,
        ", ".join(places) or "–",
        f"{got.seconds:.1f}",
        f"{got.megabytes:.0f}",
        f"**no**: {fault}" if fault else "yes",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folder, write the table; 0 when everything is as expected."""
    parser = argparse.ArgumentParser(prog="benchmarks.files")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--expect", type=Path, help="what is expected of each file")
    parser.add_argument("--out", type=Path, help="where the table goes; else to standard output")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="without a new page")
    parser.add_argument("--memory", type=int, default=MEMORY_MB, help="MiB for the reader")
    wanted = parser.parse_args(arguments)
    own = wanted.folder / "EXPECT.jsonl"
    listing = wanted.expect or (own if own.exists() else None)
    expected, outcomes = expectations(listing), []
    files = sorted(path for path in wanted.folder.rglob("*") if path.is_file() and path != listing)
    for path in files:
        got = outcome(path, seconds=wanted.seconds, memory_mb=wanted.memory)
        got.file = str(path.relative_to(wanted.folder))
        outcomes.append(got)
        if fault := wrong(expected.get(got.file), got):
            print(f"{got.file}: {fault}", file=sys.stderr, flush=True)
    absent = sorted(expected.keys() - {one.file for one in outcomes})
    for name in absent:
        print(f"{name}: expected, and not there", file=sys.stderr)
    report = table(expected, outcomes)
    if wanted.out:
        wanted.out.write_text(report, "utf-8")
    else:
        print(report, end="")
    return int(bool(absent) or any(wrong(expected.get(one.file), one) for one in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
