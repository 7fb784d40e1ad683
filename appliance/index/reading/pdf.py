"""PDF: pypdf for the structure, pdfium for the words, each page on its own.

Measured on the same files: pdfium reads 500 to 780 pages a CPU second and
keeps the rows of tables together; pypdf reads 137 to 174 and puts every cell
on its own line. So pdfium reads the text, and pypdf, which has budgets where
pdfium would take a gigabyte and abort, looks first: how many bytes the page's
content unpacks to, who locked the file, its title. pypdf also reads the pages
in which pdfium finds no words.
"""

import ctypes
import mmap
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdf
import pypdfium2
from pypdf.errors import LimitReachedError

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import characters, embedded, layout
from appliance.index.reading.lines import Line, Units, lines
from appliance.index.reading.wire import Found, Outline
from appliance.records import Heading, Page

PAGES_LIMIT = 20_000
CONTENT_LIMIT = 16 * 2**20  # unpacked bytes of one page's content; a dense one has 200 KB
_SECOND_LIMIT = 2**20
_SAMPLED = 8  # pages looked at beforehand for the size of the plain letters
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_JUNK_TITLES = ("untitled", "sem título", "microsoft word", "document", "documento", "title", "pdf")


class Book:
    """An open PDF. ``stream`` must be a real file; it stays open as long as the book.

    Raises ``Unreadable``: encrypted (a password is needed to open it), damaged,
    no_pages, too_many_pages (more than ``PAGES_LIMIT``).
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.structure = _structure(stream)
        self.paper = _paper(stream, name, is_open=self.structure is not None)
        if self.paper is None and self.structure is None:
            raise Unreadable("damaged", name=name)
        self._sampled: dict[int, list[Line]] = {}
        self.pages = self._count()
        if self.pages == 0:
            raise Unreadable("no_pages", name=name)
        if self.pages > PAGES_LIMIT:
            raise Unreadable("too_many_pages", name=name, limit=PAGES_LIMIT)

    def _count(self) -> int:
        if self.paper is not None and len(self.paper):
            return len(self.paper)
        try:
            return len(self.structure.pages) if self.structure is not None else 0
        except Exception:  # noqa: BLE001 - pypdf meets a broken tree with any exception there is
            return 0

    def title(self) -> str | None:
        """The title in the file's own description, unless a program made it up."""
        try:
            raw = self.structure.metadata.title if self.structure else None  # type: ignore[union-attr]
        except Exception:  # noqa: BLE001 - broken metadata is no reason to refuse a document
            return None
        title = characters.one_line(str(raw or ""))
        if len(title) < 3 or len(title) > 300 or title.lower().startswith(_JUNK_TITLES):
            return None
        return None if title.lower().endswith((".doc", ".docx", ".pdf", ".indd", ".tex")) else title

    def sheet(self, number: int) -> Any:
        """The pdfium page ``number`` (from 1). Raises ``NotFound("no_such_page")``."""
        if self.paper is None or not 1 <= number <= self.pages:
            raise NotFound("no_such_page", name=self.name, page=number, pages=self.pages)
        if self.is_heavy(number):
            raise Unreadable("too_big_in_memory", name=self.name)
        return self.paper[number - 1]

    def is_heavy(self, number: int, limit: int = CONTENT_LIMIT) -> bool:
        """Whether a page's content unpacks to more than ``limit`` bytes (by default, a bomb)."""
        if self.structure is None:
            return False
        try:
            content = self.structure.pages[number - 1].get_contents()
            return content is not None and len(content.get_data()) > limit
        except LimitReachedError:
            return True
        except Exception:  # noqa: BLE001 - broken for pypdf; pdfium may still read it
            return False

    def lines(self, number: int) -> list[Line]:
        """The lines of a page as pdfium finds them; none when it cannot read the page."""
        if self.paper is None:
            return []
        if number in self._sampled:
            return self._sampled.pop(number)
        try:
            page = self.paper[number - 1]
        except pypdfium2.PdfiumError:
            return []
        textpage = page.get_textpage()
        try:
            return list(lines(Units(textpage)))
        finally:
            textpage.close()
            page.close()

    def body_size(self) -> float:
        """The size of the document's plain letters, from a few pages (kept until they are read)."""
        step = max(1, self.pages // _SAMPLED)
        for number in range(1, self.pages + 1, step)[:_SAMPLED]:
            if not self.is_heavy(number):
                self._sampled[number] = self.lines(number)
        return layout.body_size(list(self._sampled.values()))

    def second_opinion(self, number: int) -> str:
        """The words of a page as pypdf reads them; "" when it finds none, fails, or would take
        long (it reads 150 KB of content a second)."""
        if self.structure is None or self.is_heavy(number, _SECOND_LIMIT):
            return ""
        try:
            text: str = self.structure.pages[number - 1].extract_text()
        except Exception:  # noqa: BLE001 - any exception here means "no words from pypdf"
            return ""
        return text


def read(stream: BinaryIO, name: str) -> Iterator[Found]:
    """The outline, then page after page as it is read, then the files embedded in it.

    A page without words is ``how="unreadable"`` with a note: no_text, garbled
    (its letters have no known meaning) or too_heavy. Raises ``Unreadable`` as
    ``Book`` does, and after the last page no_text (with ``pages``), garbled or
    too_big_in_memory when no page was usable.
    """
    book = Book(stream, name)
    yield Outline(pages=book.pages, title=book.title(), paged=True)
    body = book.body_size()
    notes: set[str] = set()
    usable = 0
    for number in range(1, book.pages + 1):
        page = _page(book, number, body)
        usable += page.how == "digital"
        notes.update(page.notes)
        yield page
    yield from embedded.files(book.structure)
    if not usable:
        raise _nothing(book, notes)


def _structure(stream: BinaryIO) -> pypdf.PdfReader | None:
    """pypdf's reader, or None where pypdf cannot make sense of the file."""
    try:
        reader = pypdf.PdfReader(stream, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return None  # pdfium says whether a password is what is missing
        _ = reader.trailer["/Root"]
    except Exception:  # noqa: BLE001 - pypdf meets broken files with any exception there is
        return None
    return reader


def _paper(stream: BinaryIO, name: str, *, is_open: bool) -> pypdfium2.PdfDocument | None:
    """pdfium's document over the file mapped into memory, or None for a broken file.

    Mapped rather than opened by name: the reader may not open files any more,
    and pages of a large scan stay in memory only while they are read.
    """
    memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    whole = (ctypes.c_ubyte * len(memory)).from_buffer(memory)
    try:
        return pypdfium2.PdfDocument(whole)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == _WRONG_PASSWORD and not is_open:
            raise Unreadable("encrypted", name=name) from fault
        return None  # a user password of AES-256 that is empty opens for pypdf alone


def _page(book: Book, number: int, body: float) -> Page:
    if book.is_heavy(number):
        return Page(number=number, how="unreadable", text="", notes=("too_heavy",))
    found = book.lines(number)
    raw = "\n".join(line.text for line in found)
    if _is_usable(raw):
        text, headings = layout.written(found, body)
        return _digital(number, text, headings)
    second = book.second_opinion(number)
    if _is_usable(second):
        return _digital(number, characters.paragraphs(second), ())
    note = "garbled" if raw.strip() or second.strip() else "no_text"
    return Page(number=number, how="unreadable", text="", notes=(note,))


def _digital(number: int, text: str, headings: tuple[Heading, ...]) -> Page:
    return Page(number=number, how="digital", text=text, headings=headings)


def _is_usable(raw: str) -> bool:
    return any(character.isalnum() for character in raw) and not characters.is_garbage(raw)


def _nothing(book: Book, notes: set[str]) -> Unreadable:
    if "too_heavy" in notes:
        return Unreadable("too_big_in_memory", name=book.name)
    code = "garbled" if notes == {"garbled"} else "no_text"
    return Unreadable(code, name=book.name, pages=book.pages)
