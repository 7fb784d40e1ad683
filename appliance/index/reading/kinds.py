"""What a file is, decided by its first bytes and never by its name.

The name only has a veto: a file that claims one type and holds another is
refused, because whoever sent it is mistaken or is lying. It also says which of
the ways to write text a text is in (a table, a message, Markdown), which no
signature tells. Nothing is parsed here beyond signatures and the list of what a
container holds (``containers``), so the web process can ask while an upload is
still warm (under 50 ms for any file).
"""

import re
from pathlib import Path, PurePath

from appliance.errors import Unreadable, UnsupportedType
from appliance.index.reading import containers, encodings
from appliance.records import Record

HEAD = 64 * 1024


class Kind(Record, frozen=True):
    """A type of file: its media type, its name for people, the module that reads it.

    ``paged``: its pages are ones that people count, and citations name them.
    ``pictured``: its pages can be drawn. ``resumable``: its reader can begin at any page.
    """

    media_type: str
    name: str
    reader: str
    paged: bool = False
    pictured: bool = False
    resumable: bool = False


def _office(name: str, made_of: str, reader: str, *, paged: bool = False) -> Kind:
    media_type = f"application/vnd.openxmlformats-officedocument.{made_of}"
    return Kind(media_type=media_type, name=name, reader=reader, paged=paged)


def _open(name: str, made_of: str, reader: str, *, paged: bool = False) -> Kind:
    media_type = f"application/vnd.oasis.opendocument.{made_of}"
    return Kind(media_type=media_type, name=name, reader=reader, paged=paged)


def _picture(name: str, media_type: str) -> Kind:
    return Kind(media_type=media_type, name=name, reader="image", paged=True, pictured=True)


PDF = Kind(
    media_type="application/pdf",
    name="PDF",
    reader="pdf",
    paged=True,
    pictured=True,
    resumable=True,
)
PNG = _picture("PNG", "image/png")
JPEG = _picture("JPEG", "image/jpeg")
TIFF = _picture("TIFF", "image/tiff")
WEBP = _picture("WEBP", "image/webp")
DOCX = _office("DOCX", "wordprocessingml.document", "docx")
XLSX = _office("XLSX", "spreadsheetml.sheet", "spreadsheet")
PPTX = _office("PPTX", "presentationml.presentation", "slides", paged=True)
ODT = _open("ODT", "text", "opendocument")
ODS = _open("ODS", "spreadsheet", "spreadsheet")
ODP = _open("ODP", "presentation", "opendocument", paged=True)
DOC = Kind(media_type="application/msword", name="DOC", reader="legacy")
XLS = Kind(media_type="application/vnd.ms-excel", name="XLS", reader="spreadsheet")
PPT = Kind(media_type="application/vnd.ms-powerpoint", name="PPT", reader="legacy", paged=True)
MSG = Kind(media_type="application/vnd.ms-outlook", name="MSG", reader="outlook")
RTF = Kind(media_type="application/rtf", name="RTF", reader="rtf")
EPUB = Kind(media_type="application/epub+zip", name="EPUB", reader="epub")
HTML = Kind(media_type="text/html", name="HTML", reader="html")
MARKDOWN = Kind(media_type="text/markdown", name="Markdown", reader="markdown")
TEXT = Kind(media_type="text/plain", name="TXT", reader="text")
CSV = Kind(media_type="text/csv", name="CSV", reader="delimited")
TSV = Kind(media_type="text/tab-separated-values", name="TSV", reader="delimited")
EML = Kind(media_type="message/rfc822", name="EML", reader="mail")
MBOX = Kind(media_type="application/mbox", name="MBOX", reader="mail")
JSON = Kind(media_type="application/json", name="JSON", reader="structured")
XML = Kind(media_type="application/xml", name="XML", reader="structured")

KINDS = (
    *(PDF, PNG, JPEG, TIFF, WEBP),
    *(DOCX, XLSX, PPTX, ODT, ODS, ODP, DOC, XLS, PPT, MSG, RTF, EPUB),
    *(HTML, MARKDOWN, TEXT, CSV, TSV, EML, MBOX, JSON, XML),
)

