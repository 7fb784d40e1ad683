"""A batch in the memory that llama.cpp reads: which token of which sequence at which place.

With a KV cache split by sequence, llama.cpp reads the weights once for a run of
neighbouring sequences and once more for each gap between them. Reading the weights is
what decoding costs, so ``fillers`` puts a token into each idle sequence in a gap; it is
forgotten after the step.
"""

import ctypes
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

Reading = Literal["read", "full", "stopped"]  # how a batch ended


class Part(msgspec.Struct):
    """Tokens that follow each other in one sequence, the first at place ``start``. The
    logits of the last ``logits`` of them are wanted; ``row`` is where the last one stands
    in the batch, once it was laid out."""

    slot: int
    start: int
    tokens: list[int]
    logits: int = 0
    row: int = -1


class Rows:
    """Room for ``most`` tokens of sequences 0 to ``slots`` - 1."""

    def __init__(self, most: int, slots: int) -> None:
        self.token = np.zeros(most, dtype=np.int32)
        self.pos = np.zeros(most, dtype=np.int32)
        self.n_seq_id = np.ones(most, dtype=np.int32)
        self.seq_id = np.zeros(most, dtype=np.uintp)
        self.logits = np.zeros(most, dtype=np.int8)
        self._numbers = (ctypes.c_int32 * slots)(*range(slots))
        first = ctypes.addressof(self._numbers)
        self._pointers = [first + 4 * slot for slot in range(slots)]

    def lay(self, parts: Sequence[Part]) -> int:
        """Write the parts one behind the other and note their rows; gives the tokens."""
        token, pos, seq_id, logits = self.token, self.pos, self.seq_id, self.logits
        first = 0
        for part in parts:
            pointer = self._pointers[part.slot]
            if len(part.tokens) == 1:  # most of them, at every step
                token[first] = part.tokens[0]
                pos[first] = part.start
                seq_id[first] = pointer
                logits[first] = part.logits
                part.row = first
                first += 1
                continue
            after = first + len(part.tokens)
            token[first:after] = part.tokens
            pos[first:after] = np.arange(part.start, part.start + len(part.tokens))
            seq_id[first:after] = pointer
            logits[first:after] = 0
            logits[after - part.logits : after] = 1
            part.row = after - 1
            first = after
        return first


def fillers(parts: Sequence[Part], lengths: Sequence[int], context: int) -> list[Part]:
    """A token for each sequence between those of the parts, where it has room for one."""
    used = {part.slot for part in parts}
    return [
        Part(slot, lengths[slot], [0])
        for slot in range(min(used) + 1, max(used))
        if slot not in used and lengths[slot] < context
    ]
