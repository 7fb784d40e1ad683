"""What the language model reads."""

import pytest

from appliance.answering import prompts
from appliance.answering.chat_model import as_prompt
from appliance.answering.prompts import Exchange, Source

SOURCES = [
    Source(n=1, title="Regimento interno", page=12, text="A multa é de R$ 1,50 por dia."),
    Source(n=2, title="Calendário", page=None, text="As aulas começam em 3 de fevereiro."),
]


def test_sources_are_numbered_and_say_where_they_stand() -> None:
    assert prompts.user_text(SOURCES, "Qual é a multa?", "pt") == (
        "[1] Regimento interno, p. 12\n"
        "A multa é de R$ 1,50 por dia.\n\n"
        "[2] Calendário\n"
        "As aulas começam em 3 de fevereiro.\n\n"
        "Pergunta: Qual é a multa?"
    )


def test_stable_parts_stand_first_and_are_the_same_bytes_for_every_question() -> None:
    said = [
        as_prompt(
            prompts.messages(
                language="pt",
                instructions="Seja cordial.",
                history=[Exchange(question="Oi?", answer="Olá.")],
                sources=SOURCES,
                question=question,
            )
        )
        for question in ("Qual é a multa?", "Quando começam as aulas?")
    ]

    assert said[0].system == said[1].system
    assert said[0].system.endswith("Seja cordial.")
    assert said[0].turns[:2] == said[1].turns[:2]
    assert [turn.role for turn in said[0].turns] == ["user", "assistant", "user"]
    assert said[0].turns[-1].text.endswith("Pergunta: Qual é a multa?")


@pytest.mark.parametrize("hostile", ["{question}", "{{7*7}}", "{0.__class__}", "%(x)s", "}{"])
def test_braces_in_a_question_or_a_document_are_text(hostile: str) -> None:
    source = Source(n=1, title=hostile, page=None, text=hostile)

    said = as_prompt(
        prompts.messages(
            language="pt", instructions=hostile, history=[], sources=[source], question=hostile
        )
    )

    assert said.system.endswith(hostile)
    assert said.turns[0].text == f"[1] {hostile}\n{hostile}\n\nPergunta: {hostile}"


def test_the_three_languages_have_their_own_rules_and_label() -> None:
    assert set(prompts.RULES) == set(prompts.QUESTION) == {"pt", "en", "es"}
    assert len(set(prompts.RULES.values())) == 3
