"""How a reader's leaving reaches the work: a flag that also wakes whoever waits."""

import threading
from collections.abc import Callable


class Stop:
    """Set once, by any thread. ``then`` gives it something to call when that happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._calls: list[Callable[[], None]] = []

    def set(self) -> None:
        """Stop; what ``then`` was given is called, once."""
        with self._lock:
            calls, self._calls = self._calls, []
            self._set = True
        for call in calls:
            call()

    def is_set(self) -> bool:
        """Whether the reader has left."""
        return self._set

    def then(self, call: Callable[[], None]) -> None:
        """Call ``call`` when the reader leaves, at once if that has happened."""
        with self._lock:
            if not self._set:
                self._calls.append(call)
                return
        call()
