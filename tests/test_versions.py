"""The versions of an assistant's settings: what they tell, how many stay, and the way back."""

from pathlib import Path

import pytest

from appliance import accounts, assistants, flows, versions
from appliance.database import Database
from appliance.errors import NotFound
from appliance.flows import Flows, ToPerson
from appliance.looks import Look, Said
from appliance.records import Assistant, Caller
from appliance.subjects import erasing
from tests.test_assistants import collection, created

ANA = Caller(kind="person", id="ana", name="Ana Prado", role="admin")


def kept(database: Database, made: Assistant) -> list[versions.Version]:
    return versions.every(database, made.id, before=0, limit=500)


def change(
    database: Database, made: Assistant, caller: Caller = ANA, **changes: object
) -> Assistant:
    before = assistants.get(database, made.id)
    with database.write() as db:
        after = assistants.change(db, made.id, changes)
        versions.keep(db, caller, "changed", after, before)
    return after


def test_a_version_tells_what_was_changed_and_by_whom(database):
    made = created(database, greeting="Bom dia!")
    with database.write() as db:
        ana = accounts.create(
            db, name="Ana Prado", email="ana@escola.example", password_hash="", role="editor"
        )
    editor = Caller(kind="person", id=ana.id, name="Ana Prado")
    change(database, made, editor, greeting="Boa tarde!", look=Look(position="left"))

    newest, first = kept(database, made)

    assert (newest.number, newest.by, newest.act) == (2, "Ana Prado", "changed")
    assert [(one.field, one.before, one.after) for one in newest.changes] == [
        ("greeting", "Bom dia!", "Boa tarde!"),
        ("look.position", "right", "left"),
    ]
    assert (first.number, first.by, first.act, first.changes) == (1, "", "made", ())


def test_a_change_that_changes_nothing_makes_no_version(database):
    made = created(database, greeting="Bom dia!")
    change(database, made, greeting="Bom dia!")
    change(database, made, greeting="Bom dia!")

    assert [one.number for one in kept(database, made)] == [1]


def test_who_may_use_it_and_what_it_reads_is_no_part_of_a_version(database):
    made = created(database)
    change(database, made, name="Portaria")
    change(database, made, access="signed_in", collections=[collection(database, "Outra")])

    assert [one.number for one in kept(database, made)] == [2, 1]
    assert "access" not in versions.settings(database, made.id, 2)


def test_a_language_that_is_added_and_taken_away_is_told_word_by_word(database):
    made = created(database)
    change(database, made, look=Look(words={"en": Said(greeting="Hello")}))
    change(database, made, look=Look())

    gone, added, _ = kept(database, made)

    (told,) = added.changes
    assert (told.field, told.before, told.after) == ("look.words.en.greeting", None, "Hello")
    (told,) = gone.changes
    assert (told.before, told.after) == ("Hello", None)


def test_the_newest_hundred_stay(database):
    made = created(database)
    for number in range(versions.KEPT + 5):
        change(database, made, greeting=f"Olá {number}")

    numbers = [one.number for one in kept(database, made)]

    assert (len(numbers), numbers[0]) == (versions.KEPT, versions.KEPT + 6)
    with pytest.raises(NotFound):
        versions.settings(database, made.id, 1)


def test_versions_come_page_by_page(database):
    made = created(database)
    for greeting in ("a", "b", "c"):
        change(database, made, greeting=greeting)

    page = versions.every(database, made.id, before=3, limit=1)

    assert [one.number for one in page] == [2]
    assert page[0].changes[0].after == "a"


def test_versions_go_with_their_assistant(database):
    made = created(database)
    change(database, made, greeting="Oi")
    with database.write() as db:
        assistants.remove(db, made.id)

    assert database.rows("select 1 from assistant_versions") == []


def test_whoever_is_erased_leaves_no_name_in_a_version(database):
    made = created(database)
    change(database, made, greeting="Oi")
    with database.write() as db:
        removed = erasing.person(db, "ana")

    assert removed["names_in_versions"] == 1
    assert database.rows("select 1 from assistant_versions where author like '%ana%'") == []


def test_what_was_there_before_versions_were_kept_is_the_first(tmp_path: Path):
    """The migration's own version reads as those that are kept by the appliance."""
    database = Database(tmp_path / "appliance.db")
    database.migrate()
    made = created(database, suggestions=["Quando?"])
    script = Path("appliance/schema/0033_looks.sql").read_text()
    with database.write() as db:
        db.run(script[script.index("insert into assistant_versions") :].rstrip().rstrip(";"))

    after = change(database, made, greeting="Oi")
    newest, first = kept(database, made)
    database.close()

    assert [one.field for one in newest.changes] == ["greeting"]
    assert (first.number, first.act) == (1, "made")
    assert after.suggestions == ("Quando?",)


def test_flows_are_part_of_a_version(database):
    made = created(database, greeting="Bom dia!")
    change(database, made, greeting="Boa tarde!")
    with database.write() as db:
        flows.store(db, made.id, Flows(person=ToPerson(on=True, said="Chame a Ana.")))
        versions.keep(db, ANA, "changed", assistants.get(database, made.id))

    newest, before, _ = kept(database, made)

    told = {one.field: one.after for one in newest.changes}
    assert (told["flows.person.on"], told["flows.person.said"]) == (True, "Chame a Ana.")
    kept_flows = versions.settings(database, made.id, newest.number)["flows"]
    assert flows.restored(kept_flows) == flows.of(database, made.id)
    assert "flows" not in versions.settings(database, made.id, before.number)
    assert flows.restored({}) == Flows()
