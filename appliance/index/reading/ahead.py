"""A second process that looks at pages while the first lays out those before them.

Most of a page's time goes to pdfium and to what it is asked, and none of that depends on
other pages. So two pages of three of a long PDF are looked at by a helper, and the first
process, which knows what ran along the pages before, does the rest with what it sees.

The helper is forked before a byte of the file is looked at, when the reader is confined already,
and holds its share of the reader's memory. Where it ends early (pdfium crashed, memory was
refused) the first process looks at the pages itself, and the document ends as it would have
ended without a helper.
"""

import contextlib
import os
import signal
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import msgspec

from appliance.index.reading import book, confinement
from appliance.index.reading.sheets import Sheet

SMALLEST = 50_000  # bytes of a file; one of fewer is read before a helper pays
_PAGES = 64  # to be read, at least
_LARGEST_PAGE = 200_000  # bytes; pages of more are pictures, and nothing is to be seen ahead
_TURN = 3  # pages; the first of each turn is looked at by the process that does the rest, too
_SHARE = 4  # of the memory, that divided by this is the helper's
_LEAST = 192 * 2**20  # bytes, what a helper needs to look at all
_LENGTH = struct.Struct(">I")


class _Task(NamedTuple):
    first: int
    closely: bool


class _Seen(NamedTuple):
    number: int
    sheet: Sheet | None  # None where its text is none that a frame can carry


_SEEN = msgspec.msgpack.Decoder(_Seen)
_TASK = msgspec.msgpack.Decoder(_Task)


class Ahead:
    """The first process's side. A helper that is not told to ``begin`` waits, and costs nothing."""

    def __init__(
        self, helper: int, tasks: BinaryIO, seen: BinaryIO, file_size: int, share: int
    ) -> None:
        self._helper = helper  # its process, 0 when it has ended
        self._tasks = tasks
        self._seen = seen
        self._file_size = file_size
        self._share = share
        self._first = 0  # of the pages that it looks at, once it has begun

    def begin(self, first: int, last: int, *, closely: bool) -> None:
        """Let the helper look at pages from ``first`` on (``closely``: as in ``lines``), or let it
        go where there is little to look at."""
        pages = last - first + 1
        if pages < _PAGES or self._file_size > last * _LARGEST_PAGE:
            self.end()
            return
        confinement.hold(confinement.held() - self._share)
        self._first = first
        try:
            _put(self._tasks, _Task(first, closely))
        except OSError:
            self.end()

    def look(self, number: int) -> Sheet | None:
        """What the helper saw on page ``number``; None where somebody else has to look. The pages
        must be asked for one after the other."""
        if not self._first or (number - self._first) % _TURN == 0:
            return None
        try:
            seen = _SEEN.decode(_taken(self._seen))
        except (EOFError, msgspec.DecodeError):
            seen = None
        if seen is None or seen.number != number:
            self.end()
            return None
        return seen.sheet

    def end(self) -> None:
        """End the helper, and have all the memory again."""
        if not self._helper:
            return
        os.kill(self._helper, signal.SIGKILL)
        os.waitpid(self._helper, 0)
        if self._first:
            confinement.hold(confinement.held() + self._share)
        self._helper = self._first = 0


@contextlib.contextmanager
def started(file: BinaryIO, answers: BinaryIO, seconds: int) -> Iterator[Ahead | None]:
    """A helper for the open file, if it may need one; ``seconds`` is the processor's time for a
    page. Nothing is left of it afterwards. It does not write to ``answers``."""
    size, memory = os.fstat(file.fileno()).st_size, confinement.held()
    # The file's mapping is in the memory of both.
    share = (memory - size) // _SHARE
    if size < SMALLEST or share < _LEAST or len(os.sched_getaffinity(0)) < 2:
        yield None
        return
    (asked, tasks), (seen, told) = os.pipe(), os.pipe()
    first_process = os.getpid()
    helper = os.fork()
    if not helper:
        try:
            for descriptor in (answers.fileno(), tasks, seen):
                os.close(descriptor)
            confinement.alone()
            confinement.end_with(first_process)
            confinement.hold(share + size, for_good=True)
            _help(file, os.fdopen(asked, "rb"), os.fdopen(told, "wb"), seconds)
        finally:
            os._exit(0)  # whatever happened: the other looks itself, and says what it meets
    os.close(asked)
    os.close(told)
    ahead = Ahead(helper, os.fdopen(tasks, "wb"), os.fdopen(seen, "rb"), size, share)
    try:
        yield ahead
    finally:
        ahead.end()


def _help(file: BinaryIO, tasks: BinaryIO, seen: BinaryIO, seconds: int) -> None:
    """The helper's side: look at what it is told to, and tell, until it is ended."""
    task = _TASK.decode(_taken(tasks))
    paper = book.opened(book.mapped(file), "", is_open=True)
    for number in range(task.first, len(paper or ()) + 1):
        if (number - task.first) % _TURN == 0:
            continue
        sheet = book.look(paper, number, closely=task.closely)
        try:
            _put(seen, _Seen(number, sheet))
        except UnicodeEncodeError:
            _put(seen, _Seen(number, None))
        confinement.renew(seconds)


def _put(stream: BinaryIO, value: Any) -> None:
    body = msgspec.msgpack.encode(value)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def _taken(stream: BinaryIO) -> bytes:
    """The body of the next frame. Raises ``EOFError`` when the other has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body
