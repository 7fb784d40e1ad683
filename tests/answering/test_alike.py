"""When two questions are one, and when something turns the answer round."""

import pytest

from appliance.answering import alike
from appliance.records import Language

APPROVED: dict[Language, str] = {
    "pt": "Qual é a multa por atraso na devolução de livros?",
    "en": "What is the fine for returning books late?",
    "es": "¿Cuál es la multa por devolver los libros tarde?",
}


def same(one: str, other: str, language: Language = "pt", cosine: float | None = 0.95) -> bool:
    return alike.same(alike.wording(one, language), alike.wording(other, language), cosine)


def likeness(one: str, other: str, cosine: float | None = 0.9) -> float:
    return alike.likeness(alike.wording(one, "pt"), alike.wording(other, "pt"), cosine)


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("pt", "QUAL E A MULTA POR ATRASO NA DEVOLUCAO DE LIVROS"),
        ("pt", "Boa tarde! Gostaria de saber: qual é a multa por atraso na devolução de livros?"),
        ("pt", "Qual a multa por atraso na devolução dos livros, por favor? Obrigada!"),
        ("pt", "qual é a mutla por atraso na devolução de livro?"),
        ("pt", "Por atraso na devolução de livros, qual é a multa?"),
        ("en", "Hello, could you tell me: what is the fine for returning books late? Thanks!"),
        ("en", "what is the fine for retruning books late"),
        ("es", "Buenos días, ¿cuál es la multa por devolver los libros tarde?"),
    ],
)
def test_the_same_question_in_other_words_is_one(language: Language, asked: str) -> None:
    assert same(APPROVED[language], asked, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quem é o filho do rei?", "Quem é a filha do rei?"),
        ("Quem foi ao forte em julho?", "Quem foi ao forte em junho?"),
        ("Quantos livros leva um aluno em 2024?", "Quantos livros leva um aluno em 2025?"),
        ("Quem é responsável pela chave?", "Quem não é responsável pela chave?"),
        ("Quando começa a matrícula?", "Onde começa a matrícula?"),
        ("Quando começa a matrícula?", "Quando termina a matrícula?"),
        ("Por que a biblioteca fecha?", "Quando a biblioteca fecha?"),
        ("Quantas salas tem a escola?", "Quais salas tem a escola?"),
        ("A secretaria abre?", "A secretaria abre à noite?"),
        ("Qual é o prazo mínimo?", "Qual é o prazo máximo?"),
        ("O que o aluno deve ao professor?", "O que o professor deve ao aluno no recreio?"),
        ("Que carvão vai da mina ao forno?", "Que carvão vai do forno à mina?"),
    ],
)
def test_another_question_is_never_given_its_answer(one: str, other: str) -> None:
    assert not same(one, other, cosine=0.99)


def test_meaning_has_to_agree_where_there_is_one() -> None:
    turned = "Por atraso na devolução de livros, qual é a multa?"

    assert same(APPROVED["pt"], turned, cosine=None)
    assert not same(APPROVED["pt"], turned, cosine=alike.AGREE - 0.01)


def test_what_is_close_is_near_and_no_more() -> None:
    close = "Qual é a multa por atraso na devolução de revistas?"

    assert not same(APPROVED["pt"], close)
    assert alike.NEAR <= likeness(APPROVED["pt"], close, 0.95) < 1
    assert likeness(APPROVED["pt"], "Quem contrata o transporte escolar?", 0.4) < alike.NEAR


def test_what_turns_an_answer_round_is_not_even_close() -> None:
    assert likeness("Posso levar obras raras?", "Não posso levar obras raras?") == 0
    assert likeness("Quantos dias em 2024?", "Quantos dias em 2025?") == 0


def test_the_share_of_words_forgives_a_typing_error() -> None:
    right, wrong = (
        alike.wording("devolução atrasada", "pt"),
        alike.wording("devolucao atrsada", "pt"),
    )

    assert alike.words(right, wrong) == 1.0
    assert alike.words(right, alike.wording("", "pt")) == 0.0


def test_a_question_of_courtesy_alone_keeps_its_words() -> None:
    assert alike.wording("Bom dia, por favor", "pt").plain == "bom dia por favor"
