"""The gate of an assistant and the one change that is held there."""

import pytest

from appliance import assistants, gates
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.records import Caller

ANA = Caller(kind="person", id="ana", name="Ana")


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as db:
        return assistants.create(db, name="Secretaria", language="pt", collections=[]).id


def test_there_is_none_until_somebody_sets_it_up(database: Database, assistant: str) -> None:
    assert not gates.is_on(database, assistant)
    with database.write() as db:
        gates.turn(db, assistant, on=True)
    assert gates.is_on(database, assistant)
    assert not gates.is_on(database, "gone")


def test_a_change_is_held_as_it_was_wanted(database: Database, assistant: str) -> None:
    with database.write() as db:
        held = gates.hold(db, ANA, assistant, "changed", {"strictness": "strict"})

    assert gates.get(database, assistant) == held
    assert (held.state, held.author, held.changes) == (
        "asking",
        "person:ana",
        {"strictness": "strict"},
    )


def test_a_second_one_waits_for_the_first(database: Database, assistant: str) -> None:
    with database.write() as db:
        gates.hold(db, ANA, assistant, "changed", {"mode": "quote"})
    with pytest.raises(Conflict) as refused, database.write() as db:
        gates.hold(db, ANA, assistant, "changed", {"mode": None})

    assert refused.value.code == "change_waits"


def test_red_questions_are_kept_with_it(database: Database, assistant: str) -> None:
    with database.write() as db:
        gates.hold(db, ANA, assistant, "restored", {"mode": "quote"})
        gates.stop(db, assistant, ["q1", "q2"])

    held = gates.get(database, assistant)
    assert (held.state, held.red_ids) == ("red", ("q1", "q2"))


def test_released_it_is_gone_and_so_it_is_with_its_assistant(
    database: Database, assistant: str
) -> None:
    with database.write() as db:
        gates.hold(db, ANA, assistant, "changed", {"mode": "quote"})
        assert gates.release(db, assistant)
        assert not gates.release(db, assistant)
        gates.hold(db, ANA, assistant, "changed", {"mode": "quote"})
        assistants.remove(db, assistant)

    with pytest.raises(NotFound):
        gates.get(database, assistant)
