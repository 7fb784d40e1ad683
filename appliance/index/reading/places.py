"""Where a quote stands on a PDF's page, and what the page looks like.

A quote and a page agree in their letters and digits only: spaces, line breaks,
hyphens, ligatures, accents made of two characters and table bars come and go
between the stored text and the page. So both are reduced to letters, matched,
and the page's own characters say where they are.
"""

import ctypes
import io
import math
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import pypdfium2.raw as pdfium

from appliance.index.reading.book import Book
from appliance.index.reading.lines import Units
from appliance.index.reading.wire import PageBoxes, Rectangle

PIXELS = 16_000_000  # of one picture: A4 at 340 dpi, 64 MB while it is drawn
_FINE = 1_000_000  # steps across the page in which pdfium gives a place
_LONGEST_QUOTE = 8_000
Place = tuple[float, float, float, float]


def picture(book: Book, page: int, scale: float) -> bytes:
    """A PNG of page ``page`` at ``scale`` pixels a point (1.0 is 72 dpi), smaller where that
    would pass ``PIXELS``. Raises ``NotFound("no_such_page")``."""
    sheet = book.sheet(page)
    width, height = sheet.get_size()
    scale = min(scale, math.sqrt(PIXELS / max(width * height, 1.0)))
    drawn = sheet.render(scale=scale, draw_annots=True).to_pil()
    png = io.BytesIO()
    drawn.save(png, "PNG", compress_level=6)
    return png.getvalue()


def boxes(book: Book, page: int, quote: str) -> PageBoxes:
    """Where ``quote`` stands on page ``page``, one rectangle for each line it runs over; none
    when the page does not hold it. Raises ``NotFound("no_such_page")``."""
    sheet = book.sheet(page)
    width, height = sheet.get_size()
    textpage = sheet.get_textpage()
    units = Units(textpage)
    letters, where = _letters(units)
    runs = _runs(letters, "".join(map(_plain, quote[:_LONGEST_QUOTE])))
    places = [_on_page(sheet, box) for run in runs for box in _edges(units, where, run)]
    textpage.close()
    return PageBoxes(width=width, height=height, boxes=tuple(_by_line(places)))


def _plain(character: str) -> str:
    """A character's letters and digits without accents or case; "" for anything else."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    apart = unicodedata.normalize("NFKD", character).casefold()
    return "".join(letter for letter in apart if letter.isalnum())


def _letters(units: Units) -> tuple[str, list[int]]:
    """The page's letters, and for each the number of the unit it comes from."""
    letters: list[str] = []
    where: list[int] = []
    for unit in range(len(units)):
        for letter in _plain(units.text(unit, unit + 1)):
            letters.append(letter)
            where.append(unit)
    return "".join(letters), where


def _runs(page: str, quote: str) -> list[tuple[int, int]]:
    """The stretches of ``page`` that ``quote`` covers, as (start, end)."""
    if not quote:
        return []
    start = page.find(quote)
    if start >= 0:
        return [(start, start + len(quote))]
    # A header may stand inside it, or a page break may end it: the longest stretches decide.
    matcher = SequenceMatcher(None, page, quote, autojunk=False)
    found = [block for block in matcher.get_matching_blocks() if block.size >= min(12, len(quote))]
    if sum(block.size for block in found) * 2 < len(quote):
        return []
    return [(block.a, block.a + block.size) for block in found]


def _edges(units: Units, where: list[int], run: tuple[int, int]) -> Iterator[Place]:
    for unit in range(where[run[0]], where[run[1] - 1] + 1):
        box = units.box(unit)
        if box is not None and box[2] > box[0] and box[3] > box[1]:
            yield box


def _on_page(sheet: Any, box: Place) -> Place:
    """A box in PDF points as fractions of the page as it is shown (rotated and cropped)."""
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        corners.append((across.value / _FINE, down.value / _FINE))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _by_line(places: list[Place]) -> Iterator[Rectangle]:
    """Boxes of characters joined while they stand beside each other on a line."""
    current: Place | None = None
    for place in places:
        if current is not None and _beside(current, place):
            current = (
                min(current[0], place[0]),
                min(current[1], place[1]),
                max(current[2], place[2]),
                max(current[3], place[3]),
            )
            continue
        if current is not None:
            yield _rectangle(current)
        current = place
    if current is not None:
        yield _rectangle(current)


def _beside(line: Place, place: Place) -> bool:
    shared = min(line[3], place[3]) - max(line[1], place[1])
    return shared > 0.3 * min(line[3] - line[1], place[3] - place[1]) and place[0] >= line[0] - 0.01


def _rectangle(place: Place) -> Rectangle:
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in place)
    return Rectangle(left=left, top=top, right=right, bottom=bottom)
