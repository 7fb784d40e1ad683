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
SECONDS = 10.0  # and no longer: another embedder may be in force by then


class Remembered:
    """``embed`` with a short memory. Thread-safe; what could not be embedded is tried again."""

    def __init__(
        self, embed: Callable[[str], Embedded], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._embed = embed
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Embedded]] = OrderedDict()

    def __call__(self, text: str) -> Embedded:
        """The vector of a question (float32, of length 1) and its stamp."""
        with self._lock:
            at, known = self._kept.get(text, (0.0, None))
        if known is not None and self._clock() - at < SECONDS:
            return known
        found = self._embed(text)
        if found[0] is not None:
            with self._lock:
                self._kept[text] = self._clock(), found
                self._kept.move_to_end(text)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found
