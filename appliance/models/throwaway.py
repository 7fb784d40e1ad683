"""Work in a child that may die of it: llama.cpp aborts, and a crash is an answer too.

The child is a module of this product, run as a program. It gets what it must know by its
arguments, and what it found out is what it prints.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

# Before OpenMP loads in the child, as the runner has it: spinning threads decode 20 times
# slower beside a busy process. And no debugger is started where ggml aborts.
ENVIRONMENT = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "300", "GGML_NO_BACKTRACE": "1"}
LOOK_SECONDS = 0.5  # between two looks at whether the work is still wanted
MOST_BYTES = 1 << 16  # that a child may print: what fits into a pipe that nobody reads yet


class Ended(NamedTuple):
    """A child's exit code, or minus the signal that ended it, and what it printed."""

    status: int
    printed: bytes

    @property
    def reason(self) -> str:
        """The exit code in words: ``SIGSEGV``, or ``exit 1``."""
        return signal.Signals(-self.status).name if self.status < 0 else f"exit {self.status}"


def run(
    module: str, *arguments: str, seconds: float, look: Callable[[], None] = lambda: None
) -> Ended:
    """Run ``python -m module``. A child that takes longer than ``seconds`` is killed, and so
    is one during which ``look``, called twice a second, raises; that comes through."""
    argv = [sys.executable, "-m", module, *arguments]
    reading, writing = os.pipe()
    try:
        # posix_spawn, not fork: llama.cpp and torch threads of this process stay out of it.
        child = os.posix_spawn(
            sys.executable,
            argv,
            os.environ | ENVIRONMENT,
            file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
        )
        os.close(writing)
        writing = -1
        status = _wait(child, seconds, look)
        return Ended(status, os.read(reading, MOST_BYTES))
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)


def _wait(child: int, seconds: float, look: Callable[[], None]) -> int:
    watch = os.pidfd_open(child)
    until = time.monotonic() + seconds
    try:
        while (left := until - time.monotonic()) > 0 and not _ended(watch, min(left, LOOK_SECONDS)):
            look()
    finally:
        if not _ended(watch, 0):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(watch)
    return os.waitstatus_to_exitcode(status)


def _ended(watch: int, seconds: float) -> bool:
    return bool(select.select([watch], [], [], seconds)[0])
