"""PDF, page by page: each judged, laid out in the order of reading, and sent on its way.

What a page says is believed when it is writing (``judging``), can be seen on the paper
(``hidden``), and is the page's own rather than what runs along its edges (``running``). A page
that fails is given up in one place, ``_unread``, with the reason as its note.
"""

from collections.abc import Iterator, Set
from typing import BinaryIO

import msgspec

from appliance.index.reading import characters, embedded, judging, layout, reading_order, tables
from appliance.index.reading.ahead import Ahead
from appliance.index.reading.book import Book
from appliance.index.reading.hyphens import Words
from appliance.index.reading.lines import Line
from appliance.index.reading.running import Running
from appliance.index.reading.sheets import BLANK, Sheet
from appliance.index.reading.wire import Found, Outline, Scan
from appliance.records import Ocr, Page

_SAMPLED = 8  # pages looked at beforehand, for what they tell of the others


class Habits:
    """What a few pages, looked at beforehand, tell of the others.

    The size of the plain letters, words that the document uses, lines that run along its pages,
    and whether its tables must be looked at ``closely``. Those pages are kept until they are read.
    """

    def __init__(self, book: Book, ahead: Ahead | None = None) -> None:
        self._book = book
        self._ahead = ahead
        self._sampled = {number: book.look(number, closely=True) for number in _sample(book)}
        seen = list(self._sampled.values())
        self.body = layout.body_size([sheet.lines for sheet in seen])
        self.words = Words(sheet.text for sheet in seen)
        self.running = Running(book.pages, self._sampled)
        self.closely = any(
            _rows(sheet) > _rows(book.look(number))
            for number, sheet in self._sampled.items()
            if _rows(sheet)
        )

    def look(self, number: int) -> Sheet:
        """The page, from what is known, or was seen ahead, or from the book."""
        seen = self._ahead.look(number) if self._ahead is not None else None
        if number in self._sampled:
            return self._sampled.pop(number)
        return seen or self._book.look(number, closely=self.closely)


def read(
    stream: BinaryIO,
    name: str,
    *,
    first: int = 1,
    ocr: Ocr = "auto",
    ahead: Ahead | None = None,
) -> Iterator[Found | Scan]:
    """The outline, then page after page as it is read, from page ``first`` on, then the files
    embedded in it. ``ahead`` helps with a long document.

    Notes of a page that was read: hidden_text (writing that cannot be seen was left out),
    ocr_layer (the words are those that OCR laid over a picture), columns, rotated, mojibake,
    fragmented, glued (each mended), removed_header, removed_footer, second_opinion (pypdf read
    it). A page that cannot be read as text is a ``Scan``, to be read off its picture, that says
    why: no_text, garbled (its letters have no known meaning) or fragmented; with ``ocr`` "always"
    every page is one, with "never" it is ``how="unreadable"`` with that note. It is unreadable
    with the note too_heavy where its content is a bomb. Raises ``Unreadable`` as ``Book`` does.
    """
    book = Book(stream, name)
    yield Outline(pages=book.pages, title=book.title(), paged=True)
    habits = Habits(book, ahead)
    if ahead is not None:
        # Of a page that may be a bomb pypdf is asked first, and the helper has none.
        if ocr == "always" or book.paper is None or book.may_burst:
            ahead.end()
        else:
            ahead.begin(first, book.pages, closely=habits.closely)
    for number in range(first, book.pages + 1):
        page = _unread(number, "", BLANK) if ocr == "always" else _page(book, number, habits)
        is_picture = page.how == "unreadable" and "too_heavy" not in page.notes and ocr != "never"
        yield _scan(book, page) if is_picture else page
    yield from embedded.files(book.structure)


def _scan(book: Book, page: Page) -> Scan | Page:
    """A page that was given up, as a picture for OCR."""
    from appliance.index.reading import scans  # numpy: 0.1 s that most documents never need

    return scans.scan(book, page.number, page.notes[0])


def _sample(book: Book) -> list[int]:
    """Pages from all over the book, in pairs, because left and right ones may differ."""
    step = max(2, 2 * book.pages // _SAMPLED)
    starts = range(1, book.pages + 1, step)[: _SAMPLED // 2]
    pairs = [number for start in starts for number in (start, start + 1)]
    return [number for number in pairs if number <= book.pages and not book.is_heavy(number)]


def _rows(sheet: Sheet) -> int:
    return sum(len(line.cells) > 1 for line in sheet.lines)


def _page(book: Book, number: int, habits: Habits) -> Page:
    if book.is_heavy(number):
        return _unread(number, "too_heavy", BLANK)
    sheet = habits.look(number)
    raw = sheet.text
    fault = judging.fault(raw)
    written = book.written(number) if sheet.annotated else []
    if fault:
        # pypdf sees what is hidden, too; where something is, it is not asked.
        second = "" if "hidden_text" in sheet.notes else book.second_opinion(number)
        if not judging.fault(second):
            return _digital(number, characters.paragraphs(second), {"second_opinion"}, sheet)
        if fault != "glued" and not written:
            return _unread(number, fault, sheet)
        sheet = sheet._replace(lines=sheet.lines if fault == "glued" else [])
    if judging.has_mojibake(raw):
        mended = _without_mojibake(sheet)
        if mended is None:
            return _unread(number, "garbled", sheet)
        sheet = mended
    return _written(number, sheet, written, habits)


def _written(number: int, sheet: Sheet, written: list[str], habits: Habits) -> Page:
    """The page laid out: its running lines taken, columns and tables in the order of reading."""
    parted = habits.running.parted(number, sheet)
    lines, in_columns = reading_order.ordered(parted.lines)
    if not in_columns:
        lines = tables.rows(lines, habits.words)
    text, headings = layout.written(lines, habits.body, habits.words)
    for aside in sheet.asides:
        text += "\n\n" + layout.written(aside, habits.body, habits.words)[0]
    text += "\n\n" + "\n".join(written) if written else ""
    notes = {*parted.notes, *(("columns",) if in_columns else ())}
    page = _digital(number, text.strip("\n"), notes, sheet)
    removed = (*parted.removed, *page.removed)
    return msgspec.structs.replace(page, headings=headings, removed=removed)


def _digital(number: int, text: str, notes: Set[str], sheet: Sheet) -> Page:
    return Page(
        number=number,
        how="ocr" if sheet.layered else "digital",
        text=text,
        notes=tuple(sorted({*notes, *sheet.notes})),
        removed=(sheet.hidden,) if sheet.hidden else (),
    )


def _unread(number: int, note: str, sheet: Sheet) -> Page:
    """The one place that gives a page up: it has no text that can be believed."""
    removed = (sheet.hidden,) if sheet.hidden else ()
    notes = (note, *(("hidden_text",) if sheet.hidden else ()))
    return Page(number=number, how="unreadable", text="", notes=notes, removed=removed)


def _without_mojibake(sheet: Sheet) -> Sheet | None:
    """The page with its letters as they were meant; None where some cannot be known."""
    parts: list[list[Line]] = []
    for part in (sheet.lines, *sheet.asides):
        mended = [tuple(map(judging.repaired, line.cells)) for line in part]
        if any(cell is None for cells in mended for cell in cells):
            return None
        parts.append(
            [
                line._replace(cells=tuple(cell or "" for cell in cells))
                for line, cells in zip(part, mended, strict=True)
            ]
        )
    notes = tuple(sorted({*sheet.notes, "mojibake"}))
    return sheet._replace(lines=parts[0], asides=tuple(parts[1:]), notes=notes)
