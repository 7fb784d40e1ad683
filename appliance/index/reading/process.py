"""A reader's process: started, listened to, halted and ended.

The child is spawned (never forked, the parent has threads), gets the open file and an
empty environment, confines itself (``confinement``) and sends frames (``wire``). The
house keeps the clock: ``seconds`` without a new frame, and in all what was allowed. The
child is killed when the thread that started it ends (Linux ties it to the thread, not
to the process).
"""

import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

import appliance
from appliance.errors import NotFound, Unreadable
from appliance.index.reading.wire import BadFrame, Refused, Request, take

POLL = 0.2  # seconds between two looks at ``stop``
LOOK = 0.02  # seconds between two looks at ``hold``: what a question may wait for a reader
_CHUNK = 256 * 1024
_HOUSE = Path(appliance.__file__).parents[1]
_NO_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}


class Stopped(Exception):
    """The caller asked for the reading to end."""


def never() -> bool:
    """Nobody stops or holds the reading."""
    return False


class Reader:
    """A running child, its pipe and its clock."""

    def __init__(
        self,
        path: Path,
        request: Request,
        stop: Callable[[], bool] = never,
        hold: Callable[[], bool] = never,
    ) -> None:
        self.name = request.name
        self.memory = request.memory_mb * 2**20
        self.seconds = request.seconds
        self.stop = stop
        self.hold = hold
        self.ends_at = time.monotonic() + request.seconds
        self.process = _started(path, request)
        # Where nobody holds a reading, nothing is to be noticed soon.
        self.poll = POLL if hold is never else LOOK
        self.peak = 0  # bytes that the child held at most; known when it has ended

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()

    def allow(self, seconds: float) -> None:
        """Let the whole reading take ``seconds`` from now."""
        self.ends_at = time.monotonic() + seconds

    def frames(self) -> Iterator[Any]:
        """The values of the child's frames until it says it ended.

        Raises ``Stopped``, or ``Unreadable`` with the child's reason or ours.
        """
        buffer = bytearray()
        for chunk in self._chunks():
            buffer += chunk
            try:
                while (frame := take(buffer)) is not None:
                    if frame[0] == "end":
                        return
                    yield self._meant(*frame)
            except BadFrame as fault:
                raise Unreadable("reader_crashed", name=self.name) from fault
        raise Unreadable(self._why(), name=self.name, seconds=self.seconds)

    def _meant(self, frame: str, value: Any) -> Any:
        if isinstance(value, Refused):
            facts: dict[str, Any] = value.facts
            kind = NotFound if value.kind == "NotFound" else Unreadable
            raise kind(value.code, **facts)
        if frame == "crash":
            raise Unreadable("reader_crashed", name=self.name, reason=value)
        return value

    def _chunks(self) -> Iterator[bytes]:
        """What the child writes, until it closes its pipe."""
        pipe = self.process.stdout
        assert pipe is not None  # noqa: S101 - Popen was asked for it
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            waiting_since = time.monotonic()
            while True:
                if self.stop():
                    raise Stopped
                waiting_since += self._stand_still()
                ready = selector.select(self.poll)
                patience = self.ends_at if ready else waiting_since + self.seconds
                if time.monotonic() > min(self.ends_at, patience):
                    raise Unreadable("too_slow", name=self.name, seconds=self.seconds)
                if not ready:
                    continue
                chunk = os.read(pipe.fileno(), _CHUNK)
                if not chunk:
                    return
                given_at = time.monotonic()
                yield chunk
                # The clock stands still while the caller works on what it was given.
                waiting_since = time.monotonic()
                self.ends_at += waiting_since - given_at

    def _stand_still(self) -> float:
        """Wait, with the child halted, until nobody holds the reading; how many seconds."""
        began = time.monotonic()
        if not self.hold():
            return 0.0
        self._signal(signal.SIGSTOP)
        try:
            while self.hold() and not self.stop():
                time.sleep(LOOK)
        finally:
            self._signal(signal.SIGCONT)
        stood = time.monotonic() - began
        self.ends_at += stood
        return stood

    def _signal(self, number: int) -> None:
        """Tell the child, and the helper that it may have (``ahead``): they are a group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def _why(self) -> str:
        """The code for a child that ended without a word."""
        self._reap()
        code = self.process.returncode
        if code == -signal.SIGXCPU:
            return "too_slow"
        # pdfium aborts when memory is refused; a kill by the kernel's OOM killer is a SIGKILL.
        # Linux hands a new process the peak of the one that started it: only what lies above
        # ours is the reader's own.
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        swollen = self.peak > max(self.memory // 2, ours)
        if code in _NO_MEMORY or (code is not None and code < 0 and swollen):
            return "too_big_in_memory"
        return "reader_crashed"

    def _kill(self) -> None:
        if self.process.returncode is None:
            self._signal(signal.SIGKILL)
            self._reap()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _reap(self) -> None:
        if self.process.returncode is None:
            _, status, usage = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.peak = usage.ru_maxrss * 1024


def _started(path: Path, request: Request) -> "subprocess.Popen[bytes]":
    with path.open("rb") as file:
        descriptor = file.fileno()
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-B", "-s", "-X", "utf8", "-m", __package__ or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            cwd=_HOUSE,
            process_group=0,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        )
    words = msgspec.msgpack.encode(msgspec.structs.replace(request, descriptor=descriptor))
    assert process.stdin is not None  # noqa: S101 - Popen was asked for it
    with suppress_broken_pipe(), process.stdin as stream:
        stream.write(words)
    return process


@contextmanager
def suppress_broken_pipe() -> Iterator[None]:
    """A child that is dead already says so through its exit, not through its pipe."""
    try:
        yield
    except BrokenPipeError:
        return
