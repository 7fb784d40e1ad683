"""Which sequence holds what: the slots in which answers are written.

What a slot has read stays in it, so the next turn of a conversation finds its
beginning there. A long conversation's slot is not taken for a prompt that shares less
than half of it: that one gets the slot unused for longest, and what it shares is
brought over from the slot that has it.
"""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

LEAST_BROUGHT = 16  # tokens: fewer are read again as quickly as they are copied


class Slot:
    """One sequence of the model and the tokens that it holds. ``promised`` is how many
    it may come to hold while it is busy."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.tokens: list[int] = []
        self.busy = False
        self.promised = 0
        self.used = 0


class Choice(NamedTuple):
    """A slot for a prompt: ``kept`` tokens of it are there, ``shared`` (more, or 0) can be
    brought over from ``donor``."""

    slot: Slot
    kept: int
    donor: Slot | None = None
    shared: int = 0


class Slots:
    """All slots. ``cells`` is how many tokens they may hold together."""

    def __init__(self, slots: int, cells: int) -> None:
        self.all = [Slot(number) for number in range(slots)]
        self._cells = cells
        self._clock = count(1)

    @property
    def free(self) -> list[Slot]:
        """The slots in which nothing is being written."""
        return [slot for slot in self.all if not slot.busy]

    def fits(self, need: int) -> bool:
        """Whether a slot is free, and cells for so many tokens are or can be made free."""
        promised = sum(slot.promised for slot in self.all if slot.busy)
        return bool(self.free) and promised + need <= self._cells

    def choose(self, tokens: Sequence[int]) -> Choice:
        """A free slot for a prompt. The last token counts as new: it is always read, for
        its logits are where the answer starts."""
        beginning = tokens[:-1]
        common = {slot.number: shared(slot.tokens, beginning) for slot in self.all}
        best = max(self.free, key=lambda slot: (common[slot.number], -slot.number))
        kept = common[best.number]
        if kept and 2 * kept >= len(best.tokens):
            return Choice(best, kept)
        slot = min(self.free, key=lambda slot: (bool(slot.tokens), slot.used))
        kept = common[slot.number]
        # Of those that share most, the one with the least beside it is copied quickest.
        donor = max(self.all, key=lambda slot: (common[slot.number], -len(slot.tokens)))
        if common[donor.number] < kept + LEAST_BROUGHT:
            return Choice(slot, kept)
        return Choice(slot, kept, donor, common[donor.number])

    def take(self, slot: Slot, need: int) -> None:
        """From now on the slot is written in, up to so many tokens."""
        slot.busy, slot.promised = True, need
        slot.used = next(self._clock)

    def release(self, slot: Slot) -> None:
        """What it holds may be taken up again, or make room."""
        slot.busy, slot.promised = False, 0
        slot.used = next(self._clock)

    def idlest(self) -> Slot | None:
        """The slot to empty when cells run out: free, not empty, unused for longest."""
        idle = [slot for slot in self.free if slot.tokens]
        return min(idle, key=lambda slot: slot.used, default=None)


def shared(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two sequences begin with in common."""
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length
