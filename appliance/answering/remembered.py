"""The vectors of the last questions: what is embedded to compare with approved answers is
searched with a moment later."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Embedded = tuple[npt.NDArray[np.float32] | None, str]  # with its stamp; None while none embeds
MOST = 32
SECONDS = 10.0


class Remembered:
    """``embed`` with a short memory. Thread-safe; what could not be embedded is tried again, and
    so is what another embedder embedded than the one in force, whose stamp ``in_force`` gives."""

    def __init__(
        self,
        embed: Callable[[str], Embedded],
        in_force: Callable[[], str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._embed = embed
        self._in_force = in_force
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Embedded]] = OrderedDict()

    def __call__(self, text: str) -> Embedded:
        """The vector of a question (float32, of length 1) and its stamp."""
        with self._lock:
            at, known = self._kept.get(text, (0.0, None))
        fresh = known is not None and self._clock() - at < SECONDS
        if known is not None and fresh and known[1] == self._in_force():
            return known
        found = self._embed(text)
        if found[0] is not None:
            with self._lock:
                self._kept[text] = self._clock(), found
                self._kept.move_to_end(text)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found
