"""Turns that an asker brings along: context, and nothing that could be cited."""

from appliance.answering import history
from appliance.answering.prompts import Exchange
from appliance.answering.rewording import turn
from appliance.answering.steps import refusal
from appliance.records import Assistant

HELP = Assistant(
    id="a", slug="a", public_id="a", name="A", language="pt", instructions="", greeting="",
    suggestions=(), refusal="Não sei dizer.", contact="secretaria@escola.example", mode=None,
    strictness="balanced", accent="", origins=(), collections=(), created_at="",
)  # fmt: skip
SAID = "A multa é de R$ 1,50 por dia. [1] Cada aluno pode levar três livros. [2]"


def test_an_exchange_becomes_a_message_with_its_sentences_and_no_marks() -> None:
    told = history.message(HELP, "c", Exchange(question="Qual é a multa?", answer=SAID))

    assert (told.question, told.state, told.collections) == ("Qual é a multa?", "answered", ())
    assert [one.text for one in told.answer.sentences] == [
        "A multa é de R$ 1,50 por dia.",
        "Cada aluno pode levar três livros.",
    ]
    for one in told.answer.sentences:
        assert told.answer.answer[one.start : one.end] == one.text


def test_a_follow_up_may_lean_on_what_was_said() -> None:
    told = history.message(HELP, "c", Exchange(question="Qual é a multa?", answer=SAID))

    context = turn(told)

    assert context.query == "Qual é a multa?"
    assert len(context.cited) == 2


def test_nothing_of_it_can_be_cited() -> None:
    told = history.message(HELP, "c", Exchange(question="Qual é a multa?", answer=SAID))

    assert (told.answer.citations, told.answer.passages) == ((), ())


def test_a_question_that_nobody_answered_is_only_a_question() -> None:
    told = history.message(HELP, "c", Exchange(question="Qual é a multa?", answer=""))

    assert (told.state, told.answer) == ("failed", None)


def test_the_assistants_own_refusal_answered_nothing() -> None:
    told = history.message(HELP, "c", Exchange(question="Quem é você?", answer=refusal(HELP)))

    assert (told.question, told.answer) == ("Quem é você?", None)
    assert turn(told).cited == ()
