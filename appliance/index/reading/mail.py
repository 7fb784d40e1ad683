"""Messages (eml) and mailboxes (mbox), whatever is broken in them.

A mailbox is one page for each message. Messages are parsed by the old rules of
Python's ``email`` package: the new ones raise an error on a header that they do not
understand, and a third of the real messages at hand has one.
"""

import binascii
import email
import mmap
import quopri
import re
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import PurePath
from typing import Any, BinaryIO, TypeVar

from appliance.index.reading import characters, encodings, kinds, letters
from appliance.index.reading.sheet import bound
from appliance.index.reading.wire import Found, Outline
from appliance.records import Page

Value = TypeVar("Value")

# How a mailbox begins a message (RFC 4155): after an empty line, and with a date to its end.
_BEGINS = re.compile(
    rb"(?:\A|\n\r?\n)(?=From [^\r\n]{1,200}\d\d:\d\d[^\r\n]{0,20}\d{4}[^\r\n]{0,8}\r?\n)"
)
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?([^?]{0,2000})\?=")
_WORDS = re.compile(rf"(?:{_WORD.pattern})+")
_BETWEEN = re.compile(r"\?=\s+=\?")
_UUENCODED = re.compile(r"^begin [0-7]{3} ([^\r\n]{1,200})\r?\n(.*?)\r?\nend\r?$", re.M | re.S)
# Python's own list of endings is in files that the reader may not open.
_ENDINGS = {kind.media_type: ending for ending, kind in reversed(kinds.SUFFIXES.items())}
_UU_END = re.compile(r"^end\r?$", re.M)
_DEEPEST = 30  # parts within parts


def read(file: BinaryIO, name: str) -> Iterator[Found]:
    """Outline, then a page for each message, and after each page its attachments.

    Raises ``Unreadable``: too_long, no_words.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        starts = [found.end() for found in _BEGINS.finditer(data)]
        if not starts or starts[0] or len(starts) == 1:
            starts = [0]
        first = _parsed(data[: starts[1] if len(starts) > 1 else len(data)])
        title = _header(first, "Subject") if len(starts) == 1 else ""
        yield Outline(pages=len(starts), title=title or None, paged=False)
        files = _Files()
        messages = (
            _parsed(data[start:end])
            for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
        )
        pages = (files.page(message, number, name) for number, message in enumerate(messages, 1))
        for page in bound(pages, name):
            yield page
            yield from files.last.kept


class _Files:
    """The pages of a mailbox; ``last`` holds the files of the message read last."""

    def __init__(self) -> None:
        self.last = letters.Enclosures()
        self._bytes: list[int] = []

    def page(self, message: Message, number: int, name: str) -> Page:
        self.last = letters.Enclosures(self._bytes)
        body = _Body(self.last, name).text(message)
        headers = [(header, _header(message, header)) for header in letters.HEADERS]
        subject = _header(message, "Subject")
        return letters.written(name, number, subject, headers, body, self.last)


def _parsed(data: bytes) -> Message:
    if b"\0" in data[:200]:  # UTF-16, in which no message travels but some are saved
        data = (encodings.decode(data) or "").encode()
    return email.message_from_bytes(data)


def _header(message: Message, name: str) -> str:
    """A header's words on one line; "" when there is none."""
    values = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return characters.one_line(", ".join(map(_unfolded, values)))


def _unfolded(value: object) -> str:
    """A header as it reads: other bytes than ASCII and encoded words (RFC 2047) decoded."""
    raw = str(value).encode("utf-8", "surrogateescape")
    text = _BETWEEN.sub("?==?", letters.decoded(raw, None))
    return _WORDS.sub(lambda run: _joined(run.group(0)), text)


def _joined(run: str) -> str:
    """Encoded words that stand together; a letter of two bytes may begin in one and end in
    the next, where both are in the same charset."""
    text, letters_so_far, charset = "", b"", ""
    for word in _WORD.finditer(run):
        if word.group(1).lower() != charset:
            text += letters.decoded(letters_so_far, charset) if letters_so_far else ""
            letters_so_far, charset = b"", word.group(1).lower()
        letters_so_far += _bytes(word.group(2), word.group(3))
    return text + letters.decoded(letters_so_far, charset)


def _bytes(way: str, written: str) -> bytes:
    if way in "qQ":
        return quopri.decodestring(written.encode("utf-8"), header=True)
    try:
        return binascii.a2b_base64(written.encode("utf-8") + b"==")
    except binascii.Error:
        return written.encode("utf-8")


def _safely(ask: Callable[[], Value], otherwise: Value) -> Value:
    """What ``ask`` gives; a parameter that cannot be parsed counts as missing."""
    try:
        return ask()
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return otherwise


