"""PowerPoint files: each slide as people in the room see it, and what was said beside it."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from appliance.errors import Unreadable
from appliance.index.reading import slides
from appliance.index.reading.wire import Outline
from appliance.records import Page
from tests.index.reading import papers

TITLE_AND_BODY, TITLE_ONLY, BLANK = 1, 5, 6
A_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def show(path: Path, *draw: Callable[[Any], None], title: str = "") -> Path:
    """A presentation with a slide for each function, which gets the presentation."""
    made = pptx.Presentation()
    made.core_properties.title = title
    for one in draw:
        one(made)
    made.save(str(path))
    return path


def slide(made: Any, layout: int, title: str = "") -> Any:
    one = made.slides.add_slide(made.slide_layouts[layout])
    if title:
        one.shapes.title.text = title
    return one


def box(one: Any, text: str, left: float, top: float) -> None:
    one.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(2)).text_frame.text = text


def found(path: Path) -> tuple[Outline, list[Page]]:
    with path.open("rb") as file:
        first, *pages = slides.read(file, path.name)
    assert isinstance(first, Outline)
    return first, [page for page in pages if isinstance(page, Page)]


def refusal_of(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        found(path)
    return refusal.value


def test_each_slide_is_a_page_under_its_title(tmp_path: Path) -> None:
    def first(made: Any) -> None:
        one = slide(made, TITLE_AND_BODY, "Matrículas 2026")
        one.placeholders[1].text_frame.text = "De 5 a 20 de janeiro\nNa secretaria"

    def second(made: Any) -> None:
        slide(made, TITLE_AND_BODY, "Documentos").placeholders[1].text_frame.text = "RG e CPF"

    outline, pages = found(show(tmp_path / "a.pptx", first, second))

    assert outline == Outline(pages=2, title="Matrículas 2026", paged=True)
    assert [page.number for page in pages] == [1, 2]
    assert pages[0].text == "Matrículas 2026\n\nDe 5 a 20 de janeiro\nNa secretaria"
    assert [(one.level, one.title) for one in pages[1].headings] == [(1, "Documentos")]


@pytest.mark.parametrize(
    ("written", "title"),
    [("Aula inaugural", "Aula inaugural"), ("PowerPoint Presentation", "Abertura")],
)
def test_the_title_is_the_files_own_unless_a_program_made_it_up(
    tmp_path: Path, written: str, title: str
) -> None:
    path = show(
        tmp_path / "a.pptx", lambda made: slide(made, TITLE_ONLY, "Abertura"), title=written
    )

    outline, _ = found(path)

    assert outline.title == title


def test_boxes_are_read_down_and_then_across_whatever_came_first(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        one = slide(made, BLANK)
        box(one, "embaixo", 1, 12)
        box(one, "direita", 13, 4.2)
        box(one, "esquerda", 1, 4.0)

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "esquerda\n\ndireita\n\nembaixo"


def test_tables_become_rows(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        table = slide(made, BLANK).shapes.add_table(2, 2, Cm(1), Cm(1), Cm(9), Cm(4)).table
        for place, text in enumerate(["Turma", "Valor", "1º ano", "R$ 1.680"]):
            table.cell(place // 2, place % 2).text = text

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "Turma | Valor\n1º ano | R$ 1.680"


def test_a_chart_is_its_title_and_its_figures(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        data = CategoryChartData()
        data.categories = ["2025", "2026"]
        data.add_series("Alunos", (410, 432.5))
        chart = (
            slide(made, BLANK)
            .shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(1), Cm(9), Cm(9), data)
            .chart
        )
        chart.has_title = True
        chart.chart_title.text_frame.text = "Matrículas por ano"

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "Matrículas por ano\n\n| Alunos\n\n2025 | 410\n2026 | 432.5"


def test_notes_stand_below_the_slide(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        one = slide(made, TITLE_ONLY, "Prazos")
        one.notes_slide.notes_text_frame.text = "Lembrar do feriado."

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "Prazos\n\nNotas: Lembrar do feriado."


def test_groups_are_read_and_what_every_slide_repeats_is_not(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        one = slide(made, TITLE_ONLY, "Prazos")
        group = one.shapes.add_group_shape()
        group.shapes.add_textbox(Cm(1), Cm(9), Cm(5), Cm(1)).text_frame.text = "no grupo"
        layout = made.slide_layouts[TITLE_ONLY]
        for shape in layout.placeholders:
            if shape.placeholder_format.idx in (10, 11, 12):
                one.shapes.clone_placeholder(shape)
        for shape in one.placeholders:
            if shape.placeholder_format.idx in (10, 11, 12):
                shape.text_frame.text = "rodapé"

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "Prazos\n\nno grupo"


def test_a_slide_of_pictures_is_one_that_was_not_read(tmp_path: Path) -> None:
    def pictured(made: Any) -> None:
        dot = papers.saved(tmp_path, "dot.png", A_DOT)
        slide(made, BLANK).shapes.add_picture(str(dot), Cm(1), Cm(1))

    _, pages = found(
        show(
            tmp_path / "a.pptx",
            pictured,
            lambda made: slide(made, BLANK),
            lambda made: slide(made, TITLE_ONLY, "Fim"),
        )
    )

    assert [(page.how, page.notes) for page in pages] == [
        ("unreadable", ("no_text",)),
        ("digital", ()),
        ("digital", ()),
    ]


def test_what_newer_programs_draw_is_read_in_its_newer_form(tmp_path: Path) -> None:
    def draw(made: Any) -> None:
        one = slide(made, BLANK)
        box(one, "nova", 1, 1)
        box(one, "antiga", 1, 5)
        tree = one.shapes._spTree
        new, old = list(tree)[-2:]
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        offer = tree.makeelement(f"{{{mc}}}AlternateContent", {})
        for tag, shape in (("Choice", new), ("Fallback", old)):
            form = tree.makeelement(f"{{{mc}}}{tag}", {})
            form.append(shape)
            offer.append(form)
        tree.append(offer)

    _, (page,) = found(show(tmp_path / "a.pptx", draw))

    assert page.text == "nova"


def test_a_show_without_a_word_says_so(tmp_path: Path) -> None:
    path = show(tmp_path / "a.pptx", lambda made: slide(made, BLANK))

    assert refusal_of(path).code == "no_words"


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.98])
def test_a_truncated_show_is_damaged(tmp_path: Path, keep: float) -> None:
    whole = show(tmp_path / "a.pptx", lambda made: slide(made, TITLE_ONLY, "Oi")).read_bytes()
    path = papers.saved(tmp_path, "b.pptx", whole[: int(len(whole) * keep)])

    assert refusal_of(path).code == "damaged"


def rewritten(tmp_path: Path, part: str, change: Callable[[str], str]) -> Path:
    """A good show, with one part changed."""
    good = show(tmp_path / "good.pptx", lambda made: slide(made, TITLE_ONLY, "Oi"))
    path = tmp_path / "changed.pptx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return path


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE p [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE p SYSTEM "http://canary.example/x.dtd">',
    ],
)
def test_a_document_type_in_a_slide_is_refused(tmp_path: Path, declared: str) -> None:
    path = rewritten(
        tmp_path, "ppt/slides/slide1.xml", lambda xml: xml.replace("<p:sld", f"{declared}<p:sld", 1)
    )

    refusal = refusal_of(path)

    assert (refusal.code, refusal.facts["reason"]) == ("dangerous_content", "DOCTYPE")


def test_a_slide_whose_xml_is_broken_is_damaged(tmp_path: Path) -> None:
    path = rewritten(tmp_path, "ppt/slides/slide1.xml", lambda xml: xml[: len(xml) // 2])

    assert refusal_of(path).code == "damaged"
