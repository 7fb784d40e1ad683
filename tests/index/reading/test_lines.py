"""Lines as pdfium finds them: their words, where they stand, and the cells they are made of."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from appliance.index.reading import lines as finding
from appliance.index.reading.lines import Line, Units
from tests.index.reading import papers


def found(path: Path, *, closely: bool = False) -> list[Line]:
    with pypdfium2.PdfDocument(path) as paper:
        textpage = paper[0].get_textpage()
        lines = finding.lines(Units(textpage), closely=closely)
        textpage.close()
        return lines


def drawn(folder: Path, draw: Callable[[Canvas], None]) -> Path:
    return papers.drawn(folder / "a.pdf", draw)


def at(*places: tuple[float, float, str], size: float = 10) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for x, y, text in places:
            canvas.drawString(x, y, text)

    return draw


def in_one_piece(folder: Path, *rows: tuple[str, ...]) -> Path:
    """A page that draws each row with one operator, the gaps inside it, as TeX does."""
    shown = [
        b"1 0 0 1 20 %d Tm [%s] TJ"
        % (250 - 14 * number, b" -4000 ".join(b"(%s)" % cell.encode() for cell in cells))
        for number, cells in enumerate(rows)
    ]
    return papers.raw_pdf(folder / "a.pdf", b"BT /F 10 Tf " + b" ".join(shown) + b" ET")


def test_a_line_knows_its_edges_its_height_and_its_size(tmp_path: Path) -> None:
    (line,) = found(drawn(tmp_path, at((72, 700, "Aurora"))))

    assert line.text == "Aurora"
    assert (round(line.left), round(line.baseline), round(line.size)) == (72, 700, 10)
    assert 100 < line.right < 106


def test_two_objects_far_apart_are_cells(tmp_path: Path) -> None:
    (line,) = found(drawn(tmp_path, at((72, 700, "Turno da manhã"), (300, 700, "7h20"))))

    assert line.cells == ("Turno da manhã", "7h20")
    assert [round(left) for left, _ in line.spans] == [72, 300]


def test_two_objects_beside_each_other_are_words(tmp_path: Path) -> None:
    (line,) = found(drawn(tmp_path, at((72, 700, "Turno"), (102, 700, "da manhã"))))

    assert line.cells == ("Turno da manhã",)


def test_wide_gaps_in_one_object_are_cells_where_a_line_is_wide_for_its_letters(
    tmp_path: Path,
) -> None:
    path = in_one_piece(tmp_path, ("a", "b", "c"), ("dez", "onze", "doze"))

    assert [line.cells for line in found(path)] == [("a", "b", "c"), ("dez", "onze", "doze")]


def test_other_gaps_in_one_object_are_found_when_looked_at_closely(tmp_path: Path) -> None:
    row = ("uma linha longa de palavras que ocupa muito", "7,50")
    path = in_one_piece(tmp_path, row)

    assert found(path, closely=True)[0].cells == row


def test_narrow_gaps_at_one_place_of_many_lines_are_cells(tmp_path: Path) -> None:
    rows = [
        place
        for number in range(6)
        for place in ((72.0, 700.0 - 12 * number, "Item"), (101.0, 700.0 - 12 * number, "Valor"))
    ]

    assert {line.cells for line in found(drawn(tmp_path, at(*rows)))} == {("Item", "Valor")}


def test_a_line_stretched_to_the_margin_is_no_row(tmp_path: Path) -> None:
    page = at(
        (72, 700, "o prazo da entrega dos documentos"),
        (72, 688, "corre do dia"),
        (145, 688, "do pedido na se"),
    )

    lines = found(drawn(tmp_path, page))
    right = lines[0].right

    assert abs(lines[1].right - right) < 20
    assert lines[1].text.replace(" | ", " ") == "corre do dia do pedido na se"


def test_controls_that_windows_meant_as_quotes_are_quotes(tmp_path: Path) -> None:
    path = papers.raw_pdf(
        tmp_path / "a.pdf", b"BT /F 12 Tf 20 200 Td (\x93aspas\x94 \x96 fim) Tj ET"
    )

    assert found(path)[0].text == "“aspas” – fim"


def test_what_is_hidden_leaves_spaces_and_is_given(tmp_path: Path) -> None:
    path = drawn(tmp_path, at((72, 700, "A multa é alta")))
    with pypdfium2.PdfDocument(path) as paper:
        textpage = paper[0].get_textpage()
        units = Units(textpage)

        assert units.hide([2, 3, 4, 5, 6]) == "multa"
        assert units.data == "A       é alta"
        textpage.close()


@pytest.mark.parametrize(
    ("quarters", "expected"),
    [(0, (1, 2, 3, 4)), (1, (2, -3, 4, -1)), (2, (-3, -4, -1, -2)), (3, (-4, 1, -2, 3))],
)
def test_edges_turn_with_the_page(quarters: int, expected: tuple[int, ...]) -> None:
    edges = finding.turned(finding.np.array([[1.0, 2.0, 3.0, 4.0]]), quarters)

    assert tuple(edges[0]) == expected


def test_a_page_without_letters_has_no_lines(tmp_path: Path) -> None:
    assert found(drawn(tmp_path, lambda canvas: canvas.rect(10, 10, 50, 50))) == []
