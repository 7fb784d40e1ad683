"""Groups: their members, their names, and what keeps one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance import accounts, assistants, collections, groups
from appliance import database as databases
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.records import Caller, Group, Role


def person(database: Database, name: str, role: Role = "member") -> Caller:
    with database.write() as db:
        email = f"{name.lower()}@casa.test"
        made = accounts.create(db, name=name, email=email, password_hash="", role=role)
    return Caller(kind="person", id=made.id, name=name, role=role)


def group(database: Database, name: str, *members: Caller) -> Group:
    with database.write() as db:
        return groups.create(db, name=name, members=[one.id for one in members])


def collection(database: Database, **named: Any) -> str:
    with database.write() as db:
        return collections.create(db, "Autos", **named).id


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


def test_a_group_that_an_assistant_names_stays_lest_nobody_may_use_it(database: Database) -> None:
    made = group(database, "Sócios")
    with database.write() as db:
        assistant = assistants.create(
            db, name="A", language="pt", collections=[], access="groups", groups=[made.id]
        )

    with pytest.raises(Conflict, match="Sócios"), database.write() as db:
        groups.remove(db, made.id)
    with database.write() as db:
        assistants.change(db, assistant.id, {"groups": []})
        assert groups.remove(db, made.id) == made


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
