"""What is over its time, lot by lot, and what waits for an administrator (LGPD-06, REL-17)."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import assistants, keeping
from appliance.database import Database
from appliance.keeping import Lot, Retention
from appliance.records import new_id, timestamp

pytestmark = [pytest.mark.guarantee("LGPD-06"), pytest.mark.guarantee("REL-17")]

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def ago(days: float) -> str:
    return timestamp(NOW - timedelta(days=days))


def assistant(database: Database, name: str = "Secretaria", keep_days: int | None = None) -> str:
    with database.write() as db:
        made = assistants.create(db, name=name, language="pt", collections=[]).id
        db.run(
            "update assistants set keep_days = :days where id = :id",
            {"days": keep_days, "id": made},
        )
    return made


def conversations(database: Database, assistant_id: str, *ages: float) -> list[str]:
    """A conversation of each age in days; their ids."""
    ids = [new_id() for _ in ages]
    with database.write() as db:
        db.many(
            """
            insert into conversations (id, assistant, owner, title, created_at, updated_at)
            values (:id, :assistant, 'person:p1', 'Férias', :at, :at)
            """,
            [
                {"id": one, "assistant": assistant_id, "at": ago(age)}
                for one, age in zip(ids, ages, strict=True)
            ],
        )
    return ids


def lots(database: Database, wanted: Retention | None = None) -> dict[str, Lot]:
    found = keeping.lots(database, wanted or Retention(), trash_days=30, now=NOW)
    return {lot.name: lot for lot in found}


def left(database: Database) -> set[str]:
    return {row["id"] for row in database.rows("select id from conversations")}


def removed(database: Database, lot: Lot) -> int:
    with database.write() as db:
        return keeping.remove(db, lot, NOW)


def test_each_class_has_a_lot_with_its_days(database: Database) -> None:
    days = {name: lot.days for name, lot in lots(database).items()}

    assert days == {"conversations": 90, "audit": 1825, "log": 30, "addresses": 7, "trash": 30}


def test_exactly_what_is_over_its_time_goes(database: Database) -> None:
    ids = conversations(database, assistant(database), 91, 90.01, 89.99, 0)

    lot = lots(database)["conversations"]

    assert (lot.due, lot.total) == (2, 4)
    assert removed(database, lot) == 2
    assert left(database) == set(ids[2:])


def test_an_assistant_with_days_of_its_own_is_a_lot_of_its_own(database: Database) -> None:
    short, house = assistant(database, "Escola", keep_days=5), assistant(database)
    fast = conversations(database, short, 6, 4)
    slow = conversations(database, house, 91, 6)

    found = lots(database)
    for lot in found.values():
        if lot.name.startswith("conversations"):
            removed(database, lot)

    assert (found[f"conversations:{short}"].due, found["conversations"].due) == (1, 1)
    assert left(database) == {fast[1], slow[1]}


def test_where_none_is_kept_a_conversation_lasts_an_hour(database: Database) -> None:
    short = assistant(database, "Escola", keep_days=500)
    ids = conversations(database, short, 0.05, 0.03)  # 72 and 43 minutes
    found = lots(database, Retention(keep_conversations=False))

    assert f"conversations:{short}" not in found
    assert removed(database, found["conversations"]) == 1
    assert left(database) == {ids[1]}


def test_what_is_on_hold_is_in_no_lot(database: Database) -> None:
    ids = conversations(database, assistant(database), 100, 100)
    with database.write() as db:
        db.run(
            "insert into holds values ('h', 'conversation', :id, 'Ação 7', 'x', 'person:p', '')",
            {"id": ids[0]},
        )

    lot = lots(database)["conversations"]

    assert (lot.due, lot.total) == (1, 1)
    assert removed(database, lot) == 1
    assert left(database) == {ids[0]}


def test_the_conversations_of_a_held_person_are_in_no_lot(database: Database) -> None:
    conversations(database, assistant(database), 100, 100)
    with database.write() as db:
        db.run("insert into holds values ('h', 'person', 'p1', 'Ação 7', 'x', 'person:p', '')")

    assert lots(database)["conversations"].total == 0


def test_finished_jobs_go_and_those_that_wait_stay(database: Database) -> None:
    with database.write() as db:
        db.many(
            """
            insert into jobs (id, kind, subject, state, not_before, created_at, ended_at)
            values (:id, 'ingest', 'd', :state, '', '', :at)
            """,
            [
                {"id": "1", "state": "succeeded", "at": ago(31)},
                {"id": "2", "state": "failed", "at": ago(29)},
                {"id": "3", "state": "queued", "at": None},
            ],
        )

    lot = lots(database)["log"]

    assert (lot.due, lot.total) == (1, 2)
    assert removed(database, lot) == 1
    assert [row["id"] for row in database.rows("select id from jobs order by id")] == ["2", "3"]


def test_the_addresses_of_visitors_go_with_their_sessions(database: Database) -> None:
    made = assistant(database)
    with database.write() as db:
        db.many(
            """
            insert into visitors (token_hash, id, assistant, origin, address, created_at,
                expires_at)
            values (:id, :id, :assistant, 'https://a.test', 'digest', '', :at)
            """,
            [
                {"id": "old", "assistant": made, "at": ago(8)},
                {"id": "new", "assistant": made, "at": ago(6)},
            ],
        )

    assert removed(database, lots(database)["addresses"]) == 1
    assert [row["id"] for row in database.rows("select id from visitors")] == ["new"]


@pytest.mark.parametrize(
    ("due", "total", "waits"),
    [(10, 10, False), (11, 11, True), (11, 109, True), (11, 110, False), (200, 1999, True)],
)
def test_more_than_a_tenth_waits_but_for_a_few(
    database: Database, due: int, total: int, waits: bool
) -> None:
    lot = Lot(name="conversations", days=90, due=due, total=total)

    assert keeping.too_many(database, lot) is waits


def test_two_days_share_of_what_is_kept_shortly_goes_by_itself(database: Database) -> None:
    lot = Lot(name="addresses", days=7, due=280, total=1000)
    assert keeping.too_many(database, lot)

    with database.write() as db:
        keeping.ran(db, lot, 0, NOW)

    assert not keeping.too_many(database, lot)
    assert keeping.too_many(database, Lot(name="addresses", days=7, due=290, total=1000))


def test_days_that_were_shortened_are_measured_by_those_of_before(database: Database) -> None:
    with database.write() as db:
        keeping.ran(db, Lot(name="conversations", days=90), 0, NOW)

    shortened = Lot(name="conversations", days=1, due=900, total=1000)

    assert keeping.too_many(database, shortened)


def test_a_lot_that_waits_says_so_once_and_why(database: Database) -> None:
    lot = lots(database)["conversations"]
    with database.write() as db:
        assert keeping.wait(db, lot, "many", NOW)
    again = lots(database)["conversations"]
    with database.write() as db:
        assert not keeping.wait(db, again, "many", NOW + timedelta(days=1))

    assert again.waits == "many"
    with database.write() as db:
        keeping.ran(db, again, 7, NOW)
    assert lots(database)["conversations"].waits is None
    assert lots(database)["conversations"].removed == 7


def test_by_a_clock_that_is_not_believed_nothing_counts_as_looked_through(
    database: Database,
) -> None:
    lot = lots(database)["log"]
    with database.write() as db:
        assert not keeping.wait(db, lot, "clock", NOW)  # it never was
        keeping.ran(db, lot, 0, NOW)
        assert keeping.wait(db, lot, "clock", NOW + timedelta(days=4000))
        assert not keeping.wait(db, lot, "clock", NOW + timedelta(days=4000))

    assert keeping.last_ran_at(database) == NOW
