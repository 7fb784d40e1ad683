"""An open PDF: pypdf for its structure, pdfium for what stands on its pages.

Measured on the same files: pdfium reads 500 to 780 pages a CPU second and
keeps the rows of tables together; pypdf reads 137 to 174 and puts every cell
on its own line. So pdfium reads the text, and pypdf, which has budgets where
pdfium would take a gigabyte and abort, looks first where a page may be a bomb:
how many bytes its content unpacks to. It also knows who locked the file, its
title, its fields and comments, and reads pages in which pdfium finds no words.
"""

import ctypes
import mmap
from typing import Any, BinaryIO

import pypdf
import pypdfium2
from pypdf.errors import LimitReachedError

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import characters, forms, sheets, streams
from appliance.index.reading.sheets import BLANK, Sheet

PAGES_LIMIT = 20_000
CONTENT_LIMIT = 16 * 2**20  # unpacked bytes of one page's content; a dense one has 200 KB
_SECOND_LIMIT = 2**20
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
        memory = mapped(stream)
        self.paper = opened(memory, name, is_open=self.structure is not None)
        self.may_burst = streams.may_burst(memory, CONTENT_LIMIT)
        if self.paper is None and self.structure is None:
            raise Unreadable("damaged", name=name)
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

    def is_heavy(self, number: int) -> bool:
        """Whether a page's content is a bomb: more than ``CONTENT_LIMIT`` bytes once unpacked."""
        return self.may_burst and self._unpacks_beyond(CONTENT_LIMIT, number)

    def _unpacks_beyond(self, limit: int, number: int) -> bool:
        if self.structure is None:
            return False
        try:
            content = self.structure.pages[number - 1].get_contents()
            return content is not None and len(content.get_data()) > limit
        except LimitReachedError:
            return True
        except Exception:  # noqa: BLE001 - broken for pypdf; pdfium may still read it
            return False

    def look(self, number: int, *, closely: bool = False) -> Sheet:
        """What pdfium finds on a page; nothing when it cannot read the page."""
        return BLANK if self.paper is None else look(self.paper, number, closely=closely)

    def second_opinion(self, number: int) -> str:
        """The words of a page as pypdf reads them; "" when it finds none, fails, or would take
        long (it reads 150 KB of content a second)."""
        if self.structure is None or self._unpacks_beyond(_SECOND_LIMIT, number):
            return ""
        try:
            text: str = self.structure.pages[number - 1].extract_text()
        except Exception:  # noqa: BLE001 - any exception here means "no words from pypdf"
            return ""
        finally:
            # It has looked whether the page's pictures are texts, and keeps all it looks at:
            # a scan of 300 MB would be in memory whole.
            self.structure.resolved_objects.clear()
        return text

    def written(self, number: int) -> list[str]:
        """The values of a page's fields, and its comments, one line each."""
        try:
            return forms.written(self.structure.pages[number - 1]) if self.structure else []
        except Exception:  # noqa: BLE001 - a broken form is no reason to lose the page
            return []


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


def look(paper: pypdfium2.PdfDocument, number: int, *, closely: bool = False) -> Sheet:
    """What pdfium finds on page ``number`` (from 1); nothing when it cannot read the page."""
    try:
        page = paper[number - 1]
    except pypdfium2.PdfiumError:
        return BLANK
    try:
        return sheets.look(page, closely=closely)
    finally:
        page.close()


def mapped(stream: BinaryIO) -> mmap.mmap:
    """The file, mapped rather than opened by name: the reader may not open files any more, and
    pages of a large scan stay in memory only while they are read."""
    return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)


def opened(memory: mmap.mmap, name: str, *, is_open: bool) -> pypdfium2.PdfDocument | None:
    """pdfium's document over the mapped file, or None for a broken file. ``is_open`` says that
    no password is missing; else ``Unreadable`` (encrypted) where one is."""
    whole = (ctypes.c_ubyte * len(memory)).from_buffer(memory)
    try:
        return pypdfium2.PdfDocument(whole)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code == _WRONG_PASSWORD and not is_open:
            raise Unreadable("encrypted", name=name) from fault
        return None  # a user password of AES-256 that is empty opens for pypdf alone
