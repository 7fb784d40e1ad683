"""Who is served when: one thread reads and writes for all, the others stand in line.

Every step is one batch: a token of each answer that is being written and, with it, a
chunk of one prompt that is being read; answers join and leave at every step. Prompts are
read one after the other, so that the first in line hears its first word soonest and the
next one finds what the two begin with read already.

The decode thread is the only one that ever touches the model's context (two threads on
one context abort the process). Events leave through the ``report`` the asker gave. An
asker who leaves is noticed between two steps; a step that only reads prompts can be
long and is broken off, and what others had in it is read again.
"""

import logging
import threading
import time
from collections import deque

from appliance.errors import BadRequest, Refusal, Unavailable
from appliance.models.ask import Ask, Totals
from appliance.models.generation import Generation, Model
from appliance.models.line import LONGEST, Line, Pace
from appliance.models.prefixes import LEAST, Prefixes
from appliance.models.rows import Part
from appliance.models.slots import LEAST_BROUGHT, Choice, Slot, Slots
from appliance.models.steering import ALONE_MS, SHARED_MOST, SHARED_MS, Chunk
from appliance.models.wire import Waiting, failed

FEW = 2  # answers at a time, up to which guessing pays
LOG = logging.getLogger("appliance.models")


class Scheduler:
    """The decode thread and its line. ``close`` ends it after the step at hand."""

    def __init__(
        self,
        model: Model,
        *,
        longest: int = LONGEST,
        prefixes: Prefixes | None = None,
        lookup: bool = True,
    ) -> None:
        self._totals = Totals()
        self._model = model
        self._lookup = lookup and model.forgets
        self._prefixes = prefixes or Prefixes(None, "")
        self._slots = Slots(model.slots, model.cells)
        self._line: Line[Ask] = Line(longest)
        self._behind: deque[Ask] = deque(maxlen=LONGEST)  # read while nobody asks anything
        self._pace = Pace()
        self._alone = Chunk(model.batch, ALONE_MS)
        self._shared = Chunk(min(SHARED_MOST, model.batch), SHARED_MS)
        self._changed = threading.Condition()
        self._running: list[Generation] = []
        self._reading: Generation | None = None
        self._breakable = False  # whether the step at hand only reads
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="decode", daemon=True)
        self._thread.start()

    @property
    def totals(self) -> Totals:
        """The totals, with what the running generations did so far."""
        with self._changed:
            totals = self._totals
            for running in self._answers:
                totals = totals.plus(running.ask.outcome)
            return totals

    @property
    def active(self) -> int:
        """Questions that are read or answered now."""
        return len(self._answers)

    @property
    def _answers(self) -> list[Generation]:
        """Those that run for somebody. What is read in the background runs alone."""
        return [running for running in self._running if not running.ask.background]

    @property
    def waiting(self) -> int:
        """Questions in the line."""
        return len(self._line)

    def submit(self, ask: Ask) -> None:
        """Put a question in the line; its events begin at once when it has to wait.

        Its tokens must come from the model's ``prompt_tokens`` for the same sampling.
        Raises ``Unavailable``: ``engine_busy`` with ``retry_after`` when the line is full,
        and ``BadRequest`` (``prompt_too_long``).
        """
        with self._changed:
            self._check(ask)
            wait = self._wait_ms(0)
            self._line.join(
                ask.person,
                ask,
                assistant=ask.assistant,
                retry_after=max(1.0, round(wait / 1000, 1)),
            )
            for running in self._running:
                if running.ask.background:
                    self._stop(running)
            if self._answers or len(self._line) > 1:
                self._tell_places()
            self._changed.notify_all()

    def warm(self, ask: Ask) -> None:
        """Read and keep a background ask's prefix once nobody asks anything; a question
        that comes meanwhile breaks it off and goes first. Nothing is reported of it, and it
        is in no figure. Of too many, the first are forgotten. Raises as ``submit`` does."""
        with self._changed:
            self._check(ask)
            self._behind.append(ask)
            self._changed.notify_all()

    def _check(self, ask: Ask) -> None:
        if self._closed:
            raise Unavailable("engine_down", retry_after=2)
        if not ask.tokens or _need(ask) > self._model.context:
            limit = self._model.context - ask.sampling.max_tokens
            raise BadRequest("prompt_too_long", tokens=len(ask.tokens), limit=limit)

    def cancel(self, ask: Ask) -> None:
        """Take a question back, waiting or running. It ends with ``Done``, stopped."""
        ask.stop.set()
        with self._changed:
            left = self._line.leave(ask)
            if left:
                self._totals = self._totals.plus(ask.outcome, stopped=1)
                self._tell_places()
            for running in self._running:
                if running.ask is ask:
                    self._stop(running)
        if left:
            ask.report(ask.outcome.done())

    def close(self, wait_seconds: float = 5.0) -> None:
        """Refuse whatever waits, stop what runs, and wait for the thread."""
        with self._changed:
            self._closed = True
            waiting = list(self._line.in_order())
            for ask in waiting:
                self._line.leave(ask)
            for running in self._running:
                self._stop(running)
            self._changed.notify_all()
        for ask in waiting:
            ask.report(failed(Unavailable("engine_down", retry_after=2)))
        self._thread.join(wait_seconds)
        self._prefixes.close()

    def _stop(self, running: Generation) -> None:
        """End a generation at its next step, or break off this one. With the lock held."""
        running.ask.stop.set()
        if self._breakable:
            self._model.halt.set()

    def _wait_ms(self, position: int) -> float:
        now = time.monotonic()
        answers, reading = self._answers, self._reading
        return self._pace.wait_ms(
            position,
            [running.ran_ms(now) for running in answers],
            slots=self._model.slots,
            reading_for_ms=reading.ran_ms(now) if reading in answers else None,
        )

    def _tell_places(self) -> None:
        """Everybody's place, after the line moved. Called with the lock held."""
        for position, ask in enumerate(self._line.in_order()):
            ask.report(Waiting(position, round(self._wait_ms(position))))

    def _serve(self) -> None:
        while self._wait():
            try:
                self._step()
            except Refusal as refusal:
                self._fail(refusal)
            except Exception:
                # Whatever else went wrong inside the library: these questions fail, the
                # next ones are served.
                LOG.exception("a generation failed")
                self._fail(Unavailable("engine_failed", retry_after=2))

    def _wait(self) -> bool:
        """Until there is something to do; False when there will be nothing more."""
        with self._changed:
            while not (self._closed or self._running or len(self._line) or self._behind):
                self._changed.wait()
            return bool(self._running) or not self._closed

    def _step(self) -> None:
        """Let go who left, let in who is next, read one batch and hand out the tokens."""
        for running in [running for running in self._running if running.ask.stop]:
            self._end(running, stopped=1)
        if self._reading is None:
            self._let_in()
        parts, writers = self._parts()
        if not parts or not self._may_read(breakable=not writers):
            return
        began = time.monotonic()
        status = self._model.read(parts)
        with self._changed:
            self._breakable = False
        if status == "full":
            self._make_room()
        if status == "read":
            self._steer(writers, (time.monotonic() - began) * 1000)
            self._hand_out()

    def _let_in(self) -> None:
        """Give the first in line a slot, if there is one with the cells it may need."""
        with self._changed:
            ask = self._line.first()
            if ask is None and self._behind and not (self._running or self._closed):
                ask = self._behind[0]
            if ask is None or not self._slots.fits(_need(ask)):
                return
            if ask.background:
                self._behind.popleft()
            else:
                self._line.take()
            choice = self._slots.choose(ask.tokens)
            try:
                running = Generation(ask, choice.slot, self._model)
            except BadRequest as refusal:
                ask.report(failed(refusal))
                return
            self._slots.take(choice.slot, _need(ask))
            self._running.append(running)
            self._reading = running
            self._tell_places()
        self._bring(choice, running)

    def _bring(self, choice: Choice, running: Generation) -> None:
        """Leave or put into the slot what the prompt begins with and was read before."""
        slot, model, ask = choice.slot, self._model, running.ask
        prefix = min(ask.prefix, len(ask.tokens) - 1)
        state = None
        new = prefix > max(choice.kept, choice.shared - LEAST_BROUGHT)
        if prefix >= LEAST and (new or ask.background):
            state = self._prefixes.find(ask.tokens[:prefix])
            running.boundary = 0 if state else prefix
        if state is not None and ask.background:
            self._end(running)  # known from before, and in memory now
            return
        if state is not None:
            held = model.restore(slot.number, state, prefix, prefix)
        elif choice.donor is None:
            held = model.keep(slot.number, choice.kept)
        else:
            held = model.bring(choice.donor.number, slot.number, choice.shared)
        slot.tokens = ask.tokens[:held]
        ask.outcome.prompt_tokens, ask.outcome.reused_tokens = len(ask.tokens), held
        if held and held == running.boundary:
            self._remember(running)
        silence = self._pace.silence_ms(1 - held / len(ask.tokens))
        if silence is not None:  # nobody stands before them, and yet no word will come soon
            ask.report(Waiting(0, round(silence)))

    def _parts(self) -> tuple[list[Part], int]:
        """The step's batch in the order of the sequences, and how many write in it."""
        writing = [running for running in self._running if running.writes]
        guessed = self._guess(writing)
        parts = [running.written_part(guessed) for running in writing]
        writers = len(writing)
        if self._reading is not None:
            chunk = self._shared if writers else self._alone
            most = min(chunk.size, self._model.batch - writers)
            parts.append(self._reading.prompt_part(most))
        parts.sort(key=_by_slot)
        return parts, writers

    def _guess(self, writing: list[Generation]) -> int:
        """How many tokens each of the answers guesses in this step: as many all, for
        llama.cpp reads the weights again for a sequence that has more than the others."""
        if not self._lookup or self._reading is not None or not 0 < len(writing) <= FEW:
            return 0
        room = self._model.batch // len(writing) - 1
        return min(running.guess(room) for running in writing)

    def _may_read(self, *, breakable: bool) -> bool:
        """Whether the step goes ahead; from here until its end ``cancel`` may break it."""
        with self._changed:
            if breakable and any(running.ask.stop for running in self._running):
                return False
            self._model.halt.clear()
            self._breakable = breakable
            return True

    def _steer(self, writers: int, took_ms: float) -> None:
        if self._reading is None:
            return
        tokens = len(self._reading.part.tokens)
        if writers:
            self._shared.took(tokens, took_ms)
        else:
            self._alone.took(tokens, took_ms)
            if tokens >= SHARED_MOST:
                self._shared.at_most(tokens, took_ms)

    def _hand_out(self) -> None:
        """A token to each answer; a prompt that was read to its end becomes one."""
        reading = self._reading
        for running in list(self._running):
            try:
                ended = running.went() is not None
            except BadRequest as refusal:
                self._drop(running, refusal)  # its own grammar's fault, and nobody else's
                continue
            if ended:
                self._end(running)
        if reading is None:
            return
        if reading.boundary == len(reading.slot.tokens):
            self._remember(reading)
        if reading.ask.outcome.tokens:
            if not reading.ask.background:
                self._pace.read(reading.ran_ms(time.monotonic()))
            self._reading = None

    def _remember(self, reading: Generation) -> None:
        """Keep the state at the boundary: the next prompt with this beginning is given it."""
        state = self._model.state(reading.slot.number)
        if state is not None:
            self._prefixes.keep(reading.slot.tokens, state)

    def _make_room(self) -> None:
        """Cells ran out: empty the slot that was idle for longest, or else let the
        youngest answer go (or what runs in the background: beside it there is none)."""
        idle = self._slots.idlest()
        if idle is not None:
            self._empty(idle)
            return
        self._drop(
            self._running[-1], Unavailable("engine_busy", retry_after=2, waiting=self.waiting)
        )

    def _end(self, running: Generation, *, stopped: int = 0) -> None:
        self._release(running, stopped=stopped)
        if running.ask.background:
            if stopped:  # a question came: its turn comes again, and what it read is there
                running.ask.begin()
                with self._changed:
                    self._behind.appendleft(running.ask)
            return
        if not stopped:
            self._pace.answered(running.ran_ms(time.monotonic()))
        running.ask.report(running.ask.outcome.done())

    def _fail(self, refusal: Refusal) -> None:
        """What the library did to one batch is on everybody who was in it."""
        for running in list(self._running):
            self._drop(running, refusal)

    def _drop(self, running: Generation, refusal: Refusal) -> None:
        self._empty(running.slot)
        self._release(running)
        running.ask.report(failed(refusal))

    def _empty(self, slot: Slot) -> None:
        self._model.keep(slot.number, 0)
        slot.tokens = []

    def _release(self, running: Generation, *, stopped: int = 0) -> None:
        running.close()
        with self._changed:
            self._running.remove(running)
            if self._reading is running:
                self._reading = None
            self._slots.release(running.slot)
            if not running.ask.background:
                outcome = running.ask.outcome
                self._totals = self._totals.plus(outcome, generations=1, stopped=stopped)


def _need(ask: Ask) -> int:
    """The cells that an answer may come to fill."""
    return len(ask.tokens) + ask.sampling.max_tokens


def _by_slot(part: Part) -> int:
    return part.slot


__all__ = ["Ask", "Scheduler", "Totals"]
