"""What a container holds, from the list of its contents alone: zips and OLE files.

Nothing is unpacked. A list of names that is itself enormous is not read.
"""

import struct
import zipfile
from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0"
_LARGEST_DIRECTORY = 4 * 2**20  # bytes of a zip's list of names; 4 MiB is 40,000 entries
_LOOKED_AT = 2**20  # bytes at either end of an OLE file in which its folder is looked for

_IN_ZIP = (
    ("word/document", "DOCX"),
    ("xl/workbook", "XLSX"),
    ("ppt/presentation", "PPTX"),
    ("META-INF/container.xml", "EPUB"),
)
_MADE_OF = {
    b"application/vnd.oasis.opendocument.text": "ODT",
    b"application/vnd.oasis.opendocument.spreadsheet": "ODS",
    b"application/vnd.oasis.opendocument.presentation": "ODP",
    b"application/epub+zip": "EPUB",
}
# The names of an OLE file's streams, by which its maker is known (MS-CFB 2.6.1; MS-OFFCRYPTO
# 2.3 for the wrapping of an encrypted docx, MS-OXMSG 2.1 for a message).
_IN_OLE = (
    ("EncryptedPackage", "encrypted"),
    ("__properties_version1.0", "MSG"),  # before the others: a message may hold one of them
    ("WordDocument", "DOC"),
    ("Workbook", "XLS"),
    ("PowerPoint Document", "PPT"),
    ("Book", "XLS"),
)
_BEGINS = {
    "DOCX": (b"word/", b"docProps/", b"[Content_Types].xml", b"_rels/.rels"),
    "XLSX": (b"xl/", b"docProps/", b"[Content_Types].xml", b"_rels/.rels"),
    "PPTX": (b"ppt/", b"docProps/", b"[Content_Types].xml", b"_rels/.rels"),
    "ODT": (b"mimetype", b"content.xml"),
    "ODS": (b"mimetype", b"content.xml"),
    "ODP": (b"mimetype", b"content.xml"),
    "EPUB": (b"mimetype", b"META-INF/"),
}


def in_zip(path: Path, head: bytes, claimed: str) -> str:
    """The name of the kind that a zip is, or "ZIP". ``head`` are its first bytes, ``claimed`` the
    name of the kind it should be: one that was cut off in transit but begins as that kind is
    taken for it, because its reader will say "damaged", which helps more."""
    try:
        names = _names(path)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        marks = _BEGINS.get(claimed, ())
        return claimed if any(mark in head for mark in marks) else "ZIP"
    for mark, name in _MADE_OF.items():
        # The first entry, stored as it is (OpenDocument 1.2, part 3, 3.3); a template's has more.
        if head[30:38] == b"mimetype" and _follows(head, mark):
            return name
    for prefix, name in _IN_ZIP:
        if any(entry.startswith(prefix) for entry in names):
            return name
    if {"content.xml", "META-INF/manifest.xml"} <= names:  # its type is not where it belongs
        return claimed if claimed in _MADE_OF.values() else "ODT"
    return "ZIP"


def in_ole(path: Path) -> str:
    """The name of the kind that an OLE file is, "encrypted", or "" when its folder says nothing."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
        size = file.seek(0, 2)
        file.seek(max(len(start), size - _LOOKED_AT))
        looked_at = start + file.read()
    for stream, name in _IN_OLE:
        # A folder's entry is its name, zeros up to 64 bytes, then the name's length.
        written = stream.encode("utf-16-le")
        entry = written.ljust(64, b"\0") + struct.pack("<H", len(written) + 2)
        if entry in looked_at:
            return name
    return ""


def _follows(head: bytes, mark: bytes) -> bool:
    length, extra = struct.unpack_from("<HH", head, 26)
    return head[30 + length + extra :].startswith(mark)


def _names(path: Path) -> frozenset[str]:
    """The names in a zip; raises ValueError when their list alone is enormous."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))  # the longest comment and the end record
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise zipfile.BadZipFile("no end record")
    (length,) = struct.unpack_from("<I", tail, end + 12)
    if _LARGEST_DIRECTORY < length < 0xFFFFFFFF:
        raise ValueError("the list of names is enormous")
    with zipfile.ZipFile(path) as archive:
        return frozenset(archive.namelist())
