"""What is under a legal hold is deleted by nobody, whatever path they come by (LGPD-06)."""

import pytest

from appliance import accounts, audit, collections, holds, library, trash
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.jobs import discarding, intake
from appliance.reach import Reach
from appliance.records import Caller
from tests.house import House

pytestmark = pytest.mark.guarantee("LGPD-06")

CLERK = Caller(kind="terminal", id="root", name="root", role="admin")


def held(database: Database, kind: holds.Kind, subject: str, name: str = "Ação 7") -> holds.Hold:
    """A hold, whoever places it."""
    with database.write() as db:
        return holds.place(
            db, CLERK, kind=kind, subject=subject, name=name, reason="Ofício do juízo"
        )


def deleted(database: Database, sql: str, **values: str) -> int:
    """What a statement deletes that asks nobody."""
    with database.write() as db:
        return db.run(sql, values)


def asked(house: House) -> tuple[str, str]:
    """A conversation of the first administrator, and who that is."""
    made = house.assistant()
    conversation = house.ask(made["id"], "Qual é a multa por atraso?")["conversation"]
    return conversation, house.client.get("/api/session").json()["person"]["id"]


def document(house: House) -> dict[str, str]:
    return house.upload(house.assistant()["collections"][0])


def test_a_held_document_is_not_removed_and_the_refusal_names_the_hold(house: House) -> None:
    kept = document(house)
    held(house.parts.database, "document", kept["id"])

    with pytest.raises(Conflict) as refused:
        intake.remove(house.parts.database, house.settings, kept["id"])

    assert (refused.value.code, refused.value.facts["hold"]) == ("on_hold", "Ação 7")
    assert house.file_count() == 1


def test_a_collection_with_a_held_document_stays_whole(house: House) -> None:
    kept = document(house)
    other = house.send(kept["collection"], "A cantina abre às 9h.", "cantina.txt")
    held(house.parts.database, "document", kept["id"])

    with pytest.raises(Conflict):
        intake.remove_collection(house.parts.database, house.settings, kept["collection"])

    assert library.find(house.parts.database, other.json()["documents"][0]["id"])


def test_a_hold_on_a_collection_is_on_each_of_its_documents(house: House) -> None:
    kept = document(house)
    held(house.parts.database, "collection", kept["collection"])

    with pytest.raises(Conflict, match="Ação 7"):
        holds.check(house.parts.database, "document", kept["id"])


