"""What the ids in the record are called today."""

from appliance import accounts, audit, groups
from appliance.audit.naming import told
from appliance.database import Database
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Caller, Person
from tests.audit.writing import ANA
from tests.house import House


def person(database: Database, name: str) -> Person:
    with database.write() as writer:
        return accounts.create(
            writer, name=name, email=f"{name}@x.example".lower(), password_hash="x",
            role="member", language="pt",
        )  # fmt: skip


def names(
    database: Database,
    subject: str,
    caller: Caller = ANA,
    reach: Reach = EVERYWHERE,
    **details: object,
) -> dict[str, str]:
    """What a new act tells beside its ids."""
    with database.write() as writer:
        audit.record(writer, caller, "some.act", subject, **details)
    (last,) = audit.newest(database, limit=1)
    (shown,) = told(database, [last], reach=reach)
    assert shown.hash == last.hash
    return shown.names


def test_a_subject_is_called_by_its_name_of_today(database: Database) -> None:
    bia = person(database, "Bia")
    with database.write() as writer:
        accounts.change(writer, bia.id, name="Beatriz")

    assert names(database, bia.id) == {bia.id: "Beatriz"}


def test_ids_in_details_have_names_wherever_they_stand(database: Database) -> None:
    bia, caio = person(database, "Bia"), person(database, "Caio")
    with database.write() as writer:
        crew = groups.create(writer, name="Turma", members=[bia.id])
    found = names(
        database, "t1", owner=f"person:{bia.id}", joined=[caio.id], deep={"group": crew.id}, n=3
    )

    assert found == {bia.id: "Bia", caio.id: "Caio", crew.id: "Turma"}


def test_what_is_gone_has_no_name(database: Database) -> None:
    bia = person(database, "Bia")
    with database.write() as writer:
        accounts.remove(writer, bia.id)

    assert names(database, bia.id, owner=f"person:{bia.id}") == {}


def test_whoever_acted_has_a_name_too(database: Database) -> None:
    bia = person(database, "Bia")
    caller = Caller(kind="person", id=bia.id, name="Bia")

    assert names(database, "x", caller) == {bia.id: "Bia"}


def test_a_closed_collection_is_not_named(house: House) -> None:
    made = house.assistant("Jurídico")
    shelf = made["collections"][0]
    closed = Reach(closed=frozenset({shelf}), within=None)

    assert names(house.parts.database, shelf) == {shelf: "Jurídico"}
    assert names(house.parts.database, shelf, reach=closed) == {}


def test_an_empty_page_needs_no_names(database: Database) -> None:
    assert told(database, []) == []
