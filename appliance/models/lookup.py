"""Prompt lookup: guessing the next tokens of an answer from what stands in its prompt.

An answer that quotes its passages repeats them token by token. Where the last tokens
stood before, what followed them is guessed and verified in one batch, which on a CPU
costs less than the steps it saves. What is not as the model would have chosen is
forgotten, so the answer is the same with guesses as without.
"""

from collections.abc import Sequence

LONGEST = 8  # tokens guessed at once
FIRST = 3
GRAMS = (3, 2)  # the last so many tokens are looked for, the surer first


class Lookup:
    """The tokens of one answer, its prompt's first, and where each few of them stood last."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}
        self._reach = FIRST
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """One token more. What ends before it now has something that follows."""
        tokens = self._tokens
        here = len(tokens)
        for length in GRAMS:
            if here >= length:
                self._after[tuple(tokens[-length:])] = here
        tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """Up to ``most`` tokens that may come next; none where the last ones are new."""
        tokens = self._tokens
        for length in GRAMS:
            start = self._after.get(tuple(tokens[-length:]))
            if start is not None:
                return tokens[start : start + max(0, min(most, self._reach))]
        return []

    def right(self, guessed: int, right: int) -> None:
        """Learn how far to guess from how much of a guess was right."""
        self._reach = min(LONGEST, 2 * guessed) if right == guessed else max(1, right)
