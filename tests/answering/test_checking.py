"""What is written is believed only as far as a passage says it, too."""

import pytest

from appliance.answering.checking import Checker, demanded
from tests.passages import passage

LIBRARY = passage(
    "A multa por atraso na devolução de livros é de R$ 1,50 por dia. "
    "Cada aluno pode levar três livros por quinze dias. "
    "O aluno não pode levar obras de referência. "
    "A bibliotecária Marta Nunes atende das 7h30 às 17h.",
    start=200,
    heading="Capítulo II › Biblioteca",
)


@pytest.fixture
def checker() -> Checker:
    return Checker([LIBRARY], "pt")


def test_a_copied_sentence_is_supported_by_the_very_span_it_was_copied_from(
    checker: Checker,
) -> None:
    sentence = "Cada aluno pode levar três livros por quinze dias."

    verdict = checker.check(sentence)

    assert verdict.supported
    assert verdict.span is not None
    assert verdict.span.text == sentence
    assert LIBRARY.text[verdict.span.start - 200 : verdict.span.end - 200] == sentence


def test_a_paraphrase_that_keeps_the_nouns_is_supported(checker: Checker) -> None:
    assert checker.check("Quem devolve livros com atraso paga multa de R$ 1,50.").supported


@pytest.mark.parametrize(
    "sentence",
    [
        "A multa por atraso na devolução de livros é de R$ 2,50 por dia.",
        "A multa por atraso na devolução de livros é de R$ 1,50 por dia desde 2024.",
        "A bibliotecária Carla Nunes atende das 7h30 às 17h.",
        "A bibliotecária Marta Nunes atende das 8h30 às 17h.",
    ],
)
def test_a_number_or_a_name_that_the_span_does_not_hold_is_not_supported(
    checker: Checker, sentence: str
) -> None:
    assert not checker.check(sentence).supported


def test_a_sentence_that_turns_a_no_into_a_yes_is_not_supported(checker: Checker) -> None:
    assert not checker.check("O aluno pode levar obras de referência.").supported
    assert checker.check("O aluno não pode levar obras de referência.").supported


def test_a_sentence_about_something_else_is_not_supported_but_shows_what_came_nearest(
    checker: Checker,
) -> None:
    verdict = checker.check("O transporte escolar sai da praça central.")

    assert not verdict.supported
    assert verdict.coverage < 0.5


def test_a_sentence_without_any_content_is_not_supported(checker: Checker) -> None:
    assert not checker.check("Sim.").supported
    assert checker.check("").span is None


def test_two_sentences_that_stand_together_may_support_one(checker: Checker) -> None:
    verdict = checker.check(
        "A multa por atraso é de R$ 1,50 por dia e cada aluno pode levar três livros."
    )

    assert verdict.supported
    assert verdict.span is not None
    assert "R$ 1,50" in verdict.span.text
    assert "três livros" in verdict.span.text


def test_the_name_of_the_document_may_be_said_of_what_it_holds(checker: Checker) -> None:
    assert checker.check(
        "Segundo o Regimento, cada aluno pode levar três livros por quinze dias."
    ).supported


def test_without_passages_nothing_is_supported() -> None:
    assert not Checker([], "pt").check("Cada aluno pode levar três livros.").supported


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("custa R$ 1.234,50", "custa R$ 1234,50"),
        ("abre às 07:30", "abre às 7:30"),
        ("escreva a Ana@Escola.example", "escreva a ana@escola.example"),
    ],
)
def test_the_same_fact_written_in_two_ways_is_one_fact(one: str, other: str) -> None:
    assert demanded(one) == demanded(other)


def test_english_and_spanish_sentences_are_checked_in_their_language() -> None:
    english = Checker([passage("Fees are due on the fifth day of each month.")], "en")
    spanish = Checker([passage("La cuota se paga hasta el día 5 de cada mes.")], "es")

    assert english.check("The fees are due on the fifth day of every month.").supported
    assert spanish.check("La cuota se paga hasta el día 5.").supported
    assert not spanish.check("La cuota se paga hasta el día 15.").supported
