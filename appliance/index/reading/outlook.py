"""Outlook's messages (msg): read through oxmsg's storages, by the properties that MS-OXPROPS
names, because half of the old ones lack what oxmsg's own ``Message`` expects.

A message within the message becomes an eml file, so that it can be kept and opened.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import BinaryIO

from olefile import OleFileIO
from oxmsg.storage import Storage

from appliance.errors import Unreadable
from appliance.index.reading import characters, encodings, letters, packed_rtf, rtf
from appliance.index.reading.wire import Found, Outline

# Properties of MS-OXPROPS, as the names of streams and in the table of fixed values.
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_FROM, _FROM_ADDRESS, _FROM_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _SENT, _RECEIVED = 0x0E04, 0x0E03, 0x0039, 0x0E06
_DATA, _LONG_NAME, _SHORT_NAME, _MEDIA_TYPE, _CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
_RECIPIENT_NAME, _RECIPIENT_SMTP, _RECIPIENT_ADDRESS, _RECIPIENT_TYPE = (
    *(0x3001, 0x39FE),
    *(0x3003, 0x0C15),
)
_UNICODE, _EIGHT_BIT, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_CODEPAGE, _TO_TYPE, _CC_TYPE = 0x3FFD, 1, 2
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)  # FILETIME counts from here (MS-DTYP 2.3.3)
_TABLE = "__properties_version1.0"
_DEEPEST = 3


def read(file: BinaryIO, name: str) -> Iterator[Found]:
    """Outline, the message's page, and the files that it carries.

    Raises ``Unreadable``: damaged, too_long, no_words.
    """
    try:
        with OleFileIO(file) as container:
            storage = Storage.from_ole(container)
        found = list(letter(storage, name))
    # olefile and oxmsg meet a broken container with whatever comes to hand.
    except (OSError, KeyError, ValueError, struct.error, IndexError, TypeError) as fault:
        raise Unreadable("damaged", name=name) from fault
    yield from found


def letter(storage: Storage, name: str) -> Iterator[Found]:
    """What ``read`` gives, of a message that lies in ``storage``. Raises ``Unreadable`` and,
    where a part of a property is missing, ``struct.error``."""
    item = _Item(storage, 32)
    enclosed = _enclosed(item)
    subject, body = item.text(_SUBJECT), _body(item, name)
    page = letters.written(name, 1, subject, _headers(item), body, enclosed)
    if not any(character.isalnum() for character in page.text):
        raise Unreadable("no_words", name=name)
    yield Outline(pages=1, title=characters.one_line(subject) or None, paged=False)
    yield from letters.each(page, enclosed)


class _Item:
    """A storage with properties; ``head`` bytes stand before the first of them."""

    def __init__(self, storage: Storage, head: int) -> None:
        self.storage = storage
        self._streams = {stream.name: stream.bytes_ for stream in storage.streams}
        table = self._streams.get(_TABLE, b"")[head:]
        rows = (table[start : start + 16] for start in range(0, len(table) - 15, 16))
        self._fixed = {struct.unpack_from("<H", row, 2)[0]: row[8:] for row in rows}

    def bytes(self, property_id: int, kind: int = _BINARY) -> bytes:
        """The property's bytes; none when it is not there."""
        return self._streams.get(f"__substg1.0_{property_id:04X}{kind:04X}", b"")

    def text(self, property_id: int) -> str:
        """The property's text; "" when it is not there."""
        if wide := self.bytes(property_id, _UNICODE):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.bytes(property_id, _EIGHT_BIT).rstrip(b"\0")
        return letters.decoded(narrow, f"cp{self.number(_CODEPAGE) or 1252}")

    def number(self, property_id: int) -> int:
        """The property's number; 0 when it is not there."""
        return int(struct.unpack_from("<I", self._fixed.get(property_id, bytes(8)))[0])

    def moment(self, property_id: int) -> datetime | None:
        """The property's time; None when it is not there."""
        (ticks,) = struct.unpack("<Q", self._fixed.get(property_id, bytes(8)))
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def parts(self, kind: str) -> "Iterator[_Item]":
        """The storages for "attach" or "recip" in this one."""
        for storage in self.storage.storages:
            if storage.name.startswith(f"__{kind}_version1.0_#"):
                yield _Item(storage, 8)

    def message(self) -> "_Item | None":
        """The message that an attachment holds, if it is one."""
        wanted = f"__substg1.0_{_DATA:04X}{_OBJECT:04X}"
        for storage in self.storage.storages:
            # Other programs' objects are kept in the same place, without a message's table.
            if storage.name == wanted and any(one.name == _TABLE for one in storage.streams):
                return _Item(storage, 24)
        return None


