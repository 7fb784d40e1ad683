"""What a file is, decided by its first bytes and never by its name.

The name only has a veto: a file that claims one type and holds another is
refused, because whoever sent it is mistaken or is lying. Nothing is parsed
here beyond signatures and a zip's list of names, so the web process can ask
while an upload is still warm (under 50 ms for any file).
"""

import struct
import zipfile
from pathlib import Path, PurePath

from appliance.errors import Unreadable, UnsupportedType
from appliance.index.reading import encodings
from appliance.records import Record

HEAD = 64 * 1024
_LARGEST_DIRECTORY = 4 * 2**20  # bytes of a zip's list of names; 4 MiB is 40,000 entries


class Kind(Record, frozen=True):
    """A type of file: its media type, whether it has pages, and its name for people."""

    media_type: str
    paged: bool
    name: str


PDF = Kind(media_type="application/pdf", paged=True, name="PDF")
DOCX = Kind(
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    paged=False,
    name="DOCX",
)
HTML = Kind(media_type="text/html", paged=False, name="HTML")
MARKDOWN = Kind(media_type="text/markdown", paged=False, name="Markdown")
TEXT = Kind(media_type="text/plain", paged=False, name="TXT")
KINDS = (PDF, DOCX, HTML, MARKDOWN, TEXT)

_BY_SUFFIX = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": TEXT,
    ".text": TEXT,
}
_SIGNATURES = (
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\xd0\xcf\x11\xe0", "DOC/XLS/PPT"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"RIFF", "WEBP/WAV/AVI"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"%!PS", "PostScript"),
)
_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body")
_IN_ZIP = (
    ("xl/", "XLSX"),
    ("ppt/", "PPTX"),
    ("META-INF/container.xml", "EPUB"),
    ("content.xml", "ODT/ODS/ODP"),
)


def recognise(path: Path, file_name: str) -> Kind:
    """The kind of the file at ``path``, which its sender calls ``file_name``.

    Raises ``UnsupportedType`` (unsupported_type) for what this house does not
    read, and ``Unreadable`` with empty_file, type_mismatch (the content is not
    what the name says) or encrypted (a Word file under a password).
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty_file", name=file_name)
    claimed = _BY_SUFFIX.get(PurePath(file_name.replace("\\", "/")).suffix.lower())
    found = _content(path, head, claimed, file_name)
    if isinstance(found, str):
        if claimed:
            raise Unreadable("type_mismatch", name=file_name, claimed=claimed.name, found=found)
        raise UnsupportedType("unsupported_type", name=file_name, type=found)
    if claimed and not _agree(claimed, found):
        raise Unreadable("type_mismatch", name=file_name, claimed=claimed.name, found=found.name)
    return found


def by_media_type(media_type: str) -> Kind:
    """The kind that a stored document had; raises KeyError for a type never accepted."""
    return {kind.media_type: kind for kind in KINDS}[media_type]


def _agree(claimed: Kind, found: Kind) -> bool:
    written = {HTML.name, MARKDOWN.name, TEXT.name}
    return claimed == found or {claimed.name, found.name} <= written


def _content(path: Path, head: bytes, claimed: Kind | None, file_name: str) -> Kind | str:
    """A kind, or the name of something that is none of ours."""
    start = head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _zip(path, head, claimed)
    if start.startswith(b"\xd0\xcf\x11\xe0") and _is_locked_office(path):
        raise Unreadable("encrypted", name=file_name)
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    # Readers accept %PDF- anywhere in the first kilobyte; markup before it is a disguise.
    if b"%PDF-" in head[:1024] and not start.startswith(b"<"):
        return PDF
    return _written(head, claimed, file_name)


def _is_locked_office(path: Path) -> bool:
    """Whether an OLE file is Office's wrapping of an encrypted docx (MS-OFFCRYPTO 2.3)."""
    with path.open("rb") as file:
        return "EncryptedPackage".encode("utf-16-le") in file.read(2**20)


def _zip(path: Path, head: bytes, claimed: Kind | None) -> Kind | str:
    try:
        names = _names(path)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
        # Cut off in transit: its reader will say "damaged", which helps more than "not a docx".
        return DOCX if claimed == DOCX and _begins_as_office(head) else "ZIP"
    if "word/document.xml" in names:
        return DOCX
    for prefix, name in _IN_ZIP:
        if any(entry.startswith(prefix) for entry in names):
            return name
    return "ZIP"


def _begins_as_office(head: bytes) -> bool:
    marks = (b"[Content_Types].xml", b"_rels/.rels", b"word/", b"docProps/")
    return any(mark in head for mark in marks)


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


def _written(head: bytes, claimed: Kind | None, file_name: str) -> Kind | str:
    """Which kind of plain writing this is; a name when it is none, or not writing at all."""
    text = encodings.decode(head)
    if text is None:
        return "binary"
    opening = _opening(text)
    is_page = opening.startswith(_PAGE_STARTS)
    if claimed in (MARKDOWN, TEXT):
        return HTML if is_page and claimed == TEXT else claimed
    if is_page or (claimed == HTML and "<" in text):
        return HTML
    suffix = PurePath(file_name).suffix
    if claimed is None and (suffix or opening.startswith("<")):
        return (suffix.lstrip(".") or "XML").upper()
    return TEXT


def _opening(text: str) -> str:
    """The first characters after an XML declaration, in lower case."""
    opening = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if opening.startswith("<?xml"):
        opening = opening.partition("?>")[2].lstrip()
    return opening
