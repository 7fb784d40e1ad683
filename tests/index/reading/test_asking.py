"""pdfium asked about many characters at once answers as when it is asked one by one."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import asking
from tests.index.reading import papers

BOLD = "Aurora é já"
FAINT = "claro"


def draw(canvas: Canvas) -> None:
    papers.lines_at([BOLD], left=72, top=700, size=10)(canvas)
    faint = canvas.beginText(72, 600)
    faint.setFont("Helvetica", 20)
    faint.setTextRenderMode(3)
    faint.setFillColorRGB(1, 0, 0)
    faint.textOut(FAINT)
    canvas.drawText(faint)
    canvas.rect(300, 300, 50, 20, fill=1)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[pypdfium2.PdfPage]:
    """A page with a line of ten points, an unseen one of twenty, and a rectangle."""
    with pypdfium2.PdfDocument(papers.drawn(tmp_path / "a.pdf", draw)) as paper:
        yield paper[0]


@pytest.fixture
def textpage(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfTextPage]:
    textpage = page.get_textpage()
    yield textpage
    textpage.close()


def test_the_text_is_the_pages(textpage: pypdfium2.PdfTextPage) -> None:
    units = asking.text(textpage.raw, textpage.count_chars())

    assert units.tobytes().decode("utf-16-le") == textpage.get_text_range()


def test_no_more_text_comes_than_is_asked_for(textpage: pypdfium2.PdfTextPage) -> None:
    assert asking.text(textpage.raw, 6).tobytes().decode("utf-16-le") == "Aurora"


def test_a_character_stands_where_pdfium_says_alone(textpage: pypdfium2.PdfTextPage) -> None:
    alone = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage.raw, 4, alone)

    (place,) = asking.places(textpage.raw, [4])

    assert place.tolist() == [alone.left, alone.bottom, alone.right, alone.top]


def test_a_character_that_is_not_there_stands_nowhere(textpage: pypdfium2.PdfTextPage) -> None:
    assert asking.places(textpage.raw, [10**6]).tolist() == [[0.0] * 4]


def test_each_character_knows_its_size(textpage: pypdfium2.PdfTextPage) -> None:
    last = textpage.count_chars() - 1

    assert asking.sizes(textpage.raw, [0, last]).tolist() == [10.0, 20.0]


def test_a_matrix_says_where_the_writing_begins(textpage: pypdfium2.PdfTextPage) -> None:
    (matrix,) = asking.matrices(textpage.raw, [0])

    assert matrix.tolist() == [1.0, 0.0, 0.0, 1.0, 72.0, 700.0]


def test_a_position_without_a_character_has_no_number(textpage: pypdfium2.PdfTextPage) -> None:
    assert asking.indexes(textpage.raw, [0, 10**6]) == [0, -1]


def test_characters_know_the_object_that_drew_them(
    page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage
) -> None:
    found, _, _ = asking.objects(page.raw, 3)

    assert asking.owners(textpage.raw, len(BOLD)).tolist() == [found[0]] * len(BOLD)


def test_objects_come_in_the_order_they_are_drawn(page: pypdfium2.PdfPage) -> None:
    _, found, _ = asking.objects(page.raw, 3)

    assert found == [
        pdfium.FPDF_PAGEOBJ_TEXT,
        pdfium.FPDF_PAGEOBJ_TEXT,
        pdfium.FPDF_PAGEOBJ_PATH,
    ]


def test_a_page_of_nothing_but_writing_is_one_of_texts(page: pypdfium2.PdfPage) -> None:
    _, found, _ = asking.objects(page.raw, 2)

    assert found == [pdfium.FPDF_PAGEOBJ_TEXT] * 2


def test_invisible_writing_is_told_from_the_rest_and_from_what_is_none(
    page: pypdfium2.PdfPage,
) -> None:
    found, _, modes = asking.objects(page.raw, 3)

    assert modes == [0, 3, -1]
    assert asking.modes(found[:2]) == [0, 3]


def test_an_object_knows_its_colour(page: pypdfium2.PdfPage) -> None:
    found, _, _ = asking.objects(page.raw, 2)

    assert asking.fills(found).tolist() == [[0, 0, 0, 255], [255, 0, 0, 255]]


def test_an_object_knows_its_edges_as_when_it_is_asked_alone(page: pypdfium2.PdfPage) -> None:
    found, _, _ = asking.objects(page.raw, 3)
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(pdfium.FPDFPage_GetObject(page.raw, 2), *edges)

    assert asking.bounds(found)[2].tolist() == [edge.value for edge in edges]


def test_a_stretch_that_two_objects_drew_has_the_place_of_each(
    textpage: pypdfium2.PdfTextPage,
) -> None:
    counts, places = asking.runs(textpage.raw, [(0, textpage.count_chars())])

    assert counts == [2]
    assert [round(left) for left in places[:, 0].tolist()] == [72, 73]


def test_a_page_has_as_many_stretches_as_objects_of_text(
    textpage: pypdfium2.PdfTextPage,
) -> None:
    assert asking.runs_of_all(textpage.raw) == 2


def test_nothing_asked_is_nothing_answered(
    page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage
) -> None:
    assert asking.places(textpage.raw, []).shape == (0, 4)
    assert asking.matrices(textpage.raw, []).shape == (0, 6)
    assert asking.bounds([]).shape == asking.fills([]).shape == (0, 4)
    assert asking.runs(textpage.raw, [])[1].shape == (0, 4)


def test_more_is_asked_than_there_is_memory_for_at_once(textpage: pypdfium2.PdfTextPage) -> None:
    first, fifth = asking.places(textpage.raw, [0, 4])

    many = asking.places(textpage.raw, [0] * 1500 + [4] * 1000)

    assert many.shape == (2500, 4)
    assert (many[:1500] == first).all()
    assert (many[1500:] == fifth).all()


def test_what_pdfium_does_not_know_is_no_answer_of_before(textpage: pypdfium2.PdfTextPage) -> None:
    assert asking.places(textpage.raw, [4]).any()
    assert asking.matrices(textpage.raw, [4]).any()

    assert not asking.places(textpage.raw, [9_999]).any()
    assert not asking.matrices(textpage.raw, [9_999]).any()


def test_an_object_without_a_fill_is_black_whatever_was_asked_before(
    page: pypdfium2.PdfPage,
) -> None:
    objects, _, _ = asking.objects(page.raw, pdfium.FPDFPage_CountObjects(page.raw))
    asking.fills(objects)

    assert asking.fills([0]).tolist() == [[0, 0, 0, 255]]
    assert asking.bounds([0]).tolist() == [[0, 0, 0, 0]]
