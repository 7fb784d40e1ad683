"""A page's picture before OCR: level, large enough, or blank."""

import numpy as np
import pytest
from PIL import Image

from appliance.index.reading import pdf, scans
from appliance.index.reading.wire import LONGEST, PIXELS, Scan
from appliance.records import Page
from tests.index.reading import papers, pictures

TEXT = ["O aluno que faltar à prova pode pedir outra data"] * 12


def page_of_text(skew: float) -> Image.Image:
    return pictures.photographed(pictures.paper(TEXT, size=(340, 260), top=220), skew=skew)


@pytest.mark.parametrize("skew", [-3.0, -1.0, 1.0, 2.0, 7.5])
def test_lines_that_lie_askew_are_made_level(skew: float) -> None:
    scan = scans.prepared(1, "no_text", page_of_text(skew))

    assert isinstance(scan, Scan)
    assert scan.skew == pytest.approx(-skew, abs=0.21)


@pytest.mark.parametrize("skew", [0.0, 0.1])
def test_lines_that_are_level_are_left_alone(skew: float) -> None:
    picture = page_of_text(skew)

    scan = scans.prepared(1, "no_text", picture)

    assert isinstance(scan, Scan)
    assert (scan.skew, scan.width, scan.height) == (0.0, *picture.size)


def test_writing_that_runs_up_the_page_is_made_level_too() -> None:
    sideways = page_of_text(2.0).transpose(Image.Transpose.ROTATE_90)

    scan = scans.prepared(1, "no_text", sideways)

    assert isinstance(scan, Scan)
    assert scan.skew == pytest.approx(-2.0, abs=0.21)


def test_turning_cuts_nothing_off() -> None:
    picture = page_of_text(5.0)

    scan = scans.prepared(1, "no_text", picture)

    assert isinstance(scan, Scan)
    assert scan.width > picture.width
    assert (scan.page_width, scan.page_height) == picture.size
    assert len(scan.pixels) == scan.width * scan.height


def test_corners_that_turning_opens_are_of_the_papers_gray() -> None:
    scan = scans.prepared(1, "no_text", page_of_text(5.0))

    assert isinstance(scan, Scan)
    assert abs(scan.pixels[0] - 235) < 12


@pytest.mark.parametrize("noise", [0.0, 12.0])
def test_a_blank_back_side_is_blank_and_not_sent(noise: float) -> None:
    back = pictures.photographed(pictures.paper([], size=(300, 400)), noise=noise)

    assert scans.prepared(4, "no_text", back) == Page(
        number=4, how="digital", text="", notes=("blank",)
    )


def test_shadows_at_the_edges_do_not_make_a_back_side_a_page() -> None:
    back = np.full((1200, 900), 245, dtype="uint8")
    back[:10] = 20  # the lid
    back[:, -12:] = 60

    assert isinstance(scans.prepared(1, "no_text", Image.fromarray(back)), Page)


def test_one_short_line_is_no_blank_page() -> None:
    page = pictures.photographed(pictures.paper(["Anexo I"], size=(595, 842), top=500), noise=5)

    assert isinstance(scans.prepared(1, "no_text", page), Scan)


def pixels(found: Page | Scan) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    assert isinstance(found, Scan)
    return np.frombuffer(found.pixels, dtype=np.uint8).reshape(found.height, found.width)


def test_a_page_beside_a_window_is_lit_evenly() -> None:
    page = np.asarray(page_of_text(0.0)).astype("float32")
    light = np.linspace(0.3, 1.0, page.shape[1])

    even = pixels(scans.prepared(1, "no_text", Image.fromarray((page * light).astype("uint8"))))

    left, right = even[:, :200], even[:, -200:]
    assert abs(float(np.median(left)) - float(np.median(right))) < 10
    assert even[100:300, 100:400].min() < 90, "the letters in the shadow are still dark"


def test_the_edge_of_a_shadow_is_no_mark() -> None:
    page = np.full((900, 700), 240, dtype="uint8")
    page[:, 300:] = 120

    assert scans.prepared(1, "no_text", Image.fromarray(page)).number == 1
    found = scans._evened(Image.fromarray(page))
    assert np.asarray(found)[:, 400:].min() > 220


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 2), (7, 9)])
def test_a_sliver_is_a_picture_like_any_other(size: tuple[int, int]) -> None:
    found = scans.prepared(1, "", Image.effect_noise(size, 120))

    assert isinstance(found, Page) or len(found.pixels) == found.width * found.height


def test_white_letters_on_black_become_black_on_white() -> None:
    page = page_of_text(0.0)
    dark = Image.eval(page, lambda gray: 255 - gray)

    grays = pixels(scans.prepared(1, "no_text", dark))

    assert np.median(grays) > 200
    assert grays.min() < 90


def test_paper_in_the_shade_is_not_taken_for_a_blackboard() -> None:
    shaded = page_of_text(0.0).point(lambda gray: gray * 0.3)

    assert np.median(pixels(scans.prepared(1, "no_text", shaded))) > 200


@pytest.mark.parametrize(
    ("width", "height", "factor"),
    [(2480, 3508, 1.0), (8000, 8000, 0.5), (1, 160_000, 0.1), (0, 0, 1.0)],
)
def test_a_picture_shrinks_until_it_is_within_the_limits(
    width: int, height: int, factor: float
) -> None:
    assert scans.fitting(width, height) == pytest.approx(factor)


def test_a_page_of_any_size_is_drawn_within_the_limits(tmp_path):
    canvas_points = 14_400  # the largest page that Acrobat makes: five metres
    paper = pictures.paper(["Planta"], size=(canvas_points, canvas_points))
    path = papers.saved(tmp_path, "planta.pdf", paper)

    with path.open("rb") as file:
        scan = scans.scan(pdf.Book(file, "planta.pdf"), 1, "no_text")

    assert isinstance(scan, Page | Scan)
    assert isinstance(scan, Page) or scan.width * scan.height <= PIXELS * 1.01
    assert isinstance(scan, Page) or max(scan.width, scan.height) <= LONGEST


def test_a_page_of_a_pdf_is_drawn_at_300_dpi_with_its_reason(tmp_path):
    path = papers.saved(tmp_path, "a.pdf", pictures.paper())

    with path.open("rb") as file:
        scan = scans.scan(pdf.Book(file, "a.pdf"), 1, "garbled")

    assert isinstance(scan, Scan)
    assert (scan.number, scan.note) == (1, "garbled")
    assert (scan.page_width, scan.page_height) == (1334, 542)


def test_a_page_that_cannot_be_drawn_keeps_its_reason(tmp_path):
    path = papers.saved(tmp_path, "a.pdf", pictures.paper())

    with path.open("rb") as file:
        book = pdf.Book(file, "a.pdf")
        book.paper = None  # pdfium could not open it, pypdf could

        assert scans.scan(book, 1, "no_text") == Page(
            number=1, how="unreadable", text="", notes=("no_text",)
        )
