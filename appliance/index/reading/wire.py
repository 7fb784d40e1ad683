"""The words between the house and a reader: one request down, frames up.

A frame is four bytes of length and a msgpack pair (name, value). The reader
works on untrusted bytes and may have been taken over by them, so the house
believes nothing: each frame has a greatest size, and each value is checked
against its type before it is used.
"""

import struct
from typing import Any, BinaryIO, Literal

import msgspec

from appliance.records import Ocr, Page, Record
from appliance.rows import Table, TableRow

FRAME_LIMIT = 48 * 2**20
ATTACHMENT_LIMIT = FRAME_LIMIT - 2**16  # bytes of one attachment: it travels in one frame
ATTACHMENTS = 100  # that one message may carry
ATTACHED_LIMIT = 512 * 2**20  # bytes of all the attachments of one file
# A picture on its way to OCR: what tesseract reads best, and at most A4 at 340 dpi.
DPI = 300
PIXELS = 16_000_000
LONGEST = 16_000  # pixels of one side
# fmt: off
FrameName = Literal[
    "outline", "page", "scan", "attachment", "table", "rows",
    "picture", "boxes", "leads", "refusal", "crash", "end",
]
# fmt: on


class Outline(Record, frozen=True):
    """What is known of a document before its pages: how many, its own title, whether paged."""

    pages: int
    title: str | None
    paged: bool


class Attachment(Record, frozen=True):
    """A file inside the file: what comes with a message, or is embedded in a PDF."""

    file_name: str
    content: bytes


class TableRows(Record, frozen=True):
    """Rows of the table whose frame came last, in order."""

    rows: tuple[TableRow, ...]


class Scan(Record, frozen=True):
    """A page that has to be read off its picture, on its way to OCR.

    ``pixels`` are grays row by row from the top left, 0 is black, at about 300
    to the inch. The picture was turned ``skew`` degrees counterclockwise from
    what the page shows, which is ``page_width`` by ``page_height`` of the same pixels.
    ``ink`` is the share of the page (0 to 1) that differs from its paper;
    ``note`` says why the page is not read as text, "" where it never had any.
    """

    number: int
    note: str
    width: int
    height: int
    pixels: bytes
    page_width: int
    page_height: int
    skew: float = 0.0
    ink: float = 1.0


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
    first: int = 1
    page: int = 1
    scale: float = 1.0
    quote: str = ""
    ocr: Ocr = "auto"


class BadFrame(ValueError):
    """The bytes are no frame of ours."""


TYPES: dict[str, Any] = {
    "outline": Outline,
    "page": Page,
    "scan": Scan,
    "attachment": Attachment,
    "table": Table,
    "rows": TableRows,
    "picture": bytes,
    "boxes": PageBoxes,
    "leads": Leads,
    "refusal": Refused,
    "crash": str,
    "end": None,
}


# What a reader finds: the outline; its pages, each followed by the attachments that came with
# it; then tables, each followed by its rows.
Found = Outline | Page | Attachment | Table | TableRows
_NAMES: dict[type, FrameName] = {
    Outline: "outline",
    Page: "page",
    Scan: "scan",
    Attachment: "attachment",
    Table: "table",
    TableRows: "rows",
}


def name_of(found: Found | Scan) -> FrameName:
    """The frame that carries a thing found, or a page on its way to being found."""
    return _NAMES[type(found)]


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
