"""Backups make themselves when they are due, and administrators hear of what went wrong."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance import accounts, backups, facts, options
from appliance.backups import Backup
from appliance.jobs import backup, ledger, promise
from appliance.jobs.promise import Promise
from appliance.mail import Mail
from appliance.records import Job, Problem, timestamp
from appliance.routine import Day, Routine
from appliance.schedules import DAYS
from tests.house import House
from tests.mailhouse import MailHouse, open_house

pytestmark = [pytest.mark.guarantee("INS-07"), pytest.mark.guarantee("REL-20")]

EVERY_DAY: tuple[Day, ...] = DAYS  # type: ignore[assignment]


class Office:
    """A house whose clock is moved by hand, with a backup every night at half past two."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.database = house.parts.database
        # Noon of this server, wherever it stands.
        self.now = datetime.now().astimezone().replace(hour=12, minute=0, microsecond=0)
        self.promise = Promise(
            self.database,
            house.settings,
            house.parts.queue,
            house.parts.vault,
            clock=lambda: self.now.astimezone(UTC),
            look_every=-1.0,
        )
        self.set()

    def set(self, days: tuple[Day, ...] = EVERY_DAY, at: str = "02:30") -> None:
        sealed = backup.sealed(self.house.parts.vault, "seis palavras que ninguém adivinha")
        with self.database.write() as writer:
            options.store(writer, Routine(days=days, at=at, **sealed))  # type: ignore[arg-type]
            promise.begin_anew(writer)

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """The rounds of a moment, counted from today."""
        today = self.now.replace(hour=0, minute=0)
        self.now = today + timedelta(days=day, hours=hour, minutes=minute)
        self.promise.look()

    def orders(self) -> list[Job]:
        return [one for one in ledger.entries(self.database) if one.kind == backup.KIND]

    def end(self, problem: Problem | None = None) -> Job:
        """Let the backup that waits end."""
        job = ledger.claim(self.database, self.orders()[0].id)
        assert job
        return ledger.close(self.database, job, "failed" if problem else "succeeded", problem)

    def proven(self) -> None:
        """A verified backup of now."""
        at = timestamp(self.now)
        made = Backup(
            id=at, file="/srv/b", made_at=at, bytes=1, documents=1, program="1", verified_at=at
        )
        backups.add(self.house.settings.data, made)


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


def test_a_backup_begins_when_it_is_due_and_not_before(office: Office) -> None:
    office.at(0, 12)
    office.at(1, 2, 29)
    assert office.orders() == []

    office.at(0, 2, 30)
    office.at(0, 2, 31)

    (job,) = office.orders()
    assert job.state == "queued"


def test_the_next_night_has_the_next_one(office: Office) -> None:
    office.at(0, 12)
    for _ in range(3):
        office.at(1, 2, 31)
        office.end()

    assert len(office.orders()) == 3


def test_what_was_missed_while_the_server_stood_still_is_made_up_for_once(office: Office) -> None:
    office.at(0, 12)

    office.at(9, 8)
    office.at(0, 8, 1)
    office.end()
    office.at(0, 8, 2)

    assert len(office.orders()) == 1
    office.at(1, 2, 31)
    assert len(office.orders()) == 2


def test_none_begins_beside_one_that_is_under_way(office: Office) -> None:
    office.at(0, 12)
    office.at(1, 2, 31)

    office.at(1, 2, 31)

    assert len(office.orders()) == 1


def test_a_clock_that_was_years_ahead_leaves_no_gap(office: Office) -> None:
    office.at(0, 12)
    real = office.now
    office.now += timedelta(days=3650)
    office.promise.look()
    office.end()

    office.now = real
    office.promise.look()
    office.at(1, 2, 31)

    assert len(office.orders()) == 2


def test_other_days_begin_anew(office: Office) -> None:
    office.at(0, 12)
    office.set(at="23:00")
    office.at(0, 12)
    office.at(0, 22, 59)
    assert office.orders() == []

    office.at(0, 23)
    office.end()
    office.at(1, 2, 31)

    assert len(office.orders()) == 1


