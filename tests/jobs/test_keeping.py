"""Once a day what is over its time is removed, and never by a clock that went astray
(LGPD-06, REL-17)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appliance import audit, holds, keeping, options, trash
from appliance.errors import Conflict
from appliance.jobs.keeping import Keeping
from appliance.keeping import Retention
from appliance.records import Caller
from tests.house import House
from tests.test_keeping import assistant, conversations, left

pytestmark = [pytest.mark.guarantee("LGPD-06"), pytest.mark.guarantee("REL-17")]

CLERK = Caller(kind="terminal", id="root", name="root", role="admin")
START = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Office:
    """A house whose clock is moved by hand."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.database = house.parts.database
        self.now = START
        self.keeping = Keeping(self.database, house.settings, clock=lambda: self.now)

    def days_pass(self, days: float) -> None:
        self.now += timedelta(days=days)

    def day(self) -> None:
        """The rounds of another day, ten minutes or more after those before."""
        self.keeping._looked_at = -1e9
        self.keeping.look()

    def acts(self, family: str = "retention") -> list[tuple[str, str, dict[str, Any]]]:
        found = audit.newest(self.database, audit.wanted(act=family), limit=100)
        return [(one.act, one.subject, one.details) for one in reversed(found)]

    def waits(self) -> dict[str, str]:
        return {lot.name: lot.waits for lot in self.keeping.lots() if lot.waits}


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


def test_a_moved_clock_and_the_job_remove_exactly_what_is_due(office: Office) -> None:
    ids = conversations(office.database, assistant(office.database), *(89.5 - n for n in range(40)))
    office.day()
    assert left(office.database) == set(ids)

    office.days_pass(1)
    office.day()
    office.days_pass(1)
    office.day()

    assert left(office.database) == set(ids[2:])
    removed = ("retention.remove", "conversations", {"removed": 1, "days": 90})
    assert office.acts() == [removed, removed]


def test_once_a_day_is_enough(office: Office) -> None:
    made = assistant(office.database)
    office.day()
    ids = conversations(office.database, made, 91)

    office.days_pass(0.9)
    office.day()
    assert left(office.database) == set(ids)

    office.days_pass(0.1)
    office.day()
    assert left(office.database) == set()


def test_rounds_within_ten_minutes_do_not_look(office: Office) -> None:
    office.day()
    office.days_pass(2)
    conversations(office.database, assistant(office.database), 91)

    office.keeping.look()

    assert len(left(office.database)) == 1


def test_more_than_a_tenth_at_once_waits_until_somebody_confirms_it(office: Office) -> None:
    ids = conversations(office.database, assistant(office.database), *[100] * 11, *[1] * 20)
    office.day()

    assert left(office.database) == set(ids)
    assert office.waits() == {"conversations": "many"}
    assert office.acts() == [("retention.wait", "conversations", {"due": 11, "why": "many"})]

    office.days_pass(1)
    office.day()
    assert len(office.acts()) == 1  # it is not told every day

    office.keeping.run(confirmed=11, by=CLERK)
    assert left(office.database) == set(ids[11:])
    assert office.waits() == {}


def test_more_than_what_was_confirmed_is_not_removed(office: Office) -> None:
    ids = conversations(office.database, assistant(office.database), *[100] * 12)

    with pytest.raises(Conflict) as refused:
        office.keeping.run(confirmed=11, by=CLERK)

    assert refused.value.code == "retention_grew"
    assert left(office.database) == set(ids)


@pytest.mark.parametrize("days", [7.1, 3650, -12, -3650])
def test_a_clock_that_moved_more_than_a_week_removes_nothing(office: Office, days: float) -> None:
    made = assistant(office.database)
    office.day()
    ids = conversations(office.database, made, 91, 1)

    office.days_pass(days)
    for _ in range(3):
        office.day()
        office.days_pass(1.5)

    assert left(office.database) == set(ids)
    assert set(office.waits().values()) == {"clock"}
    assert len([one for one in office.acts() if one[1] == "conversations"]) == 1


