"""HTML: what a reader of the page would read, without the furniture around it.

Scripts, styles, forms' controls, hidden parts and ``furniture`` are left out; headings
keep their place, tables become rows, a link is its words. The parser (lexbor) neither
loads anything nor knows external entities. Pages that were uploaded are read as those
that were crawled: what people save and upload is mostly pages of the web, and one that
was written by hand has no menu that could be taken for one.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from selectolax.lexbor import LexborHTMLParser

from appliance.errors import Unreadable
from appliance.index.reading import characters, encodings, furniture, titles
from appliance.index.reading.sheet import Sheet, contents
from appliance.index.reading.wire import Outline
from appliance.records import Page

_NEVER = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object"),
        *("embed", "canvas", "audio", "video", "button", "textarea", "input"),
        *("datalist", "dialog"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
        *("header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre"),
        *("section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{1,40})", re.I)
_XML_ENCODING = re.compile(rb"^\s{0,20}<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{1,40})", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: type_mismatch (binary), too_long,
    no_words."""
    tree = parsed(contents(file, name), name)
    title = titles.title(tree)
    sheet = written(tree, name, title)
    page = sheet.page()
    yield sheet.outline(title)
    yield page


def parsed(data: bytes, name: str) -> LexborHTMLParser:
    """The tree of a page. Raises ``Unreadable`` (type_mismatch) for what is no text."""
    text = encodings.decode(data, _declared(data))
    if text is None:
        raise Unreadable("type_mismatch", name=name, claimed="HTML", found="binary")
    return LexborHTMLParser(text)


def written(tree: LexborHTMLParser, name: str, title: str) -> Sheet:
    """The text of a page, beginning with its title."""
    around = furniture.found(tree.body) if tree.body is not None else frozenset()
    sheet = _written(tree.body, name, title, around)
    if sheet.blocks == len(sheet.headings):  # no words but its title
        return _written(tree.body, name, title, frozenset())  # a page that is all navigation
    return sheet


def _declared(data: bytes) -> str | None:
    found = _XML_ENCODING.search(data[:1024]) or _CHARSET.search(data[: 64 * 1024])
    return found.group(1).decode("ascii") if found else None


def _written(body: Any, name: str, title: str, around: frozenset[int]) -> Sheet:
    """The page under its own title, which its first heading often leaves out or shortens."""
    sheet = Sheet(name)
    if body is not None:
        first = body.css_first("h1")
        if first is None or characters.one_line(first.text()) != characters.one_line(title):
            sheet.heading(title, 1)
        _Writer(sheet, around).write(body)
    return sheet


def _holds_data(table: Any) -> bool:
    """Whether a table is one of data; one with tables, headings or lists arranges the page."""
    inside = table.css("table, h1, h2, h3, ul")
    return all(node.mem_id == table.mem_id for node in inside)


class _Writer:
    """Walks the tree without recursion: a page may nest a million elements."""

    def __init__(self, sheet: Sheet, around: frozenset[int]) -> None:
        self.sheet = sheet
        self.around = around
        self.words: list[str] = []
        self.row: list[str] | None = None  # the cells of the row being read
        self.open_tables: list[bool] = []  # whether each table around is one of data
        self.numbers: list[int | None] = []
        self.mark = ""
        self.pre = 0

    def write(self, body: Any) -> None:
        node, entering = body, True
        while True:
            if entering and self._enter(node):
                node = node.child
                continue
            if not entering:
                self._leave(node.tag)
            if node.mem_id == body.mem_id:
                break
            following = node.next
            node, entering = (following, True) if following is not None else (node.parent, False)
        self._flush()

    def _enter(self, node: Any) -> bool:
        """Begin ``node``; whether its children are to be walked (then it is left later)."""
        tag = node.tag
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag.startswith("-") or self._is_left_out(node):
            return False
        if tag == "br":
            self.words.append("\n")
            return False
        if tag in _BLOCKS or tag in _HEADINGS:
            self._open(node, tag)
        if node.child is None:
            self._leave(tag)
            return False
        return True

    def _text(self, text: str) -> None:
        self.words.append(text if self.pre else re.sub(r"\s+", " ", text))

    def _is_left_out(self, node: Any) -> bool:
        if node.tag in _NEVER:
            return True
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            return True
        return node.mem_id in self.around

    def _open(self, node: Any, tag: str) -> None:
        if tag in ("td", "th") and self.row is not None:
            self.words.clear()
            return
        self._flush()
        if tag == "table":
            self.sheet.gap()
            self.open_tables.append(_holds_data(node))
        elif tag == "tr" and self.open_tables and self.open_tables[-1]:
            self.row = []
        elif tag in ("ul", "ol"):
            self.numbers.append(1 if tag == "ol" else None)
        elif tag == "li" and self.numbers:
            number = self.numbers[-1]
            self.mark = "- " if number is None else f"{number}. "
            self.numbers[-1] = None if number is None else number + 1
        elif tag == "pre":
            self.pre += 1

    def _leave(self, tag: str) -> None:
        if tag in ("td", "th") and self.row is not None:
            self.row.append("".join(self.words))
            self.words.clear()
        elif tag in _HEADINGS and self.row is None:
            self.sheet.heading("".join(self.words), _HEADINGS[tag])
            self.words.clear()
        elif tag in _BLOCKS:
            self._close(tag)

    def _close(self, tag: str) -> None:
        if tag == "tr" and self.row is not None:
            self.sheet.row(self.row)
            self.row = None
            self.words.clear()
            return
        self._flush()
        if tag == "table" and self.open_tables:
            self.open_tables.pop()
            self.sheet.gap()
        elif tag in ("ul", "ol") and self.numbers:
            self.numbers.pop()
            if not self.numbers:
                self.sheet.gap()
        elif tag == "pre":
            self.pre -= 1

    def _flush(self) -> None:
        """Write the words gathered so far as a block, unless a table's cell is gathering them."""
        if self.row is not None:
            self.words.append(" ")
            return
        text = "".join(self.words)
        self.words.clear()
        if not text.strip():
            return
        lines = "\n".join(line.strip() if not self.pre else line for line in text.split("\n"))
        if self.numbers:
            self.sheet.line(self.mark + lines)
            self.mark = ""
        else:
            self.sheet.paragraph(lines)
