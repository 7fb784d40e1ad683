"""What a crawl remembers of the last one: a cache, without which everything is asked anew.

A page that did not change is not sent again, and then its links are needed from here; as
they are when a page fails for once: what was reached through it would be missed otherwise.
"""

import contextlib
import re
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


class Recall:
    """The pages of one source by their keys. ``was_there``: there was something to remember."""

    def __init__(self, folder: Path, source: str) -> None:
        self.file = folder / f"{re.sub('[^0-9A-Za-z-]', '_', source)}.json"
        self.before: dict[str, Seen] = {}
        self.now: dict[str, Seen] = {}
        self.gone: set[str] = set()
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            self.before = msgspec.json.decode(self.file.read_bytes(), type=dict[str, Seen])
        self.was_there = bool(self.before)

    def keep(self, *, whole: bool) -> None:
        """Write down what was seen; what was not met is forgotten after a ``whole`` crawl."""
        kept = {} if whole else {k: v for k, v in self.before.items() if k not in self.gone}
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(kept | self.now))
        fresh.replace(self.file)

    def again(self, key: str) -> Seen | None:
        """The page as it was, which counts as seen: it could not be looked at now."""
        if seen := self.before.get(key):
            self.now[key] = seen
        return seen
