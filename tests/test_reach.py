"""What each caller reaches: who uses and changes which assistant, who reads and looks after
which collection."""

from typing import Any

import pytest

from appliance import accounts, assistants, collections
from appliance import database as databases
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.reach import EVERYWHERE, Reach, administers, reach_of
from appliance.records import Access, Caller, Role, Scope
from tests.test_groups import collection, group, person


def assistant(database: Database, *read: str, **fields: Any) -> str:
    with database.write() as db:
        return assistants.create(db, name="Recepção", language="pt", collections=read, **fields).id


def key(*scopes: Scope, **limits: Any) -> Caller:
    return Caller(kind="key", id="k", name="K", scopes=frozenset(scopes), **limits)


def visitor_of(*ids: str) -> Caller:
    return Caller(kind="visitor", id="v", name="", assistants=frozenset(ids))


def reads(database: Database, caller: Caller, collection_id: str) -> bool:
    return reach_of(database, caller).reads(collection_id)


def sees(database: Database, caller: Caller, assistant_id: str) -> bool:
    return reach_of(database, caller).sees(assistant_id)


def test_a_collection_without_groups_is_open(database: Database) -> None:
    plain = collection(database)
    assistant(database, plain)

    assert reads(database, person(database, "Ana"), plain)
    assert reads(database, key("search"), plain)


def test_allowed_groups_open_to_the_members_of_any_of_them(database: Database) -> None:
    ana, bia, eva = (person(database, name) for name in ("Ana", "Bia", "Eva"))
    walled = collection(
        database, groups=[group(database, "A", ana).id, group(database, "B", bia).id]
    )

    assert [reads(database, one, walled) for one in (ana, bia, eva)] == [True, True, False]


@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
def test_no_role_but_the_administrators_opens_a_wall(database: Database, role: Role) -> None:
    walled = collection(database, groups=[group(database, "A").id])

    assert not reads(database, person(database, "Eva", role), walled)
    assert reads(database, person(database, "Ana", "admin"), walled)


def test_denied_beats_allowed_and_every_role(database: Database) -> None:
    ana, bia = person(database, "Ana", "admin"), person(database, "Bia")
    allowed, denied = group(database, "A", ana, bia), group(database, "B", ana, bia)

    walled = collection(database, groups=[allowed.id], denied_groups=[denied.id])

    assert not reads(database, ana, walled)
    assert not reads(database, bia, walled)


def test_a_group_that_is_both_is_denied(database: Database) -> None:
    ana = person(database, "Ana", "admin")
    both = group(database, "A", ana).id

    assert not reads(database, ana, collection(database, groups=[both], denied_groups=[both]))


def test_denied_groups_alone_close_a_collection_to_nobody_else(database: Database) -> None:
    ana, eva = person(database, "Ana"), person(database, "Eva")
    walled = collection(database, denied_groups=[group(database, "A", ana).id])
    assistant(database, walled)

    assert [reads(database, one, walled) for one in (ana, eva, key("ask"))] == [False, True, True]


def test_programs_and_visitors_are_members_of_nothing(database: Database) -> None:
    ana = person(database, "Ana")
    walled = collection(database, groups=[group(database, "A", ana).id])
    of_her_id = Caller(kind="visitor", id=ana.id, name="")

    assert not reads(database, key("ask", "documents:write"), walled)
    assert not reads(database, of_her_id, walled)
    assert reads(database, key("admin"), walled)
    assert reads(database, Caller(kind="terminal", id=ana.id, name="root"), walled)


def test_whoever_is_limited_to_assistants_reads_what_these_read(database: Database) -> None:
    inside, outside = collection(database), collection(database)
    with database.write() as db:
        made = assistants.create(db, name="A", language="pt", collections=[inside])
    narrow = key("search", assistants=frozenset([made.id, "gone"]))

    assert reads(database, narrow, inside)
    assert not reads(database, narrow, outside)
    assert not reads(database, key("search", assistants=frozenset()), inside)


def test_the_house_is_looked_after_by_administrators_of_all_of_it(database: Database) -> None:
    assert reach_of(database, key("admin")).house
    assert not reach_of(database, key("admin", assistants=frozenset())).house
    assert not reach_of(database, key("documents:write")).house


def test_a_wall_outlives_its_collection(database: Database) -> None:
    walled = collection(database, groups=[group(database, "A").id])
    with database.write() as db:
        collections.remove(db, walled)

    assert not reads(database, person(database, "Eva"), walled)


