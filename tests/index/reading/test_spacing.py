"""Words whose letters stand apart, and words that stand too close, as the gaps part them."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import sheets
from tests.index.reading import papers

NARROW = "o prazo de entrega dos documentos na secretaria é de dez dias"


def look(folder: Path, *draws: Callable[[Canvas], None]) -> sheets.Sheet:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    with pypdfium2.PdfDocument(papers.drawn(folder / "a.pdf", draw)) as paper:
        return sheets.look(paper[0])


def words(text: str, gap: float, *, y: float = 700) -> Callable[[Canvas], None]:
    """The words of ``text`` with ``gap`` points between them and no space drawn."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        x = 72.0
        for word in text.split():
            canvas.drawString(x, y, word)
            x += canvas.stringWidth(word, "Helvetica", 12) + gap

    return draw


def letters(text: str, *, gap: float = 16) -> Callable[[Canvas], None]:
    """The letters of ``text`` 14 points apart, and ``gap`` more between its words."""

    def draw(canvas: Canvas) -> None:
        x = 72.0
        for word in text.split():
            for letter in word:
                canvas.drawString(x, 700, letter)
                x += 14
            x += gap

    return draw


def test_a_gap_that_pdfium_takes_for_none_parts_words(tmp_path: Path) -> None:
    assert look(tmp_path, words(NARROW, 1.6)).text == NARROW


def test_words_that_were_parted_are_noted(tmp_path: Path) -> None:
    assert look(tmp_path, words(NARROW, 1.6)).notes == ("glued",)


def test_where_no_gap_is_wider_than_the_others_nothing_is_parted(tmp_path: Path) -> None:
    sheet = look(tmp_path, words(NARROW, 0.5))

    assert (sheet.text, sheet.notes) == (NARROW.replace(" ", ""), ())


def test_letters_set_apart_are_words_by_the_wider_gaps(tmp_path: Path) -> None:
    sheet = look(tmp_path, letters("REGIMENTO ESCOLAR DE AURORA"))

    assert (sheet.text, sheet.notes) == ("REGIMENTO ESCOLAR DE AURORA", ("fragmented",))


def test_four_letters_apart_are_no_reason_to_measure_anything(tmp_path: Path) -> None:
    sheet = look(tmp_path, letters("ATAS"))

    assert (sheet.text, sheet.notes) == ("A T A S", ())


def test_an_address_is_no_word_that_was_glued(tmp_path: Path) -> None:
    address = "www.escola.example/um/caminho/muito/comprido/de/verdade"

    assert look(tmp_path, papers.lines_at([address])).text == address


def test_a_line_is_measured_by_itself_and_its_neighbours_stay(tmp_path: Path) -> None:
    plain = "A secretaria atende das 7h30 às 17h."

    sheet = look(tmp_path, words(NARROW, 1.6), papers.lines_at([plain], top=650))

    assert sheet.text.splitlines() == [NARROW, plain]


def test_letters_set_apart_on_a_page_that_lies_on_its_side_are_words(tmp_path: Path) -> None:
    def turn(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.translate(0, -400)

    sheet = look(tmp_path, turn, letters("REGIMENTO ESCOLAR DE AURORA"))

    assert sheet.text == "REGIMENTO ESCOLAR DE AURORA"
