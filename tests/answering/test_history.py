"""Turns that an asker brings along: context, and nothing that could be cited."""

from appliance.answering import history
from appliance.answering.prompts import Exchange
from appliance.answering.rewording import turn

SAID = "A multa é de R$ 1,50 por dia. [1] Cada aluno pode levar três livros. [2]"


def test_an_exchange_becomes_a_message_with_its_sentences_and_no_marks() -> None:
    told = history.message("c", Exchange(question="Qual é a multa?", answer=SAID))

    assert (told.question, told.state, told.collections) == ("Qual é a multa?", "answered", ())
    assert [one.text for one in told.answer.sentences] == [
        "A multa é de R$ 1,50 por dia.",
        "Cada aluno pode levar três livros.",
    ]
    for one in told.answer.sentences:
        assert told.answer.answer[one.start : one.end] == one.text


def test_a_follow_up_may_lean_on_what_was_said() -> None:
    told = history.message("c", Exchange(question="Qual é a multa?", answer=SAID))

    context = turn(told)

    assert context.query == "Qual é a multa?"
    assert len(context.cited) == 2


def test_nothing_of_it_can_be_cited() -> None:
    told = history.message("c", Exchange(question="Qual é a multa?", answer=SAID))

    assert (told.answer.citations, told.answer.passages) == ((), ())


def test_a_question_that_nobody_answered_is_only_a_question() -> None:
    told = history.message("c", Exchange(question="Qual é a multa?", answer=""))

    assert (told.state, told.answer) == ("failed", None)
