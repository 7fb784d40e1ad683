"""Whose turn it is: how many of the visitors' questions are under way.

Kept in memory: what a restart ends is no longer under way. An assistant's visitors have so
many places as its editor says, and those of all assistants together ``LONGEST``: the other
places in the line (``answering.entrance``) are left to the people of the house.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from appliance.errors import TooMany

LONGEST = 64
AGAIN_SECONDS = 5.0  # an answer takes some seconds; then there may be a place


class Turns:
    """The visitors' questions under way, by assistant. Thread-safe."""

    def __init__(self, *, longest: int = LONGEST) -> None:
        self.longest = longest
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def take(self, assistant_id: str, at_once: int) -> Iterator[None]:
        """One place until the end of the block.

        Raises ``TooMany`` (``assistant_busy``) when the assistant or the house has none.
        """
        with self._lock:
            full = self._under_way[assistant_id] >= at_once
            if full or self._under_way.total() >= self.longest:
                raise TooMany("assistant_busy", retry_after=AGAIN_SECONDS)
            self._under_way[assistant_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[assistant_id] -= 1

    def under_way(self, assistant_id: str) -> int:
        """How many of an assistant's there are now."""
        with self._lock:
            return self._under_way[assistant_id]


TURNS = Turns()
