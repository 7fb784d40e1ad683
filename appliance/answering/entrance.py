"""The way in: a few questions are searched at once, and the others wait for their turn.

A search is 20 to 100 ms of Python, and only one thread runs Python at a time: of two
hundred that begin together each takes as long as all, and whoever opens a page of the
console stands among them. So few are under way, the rest is told its place at once, and
nothing is stored of a question before its turn. Persons take turns, as in the model's line.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from appliance.answering.stopping import Stop
from appliance.models.line import Line

# One that waits for the runner to embed it leaves the processor to another.
AT_ONCE = max(2, os.cpu_count() or 1)
LONGEST = 256  # questions, some seconds of searching; the next one is told to come back
TOLD_EVERY_SECONDS = 1.0
FIRST_GUESS_MS = 50.0  # what a search takes before any was measured
WEIGHT_OF_THE_NEWEST = 0.1


class Ticket:
    """One question's place. ``places`` is its wait, ``leave`` the end of its turn."""

    def __init__(self, entrance: "Entrance") -> None:
        self.called = threading.Event()
        self.began: float | None = None  # when its turn came
        self._entrance = entrance

    def places(self) -> Iterator[tuple[int, float]]:
        """The place in the line (0 is next) and the estimated wait in milliseconds, at once
        and every second, until it is the question's turn or its reader has left."""
        while (position := self._entrance.position(self)) is not None:
            yield position, self._entrance.wait_ms(position)
            if self.called.wait(TOLD_EVERY_SECONDS):
                return

    def leave(self) -> None:
        """Let the next one in. Callable any number of times."""
        self._entrance.leave(self)


class Entrance:
    """Lets ``at_once`` questions in and keeps the others in line. Thread-safe."""

    def __init__(self, *, at_once: int = AT_ONCE, longest: int = LONGEST) -> None:
        self.at_once = at_once
        self._lock = threading.Lock()
        self._line: Line[Ticket] = Line(longest)
        self._inside = 0
        self._search_ms = FIRST_GUESS_MS

    @contextmanager
    def ticket(self, person: str, stop: Stop) -> Iterator[Ticket]:
        """Stand in line, or be let in at once, until the end of the block.

        Raises ``Unavailable`` (``engine_busy`` with ``retry_after``) when the line is full.
        """
        ticket = Ticket(self)
        self._join(person, ticket)
        stop.then(ticket.called.set)
        try:
            yield ticket
        finally:
            ticket.leave()

    def counted(self) -> tuple[int, int]:
        """How many questions are searched for now, and how many stand in line."""
        with self._lock:
            return self._inside, len(self._line)

    def position(self, ticket: Ticket) -> int | None:
        """How many stand before it; None once it is its turn."""
        with self._lock:
            if ticket.began is not None:
                return None
            return next((n for n, one in enumerate(self._line.in_order()) if one is ticket), None)

    def wait_ms(self, position: int) -> float:
        """The estimated wait at this place, in milliseconds."""
        return round((position + 1) * self._search_ms / self.at_once)

    def leave(self, ticket: Ticket) -> None:
        """Out of the line, or out of the turn, which the next one has then."""
        with self._lock:
            if self._line.leave(ticket) or ticket.began is None:
                return
            took_ms = (time.monotonic() - ticket.began) * 1000
            self._search_ms += WEIGHT_OF_THE_NEWEST * (took_ms - self._search_ms)
            ticket.began = None
            self._inside -= 1
            if (following := self._line.take()) is not None:
                self._let_in(following)

    def _join(self, person: str, ticket: Ticket) -> None:
        with self._lock:
            if self._inside < self.at_once:
                self._let_in(ticket)
                return
            wait = self.wait_ms(len(self._line)) / 1000
            self._line.join(person, ticket, retry_after=max(1.0, wait))

    def _let_in(self, ticket: Ticket) -> None:
        self._inside += 1
        ticket.began = time.monotonic()
        ticket.called.set()
