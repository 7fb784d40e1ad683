"""What is written is believed only as far as a passage says it, too."""

import pytest

from appliance.answering.checking import Checker
from appliance.records import Language, Reason
from tests.passages import passage

LIBRARY = passage(
    "A multa por atraso na devolução de livros é de R$ 1,50 por dia. "
    "Cada aluno pode levar três livros por quinze dias. "
    "O aluno não pode levar obras de referência. "
    "A bibliotecária Marta Nunes atende das 7h30 às 17h.",
    start=200,
    heading="Capítulo II › Biblioteca",
)
OFFICE = passage(
    "Art. 27. A matrícula é obrigatória e será feita até 5 de março de 2024. "
    "O aluno que faltar a mais de 25% das aulas será reprovado, salvo o disposto no § 2º. "
    "É proibido entrar sem uniforme no laboratório. "
    "O estágio dura no mínimo 300 horas e o curso dura no máximo 8 semestres. "
    "O diretor Paulo Reis nomeou Ana Prado em 2019.",
    n=2,
    start=0,
    title="Estatuto",
    document="d2",
)


@pytest.fixture
def checker() -> Checker:
    return Checker([LIBRARY, OFFICE], "pt")


# ------------------------------------------------------------------ what is supported


def test_a_copied_sentence_is_supported_by_the_very_span_it_was_copied_from(
    checker: Checker,
) -> None:
    sentence = "Cada aluno pode levar três livros por quinze dias."

    verdict = checker.check(sentence)

    assert verdict.supported
    assert verdict.reason is None
    assert verdict.span is not None
    assert verdict.span.text == sentence
    assert LIBRARY.text[verdict.span.start - 200 : verdict.span.end - 200] == sentence


def test_every_sentence_of_a_passage_is_supported_as_it_stands(checker: Checker) -> None:
    for source in (LIBRARY, OFFICE):
        for sentence in source.text.replace("Art. 27", "Art 27").split(". "):
            said = sentence.replace("Art 27", "Art. 27")
            assert checker.check(said).supported, said


@pytest.mark.parametrize(
    "sentence",
    [
        "Quem devolve livros com atraso paga multa de R$ 1,50.",
        "A multa por atraso é de 1,50 real por dia.",
        "Cada aluno pode levar 3 livros por 15 dias.",
        "Por quinze dias, cada aluno pode levar três livros.",
        "Marta Nunes atende das 7:30 às 17:00.",
        "A matrícula será feita até 05/03/2024.",
        "A matrícula será feita até março de 2024.",
        "É reprovado o aluno que faltar a mais de vinte e cinco por cento das aulas.",
        "Não é permitido entrar no laboratório sem uniforme.",
        "O estágio dura no mínimo trezentas horas.",
        "Em 2019, o diretor Paulo Reis nomeou Ana Prado.",
    ],
)
def test_what_is_said_in_other_words_and_other_figures_is_supported(
    checker: Checker, sentence: str
) -> None:
    assert checker.check(sentence).supported


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


def test_the_article_that_a_passage_begins_with_may_be_said_of_what_follows(
    checker: Checker,
) -> None:
    said = "Pelo art. {}, é proibido entrar sem uniforme no laboratório."

    assert checker.check(said.format(27)).supported
    assert checker.check(said.format(72)).reason == "number"


def test_an_article_of_that_number_supports_no_count_of_things(checker: Checker) -> None:
    assert checker.check("O estágio dura no mínimo 27 horas.").reason == "number"


# ------------------------------------------------------------------ what is not, and why


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("A multa por atraso na devolução de livros é de R$ 2,50 por dia.", "number"),
        ("Cada aluno pode levar cinco livros por quinze dias.", "number"),
        ("A bibliotecária Marta Nunes atende das 8h30 às 17h.", "number"),
        ("O aluno que faltar a mais de 35% das aulas será reprovado.", "number"),
        ("A multa por atraso na devolução é de R$ 1,50 por dia desde 2024.", "date"),
        ("A matrícula será feita até 6 de março de 2024.", "date"),
        ("A matrícula será feita até 05/04/2024.", "date"),
        ("O diretor Paulo Reis nomeou Ana Prado em 2018.", "date"),
        ("Cada aluno pode levar três livros por quinze meses.", "unit"),
        ("A multa por atraso na devolução de livros é de US$ 1,50 por dia.", "unit"),
        ("O aluno que faltar a mais de 25 aulas será reprovado.", "unit"),
        ("A bibliotecária Carla Nunes atende das 7h30 às 17h.", "name"),
        ("A bibliotecária Marta Souza atende das 7h30 às 17h.", "name"),
        ("Carla Nunes, bibliotecária, atende das 7h30 às 17h.", "name"),
        ("O aluno pode levar obras de referência.", "negation"),
        ("Cada aluno não pode levar três livros por quinze dias.", "negation"),
        ("É permitido entrar sem uniforme no laboratório.", "negation"),
        ("É proibido entrar com uniforme no laboratório.", "negation"),
        ("A matrícula é facultativa e será feita até 5 de março de 2024.", "negation"),
        ("O estágio dura no máximo 300 horas.", "negation"),
        ("O transporte escolar sai da praça central.", "words"),
    ],
)
def test_what_is_said_otherwise_is_not_supported_and_the_reason_is_told(
    checker: Checker, sentence: str, reason: Reason
) -> None:
    verdict = checker.check(sentence)

    assert not verdict.supported
    assert verdict.reason == reason


