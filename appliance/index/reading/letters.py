"""A message as a page: its subject, who wrote it to whom and when, its words; and the files
that it carries, which become documents of their own.

The names of the headers stay as messages have them. Signatures and tiny pictures (logos,
icons of networks) are no attachments; of what passes the limits the page says that it was
left out.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from appliance.errors import Unreadable
from appliance.index.reading import encodings, html, rtf
from appliance.index.reading.sheet import Sheet
from appliance.index.reading.wire import (
    ATTACHED_LIMIT,
    ATTACHMENT_LIMIT,
    ATTACHMENTS,
    Attachment,
    Outline,
)
from appliance.records import Page

HEADERS = ("From", "To", "Cc", "Date")
LONGEST_SUBJECT, LONGEST_HEADER = 300, 2000  # characters
ATTACHED = "Anexos:"
SKIPPED = "attachment_skipped"
_SMALL_PICTURE = 10 * 1024  # bytes under which a picture holds nothing to read
_SMALL_INLINE = 40 * 1024  # the same for one that the text of the message shows
_UNSAID = frozenset(
    (
        *("application/pgp-signature", "application/pkcs7-signature", "application/applefile"),
        *("application/x-pkcs7-signature", "message/delivery-status", "text/rfc822-headers"),
        *("message/disposition-notification", "text/calendar"),
    )
)


class Enclosures:
    """The files of one message, as far as they may come along; ``of_file`` counts the bytes
    of all the messages of a mailbox."""

    def __init__(self, of_file: "list[int] | None" = None) -> None:
        self.kept: list[Attachment] = []
        self.names: list[str] = []
        self.skipped = False
        self._of_file = of_file if of_file is not None else []

    def add(self, file_name: str, content: bytes, media_type: str, *, inline: bool) -> None:
        """Take a file along, unless it says nothing; of one that is too large only the name."""
        if media_type in _UNSAID or _is_ornament(content, media_type, inline=inline):
            return
        self.names.append(file_name)
        whole = sum(self._of_file) + len(content)
        if (
            not content
            or len(content) > ATTACHMENT_LIMIT
            or len(self.kept) >= ATTACHMENTS
            or whole > ATTACHED_LIMIT
        ):
            self.skipped = True
            return
        self._of_file.append(len(content))
        self.kept.append(Attachment(file_name=file_name, content=content))


def _is_ornament(content: bytes, media_type: str, *, inline: bool) -> bool:
    smallest = _SMALL_INLINE if inline else _SMALL_PICTURE
    return media_type.startswith("image/") and len(content) < smallest


def written(
    name: str,
    number: int,
    subject: str,
    headers: Iterable[tuple[str, str]],
    body: str,
    enclosed: Enclosures,
) -> Page:
    """The page of one message; ``headers`` are (name, value), those without a value left out."""
    sheet = Sheet(name)
    sheet.heading(_shortened(subject, LONGEST_SUBJECT), 1)
    for header, value in headers:
        if value.strip():
            sheet.line(f"{header}: {_shortened(value, LONGEST_HEADER)}")
    if enclosed.names:
        sheet.line(f"{ATTACHED} {_shortened(', '.join(enclosed.names), LONGEST_HEADER)}")
    sheet.gap()
    sheet.paragraph(body)
    return sheet.leaf(number, notes=(SKIPPED,) if enclosed.skipped else ())


def _shortened(text: str, longest: int) -> str:
    """A subject is no place for a book, nor a copy to a whole city worth reading."""
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def of_page(markup: bytes, name: str) -> str:
    """The words of a message written as a web page; "" when it shows none."""
    return _words(html.read, markup, name)


def of_rtf(content: bytes, name: str) -> str:
    """The words of a message written as RTF; "" when it shows none."""
    return _words(rtf.read, content, name)


def _words(
    read: Callable[[BinaryIO, str], Iterator[Outline | Page]], data: bytes, name: str
) -> str:
    try:
        found = list(read(io.BytesIO(data), name))
    except Unreadable as refusal:
        if refusal.code not in ("no_words", "type_mismatch", "damaged"):
            raise
        return ""
    return "\n\n".join(page.text for page in found if isinstance(page, Page))


def decoded(content: bytes, charset: str | None) -> str:
    """A message's text; whatever cannot be decoded is shown as Windows wrote it."""
    text = encodings.decode(content, charset)
    return content.decode("cp1252", "replace") if text is None else text


def each(page: Page, enclosed: Enclosures) -> Iterator[Page | Attachment]:
    """A page, then the files that came with it."""
    yield page
    yield from enclosed.kept
