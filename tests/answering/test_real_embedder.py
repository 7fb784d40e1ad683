"""The twin of the fake: the model that ships, on a small Portuguese text.

What the tests with ``WordEmbedder`` promise about finding must also hold with the
real one, and nearness in meaning, which the fake cannot have, is tried here.
"""

import numpy as np
import pytest

from appliance.answering.evidence import enough
from appliance.answering.quoting import quote
from appliance.cli.eval import open_embedder
from appliance.database import Database
from appliance.models import Embedder
from tests.answering.shelf import Shelf

PAGES = (
    "A multa por atraso na devolução de livros é de R$ 1,50 por dia.",
    "A secretaria atende de segunda a sexta, das 7h30 às 17h.",
    "O uso do uniforme é obrigatório em todas as aulas.",
    "O transporte escolar é contratado diretamente pela família.",
    "A cantina não vende refrigerantes nem frituras.",
    "Medicamentos só são dados com receita médica.",
)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """The model of the catalogue, in this process."""
    found, *_ = open_embedder("minilm")
    assert found is not None
    return found


@pytest.fixture
def real(database: Database, tmp_path, embedder: Embedder) -> Shelf:
    """A shelf with the real model that holds one document of six pages."""
    opened = Shelf(database, tmp_path, embedder)
    opened.put("regimento", *PAGES, title="Regimento interno", language="pt")
    return opened


def test_its_rows_have_length_one_and_the_same_text_the_same_row(embedder: Embedder) -> None:
    rows = embedder.embed([PAGES[0], PAGES[1], PAGES[0]])

    assert rows.shape == (3, embedder.dimensions)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert rows[0] == pytest.approx(rows[2], abs=1e-5)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Qual é a multa por atraso na devolução de livros?", 1),
        ("Quando atende a secretaria?", 2),
        ("O uniforme é obrigatório?", 3),
        ("Quem contrata o transporte escolar?", 4),
        ("A cantina vende refrigerante?", 5),
    ],
)
def test_the_page_that_answers_comes_first_and_is_quoted(
    real: Shelf, question: str, page: int
) -> None:
    findings = real.finder.find([real.collection()], question, language="pt")

    first = findings.found.passages[0]
    assert first.page == page
    assert set(first.found_by) == {"keywords", "meaning"}
    assert enough(findings.found.answerable, "balanced")
    assert PAGES[page - 1] in [one.quote for one in quote(findings)]


def test_a_question_that_shares_no_word_is_found_by_its_meaning(real: Shelf) -> None:
    first, *_ = real.search("school bus transportation", language="en").passages

    assert first.page == 4
    assert "meaning" in first.found_by


@pytest.mark.parametrize(
    "question",
    ["Quem foi o primeiro astronauta a pisar na Lua?", "Qual é a capital da Mongólia?"],
)
def test_what_is_not_in_the_documents_is_not_answerable(real: Shelf, question: str) -> None:
    assert not enough(real.search(question, language="pt").answerable, "balanced")


def test_a_search_by_another_process_gives_the_same(real: Shelf) -> None:
    question = "multa por atraso"

    assert real.reopened().search(question).passages == real.search(question).passages


def test_a_harmed_vector_file_is_made_again(real: Shelf) -> None:
    before = real.search("multa por atraso").passages
    for file in real.files():
        file.write_bytes(b"not a vector file")

    assert real.reopened().search("multa por atraso").passages == before