def test_without_days_nothing_begins_and_nothing_is_promised(office: Office) -> None:
    office.set(days=())
    office.at(0, 12)
    office.at(30, 12)

    assert office.orders() == []
    assert facts.get(office.database, promise.DUE) is None


def test_the_worker_itself_looks_and_makes_it(house: House) -> None:
    office = Office(house)
    with house.parts.database.write() as writer:
        facts.put(writer, promise.DUE, "2026-01-01T00:00:00.000Z")
    house.parts.worker()._look_round()
    house.work()

    (job,) = office.orders()
    assert job.state == "succeeded"
    assert backups.last_verified(house.settings.data)


def with_mail(house: House, server: MailHouse) -> None:
    with house.parts.database.write() as writer:
        options.store(
            writer,
            Mail(host="localhost", port=server.port, safety="none", sender="balcao@escola.example"),
        )
        accounts.create(
            writer, name="Rui", email="rui@escola.example", password_hash="", role="admin",
            language="en",
        )  # fmt: skip
        gone = accounts.create(
            writer, name="Zé", email="ze@escola.example", password_hash="", role="admin"
        )
        accounts.change(writer, gone.id, active=False)
        accounts.create(
            writer, name="Bia", email="bia@escola.example", password_hash="", role="editor"
        )


REASON = Problem(code="backup_not_mounted", facts={"folder": "/mnt/nas/b", "mount": "/mnt/nas"})


def test_when_a_backup_fails_each_administrator_has_one_letter(office: Office) -> None:
    office.at(0, 12)
    office.at(1, 2, 31)
    office.end(REASON)
    with open_house() as server:
        with_mail(office.house, server)
        office.now = datetime.now().astimezone()
        office.promise.look()
        office.promise.look()
        office.house.work()

    assert sorted(server.recipients) == ["ana@escola.example", "rui@escola.example"]
    english = next(one for one in server.letters if one["to"] == "rui@escola.example")
    text = str(english.get_content())
    assert "failed" in english["subject"]
    assert "/mnt/nas/b" in text
    assert "http://127.0.0.1:8080/#/backups" in text
    portuguese = next(one for one in server.letters if one["to"] == "ana@escola.example")
    assert "não está montado" in str(portuguese.get_content())


def test_a_failure_from_before_mail_was_set_is_no_news(office: Office) -> None:
    office.at(0, 12)
    office.at(1, 2, 31)
    office.end(REASON)
    office.now = datetime.now().astimezone()
    office.promise.look()

    with open_house() as server:
        with_mail(office.house, server)
        office.promise.look()
        office.house.work()

    assert server.letters == []


def test_when_none_was_proven_in_time_there_is_a_letter_a_week(office: Office) -> None:
    office.at(0, 12)
    office.proven()
    with open_house() as server:
        with_mail(office.house, server)
        told = []
        for _ in range(17):
            office.at(1, 12)
            told.append(len([one for one in ledger.entries(office.database) if one.kind == "mail"]))

    # From the second day on, and again after seven days; two administrators each.
    assert told == [0, *[2] * 7, *[4] * 7, *[6] * 2]


def test_while_the_promise_is_kept_nobody_hears_of_it(office: Office) -> None:
    with open_house() as server:
        with_mail(office.house, server)
        office.at(0, 12)
        for _ in range(9):
            office.at(1, 2, 31)
            office.end()
            office.proven()
            office.at(0, 12)

    assert [one.kind for one in ledger.entries(office.database) if one.kind == "mail"] == []


def test_a_house_that_never_had_one_hears_of_it_once_one_was_promised(office: Office) -> None:
    with open_house() as server:
        with_mail(office.house, server)
        office.at(0, 12)
        office.at(1, 12)
        before = [one.kind for one in ledger.entries(office.database)]
        office.at(1, 12)

    after = [one.kind for one in ledger.entries(office.database)]
    assert ("mail" in before, "mail" in after) == (False, True)


def test_the_rounds_cost_nothing_between_two_looks(office: Office) -> None:
    office.promise.look_every = 60.0
    office.promise._looked_at = -60.0
    office.at(0, 12)
    office.at(1, 3)

    assert office.orders() == []
    assert msgspec.json.encode(facts.get(office.database, promise.SINCE))