SUFFIXES = {
    ".pdf": PDF,
    **{".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF, ".webp": WEBP},
    **{".docx": DOCX, ".docm": DOCX, ".dotx": DOCX, ".doc": DOC, ".dot": DOC},
    **{".xlsx": XLSX, ".xlsm": XLSX, ".xls": XLS},
    **{".pptx": PPTX, ".ppsx": PPTX, ".pptm": PPTX, ".ppt": PPT, ".pps": PPT},
    **{".odt": ODT, ".ott": ODT, ".ods": ODS, ".odp": ODP},
    **{".msg": MSG, ".rtf": RTF, ".epub": EPUB},
    **{".html": HTML, ".htm": HTML, ".xhtml": HTML},
    **{".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": TEXT, ".text": TEXT, ".log": TEXT},
    **{".csv": CSV, ".tsv": TSV, ".tab": TSV, ".json": JSON, ".xml": XML},
    **{".eml": EML, ".mbox": MBOX, ".mbx": MBOX},
}

# Texts: which of them one is, its name says; its content alone could be any of them.
WRITTEN = (HTML, MARKDOWN, TEXT, CSV, TSV, EML, MBOX, JSON, XML)

_SIGNATURES: tuple[tuple[bytes, Kind | str], ...] = (
    (b"{\\rtf", RTF),
    (b"\x89PNG", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"GIF8", "GIF"),
    (b"RIFF", "WAV/AVI"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"%!PS", "PostScript"),
    # Excel before it wrote into OLE files: the record that begins a workbook (BIFF 2 to 4).
    (b"\x09\x00\x04\x00", XLS),
    (b"\x09\x02\x06\x00", XLS),
    (b"\x09\x04\x06\x00", XLS),
)
_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body")
_HEADER_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*:(\s|$)")
_MAILBOX_LINE = re.compile(r"From \S+ .*\d{4}")


def recognise(path: Path, file_name: str) -> Kind:
    """The kind of the file at ``path``, which its sender calls ``file_name``.

    Raises ``UnsupportedType`` (unsupported_type) for what this house does not
    read, and ``Unreadable`` with empty_file, type_mismatch (the content is not
    what the name says) or encrypted (an Office file under a password).
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty_file", name=file_name)
    claimed = SUFFIXES.get(PurePath(file_name.replace("\\", "/")).suffix.lower())
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
    # A picture under another picture's ending is read all the same: cameras and scanners do it.
    alike = ({kind.name for kind in WRITTEN}, {PNG.name, JPEG.name, TIFF.name, WEBP.name})
    return claimed == found or any({claimed.name, found.name} <= group for group in alike)


def _content(path: Path, head: bytes, claimed: Kind | None, file_name: str) -> Kind | str:
    """A kind, or the name of something that is none of ours."""
    start = head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _named(containers.in_zip(path, head, claimed.name if claimed else ""))
    if start.startswith(containers.OLE):
        held = containers.in_ole(path)
        if held == "encrypted":
            raise Unreadable("encrypted", name=file_name)
        # An old binary file whose folder cannot be read: its reader will say "damaged".
        return claimed if not held and claimed in (DOC, XLS, PPT, MSG) else _named(held or "OLE")
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return WEBP
    for signature, known in _SIGNATURES:
        # Signatures of zeros and controls count where the file begins, not after blanks.
        if (head if signature[0] < 16 else start).startswith(signature):
            return known
    # Readers accept %PDF- anywhere in the first kilobyte; markup before it is a disguise.
    if b"%PDF-" in head[:1024] and not start.startswith(b"<"):
        return PDF
    return _written(head, claimed, file_name)


def _named(name: str) -> Kind | str:
    return next((kind for kind in KINDS if kind.name == name), name)


def _written(head: bytes, claimed: Kind | None, file_name: str) -> Kind | str:
    """Which kind of plain writing this is; a name when it is none, or not writing at all."""
    text = encodings.decode(head)
    if text is None:
        return "binary"
    opening = _opening(text)
    is_page = opening.startswith(_PAGE_STARTS)
    if claimed in WRITTEN and claimed not in (TEXT, HTML, XML):
        return claimed
    if is_page or (claimed == HTML and "<" in text):
        return HTML
    if claimed in (TEXT, XML):
        return claimed
    suffix = PurePath(file_name).suffix
    if claimed is None and suffix:
        return suffix.lstrip(".").upper()
    return XML if opening.startswith("<") else _unnamed(text)


def _unnamed(text: str) -> Kind:
    """What a text without a name is: a message begins with its headers, a mailbox with one."""
    lines = text.lstrip("\ufeff \r\n").splitlines()[:4]
    if lines and _MAILBOX_LINE.match(lines[0]):
        return MBOX
    headed = [line for line in lines if _HEADER_LINE.match(line) or line[:1] in " \t"]
    mail = any(line.lower().startswith(("from:", "received:", "return-path:")) for line in lines)
    return EML if mail and len(lines) >= 3 and len(headed) == len(lines) else TEXT


def _opening(text: str) -> str:
    """The first characters after an XML declaration, in lower case."""
    opening = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if opening.startswith("<?xml"):
        opening = opening.partition("?>")[2].lstrip()
    return opening
