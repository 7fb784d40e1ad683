"""Which conversations are listed: by assistant, days, what became of a question, and its words."""

import pytest

from appliance import assistants, collections, conversations
from appliance.conversations import Sought
from appliance.reach import EVERYWHERE
from appliance.records import Caller

ANA = Caller(kind="person", id="ana", name="Ana")
VISITOR = Caller(kind="visitor", id="v1", name="")


@pytest.fixture
def assistant(database):
    with database.write() as db:
        chosen = collections.create(db, "Secretaria").id
        return assistants.create(db, name="Secretaria", language="pt", collections=[chosen]).id


def asked(database, assistant, *questions, caller=ANA, **columns):
    """A conversation; ``columns`` are those of its last message or its last day."""
    conversation = None
    for question in questions:
        message = conversations.ask(database, caller, assistant, question, conversation)
        conversation = message.conversation
    with database.write() as db:
        for name, value in columns.items():
            table = "conversations" if name == "updated_at" else "messages"
            of = conversation if table == "conversations" else message.id
            db.run(f"update {table} set {name} = :value where id = :of", {"value": value, "of": of})
    return conversation


def own(database, **sought):
    return [one.id for one in conversations.every(database, ANA, sought=Sought(**sought))]


def everybodys(database, **sought):
    found = conversations.outlines(database, reach=EVERYWHERE, sought=Sought(**sought))
    return [one.id for one in found]


@pytest.mark.parametrize("listing", [own, everybodys])
def test_by_what_became_of_a_question_and_its_thumb(database, assistant, listing):
    answered = asked(database, assistant, "Qual é a multa?", state="answered", good=1)
    refused = asked(database, assistant, "Há piscina?", state="refused", good=0)
    plain = asked(database, assistant, "E o prazo?", state="answered")

    assert listing(database, outcome="answered") == [plain, answered]
    assert listing(database, outcome="refused") == [refused]
    assert listing(database, thumb="good") == [answered]
    assert listing(database, thumb="bad") == [refused]
    assert listing(database, thumb="good", outcome="refused") == []
    assert listing(database) == [plain, refused, answered]


@pytest.mark.parametrize("listing", [own, everybodys])
def test_one_question_is_all_that_was_asked_for(database, assistant, listing):
    both = asked(database, assistant, "Há piscina?", state="refused")
    later = conversations.ask(database, ANA, assistant, "Qual é a multa?", both)
    with database.write() as db:
        db.run("update messages set state = 'answered', good = 1 where id = :id", {"id": later.id})

    assert listing(database, outcome="refused") == listing(database, thumb="good") == [both]
    assert listing(database, outcome="refused", thumb="good") == []


@pytest.mark.parametrize("listing", [own, everybodys])
def test_by_the_day_of_the_last_question(database, assistant, listing):
    may = asked(database, assistant, "Maio?", updated_at="2026-05-31T23:59:59.999Z")
    june = asked(database, assistant, "Junho?", updated_at="2026-06-01T00:00:00.000Z")
    begin = "2026-06-01T00:00:00.000Z"

    assert listing(database, since=begin) == [june]
    assert listing(database, until=begin) == [may]
    assert listing(database, since=begin, until=begin) == []


@pytest.mark.parametrize("listing", [own, everybodys])
def test_by_assistant(database, assistant, listing):
    with database.write() as db:
        other = assistants.create(db, name="Outra", language="pt", collections=[]).id
    mine = asked(database, assistant, "Qual é a multa?")
    asked(database, other, "Qual é a multa?")

    assert listing(database, assistant=assistant) == [mine]


@pytest.mark.parametrize("words", ["férias", "FERIAS", "quando ferias", "rias"])
def test_ones_own_are_found_by_any_question_in_whatever_case_and_without_accents(
    database, assistant, words
):
    found = asked(database, assistant, "Qual é a multa?", "Quando são as férias?")
    asked(database, assistant, "Há piscina?")

    assert own(database, words=words) == [found]


@pytest.mark.parametrize("words", ["100%", "_", "'; drop table messages;--", "férias de neve"])
def test_what_stands_in_no_question_finds_none(database, assistant, words):
    asked(database, assistant, "Quando são as férias?")

    assert own(database, words=words) == []


def test_the_words_of_others_find_nothing_of_ones_own(database, assistant):
    asked(database, assistant, "Quando são as férias?", caller=VISITOR)
    mine = asked(database, assistant, "Há piscina?")

    assert own(database, words="férias") == []
    assert own(database, words="piscina", outcome="answered") == []
    assert own(database, words="   ") == [mine]


@pytest.mark.guarantee("LGPD-08")
def test_nobody_looks_for_words_in_what_others_asked(database, assistant):
    """A list that gets shorter with a word has told it."""
    theirs = asked(database, assistant, "Quando são as férias?", caller=VISITOR)

    assert everybodys(database, words="férias") == everybodys(database, words="neve") == [theirs]


@pytest.mark.guarantee("LGPD-08")
def test_of_a_minor_nothing_is_counted_in_a_list_either(database, assistant):
    theirs = asked(database, assistant, "Há piscina?", caller=VISITOR, state="refused", good=0)
    assert everybodys(database, outcome="refused") == [theirs]

    with database.write() as db:
        db.run("update assistants set audience = 'minors'")

    assert everybodys(database) == [theirs]
    assert everybodys(database, outcome="refused") == everybodys(database, thumb="bad") == []
    assert everybodys(database, outcome="answered") == everybodys(database, thumb="good") == []


def test_the_pages_of_a_filtered_list_go_on_where_they_ended(database, assistant):
    made = [asked(database, assistant, f"{n}?", state="refused") for n in range(3)]
    asked(database, assistant, "4?", state="answered")
    wanted = Sought(outcome="refused")

    first = conversations.every(database, ANA, sought=wanted, limit=2)
    rest = conversations.every(database, ANA, sought=wanted, before=first[-1].id)

    assert [one.id for one in (*first, *rest)] == made[::-1]


def test_only_the_newest_questions_are_looked_through_for_words(database, assistant, monkeypatch):
    monkeypatch.setattr(conversations, "WORDS_IN", 1)
    asked(database, assistant, "Férias?")
    newest = asked(database, assistant, "E as férias?")

    assert own(database, words="férias") == [newest]
