"""The record of acts: appended with the change, newest first, nothing secret in it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import audit
from appliance.database import Database
from appliance.records import Caller, Reach

ANA = Caller(kind="person", id="p1", name="Ana", role="admin")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def test_an_act_is_recorded_with_who_what_and_when(database: Database) -> None:
    with database.write() as writer:
        audit.record(writer, ANA, "key.create", "k1", scopes=["ask"])

    [entry] = audit.newest(database, limit=10)

    assert (entry.caller, entry.name) == ("person:p1", "Ana")
    assert (entry.act, entry.subject) == ("key.create", "k1")
    assert entry.details == {"scopes": ["ask"]}
    assert entry.at.endswith("Z")


def test_a_change_that_fails_leaves_no_act_behind(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.write() as writer:
        audit.record(writer, ANA, "key.create", "k1")
        _ = 1 / 0

    assert audit.newest(database, limit=10) == []


def test_the_latest_acts_come_first(database: Database) -> None:
    with database.write() as writer:
        for number in range(3):
            audit.record(writer, ANA, "key.create", f"k{number}")

    assert [entry.subject for entry in audit.newest(database, limit=10)] == ["k2", "k1", "k0"]


def test_a_reader_goes_on_after_the_last_entry_seen(database: Database) -> None:
    with database.write() as writer:
        for number in range(5):
            audit.record(writer, ANA, "key.create", f"k{number}")
    page = audit.newest(database, limit=2)

    rest = audit.newest(database, limit=9, before=page[-1].id)

    assert [entry.subject for entry in rest] == ["k2", "k1", "k0"]


@pytest.mark.parametrize("cursor", ["x", "-1", "1 or 1=1", "9" * 30, "²"])
def test_a_cursor_that_is_no_number_is_the_end_of_the_list(database: Database, cursor: str) -> None:
    with database.write() as writer:
        audit.record(writer, ANA, "key.create", "k1")

    assert audit.newest(database, limit=10, before=cursor) == []


def test_no_code_changes_or_removes_an_entry() -> None:
    house = Path(audit.__file__).parent

    offenders = [
        file.name
        for file in house.rglob("*.py")
        if any(f"{verb} audit" in file.read_text("utf-8") for verb in ("update", "delete from"))
    ]

    assert offenders == []


def test_an_act_about_closed_collections_is_not_told(database: Database) -> None:
    with database.write() as writer:
        audit.record(writer, ANA, "key.create", "k1")
        audit.record(writer, ANA, "document.add", "d1", collections=["walled"])
        audit.record(writer, ANA, "assistant.create", "a1", collections=["walled", "open"])
    reach = Reach(closed=frozenset(["walled"]), within=None)

    assert [entry.subject for entry in audit.newest(database, limit=9)] == ["a1", "d1", "k1"]
    assert [entry.subject for entry in audit.newest(database, reach=reach, limit=9)] == ["a1", "k1"]