def test_numbers_in_each_others_place_are_found_out(checker: Checker) -> None:
    assert checker.check("Cada aluno pode levar quinze livros por três dias.").reason == "number"
    # "unit" for a whole figure, so that 300 semesters and 8 hours do not pass either.
    assert not checker.check("O estágio dura 8 horas e o curso dura 300 semestres.").supported


def test_names_in_each_others_place_are_found_out(checker: Checker) -> None:
    swapped = "O diretor Ana Prado nomeou Paulo Reis em 2019."

    assert checker.check(swapped).reason == "name"


def test_a_sentence_about_something_else_shows_what_came_nearest(checker: Checker) -> None:
    verdict = checker.check("O transporte escolar sai da praça central.")

    assert verdict.coverage < 0.5
    assert verdict.span is not None


def test_what_falls_short_shows_the_span_it_was_compared_with(checker: Checker) -> None:
    verdict = checker.check("A multa por atraso na devolução de livros é de R$ 2,50 por dia.")

    assert verdict.span is not None
    assert "R$ 1,50" in verdict.span.text


def test_a_sentence_without_any_content_is_not_supported(checker: Checker) -> None:
    assert checker.check("Sim.").reason == "words"
    assert checker.check("").span is None


def test_an_amount_alone_is_supported_where_it_stands(checker: Checker) -> None:
    assert checker.check("R$ 1,50.").supported
    assert not checker.check("R$ 2,50.").supported


def test_without_passages_nothing_is_supported() -> None:
    assert not Checker([], "pt").check("Cada aluno pode levar três livros.").supported


# ------------------------------------------------------------------ first words


def test_a_first_word_that_the_passages_write_small_is_no_name(checker: Checker) -> None:
    assert checker.check("Alunos podem levar três livros por quinze dias.").supported


def test_a_first_word_that_the_passages_do_not_know_is_a_name_where_they_have_one() -> None:
    rule = Checker([passage("Ontem veio Marta. Marta atende das 7h30 às 17h no balcão.")], "pt")

    assert rule.check("Marta atende das 7h30 às 17h no balcão.").supported
    assert rule.check("Carla atende das 7h30 às 17h no balcão.").reason == "name"


def test_a_first_word_may_name_who_says_it(checker: Checker) -> None:
    assert checker.check("Conforme Marta Nunes, atende das 7h30 às 17h.").supported


# ------------------------------------------------------------------ yes and no


def test_a_no_about_something_else_changes_nothing() -> None:
    rule = Checker([passage("O aluno pode levar mapas, mas não pode levar obras raras.")], "pt")

    assert rule.check("O aluno pode levar mapas.").supported
    assert rule.check("O aluno não pode levar obras raras.").supported
    assert not rule.check("O aluno pode levar obras raras.").supported


def test_a_no_that_is_only_left_out_with_its_clause_changes_nothing() -> None:
    rule = Checker([passage("A taxa vence no dia 5 e não será devolvida em caso de falta.")], "pt")

    assert rule.check("A taxa vence no dia 5.").supported


def test_a_looser_span_that_agrees_does_not_outweigh_a_closer_one_that_differs() -> None:
    loose = "A taxa de matrícula paga pelo aluno será devolvida."
    close = "A taxa de matrícula paga pelo aluno bolsista não será devolvida pela secretaria."
    rule = Checker([passage(close), passage(loose, n=2, document="d2")], "pt")

    assert rule.check(close.replace("não ", "")).reason == "negation"
    assert rule.check(close).supported
    assert rule.check(loose).supported


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    ("language", "source", "true", "false"),
    [
        (
            "en",
            "Fees of $30 are due on the fifth day of each month. Guests may not stay overnight.",
            "The fees of 30 dollars are due on the 5th day of every month.",
            "The fees of $30 are due on the sixth day of every month.",
        ),
        (
            "en",
            "Fees are due each month. Guests may not stay overnight in the library.",
            "Guests are not allowed to stay overnight in the library.",
            "Guests may stay overnight in the library.",
        ),
        (
            "es",
            "La cuota se paga hasta el día 5 de cada mes.",
            "La cuota se paga hasta el día 5.",
            "La cuota se paga hasta el día 15.",
        ),
        (
            "es",
            "Está prohibido entrar sin uniforme al laboratorio.",
            "No está permitido entrar al laboratorio sin uniforme.",
            "Está permitido entrar sin uniforme al laboratorio.",
        ),
    ],
)
def test_english_and_spanish_sentences_are_checked_in_their_language(
    language: Language, source: str, true: str, false: str
) -> None:
    rule = Checker([passage(source)], language)

    assert rule.check(true).supported
    assert not rule.check(false).supported
