"""What points back out of a question, and what only looks as if it did."""

import pytest

from appliance.answering.asking import words
from appliance.answering.constituents import Asked
from appliance.answering.pointing import pointer
from appliance.records import Language


def points(question: str, language: Language) -> str | None:
    """The words of a question that point back."""
    asked = Asked(question, language, words(language))
    found = pointer(asked)
    return asked.slice(found.first, found.last) if found else None


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [
        ("Qual o prazo dele?", "pt", "dele"),
        ("Isso vale para todos?", "pt", "Isso"),
        ("Quem trabalha lá?", "pt", "lá"),
        ("Esse prazo pode mudar?", "pt", "Esse prazo"),
        ("Como faço para renová-la?", "pt", "renová-la"),
        ("Quem o assina?", "pt", "o assina"),
        ("Quem mora com ela?", "pt", "com ela"),
        ("Where do I send them?", "en", "them"),
        ("How do I do that?", "en", "that"),
        ("What are their opening hours?", "en", "their"),
        ("How do I get there?", "en", "there"),
        ("Does this rule apply to guests?", "en", "this rule"),
        ("¿Dónde los entrego?", "es", "los entrego"),
        ("¿Cómo puedo renovarlo?", "es", "renovarlo"),
        ("¿Eso vale para todos?", "es", "Eso"),
        ("¿Y él qué necesita?", "es", "él"),
    ],
)
def test_a_word_that_points_back_is_found(question: str, language: Language, word: str) -> None:
    assert points(question, language) == word


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Se o aluno faltar à prova, ele pode fazer outra?", "pt"),
        ("O aluno que falta à prova pode fazê-la depois?", "pt"),
        ("Esta escola tem piscina?", "pt"),
        ("Quando terminam as aulas deste ano?", "pt"),
        ("O que liberou o uso da sala?", "pt"),
        ("É possível pagar a multa pela internet?", "pt"),
        ("Is it allowed to bring a dog?", "en"),
        ("How long does it take to enrol?", "en"),
        ("Is there a cafeteria?", "en"),
        ("Which rules are there that apply to guests?", "en"),
        ("Can teachers keep their keys?", "en"),
        ("How old was Manning when he retired?", "en"),
        ("¿Cuál es el horario de la piscina?", "es"),
        ("¿Qué servicios ofrece esta universidad?", "es"),
        ("¿Cuándo es la charla?", "es"),
        ("¿Abren los sábados?", "es"),
    ],
)
def test_a_question_that_points_at_itself_or_at_nothing_is_left(
    question: str, language: Language
) -> None:
    assert points(question, language) is None


@pytest.mark.parametrize(
    ("question", "language", "verb"),
    [
        ("Posso renová-la?", "pt", "renovar"),
        ("Onde devo fazê-lo?", "pt", "fazer"),
        ("Como posso medi-lo?", "pt", "medir"),
        ("Entrego-os onde?", "pt", "entrego"),
        ("¿Puedo pagarla?", "es", "pagar"),
    ],
)
def test_the_verb_stays_when_its_pronoun_goes(question: str, language: Language, verb: str) -> None:
    found = pointer(Asked(question, language, words(language)))

    assert found is not None
    assert found.kept == verb