def test_a_clock_that_comes_back_by_itself_is_believed_again(office: Office) -> None:
    made = assistant(office.database)
    office.day()
    conversations(office.database, made, 91)
    office.days_pass(3650)
    office.day()
    assert office.waits()

    office.now = START + timedelta(days=1)
    office.day()

    assert office.waits() == {}
    assert left(office.database) == set()


def test_a_week_without_power_is_confirmed_by_an_administrator(office: Office) -> None:
    made = assistant(office.database)
    office.day()
    ids = conversations(office.database, made, 91, 1)
    office.days_pass(20)
    office.day()
    assert left(office.database) == set(ids)

    office.keeping.run(confirmed=10, by=CLERK)
    office.days_pass(1)
    office.day()

    assert left(office.database) == {ids[1]}
    assert office.waits() == {}


def test_an_hour_more_or_less_is_no_reason_to_wait(office: Office) -> None:
    made = assistant(office.database)
    office.day()
    conversations(office.database, made, 91)
    for hours in (1, -2, 26):
        office.days_pass(hours / 24)
        office.day()

    assert (left(office.database), office.waits()) == (set(), {})


def test_where_no_conversations_are_kept_they_go_at_every_look(office: Office) -> None:
    with office.database.write() as db:
        options.store(db, Retention(keep_conversations=False))
    made = assistant(office.database)
    office.day()
    ids = conversations(office.database, made, *[0.5] * 30, 0.01)

    office.days_pass(0.01)
    office.day()

    assert left(office.database) == {ids[-1]}
    assert office.acts() == []  # thousands of acts a day would say nothing


def test_a_hold_survives_the_job_and_a_confirmation(office: Office) -> None:
    made = assistant(office.database)
    first, second = conversations(office.database, made, 100, 100)
    with office.database.write() as db:
        holds.place(db, CLERK, kind="conversation", subject=first, name="Ação 7", reason="Ofício")

    office.day()
    office.keeping.run(confirmed=100, by=CLERK)

    assert left(office.database) == {first}
    assert second not in left(office.database)


def test_acts_are_forgotten_after_their_years_and_the_chain_holds(office: Office) -> None:
    office.house.assistant("Primeiro")
    office.day()
    assert office.acts("assistant") != []

    office.days_pass(365 * 5 + 10)
    office.day()
    assert office.waits()["audit"] == "clock"
    office.keeping.run(confirmed=1000, by=CLERK)

    assert [act for act, _, _ in office.acts("assistant")] == []
    assert audit.verify(office.database).intact


def test_acts_stay_from_the_first_one_of_a_person_under_a_hold(office: Office) -> None:
    me = office.house.client.get("/api/session").json()["person"]["id"]
    with office.database.write() as db:
        audit.record(db, CLERK, "key.create", "k1")
    office.house.assistant("Primeiro")
    with office.database.write() as db:
        holds.place(db, CLERK, kind="person", subject=me, name="Ação 7", reason="Ofício")

    office.days_pass(365 * 6)
    office.keeping.run(confirmed=1000, by=CLERK)

    assert office.acts("key") == []
    assert len(office.acts("assistant")) == 1
    assert audit.verify(office.database).intact


def test_the_trash_is_emptied_and_its_files_go(office: Office) -> None:
    document = office.house.upload(office.house.assistant()["collections"][0])
    with office.database.write() as db:
        trash.put(db, document["id"], reason="missing", origin="/mnt/atas")
    office.now = datetime.now(UTC)
    office.day()
    assert office.house.file_count() == 1

    office.days_pass(31)
    office.keeping.run(confirmed=10, by=CLERK)

    assert office.house.file_count() == 0
    assert keeping.last_ran_at(office.database) is not None


def test_the_worker_s_rounds_look(house: House) -> None:
    house.parts.worker().rounds()

    assert keeping.last_ran_at(house.parts.database) is not None
