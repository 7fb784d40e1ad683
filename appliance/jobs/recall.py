"""What a crawl remembers of the last one: a cache, without which everything is asked anew.

A page that did not change is not sent again, and then its links are needed from here; as
they are when a page fails for once: what was reached through it would be missed otherwise.
"""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.index.reading.wire import Leads
from appliance.records import Record


class Seen(Record, frozen=True):
    """One page as it was: what its server called the version, what it was made of, and where
    it led. ``changed`` names its content, ``rules`` are its own of ``robots``."""

    etag: str
    modified: str
    media_type: str
    changed: str
    leads: Leads
    rules: frozenset[str] = frozenset()

    @property
    def condition(self) -> dict[str, str]:
        """The headers that ask for the page only if it is another one; {} without a version."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}


class Memory(Record, frozen=True):
    """``pages`` by their keys; ``unknown`` are the keys of pages that failed without a memory
    of where they led: what the library has may lie behind them."""

    pages: dict[str, Seen] = msgspec.field(default_factory=dict)
    unknown: frozenset[str] = frozenset()


class Recall:
    """The memory of one source. ``was_there``: there was something to remember."""

    def __init__(self, folder: Path, source: str) -> None:
        self.file = folder / f"{re.sub('[^0-9A-Za-z-]', '_', source)}.json"
        memory = Memory()
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            memory = msgspec.json.decode(self.file.read_bytes(), type=Memory)
        self.before = memory.pages
        self.was_there = bool(memory.pages)
        self.now: dict[str, Seen] = {}
        self.gone: set[str] = set()
        self.unknown: set[str] = set()
        self._unknown_before = memory.unknown

    def keep(self, *, whole: bool) -> None:
        """Write down what was seen; what was not met is forgotten after a ``whole`` crawl."""
        kept = {} if whole else {k: v for k, v in self.before.items() if k not in self.gone}
        unknown = self.unknown | (
            set() if whole else self._unknown_before - self.gone - set(self.now)
        )
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(
            msgspec.json.encode(Memory(pages=kept | self.now, unknown=frozenset(unknown)))
        )
        fresh.replace(self.file)

    def forget_others(self, exists: Callable[[str], bool]) -> None:
        """Remove what is remembered of sources that are not there any more."""
        for file in self.file.parent.glob("*.json"):
            if file != self.file and not exists(file.stem):
                file.unlink(missing_ok=True)

    def again(self, key: str) -> Seen | None:
        """The page as it was, which counts as seen: it could not be looked at now."""
        if seen := self.before.get(key):
            self.now[key] = seen
        elif not self.was_there or key in self._unknown_before:
            self.unknown.add(key)
        return seen