def _headers(item: _Item) -> list[tuple[str, str]]:
    sent = item.moment(_SENT) or item.moment(_RECEIVED)
    return [
        ("From", _named(item.text(_FROM), item.text(_FROM_SMTP) or item.text(_FROM_ADDRESS))),
        ("To", _people(item, _TO_TYPE) or item.text(_TO)),
        ("Cc", _people(item, _CC_TYPE) or item.text(_CC)),
        ("Date", sent.strftime("%Y-%m-%d %H:%M UTC") if sent else ""),
    ]


def _people(item: _Item, kind: int) -> str:
    people = [one for one in item.parts("recip") if one.number(_RECIPIENT_TYPE) == kind]
    return ", ".join(
        _named(one.text(_RECIPIENT_NAME), one.text(_RECIPIENT_SMTP) or one.text(_RECIPIENT_ADDRESS))
        for one in people
    )


def _named(name: str, address: str) -> str:
    # Addresses of Exchange ("/O=…/CN=…") say nothing outside their own server.
    if "@" not in address or address.strip("'") == name.strip("'"):
        return name
    return f"{name} <{address}>".strip()


def _body(item: _Item, name: str) -> str:
    """The plain text, else that of the web page, else that of the RTF that Outlook packs."""
    plain = item.text(_BODY)
    if plain.strip():
        return plain
    markup = item.bytes(_HTML) or item.text(_HTML).encode("utf-8", "replace")
    if markup:
        return letters.of_page(markup, name)
    packed = packed_rtf.unpacked(item.bytes(_RTF), rtf.LARGEST)
    return letters.of_rtf(packed, name) if packed else ""


def _enclosed(item: _Item, depth: int = 1) -> letters.Enclosures:
    enclosed = letters.Enclosures()
    for part in item.parts("attach"):
        inner = part.message()
        if inner is not None and depth <= _DEEPEST:
            subject = characters.one_line(inner.text(_SUBJECT)) or "mensagem"
            content = _as_eml(inner, depth + 1)
            enclosed.add(f"{subject[:100]}.eml", content, "message/rfc822", inline=False)
        elif inner is None:
            file_name = characters.one_line(part.text(_LONG_NAME) or part.text(_SHORT_NAME))
            inline = bool(part.text(_CONTENT_ID))
            content = part.bytes(_DATA)
            enclosed.add(file_name or "anexo", content, part.text(_MEDIA_TYPE), inline=inline)
    return enclosed


def _as_eml(item: _Item, depth: int) -> bytes:
    """A message within the message, in the form that every program opens."""
    message = MIMEMultipart()
    for name, value in [("Subject", item.text(_SUBJECT)), *_headers(item)]:
        if line := characters.one_line(value):
            message[name] = Header(line, "utf-8").encode()
    forms = MIMEMultipart("alternative")
    forms.attach(MIMEText(item.text(_BODY), "plain", "utf-8"))
    if markup := item.bytes(_HTML):
        forms.attach(MIMEText(encodings.decode(markup) or "", "html", "utf-8"))
    message.attach(forms)
    for one in _enclosed(item, depth).kept:
        part = MIMEApplication(one.content)
        part.add_header("Content-Disposition", "attachment", filename=one.file_name)
        message.attach(part)
    return message.as_bytes()
