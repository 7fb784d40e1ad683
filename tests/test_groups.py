"""Groups: their members, and the rule of who reads which collection."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance import accounts, assistants, collections, groups
from appliance import database as databases
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.records import Caller, Group, Role, Scope


def person(database: Database, name: str, role: Role = "member") -> Caller:
    with database.write() as db:
        email = f"{name.lower()}@casa.test"
        made = accounts.create(db, name=name, email=email, password_hash="", role=role)
    return Caller(kind="person", id=made.id, name=name, role=role)


def group(database: Database, name: str, *members: Caller) -> Group:
    with database.write() as db:
        return groups.create(db, name=name, members=[one.id for one in members])


def collection(database: Database, **named: list[str]) -> str:
    with database.write() as db:
        return collections.create(db, "Autos", **named).id


def key(*scopes: Scope, **limits: Any) -> Caller:
    return Caller(kind="key", id="k", name="K", scopes=frozenset(scopes), **limits)


def reads(database: Database, caller: Caller, collection_id: str) -> bool:
    return groups.reach(database, caller).reads(collection_id)


def test_a_group_has_each_of_its_people_once(database: Database) -> None:
    ana, bia = person(database, "Ana"), person(database, "Bia")

    made = group(database, "Sócios", ana, bia, ana)

    assert made.members == (ana.id, bia.id)
    assert groups.get(database, made.id) == made
    assert groups.listing(database, limit=9) == [made]


def test_whoever_is_removed_from_the_house_leaves_their_groups(database: Database) -> None:
    ana = person(database, "Ana")
    made = group(database, "Sócios", ana)

    with database.write() as db:
        accounts.remove(db, ana.id)

    assert groups.get(database, made.id).members == ()


def test_two_groups_of_one_name_would_be_taken_for_each_other(database: Database) -> None:
    group(database, "Turma A")
    other = group(database, "Turma B")

    with pytest.raises(Conflict, match="turma a"):
        group(database, "turma a")
    with pytest.raises(Conflict), database.write() as db:
        groups.change(db, other.id, name="Turma A")


@pytest.mark.parametrize("name", ["", " ", "a" * 201, "duas\nlinhas"])
def test_a_name_is_one_line_that_can_be_read(database: Database, name: str) -> None:
    with pytest.raises(BadRequest):
        group(database, name)


def test_what_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(NotFound):
        groups.get(database, "gone")
    with pytest.raises(NotFound), database.write() as db:
        groups.change(db, "gone", name="X")
    with pytest.raises(NotFound), database.write() as db:
        groups.remove(db, "gone")
    with pytest.raises(BadRequest), database.write() as db:
        groups.create(db, name="X", members=["gone"])


def test_a_group_that_a_collection_names_stays_lest_the_collection_open(database: Database) -> None:
    made = group(database, "Sócios")
    named = collection(database, groups=[made.id])

    with pytest.raises(Conflict, match="Sócios"), database.write() as db:
        groups.remove(db, made.id)
    with database.write() as db:
        collections.change(db, named, groups=[])
        assert groups.remove(db, made.id) == made
    assert groups.listing(database, limit=9) == []


def test_a_collection_without_groups_is_open(database: Database) -> None:
    plain = collection(database)

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
    assert groups.reach(database, key("admin")).house
    assert not groups.reach(database, key("admin", assistants=frozenset())).house
    assert not groups.reach(database, key("documents:write")).house


def test_a_wall_outlives_its_collection(database: Database) -> None:
    walled = collection(database, groups=[group(database, "A").id])
    with database.write() as db:
        collections.remove(db, walled)

    assert not reads(database, person(database, "Eva"), walled)


def test_what_was_answered_and_recorded_before_there_were_groups_gets_its_collections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade from the schema before this one."""
    before, all_steps = tmp_path / "schema", databases._schema()
    before.mkdir()
    for name in ("0001_house.sql", "0002_finding.sql"):
        shutil.copy(all_steps / name, before)
    monkeypatch.setattr(databases, "_schema", lambda: before)
    old = Database(tmp_path / "old.db")
    old.migrate()
    answer = json.dumps({"passages": [{"document": {"id": "d"}}, {"document": {"id": "gone"}}]})
    with old.write() as db:
        for statement in (
            "insert into collections values ('c', 'C', '')",
            "insert into assistants (id, slug, public_id, name, language, instructions, greeting,"
            " suggestions, refusal, contact, mode, strictness, accent, origins, created_at)"
            " values ('a', 'a', 'a', 'A', 'pt', '', '', '[]', '', '', null,"
            " 'balanced', '', '[]', '')",
            "insert into assistant_collections values ('a', 'c')",
            "insert into documents (id, collection, title, file_name, media_type, bytes, sha256,"
            " state, created_at) values ('d', 'c', 'D', 'd', '', 1, '', 'ready', '')",
            "insert into jobs (id, kind, subject, state, not_before, created_at)"
            " values ('j', 'ingest', 'd', 'failed', '', '')",
            "insert into conversations (id, assistant, owner, title, created_at, updated_at)"
            " values ('v', 'a', 'person:p', '', '', '')",
        ):
            db.run(statement)
        for number, told in enumerate((answer, None)):
            db.run(
                "insert into messages (id, conversation, question, state, answer, created_at)"
                " values (:id, 'v', '?', 'answered', :answer, '')",
                {"id": f"m{number}", "answer": told},
            )
        for act, subject in (
            ("collection.create", "c"), ("document.add", "d"), ("document.add", "gone"),
            ("assistant.create", "a"), ("job.retry", "j"), ("key.create", "k"),
        ):  # fmt: skip
            db.run(
                "insert into audit (at, caller, name, act, subject, details)"
                " values ('', '', '', :act, :subject, '{}')",
                {"act": act, "subject": subject},
            )
    monkeypatch.setattr(databases, "_schema", lambda: all_steps)
    old.migrate()

    told = [row["collections"] for row in old.rows("select collections from messages order by id")]
    acts = [row["collections"] for row in old.rows("select collections from audit order by id")]
    old.close()

    assert told == ['["c"]', "[]"]
    assert acts == ['["c"]', '["c"]', "[]", '["c"]', '["c"]', "[]"]
