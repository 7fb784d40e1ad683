"""The parts of a question, as far as lists of words can tell them."""

import pytest

from appliance.answering.asking import words
from appliance.answering.constituents import Asked, last_of, lowered, sentence_case
from appliance.records import Language


def asked(question: str, language: Language = "pt") -> Asked:
    return Asked(question, language, words(language))


def parts(question: str, language: Language = "pt") -> list[tuple[str, str]]:
    """The phrases of a question with their kinds."""
    found = asked(question, language)
    return [(found.slice(one.first, one.last), one.kind) for one in found.phrases()]


def test_a_phrase_goes_from_preposition_to_preposition() -> None:
    assert parts("Qual é o prazo de renovação da matrícula para veteranos?") == [
        ("o prazo", "attribute"),
        ("de renovação", "item"),
        ("da matrícula", "item"),
        ("para veteranos", "audience"),
    ]


def test_days_that_belong_together_are_one_phrase() -> None:
    assert parts("¿Cuál es el horario de la piscina de lunes a viernes?", "es")[-1] == (
        "de lunes a viernes",
        "date",
    )


def test_an_english_noun_comes_last_and_what_follows_is_no_part_of_it() -> None:
    assert parts("How many sick days do full-time employees earn monthly?", "en") == [
        ("sick days", "item"),
        ("full-time employees", "audience"),
        ("earn monthly", "item"),
    ]


def test_an_adjective_stays_with_its_noun() -> None:
    assert parts("Quando os alunos novos fazem a prova?")[0] == ("os alunos novos", "audience")


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Por quanto tempo?", "pt", 3),
        ("A partir de quando?", "pt", 4),
        ("O que diz o artigo 5º?", "pt", 2),
        ("É proibido fumar?", "pt", 0),
        ("How long does it take?", "en", 2),
        ("¿Hasta cuándo?", "es", 2),
    ],
)
def test_the_words_that_ask_are_counted(question: str, language: Language, words: int) -> None:
    assert asked(question, language).asking == words


@pytest.mark.parametrize(
    ("question", "language", "topic"),
    [
        ("Onde compro o uniforme?", "pt", "o uniforme"),
        ("Qual o horário da biblioteca?", "pt", "a biblioteca"),
        ("Quais documentos são necessários para a matrícula?", "pt", "documentos para a matrícula"),
        ("Who approves travel requests?", "en", "travel requests"),
        ("When does the enrolment period start?", "en", "the enrolment period"),
        ("¿Quién dirige el centro de idiomas?", "es", "el centro de idiomas"),
        ("Como?", "pt", ""),
    ],
)
def test_the_topic_is_what_the_question_is_about(
    question: str, language: Language, topic: str
) -> None:
    assert asked(question, language).topic() == topic


def test_a_word_after_an_article_is_a_noun_even_if_it_could_be_a_verb() -> None:
    assert asked("Qual a compra mínima?").tells(2)
    assert not asked("Onde compra o uniforme?").tells(1)


def test_an_accent_that_tells_words_apart_is_kept() -> None:
    assert asked("É a mãe dos pais?").keys[0] == "eh"
    assert asked("e a mãe dos pais?").keys[0] == "e"
    assert asked("no país").kind(1) == "place"
    assert asked("os pais").kind(1) == "audience"


def test_text_typed_with_loose_accents_is_read_the_same() -> None:
    loose = "E\u0301 permitido?"

    assert asked(loose).keys[0] == "eh"


def test_a_phrase_is_replaced_where_it_stands() -> None:
    found = asked("Quanto custa a camiseta do uniforme?")
    old = last_of(found.phrases(), "item", "de")

    assert old is not None
    assert found.put(old, "da escola") == "Quanto custa a camiseta da escola?"


def test_a_question_is_written_as_one() -> None:
    assert sentence_case("  qual o  prazo , ", "pt") == "Qual o prazo?"
    assert sentence_case("y el plazo?", "es") == "¿Y el plazo?"


def test_an_abbreviation_keeps_its_capitals_inside_a_question() -> None:
    assert lowered("É proibido") == "é proibido"
    assert lowered("CPF do aluno") == "CPF do aluno"
