"""The reader: a process that reads one untrusted file and ends.

Started by ``child`` alone. It takes one request from standard input, gives up
its rights (``confinement``), and only then loads the parser that the file's
kind needs. What it finds goes to standard output as frames (``wire``).
"""

import importlib
import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from appliance.errors import NotFound, Refusal
from appliance.index.reading import confinement, kinds
from appliance.index.reading.wire import Found, Refused, Request, Scan, name_of, send
from appliance.precedence import stand_back


def main() -> None:
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Request)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints would break the frames
    file = os.fdopen(request.descriptor, "rb")
    # The file is mapped, not loaded, but its mapping counts as address space.
    memory = request.memory_mb * 2**20 + os.fstat(file.fileno()).st_size
    confinement.confine(memory, request.seconds, request.parent)
    if request.task == "read":  # a picture is waited for
        stand_back()
    try:
        _answer(request, file, answers)
    except Refusal as refusal:
        send(answers, "refusal", _refused(refusal))
    except MemoryError:
        send(answers, "refusal", _too_big(request.name))
    except Exception as fault:  # noqa: BLE001 - whatever a parser throws, the house learns its name
        send(answers, "crash", type(fault).__name__)
    answers.flush()
    # Closing pdfium's half-read documents can crash, and there is nothing left to save.
    os._exit(0)


def _refused(refusal: Refusal) -> Refused:
    if isinstance(refusal, NotFound):
        return Refused(kind="NotFound", code=refusal.code, facts=refusal.facts)
    return Refused(kind="Unreadable", code=refusal.code, facts=refusal.facts)


def _too_big(name: str) -> Refused:
    return Refused(kind="Unreadable", code="too_big_in_memory", facts={"name": name})


def _answer(request: Request, file: BinaryIO, answers: BinaryIO) -> None:
    _quieten()
    if request.task == "read":
        for found in _read(request, file, answers):
            send(answers, name_of(found), found)
            confinement.renew(request.seconds)
        send(answers, "end", None)
        return
    confinement.alone()
    kind = kinds.by_media_type(request.media_type)
    if request.task == "leads":
        from appliance.index.reading import leads

        send(answers, "leads", leads.of(file, request.name, is_map=kind == kinds.XML))
        return
    if kind.reader == "image":
        _answer_of_image(request, file, answers)
        return
    from appliance.index.reading import places
    from appliance.index.reading.book import Book

    book = Book(file, request.name)
    if request.task == "picture":
        send(answers, "picture", places.picture(book, request.page, request.scale))
    else:
        send(answers, "boxes", places.boxes(book, request.page, request.quote))


def _answer_of_image(request: Request, file: BinaryIO, answers: BinaryIO) -> None:
    from appliance.index.reading import image

    if request.task == "picture":
        send(answers, "picture", image.picture(file, request.name, request.page, request.scale))
    else:
        send(answers, "boxes", image.size(file, request.name, request.page))


def _read(request: Request, file: BinaryIO, answers: BinaryIO) -> Iterator[Found | Scan]:
    """What the reader of the request's kind finds; its parser is loaded now and not before."""
    kind = kinds.by_media_type(request.media_type)
    reader = importlib.import_module(f"appliance.index.reading.{kind.reader}")
    if kind != kinds.PDF:
        confinement.alone()
        yield from reader.read(file, request.name)
        return
    from appliance.index.reading import ahead

    with ahead.started(file, answers, request.seconds) as helper:
        confinement.alone()
        yield from reader.read(
            file, request.name, first=request.first, ocr=request.ocr, ahead=helper
        )


def _quieten() -> None:
    """Parsers' warnings quote the document; nobody's log should."""
    import logging
    import warnings

    logging.disable()
    warnings.simplefilter("ignore")


if __name__ == "__main__":
    main()
