"""Markdown: its text with headings; links and pictures as their words, tables as rows."""

from collections.abc import Iterator
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from appliance.errors import Unreadable
from appliance.index.reading import encodings
from appliance.index.reading.sheet import Sheet, contents
from appliance.index.reading.wire import Outline
from appliance.records import Page


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """A link is its words here, wherever it leads."""
        return True


_PARSER = _Parser("commonmark").enable("table")


def read(file: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: type_mismatch (binary), too_long,
    no_words."""
    text = encodings.decode(contents(file, name))
    if text is None:
        raise Unreadable("type_mismatch", name=name, claimed="Markdown", found="binary")
    title, body = _front_matter(text.replace("\r\n", "\n"))
    sheet = Sheet(name)
    _Writer(sheet).write(_PARSER.parse(body))
    page = sheet.page()
    yield sheet.outline(title)
    yield page


def _front_matter(text: str) -> tuple[str | None, str]:
    """The title in a leading "---" block, and the text without that block."""
    if not text.startswith("---\n"):
        return None, text
    block, end, body = text[4:].partition("\n---\n")
    if not end or len(block) > 10_000:
        return None, text
    for line in block.split("\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "title":
            return value.strip().strip("\"'") or None, body
    return None, body


class _Writer:
    """Walks markdown-it's flat list of tokens and writes blocks on the sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.heading = 0
        self.lists: list[int | None] = []  # the next number of each open list; None: bullets
        self.mark = ""
        self.cells: list[str] | None = None

    def write(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._token(token)

    def _token(self, token: Token) -> None:
        if token.type == "inline":
            self._block(_words(token))
        elif token.type in ("fence", "code_block"):
            self.sheet.paragraph(token.content)
        elif token.type == "html_block":
            self._block(_words(*_PARSER.parseInline(_without_tags(token.content))))
        elif token.type == "heading_open":
            self.heading = int(token.tag[1])
        elif token.type.startswith(("bullet_list", "ordered_list", "list_item")):
            self._list(token)
        elif token.type in ("tr_open", "tr_close", "table_open"):
            self._row(token)

    def _list(self, token: Token) -> None:
        if token.type == "list_item_open":
            number = self.lists[-1]
            self.mark = "- " if number is None else f"{number}. "
            self.lists[-1] = None if number is None else number + 1
        elif token.type.endswith("list_open"):
            if not self.lists:
                self.sheet.gap()
            ordered = token.type == "ordered_list_open"
            self.lists.append(int(token.attrGet("start") or 1) if ordered else None)
        elif token.type.endswith("list_close"):
            self.lists.pop()
            if not self.lists:
                self.sheet.gap()

    def _row(self, token: Token) -> None:
        if token.type == "table_open":
            self.sheet.gap()
        elif token.type == "tr_open":
            self.cells = []
        elif self.cells is not None:
            self.sheet.row(self.cells)
            self.cells = None

    def _block(self, text: str) -> None:
        if self.cells is not None:
            self.cells.append(text)
        elif self.heading:
            self.sheet.heading(text, self.heading)
            self.heading = 0
        elif self.lists:
            self.sheet.line("  " * (len(self.lists) - 1) + self.mark + text)
            self.mark = ""
        else:
            self.sheet.paragraph(text)


def _words(token: Token) -> str:
    """An inline token as text: a link's and a picture's words, never their addresses."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "softbreak":
            words.append(" ")
        elif child.type == "hardbreak":
            words.append("\n")
        elif child.type == "image":
            words.append(_words(child))
    return "".join(words)


def _without_tags(markup: str) -> str:
    body = LexborHTMLParser(markup).body
    if body is None:
        return ""
    body.strip_tags(["script", "style"], recursive=True)
    return body.text(separator=" ", strip=True)
