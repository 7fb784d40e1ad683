"""The trail: the last warnings and faults of each process, without a word of anybody's.

journald has the whole log; this is what a diagnostics bundle takes along. A line says when,
which logger, from where in the code, and the message as the code has it, before any value is
put in; of facts it keeps those of ``TOLD``, of an exception its type and its lines of code,
never its text. So nothing has to be searched for and blackened: it was never written.

Two files a process, ``log/<process>.jsonl`` in the data folder, each of 256 KB at most. That
nothing can be written there is no reason to stop: the log itself goes elsewhere.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from appliance.errors import Refusal
from appliance.logs import REQUEST
from appliance.records import timestamp

FOLDER = "log"
BYTES = 256 << 10
OURS = "appliance"
# Facts of the code's own making: a route as it is written there, a method of a known few.
TOLD = ("method", "route", "status", "ms")
_FRAMES = 12  # of the innermost
_CAUSES = 4


def begin(data: Path, process: str) -> None:
    """Write the trail of this process too, after ``logs.begin``."""
    logging.getLogger().addHandler(_File(data / FOLDER / f"{process}.jsonl"))


def lines(data: Path) -> dict[str, bytes]:
    """What each process wrote last, by its name, the older file first."""
    found: dict[str, bytes] = {}
    for file in sorted((data / FOLDER).glob("*.jsonl")):
        before = file.with_name(f"{file.name}.1")
        found[file.stem] = b"".join(one.read_bytes() for one in (before, file) if one.exists())
    return found


class Steps(logging.Formatter):
    """An event as one line of JSON in which nothing stands but what the code itself says."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told: dict[str, Any] = {
            "at": timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "where": f"{_place(record.pathname)}:{record.lineno}",
        }
        # Others put values into their messages themselves; tests hold ours to literals.
        if record.name.partition(".")[0] == OURS and isinstance(record.msg, str):
            told["message"] = record.msg
        if number := REQUEST.get():
            told["request"] = number
        facts = getattr(record, "facts", {})
        told |= {name: facts[name] for name in TOLD if name in facts}
        if record.exc_info and record.exc_info[1]:
            told["faults"] = _faults(record.exc_info[1])
        return json.dumps(told)


class _File(RotatingFileHandler):
    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=BYTES, backupCount=1, encoding="utf-8", delay=True)
        self.setLevel(logging.WARNING)
        self.setFormatter(Steps())

    def _open(self) -> Any:
        file = Path(self.baseFilename)
        file.parent.mkdir(exist_ok=True, mode=0o700)
        stream = super()._open()
        file.chmod(0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told by whoever needs the room, and once."""


def _faults(fault: BaseException) -> list[dict[str, Any]]:
    """An exception and what it came from: types, the house's own codes, and lines of code."""
    found: list[dict[str, Any]] = []
    one: BaseException | None = fault
    while one is not None and len(found) < _CAUSES:
        told: dict[str, Any] = {"type": type(one).__name__, "at": _frames(one.__traceback__)}
        if isinstance(one, Refusal):
            told["code"] = one.code
        found.append(told)
        one = one.__cause__ or one.__context__
    return found


def _frames(trace: TracebackType | None) -> list[str]:
    walked = list(traceback.walk_tb(trace))[-_FRAMES:]
    return [f"{_place(frame.f_code.co_filename)}:{line}" for frame, line in walked]


def _place(file: str) -> str:
    """A file of code without the folders above it, which may bear somebody's name."""
    parts = Path(file).parts
    for root in ("site-packages", "dist-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    return "/".join(parts[parts.index(OURS) :] if OURS in parts[:-1] else parts[-1:])
