"""How much of a prompt is read in one step, steered by how long the steps take.

While others write, a step is their pause between two tokens: chunks of 512 made it four
seconds. But a step also reads all weights for those who write, and they are few until
every prompt is read: with chunks of 64 eight people got 13 tokens a second of a 0.5B
model, with 192 they get 22. So a step is as long as a pause may be, with a margin. While
nobody writes, a step is only how long a person who leaves or joins waits to be noticed.
"""

SHARED_MS = 800.0  # a step in which others write: their pause between two tokens
ALONE_MS = 2000.0
LEAST = 8  # tokens, however slow the machine
SHARED_MOST = 192
CALM = 0.9  # of the longest step is aimed at: the next one is not quite like the last


class Chunk:
    """The tokens of a prompt to read in the next step of one kind."""

    def __init__(self, most: int, longest_ms: float) -> None:
        self.size = most
        self._most = most
        self._longest_ms = longest_ms

    def took(self, tokens: int, milliseconds: float) -> None:
        """Learn from a step that read so many tokens. One that read less than a chunk
        teaches only when it took too long."""
        if tokens < self.size and milliseconds <= self._longest_ms:
            return
        right = tokens * CALM * self._longest_ms / max(milliseconds, 0.01)
        if right > self.size:  # one quick step (a cold cache turned warm) proves little
            right = min((self.size + right + 1) / 2, 2 * self.size)
        self.size = max(min(LEAST, self._most), min(self._most, int(right)))

    def at_most(self, tokens: int, milliseconds: float) -> None:
        """Learn from a step of the other kind, in which nobody wrote: beside answers no
        token is read more quickly, so the first such step need not be the one too long."""
        right = tokens * CALM * self._longest_ms / max(milliseconds, 0.01)
        self.size = max(min(LEAST, self._most), min(self.size, int(right)))
