"""The page that an answer stands on: its picture, and where on it the words are.

Pictures are drawn in the same limited child that reads documents, because the
files are just as untrusted; each is kept under ``pictures/`` after its first use.
"""

from pathlib import Path
from typing import Any

import msgspec

from appliance import library
from appliance.database import Database
from appliance.errors import NotFound
from appliance.index.reading import child, printed
from appliance.index.reading.kinds import Kind, by_media_type
from appliance.records import Document, Page, Review, Word, new_id
from appliance.settings import Settings

DOUBTFUL = 80  # per cent of confidence; of the words under it, more than half are misread
SCALE = 1.6  # pixels per point: an A4 page is 952 pixels wide, sharp at the width it is shown


def as_json(
    page: Page,
    start: int | None,
    *,
    words: tuple[Word, ...] = (),
    review: Review | None = None,
    to_check: bool = False,
) -> dict[str, Any]:
    """A page of the reading report; ``start`` is where it begins in the document's text (None:
    without its text), ``review`` what was settled about it.

    ``doubtful`` has the spans [start, end] of the page's text in which OCR hardly
    believed itself, from the page's ``words``.
    """
    shown: dict[str, Any] = msgspec.to_builtins(page)
    del shown["words"]  # 10 KB a page, and nobody's but ``boxes``
    if start is None:
        for name in ("text", "headings"):
            del shown[name]
    else:
        doubts = [[word.start, word.end] for word in words if word.confidence < DOUBTFUL]
        shown["doubtful"] = doubts
    return shown | {
        "start": start,
        "to_check": to_check,
        "accepted": bool(review and review.accepted),
        "corrected": {"by": review.by, "at": review.at, "read": review.read}
        if review and review.corrected
        else None,
    }


def picture(database: Database, settings: Settings, document: Document, number: int) -> bytes:
    """The page as PNG. Raises ``NotFound`` for formats without paper pages and pages
    that the document does not have, ``Unreadable`` when it cannot be drawn."""
    kind = _paged(database, document, number)
    kept = settings.data / "pictures" / document.sha256[:2] / f"{document.sha256}-{number}.png"
    if kept.is_file():
        return kept.read_bytes()
    drawn = child.picture(
        file_of(settings, document),
        kind,
        number,
        name=document.file_name,
        scale=SCALE,
        memory_mb=settings.reader_memory_mb,
        seconds=settings.reader_seconds,
    )
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{new_id()}")
    fresh.write_bytes(drawn)
    fresh.replace(kept)
    return drawn


def boxes(
    database: Database, settings: Settings, document: Document, number: int, start: int, end: int
) -> dict[str, Any]:
    """Where the document's text from ``start`` to ``end`` stands on the page: rectangles
    as fractions of the page, origin at the top left. Raises as ``picture`` does."""
    kind = _paged(database, document, number)
    page = library.page(database, document.id, number)
    offset = library.page_starts(database, document.id)[number]
    start, end = max(0, start - offset), max(0, end - offset)
    words = library.words(database, document.id, number)
    # Of a page that OCR read, the file knows the size alone.
    found = child.boxes(
        file_of(settings, document),
        kind,
        number,
        "" if words else page.text[start:end],
        name=document.file_name,
        memory_mb=settings.reader_memory_mb,
        seconds=settings.reader_seconds,
    )
    return {
        "width": found.width,
        "height": found.height,
        "boxes": [
            {
                "x": box.left,
                "y": box.top,
                "width": box.right - box.left,
                "height": box.bottom - box.top,
            }
            for box in (printed.lines(words, start, end) if words else found.boxes)
        ],
    }


def file_of(settings: Settings, document: Document) -> Path:
    """Where the document's file is kept."""
    return settings.data / "files" / document.sha256[:2] / document.sha256


def _paged(database: Database, document: Document, number: int) -> Kind:
    if not library.is_paged(database, document.id) or not 1 <= number <= document.pages:
        raise NotFound
    return by_media_type(document.media_type)
