"""The record of acts: appended with the change, newest first, nothing secret in it."""

import contextlib
from datetime import timedelta

import pytest

from appliance import audit
from appliance.audit import acts
from appliance.database import Database
from appliance.reach import Reach
from appliance.records import Caller, Document

ANA = Caller(kind="person", id="p1", name="Ana", role="admin")


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


def test_an_act_about_closed_collections_is_not_told(database: Database) -> None:
    with database.write() as writer:
        audit.record(writer, ANA, "key.create", "k1")
        audit.record(writer, ANA, "document.add", "d1", collections=["walled"])
        audit.record(writer, ANA, "assistant.create", "a1", collections=["walled", "open"])
    reach = Reach(closed=frozenset(["walled"]), within=None)

    assert [entry.subject for entry in audit.newest(database, limit=9)] == ["a1", "d1", "k1"]
    assert [entry.subject for entry in audit.newest(database, reach=reach, limit=9)] == ["a1", "k1"]


DOCUMENT = Document(
    id="d1", collection="c1", title="Regimento", file_name="r.md", media_type="text/markdown",
    bytes=9, sha256="0" * 64, language="pt", state="ready", problem=None, pages=1,
    pages_unreadable=0, chunks=1, created_at="2026-01-01T00:00:00.000Z", ready_at=None,
)  # fmt: skip


def read_by(database: Database, *callers: Caller) -> list[tuple[str, str]]:
    for caller in callers:
        audit.read_document(database, caller, DOCUMENT)
    return [(one.name, one.act) for one in audit.newest(database, limit=9)]


def test_whoever_turns_many_pages_of_a_document_has_read_it_once(database: Database) -> None:
    bia = Caller(kind="person", id="p2", name="Bia")

    assert read_by(database, ANA, bia, ANA, ANA) == [
        ("Bia", "document.read"),
        ("Ana", "document.read"),
    ]


def test_whoever_comes_back_later_has_read_it_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "ONE_READING", timedelta(0))

    assert read_by(database, ANA, ANA) == [("Ana", "document.read")] * 2
