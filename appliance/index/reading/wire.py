"""The words between the house and a reader: one request down, frames up.

A frame is four bytes of length and a msgpack pair (name, value). The reader
works on untrusted bytes and may have been taken over by them, so the house
believes nothing: each frame has a greatest size, and each value is checked
against its type before it is used.
"""

import struct
from typing import Any, BinaryIO, Literal

import msgspec

from appliance.records import Page, Record

FRAME_LIMIT = 48 * 2**20
FrameName = Literal["outline", "page", "picture", "boxes", "leads", "refusal", "crash", "end"]


class Outline(Record, frozen=True):
    """What is known of a document before its pages: how many, its own title, whether paged."""

    pages: int
    title: str | None
    paged: bool


class Rectangle(Record, frozen=True):
    """A place on a page, as fractions (0 to 1) of its width and height from the top left."""

    left: float
    top: float
    right: float
    bottom: float


class PageBoxes(Record, frozen=True):
    """A page's size in points (1/72 inch) and where a quote stands, one rectangle a line."""

    width: float
    height: float
    boxes: tuple[Rectangle, ...]


class Leads(Record, frozen=True):
    """Where a page of the web leads, or a sitemap, and what it says of itself.

    ``links`` and ``maps`` (further sitemaps) are as they are written there, each once, as are
    ``base`` and ``canonical``; ``robots`` is its rule for those who index it, in small
    letters; ``words`` the SHA-256 of what it says to a reader.
    """

    links: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()
    base: str = ""
    canonical: str = ""
    robots: str = ""
    title: str = ""
    words: str = ""


class Refused(Record, frozen=True):
    """A refusal on its way up: the class of ``errors`` by name, its code and facts."""

    kind: Literal["Unreadable", "NotFound"]
    code: str
    facts: dict[str, str | int | float]


class Request(Record, frozen=True):
    """What a reader is asked to do with the open file ``descriptor``."""

    task: Literal["read", "picture", "boxes", "leads"]
    descriptor: int
    parent: int
    media_type: str
    name: str
    memory_mb: int
    seconds: int
    page: int = 1
    scale: float = 1.0
    quote: str = ""


class BadFrame(ValueError):
    """The bytes are no frame of ours."""


TYPES: dict[str, Any] = {
    "outline": Outline,
    "page": Page,
    "picture": bytes,
    "boxes": PageBoxes,
    "leads": Leads,
    "refusal": Refused,
    "crash": str,
    "end": None,
}


def send(stream: BinaryIO, name: FrameName, value: Any) -> None:
    """Write one frame and flush it, so that a page leaves as soon as it is read."""
    body = msgspec.msgpack.encode((name, value))
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def take(buffer: bytearray) -> tuple[str, Any] | None:
    """Take the first whole frame off ``buffer``; None while it is not all there.

    Raises ``BadFrame`` when it is too long, or its value is not of its type.
    """
    if len(buffer) < 4:
        return None
    (length,) = struct.unpack_from(">I", buffer)
    if length > FRAME_LIMIT:
        raise BadFrame("longer than a frame may be")
    if len(buffer) < 4 + length:
        return None
    body = bytes(buffer[4 : 4 + length])
    del buffer[: 4 + length]
    try:
        name, value = msgspec.msgpack.decode(body, type=tuple[FrameName, msgspec.Raw])
        return name, msgspec.msgpack.decode(value, type=TYPES[name])
    except msgspec.DecodeError as fault:
        raise BadFrame(str(fault)) from fault