class _Body:
    """Finds the words of a message; its files go to ``enclosed``."""

    def __init__(self, enclosed: letters.Enclosures, name: str) -> None:
        self.enclosed = enclosed
        self.name = name

    def text(self, part: Message, depth: int = 0) -> str:
        """The words of a part and of the parts in it, files taken out."""
        kind = part.get_content_type()
        held = part.get_payload()
        if kind == "message/rfc822" and isinstance(held, list):
            self._message(held)
            return ""
        if isinstance(held, list):
            if depth >= _DEEPEST:
                return ""
            parts = [one for one in held if isinstance(one, Message)]
            if part.get_content_maintype() == "message":  # a report to machines
                return ""
            texts = [(one.get_content_type(), self.text(one, depth + 1)) for one in parts]
            return _chosen(texts) if kind == "multipart/alternative" else _all(texts)
        return self._leaf(part, kind)

    def _message(self, held: list[Any]) -> None:
        for message in (one for one in held if isinstance(one, Message)):
            subject = _header(message, "Subject") or "mensagem"
            content = _safely(message.as_bytes, b"")
            self.enclosed.add(f"{subject[:100]}.eml", content, "message/rfc822", inline=False)

    def _leaf(self, part: Message, kind: str) -> str:
        content = self._content(part)
        file_name = characters.one_line(_unfolded(_safely(part.get_filename, None) or ""))
        way = _safely(part.get_content_disposition, None)
        is_text = kind in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"
        if is_text and not file_name and way != "attachment":
            charset = _safely(part.get_content_charset, None)
            if kind == "text/html":
                return letters.of_page(_as_utf8(content, charset), self.name)
            return self._uuencoded(_flowed(letters.decoded(content, charset), part))
        if not file_name:
            file_name = f"anexo{_ENDINGS.get(kind, '')}"
        inline = way == "inline" or part.get("Content-ID") is not None
        self.enclosed.add(file_name, content, kind, inline=inline)
        return ""

    def _content(self, part: Message) -> bytes:
        """The bytes of a part. One that says it has parts and shows no boundary is one text."""
        found = _safely(lambda: part.get_payload(decode=True), None)
        if isinstance(found, bytes):
            return found
        return str(part.get_payload() or "").encode("utf-8", "surrogateescape")

    def _uuencoded(self, text: str) -> str:
        """The text without the files that old programs wrote into it."""

        def taken(found: re.Match[str]) -> str:
            lines = found.group(2).splitlines()
            content = b"".join(_safely(lambda: _uu_line(line), b"") for line in lines)  # noqa: B023
            file_name = found.group(1).strip()
            known = kinds.SUFFIXES.get(PurePath(file_name).suffix.lower())
            kind = known.media_type if known else ""
            self.enclosed.add(file_name, content, kind, inline=False)
            return ""

        # Beyond the last end nothing is looked for: a thousand beginnings without one would
        # each be followed to the end of the text.
        last = max((found.end() for found in _UU_END.finditer(text)), default=0)
        return _UUENCODED.sub(taken, text[:last]) + text[last:]


def _uu_line(line: str) -> bytes:
    try:
        return binascii.a2b_uu(line.encode("ascii"))
    except binascii.Error:  # trailing characters of some programs
        length = ((ord(line[0]) - 32) & 63) * 4 // 3 + 4
        return binascii.a2b_uu(line[:length].encode("ascii"))


def _chosen(texts: list[tuple[str, str]]) -> str:
    """Of several forms of the same text the plain one, else the last, which is the richest."""
    spoken = [(kind, text) for kind, text in texts if text.strip()]
    plain = [text for kind, text in spoken if kind == "text/plain"]
    return plain[0] if plain else spoken[-1][1] if spoken else ""


def _all(texts: list[tuple[str, str]]) -> str:
    return "\n\n".join(text for _, text in texts if text.strip())


def _as_utf8(markup: bytes, charset: str | None) -> bytes:
    """A page's bytes as its part declares them: the part's word stands above the page's own."""
    return letters.decoded(markup, charset).encode("utf-8", "replace") if charset else markup


def _flowed(text: str, part: Message) -> str:
    """Lines that were broken only to travel are joined again (RFC 3676)."""
    if _safely(lambda: part.get_param("format"), None) != "flowed":
        return text
    between = "" if _safely(lambda: part.get_param("delsp"), None) == "yes" else " "
    lines = text.replace("\r\n", "\n").split("\n")
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and not line.startswith(">"):
            joined[-1] += between + line.removeprefix(" ").rstrip(" ")
        else:
            joined.append(line.rstrip(" ") if line != "-- " else line)
        open_line = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(joined)
