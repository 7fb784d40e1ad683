"""A row of a table is one line, its cells whole, however many lines they run over."""

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from appliance.index.reading import tables
from appliance.index.reading.hyphens import Words
from appliance.index.reading.lines import Line
from tests.index.reading import papers

NONE = Words()


def line(text: str, *, x: float, y: float, cut: bool = False) -> Line:
    return Line((text,), x, x + 5 * len(text), y, 10, cut)


def texts(page: Sequence[Line]) -> list[str]:
    return [line.text for line in page]


def test_cells_of_several_lines_are_one_row() -> None:
    page = [
        line("Multa", x=60, y=700),
        line("por dia útil de", x=160, y=700),
        line("atraso", x=160, y=688),
        line("R$ 1,50", x=300, y=700),
        line("Taxa", x=60, y=670),
        line("da segunda", x=160, y=670),
        line("via", x=160, y=658),
        line("R$ 25,00", x=300, y=670),
    ]

    assert texts(tables.rows(page, NONE)) == [
        "Multa | por dia útil de atraso | R$ 1,50",
        "Taxa | da segunda via | R$ 25,00",
    ]


def test_the_first_cell_may_be_the_long_one() -> None:
    page = [
        line("Multa por dia", x=60, y=700),
        line("de atraso", x=60, y=688),
        line("R$ 1,50", x=300, y=700),
        line("Taxa da se", x=60, y=670, cut=True),
        line("gunda via", x=60, y=658),
        line("R$ 25,00", x=300, y=670),
    ]

    assert texts(tables.rows(page, NONE)) == [
        "Multa por dia de atraso | R$ 1,50",
        "Taxa da segunda via | R$ 25,00",
    ]


def test_two_blocks_beside_each_other_are_no_table() -> None:
    page = [
        line("Colégio Aurora", x=60, y=700),
        line("Rua das Acácias", x=60, y=688),
        line("Contrato nº 12", x=300, y=700),
        line("de 2026", x=300, y=688),
    ]

    assert tables.rows(page, NONE) == page


def test_lines_one_under_the_other_stay_as_they_are() -> None:
    page = [line(f"linha {number}", x=60, y=700 - 12 * number) for number in range(5)]

    assert tables.rows(page, NONE) == page


def test_what_stands_at_one_height_is_one_line() -> None:
    page = [line("Versão 2", x=400, y=700), line("de 2026", x=500, y=700)]

    assert texts(tables.rows(page, NONE)) == ["Versão 2 | de 2026"]


def test_a_sign_that_touches_a_cell_belongs_to_it() -> None:
    page = [line("km", x=60, y=700), line("2", x=70, y=700.5)]

    assert texts(tables.rows(page, NONE)) == ["km2"]


def test_a_table_made_by_a_program_keeps_its_rows(tmp_path: Path) -> None:
    style = getSampleStyleSheet()["BodyText"]
    cells = [
        ("Serviço", "Descrição", "Valor"),
        ("Segunda via", "do boletim ou do histórico escolar, em papel timbrado", "R$ 25,00"),
        ("Multa", "por dia útil de atraso na devolução de livro da biblioteca", "R$ 1,50"),
    ]
    table = Table(
        [[Paragraph(cell, style) for cell in row] for row in cells], colWidths=(80, 150, 80)
    )
    SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4).build([table])

    (page,) = papers.pages_of(tmp_path / "a.pdf")

    assert page.text.split("\n") == [" | ".join(row) for row in cells]
