"""A quote is found on its page, and the page can be shown."""

import io
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import child, kinds, places
from appliance.index.reading.wire import PageBoxes
from tests.index.reading import papers

LINES = [
    "Art. 26. A biblioteca empresta dois livros por aluno.",
    "A multa por atraso na devolução é de R$ 1,50 por dia útil e por li-",
    "vro, até o limite do preço de capa da obra.",
]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return papers.pdf(tmp_path / "a.pdf", LINES, ["Outra página"])


def boxes(path: Path, quote: str, page: int = 1) -> PageBoxes:
    return child.boxes(path, kinds.PDF, page, quote, name=path.name, memory_mb=512, seconds=30)


def picture(path: Path, page: int = 1, scale: float = 1.0) -> Image.Image:
    png = child.picture(
        path, kinds.PDF, page, name=path.name, scale=scale, memory_mb=1024, seconds=30
    )
    return Image.open(io.BytesIO(png))


def test_a_quote_on_one_line_has_one_rectangle_there(paper: Path) -> None:
    found = boxes(paper, "A biblioteca empresta dois livros")

    (place,) = found.boxes
    assert (round(found.width), round(found.height)) == (595, 842)
    assert place.left == pytest.approx(72 / 595, abs=0.1)
    assert place.left > 72 / 595  # after "Art. 26."
    assert place.top < 1 - 760 / 842 < place.bottom + 0.005


def test_a_quote_over_two_lines_has_one_rectangle_each(paper: Path) -> None:
    first, second = boxes(paper, "de R$ 1,50 por dia útil e por livro, até o limite").boxes

    assert first.left > second.left
    assert first.bottom <= second.top + 0.005
    assert all(0 <= edge <= 1 for box in (first, second) for edge in (box.left, box.right))


@pytest.mark.parametrize(
    "quote",
    [
        "A multa por atraso na devolução",
        "a MULTA por\n atraso, na devolucao",
        "A multa | por atraso | na devolu\u00adção",
    ],
)
def test_spaces_case_bars_and_accents_do_not_matter(paper: Path, quote: str) -> None:
    (place,) = boxes(paper, quote).boxes

    assert place.left == pytest.approx(72 / 595, abs=0.01)


def test_a_quote_that_is_interrupted_is_found_in_its_pieces(paper: Path) -> None:
    quote = "A biblioteca empresta dois livros por aluno. CABEÇALHO A multa por atraso na devolução"

    assert len(boxes(paper, quote).boxes) == 2


@pytest.mark.parametrize("quote", ["", "···", "Nada disto está escrito em lugar nenhum"])
def test_a_quote_that_is_not_there_has_no_rectangle(paper: Path, quote: str) -> None:
    assert boxes(paper, quote).boxes == ()


def test_places_follow_the_page_when_it_is_turned(paper: Path, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=paper)
    writer.pages[0].rotate(90)
    writer.write(tmp_path / "turned.pdf")

    found = boxes(tmp_path / "turned.pdf", "A biblioteca empresta")

    assert (round(found.width), round(found.height)) == (842, 595)
    assert all(box.right - box.left < box.bottom - box.top for box in found.boxes[:1])


def test_a_picture_has_the_size_of_the_page_times_the_scale(paper: Path) -> None:
    assert picture(paper, scale=2.0).size == (1191, 1684)


def test_a_picture_shows_the_words_where_the_boxes_say(paper: Path) -> None:
    (place,) = boxes(paper, "A biblioteca empresta dois livros").boxes
    drawn = picture(paper, scale=2.0).convert("L")
    width, height = drawn.size

    inside = drawn.crop(
        (
            int(place.left * width),
            int(place.top * height),
            int(place.right * width),
            int(place.bottom * height),
        )
    )

    assert inside.getextrema()[0] < 60
    assert drawn.crop((0, height // 2, width, height)).getextrema() == (255, 255)


def test_an_enormous_page_becomes_a_picture_within_bounds(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(14_000, 14_000))
    canvas.drawString(10, 10, "Olá")
    canvas.save()

    width, height = picture(tmp_path / "a.pdf", scale=4.0).size

    assert width * height <= places.PIXELS * 1.01


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_not_found(paper: Path, page: int) -> None:
    with pytest.raises(NotFound) as refusal:
        picture(paper, page)

    assert refusal.value.code == "no_such_page"
    assert refusal.value.facts["pages"] == 2


def test_a_document_without_pages_has_no_picture(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.txt", "Olá")

    with pytest.raises(NotFound) as refusal:
        child.picture(path, kinds.TEXT, 1, name="a.txt", scale=1, memory_mb=512, seconds=30)

    assert refusal.value.code == "no_picture"


def test_a_broken_file_has_no_picture_and_says_why(tmp_path: Path) -> None:
    path = papers.saved(tmp_path, "a.pdf", b"%PDF-1.4 nothing")

    with pytest.raises(Unreadable) as refusal:
        picture(path)

    assert refusal.value.code == "damaged"
