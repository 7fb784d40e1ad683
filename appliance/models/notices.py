"""What went wrong in the engine and took nothing away: told on the status page all the same.

A damaged state is read again and a bad grammar refused, so whoever asked sees little of it;
the person who looks after the server should.
"""

import threading

from appliance.records import Problem

MOST = 5  # the newest; each kind of problem once


class Notices:
    """The newest problems. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: tuple[Problem, ...] = ()

    def add(self, problem: Problem) -> None:
        """Put a problem first, in the place of an older one of its kind."""
        with self._lock:
            others = [known for known in self._newest if known.code != problem.code]
            self._newest = (problem, *others)[:MOST]

    def newest(self) -> tuple[Problem, ...]:
        """The problems, the newest first."""
        return self._newest
