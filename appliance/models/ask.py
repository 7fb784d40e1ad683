"""One generation as the decode thread sees it: what is asked, where its events go, what it cost."""

import ctypes
from collections.abc import Callable, Sequence

import msgspec

from appliance.models import Ending, Sampling
from appliance.models.wire import Done, Event


class Outcome(msgspec.Struct):
    """What a generation cost, filled in by the decode thread as it goes."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    tokens: int = 0
    ending: Ending = "stopped"

    def done(self) -> Done:
        """The last event of a generation that did not fail."""
        return Done(
            prompt_tokens=self.prompt_tokens,
            reused_tokens=self.reused_tokens,
            tokens=self.tokens,
            ending=self.ending,
        )


class Stop:
    """A flag that threads set and C reads: ``flag`` is two bytes, the first 0 until set."""

    def __init__(self) -> None:
        self.flag = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """From now on true. From any thread, any number of times."""
        self.flag[0] = b"\1"

    def clear(self) -> None:
        """False again."""
        self.flag[0] = b"\0"

    def __bool__(self) -> bool:
        return self.flag[0] != b"\0"


class Ask:
    """One generation. ``prefix`` is how many of the tokens other prompts of the same
    assistant begin with, 0 where that is not known. One in the ``background`` is there for
    its prefix alone, and gives way to every question."""

    def __init__(
        self,
        tokens: Sequence[int],
        sampling: Sampling,
        report: Callable[[Event], None],
        *,
        person: str = "",
        assistant: str = "",
        prefix: int = 0,
        background: bool = False,
    ) -> None:
        self.tokens = list(tokens)
        self.sampling = sampling
        self.report = report
        self.person = person
        self.assistant = assistant
        self.prefix = prefix
        self.background = background
        self.begin()

    def begin(self) -> None:
        """As if nothing of it had been done."""
        self.outcome = Outcome()
        self.stop = Stop()


class Totals(msgspec.Struct, frozen=True):
    """What the decode thread did since it started, up to the token just written."""

    generations: int = 0
    stopped: int = 0
    tokens: int = 0
    prompt_tokens: int = 0
    reused_tokens: int = 0

    def plus(self, outcome: Outcome, *, generations: int = 0, stopped: int = 0) -> "Totals":
        """The totals with one generation more, or with what one has done so far."""
        return Totals(
            generations=self.generations + generations,
            stopped=self.stopped + stopped,
            tokens=self.tokens + outcome.tokens,
            prompt_tokens=self.prompt_tokens + outcome.prompt_tokens - outcome.reused_tokens,
            reused_tokens=self.reused_tokens + outcome.reused_tokens,
        )