STATEMENTS = {
    "document": ["delete from documents where id = :id", "delete from documents",
                 "delete from collections"],
    "collection": ["delete from collections where id = :id", "delete from documents"],
    "conversation": ["delete from conversations where id = :id", "delete from messages",
                     "delete from assistants", "update messages set question = ''",
                     "update conversations set title = '' where id = :id"],
    "person": ["delete from people where id = :id", "delete from conversations",
               "update audit set name = '', name_salt = ''", "delete from assistants",
               "update conversations set owner = 'person:nobody'"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sql"),
    [(kind, sql) for kind, statements in STATEMENTS.items() for sql in statements],
)
def test_no_statement_goes_round_a_hold(house: House, kind: holds.Kind, sql: str) -> None:
    kept = document(house)
    conversation, person = asked(house)
    subject = {
        "document": kept["id"],
        "collection": kept["collection"],
        "conversation": conversation,
        "person": person,
    }[kind]
    held(house.parts.database, kind, subject)

    with pytest.raises(Conflict) as refused:
        deleted(house.parts.database, sql, id=subject)

    assert refused.value.code == "something_on_hold"


def test_after_its_release_everything_can_be_deleted(house: House) -> None:
    kept = document(house)
    hold = held(house.parts.database, "document", kept["id"])

    with house.parts.database.write() as db:
        holds.release(db, hold.id)
    intake.remove(house.parts.database, house.settings, kept["id"])

    assert holds.every(house.parts.database) == []
    assert house.file_count() == 0


def test_what_is_not_held_is_deleted_beside_it(house: House) -> None:
    kept = document(house)
    other = house.upload(kept["collection"], "A cantina abre às 9h.", "cantina.txt")
    held(house.parts.database, "document", kept["id"])

    intake.remove(house.parts.database, house.settings, other["id"])

    assert library.find(house.parts.database, other["id"]) is None
    assert library.find(house.parts.database, kept["id"])


def test_a_held_document_may_go_to_the_trash_and_stays_there(house: House) -> None:
    kept = document(house)
    held(house.parts.database, "document", kept["id"])
    database = house.parts.database
    with database.write() as db:
        trash.put(db, kept["id"], reason="missing", origin="/mnt/atas")
        db.run("update trash set trashed_at = '2020-01-01T00:00:00.000Z'")

    assert discarding.empty(database, house.settings) == 0
    assert deleted_from_trash(database) == "something_on_hold"
    assert house.file_count() == 1

    restored, _ = discarding.restore(database, house.parts.queue, kept["id"])
    assert restored.id == kept["id"]


def deleted_from_trash(database: Database) -> str:
    with pytest.raises(Conflict) as refused:
        deleted(database, "delete from trash")
    return refused.value.code


def test_the_acts_of_a_held_person_are_neither_blanked_nor_forgotten(house: House) -> None:
    document(house)
    _, person = asked(house)
    held(house.parts.database, "person", person)

    with house.parts.database.write() as db, pytest.raises(Conflict):
        audit.blank(db, CLERK, by=f"person:{person}", about=person)
    with pytest.raises(Conflict), house.parts.database.write() as db:
        audit.forget_before(db, CLERK, "2999-01-01T00:00:00.000Z")

    assert audit.newest(house.parts.database, limit=50)[-1].name == "Ana Prado"


def test_an_account_stays_while_one_of_its_conversations_is_held(house: House) -> None:
    conversation, person = asked(house)
    held(house.parts.database, "conversation", conversation)

    with pytest.raises(Conflict, match="Ação 7"):
        holds.check(house.parts.database, "person", person)
    with pytest.raises(Conflict, match="Ação 7"):
        holds.check(house.parts.database, "conversation", conversation)


def test_a_hold_wants_something_that_is_there_and_words(database: Database) -> None:
    with database.write() as db:
        made = collections.create(db, name="Contratos")
    with pytest.raises(NotFound):
        held(database, "collection", "never")
    with pytest.raises(BadRequest):
        held(database, "collection", made.id, name="  ")


def test_the_same_hold_twice_is_told_and_another_beside_it_is_not(database: Database) -> None:
    with database.write() as db:
        made = collections.create(db, name="Contratos")
    held(database, "collection", made.id)

    with pytest.raises(Conflict):
        held(database, "collection", made.id)

    held(database, "collection", made.id, name="Ação 8")
    assert [one.name for one in holds.every(database)] == ["Ação 8", "Ação 7"]
    assert holds.every(database)[0].title == "Contratos"


def test_a_hold_exists_for_those_who_may_read_what_it_is_on(house: House) -> None:
    kept = document(house)
    hold = held(house.parts.database, "document", kept["id"])
    outside = Reach(closed=frozenset({kept["collection"]}), within=None)

    assert holds.every(house.parts.database, reach=outside) == []
    with house.parts.database.write() as db, pytest.raises(NotFound):
        holds.release(db, hold.id, reach=outside)


def test_a_person_without_holds_is_removed_as_ever(database: Database) -> None:
    with database.write() as db:
        accounts.create_first(db, name="Ana", email="a@b.test", password_hash="", language="pt")
        made = accounts.create(db, name="Bia", email="b@b.test", password_hash="", role="member")
    holds.check(database, "person", made.id)

    with database.write() as db:
        assert accounts.remove(db, made.id).name == "Bia"