@pytest.mark.parametrize(
    ("access", "of_whom"),
    [
        ("everyone", {"visitor", "member", "key", "named key", "admin"}),
        ("signed_in", {"member", "key", "named key", "admin"}),
        ("groups", {"named key", "admin"}),
    ],
)
def test_an_assistant_is_open_to_everyone_to_who_signed_in_or_to_groups(
    database: Database, access: Access, of_whom: set[str]
) -> None:
    read = collection(database)
    made = assistant(database, read, access=access)
    callers = {
        "visitor": visitor_of(made),
        "member": person(database, "Eva"),
        "key": key("ask", "search", "documents:read"),
        "named key": key("ask", "documents:read", assistants=frozenset({made})),
        "admin": person(database, "Ana", "admin"),
        "auditor": person(database, "Aldo", "auditor"),
    }

    assert {name for name, one in callers.items() if sees(database, one, made)} == of_whom
    assert {name for name, one in callers.items() if reads(database, one, read)} == of_whom


def test_the_members_of_its_groups_use_an_assistant_and_read_what_it_reads(
    database: Database,
) -> None:
    ana, eva = person(database, "Ana"), person(database, "Eva")
    read = collection(database)
    made = assistant(
        database, read, access="groups", groups=[group(database, "Secretaria", ana).id]
    )

    assert [sees(database, one, made) for one in (ana, eva)] == [True, False]
    assert [reads(database, one, read) for one in (ana, eva)] == [True, False]


def test_groups_that_are_named_count_only_while_the_assistant_is_for_groups(
    database: Database,
) -> None:
    made = assistant(database, access="signed_in", groups=[group(database, "Secretaria").id])

    assert sees(database, person(database, "Eva"), made)


def test_a_collection_that_another_assistant_reads_stays_open_through_that_one(
    database: Database,
) -> None:
    eva, read = person(database, "Eva"), collection(database)
    assistant(database, read, access="groups")
    assert not reads(database, eva, read)
    assert not reads(database, key("documents:read"), read)

    assistant(database, read)

    assert reads(database, eva, read)
    assert reads(database, key("documents:read"), read)


def test_a_collection_that_no_assistant_reads_is_there_for_its_groups_and_for_programs(
    database: Database,
) -> None:
    ana, eva = person(database, "Ana"), person(database, "Eva")
    plain = collection(database)
    walled = collection(database, groups=[group(database, "A", ana).id])

    assert [reads(database, one, plain) for one in (ana, eva)] == [False, False]
    assert reads(database, key("documents:write"), plain)
    assert [reads(database, one, walled) for one in (ana, eva)] == [True, False]


def test_a_wall_holds_inside_an_assistant_that_one_may_use(database: Database) -> None:
    ana = person(database, "Ana")
    read = collection(database, denied_groups=[group(database, "Impedidos", ana).id])
    made = assistant(database, read)

    assert sees(database, ana, made)
    assert not reads(database, ana, read)


def test_an_editor_edits_the_assistants_that_name_them_and_no_others(database: Database) -> None:
    edu = person(database, "Edu", "editor")
    own, other = collection(database), collection(database)
    named = assistant(database, own, editors=[edu.id])
    elsewhere = assistant(database, other)
    reached = reach_of(database, edu)

    assert (reached.edits(named), reached.edits(elsewhere)) == (True, False)
    assert (reached.sees(named), reached.sees(elsewhere)) == (True, True)
    assert [reached.tends(one) for one in (own, other)] == [True, False]
    assert [reached.reads(one) for one in (own, other)] == [True, True]
    assert [reached.tending.reads(one) for one in (own, other)] == [True, False]


def test_an_editor_uses_their_assistant_also_where_it_is_for_groups(database: Database) -> None:
    edu = person(database, "Edu", "editor")
    read = collection(database)
    made = assistant(database, read, access="groups", editors=[edu.id])

    assert reach_of(database, edu).edits(made)
    assert reach_of(database, edu).tends(read)


def test_what_speaks_through_somebody_elses_assistant_is_not_one_editors_to_change(
    database: Database,
) -> None:
    edu, eva = person(database, "Edu", "editor"), person(database, "Eva", "editor")
    shared = collection(database)
    for editors in ([edu.id], [edu.id, eva.id]):
        assistant(database, shared, editors=editors)

    assert reach_of(database, edu).tends(shared)
    assert not reach_of(database, eva).tends(shared)


def test_a_wall_beats_an_editor(database: Database) -> None:
    edu = person(database, "Edu", "editor")
    read = collection(database, denied_groups=[group(database, "Impedidos", edu).id])
    assistant(database, read, editors=[edu.id])

    assert not reach_of(database, edu).tends(read)
    assert not reach_of(database, edu).tending.reads(read)


def test_what_one_edited_is_looked_after_once_its_assistant_is_gone(database: Database) -> None:
    edu, eva = person(database, "Edu", "editor"), person(database, "Eva", "editor")
    read, dropped = collection(database), collection(database)
    made = assistant(database, read, dropped, editors=[edu.id])

    with database.write() as db:
        assistants.change(db, made, {"collections": [read]})
    assert reach_of(database, edu).tends(dropped)
    with database.write() as db:
        assistants.remove(db, made)

    assert [reach_of(database, edu).tends(one) for one in (read, dropped)] == [True, True]
    assert not reach_of(database, eva).tends(read)


