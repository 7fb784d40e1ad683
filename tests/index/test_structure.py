"""Structure: what is a heading in the text of a page, and what is not."""

import time

import pytest

from appliance.index.structure import ARTICLE, CLAUSE, LAW, outline, path
from appliance.records import Heading, Page


def found(text: str) -> list[tuple[int, str]]:
    return [(one.level, one.title) for one in outline([Page(number=1, how="digital", text=text)])]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("TÍTULO II – DOS DIREITOS", 1),
        ("Capítulo III", 2),
        ("CHAPTER 4: Leave", 2),
        ("Sección II – De los plazos", 3),
        ("CLÁUSULA SEGUNDA – DO PRAZO", CLAUSE),
        ("Cláusula 5ª - Da multa", CLAUSE),
        ("1. OBJETO", 2),
        ("2.3 Prazos de entrega", 3),
        ("RECURSOS HUMANOS", 2),
        ("Anexo I", 1),
    ],
)
def test_a_heading_is_known_by_its_form(line: str, level: int) -> None:
    assert found(f"{line}\nO texto que vem depois é comum.") == [(level, line)]


@pytest.mark.parametrize(
    "line",
    [
        "O capítulo anterior trata disso.",
        "1. O servidor deve entregar o relatório até o dia cinco de cada mês.",
        "Este é um parágrafo comum sem ponto",
        "R$ 1.234,56",
        "2025",
        "A | B | C",
    ],
)
def test_an_ordinary_line_is_no_heading(line: str) -> None:
    assert found(f"{line}\nO texto que vem depois é comum.") == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Art. 5º São iguais perante a lei.", "Art. 5º"),
        ("Art. 121-A. Matar alguém.", "Art. 121-A"),
        ("Artigo 7 – Do prazo", "Art. 7"),
        ("Art 1.045. Entra em vigor.", "Art. 1.045"),
    ],
)
def test_an_article_is_named_by_its_number(line: str, title: str) -> None:
    assert found(line) == [(ARTICLE, title)]


@pytest.mark.parametrize(
    "line",
    [
        "LEI Nº 8.069, DE 13 DE JULHO DE 1990.",
        "Decreto-Lei nº 2.848, de 7 de dezembro de 1940",
        "LEI COMPLEMENTAR Nº 123, DE 14 DE DEZEMBRO DE 2006",
        "RESOLUÇÃO Nº 23.607/2019",
    ],
)
def test_the_name_of_a_law_stands_above_everything(line: str) -> None:
    assert found(f"{line}\nDispõe sobre outra coisa e dá providências.") == [(LAW, line)]


@pytest.mark.parametrize(
    "line", ["Art. 5º da Constituição Federal", "Art. 27, § 2º, desta lei", "Lei 8.069, que dispõe"]
)
def test_a_reference_at_the_start_of_a_line_is_no_heading(line: str) -> None:
    assert found(f"nos termos do\n{line}\ne de outras normas.") == []


def test_a_name_on_the_line_below_belongs_to_the_heading() -> None:
    assert found("CAPÍTULO II\nDAS FÉRIAS\nO texto comum vem aqui.") == [
        (2, "CAPÍTULO II DAS FÉRIAS")
    ]


def test_headings_the_reader_gave_are_believed() -> None:
    given = (Heading(start=0, level=1, title="  Guia   do servidor "),)
    page = Page(number=1, how="digital", text="Guia do servidor\nRECURSOS", headings=given)

    assert [one.title for one in outline([page])] == ["Guia do servidor"]


def test_a_letterhead_on_every_page_is_no_heading() -> None:
    pages = [
        Page(number=n, how="digital", text=f"PREFEITURA DE TESTE\nTexto da página {n}.\nComum.")
        for n in range(1, 6)
    ]

    assert outline(pages) == []


def test_a_form_in_capitals_is_not_all_headings() -> None:
    text = "\n".join(f"CAMPO NÚMERO {word}" for word in ("UM", "DOIS", "TRÊS", "QUATRO", "CINCO"))

    assert found(text) == []


def test_offsets_count_in_the_text_of_the_document() -> None:
    pages = [
        Page(number=1, how="digital", text="abc"),
        Page(number=2, how="digital", text="Capítulo I\nTexto."),
    ]

    assert outline(pages)[0].start == 4


def test_a_path_reads_from_the_top_down() -> None:
    headings = [Heading(start=0, level=1, title="A"), Heading(start=3, level=2, title="B")]

    assert path(headings) == "A › B"


def test_a_hostile_page_takes_no_longer_than_its_length() -> None:
    began = time.process_time()

    found("CAPÍTULO " * 20_000 + "\n" + "1.1.1.1." * 20_000 + "\n" + "A\n" * 20_000)

    assert time.process_time() - began < 2.0
