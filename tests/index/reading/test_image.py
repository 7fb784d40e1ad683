"""Pictures of pages: every kind, every way they are stored, and those that are too much."""

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import child, image, kinds
from appliance.index.reading.image import Album
from appliance.index.reading.wire import DPI, Outline, Scan
from appliance.records import Page
from tests.index.reading import papers, pictures


def stored(folder: Path, name: str, picture: Image.Image, **how: Any) -> Path:
    """``picture`` as a file, of the kind that its name says."""
    path = folder / name
    picture.save(path, **how)
    return path


def scans_in(path: Path) -> list[Page | Scan]:
    """What the reader finds in the file, in this process."""
    with path.open("rb") as file:
        outline, *rest = image.read(file, path.name)
    assert outline == Outline(pages=len(rest), title=None, paged=True)
    return [one for one in rest if not isinstance(one, Outline)]


def size_of_gray(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        return Album(file, path.name).gray(1).size


COLOUR, GRAY, PALETTE, BITS = (8, 2), (8, 0), (8, 3), (1, 0)  # depth and kind of a PNG's pixels


def huge(path: Path, side: int = 20_000, pixels: tuple[int, int] = COLOUR) -> Path:
    """A PNG of ``side`` by ``side`` pixels, white: in colour 1.2 GB out of 1.2 MB."""
    packer = zlib.compressobj(1)
    depth, kind = pixels
    row = bytes(1) + b"\xff" * (side * depth * (3 if kind == 2 else 1) // 8)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        _part(file, b"IHDR", struct.pack(">IIBBBBB", side, side, depth, kind, 0, 0, 0))
        if pixels == PALETTE:
            _part(file, b"PLTE", b"\xff" * 768)
        for _ in range(0, side, 500):
            _part(file, b"IDAT", packer.compress(row * 500))
        _part(file, b"IDAT", packer.flush())
        _part(file, b"IEND", b"")
    return path


def _part(file: io.BufferedWriter, name: bytes, body: bytes) -> None:
    sealed = name + body
    file.write(struct.pack(">I", len(body)) + sealed + struct.pack(">I", zlib.crc32(sealed)))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.webp"])
def test_each_kind_of_picture_is_read_through_the_house(tmp_path: Path, name: str) -> None:
    path = stored(tmp_path, name, pictures.notice(), dpi=(200, 200))

    outline, (page,) = papers.read(path)

    assert outline == Outline(pages=1, title=None, paged=True)
    assert (page.how, page.notes) == ("ocr", ())
    assert "até 15 de março" in page.text


def test_a_tiff_has_as_many_pages_as_were_scanned(tmp_path: Path) -> None:
    first, second = pictures.notice(["Primeira página"]), pictures.notice(["Segunda página"])
    blank = pictures.notice([])
    path = stored(
        tmp_path, "a.tiff", first, save_all=True, append_images=[blank, second], dpi=(200, 200)
    )

    _, pages = papers.read(path)

    assert [(page.number, page.how, page.text) for page in pages] == [
        (1, "ocr", "Primeira página"),
        (2, "digital", ""),
        (3, "ocr", "Segunda página"),
    ]
    assert pages[1].notes == ("blank",)


def test_a_fax_of_one_bit_is_read(tmp_path: Path) -> None:
    fax = pictures.notice(noise=0).point(lambda gray: 255 * (gray > 128)).convert("1")

    path = stored(tmp_path, "fax.tif", fax, compression="group4", dpi=(200, 200))

    assert "exceção" in papers.text_of(path)


@pytest.mark.parametrize("name", ["a.webp", "a.png"])
def test_moving_pictures_are_one_page(tmp_path: Path, name: str) -> None:
    frames = [pictures.notice([word]) for word in ("um", "dois")]
    path = stored(tmp_path, name, frames[0], save_all=True, append_images=frames[1:])

    assert len(scans_in(path)) == 1


@pytest.mark.parametrize(
    ("mode", "made"),
    [
        ("RGB", lambda gray: gray.convert("RGB")),
        ("RGBA", lambda gray: gray.convert("RGBA")),
        ("P", lambda gray: gray.convert("RGB").quantize(16)),
        ("I;16", lambda gray: gray.convert("I").point(lambda g: g * 256).convert("I;16")),
        ("1", lambda gray: gray.convert("1")),
    ],
)
def test_grays_are_the_same_however_they_are_stored(tmp_path: Path, mode: str, made: Any) -> None:
    gray = Image.linear_gradient("L")
    path = stored(tmp_path, "a.png", made(gray), dpi=(300, 300))

    with path.open("rb") as file:
        read = Album(file, "a.png").gray(1)

    assert (read.mode, read.size) == ("L", gray.size)
    for row in (20, 128, 230):
        near = [read.getpixel((column, row)) for column in range(100, 132)]
        assert abs(sum(near) / 32 - row) < 24, mode  # type: ignore[arg-type]


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    glass = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    glass.paste((0, 0, 0, 255), (0, 0, 150, 200))
    path = stored(tmp_path, "a.png", glass, dpi=(300, 300))

    with path.open("rb") as file:
        gray = Album(file, "a.png").gray(1)

    assert (gray.getpixel((10, 10)), gray.getpixel((290, 10))) == (0, 255)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff"])
def test_a_picture_is_held_as_the_camera_was(tmp_path: Path, name: str) -> None:
    picture = Image.new("L", (400, 200), 255)
    picture.paste(0, (0, 0, 400, 50))  # the top is black
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right, the top is on the right
    path = stored(tmp_path, name, picture.convert("RGB"), exif=exif, dpi=(300, 300))

    with path.open("rb") as file:
        gray = Album(file, name).gray(1)

    assert gray.size[1] == 2 * gray.size[0]
    assert gray.getpixel((gray.width - 5, gray.height // 2)) < 30  # type: ignore[operator]
    assert gray.getpixel((5, gray.height // 2)) > 220  # type: ignore[operator]


@pytest.mark.parametrize(
    ("size", "dpi", "expected"),
    [
        ((1654, 2339), 200, (2481, 3508)),
        ((4960, 7016), 600, (2480, 3508)),
        ((1240, 1754), 72, (2480, 3508)),  # what cameras and screens say is not believed
        ((3000, 4000), 72, (2632, 3509)),
        ((300, 100), 72, (900, 300)),  # never more than three times
    ],
)
def test_a_picture_comes_to_300_dpi(
    tmp_path: Path, size: tuple[int, int], dpi: int, expected: tuple[int, int]
) -> None:
    path = stored(tmp_path, "a.jpg", Image.new("L", size, 255), dpi=(dpi, dpi))

    assert DPI == 300
    assert size_of_gray(path) == pytest.approx(expected, abs=12)


@pytest.mark.guarantee("SEC-05")
def test_a_picture_too_large_for_memory_is_refused_with_its_size(tmp_path: Path) -> None:
    path = huge(tmp_path / "planta.png")

    with pytest.raises(Unreadable) as refusal:
        papers.read(path)

    assert refusal.value.code == "picture_too_big"
    assert "20000 × 20000" in str(refusal.value).replace(",", "").replace("20 000", "20000")


@pytest.mark.guarantee("SEC-05")
@pytest.mark.parametrize(
    ("pixels", "outcomes"),
    [
        (COLOUR, {"picture_too_big"}),
        (PALETTE, {"picture_too_big"}),
        (BITS, {"picture_too_big"}),
        (GRAY, {"no_text", "too_slow"}),  # two seconds of work, for a reader that gives way to all
    ],
)
def test_four_hundred_million_pixels_end_in_time_and_in_memory(
    tmp_path: Path, pixels: tuple[int, int], outcomes: set[str]
) -> None:
    """From a small process of its own: see ``test_hostile``. Gray ones just fit, and are read."""
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from appliance.errors import Refusal\n"
        "from tests.index.reading import papers\n"
        "try:\n"
        "    _, (page,) = papers.read(Path(sys.argv[1]), seconds=100)\n"
        "    print(*page.notes)\n"
        "except Refusal as refusal:\n"
        "    print(refusal.code)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    path, began = huge(tmp_path / "planta.png", pixels=pixels), time.monotonic()

    ended = subprocess.run(
        [sys.executable, "-c", script, path],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    said, kilobytes = ended.stdout.split()
    assert said in outcomes
    assert 0 < int(kilobytes) < 2**20
    assert time.monotonic() - began < 120


def test_a_large_jpeg_is_unpacked_smaller(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.jpg", Image.new("L", (16_000, 16_000), 255), quality=30)

    assert max(size_of_gray(path)) < 4100


def test_a_page_too_large_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "UNPACKED", 500 * 500)
    small, large = Image.effect_noise((200, 200), 90), Image.effect_noise((600, 600), 90)
    path = stored(tmp_path, "a.tiff", small, save_all=True, append_images=[large, small])

    assert [getattr(one, "notes", "scan") for one in scans_in(path)] == [
        *("scan", ("too_heavy",), "scan")
    ]


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.webp"])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_half_a_picture_is_damaged(tmp_path: Path, name: str, share: float) -> None:
    whole = stored(tmp_path, name, pictures.notice()).read_bytes()
    path = papers.saved(tmp_path, f"half-{name}", whole[: int(len(whole) * share)])

    with pytest.raises(Unreadable) as refusal:
        papers.read(path)

    assert refusal.value.code == "damaged"


def test_a_tiff_that_says_it_has_too_many_pages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "PAGES_LIMIT", 1)
    one = Image.new("L", (20, 20))
    path = stored(tmp_path, "a.tiff", one, save_all=True, append_images=[one])

    with pytest.raises(Unreadable) as refusal:
        scans_in(path)

    assert refusal.value.code == "too_many_pages"


def test_a_picture_is_shown_in_its_colours_no_larger_than_a_page(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.jpg", Image.new("RGB", (3000, 1500), "red"))

    png = child.picture(path, kinds.JPEG, 1, name="a.jpg", scale=1.6, memory_mb=1024, seconds=30)

    shown = Image.open(io.BytesIO(png))
    assert (shown.format, shown.size) == ("PNG", (1347, 674))
    red, green, _ = shown.getpixel((5, 5))  # type: ignore[misc]
    assert red > 240 > 15 > green


def test_a_small_picture_is_shown_as_it_is(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.png", pictures.notice())

    png = child.picture(path, kinds.PNG, 1, name="a.png", scale=1.6, memory_mb=1024, seconds=30)

    assert Image.open(io.BytesIO(png)).size == pictures.notice().size


def test_a_picture_is_as_long_as_a4(tmp_path: Path) -> None:
    path = stored(tmp_path, "a.png", Image.new("L", (500, 1000)))

    found = child.boxes(path, kinds.PNG, 1, "", name="a.png", memory_mb=1024, seconds=30)

    assert (found.width, found.height, found.boxes) == (421.0, 842.0, ())


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_is_not_there_has_no_picture(tmp_path: Path, page: int) -> None:
    path = stored(tmp_path, "a.png", pictures.notice())

    with pytest.raises(NotFound) as refusal:
        child.picture(path, kinds.PNG, page, name="a.png", scale=1, memory_mb=1024, seconds=30)

    assert refusal.value.code == "no_such_page"
