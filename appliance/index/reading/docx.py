"""Word files: paragraphs, lists and tables in reading order, headings by their style.

The tree is walked here rather than through ``Paragraph.text``, which leaves
out content controls, tracked insertions and text boxes: a form made in Word
would come out empty. Footnotes stand under their paragraph, and a cell that spans rows
counts in each of them. Deleted and hidden text, fields' instructions, comments, and what
headers and footers repeat on every page stay out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
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
_TEXT = frozenset((_W + "t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"))
_NOTES = {
    _W + "footnoteReference": (RELATIONSHIP_TYPE.FOOTNOTES, _W + "footnote"),
    _W + "endnoteReference": (RELATIONSHIP_TYPE.ENDNOTES, _W + "endnote"),
}
_OFF = frozenset(("0", "false", "off"))
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
            notes = _notes(document)
        # python-docx meets a malformed package with whatever comes to hand.
        except (KeyError, ValueError, AttributeError, IndexError, TypeError) as fault:
            raise Unreadable("damaged", name=name) from fault
        except (etree.XMLSyntaxError, PackageNotFoundError) as fault:
            raise Unreadable("damaged", name=name) from fault
    sheet = Sheet(name)
    if body is not None:
        _Writer(sheet, styles, Numbering(document), notes).blocks(body)
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


def _notes(document: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """By the reference's tag and the note's id: the mark of a footnote or endnote, its words."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for reference, (related, tag) in _NOTES.items():
        try:
            part = packages.tree(document.part.part_related_by(related).blob)
        except KeyError:
            continue
        # Those with a type are the lines between the text and its notes.
        real = [note for note in part.iter(tag) if note.get(_W + "type") in (None, "normal")]
        for number, note in enumerate(real, 1):
            words = "\n".join(_text(paragraph) for paragraph in note.iter(_W + "p"))
            found[reference, note.get(_W + "id")] = (f"[{number}]", words.strip())
    return found


class _Writer:
    """Walks a body's blocks onto the sheet."""

    def __init__(
        self,
        sheet: Sheet,
        styles: dict[str, int],
        numbering: Numbering,
        notes: dict[tuple[str, str], tuple[str, str]],
    ) -> None:
        self.sheet = sheet
        self.notes = notes
        self.marks = {place: mark for place, (mark, _) in notes.items()}
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
        text = _text(element, self.marks)
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
        self._write_notes(element)

    def _write_notes(self, element: Any) -> None:
        for reference in element.iter(*_NOTES):
            mark, words = self.notes.get((reference.tag, reference.get(_W + "id")), ("", ""))
            if words:
                self.sheet.paragraph(f"{mark} {words}")
                self.in_list = False

    def _table(self, table: Any) -> None:
        self.sheet.gap()
        above: dict[int, str] = {}  # by column, what stands in a cell that spans further rows
        for row in _within(table, _W + "tr"):
            self.sheet.row(self._cells(row, above))
        self.sheet.gap()
        self._write_notes(table)
        self.in_list = False

    def _cells(self, row: Any, above: dict[int, str]) -> Iterator[str]:
        column = 0
        for cell in _within(row, _W + "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is None or merged.get(_W + "val") == "restart":
                paragraphs = cell.iter(_W + "p")
                above[column] = " ".join(_text(one, self.marks) for one in paragraphs)
            yield above.get(column, "")
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = span.get(_W + "val", "1") if span is not None else "1"
            column += int(width) if width.isdigit() else 1


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls too, but not those
    of a table within."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "customXml", _W + "ins"):
            yield from _within(child, tag)


def _text(element: Any, marks: Mapping[tuple[str, str], str] | None = None) -> str:
    """The words of one paragraph, those in its text boxes too; ``marks`` of its footnotes."""
    words: list[str] = []
    for child in element:
        if child.tag in _LEFT_OUT or _is_hidden(child):
            continue
        if child.tag in _TEXT:
            words.append(child.text or "")
        elif child.tag in _BREAKS:
            words.append(_BREAKS[child.tag])
        elif child.tag in _NOTES:
            mark = (marks or {}).get((child.tag, child.get(_W + "id")))
            words.append(f" {mark}" if mark else "")
        elif child.tag == _W + "p":
            words.append("\n" + _text(child, marks))
        else:
            words.append(_text(child, marks))
    return "".join(words)


def _is_hidden(run: Any) -> bool:
    """Whether Word shows a run only to who asks for hidden text."""
    hidden = run.find(f"{_W}rPr/{_W}vanish") if run.tag == _W + "r" else None
    return hidden is not None and hidden.get(_W + "val") not in _OFF
