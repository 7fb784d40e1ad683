"""Documents made for the tests of reading, and one call that reads them as the house does."""

import contextlib
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import psutil
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import child, kinds
from appliance.index.reading import pdf as reading_pdf
from appliance.index.reading.wire import Outline
from appliance.records import Page

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def read(path: Path, *, seconds: int = 60, memory_mb: int = 1024) -> tuple[Outline, list[Page]]:
    """The outline and the pages of the file at ``path``, through a real reader."""
    kind = kinds.recognise(path, path.name)
    first, *rest = child.read(path, kind, name=path.name, memory_mb=memory_mb, seconds=seconds)
    assert isinstance(first, Outline)
    return first, [page for page in rest if isinstance(page, Page)]


def text_of(path: Path) -> str:
    """The text of the file's only page."""
    _, (page,) = read(path)
    return page.text


def pages_of(path: Path) -> list[Page]:
    """The pages of a PDF, read in this process without OCR: faster, and as a fault it shows its
    place."""
    with path.open("rb") as file:
        found = list(reading_pdf.read(file, path.name, ocr="never"))
    return [one for one in found if isinstance(one, Page)]


def started(*marks: str) -> list[psutil.Process]:
    """The processes that this test process started, that still run, and whose line says one
    of ``marks``. Others of its children are not for a test to count: pytest and Python have
    theirs."""
    found = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            line = " ".join(process.cmdline())
            if any(mark in line for mark in marks) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file whose folder names ``streams``."""
    entries = [
        name.encode("utf-16-le").ljust(64, b"\0") + (2 * len(name) + 2).to_bytes(2, "little")
        for name in streams
    ]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(entries) + bytes(200)


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    """``content`` as a file in ``folder``."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def drawn(path: Path, *pages: Callable[[Canvas], None], title: str | None = None) -> Path:
    """A PDF whose pages are drawn by ``pages``, one function each."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    if title:
        canvas.setTitle(title)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def lines_at(
    lines: Sequence[str], *, left: float = 72, top: float = 760, size: float = 12, step: float = 15
) -> Callable[[Canvas], None]:
    """Draws ``lines`` one under the other, ``step`` points apart."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number, line in enumerate(lines):
            canvas.drawString(left, top - number * step, line)

    return draw


def pdf(path: Path, *pages: Sequence[str], title: str | None = None) -> Path:
    """A PDF with one list of lines for each page."""
    return drawn(path, *(lines_at(lines) for lines in pages), title=title)


def raw_pdf(path: Path, content: bytes, *, pages: int = 1) -> Path:
    """A PDF written by hand; ``content`` is the unpacked content of every page."""
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 3 0 R"
        b"/Resources<</Font<</F 4 0 R>>>>>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *[page] * pages,
    ]
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF" % table)
    path.write_bytes(out.getvalue())
    return path


def word(path: Path, write: Callable[[Any], None]) -> Path:
    """A Word file that ``write`` fills."""
    paper = docx.Document()
    write(paper)
    paper.save(str(path))
    return path


def bare_word(
    path: Path, body: str, *, before: str = "", parts: dict[str, str] | None = None
) -> Path:
    """A Word file around the XML ``body``; ``before`` stands before its root element."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", CONTENT_TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body>'
            "</w:document>",
        )
        for name, content in (parts or {}).items():
            package.writestr(name, content)
    return path
