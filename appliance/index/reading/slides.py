"""PowerPoint files: one page for each slide, its title as a heading, its notes below.

A slide is read from top to bottom and from left to right, which is not always the
order in which its boxes were made. What the master shows on every slide (dates,
footers, numbers) stays out; tables and charts become rows, diagrams lines.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError

from appliance.errors import Unreadable
from appliance.index.reading import characters, packages
from appliance.index.reading.sheet import Sheet, bound
from appliance.index.reading.wire import Outline
from appliance.records import Page

NOTES = "Notas:"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_FURNITURE = frozenset(
    (
        *(PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER),
        *(PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER),
    )
)
_BAND = 300_000  # EMU (8 mm): boxes whose tops differ by less stand side by side
_NO_TITLES = frozenset(
    (
        *("powerpoint presentation", "apresentação do powerpoint"),
        *("presentación de powerpoint", "slide 1"),
    )
)
_BROKEN = (
    *(KeyError, ValueError, AttributeError, IndexError, TypeError, NotImplementedError),
    *(etree.XMLSyntaxError, PackageNotFoundError),
)


def read(stream: BinaryIO, name: str) -> Iterator[Outline | Page]:
    """Outline, then slide after slide. A slide of pictures alone is unreadable (no_text).

    Raises ``Unreadable``: damaged, encrypted, dangerous_content, too_long, no_words.
    """
    with packages.opened(stream, name) as package:
        try:
            show = pptx.Presentation(packages.emptied(package, keep=(".xml", ".rels")))
            slides = list(show.slides)
            title = _own_title(show.core_properties.title or "") or _first_title(slides)
        # python-pptx meets a malformed package with whatever comes to hand.
        except _BROKEN as fault:
            raise Unreadable("damaged", name=name) from fault
    yield Outline(pages=len(slides), title=title, paged=True)
    yield from bound(_pages(slides, name), name)


def _pages(slides: Iterable[Any], name: str) -> Iterator[Page]:
    for number, slide in enumerate(slides, 1):
        try:
            yield _page(slide, number, name)
        except _BROKEN as fault:
            raise Unreadable("damaged", name=name) from fault


def _own_title(written: str) -> str:
    """The file's title, unless it is the one that PowerPoint gives a file without one."""
    title = characters.one_line(written)
    return "" if title.lower() in _NO_TITLES else title


def _first_title(slides: list[Any]) -> str | None:
    titles = (slide.shapes.title.text_frame.text for slide in slides if slide.shapes.title)
    return next(filter(None, map(characters.one_line, titles)), None)


def _page(slide: Any, number: int, name: str) -> Page:
    _choose(slide.element)
    sheet = Sheet(name)
    title = slide.shapes.title
    if title is not None:
        sheet.heading(title.text_frame.text, 1)
    writer = _Writer(sheet, slide.part)
    writer.shapes(
        shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id
    )
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        _notes(sheet, frame.text)
    return sheet.leaf(number, pictured=writer.pictured)


def _notes(sheet: Sheet, text: str) -> None:
    if text.strip():
        sheet.paragraph(f"{NOTES} {text.strip()}")


def _choose(tree: Any) -> None:
    """Put the newest form of a shape in the place of the two that a file offers for it."""
    for offer in list(tree.iter(f"{_MC}AlternateContent")):
        chosen = next(offer.iterchildren(f"{_MC}Choice", f"{_MC}Fallback"), None)
        parent = offer.getparent()
        if parent is None:
            continue
        for shape in reversed([] if chosen is None else list(chosen)):
            offer.addnext(shape)
        parent.remove(offer)


def _reading_order(shape: Any) -> tuple[int, int]:
    return (shape.top or 0) // _BAND, shape.left or 0


class _Writer:
    """Writes the shapes of one slide onto its sheet."""

    def __init__(self, sheet: Sheet, part: Any) -> None:
        self.sheet = sheet
        self.part = part
        self.pictured = False

    def shapes(self, shapes: Iterable[Any]) -> None:
        for shape in sorted(shapes, key=_reading_order):
            if not (shape.is_placeholder and shape.placeholder_format.type in _FURNITURE):
                self._shape(shape)

    def _shape(self, shape: Any) -> None:
        if hasattr(shape, "shapes"):  # a group
            self.shapes(shape.shapes)
        elif hasattr(shape, "image") or shape.element.tag.endswith("}pic"):
            self.pictured = True
        elif getattr(shape, "has_table", False):
            self._rows([cell.text for cell in row.cells] for row in shape.table.rows)
        elif getattr(shape, "has_chart", False):
            self._chart(shape.chart)
        elif shape.has_text_frame:
            self.sheet.paragraph(shape.text_frame.text)
        else:
            self._diagram(shape.element)

    def _rows(self, rows: Iterable[Iterable[str]]) -> None:
        self.sheet.gap()
        for row in rows:
            self.sheet.row(row)
        self.sheet.gap()

    def _chart(self, chart: Any) -> None:
        if chart.has_title and chart.chart_title.has_text_frame:
            self.sheet.paragraph(chart.chart_title.text_frame.text)
        for plot in chart.plots:
            series = list(plot.series)
            self._rows([["", *(one.name for one in series)]])
            self._rows(
                [str(category), *("" if value is None else f"{value:g}" for value in values)]
                for category, *values in zip(
                    plot.categories, *(one.values for one in series), strict=False
                )
            )

    def _diagram(self, frame: Any) -> None:
        """The words of a SmartArt drawing, which are in a part of their own."""
        for relation in frame.iter(_DIAGRAM):
            data = packages.tree(self.part.related_part(relation.get(_DIAGRAM_DATA)).blob)
            for paragraph in data.iter(f"{_A}p"):
                self.sheet.line("".join(text.text or "" for text in paragraph.iter(f"{_A}t")))
