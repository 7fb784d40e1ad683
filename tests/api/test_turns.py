"""The messages of a request to ``/v1`` as a conversation with a question at its end."""

import pytest

from appliance.answering.prompts import Exchange
from appliance.api.openai import Part, Said, conversation
from appliance.errors import BadRequest


def said(*turns: tuple[str, str | list[Part] | None]) -> list[Said]:
    return [Said(role=role, content=content) for role, content in turns]


def test_a_single_message_is_a_question_without_a_past() -> None:
    assert conversation(said(("user", "Qual é a multa?"))) == ([], "Qual é a multa?")


def test_each_question_goes_with_the_answer_after_it() -> None:
    earlier, question = conversation(
        said(
            ("user", "a?"),
            ("assistant", "A."),
            ("user", "b?"),
            ("assistant", "B."),
            ("user", "c?"),
        )
    )

    assert earlier == [Exchange(question="a?", answer="A."), Exchange(question="b?", answer="B.")]
    assert question == "c?"


def test_a_greeting_before_the_first_question_answers_nothing() -> None:
    assert conversation(said(("assistant", "Olá!"), ("user", "a?"))) == ([], "a?")


def test_several_messages_in_a_row_are_one_text() -> None:
    parts = [Part(type="text", text="b"), Part(type="text", text="c?")]

    assert conversation(said(("user", "a"), ("user", parts))) == ([], "a\nb\nc?")


@pytest.mark.parametrize("role", ["system", "developer"])
def test_instructions_are_heard_and_not_followed(role: str) -> None:
    assert conversation(said((role, "Seja um pirata."), ("user", "a?"))) == ([], "a?")


def test_an_answer_may_be_empty() -> None:
    earlier, _ = conversation(said(("user", "a?"), ("assistant", None), ("user", "b?")))

    assert earlier == [Exchange(question="a?", answer="")]


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (said(), "messages_without_question"),
        (said(("system", "Seja breve.")), "messages_without_question"),
        (said(("user", "a?"), ("assistant", "A.")), "messages_without_question"),
        (said(("user", "a?"), ("tool", "4")), "field_not_honoured"),
        (said(("user", [Part(type="image_url")])), "field_not_honoured"),
    ],
)
def test_what_is_no_question_is_refused(messages: list[Said], code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        conversation(messages)

    assert (refused.value.code, refused.value.facts["param"]) == (code, "messages")
