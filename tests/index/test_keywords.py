"""Keywords: text and question meet in the same terms, and nothing typed is syntax."""

import pytest

from appliance.index import keywords
from appliance.index.keywords import Question
from appliance.records import Language


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("rescisão", "rescisões", "pt"),
        ("alemão", "alemães", "pt"),
        ("rescisões", "rescisao", "pt"),
        ("férias", "FERIAS", "pt"),
        ("running", "runs", "en"),
        ("contratos", "contrato", "es"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str, language: Language) -> None:
    assert keywords.stem(one, language) == keywords.stem(other, language)


def test_folding_takes_case_and_accents_away() -> None:
    assert keywords.fold("Órgão") == "orgao"
    assert keywords.folded("O 5º Órgão!") == " o 5 orgao "


def test_what_must_be_found_exactly_is_a_term_of_its_sentence() -> None:
    assert "art5incii" in keywords.terms("Conforme o art. 5º, II, da lei", "pt").split()


def test_a_code_that_is_a_word_already_is_no_second_term() -> None:
    assert keywords.terms("peça AB1234", "pt").split().count("ab1234") == 1


def test_an_identifier_is_found_with_or_without_its_points() -> None:
    text = keywords.terms("CPF 123.456.789-09", "pt").split()

    assert set(Question("12345678909", "pt").stems("pt")) & set(text)
    assert set(Question("123.456.789-09", "pt").codes) & set(text)


def test_a_prepared_text_has_a_line_for_each_sentence() -> None:
    assert keywords.prepare("Pague a multa. Leia o edital.", "pt").count("\n") == 1


def test_stop_words_leave_the_question() -> None:
    assert Question("Qual é o prazo de entrega?", "pt").words == ["prazo", "entrega"]


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert Question("o que é isso", "pt").words == ["o", "que", "é", "isso"]


def test_a_question_meets_documents_of_three_languages() -> None:
    question = Question("contratos", "pt")

    assert question.stems("es") == [keywords.stem("contrato", "es")]
    assert question.variants()[0][0] == keywords.stem("contrato", "pt")


def test_grams_are_four_letters_with_the_spaces_around_words() -> None:
    assert Question("multa", "pt").grams == [" mul", "mult", "ulta", "lta "]
    assert Question("tv", "pt").grams == [" tv "]


def test_pairs_are_neighbours_stop_words_too() -> None:
    assert Question("prazo de entrega", "pt").pairs("pt")[0].endswith(" de")


def test_a_pasted_document_is_cut_to_a_question() -> None:
    question = Question(" ".join(f"palavra{n}" for n in range(10_000)), "pt")

    assert len(question.words) <= 64
    assert len(question.stems("pt")) <= 128


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("O prazo de entrega dos documentos é de trinta dias úteis.", "pt"),
        ("The deadline for handing in the documents is thirty days.", "en"),
        ("El plazo de entrega de los documentos es de treinta días.", "es"),
    ],
)
def test_the_language_is_one_of_the_three(text: str, language: Language) -> None:
    assert keywords.detect(text) == language


def test_a_short_text_takes_the_likely_language() -> None:
    assert keywords.detect("prazo de entrega", "pt") == "pt"
    assert keywords.detect("Art. 5", "es") == "es"
