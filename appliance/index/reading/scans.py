"""A page's picture on its way to OCR: gray, 300 to the inch, evenly lit, its lines level.

Runs in the confined child, which can start no program; the picture goes up to
the house as a ``Scan`` (``ocr`` has it read). A page without a mark on it is
not sent: nobody failed to read it, there is nothing to read.

Measured on Portuguese pages at 150 dpi with noise and a skew of 1 to 3
degrees: 1.3 to 2.4 % of the characters wrong as they are, 0.2 to 0.3 % after
both steps, enlarging before turning (the other way round, up to 7 %).
"""

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter, ImageOps

from appliance.errors import Refusal
from appliance.index.reading.wire import DPI, LONGEST, PIXELS, Scan
from appliance.records import Page

if TYPE_CHECKING:
    from appliance.index.reading.book import Book

_STEEPEST = 10.0  # degrees; a page laid down more askew than that is no page on a scanner
_LEVEL = 0.2  # degrees that are left as they are: turning blurs, and OCR does not mind them
_COARSE = 1000  # pixels of the longer side on which marks and skew are looked for
_MARK = 40  # grays between paper and mark; the noise of paper, once made smaller, is 5
_MARGIN = 0.03  # of each side: shadows of the lid, holes, staples
_BLANK = 20e-6  # of the page; one letter at 11 points covers 25e-6
_PATCH = 8  # pixels, less than 1 mm; five of them are wider than the strokes of a text
_SHADOW = 0.2  # of the page's light that the darkest shadow leaves
_PAPER = 235  # the gray of paper once it is lit evenly
_STRIP = 512  # rows that are reckoned at once
_MOST_MARKS = 60_000  # looked at for the skew; more would not change it

Marks = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def scan(book: "Book", number: int, note: str) -> Scan | Page:
    """Page ``number`` (from 1) of a PDF as a picture for OCR, with the reason ``note``.

    A page without a mark is a ``Page`` with the note "blank"; one that cannot be
    drawn is an unreadable ``Page`` with ``note``.
    """
    try:
        sheet = book.sheet(number)
        picture = _drawn(sheet)
        sheet.close()
    except (Refusal, pypdfium2.PdfiumError, ValueError):
        return Page(number=number, how="unreadable", text="", notes=(note,))
    return prepared(number, note, picture)


def prepared(number: int, note: str, picture: Image.Image) -> Scan | Page:
    """``picture`` (mode L, about ``DPI``) evenly lit, its lines level, or a blank page."""
    picture = _evened(picture)
    marks, paper, ink = _marks(picture)
    if ink < _BLANK:
        return Page(number=number, how="digital", text="", notes=("blank",))
    skew = _skew(marks)
    turned = picture
    if abs(skew) >= _LEVEL:
        turned = picture.rotate(
            skew, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=paper
        )
    return Scan(
        number=number,
        note=note,
        width=turned.width,
        height=turned.height,
        pixels=turned.tobytes(),
        page_width=picture.width,
        page_height=picture.height,
        skew=skew if turned is not picture else 0.0,
        ink=round(ink, 6),
    )


def fitting(width: float, height: float) -> float:
    """By how much a picture of that many pixels has to shrink to be within the limits."""
    pixels, longest = max(width * height, 1.0), max(width, height, 1.0)
    return min(1.0, math.sqrt(PIXELS / pixels), LONGEST / longest)


def _evened(picture: Image.Image) -> Image.Image:
    """The picture in dark on light, lit the same all over.

    Tesseract parts ink from paper by one gray for the whole page: of a page photographed
    beside a window it read 77 words of 175 and was sure of them, and all once it was even.
    What the paper shows where there are letters is the lightest gray near by.
    """
    small = picture.reduce(_PATCH)
    if _is_dark(small):
        picture, small = ImageOps.invert(picture), ImageOps.invert(small)
    light = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3))
    # A stroke or a picture wider than the patches is no shadow: it stays dark.
    floor = _SHADOW * float(np.percentile(np.asarray(small), 95))
    lit = np.asarray(light.resize(picture.size, Image.Resampling.BILINEAR))
    grays = np.asarray(picture)
    even = np.empty_like(grays)
    for top in range(0, len(grays), _STRIP):
        strip = slice(top, top + _STRIP)
        shares = grays[strip] / np.maximum(lit[strip], max(floor, 1.0)).astype(np.float32)
        even[strip] = np.minimum(shares * _PAPER, 255)
    return Image.fromarray(even)


def _is_dark(small: Image.Image) -> bool:
    """Whether the page is light on dark: most of what lies about its letters is like the
    darkest near by. A gray is no sign: white paper in a shadow is darker than a blackboard."""
    grays = np.asarray(small).astype(np.int16)
    lightest = np.asarray(small.filter(ImageFilter.MaxFilter(9))).astype(np.int16)
    darkest = np.asarray(small.filter(ImageFilter.MinFilter(9))).astype(np.int16)
    written = lightest - darkest > _MARK
    nearer_dark = grays - darkest < lightest - grays
    return bool(written.any() and nearer_dark[written].mean() > 0.5)


def _drawn(sheet: Any) -> Image.Image:
    width, height = (DPI / 72 * points for points in sheet.get_size())
    scale = DPI / 72 * fitting(width, height)
    drawn = sheet.render(scale=scale, grayscale=True, draw_annots=True, may_draw_forms=True)
    return cast("Image.Image", drawn.to_pil()).convert("L")


def _marks(picture: Image.Image) -> tuple[Marks, int, float]:
    """Where the picture differs from its paper (down and across, on the coarse grid), the
    paper's gray, and the share of the page within its margins that differs."""
    step = max(1, round(max(picture.size) / _COARSE))
    smaller = picture.reduce(step)
    if step < 3:  # too little was averaged to take the scanner's noise out
        smaller = smaller.filter(ImageFilter.BoxBlur(1))
    coarse = np.asarray(smaller).astype(np.int16)
    paper = int(np.median(coarse))
    marked = np.abs(coarse - paper) > _MARK
    down, across = (int(side * _MARGIN) for side in marked.shape)
    inner = marked[down : marked.shape[0] - down, across : marked.shape[1] - across]
    ink = float(inner.mean()) if inner.size else float(marked.mean())
    rows, columns = np.nonzero(marked)
    every = max(1, len(rows) // _MOST_MARKS)
    return (rows[::every], columns[::every]), paper, ink


def _skew(marks: Marks) -> float:
    """By how many degrees, counterclockwise, the page has to be turned for level lines.

    Marks are gathered along slanted lines; along those of the writing they fall into the
    fewest, fullest rows. Writing that runs up or down the page is found by its columns.
    """
    rows, columns = marks
    if len(rows) < 200:
        return 0.0
    upright, sideways = _steepness(rows, columns), _steepness(columns, -rows)
    return -max(upright, sideways, key=lambda found: found[1])[0]


def _steepness(rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any]) -> tuple[float, float]:
    """The slant in degrees that fills the fewest rows, and how far it stands out."""
    slants = np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.5)
    fullness = [_fullness(rows, columns, slant) for slant in slants]
    near = slants[int(np.argmax(fullness))]
    finer = np.arange(near - 0.5, near + 0.51, 0.1)
    finest = [_fullness(rows, columns, slant) for slant in finer]
    return float(finer[int(np.argmax(finest))]), max(finest) / float(np.mean(fullness))


def _fullness(rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any], slant: float) -> float:
    levelled = (rows + columns * math.tan(math.radians(slant))).astype(np.int32)
    counts = np.bincount(levelled - levelled.min()).astype(float)
    return float((counts * counts).sum())
