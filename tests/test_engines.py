"""The engines beside the built-in one: what is kept of them, and where their keys lie."""

from pathlib import Path
from typing import Any

import pytest

from appliance import assistants, engines
from appliance.database import Database
from appliance.engines import Engine
from appliance.errors import BadRequest, Conflict, NotFound


def engine(database: Database, **fields: Any) -> Engine:
    made = engines.new(
        **{"name": "Sala 2", "kind": "site", "addresses": ["http://gpu.lan:8000"], "model": "m"}
        | fields
    )
    with database.write() as db:
        engines.add(db, made)
    return made


def assistant(database: Database, name: str = "Secretaria", **fields: Any) -> Any:
    with database.write() as db:
        return assistants.create(db, name=name, language="pt", collections=[], **fields)


def test_an_engine_is_kept_as_it_was_given(database: Database) -> None:
    made = engine(database, addresses=["http://a.lan/ ", "http://b.lan", "http://a.lan"])

    assert engines.get(database, made.id) == made
    assert made.addresses == ("http://a.lan", "http://b.lan")


def test_a_hosted_one_without_an_address_is_at_its_provider_s(database: Database) -> None:
    assert engine(database, kind="anthropic", addresses=[]).addresses == (
        "https://api.anthropic.com",
    )


@pytest.mark.parametrize(
    ("kind", "leaves"),
    [("site", False), ("openai", True), ("anthropic", True), ("mistral", True)],
)
def test_only_the_site_s_own_stays_in_the_building(kind, leaves) -> None:
    made = engines.new(name="x", kind=kind, addresses=[], model="m")

    assert made.leaves_building is leaves


def test_two_engines_have_two_names(database: Database) -> None:
    engine(database)

    with pytest.raises(Conflict) as refused:
        engine(database, name="sala  2")
    assert refused.value.code == "engine_exists"


def test_a_change_leaves_the_rest_as_it_was(database: Database) -> None:
    made = engine(database)

    with database.write() as db:
        engines.replace(db, engines.changed(made, {"model": "larger"}))

    after = engines.get(database, made.id)
    assert (after.model, after.name, after.addresses) == ("larger", made.name, made.addresses)


def test_what_is_not_there_cannot_be_changed_or_removed(database: Database, tmp_path) -> None:
    stranger = engines.new(name="x", kind="site", addresses=[], model="m")

    with pytest.raises(NotFound), database.write() as db:
        engines.replace(db, stranger)
    with pytest.raises(NotFound), database.write() as db:
        engines.remove(db, tmp_path, stranger.id)


def test_an_engine_that_writes_for_assistants_stays(database: Database, tmp_path) -> None:
    made = engine(database)
    users = [assistant(database, "A", engine=made.id), assistant(database, "B", engine=made.id)]

    with pytest.raises(Conflict) as refused, database.write() as db:
        engines.remove(db, tmp_path, made.id)

    assert refused.value.code == "engine_in_use"
    assert refused.value.facts["users"] == [one.id for one in users]


def test_a_removed_engine_s_key_goes_with_it(database: Database, tmp_path: Path) -> None:
    made = engine(database)
    engines.keep_key(tmp_path, made.id, "sk-1")

    with database.write() as db:
        engines.remove(db, tmp_path, made.id)

    assert engines.key(tmp_path, made.id) == ""
    assert engines.every(database) == []


def test_a_key_lies_in_a_file_for_the_appliance_alone(database: Database, tmp_path: Path) -> None:
    made = engine(database)

    engines.keep_key(tmp_path, made.id, " sk-1 ")

    file = tmp_path / "secrets" / "engines" / made.id
    assert engines.key(tmp_path, made.id) == "sk-1"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_a_key_takes_the_place_of_the_one_before_it_and_nothing_forgets_it(tmp_path) -> None:
    engines.keep_key(tmp_path, "e", "sk-1")
    engines.keep_key(tmp_path, "e", "sk-2")
    assert engines.key(tmp_path, "e") == "sk-2"

    engines.keep_key(tmp_path, "e", "")
    assert engines.key(tmp_path, "e") == ""


def test_an_assistant_is_marked_by_the_engine_that_it_has(database: Database) -> None:
    site, hosted = engine(database), engine(database, name="Nuvem", kind="mistral", addresses=[])

    assert not assistant(database).leaves_building
    assert not assistant(database, engine=site.id).leaves_building
    assert assistant(database, engine=hosted.id).leaves_building


def test_an_assistant_goes_back_to_the_built_in_engine(database: Database) -> None:
    made = assistant(database, engine=engine(database, kind="openai", addresses=[]).id)

    with database.write() as db:
        after = assistants.change(db, made.id, {"engine": None})

    assert (after.engine, after.leaves_building) == (None, False)


def test_an_assistant_gets_no_engine_that_is_not_there(database: Database) -> None:
    made = assistant(database)

    with pytest.raises(BadRequest) as refused, database.write() as db:
        assistants.change(db, made.id, {"engine": "none-such"})
    assert refused.value.code == "unknown_engine"
