"""The table of golden questions."""

import pytest

from appliance import assistants, collections, golden
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.golden import Wanted

FINE = Wanted(question="Qual é a multa?", document="Regimento", page=3, phrases=("R$ 1,50",))


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as db:
        shelf = collections.create(db, "Secretaria").id
        made = assistants.create(db, name="Secretaria", language="pt", collections=[shelf])
    return made.id


def added(database: Database, assistant: str, wanted: Wanted = FINE) -> golden.GoldenQuestion:
    with database.write() as db:
        return golden.add(db, assistant, wanted)


def test_a_question_is_kept_as_it_was_said(database: Database, assistant: str) -> None:
    made = added(database, assistant)

    assert golden.get(database, made.id) == made
    assert golden.every(database, assistant) == [made]
    assert (made.document, made.page, made.phrases) == ("Regimento", 3, ("R$ 1,50",))


def test_the_same_question_is_there_once(database: Database, assistant: str) -> None:
    added(database, assistant)

    with pytest.raises(Conflict, match="already has the golden question “Qual é a multa"):
        added(database, assistant)


def test_there_is_an_end_to_them(database: Database, assistant: str) -> None:
    for number in range(golden.MOST):
        added(database, assistant, Wanted(question=f"Pergunta {number}"))

    with pytest.raises(Conflict, match="up to 200"):
        added(database, assistant)


def test_a_question_is_said_anew(database: Database, assistant: str) -> None:
    made = added(database, assistant)
    with database.write() as db:
        changed = golden.change(db, made.id, Wanted(question="Há piscina?", must_refuse=True))

    assert (changed.question, changed.must_refuse, changed.document) == ("Há piscina?", True, "")
    assert golden.by_question(database, assistant) == {"Há piscina?": changed}


def test_a_question_does_not_become_another_that_is_there(
    database: Database, assistant: str
) -> None:
    added(database, assistant)
    other = added(database, assistant, Wanted(question="Há piscina?"))

    with database.write() as db, pytest.raises(Conflict):
        golden.change(db, other.id, FINE)
    assert golden.get(database, other.id) == other


def test_one_that_is_removed_is_gone(database: Database, assistant: str) -> None:
    made = added(database, assistant)
    assert golden.asked_of(database) == [assistant]
    with database.write() as db:
        golden.remove(db, made.id)

    assert golden.asked_of(database) == []
    with pytest.raises(NotFound):
        golden.get(database, made.id)


def test_they_go_with_their_assistant(database: Database, assistant: str) -> None:
    added(database, assistant)
    with database.write() as db:
        assistants.remove(db, assistant)

    assert golden.asked_of(database) == []


def test_they_are_told_in_pages(database: Database, assistant: str) -> None:
    first, second = (added(database, assistant, Wanted(question=one)) for one in "ab")

    assert golden.every(database, assistant, limit=1) == [first]
    assert golden.every(database, assistant, after=first.id) == [second]


def test_a_document_is_meant_by_its_title_its_file_or_its_id(
    database: Database, assistant: str
) -> None:
    (shelf,) = assistants.get(database, assistant).collections
    with database.write() as db:
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values ('d1', :shelf, 'Regimento interno', 'regimento.pdf', 'x', 1, 'x', 'ready', '')
            """,
            {"shelf": shelf},
        )
    for name in ("d1", "regimento INTERNO", "Regimento.pdf"):
        assert golden.documents_named(database, [shelf], name) == {"d1"}
    assert golden.documents_named(database, [shelf], "Outro") == frozenset()
    assert golden.documents_named(database, [], "d1") == frozenset()
