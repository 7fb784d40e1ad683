"""The line of questions: who is next, how long it may take, and when it is full.

First come, first served among persons: each person's questions wait behind one
another, and the persons take turns, so forty questions of one do not stand in front
of the one of another. What one person asks of several assistants takes turns in the same
way. Nothing here decodes, sleeps or takes a lock: the scheduler does.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from appliance.errors import Unavailable

LONGEST = 64  # questions; the next one is told to come back
FIRST_GUESS_MS = 8000.0  # what an answer takes before any was measured
FIRST_GUESS_READING_MS = 3000.0  # and of that, until its first token
WEIGHT_OF_THE_NEWEST = 0.3
LONG_MS = 1000.0  # a silence before the first word that the asker is told of

Waiter = TypeVar("Waiter")


class Turns(Generic[Waiter]):
    """Waiters in queues by name; the queues take turns. Of empty ones nothing is kept."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Waiter]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._queues)

    def join(self, name: str, waiter: Waiter) -> None:
        """Stand at the end of this name's queue."""
        self._queues.setdefault(name, deque()).append(waiter)

    def take(self) -> Waiter:
        """The next one, out of its queue, which goes behind the others."""
        name, queue = self._queues.popitem(last=False)
        waiter = queue.popleft()
        if queue:
            self._queues[name] = queue
        return waiter

    def leave(self, waiter: Waiter) -> bool:
        """Step out; False when the waiter does not stand here."""
        for name, queue in self._queues.items():
            if waiter in queue:
                queue.remove(waiter)
                if not queue:
                    del self._queues[name]
                return True
        return False

    def in_order(self) -> Iterator[Waiter]:
        """Everybody in the order in which ``take`` gives them if nobody joins."""
        yield from _in_turns([list(queue) for queue in self._queues.values()])


class Line(Generic[Waiter]):
    """The waiting, by person and assistant; any strings, "" counts as one too."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        self._persons: OrderedDict[str, Turns[Waiter]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def join(self, person: str, waiter: Waiter, *, assistant: str = "", retry_after: float) -> None:
        """Stand in line. Raises ``Unavailable`` (``engine_busy``) when it is full."""
        if self._length >= self.longest:
            raise Unavailable("engine_busy", retry_after=retry_after, waiting=self._length)
        self._persons.setdefault(person, Turns()).join(assistant, waiter)
        self._length += 1

    def take(self) -> Waiter | None:
        """The next to be served, out of the line; None when nobody waits.

        The person served goes to the end, behind everybody who waits.
        """
        if not self._persons:
            return None
        person, turns = self._persons.popitem(last=False)
        waiter = turns.take()
        if turns:
            self._persons[person] = turns
        self._length -= 1
        return waiter

    def first(self) -> Waiter | None:
        """Who would be served next."""
        return next(self.in_order(), None)

    def leave(self, waiter: Waiter) -> bool:
        """Step out of the line; False when the waiter does not stand in it."""
        for person, turns in self._persons.items():
            if turns.leave(waiter):
                if not turns:
                    del self._persons[person]
                self._length -= 1
                return True
        return False

    def in_order(self) -> Iterator[Waiter]:
        """Everybody in the order in which they will be served if nobody joins."""
        yield from _in_turns([list(turns.in_order()) for turns in self._persons.values()])


def _in_turns(rounds: Sequence[Sequence[Waiter]]) -> Iterator[Waiter]:
    for turn in range(max(map(len, rounds), default=0)):
        yield from (queue[turn] for queue in rounds if turn < len(queue))


class Pace:
    """How long answers take here, as moving averages of those measured: until the first
    token (``reading_ms``) and in all (``answer_ms``)."""

    def __init__(self) -> None:
        self.reading_ms = FIRST_GUESS_READING_MS
        self.answer_ms = FIRST_GUESS_MS
        self._read = False
        self._answered = False

    def read(self, took_ms: float) -> None:
        """Learn from a prompt that was read to its end."""
        newest = WEIGHT_OF_THE_NEWEST if self._read else 1.0
        self.reading_ms += newest * (took_ms - self.reading_ms)
        self._read = True

    def silence_ms(self, new: float) -> float | None:
        """How long a prompt of which so large a part (0 to 1) is new will probably be
        read; None where that is short or was never measured."""
        expected = new * self.reading_ms
        return expected if self._read and expected >= LONG_MS else None

    def answered(self, took_ms: float) -> None:
        """Learn from one answer that ran to its end."""
        newest = WEIGHT_OF_THE_NEWEST if self._answered else 1.0
        self.answer_ms += newest * (took_ms - self.answer_ms)
        self._answered = True

    def wait_ms(
        self,
        position: int,
        running_for_ms: Sequence[float],
        *,
        slots: int,
        reading_for_ms: float | None = None,
    ) -> float:
        """The estimated wait of the one at ``position`` (0 is next), in milliseconds, while
        answers run for so long already in some of the slots and, of those, the prompt of
        one is being read.

        Prompts are read one after the other, so whoever finds a free slot waits for those
        before it to be read; the others wait for answers to end.
        """
        reading = position * self.reading_ms
        if reading_for_ms is not None:
            reading += max(0.0, self.reading_ms - reading_for_ms)
        free = slots - len(running_for_ms)
        if position < free or not running_for_ms:
            return reading
        left = sorted(max(0.0, self.answer_ms - ran) for ran in running_for_ms)
        rounds, place = divmod(position - free, len(left))
        return max(reading, left[place] + rounds * self.answer_ms)
