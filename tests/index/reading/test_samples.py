"""The sample documents of the product: readable, consistent, and made by their script."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from appliance.records import Page
from tests.index.reading import papers

SAMPLES = Path(__file__).parents[3] / "installer" / "samples"
DOCUMENTS = (
    "regimento-escolar.pdf",
    "tabela-de-precos.docx",
    "calendario-2026.html",
    "perguntas-frequentes.md",
)


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    document: str
    page: int | None
    quote: str


class Check(msgspec.Struct, forbid_unknown_fields=True):
    question: str
    expect: Expected | None


@pytest.fixture(scope="module")
def library() -> dict[str, list[Page]]:
    return {name: papers.read(SAMPLES / name)[1] for name in DOCUMENTS}


def checks() -> list[Check]:
    return msgspec.json.decode((SAMPLES / "questions.json").read_bytes(), type=list[Check])


def whole(library: dict[str, list[Page]], name: str) -> str:
    return "\n".join(page.text for page in library[name])


def test_a_fresh_run_of_the_script_changes_nothing(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLES / "make.py"), str(tmp_path)], check=True)

    for name in ("regimento-escolar.pdf", "tabela-de-precos.docx"):
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_the_regulation_has_ten_to_twelve_pages_all_read(library: dict[str, list[Page]]) -> None:
    pages = library["regimento-escolar.pdf"]

    assert 10 <= len(pages) <= 12
    assert {page.how for page in pages} == {"digital"}


def test_the_regulation_has_titles_chapters_and_every_article(
    library: dict[str, list[Page]],
) -> None:
    lines = whole(library, "regimento-escolar.pdf").split("\n")
    headings = [
        heading.title for page in library["regimento-escolar.pdf"] for heading in page.headings
    ]

    assert sum(title.startswith("TÍTULO") for title in headings) == 6
    assert sum(title.startswith("CAPÍTULO") for title in headings) == 15
    for number in range(1, 43):
        mark = f"Art. {number}º " if number < 10 else f"Art. {number}. "
        assert sum(line.startswith(mark) for line in lines) == 1, mark


def test_the_ruled_tables_are_rows(library: dict[str, list[Page]]) -> None:
    text = whole(library, "regimento-escolar.pdf")

    assert "Turno | Turmas | Entrada | Saída" in text
    assert "1º | 2/2 a 15/5 | 4 a 8/5 | 13/5 | 22/5" in text


def test_each_question_is_answered_where_it_says(library: dict[str, list[Page]]) -> None:
    for check in checks():
        if check.expect is None:
            continue
        pages = library[check.expect.document]
        holding = [page.number for page in pages if check.expect.quote in page.text]

        assert holding == [check.expect.page or 1]


def test_there_are_two_questions_with_answers_and_one_without() -> None:
    expected = [check.expect for check in checks()]

    assert len(expected) == 3
    assert expected.count(None) == 1
    assert {one.page is None for one in expected if one} == {True, False}


def test_the_question_without_an_answer_has_none(library: dict[str, list[Page]]) -> None:
    everything = "\n".join(whole(library, name) for name in DOCUMENTS).lower()

    assert "internet sem fio" not in everything
    assert "wi-fi" not in everything


@pytest.mark.parametrize(
    ("fact", "documents"),
    [
        ("R$ 45,00", ("regimento-escolar.pdf", "tabela-de-precos.docx", "perguntas-frequentes.md")),
        ("R$ 25,00", ("tabela-de-precos.docx", "perguntas-frequentes.md")),
        ("R$ 20,00", ("regimento-escolar.pdf", "tabela-de-precos.docx")),
        ("R$ 218,00", ("tabela-de-precos.docx", "perguntas-frequentes.md")),
        ("75 %", ("regimento-escolar.pdf", "perguntas-frequentes.md")),
        ("200 dias", ("regimento-escolar.pdf", "calendario-2026.html")),
        ("3 dias úteis", ("regimento-escolar.pdf", "perguntas-frequentes.md")),
        ("7h30 às 17h30", ("regimento-escolar.pdf", "perguntas-frequentes.md")),
    ],
)
def test_the_samples_agree_with_one_another(
    library: dict[str, list[Page]], fact: str, documents: tuple[str, ...]
) -> None:
    for name in documents:
        assert fact in whole(library, name), name
