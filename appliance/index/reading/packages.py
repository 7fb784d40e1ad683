"""Office files are zips of XML: what is checked before any parser sees one.

A zip says beforehand how large its entries become, so a bomb is refused from
its list of names in milliseconds; ``zipfile`` never gives more bytes than an
entry declares. XML with a document type could name entities and outside files,
which no word processor writes: it is refused, not parsed with care.
"""

import io
import zipfile
import zlib
from typing import BinaryIO

from appliance.errors import Unreadable
from appliance.index.reading.sheet import TEXT_LIMIT

ENTRIES = 10_000
UNPACKED = 512 * 2**20  # pictures included
XML_PART = 64 * 2**20  # one part in memory; a parsed tree takes about eight times that
RATIO = 200  # XML packs 10 to 40 times; DEFLATE cannot pass 1032
_PIECE = 2**20
_OVERLAP = 32  # bytes: more than the longest mark, which may lie across two pieces
_DOCTYPES = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def opened(stream: BinaryIO, name: str, *, part: int = XML_PART) -> zipfile.ZipFile:
    """The zip in ``stream``, checked; ``part`` is the most bytes that one XML part may have.

    Raises ``Unreadable``: damaged (no zip, or cut off), encrypted, or
    dangerous_content (a bomb, a path out of the package, a document type).
    """
    try:
        package = zipfile.ZipFile(stream)
        _check_entries(package, name)
        _check_xml(package, name, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as fault:
        raise Unreadable("damaged", name=name) from fault
    except (RuntimeError, NotImplementedError) as fault:  # zipfile's words for a password
        raise Unreadable("encrypted", name=name) from fault
    return package


def emptied(package: zipfile.ZipFile, *, keep: tuple[str, ...]) -> io.BytesIO:
    """The package again, its entries empty but for those whose names end as ``keep`` says.

    Pictures and attachments are as large as a sender likes and hold no text;
    their names stay, because the parts that are kept point at them.
    """
    smaller = io.BytesIO()
    with zipfile.ZipFile(smaller, "w", zipfile.ZIP_STORED) as fresh:
        for entry in package.infolist():
            kept = entry.filename.endswith(keep)
            fresh.writestr(entry.filename, package.read(entry) if kept else b"")
    smaller.seek(0)
    return smaller


def _check_entries(package: zipfile.ZipFile, name: str) -> None:
    entries = package.infolist()
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Unreadable("dangerous_content", name=name, reason="zip bomb")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("encrypted", name=name)
        if entry.file_size > 2**20 and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise Unreadable("dangerous_content", name=name, reason="zip bomb")
        parts = entry.filename.replace("\\", "/").split("/")
        if parts[0] == "" or ".." in parts or ":" in parts[0]:
            raise Unreadable("dangerous_content", name=name, reason="../")


def _check_xml(package: zipfile.ZipFile, name: str, most: int) -> None:
    for entry in package.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        if entry.file_size > most:
            raise Unreadable("too_long", name=name, limit=TEXT_LIMIT)
        if _has_doctype(package, entry):
            raise Unreadable("dangerous_content", name=name, reason="DOCTYPE")


def _has_doctype(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Looked for piece by piece: a sheet of a million rows is 235 MB of XML."""
    with package.open(entry) as part:
        before = b""
        while piece := part.read(_PIECE):
            joined = before + piece
            if any(mark in joined for mark in _DOCTYPES):
                return True
            before = joined[-_OVERLAP:]
    return False
