"""The one place that starts a reader: an untrusted file, read in a process of its own.

Parsers crash, hang and eat memory; here that ends one small process and one
document. The child is spawned (never forked, the parent has threads), gets the
open file and an empty environment, confines itself (``confinement``) and sends
frames (``wire``). The house keeps the clock: ``seconds`` without a new page,
and in all ``seconds`` plus half a second a page.

The child is killed when the thread that started it ends (Linux ties it to the
thread, not to the process): use up or close the iterator in the thread that
began it.
"""

import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import appliance
from appliance.errors import NotFound, Unreadable
from appliance.index.reading.kinds import Kind
from appliance.index.reading.wire import (
    BadFrame,
    Leads,
    Outline,
    PageBoxes,
    Refused,
    Request,
    take,
)
from appliance.records import PAGE_BREAK, Page

Answer = TypeVar("Answer", bytes, PageBoxes, Leads)

_POLL = 0.2  # seconds between two looks at ``stop``
_PER_PAGE = 0.5  # seconds that each page adds to the whole; a page takes 2 to 10 ms
_CHUNK = 256 * 1024
_HOUSE = Path(appliance.__file__).parents[1]
_NO_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}


class Stopped(Exception):
    """The caller asked for the reading to end."""


def read(
    path: Path,
    kind: Kind,
    *,
    name: str,
    memory_mb: int,
    seconds: int,
    stop: Callable[[], bool] | None = None,
) -> Iterator[Outline | Page]:
    """An ``Outline``, then the pages in order, each as soon as it is read.

    ``name`` is the file's name for the sentences, ``memory_mb`` the child's
    address space in MiB, ``seconds`` its time without a new page. ``stop`` is
    asked every 0.2 s. Raises ``Stopped``, and ``Unreadable`` with: encrypted,
    damaged, no_pages, no_text, garbled, no_words, too_long, too_many_pages, dangerous_content,
    type_mismatch, reader_crashed, too_slow, too_big_in_memory.
    """
    request = _request("read", kind, name, memory_mb, seconds)
    expected = 0
    with _Reader(path, request, stop) as reader:
        for value in reader.frames():
            if isinstance(value, Outline):
                reader.allow(seconds + value.pages * _PER_PAGE)
                yield value
            elif isinstance(value, Page):
                expected += 1
                yield _believed(value, expected, name)


def picture(
    path: Path, kind: Kind, page: int, *, name: str, scale: float, memory_mb: int, seconds: int
) -> bytes:
    """A PNG of ``page`` (from 1) at ``scale`` pixels a point, 16 megapixels at most.

    Raises ``NotFound`` (no_picture for a kind without pages, no_such_page) and
    ``Unreadable`` as ``read`` does.
    """
    _needs_pages(kind, name)
    request = _request("picture", kind, name, memory_mb, seconds, page=page, scale=scale)
    return _one(path, request, bytes)


def boxes(
    path: Path, kind: Kind, page: int, quote: str, *, name: str, memory_mb: int, seconds: int
) -> PageBoxes:
    """Where ``quote`` stands on ``page`` (from 1), one rectangle a line; none if it is not there.

    Raises as ``picture`` does.
    """
    _needs_pages(kind, name)
    request = _request("boxes", kind, name, memory_mb, seconds, page=page, quote=quote)
    return _one(path, request, PageBoxes)


def leads(path: Path, kind: Kind, *, name: str, memory_mb: int, seconds: int) -> Leads:
    """Where a page of the web (``HTML``) or a sitemap (``XML``, packed or not) leads.

    Raises ``Unreadable`` as ``read`` does.
    """
    return _one(path, _request("leads", kind, name, memory_mb, seconds), Leads)


def _needs_pages(kind: Kind, name: str) -> None:
    if not kind.pictured:
        raise NotFound("no_picture", name=name)


def _request(
    task: Any, kind: Kind, name: str, memory_mb: int, seconds: int, **rest: Any
) -> Request:
    return Request(
        task=task,
        descriptor=-1,
        parent=os.getpid(),
        media_type=kind.media_type,
        name=name,
        memory_mb=memory_mb,
        seconds=seconds,
        **rest,
    )


def _one(path: Path, request: Request, kind: type[Answer]) -> Answer:
    with _Reader(path, request, None) as reader:
        for value in reader.frames():
            if isinstance(value, kind):
                return value
    raise Unreadable("reader_crashed", name=request.name)


def _believed(page: Page, expected: int, name: str) -> Page:
    """The page, if a reader in its right mind could have sent it."""
    if page.number != expected or PAGE_BREAK in page.text:
        raise Unreadable("reader_crashed", name=name)
    return page


class _Reader:
    """A running child, its pipe and its clock."""

    def __init__(self, path: Path, request: Request, stop: Callable[[], bool] | None) -> None:
        self.name = request.name
        self.memory = request.memory_mb * 2**20
        self.seconds = request.seconds
        self.stop = stop or (lambda: False)
        self.ends_at = time.monotonic() + request.seconds
        self.process = _started(path, request)
        self.peak = 0  # bytes that the child held at most; known when it has ended

    def __enter__(self) -> "_Reader":
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
                if selector.select(_POLL):
                    chunk = os.read(pipe.fileno(), _CHUNK)
                    if not chunk:
                        return
                    given_at = time.monotonic()
                    yield chunk
                    # The clock stands still while the caller works on what it was given.
                    waiting_since = time.monotonic()
                    self.ends_at += waiting_since - given_at
                elif time.monotonic() > min(self.ends_at, waiting_since + self.seconds):
                    raise Unreadable("too_slow", name=self.name, seconds=self.seconds)

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
            self.process.kill()
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
