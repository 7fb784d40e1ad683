"""The shelf beside a conversation: one, in no list, its owner's alone, gone with that."""

from appliance import accounts, assistants, attached, collections, conversations, library, names
from appliance.database import Database
from appliance.reach import EVERYWHERE, reach_of
from appliance.records import Caller, Document, Role


def person(database: Database, name: str, role: Role = "member") -> Caller:
    with database.write() as db:
        made = accounts.create(
            db, name=name, email=f"{name}@escola.example", password_hash="", role=role
        )
    return Caller(kind="person", id=made.id, name=name, role=role)


def begun(database: Database, caller: Caller) -> str:
    """A conversation of the caller's with a new assistant."""
    with database.write() as db:
        made = assistants.create(db, name="Secretaria", language="pt", collections=[])
        return conversations.begin(db, caller, made.id, "Contrato")


def lay(database: Database, conversation: str, sha256: str = "ab") -> tuple[str, Document]:
    with database.write() as db:
        shelf = attached.begin(db, conversation, "Arquivos de uma conversa")
        document = library.add(
            db,
            collection=shelf,
            title="Contrato",
            file_name="contrato.md",
            media_type="text/markdown",
            bytes=9,
            sha256=sha256,
            paged=False,
        )
    return shelf, document


def test_a_conversation_has_one_shelf_however_often_it_is_asked_for(database: Database) -> None:
    conversation = begun(database, person(database, "Ana"))

    shelves = set()
    for _ in range(2):
        with database.write() as db:
            shelves.add(attached.begin(db, conversation, "Arquivos"))

    assert shelves == {attached.shelf(database, conversation)}


def test_there_is_none_before_something_is_laid(database: Database) -> None:
    assert attached.shelf(database, begun(database, person(database, "Ana"))) is None


def test_its_owner_alone_reads_it_whatever_the_role_of_the_others(database: Database) -> None:
    ana = person(database, "Ana")
    shelf, _ = lay(database, begun(database, ana))
    others = [
        person(database, "Bia", "admin"),
        person(database, "Eva", "editor"),
        person(database, "Ivo", "auditor"),
        Caller(kind="key", id="k", name="programa", scopes=frozenset({"admin"})),
        Caller(kind="visitor", id=ana.id, name=""),
        Caller(kind="terminal", id=ana.id, name="root"),
    ]

    assert reach_of(database, ana).reads(shelf)
    assert not any(reach_of(database, one).reads(shelf) for one in others)


def test_nobody_tends_it_and_no_query_lists_it(database: Database) -> None:
    ana = person(database, "Ana", "admin")
    shelf, document = lay(database, begun(database, ana))
    reached = reach_of(database, ana)

    assert reached.reads(shelf)
    assert not reached.tends(shelf)
    assert not reached.tending.reads(shelf)
    assert [one.id for one in collections.every(database)] == []
    assert collections.known(database, [shelf], EVERYWHERE) == set()
    assert names.documents(database, "Contrato", reach=reached, limit=9) == []
    assert names.collections(database, "Arquivos", reach=reached, limit=9) == []
    assert library.get(database, document.id).collection == shelf


def test_it_ends_with_its_conversation_and_its_contents_are_remembered(
    database: Database,
) -> None:
    ana = person(database, "Ana")
    conversation = begun(database, ana)
    shelf, document = lay(database, conversation, "c0ffee")
    assert attached.contents(database, conversation) == {document.id: "c0ffee"}

    with database.write() as db:
        conversations.remove(db, ana, conversation)

    assert collections.find(database, shelf) is None
    assert library.find(database, document.id) is None
    assert attached.leftovers(database) == ["c0ffee"]
    with database.write() as db:
        attached.forget_leftover(db, "c0ffee")
    assert attached.leftovers(database) == []


def test_whose_assistant_or_answers_stand_behind_a_wall_is_not_told(database: Database) -> None:
    ana = person(database, "Ana")
    with database.write() as db:
        walled = collections.create(db, "Fusões").id
        made = assistants.create(db, name="Fusão", language="pt", collections=[walled])
        behind = conversations.begin(db, ana, made.id, "Fusão")
    hidden, _ = lay(database, behind, "aa")
    told, _ = lay(database, begun(database, ana), "bb")

    assert attached.tellable(database, frozenset()) == {hidden, told}
    assert attached.tellable(database, frozenset([walled])) == {told}
