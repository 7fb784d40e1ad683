"""The one place that starts a reader: an untrusted file, read in a process of its own.

Parsers crash, hang and eat memory; here that ends one small process (``process``) and one
document. In all a file may take ``seconds`` plus half a second a page, and ten for each
page that has to be drawn.

A page that the child sends as a ``Scan`` is read by OCR (``ocr``) while the child
goes on; pages leave in their order, and the child waits while all desks are
taken, so that few pictures are in memory.

Use up or close the iterator in the thread that began it. While the caller has better
things to do (``hold``) the child and the tesseracts stand still where they are, and so do
the clocks.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import conversion
from appliance.index.reading.belief import Belief
from appliance.index.reading.kinds import Kind
from appliance.index.reading.ocr import Desk
from appliance.index.reading.order import in_order
from appliance.index.reading.process import Reader, Stopped, never
from appliance.index.reading.wire import Found, Leads, Outline, PageBoxes, Request, Scan
from appliance.records import Language, Ocr, Page

__all__ = ["Stopped", "boxes", "leads", "picture", "read"]

Answer = TypeVar("Answer", bytes, PageBoxes, Leads)

_PER_PAGE = 0.5  # seconds that each page adds to the whole; a page takes 2 to 10 ms
_PER_SCAN = 10.0  # and each that has to be drawn; it takes 0.3 s where nobody else works


def read(
    path: Path,
    kind: Kind,
    *,
    name: str,
    memory_mb: int,
    seconds: int,
    first: int = 1,
    language: Language | None = None,
    ocr: Ocr = "auto",
    stop: Callable[[], bool] = never,
    hold: Callable[[], bool] = never,
    scratch: Path | None = None,
) -> Iterator[Found]:
    """An ``Outline``, then the pages in order, each as soon as it is read and with the attachments
    that came with it, then the tables.

    ``name`` is the file's name for the sentences, ``memory_mb`` the child's
    address space in MiB, ``seconds`` its time without a new page. The pages begin
    with ``first``, which only a ``resumable`` kind has above 1. ``language`` is what OCR
    looks for first, and ``ocr`` says of which pages the picture is read.
    ``stop`` is asked every 0.2 s; while ``hold`` says so, all stands still. ``scratch`` is
    the folder where old Office files are converted (a temporary one when not given). Raises
    ``Stopped``, and ``Unreadable`` with: encrypted, damaged, no_pages, no_text, garbled,
    no_words, no_ocr, ocr_failed, poor_scan, picture_too_big, too_long, too_many_pages,
    dangerous_content, type_mismatch, reader_crashed, too_slow, too_big_in_memory,
    needs_libreoffice.
    """
    usable, notes, count = first > 1, set[str](), first - 1
    readable = conversion.readable(
        path, kind, name=name, seconds=seconds, stop=stop, scratch=scratch
    )
    with (
        readable as (path, kind),
        Reader(
            path,
            _request("read", kind, name, memory_mb, seconds, first=first, ocr=ocr),
            stop,
            hold,
        ) as reader,
        Desk(seconds, language, hold) as desk,
    ):
        for value in in_order(_found(reader, desk, Belief(name, first)), desk, stop):
            if isinstance(value, Page):
                usable = usable or (value.how != "unreadable" and bool(value.text))
                notes.update(value.notes)
                count += 1
            yield value
    if notes and not usable:
        raise Unreadable(_why_nothing(notes), name=name, pages=count)


def _found(reader: Reader, desk: Desk, belief: Belief) -> Iterator[Found | Future[Page]]:
    """What the child finds, its scans on their way through OCR."""
    for value in reader.frames():
        found = belief.held(value)
        if isinstance(found, Scan):
            reader.ends_at += _PER_SCAN
            yield desk.submit(found)
            continue
        if isinstance(found, Outline):
            reader.allow(reader.seconds + found.pages * _PER_PAGE)
        yield found


def _why_nothing(notes: set[str]) -> str:
    """The code for a document of which no page could be read, from the pages' notes."""
    if "too_heavy" in notes:
        return "too_big_in_memory"
    for code in ("no_ocr", "ocr_failed", "poor_scan"):
        if code in notes:
            return code
    if "ocr_slow" in notes:
        return "ocr_failed"
    return "garbled" if notes == {"garbled"} else "no_text"


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
    with Reader(path, request) as reader:
        for value in reader.frames():
            if isinstance(value, kind):
                return value
    raise Unreadable("reader_crashed", name=request.name)
