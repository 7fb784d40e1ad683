"""The one page that a document without pages becomes.

Readers of docx, HTML and Markdown write blocks onto a sheet in reading order;
the sheet tidies each, keeps where headings start, and refuses to grow past
what one document may hold. A slide or a message is a sheet of its own (``leaf``),
and ``bound`` holds their sum to the same limit.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from appliance.errors import Unreadable
from appliance.index.reading import characters
from appliance.index.reading.wire import Outline
from appliance.records import Heading, Page

# 4 million characters are about 1,400 pages of A4, longer than any regulation.
TEXT_LIMIT = 4_000_000
BYTES_LIMIT = 4 * TEXT_LIMIT


class Sheet:
    """Collects blocks of text; ``page`` gives them as page 1.

    Raises ``Unreadable("too_long")`` from any block that passes ``TEXT_LIMIT``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.headings: list[Heading] = []
        self._parts: list[str] = []
        self._length = 0
        self.blocks = 0

    def paragraph(self, text: str) -> None:
        """A block of its own, after an empty line; inner line breaks stay."""
        self._write(characters.paragraphs(text), "\n\n")

    def line(self, text: str) -> None:
        """A list item or a table row: right under what stands before it."""
        self._write(characters.one_line(text), "\n")

    def row(self, cells: Iterable[str]) -> None:
        """A table row as "a | b | c"; a row of empty cells is left out."""
        tidied = [characters.one_line(cell) for cell in cells]
        if any(tidied):
            self.line(" | ".join(tidied))

    def gap(self) -> None:
        """An empty line before whatever comes next (a list or a table begins)."""
        if self._parts and not self._parts[-1].endswith("\n\n"):
            self._add("\n\n")

    def heading(self, text: str, level: int) -> None:
        """A heading on its own line; ``level`` 1 is top."""
        title = characters.one_line(text)
        if title:
            self.gap()
            self.headings.append(Heading(start=self._length, level=level, title=title))
            self._write(title, "\n\n")
            self.gap()

    def mark(self, title: str, level: int) -> None:
        """A heading that has no line of its own: it names what is written next."""
        self.gap()
        if named := characters.one_line(title):
            self.headings.append(Heading(start=self._length, level=level, title=named))

    @property
    def length(self) -> int:
        """How many characters were written."""
        return self._length

    @property
    def is_empty(self) -> bool:
        """Whether nothing with a letter or a digit was written yet."""
        return not any(character.isalnum() for part in self._parts for character in part)

    def page(self) -> Page:
        """What was written. Raises ``Unreadable("no_words")`` when it holds no letter or digit."""
        if self.is_empty:
            raise Unreadable("no_words", name=self.name)
        return Page(number=1, how="digital", text=self.text, headings=tuple(self.headings))

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts).rstrip()

    def leaf(self, number: int, *, pictured: bool = False, notes: tuple[str, ...] = ()) -> Page:
        """What was written as page ``number`` of several; it may be blank. ``pictured`` says
        that there is a picture: with no word beside it, the page is one that was not read."""
        text = "".join(self._parts).rstrip()
        if self.is_empty and pictured:
            return Page(number=number, how="unreadable", text="", notes=("no_text", *notes))
        headings = tuple(self.headings)
        return Page(number=number, how="digital", text=text, notes=notes, headings=headings)

    def outline(self, title: str | None = None) -> Outline:
        """The outline of a document without pages, under ``title`` or its first top heading."""
        tops = (heading.title for heading in self.headings if heading.level == 1)
        own = characters.one_line(title or "") or next(tops, None)
        return Outline(pages=1, title=own, paged=False)

    def _write(self, text: str, before: str) -> None:
        if not text:
            return
        if self._parts and not self._parts[-1].endswith("\n\n"):
            self._add(before)
        self._add(text)
        self.blocks += 1

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > TEXT_LIMIT:
            raise Unreadable("too_long", name=self.name, limit=TEXT_LIMIT)
        self._parts.append(text)


def under(title: str, page: Page) -> Page:
    """The page with ``title`` above it as a heading; "" changes nothing."""
    if not title:
        return page
    moved = len(title) + 2
    below = [msgspec.structs.replace(one, start=one.start + moved) for one in page.headings]
    return msgspec.structs.replace(
        page,
        text=f"{title}\n\n{page.text}".rstrip(),
        headings=(Heading(start=0, level=1, title=title), *below),
    )


def bound(pages: Iterable[Page], name: str) -> Iterator[Page]:
    """The pages one by one, as long as they stay within what a document may hold.

    Raises ``Unreadable``: too_long, and no_words after the last when none held a word.
    """
    length, has_words = 0, False
    for page in pages:
        length += len(page.text)
        if length > TEXT_LIMIT:
            raise Unreadable("too_long", name=name, limit=TEXT_LIMIT)
        has_words = has_words or any(character.isalnum() for character in page.text)
        yield page
    if not has_words:
        raise Unreadable("no_words", name=name)


def contents(file: BinaryIO, name: str) -> bytes:
    """The bytes of ``file``, unless they are more than a sheet can hold (``too_long``)."""
    file_bytes = file.read(BYTES_LIMIT + 1)
    if len(file_bytes) > BYTES_LIMIT:
        raise Unreadable("too_long", name=name, limit=TEXT_LIMIT)
    return file_bytes
