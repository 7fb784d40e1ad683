"""LibreOffice's texts and presentations (OpenDocument 1.2): headings, lists with their numbers,
tables as rows, footnotes under their paragraph; a presentation's slides as pages.

Comments and deleted text stay out, and so does what a master page repeats.
"""

import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from appliance.errors import Unreadable
from appliance.index.reading import packages
from appliance.index.reading.marks import Lists, whole
from appliance.index.reading.sheet import Sheet, bound
from appliance.index.reading.slides import NOTES
from appliance.index.reading.wire import Outline
from appliance.records import Page

_URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _TABLE, _DRAW, _STYLE, _SHOW, _MANIFEST = (
    _URN % name
    for name in ("office", "text", "table", "drawing", "style", "presentation", "manifest")
)
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_LEFT_OUT = frozenset(
    (
        *(f"{_OFFICE}annotation", f"{_OFFICE}annotation-end", f"{_TEXT}tracked-changes"),
        *(f"{_TEXT}ruby-text", f"{_OFFICE}forms", f"{_TABLE}covered-table-cell"),
        *(f"{_DRAW}image", f"{_DRAW}object", f"{_DRAW}object-ole", f"{_SVG}title", f"{_SVG}desc"),
    )
)
_ROWS = frozenset((f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"))
_FURNITURE = frozenset(("date-time", "footer", "header", "page-number"))
_MOST_REPEATED = 200  # cells that one element may stand for
_BAND = 0.8  # cm: boxes whose tops differ by less stand side by side
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def read(stream: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then the one page of a text or the slides of a presentation.

    Raises ``Unreadable``: damaged, encrypted, dangerous_content, too_long, no_words.
    """
    # Formulas inside a text, and manifests of OpenOffice 2, name their document type.
    with packages.opened(stream, name, doctypes=True) as package:
        _check_open(package, name)
        content = packages.parsed(package, "content.xml", name)
        shared = _optional(package, "styles.xml", name)
        title = _title(_optional(package, "meta.xml", name))
    body = content.find(f"{_OFFICE}body")
    if body is None:
        raise Unreadable("damaged", name=name)
    styles = [content] if shared is None else [shared, content]
    show = body.find(f"{_OFFICE}presentation")
    if show is not None:
        slides = show.findall(f"{_DRAW}page")
        yield Outline(pages=len(slides), title=title, paged=True)
        pages = (_slide(slide, number, styles, name) for number, slide in enumerate(slides, 1))
        yield from bound(pages, name)
        return
    sheet = Sheet(name)
    for text in body.iterchildren(f"{_OFFICE}text"):
        _Writer(sheet, styles).blocks(text)
    page = sheet.page()
    yield sheet.outline(title)
    yield page


def _check_open(package: zipfile.ZipFile, name: str) -> None:
    manifest = _optional(package, "META-INF/manifest.xml", name)
    if (
        manifest is not None
        and next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None
    ):
        raise Unreadable("encrypted", name=name)


def _optional(package: zipfile.ZipFile, part: str, name: str) -> Any:
    return packages.parsed(package, part, name) if part in package.namelist() else None


def _title(meta: Any) -> str | None:
    found = None if meta is None else next(meta.iter(_TITLE), None)
    return None if found is None else "".join(found.itertext())


def _slide(slide: Any, number: int, styles: list[Any], name: str) -> Page:
    sheet = Sheet(name)
    writer = _Writer(sheet, styles)
    notes: list[str] = []
    shapes = []
    for shape in slide:
        if shape.tag == f"{_SHOW}notes":
            notes.extend(_words(one) for one in shape.iter(f"{_TEXT}p"))
        elif shape.get(f"{_SHOW}class") == "title":
            sheet.heading(_words(shape), 1)
        elif shape.get(f"{_SHOW}class") not in _FURNITURE:
            shapes.append(shape)
    for shape in sorted(shapes, key=_reading_order):
        writer.shape(shape)
    if any(line.strip() for line in notes):
        sheet.paragraph(f"{NOTES} " + "\n".join(filter(str.strip, notes)))
    pictured = next(slide.iter(f"{_DRAW}image"), None) is not None
    return sheet.leaf(number, pictured=pictured)


def _reading_order(shape: Any) -> tuple[float, float]:
    """Down the slide in bands, then across; a group stands where its first shape does."""
    if shape.tag == f"{_DRAW}g":
        return min(map(_reading_order, shape), default=(0.0, 0.0))
    return _length(shape.get(f"{_SVG}y")) // _BAND, _length(shape.get(f"{_SVG}x"))


def _length(written: str | None) -> float:
    """A length in centimetres; 0 where there is none."""
    try:
        return float((written or "")[:-2]) * _CM.get((written or "")[-2:], 1.0)
    except ValueError:
        return 0.0


def _words(element: Any) -> str:
    """The words of everything in ``element``, a paragraph a line."""
    paragraphs = [_text(one, []) for one in element.iter(f"{_TEXT}p", f"{_TEXT}h")]
    return "\n".join(paragraphs) if paragraphs else _text(element, [])


class _Writer:
    """Walks a body's blocks onto the sheet."""

    def __init__(self, sheet: Sheet, styles: list[Any]) -> None:
        self.sheet = sheet
        self.lists = Lists(styles)
        self.titles = _title_styles(styles)
        self.in_list = False

    def blocks(self, parent: Any) -> None:
        for element in parent:
            if element.tag == f"{_TEXT}p":
                self._paragraph(element)
            elif element.tag == f"{_TEXT}h":
                self._heading(element)
            elif element.tag == f"{_TEXT}list":
                self._list(element, 1)
            elif element.tag == f"{_TABLE}table":
                self._table(element)
            elif element.tag.startswith(_DRAW):
                self.shape(element)
            elif element.tag not in _LEFT_OUT:
                self.blocks(element)

    def shape(self, shape: Any) -> None:
        """A drawn thing: what is written in it, and the things in a group in their order."""
        if shape.tag == f"{_DRAW}g":
            for inner in sorted(shape, key=_reading_order):
                self.shape(inner)
        elif shape.tag not in _LEFT_OUT:
            self.blocks(shape)

    def _heading(self, element: Any) -> None:
        level = whole(element.get(f"{_TEXT}outline-level"))
        notes: list[str] = []
        mark = "" if element.get(f"{_TEXT}is-list-header") else self.lists.heading(level)
        self.sheet.heading(mark + _text(element, notes), min(level, 6))
        self._notes(notes)

    def _paragraph(self, element: Any, mark: str = "") -> None:
        notes: list[str] = []
        text = _text(element, notes)
        if not text.strip():
            self._notes(notes)
            return
        if element.get(f"{_TEXT}style-name") in self.titles:
            self.sheet.heading(mark + text, 1)
        elif mark:
            if not self.in_list:
                self.sheet.gap()
            self.sheet.line(mark + text)
        else:
            self.sheet.paragraph(text)
        self.in_list = bool(mark)
        self._notes(notes)

    def _notes(self, notes: list[str]) -> None:
        for note in notes:
            self.sheet.paragraph(note)
        self.in_list = self.in_list and not notes

    def _list(self, element: Any, level: int, style: str = "") -> None:
        style = element.get(f"{_TEXT}style-name") or style
        if level == 1:
            self.lists.begin(style, continued=element.get(f"{_TEXT}continue-numbering") == "true")
        for item in element.iterchildren(f"{_TEXT}list-item", f"{_TEXT}list-header"):
            numbered = item.tag == f"{_TEXT}list-item"
            start = item.get(f"{_TEXT}start-value")
            mark = self.lists.mark(style, level, start) if numbered and _own(item) else ""
            for block in item:
                if block.tag == f"{_TEXT}list":
                    self._list(block, level + 1, style)
                elif block.tag == f"{_TEXT}p":
                    self._paragraph(block, mark)
                    mark = ""
                else:
                    self.blocks([block])
        if level == 1:
            self.in_list = False

    def _table(self, table: Any) -> None:
        self.sheet.gap()
        for row in _rows(table):
            self.sheet.row(_cells(row))
        self.sheet.gap()
        self.in_list = False


def _own(item: Any) -> bool:
    """Whether a list's item has words of its own; one that only holds a list shows no mark."""
    return item.find(f"{_TEXT}p") is not None


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == f"{_TABLE}table-row":
            yield element
        elif element.tag in _ROWS:
            yield from _rows(element)


def _cells(row: Any) -> Iterator[str]:
    for cell in row.iterchildren(f"{_TABLE}table-cell"):
        text = _words(cell) if len(cell) else ""
        repeated = whole(cell.get(f"{_TABLE}number-columns-repeated"))
        yield from [text] * (min(repeated, _MOST_REPEATED) if text.strip() else 1)


def _title_styles(styles: Iterable[Any]) -> frozenset[str]:
    """The styles of paragraphs that are titles: "Title", and those made from it."""
    titles = {"Title"}
    for tree in styles:
        for style in tree.iter(f"{_STYLE}style"):
            if style.get(f"{_STYLE}parent-style-name") in titles:
                titles.add(style.get(f"{_STYLE}name"))
    return frozenset(titles - {"Subtitle"})


def _text(element: Any, notes: list[str]) -> str:
    """The words of one paragraph; its footnotes go to ``notes``, with their marks."""
    words = [element.text or ""]
    for child in element:
        words.append(_inline(child, notes))
        words.append(child.tail or "")
    return "".join(words)


def _inline(child: Any, notes: list[str]) -> str:
    if child.tag in _LEFT_OUT:
        return ""
    if child.tag == f"{_TEXT}s":
        return " " * min(whole(child.get(f"{_TEXT}c")), 100)
    if child.tag == f"{_TEXT}tab":
        return " "
    if child.tag == f"{_TEXT}line-break":
        return "\n"
    if child.tag == f"{_TEXT}note":
        return _noted(child, notes)
    if child.tag == f"{_DRAW}text-box":
        return "\n" + _words(child) + "\n"
    return _text(child, notes)


def _noted(note: Any, notes: list[str]) -> str:
    mark = "".join(note.itertext(f"{_TEXT}note-citation")).strip()
    body = note.find(f"{_TEXT}note-body")
    if body is not None:
        notes.append(f"[{mark}] {_words(body)}")
    return f" [{mark}]"