def test_who_made_a_collection_looks_after_it_until_an_assistant_of_others_reads_it(
    database: Database,
) -> None:
    edu = person(database, "Edu", "editor")
    made = collection(database, editor=edu.id)
    assert reach_of(database, edu).tends(made)

    assistant(database, made)

    assert not reach_of(database, edu).tends(made)


def test_a_member_who_was_an_editor_edits_nothing(database: Database) -> None:
    edu = person(database, "Edu", "editor")
    made = assistant(database, editors=[edu.id])
    with database.write() as db:
        accounts.change(db, edu.id, role="member")
    member = Caller(kind="person", id=edu.id, name="Edu", role="member")

    assert not reach_of(database, member).edits(made)
    assert reach_of(database, edu).edits(made)


def test_only_an_editor_can_be_named(database: Database) -> None:
    for one in (person(database, "Eva").id, "nobody"):
        with pytest.raises(BadRequest, match=one):
            assistant(database, editors=[one])


def test_an_auditor_uses_reads_and_changes_nothing(database: Database) -> None:
    read = collection(database)
    made = assistant(database, read)
    reached = reach_of(database, person(database, "Aldo", "auditor"))

    assert (reached.sees(made), reached.edits(made)) == (False, False)
    assert (reached.reads(read), reached.tends(read)) == (False, False)


def test_programs_change_the_collections_that_they_read_and_no_assistant(
    database: Database,
) -> None:
    read = collection(database)
    made = assistant(database, read)
    reached = reach_of(database, key("documents:write"))

    assert reached.tends(read)
    assert not reached.edits(made)
    assert reach_of(database, key("admin")).edits(made)


def test_administrators_are_people_keys_and_the_terminal(database: Database) -> None:
    terminal = Caller(kind="terminal", id="root", name="root")

    assert administers(terminal)
    assert administers(key("admin"))
    assert administers(person(database, "Ana", "admin"))
    assert not administers(key("documents:write"))
    assert not administers(person(database, "Eva", "editor"))
    assert reach_of(database, terminal) == EVERYWHERE


def test_none_stands_for_all_and_an_empty_set_for_nothing() -> None:
    everything = Reach(closed=frozenset({"w"}), within=None)
    nothing = Reach(
        closed=frozenset(), within=frozenset(), assistants=frozenset(), edited=frozenset()
    )

    assert everything.sees("a")
    assert everything.edits("a")
    assert everything.tends("c")
    assert not everything.reads("w")
    assert not everything.tends("w")
    assert not nothing.sees("a")
    assert not nothing.edits("a")
    assert not nothing.reads("c")
    assert everything.values == {"closed": '["w"]', "within": None}
    assert nothing.values == {"closed": "[]", "within": "[]"}


def test_an_upgrade_takes_nothing_from_members_and_editors(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house of the schema before this one: an assistant, and a collection of no assistant."""
    steps, before = databases._schema(), tmp_path / "schema"
    own = next(step.name for step in steps.iterdir() if step.name.endswith("_rights.sql"))
    before.mkdir()
    for step in steps.iterdir():
        if step.name < own:
            (before / step.name).write_bytes(step.read_bytes())
    monkeypatch.setattr(databases, "_schema", lambda: before)
    old = Database(tmp_path / "old.db")
    old.migrate()
    with old.write() as db:
        for statement in (
            "insert into people (id, name, email, password_hash, role, language, created_at)"
            " values ('edu', 'Edu', 'e', '', 'editor', 'pt', ''),"
            " ('eva', 'Eva', 'v', '', 'member', 'pt', '')",
            "insert into collections (id, name, created_at) values ('c', 'C', ''), ('o', 'O', '')",
            "insert into assistants (id, slug, public_id, name, language, instructions, greeting,"
            " suggestions, refusal, contact, strictness, accent, origins, created_at) values"
            " ('a', 'a', 'p', 'A', 'pt', '', '', '[]', '', '', 'balanced', '', '[]', '')",
            "insert into assistant_collections values ('a', 'c')",
        ):
            db.run(statement)
    monkeypatch.setattr(databases, "_schema", lambda: steps)
    old.migrate()

    editor = reach_of(old, Caller(kind="person", id="edu", name="Edu", role="editor"))
    member = reach_of(old, Caller(kind="person", id="eva", name="Eva", role="member"))
    seen = sees(old, visitor_of("a"), "a")
    kept = assistants.get(old, "a"), collections.get(old, "c").originals
    old.close()

    assert seen
    assert editor.edits("a")
    assert [editor.tends(one) for one in ("c", "o")] == [True, True]
    assert member.sees("a")
    assert member.reads("c")
    assert not member.tends("c")
    assert (kept[0].access, kept[0].editors, kept[1]) == ("everyone", ("edu",), "everyone")
