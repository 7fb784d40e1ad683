"""When reading stands still: while somebody is being answered, and never for long in a row.

A house in which somebody always asks still reads: after ``LONGEST_SECONDS`` of standing
still comes a turn of ``TURN_SECONDS``, at the lowest priority as ever.
"""

import threading
import time
from collections.abc import Callable

LONGEST_SECONDS = 10.0
TURN_SECONDS = 1.0
Pace = Callable[[], bool]  # whether reading has to stand still now


def unhurried() -> bool:
    """The pace where nobody is answered: it never stands still."""
    return False


class GivesWay:
    """A ``Pace`` after ``answering``, which says whether somebody is answered. Thread-safe."""

    def __init__(
        self,
        answering: Callable[[], bool],
        *,
        longest: float = LONGEST_SECONDS,
        turn: float = TURN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._answering = answering
        self._longest = longest
        self._turn = turn
        self._clock = clock
        self._since: float | None = None  # when the present standing still began
        self._lock = threading.Lock()

    def __call__(self) -> bool:
        """Whether to stand still now."""
        with self._lock:
            now = self._clock()
            if not self._answering():
                self._since = None
                return False
            if self._since is None or now - self._since >= self._longest + self._turn:
                self._since = now
            return now - self._since < self._longest
