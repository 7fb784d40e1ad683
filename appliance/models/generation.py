"""A generation under way: from its first token read to its last one written."""

import time
from collections.abc import Sequence
from typing import Protocol

from appliance.models import Sampling
from appliance.models.ask import Ask, Stop
from appliance.models.rows import Part, Reading
from appliance.models.slots import Slot
from appliance.models.spelling import Spelling
from appliance.models.wire import Ending, Piece


class Chooser(Protocol):
    """Chooses the tokens of one answer."""

    def pick(self, row: int) -> int: ...

    def close(self) -> None: ...


class Model(Protocol):
    """A language model with several sequences; ``llama.LlamaModel`` says what each does."""

    context: int
    batch: int
    slots: int
    cells: int
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
        self._piece = model.piece
        self._chain = model.chain(ask.sampling)
        self._spelling = Spelling(ask.sampling.stop)
        self._next: list[int] = []

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

    def written_part(self) -> Part:
        """The token that it chose last."""
        self.part = Part(self.slot.number, len(self.slot.tokens), self._next, 1)
        return self.part

    def went(self) -> Ending | None:
        """Its part was read: take the next token. Gives how the answer ended, if it did."""
        part = self.part
        self.slot.tokens += part.tokens
        if not part.logits:
            return None
        token = self._chain.pick(part.row)
        piece = self._piece(token)
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
        return None

    def _end(self, ending: Ending) -> Ending:
        if rest := self._spelling.end():
            self.ask.report(Piece(rest))
        self.ask.outcome.ending = ending
        return ending

    def close(self) -> None:
        """Give back what C holds for it."""
        self._chain.close()
