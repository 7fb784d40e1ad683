"""Pictures of pages: PNG, JPEG, WebP, and TIFF with as many pages as it has.

Each page goes to OCR (``scans``). A picture is unpacked whole, so its size is
looked at first: the header tells it, and what would not fit is refused before
a pixel is read. JPEG is the exception, it can be unpacked smaller. Cameras turn
their pictures by a mark (EXIF), which is obeyed here.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import scans
from appliance.index.reading.wire import DPI, Outline, PageBoxes, Scan
from appliance.records import Page

UNPACKED = 450 * 2**20  # bytes of one picture; a smaller one comes beside it
PAGES_LIMIT = 20_000
PAPER = 842.0  # points: a picture is taken for a page as long as A4 where it says nothing else
# The parsers that are loaded; Pillow would look through forty for the one that fits.
_PARSERS = (PngImagePlugin, JpegImagePlugin, TiffImagePlugin, WebPImagePlugin)
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
# Of a pixel, with the copy that has to be made of it before it can be made smaller.
_BYTES = {"L": 1, "1": 2, "RGB": 4, "CMYK": 4, "YCbCr": 4, "P": 5}
_LARGEST_ENLARGED = 3.0  # more adds nothing to letters that are not there
_CREDIBLE = (100, 1200)  # dots per inch; cameras and screens say 72 and 96 of anything

Image.MAX_IMAGE_PIXELS = None  # ours is the limit, in bytes


class Album:
    """An open picture file, page by page.

    Raises ``Unreadable``: damaged, too_many_pages, picture_too_big (its first page does
    not fit into memory; the facts say its pixels).
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        try:
            self.image = Image.open(stream, formats=_FORMATS)
            # Other formats keep previews and moving pictures where TIFF keeps pages.
            self.pages = int(getattr(self.image, "n_frames", 1)) if self.is_tiff else 1
        except Exception as fault:
            raise Unreadable("damaged", name=name) from fault
        if self.pages > PAGES_LIMIT:
            raise Unreadable("too_many_pages", name=name, limit=PAGES_LIMIT)

    @property
    def is_tiff(self) -> bool:
        return bool(self.image.format == "TIFF")

    def turn_to(self, number: int) -> Image.Image:
        """Page ``number`` (from 1), not unpacked yet. Raises ``NotFound``, and ``Unreadable``
        with damaged or picture_too_big."""
        if not 1 <= number <= self.pages:
            raise NotFound("no_such_page", name=self.name, page=number, pages=self.pages)
        try:
            self.image.seek(number - 1)
        except Exception as fault:
            raise Unreadable("damaged", name=self.name) from fault
        width, height = self.image.size
        if width * height * _depth(self.image) > UNPACKED:
            facts = {"width": width, "height": height}
            raise Unreadable("picture_too_big", name=self.name, **facts)
        return self.image

    def gray(self, number: int) -> Image.Image:
        """Page ``number`` in gray on white, upright, at about ``DPI``."""
        image = self.turn_to(number)
        factor = _factor(image)
        size = tuple(max(1, round(side * factor)) for side in image.size)
        image.draft("L", (size[0], size[1]))
        return self._made(image, "L", (size[0], size[1]))

    def colours(self, number: int, longest: float) -> Image.Image:
        """Page ``number`` as it looks, upright, its longer side ``longest`` pixels at most."""
        image = self.turn_to(number)
        factor = min(1.0, longest / max(image.size))
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image.draft("RGB", size)
        return self._made(image, "RGB", size)

    def _made(self, image: Image.Image, mode: str, size: tuple[int, int]) -> Image.Image:
        try:
            image.load()
            made = _on_white(_resized(_plain(image), size), mode)
        except MemoryError:
            raise
        except Exception as fault:
            raise Unreadable("damaged", name=self.name) from fault
        made.info = image.info  # it says how the camera was held
        return ImageOps.exif_transpose(made)


def read(stream: BinaryIO, name: str) -> Iterator[Outline | Page | Scan]:
    """The outline, then each page as a picture for OCR, blank, or unreadable (too_heavy, damaged).

    Raises ``Unreadable`` as ``Album`` does, and for a file of one page what is wrong with it.
    """
    album = Album(stream, name)
    yield Outline(pages=album.pages, title=None, paged=True)
    for number in range(1, album.pages + 1):
        try:
            yield scans.prepared(number, "", album.gray(number))
        except Unreadable as refusal:
            if album.pages == 1:
                raise
            note = "too_heavy" if refusal.code == "picture_too_big" else refusal.code
            yield Page(number=number, how="unreadable", text="", notes=(note,))


def picture(stream: BinaryIO, name: str, page: int, scale: float) -> bytes:
    """A PNG of page ``page``, as long as an A4 page at ``scale`` pixels a point, or as it is
    where it is smaller. Raises ``NotFound("no_such_page")`` and ``Unreadable``."""
    png = io.BytesIO()
    Album(stream, name).colours(page, PAPER * scale).save(png, "PNG", compress_level=6)
    return png.getvalue()


def size(stream: BinaryIO, name: str, page: int) -> PageBoxes:
    """The page's size in points, as if it were as long as A4; no boxes: OCR knows the words'."""
    drawn = Album(stream, name).colours(page, PAPER)
    scale = PAPER / max(drawn.size)
    return PageBoxes(width=drawn.width * scale, height=drawn.height * scale, boxes=())


def _depth(image: Image.Image) -> int:
    """The bytes that a pixel takes at most, from the file to the smaller picture."""
    if image.format in ("JPEG", "MPO"):
        # libjpeg keeps all of a progressive picture; of another, the part it is unpacked to.
        return 4 if image.info.get("progressive") else 1
    return _BYTES.get(image.mode, 8)


def _factor(image: Image.Image) -> float:
    """What makes the picture about ``DPI``, within the limits."""
    longest = max(image.size)
    told = image.info.get("dpi", (0, 0))
    dpi = float(told[0]) if isinstance(told, tuple) and told else 0.0
    low, high = _CREDIBLE
    if not low <= dpi <= high:
        dpi = longest / (PAPER / 72)
    factor = min(DPI / dpi, _LARGEST_ENLARGED)
    width, height = image.width * factor, image.height * factor
    return factor * scans.fitting(width, height)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller without loss."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode.startswith("I"):  # 16 bits a gray; Pillow would cut off all above 255
        return image.point(lambda gray: gray / 256).convert("L")
    return image


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _on_white(image: Image.Image, mode: str) -> Image.Image:
    """The picture in ``mode``, its transparent parts white."""
    if not image.has_transparency_data:
        return image.convert(mode)
    seen = image.convert("RGBA")
    white = Image.new(mode, image.size, "white")
    white.paste(seen.convert(mode), mask=seen.getchannel("A"))
    return white
