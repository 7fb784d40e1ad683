"""A page as pdfium has it: turned upright, and what runs otherwise kept apart."""

from pathlib import Path

import pypdf
import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import sheets
from appliance.index.reading.lines import Line
from tests.index.reading import papers

WORDS = ("O prazo de entrega é de dez dias úteis,", "contados da data do pedido.")

NARROW = "o prazo de entrega dos documentos na secretaria é de dez dias"


def look(path: Path, page: int = 0) -> sheets.Sheet:
    with pypdfium2.PdfDocument(path) as paper:
        return sheets.look(paper[page])


def turned(canvas: Canvas, degrees: int) -> None:
    canvas.translate(*((0, 0), (A4[0], 0), A4, (0, A4[1]))[degrees // 90])
    canvas.rotate(degrees)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_writing_on_its_side_is_read_and_noted(tmp_path: Path, degrees: int) -> None:
    def draw(canvas: Canvas) -> None:
        turned(canvas, degrees)
        papers.lines_at(WORDS, top=500)(canvas)

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.text == " ".join(WORDS)
    assert page.notes == ("rotated",)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_a_viewer_turns_upright_needs_no_note(tmp_path: Path, degrees: int) -> None:
    def draw(canvas: Canvas) -> None:
        turned(canvas, degrees)
        papers.lines_at(WORDS, top=500)(canvas)

    writer = pypdf.PdfWriter(clone_from=papers.drawn(tmp_path / "a.pdf", draw))
    writer.pages[0].rotate(degrees)
    writer.write(tmp_path / "b.pdf")

    (page,) = papers.pages_of(tmp_path / "b.pdf")

    assert (page.text, page.notes) == (" ".join(WORDS), ())


def test_a_stamp_along_the_edge_is_kept_apart(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        papers.lines_at(WORDS)(canvas)
        canvas.rotate(90)
        canvas.drawString(300, -580, "Protocolo 2026/117")

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.text == " ".join(WORDS) + "\n\nProtocolo 2026/117"


def test_a_watermark_across_the_page_is_one_word_of_its_own(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(0, 0, "MINUTA")
        canvas.restoreState()
        papers.lines_at(WORDS)(canvas)

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.text == " ".join(WORDS) + "\n\nMINUTA"


def test_words_whose_letters_stand_apart_are_words_again(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for word in ("REGIMENTO", "ESCOLAR", "DE", "AURORA"):
            for letter in word:
                canvas.drawString(x, 700, letter)
                x += 14
            x += 16
        papers.lines_at(WORDS, top=650)(canvas)

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.text.startswith("REGIMENTO ESCOLAR DE AURORA")
    assert page.notes == ("fragmented",)


def test_words_that_a_narrow_gap_parts_are_words_again(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        x = 72.0
        for word in NARROW.split():
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word, "Helvetica", 12) + 1.6
        papers.lines_at(WORDS, top=650)(canvas)

    (page,) = papers.pages_of(papers.drawn(tmp_path / "a.pdf", draw))

    assert page.text.startswith(NARROW)


def test_where_a_page_begins_and_ends_is_known(tmp_path: Path) -> None:
    sheet = look(papers.pdf(tmp_path / "a.pdf", ["Texto"]))

    assert (round(sheet.bottom), round(sheet.top)) == (0, 842)


def test_the_text_of_a_sheet_is_all_its_lines() -> None:
    one, two = (Line((word,), 0, 10, 0, 10, False) for word in ("um", "dois"))

    assert sheets.Sheet([one], ([two],)).text == "um\ndois"
    assert sheets.BLANK.text == ""


@pytest.mark.parametrize(
    ("degrees", "edges"), [(0, (0, 842)), (90, (-595, 0)), (180, (-842, 0)), (270, (0, 595))]
)
def test_the_edges_of_a_page_turn_with_it(
    tmp_path: Path, degrees: int, edges: tuple[int, int]
) -> None:
    def draw(canvas: Canvas) -> None:
        turned(canvas, degrees)
        papers.lines_at(WORDS, top=500)(canvas)

    writer = pypdf.PdfWriter(clone_from=papers.drawn(tmp_path / "a.pdf", draw))
    writer.pages[0].rotate(degrees)
    writer.write(tmp_path / "b.pdf")

    sheet = look(tmp_path / "b.pdf")

    assert (round(sheet.bottom), round(sheet.top)) == edges


def test_a_comment_is_an_annotation_and_a_link_is_none(tmp_path: Path) -> None:
    def linked(canvas: Canvas) -> None:
        papers.lines_at(WORDS)(canvas)
        canvas.linkURL("https://escola.example", (72, 700, 200, 720))

    def commented(canvas: Canvas) -> None:
        papers.lines_at(WORDS)(canvas)
        canvas.textAnnotation("Rever", Rect=(72, 600, 92, 620))

    path = papers.drawn(tmp_path / "a.pdf", linked, commented)

    assert (look(path).annotated, look(path, 1).annotated) == (False, True)


def test_a_stamp_upside_down_is_kept_apart(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        papers.lines_at(WORDS)(canvas)
        canvas.rotate(180)
        canvas.drawString(-300, -40, "Protocolo 117")

    sheet = look(papers.drawn(tmp_path / "a.pdf", draw))

    assert [line.text for line in sheet.lines] == list(WORDS)
    assert [[line.text for line in aside] for aside in sheet.asides] == [["Protocolo 117"]]


def test_a_page_without_writing_has_no_lines_and_has_its_edges(tmp_path: Path) -> None:
    sheet = look(papers.pdf(tmp_path / "a.pdf", []))

    assert (sheet.lines, round(sheet.top)) == ([], 842)
