"""A generation under way: from its first token read to its last one written."""

import time
from collections.abc import Sequence
from typing import Protocol

from appliance.models import Ending, Sampling
from appliance.models.ask import Ask, Stop
from appliance.models.lookup import Lookup
from appliance.models.rows import Part, Reading
from appliance.models.slots import Slot
from appliance.models.spelling import Spelling
from appliance.models.wire import Piece


class Chooser(Protocol):
    """Chooses the tokens of one answer; ``greedy`` when always the likeliest."""

    @property
    def greedy(self) -> bool: ...

    def pick(self, row: int) -> int: ...

    def close(self) -> None: ...


class Model(Protocol):
    """A language model with several sequences; ``llama.LlamaModel`` says what each does."""

    context: int
    batch: int
    slots: int
    cells: int
    forgets: bool
    halt: Stop

    def read(self, parts: Sequence[Part]) -> Reading: ...

    def chain(self, sampling: Sampling) -> Chooser: ...

    def piece(self, token: int) -> bytes | None: ...

    def keep(self, slot: int, length: int) -> int: ...

    def state(self, slot: int) -> bytearray | None: ...

    def restore(self, slot: int, state: bytearray, holds: int, length: int) -> int: ...

    def bring(self, donor: int, slot: int, length: int) -> int: ...


class Generation:
    """One ask in its slot. It reads its prompt, then it writes: each step reads the token
    chosen after the one before. ``part`` is what it has in the step at hand; reading
    pauses at ``boundary``, where that is not 0."""

    def __init__(self, ask: Ask, slot: Slot, model: Model) -> None:
        self.ask = ask
        self.slot = slot
        self.boundary = 0
        self.began = time.monotonic()
        self.part = Part(slot.number, 0, [])
        self._model = model
        self._chain = model.chain(ask.sampling)
        self._spelling = Spelling(ask.sampling.stop)
        self._next: list[int] = []
        self._lookup: Lookup | None = None
        self._guessed: list[int] = []

    @property
    def writes(self) -> bool:
        """Whether its prompt was read."""
        return bool(self._next)

    def ran_ms(self, now: float) -> float:
        """For how long it has been in its slot."""
        return (now - self.began) * 1000

    def prompt_part(self, most: int) -> Part:
        """The next tokens of its prompt, ``most`` at the most."""
        start, tokens = len(self.slot.tokens), self.ask.tokens
        if start < self.boundary:
            most = min(most, self.boundary - start)
        self.part = Part(self.slot.number, start, tokens[start : start + most])
        self.part.logits = int(start + most >= len(tokens))
        return self.part

    def guess(self, most: int) -> int:
        """Guess up to ``most`` tokens after the one chosen last; gives how many it found."""
        if not self._chain.greedy:
            return 0
        if self._lookup is None:
            self._lookup = Lookup([*self.slot.tokens, *self._next])
        # The last token that is allowed is chosen, never read.
        left = self.ask.sampling.max_tokens - self.ask.outcome.tokens - 1
        self._guessed = self._lookup.guess(min(most, left))
        return len(self._guessed)

    def written_part(self, guessed: int) -> Part:
        """The token that it chose last, and so many of those guessed to follow."""
        tokens = self._next + self._guessed[:guessed] if guessed else self._next
        self.part = Part(self.slot.number, len(self.slot.tokens), tokens, len(tokens))
        return self.part

    def went(self) -> Ending | None:
        """Its part was read: take the next token, and as many more as were guessed right.
        Gives how the answer ended, if it did."""
        tokens, logits = self.part.tokens, self.part.logits
        if not logits:
            self.slot.tokens += tokens
            return None
        first_row, first = self.part.row - logits + 1, len(tokens) - logits
        for right in range(logits):
            ending = self._say(self._chain.pick(first_row + right))
            kept = first + right + 1
            if ending is not None or kept == len(tokens) or tokens[kept] != self._next[0]:
                break
        if kept < len(tokens):
            self._model.keep(self.slot.number, self.part.start + kept)
        if self._lookup is not None and logits > 1:
            self._lookup.right(logits - 1, right)
        self.slot.tokens += tokens[:kept]
        return ending

    def _say(self, token: int) -> Ending | None:
        """The model chose this token."""
        piece = self._model.piece(token)
        if piece is None:
            return self._end("end")
        outcome = self.ask.outcome
        outcome.tokens += 1
        text = self._spelling.add(piece)
        if text:
            self.ask.report(Piece(text))
        if self._spelling.stopped:
            return self._end("end")
        if outcome.tokens >= self.ask.sampling.max_tokens:
            return self._end("length")
        self._next = [token]
        if self._lookup is not None:
            self._lookup.add(token)
        return None

    def _end(self, ending: Ending) -> Ending:
        if rest := self._spelling.end():
            self.ask.report(Piece(rest))
        self.ask.outcome.ending = ending
        return ending

    def close(self) -> None:
        """Give back what C holds for it."""
        self._chain.close()
