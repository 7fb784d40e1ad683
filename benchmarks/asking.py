"""The questions of the engine's benchmark, and what is heard of an answer.

A letter is a token in the models of ``shapes``, so a prompt is a text of letters and its
tokens are known without a tokeniser: each side gets the same ones.
"""

import random
import string
import time
from itertools import pairwise

import msgspec

from appliance.models.wire import Done, Event, Failed, Piece
from benchmarks.shapes import FIRST_LETTER

SHARED, OWN, WRITTEN = 300, 900, 128  # tokens


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A text that others share, and one of its own behind it."""

    shared: str
    own: str
    written: int = WRITTEN

    @property
    def tokens(self) -> list[int]:
        """The prompt's tokens."""
        return [FIRST_LETTER + string.ascii_lowercase.index(one) for one in self.shared + self.own]


class Heard:
    """When the tokens of an answer came, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.tokens = 0
        self.failed = ""

    @property
    def first(self) -> float:
        """When the first token came."""
        return self.times[0]

    @property
    def last(self) -> float:
        """When the last token came."""
        return self.times[-1]

    def took(self, event: Event) -> bool:
        """Note an event of the scheduler; whether it was the last."""
        if isinstance(event, Piece):
            self.token()
        if isinstance(event, Done):
            self.tokens = event.tokens  # a piece may hold several
        if isinstance(event, Failed):
            self.failed = event.code
        return isinstance(event, Done | Failed)

    def token(self) -> None:
        """Note that a token came."""
        self.times.append(time.monotonic())
        self.tokens += 1

    def gaps(self, since: float, until: float) -> list[float]:
        """Seconds between neighbouring tokens, of those that touch this time."""
        pairs = pairwise(self.times)
        return [after - before for before, after in pairs if after > since and before < until]


def questions(people: int, *, seed: int, written: int = WRITTEN) -> list[Question]:
    """One question for each, with a shared beginning that no other seed has."""
    dice = random.Random(seed)

    def letters(count: int) -> str:
        return "".join(dice.choices(string.ascii_lowercase, k=count))

    shared = letters(SHARED)
    return [Question(shared=shared, own=letters(OWN), written=written) for _ in range(people)]
