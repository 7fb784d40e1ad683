"""What a follow-up asks, told from the conversation; a question of its own is left alone."""

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from appliance.answering.asking import words
from appliance.answering.following import Turn, followed
from appliance.index import keywords

TABLES = [
    tomllib.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "follow_ups").glob("*.toml"))
]
FOLLOW_UPS = [row for table in TABLES for row in table["follow_up"]]
STANDING = [
    (row["language"], row["earlier"], ask)
    for table in TABLES
    for row in table["standing"] + table.get("beyond", [])
    for ask in row["asks"]
]


def told(row: dict[str, Any]) -> list[Turn]:
    """The turns of a row, each searched as the rules say."""
    turns: list[Turn] = []
    for one in row["earlier"]:
        query = followed(one["ask"], turns, row["language"]).query or one["ask"]
        cited = [one["said"]] if "said" in one else []
        turns.append(Turn(query, cited, [one["heading"]] if "heading" in one else []))
    return turns


def holds(query: str, words: str) -> bool:
    """Whether a text holds these words next to each other."""
    return keywords.folded(words) in keywords.folded(query)


@pytest.mark.parametrize("row", FOLLOW_UPS, ids=lambda row: row["ask"])
def test_a_follow_up_takes_what_it_lacks_from_the_conversation(row: dict[str, Any]) -> None:
    query = followed(row["ask"], told(row), row["language"]).query or row["ask"]

    assert [words for words in row["has"] if not holds(query, words)] == [], query
    assert [words for words in row.get("lacks", []) if holds(query, words)] == [], query


@pytest.mark.parametrize(("language", "earlier", "ask"), STANDING)
def test_a_question_of_its_own_is_left_alone(language: Any, earlier: str, ask: str) -> None:
    assert followed(ask, [Turn(earlier)], language).query is None


def query(ask: str, *earlier: str, language: Any = "pt") -> str | None:
    return followed(ask, [Turn(one) for one in earlier], language).query


def test_without_a_conversation_every_question_stands_by_itself() -> None:
    assert query("E para os calouros?") is None


def test_the_answer_is_a_question_that_reads_as_one() -> None:
    assert query("e do 2º?", "Quando é a reunião de pais do 1º trimestre?") == (
        "Quando é a reunião de pais do 2º trimestre?"
    )


def test_a_preposition_and_an_article_become_one_word() -> None:
    earlier = "Qual é o horário da secretaria?"

    assert query("E o laboratório?", earlier) == "Qual é o horário do laboratório?"
    assert query("E as quadras?", earlier) == "Qual é o horário das quadras?"
    assert query("¿Y el comedor?", "¿Cuál es el horario de la piscina?", language="es") == (
        "¿Cuál es el horario del comedor?"
    )


def test_an_attribute_takes_the_place_of_an_attribute() -> None:
    assert query("E o telefone?", "Qual é o horário da secretaria?") == (
        "Qual é o telefone da secretaria?"
    )


def test_an_attribute_is_asked_of_the_topic_where_none_was_asked_before() -> None:
    assert query("E o prazo?", "Como peço a segunda via do boletim?") == (
        "O prazo da segunda via do boletim?"
    )


def test_a_grade_is_a_class_and_takes_a_classs_place() -> None:
    assert query("E do 6º ao 9º ano?", "Quanto custa a mensalidade do ensino médio?") == (
        "Quanto custa a mensalidade do 6º ao 9º ano?"
    )


def test_a_pronoun_means_what_it_agrees_with() -> None:
    fine = "Qual é a multa por atraso na devolução de um livro?"

    assert query("Por quantos dias posso ficar com ele?", fine) == (
        "Por quantos dias posso ficar com um livro?"
    )
    assert query("Quem recebe o valor dela?", fine) == (
        "Quem recebe o valor da multa por atraso na devolução de um livro?"
    )


def test_a_name_in_the_sentence_cited_is_what_a_pronoun_may_mean() -> None:
    turn = Turn(
        "Quem autoriza o uso do auditório?", ["O uso é autorizado pela Coordenação de Eventos."]
    )

    said = followed("Qual é o telefone dela?", [turn], "pt").query

    assert said is not None
    assert said.endswith("Coordenação de Eventos?")


def test_a_question_of_few_words_is_helped_by_the_heading_it_was_answered_from() -> None:
    turn = Turn("O que diz o artigo 26?", [], ["Da vida escolar › Da biblioteca"])

    said = followed("Quem fiscaliza isso?", [turn], "pt").query

    assert said is not None
    assert "artigo 26" in said
    assert "Da biblioteca" in said


def test_asking_for_more_searches_the_same_again() -> None:
    assert query("Mais detalhes?", "Como peço férias?") == "Como peço férias?"
    assert query("Tell me more", "What is the late fee?", language="en") == (
        "What is the late fee?"
    )


def test_thanks_are_no_follow_up() -> None:
    assert query("Obrigado!", "Como peço férias?") is None


def test_a_greeting_is_nothing_that_a_question_could_follow() -> None:
    said = query("Quanto custa?", "Onde compro o uniforme?", "Oi")

    assert said == "Quanto custa o uniforme?"


def test_a_follow_up_of_a_follow_up_goes_on_from_what_was_searched() -> None:
    first = "Qual a mensalidade do futsal?"
    second = query("e da robótica?", first)
    assert second is not None

    assert query("Quando vence?", first, second) == "Quando vence a mensalidade da robótica?"


def test_a_second_addition_of_a_kind_takes_the_first_ones_place() -> None:
    first = "Qual o horário da biblioteca?"
    second = query("E aos sábados?", first)
    assert second is not None

    assert query("E nos feriados?", second) == "Qual o horário da biblioteca nos feriados?"


def test_the_rules_say_when_they_guess() -> None:
    guess = followed("E a enfermaria?", [Turn("Onde fica a sala de estudos?")], "pt")
    sure = followed("E aos sábados?", [Turn("Qual o horário da biblioteca?")], "pt")

    assert not guess.sure
    assert guess.query == "Onde fica a sala de estudos, a enfermaria?"
    assert sure.sure


def test_a_long_text_says_enough_by_itself() -> None:
    assert query("E isso? " + "Veja o caso. " * 30, "Como peço férias?") is None


def test_a_long_former_question_leaves_a_short_query() -> None:
    said = query("E aos sábados?", "Qual o horário da biblioteca " + "e do museu " * 200 + "?")

    assert said is not None
    assert len(said) < 300


@pytest.mark.parametrize("ask", ["", "?", "¿?", "e", "E?", "-", "🙂", "e e e", "o o", "a la"])
@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_a_question_of_next_to_nothing_does_no_harm(ask: str, language: Any) -> None:
    for earlier in ("", "?", "e", "Qual o prazo?", "Onde compro o uniforme?"):
        said = query(ask, earlier, language=language)

        assert said is None or said.strip("¿?")


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_any_order_of_the_words_that_questions_are_built_of_is_read(language: Any) -> None:
    lists = words(language)
    some = [
        next(iter(sorted(group)))
        for group in (
            lists.pronouns, lists.demonstratives, lists.prepositions, lists.articles,
            lists.verbs, lists.attributes, lists.audiences, lists.dates, lists.ordinals,
        )
    ]  # fmt: skip
    for three in itertools.permutations([*some, "13", "Multa"], 3):
        said = query(" ".join(three), "Onde compro o uniforme?", language=language)

        assert said is None or said.strip("¿?")
