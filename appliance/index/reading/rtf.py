"""RTF: its paragraphs, headings, lists, tables and footnotes, in whatever encoding each font has.

Read by hand, after the specification 1.9.1, and not through striprtf: that one drops
footnotes, the numbers of older lists and what headings are, breaks two-byte letters whose
second byte is plain ASCII, and needs minutes for a long line of hyperlinks.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from appliance.errors import Unreadable
from appliance.index.reading import characters
from appliance.index.reading.sheet import Sheet, under
from appliance.index.reading.wire import Outline
from appliance.records import Page

LARGEST = 128 * 2**20  # bytes; nearly all of a large one are pictures written as numbers
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_CHARSETS = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"},
    **{204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"},
}
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_SIGNS = {
    **{"tab": " ", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•", "emspace": " "},
    **{"enspace": " ", "qmspace": " ", "lquote": "‘", "rquote": "’", "ldblquote": "“"},
    **{"rdblquote": "”", "nestcell": " ", "nestrow": " "},
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n"}
# Groups whose words are not the document's.
_LEFT_OUT = frozenset(
    (
        *("colortbl", "info", "pict", "objdata", "objclass", "objname", "header", "headerl"),
        *("headerr", "headerf", "footer", "footerl", "footerr", "footerf", "fldinst", "listtable"),
        *("listoverridetable", "xe", "tc", "annotation", "atnid", "atnauthor", "bkmkstart"),
        *("bkmkend", "nonshppict", "shprslt", "sp", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc"),
        *("ftncn", "template", "pntxtb", "pntxta", "datafield", "formfield", "revtbl", "filetbl"),
    )
)
# Groups that are marked as ones to skip by whoever does not know them, and are known.
_KNOWN = frozenset(("shpinst", "shptxt", "footnote"))
_HEADING = re.compile(r"(?:heading|t[ií]tulo|encabezado) ([1-6])$")
_TITLES = frozenset(("title", "título", "titulo"))


class _Group(msgspec.Struct):
    """What holds between two braces."""

    into: str = "body"  # body, mark, note, title, fonts, styles or nowhere
    font: int = 0
    skipped: int = 1  # characters that stand for one of Unicode in older programs
    hidden: bool = False


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: damaged, too_long, no_words."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable("too_big_in_memory", name=name)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"{\\rtf"):
        raise Unreadable("damaged", name=name)
    sheet = Sheet(name)
    reader = _Reader(sheet)
    reader.take(data)
    page, title = sheet.page(), characters.one_line(reader.title() or "")
    yield sheet.outline(title)
    # A text without headings stands under the title that its file has.
    yield page if page.headings else under(title, page)


class _Reader:
    """Follows the groups and control words, and writes paragraphs onto the sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.paper = _Paper(sheet)
        self.group = _Group()
        self.groups: list[_Group] = []
        self.letters = bytearray()  # not decoded yet: a letter may take two
        self.to_skip = 0
        self.star = False
        self.encoding = "cp1252"
        self.fonts: dict[int, str] = {}
        self.first_font = 0
        self.style = 0  # the style that the style sheet is describing

    def title(self) -> str | None:
        """The title in the file's own description."""
        return "".join(self.paper.words["title"]) or None

    def take(self, data: bytes) -> None:
        """Read the whole file."""
        at = 0
        while found := _TOKEN.search(data, at):
            at = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if word:
                at += self._word(word.decode(), int(number) if number else None)
            elif text:
                self._letters(text)
            elif code:
                self._letters(bytes.fromhex(code.decode()))
            elif brace:
                self._brace(brace)
            else:
                self._symbol(symbol)
        self._flush()
        self.paper.paragraph()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        if brace == b"{":
            self.groups.append(self.group)
            self.group = msgspec.structs.replace(self.group)
        elif self.groups:
            closed, self.group = self.group, self.groups.pop()
            if closed.into != self.group.into:
                self.paper.close(closed.into)
        self.star = False

    def _letters(self, letters: bytes) -> None:
        kept = letters[self.to_skip :]
        self.to_skip -= len(letters) - len(kept)
        self.star = False
        if self.group.into != "nowhere" and not self.group.hidden:
            self.letters += kept

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.star = True
        elif self.to_skip:
            self.to_skip -= 1
        elif symbol in (b"\n", b"\r"):
            self._word("par", None)
        else:
            self._add(_SYMBOLS.get(symbol, ""))

    def _add(self, text: str) -> None:
        self._flush()
        if self.group.into != "nowhere" and not self.group.hidden:
            self.paper.add(self.group.into, text)

    def _flush(self) -> None:
        """Decode what was gathered, in the encoding of the font that it stands in."""
        if self.letters:
            encoding = self.fonts.get(self.group.font, self.encoding)
            text = self.letters.decode(encoding, "replace")
            self.letters.clear()
            if self.group.into == "styles":
                self.paper.name_style(self.style, text)
            else:
                self.paper.add(self.group.into, text)

    def _word(self, word: str, number: int | None) -> int:
        """Obey a control word; how many bytes after it are no text (a picture's)."""
        self._flush()
        star, self.star = self.star, False
        if word == "bin":
            return max(0, number or 0)
        self.to_skip = 0
        if self._opens(word, star=star) or self.group.into == "nowhere":
            return 0
        if word == "u":
            self._add(chr((number or 0) & 0xFFFF))
            self.to_skip = self.group.skipped
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif not self._letterforms(word, number) and self.group.into != "fonts":
            self._layout(word, number)
        return 0

    def _opens(self, word: str, *, star: bool) -> bool:
        """Whether the word says what the group around it is for."""
        if self.group.into == "nowhere" and word != "title":
            return True
        into = {"fonttbl": "fonts", "stylesheet": "styles", "footnote": "note", "title": "title"}
        if word in ("listtext", "pntext"):
            self.group.into = "mark"
        elif word in into:
            self.group.into = into[word]
            if word == "title":  # written twice, the second time in Unicode
                self.paper.words["title"].clear()
        elif word in _LEFT_OUT or (star and word not in _KNOWN):
            self.group.into = "nowhere"
        else:
            return False
        return True

    def _letterforms(self, word: str, number: int | None) -> bool:
        """Whether the word was one about fonts and encodings."""
        if word == "f":
            self.group.font = number or 0
        elif word == "plain":
            self.group.font, self.group.hidden = self.first_font, False
        elif word == "deff":
            self.first_font = self.group.font = number or 0
        elif word == "fcharset" and number in _CHARSETS:
            self.fonts[self.group.font] = _CHARSETS[number]
        elif word == "ansicpg":
            self.encoding = _known(f"cp{number}")
        elif word in _PAGES:
            self.encoding = _PAGES[word]
        elif word == "uc":
            self.group.skipped = min(max(number or 0, 0), 10)
        elif word in ("v", "deleted"):
            self.group.hidden = number != 0
        else:
            return False
        return True

    def _layout(self, word: str, number: int | None) -> None:
        if self.group.into == "styles":
            if word == "s":
                self.style = number or 0
            elif word == "outlinelevel":
                self.paper.levels[self.style] = (number or 0) + 1
        elif word == "chftn":
            self.paper.footnote_mark(self.group.into)
        elif self.group.into == "body":
            self.paper.obey(word, number)
        elif word == "par":
            self.paper.add(self.group.into, "\n")


