"""A real model with its scheduler in this process, and what its answers are told by."""

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appliance.models import Prompt, Sampling, Turn, catalogue
from appliance.models.ask import Ask, Outcome
from appliance.models.llama import LlamaModel
from appliance.models.rows import Part, Reading
from appliance.models.scheduler import Scheduler
from appliance.models.tuning import Tuning
from appliance.models.wire import Done, Event, Failed, Piece, Waiting
from tests.models.runners import MISTRAL, PROBE

ENTRY = catalogue.find(MISTRAL)
GREEDY = Sampling(max_tokens=24)
ONE = Tuning(threads=1)
SECONDS = 60


def asking(text: str, system: str = "") -> Prompt:
    return Prompt(system=system, turns=(Turn(role="user", text=text),))


class Inbox:
    """Where the events of one question arrive."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()

    def next(self) -> Event:
        return self.events.get(timeout=SECONDS)

    def piece(self) -> str:
        """The next piece of the answer."""
        while not isinstance(event := self.next(), Piece):
            assert isinstance(event, Waiting)
        return event.text

    def to_the_end(self) -> list[Event]:
        events = [self.next()]
        while not isinstance(events[-1], Done | Failed):
            events.append(self.next())
        return events

    def text(self) -> str:
        """The rest of the answer."""
        return "".join(event.text for event in self.to_the_end() if isinstance(event, Piece))


class Gate(LlamaModel):
    """A model that takes a step when it is let; ``steps`` are those it was asked for."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.keys = threading.Semaphore(0)
        self.came = threading.Semaphore(0)
        self.steps: list[list[Part]] = []

    def let(self, steps: int = 1) -> None:
        """Let it take so many steps more."""
        self.keys.release(steps)

    def wait(self, steps: int = 1) -> None:
        """Until it stands before the step after the next so many."""
        for _ in range(steps):
            assert self.came.acquire(timeout=SECONDS)

    def read(self, parts: Sequence[Part]) -> Reading:
        self.steps.append(list(parts))
        self.came.release()
        assert self.keys.acquire(timeout=SECONDS)
        return super().read(parts)


class Desk:
    """A model and its scheduler."""

    def __init__(self, model: LlamaModel, **options: Any) -> None:
        self.model = model
        self.scheduler = Scheduler(model, **options)

    def ask(
        self,
        prompt: Prompt | str,
        sampling: Sampling = GREEDY,
        *,
        person: str = "",
        assistant: str = "",
    ) -> tuple[Ask, Inbox]:
        """Put a question in the line."""
        prompt = asking(prompt) if isinstance(prompt, str) else prompt
        inbox = Inbox()
        tokens = self.model.prompt_tokens(prompt, sampling)
        ask = Ask(
            tokens,
            sampling,
            inbox.events.put,
            person=person,
            assistant=assistant,
            prefix=self.model.prefix(prompt, tokens),
        )
        self.scheduler.submit(ask)
        return ask, inbox

    def write(self, prompt: Prompt | str, sampling: Sampling = GREEDY) -> tuple[str, Outcome]:
        """The whole answer, and what it cost."""
        ask, inbox = self.ask(prompt, sampling)
        return inbox.text(), ask.outcome


@contextmanager
def open_desk(
    file: Path = PROBE, *, entry: Any = ENTRY, tuning: Tuning = ONE, **options: Any
) -> Iterator[Desk]:
    """A desk for as long as the block lasts."""
    model = LlamaModel(entry, file, tuning=tuning)
    desk = Desk(model, **options)
    try:
        yield desk
    finally:
        desk.scheduler.close()
        model.close()


@contextmanager
def open_gate(
    file: Path = PROBE, *, tuning: Tuning = ONE, **options: Any
) -> Iterator[tuple[Desk, Gate]]:
    """A desk whose model waits before every step."""
    gate = Gate(ENTRY, file, tuning=tuning)
    desk = Desk(gate, **options)
    try:
        yield desk, gate
    finally:
        gate.let(100_000)
        desk.scheduler.close(SECONDS)
        gate.close()


def alone(question: Prompt | str, sampling: Sampling = GREEDY) -> str:
    """The answer of a model that serves nobody else and remembers nothing."""
    with open_desk() as desk:
        return desk.write(question, sampling)[0]
