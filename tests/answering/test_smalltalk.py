"""Small talk is known by its phrases, and a question is never taken for it."""

import json
from pathlib import Path

import pytest

from appliance.answering import smalltalk
from appliance.records import LANGUAGES, Assistant, Language

SETS = Path(__file__).parents[3] / "shared/data/questions"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Oi", "greeting"),
        ("Olá, bom dia!", "greeting"),
        ("oiiii, tudo bem?", "greeting"),
        ("Hello there", "greeting"),
        ("Hola, buenas tardes", "greeting"),
        ("Muito obrigada!", "thanks"),
        ("Oi, obrigado pela ajuda", "thanks"),
        ("Thank you very much", "thanks"),
        ("Muchas gracias", "thanks"),
        ("Quem é você?", "who"),
        ("Olá! Você é um robô?", "who"),
        ("What's your name?", "who"),
        ("¿Quién eres?", "who"),
        ("Tchau, até logo", "goodbye"),
        ("Adiós", "goodbye"),
    ],
)
def test_small_talk_is_known_in_three_languages(text: str, kind: smalltalk.Kind) -> None:
    assert smalltalk.kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Bom dia, qual é a multa?",
        "Obrigado, e o prazo?",
        "Quem é você no contrato?",
        "Quem é o diretor?",
        "A loja Oi atende aqui?",
        "Boa tarde é o nome do clube?",
        "Como vai ser a prova?",
        "Hi-Lo scales?",
        "",
        "?!",
        " ".join(["oi"] * 13),
    ],
)
def test_whatever_has_a_word_more_is_a_question(text: str) -> None:
    assert smalltalk.kind(text) is None


@pytest.mark.skipif(not SETS.is_dir(), reason="the sets of questions are not here")
def test_none_of_ten_thousand_real_questions_is_taken_for_small_talk() -> None:
    texts = [
        json.loads(line)["text"]
        for file in sorted(SETS.glob("*/queries.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]

    assert len(texts) > 10_000
    assert [text for text in texts if smalltalk.kind(text)] == []


def assistant(language: Language, greeting: str = "") -> Assistant:
    return Assistant(
        id="a", slug="a", public_id="p", name="Secretaria", language=language, instructions="",
        greeting=greeting, suggestions=(), refusal="", contact="", mode=None,
        strictness="balanced", accent="#000000", origins=(), collections=(), created_at="",
    )  # fmt: skip


def test_it_is_answered_with_the_assistants_own_greeting() -> None:
    own = assistant("pt", "Bem-vindo à secretaria!")

    assert smalltalk.reply(own, "greeting") == "Bem-vindo à secretaria!"
    assert smalltalk.reply(own, "who").startswith("Bem-vindo à secretaria!\n\n")
    assert "não uma pessoa" in smalltalk.reply(own, "who")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_assistant_without_a_greeting_says_its_name(language: Language) -> None:
    plain = assistant(language)

    assert "Secretaria" in smalltalk.reply(plain, "greeting")
    said = {smalltalk.reply(plain, kind) for kind in ("greeting", "thanks", "goodbye", "who")}
    assert len(said) == 4