class _Paper:
    """The paragraphs, rows and notes, as they come."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.words: dict[str, list[str]] = {"body": [], "mark": [], "note": [], "title": []}
        self.levels: dict[int, int] = {}  # of the headings' styles
        self.level = 0  # of the paragraph being read; 0 is no heading
        self.in_table = self.in_list = self.was_listed = False
        self.cells: list[str] = []
        self.notes: list[str] = []
        self.noted = 0

    def add(self, into: str, text: str) -> None:
        """Text that belongs to the body, a list's mark, a note or the title."""
        if into in self.words:
            self.words[into].append(text)

    def name_style(self, style: int, text: str) -> None:
        """A style is called ``text``, which may make it a heading's."""
        name = text.strip().rstrip(";").lower()
        if found := _HEADING.match(name):
            self.levels[style] = int(found.group(1))
        elif name in _TITLES:
            self.levels[style] = 1

    def footnote_mark(self, into: str) -> None:
        """The automatic number of a footnote: in the text it counts, in the note it repeats."""
        self.noted += into == "body"
        self.add(into, f" [{self.noted}]" if into == "body" else f"[{self.noted}] ")

    def close(self, into: str) -> None:
        """A group ended that was a mark or a note."""
        if into == "mark":
            mark = _taken(self.words["mark"]).strip()
            self.words["body"].insert(0, f"{mark if mark[-1:].isalnum() or mark[:-1] else '-'} ")
            self.in_list = True
        elif into == "note":
            self.notes.append(_taken(self.words["note"]))

    def obey(self, word: str, number: int | None) -> None:
        """A word about paragraphs and tables."""
        if word == "pard":
            self.in_table, self.level = False, 0
        elif word == "intbl":
            self.in_table = True
        elif word == "s":
            self.level = self.levels.get(number or 0, 0)
        elif word == "outlinelevel":
            self.level = (number or 0) + 1 if (number or 0) < 9 else 0
        elif word == "cell":
            self.cells.append(_taken(self.words["body"]))
            self.in_list = False
        elif word == "row":
            self._row()
        elif word in ("par", "sect", "page"):
            if self.in_table:
                self.words["body"].append(" ")
            else:
                self.paragraph()

    def paragraph(self) -> None:
        """Write what was gathered, and the notes it speaks of below it."""
        if self.cells:
            self._row()
        text = _taken(self.words["body"])
        if self.level and text.strip():
            self.sheet.heading(text, min(self.level, 6))
        elif self.in_list:
            if not self.was_listed:
                self.sheet.gap()
            self.sheet.line(text)
        else:
            if self.was_listed:
                self.sheet.gap()
            self.sheet.paragraph(text.strip())
        self.was_listed, self.in_list = self.in_list, False
        self._write_notes()

    def _row(self) -> None:
        if not self.was_listed:
            self.sheet.gap()
        self.sheet.row(self.cells)
        self.cells = []
        self.was_listed = True  # the next row stands right under this one
        self._write_notes()

    def _write_notes(self) -> None:
        for note in self.notes:
            self.sheet.paragraph(note)
        self.notes = []


def _taken(words: list[str]) -> str:
    """The words gathered so far; halves of a letter that were written apart are joined."""
    text = "".join(words).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    words.clear()
    return text


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8" if encoding == "cp65001" else "cp1252"
