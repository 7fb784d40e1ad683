"""The line of questions: who is next, how long it may take, and when it is full.

First come, first served among persons: each person's questions wait behind one
another, and the persons take turns, so forty questions of one do not stand in front
of the one of another. Nothing here decodes, sleeps or takes a lock: the scheduler
does, and a batching one can take from the same line.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from appliance.errors import Unavailable

LONGEST = 64  # questions; the next one is told to come back
FIRST_GUESS_MS = 8000.0  # what an answer takes before any was measured
WEIGHT_OF_THE_NEWEST = 0.3

Waiter = TypeVar("Waiter")


class Line(Generic[Waiter]):
    """The waiting, by person. ``person`` is any string; "" counts as a person too."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        self._queues: OrderedDict[str, deque[Waiter]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def join(self, person: str, waiter: Waiter, *, retry_after: float) -> None:
        """Stand in line. Raises ``Unavailable`` (``engine_busy``) when it is full."""
        if self._length >= self.longest:
            raise Unavailable("engine_busy", retry_after=retry_after, waiting=self._length)
        self._queues.setdefault(person, deque()).append(waiter)
        self._length += 1

    def take(self) -> Waiter | None:
        """The next to be served, out of the line; None when nobody waits.

        The person served goes to the end, behind everybody who waits.
        """
        if not self._queues:
            return None
        person, queue = self._queues.popitem(last=False)
        waiter = queue.popleft()
        if queue:
            self._queues[person] = queue
        self._length -= 1
        return waiter

    def leave(self, waiter: Waiter) -> bool:
        """Step out of the line; False when the waiter does not stand in it."""
        for person, queue in self._queues.items():
            if waiter in queue:
                queue.remove(waiter)
                if not queue:
                    del self._queues[person]
                self._length -= 1
                return True
        return False

    def in_order(self) -> Iterator[Waiter]:
        """Everybody in the order in which they will be served if nobody joins."""
        rounds = [list(queue) for queue in self._queues.values()]
        for turn in range(max(map(len, rounds), default=0)):
            yield from (queue[turn] for queue in rounds if turn < len(queue))


class Pace:
    """How long an answer takes here, as a moving average of those measured."""

    def __init__(self, first_guess_ms: float = FIRST_GUESS_MS) -> None:
        self.average_ms = first_guess_ms
        self._measured = False

    def measured(self, took_ms: float) -> None:
        """Learn from one answer that ran to its end."""
        newest = WEIGHT_OF_THE_NEWEST if self._measured else 1.0
        self.average_ms += newest * (took_ms - self.average_ms)
        self._measured = True

    def wait_ms(self, position: int, running_for_ms: float | None) -> float:
        """The estimated wait of the one at ``position`` (0 is next), in milliseconds."""
        now = 0.0 if running_for_ms is None else max(0.0, self.average_ms - running_for_ms)
        return now + position * self.average_ms
