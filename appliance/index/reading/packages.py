"""Office files are zips of XML: what is checked before any parser sees one.

A zip says beforehand how large its entries become, so a bomb is refused from
its list of names in milliseconds; ``zipfile`` never gives more bytes than an
entry declares. XML with a document type could name entities and outside files,
which no word processor writes: it is refused, not parsed with care. Books, formulas and
old manifests do carry the name of a document type; there only entities are refused.
"""

import io
import zipfile
import zlib
from typing import Any, BinaryIO

from lxml import etree

from appliance.errors import Unreadable
from appliance.index.reading import mending
from appliance.index.reading.sheet import TEXT_LIMIT

ENTRIES = 10_000
UNPACKED = 512 * 2**20  # pictures included
XML_PART = 64 * 2**20  # one part in memory; a parsed tree takes about eight times that
RATIO = 200  # XML packs 10 to 40 times; DEFLATE cannot pass 1032
_PIECE = 2**20
_OVERLAP = 32  # bytes: more than the longest mark, which may lie across two pieces
_WRITTEN_AS = ("ascii", "utf-16-le", "utf-16-be")
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in _WRITTEN_AS)
_DOCTYPES = _ENTITIES + tuple("<!DOCTYPE".encode(encoding) for encoding in _WRITTEN_AS)


def opened(
    stream: BinaryIO, name: str, *, doctypes: bool = False, part: int = XML_PART
) -> zipfile.ZipFile:
    """The zip in ``stream``, checked; ``doctypes`` lets document types without entities pass,
    ``part`` is the most bytes that one XML part may have.

    Raises ``Unreadable``: damaged (no zip, or cut off), encrypted, or
    dangerous_content (a bomb, a path out of the package, a document type).
    """
    try:
        package = zipfile.ZipFile(stream)
        _check_entries(package, name)
        package = mending.aligned(package, stream)
        _check_xml(package, name, part, _ENTITIES if doctypes else _DOCTYPES)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as fault:
        raise Unreadable("damaged", name=name) from fault
    except (RuntimeError, NotImplementedError) as fault:  # zipfile's words for a password
        raise Unreadable("encrypted", name=name) from fault
    return package


def parsed(package: zipfile.ZipFile, part: str, name: str) -> Any:
    """The root element of the package's part. Raises ``Unreadable("damaged")`` where it is
    missing or is no XML."""
    try:
        return tree(package.read(part))
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error) as fault:
        raise Unreadable("damaged", name=name) from fault


def tree(part: bytes) -> Any:
    """The root element of XML, by a parser that loads nothing and resolves nothing, whatever
    the part says. Raises ``etree.XMLSyntaxError``."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(part, parser)


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


def _check_xml(package: zipfile.ZipFile, name: str, most: int, refused: tuple[bytes, ...]) -> None:
    for entry in package.infolist():
        if not entry.filename.endswith((".xml", ".rels", ".opf")):
            continue
        if entry.file_size > most:
            raise Unreadable("too_long", name=name, limit=TEXT_LIMIT)
        if _holds(package, entry, refused):
            raise Unreadable("dangerous_content", name=name, reason="DOCTYPE")


def _holds(package: zipfile.ZipFile, entry: zipfile.ZipInfo, marks: tuple[bytes, ...]) -> bool:
    """Looked for piece by piece: a sheet of a million rows is 235 MB of XML."""
    with package.open(entry) as part:
        before = b""
        while piece := part.read(_PIECE):
            joined = before + piece
            if any(mark in joined for mark in marks):
                return True
            before = joined[-_OVERLAP:]
    return False
