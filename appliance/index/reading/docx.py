"""Word files: paragraphs, lists and tables in reading order, headings by their style.

The tree is walked here rather than through ``Paragraph.text``, which leaves
out content controls, tracked insertions and text boxes: a form made in Word
would come out empty. Deleted text, and fields' instructions, stay out.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from appliance.errors import Unreadable
from appliance.index.reading import packages
from appliance.index.reading.numbering import Numbering
from appliance.index.reading.sheet import Sheet
from appliance.index.reading.wire import Outline
from appliance.records import Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": " ", _W + "noBreakHyphen": "-"}
_TEXT = _W + "t"
_LEFT_OUT = frozenset(
    (_W + "del", _W + "moveFrom", _W + "instrText", _W + "pPr", _W + "rPr", _FALLBACK)
)
_TITLE_STYLES = frozenset(("title", "título"))


def read(stream: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page. Raises ``Unreadable``: damaged, encrypted,
    dangerous_content, too_long, no_words."""
    with packages.opened(stream, name) as package:
        try:
            document = docx.Document(packages.emptied(package, keep=(".xml", ".rels")))
            body, styles = document.element.body, _heading_styles(document)
        # python-docx meets a malformed package with whatever comes to hand.
        except (KeyError, ValueError, AttributeError, IndexError, TypeError) as fault:
            raise Unreadable("damaged", name=name) from fault
        except (etree.XMLSyntaxError, PackageNotFoundError) as fault:
            raise Unreadable("damaged", name=name) from fault
    sheet = Sheet(name)
    if body is not None:
        _Writer(sheet, styles, Numbering(document)).blocks(body)
    page = sheet.page()
    yield sheet.outline(_title(document))
    yield page


def _title(document: Any) -> str | None:
    try:
        title: str | None = document.core_properties.title
    except (KeyError, ValueError):
        return None
    return title if title and "template" not in title.lower() else None


def _heading_styles(document: Any) -> dict[str, int]:
    """Style id to heading level: by outline level or by name, in Word's three languages."""
    levels: dict[str, int] = {}
    for style in document.styles.element.findall(_W + "style"):
        label = style.find(_W + "name")
        name = (label.get(_W + "val") if label is not None else "").lower()
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        head, _, number = name.rpartition(" ")
        if name in _TITLE_STYLES:
            levels[style.get(_W + "styleId")] = 1
        elif head in ("heading", "título", "titulo", "encabezado") and number.isdigit():
            levels[style.get(_W + "styleId")] = int(number)
        elif outline is not None and outline.get(_W + "val", "9") in "012345678":
            levels[style.get(_W + "styleId")] = int(outline.get(_W + "val")) + 1
    return levels


class _Writer:
    """Walks a body's blocks onto the sheet."""

    def __init__(self, sheet: Sheet, styles: dict[str, int], numbering: Numbering) -> None:
        self.sheet = sheet
        self.styles = styles
        self.numbering = numbering
        self.in_list = False

    def blocks(self, parent: Any) -> None:
        for element in parent:
            if element.tag == _W + "p":
                self._paragraph(element)
            elif element.tag == _W + "tbl":
                self._table(element)
            elif element.tag in (_W + "sdt", _W + "sdtContent", _W + "customXml", _W + "ins"):
                self.blocks(element)

    def _paragraph(self, element: Any) -> None:
        text = _text(element)
        if not text.strip():
            return
        style = element.find(f"{_W}pPr/{_W}pStyle")
        level = self.styles.get(style.get(_W + "val")) if style is not None else None
        mark = self.numbering.mark(element)
        if level:
            self.sheet.heading(mark + text, min(level, 6))
        elif mark:
            if not self.in_list:
                self.sheet.gap()
            self.sheet.line(mark + text)
        else:
            self.sheet.paragraph(text)
        self.in_list = bool(mark) and not level

    def _table(self, table: Any) -> None:
        self.sheet.gap()
        for row in table.iter(_W + "tr"):
            cells = row.iterchildren(_W + "tc", _W + "sdt")
            self.sheet.row(" ".join(map(_text, cell.iter(_W + "p"))) for cell in cells)
        self.sheet.gap()
        self.in_list = False


def _text(element: Any) -> str:
    """The words of one paragraph, those in its text boxes too."""
    words: list[str] = []
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == _TEXT:
            words.append(child.text or "")
        elif child.tag in _BREAKS:
            words.append(_BREAKS[child.tag])
        elif child.tag == _W + "p":
            words.append("\n" + _text(child))
        else:
            words.append(_text(child))
    return "".join(words)
