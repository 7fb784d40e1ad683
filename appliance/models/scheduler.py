"""When each generation runs: one thread decodes, the others stand in line.

The decode thread serves one generation at a time and is the only one that ever
touches the language model's context (two threads on one context abort the process).
Events leave through the ``report`` the asker gave; an asker who leaves is noticed
between two tokens, and inside a prompt by the model's own abort callback.
"""

import ctypes
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec

from appliance.errors import Refusal, Unavailable
from appliance.models import Sampling
from appliance.models.line import LONGEST, Line, Pace
from appliance.models.wire import Done, Ending, Event, Piece, Waiting, failed

LOG = logging.getLogger("appliance.models")


class Outcome(msgspec.Struct):
    """What a generation cost, filled in by the writer as it goes."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    tokens: int = 0
    ending: Ending = "stopped"


class Stop:
    """A flag that threads set and C reads: ``flag`` is two bytes, the first 0 until set."""

    def __init__(self) -> None:
        self.flag = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """From now on true. From any thread, any number of times."""
        self.flag[0] = b"\1"

    def __bool__(self) -> bool:
        return self.flag[0] != b"\0"


class Writer(Protocol):
    """A language model: what the decode thread drives."""

    def write(
        self,
        tokens: Sequence[int],
        sampling: Sampling,
        outcome: Outcome,
        stop: Stop,
    ) -> Iterator[str]:
        """Pieces of text until the model ends, the limit is reached or ``stop`` is true."""
        ...


class Ask:
    """One generation: what is asked, where its events go, and whether it is still wanted."""

    def __init__(
        self,
        tokens: Sequence[int],
        sampling: Sampling,
        report: Callable[[Event], None],
        *,
        person: str = "",
    ) -> None:
        self.tokens = tokens
        self.sampling = sampling
        self.report = report
        self.person = person
        self.outcome = Outcome()
        self.stop = Stop()


class Totals(msgspec.Struct, frozen=True):
    """What the decode thread did since it started, up to the token just written."""

    generations: int = 0
    stopped: int = 0
    tokens: int = 0
    prompt_tokens: int = 0
    reused_tokens: int = 0


class Scheduler:
    """The decode thread and its line. ``close`` ends it after the token at hand."""

    def __init__(self, writer: Writer, *, longest: int = LONGEST) -> None:
        self._totals = Totals()
        self._writer = writer
        self._line: Line[Ask] = Line(longest)
        self._pace = Pace()
        self._changed = threading.Condition()
        self._running: Ask | None = None
        self._since = 0.0
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="decode", daemon=True)
        self._thread.start()

    @property
    def totals(self) -> Totals:
        """The totals, with what the running generation did so far."""
        with self._changed:
            running = self._running
            return self._totals if running is None else _sum(self._totals, running.outcome)

    @property
    def active(self) -> int:
        """Generations that decode now."""
        return int(self._running is not None)

    @property
    def waiting(self) -> int:
        """Questions in the line."""
        return len(self._line)

    def submit(self, ask: Ask) -> None:
        """Put a question in the line; its events begin at once when it has to wait.

        Raises ``Unavailable``: ``engine_busy`` with ``retry_after`` when the line is full.
        """
        with self._changed:
            if self._closed:
                raise Unavailable("engine_down", retry_after=2)
            wait = self._pace.wait_ms(0, self._running_for())
            self._line.join(ask.person, ask, retry_after=max(1.0, round(wait / 1000, 1)))
            if self._running is not None or len(self._line) > 1:
                self._tell_places()
            self._changed.notify_all()

    def cancel(self, ask: Ask) -> None:
        """Take a question back, waiting or running. It ends with ``Done``, stopped."""
        ask.stop.set()
        with self._changed:
            left = self._line.leave(ask)
            if left:
                self._totals = _sum(self._totals, ask.outcome, stopped=1)
                self._tell_places()
        if left:
            ask.report(_done(ask.outcome))

    def close(self, wait_seconds: float = 5.0) -> None:
        """Refuse whatever waits, stop what runs, and wait for the thread."""
        with self._changed:
            self._closed = True
            waiting = list(self._line.in_order())
            for ask in waiting:
                self._line.leave(ask)
            if self._running is not None:
                self._running.stop.set()
            self._changed.notify_all()
        for ask in waiting:
            ask.report(failed(Unavailable("engine_down", retry_after=2)))
        self._thread.join(wait_seconds)

    def _running_for(self) -> float | None:
        return None if self._running is None else (time.monotonic() - self._since) * 1000

    def _tell_places(self) -> None:
        """Everybody's place, after the line moved. Called with the lock held."""
        running_for = self._running_for()
        for position, ask in enumerate(self._line.in_order()):
            ask.report(Waiting(position, round(self._pace.wait_ms(position, running_for))))

    def _serve(self) -> None:
        while (ask := self._next()) is not None:
            ending = self._write(ask)
            stopped = int(isinstance(ending, Done) and ending.ending == "stopped")
            with self._changed:
                self._running = None
                self._totals = _sum(self._totals, ask.outcome, generations=1, stopped=stopped)
            ask.report(ending)

    def _next(self) -> Ask | None:
        with self._changed:
            while not self._closed and not len(self._line):
                self._changed.wait()
            ask = None if self._closed else self._line.take()
            if ask is not None:
                self._running, self._since = ask, time.monotonic()
                self._tell_places()
            return ask

    def _write(self, ask: Ask) -> Event:
        """Run one generation to its end and give its last event."""
        try:
            for piece in self._writer.write(ask.tokens, ask.sampling, ask.outcome, ask.stop):
                ask.report(Piece(piece))
        except Refusal as refusal:
            return failed(refusal)
        except Exception:
            # Whatever else went wrong inside the library: this question fails, the
            # next one is served.
            LOG.exception("a generation failed")
            return failed(Unavailable("engine_failed", retry_after=2))
        if ask.outcome.ending != "stopped":
            self._pace.measured((time.monotonic() - self._since) * 1000)
        return _done(ask.outcome)


def _sum(totals: Totals, outcome: Outcome, *, generations: int = 0, stopped: int = 0) -> Totals:
    return Totals(
        generations=totals.generations + generations,
        stopped=totals.stopped + stopped,
        tokens=totals.tokens + outcome.tokens,
        prompt_tokens=totals.prompt_tokens + outcome.prompt_tokens - outcome.reused_tokens,
        reused_tokens=totals.reused_tokens + outcome.reused_tokens,
    )


def _done(outcome: Outcome) -> Done:
    return Done(
        prompt_tokens=outcome.prompt_tokens,
        reused_tokens=outcome.reused_tokens,
        tokens=outcome.tokens,
        ending=outcome.ending,
    )
