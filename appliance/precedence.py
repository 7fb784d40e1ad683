"""Questions come first: how the other processes learn that somebody is being answered, and
how a thread that nobody waits for stands back.

The web process writes into a file of eight bytes until when that is so at most, on the
clock that all processes of a machine share, and zero when nobody is answered any more;
reading it costs the worker two microseconds between pages. No lock, because a worker at
the lowest priority that holds one would keep a question waiting, and no row, because
every question would cost a write.
"""

import contextlib
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LEASE_SECONDS = 300.0  # for how long a web process that died is believed
_MOMENT = struct.Struct("=d")


def stand_back() -> bool:
    """Let the calling thread, and what it starts, run only where no other wants the processor;
    whether the kernel grants that.

    Being nice alone leaves it one part in seventy of a core, and a waking thread of a question
    waits for its slice to end; a language model that writes with all cores waits for the slowest.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        return True
    return False


class Precedence:
    """``answering`` is the web process's side, ``claimed`` everybody else's. Thread-safe."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answers = 0  # under way
        self._closed = False
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size < _MOMENT.size:
            self._write(0.0)  # now, while the disk has room for it

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody is being answered for the length of the block."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def claimed(self) -> bool:
        """Whether somebody is being answered, in whichever process."""
        written = os.pread(self._file, _MOMENT.size, 0)
        if len(written) < _MOMENT.size:
            return False
        (until,) = _MOMENT.unpack(written)
        # Later than any lease: it was written before the machine started anew.
        return bool(0 < until - self._clock() <= LEASE_SECONDS)

    def close(self) -> None:
        """Close the file; answers that are still under way end without a word."""
        with self._lock:
            if not self._closed:
                os.close(self._file)
            self._closed = True

    def _count(self, more: int) -> None:
        with self._lock:
            self._answers += more
            if self._closed:  # its number may be another file's by now
                return
            until = self._clock() + LEASE_SECONDS if self._answers else 0.0
            self._write(until)

    def _write(self, until: float) -> None:
        with contextlib.suppress(OSError):  # an answer is worth more than its precedence
            os.pwrite(self._file, _MOMENT.pack(until), 0)
