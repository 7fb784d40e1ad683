"""The conversations: a question is stored before it is answered, and is its owner's alone."""

import pytest

from appliance import assistants, collections, conversations
from appliance.conversations import Sought
from appliance.errors import NotFound
from appliance.records import Answer, Caller, Took

ANA = Caller(kind="person", id="ana", name="Ana")
EVA = Caller(kind="person", id="eva", name="Eva")
TOOK = Took(passages_ms=1, first_token_ms=2, total_ms=3, queue_ms=0, tokens=4)


@pytest.fixture
def assistant(database):
    with database.write() as db:
        chosen = collections.create(db, "Secretaria").id
        return assistants.create(db, name="Secretaria", language="pt", collections=[chosen]).id


def answer_to(message, text="R$ 1,50 por dia."):
    return Answer(
        message=message.id, conversation=message.conversation, state="answered", mode="quote",
        answer=text, sentences=(), citations=(), passages=(), took=TOOK,
    )  # fmt: skip


def test_a_question_begins_a_conversation_that_bears_its_words(database, assistant):
    message = conversations.ask(database, ANA, assistant, "  Qual é\na multa? ", None)

    assert conversations.get(database, ANA, message.conversation).title == "Qual é a multa?"
    assert [m.state for m in conversations.messages(database, message.conversation)] == ["asked"]


def test_the_next_question_stands_in_the_same_conversation(database, assistant):
    first = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)
    conversations.ask(database, ANA, assistant, "E o prazo?", first.conversation)

    told = conversations.messages(database, first.conversation)

    assert [message.question for message in told] == ["Qual é a multa?", "E o prazo?"]


def test_an_answer_comes_back_whole(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)
    conversations.answered(database, answer_to(message))

    (stored,) = conversations.messages(database, message.conversation)

    assert stored.state == "answered"
    assert stored.answer == answer_to(message)


def test_nobody_else_reads_continues_rates_or_removes_a_conversation(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)

    with pytest.raises(NotFound):
        conversations.get(database, EVA, message.conversation)
    with pytest.raises(NotFound):
        conversations.ask(database, EVA, assistant, "E eu?", message.conversation)
    with pytest.raises(NotFound):
        conversations.rate(database, EVA, message.id, good=True, reason="", comment="")
    with pytest.raises(NotFound):
        conversations.own_message(database, EVA, message.id)
    with database.write() as db:
        assert not conversations.remove(db, EVA, message.conversation)
    assert conversations.every(database, EVA) == []


def test_a_conversation_belongs_to_one_assistant(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)

    with pytest.raises(NotFound):
        conversations.ask(database, ANA, "another", "E aqui?", message.conversation)


def test_a_person_and_a_key_of_the_same_id_are_two_owners(database, assistant):
    key = Caller(kind="key", id="ana", name="Ana")
    conversations.ask(database, ANA, assistant, "Qual é a multa?", None)

    assert conversations.every(database, key) == []


def test_conversations_are_listed_newest_first(database, assistant):
    asked = [conversations.ask(database, ANA, assistant, f"{n}?", None) for n in range(3)]
    newest_first = [message.conversation for message in reversed(asked)]

    first = conversations.every(database, ANA, sought=Sought(assistant=assistant), limit=2)
    rest = conversations.every(database, ANA, before=first[-1].id)

    assert [one.id for one in [*first, *rest]] == newest_first
    assert conversations.every(database, ANA, sought=Sought(assistant="another")) == []


def test_a_thumb_is_kept_with_its_reason(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)
    conversations.rate(database, ANA, message.id, good=False, reason="velho", comment="de 2024")

    (stored,) = conversations.messages(database, message.conversation)

    assert (stored.good, stored.reason, stored.comment) == (False, "velho", "de 2024")


def test_a_question_that_a_dead_process_left_can_be_asked_again(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)

    assert conversations.recover(database) == 1
    assert conversations.recover(database) == 0
    (stored,) = conversations.messages(database, message.conversation)
    assert (stored.state, stored.question) == ("failed", "Qual é a multa?")


def test_a_failure_does_not_undo_an_answer(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)
    conversations.answered(database, answer_to(message))

    conversations.failed(database, message.id)

    assert conversations.messages(database, message.conversation)[0].state == "answered"


def test_a_removed_conversation_takes_its_messages_along(database, assistant):
    message = conversations.ask(database, ANA, assistant, "Qual é a multa?", None)
    with database.write() as db:
        assert conversations.remove(db, ANA, message.conversation)

    assert database.rows("select * from messages") == []
