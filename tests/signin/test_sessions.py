"""Sessions: fresh tokens, kept as digests, with an end (SEC-26, SEC-29, SEC-30)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import accounts
from appliance.database import Database
from appliance.records import Caller, Person, Role
from appliance.signin import sessions

NOW = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def add(database: Database, role: Role = "member") -> Person:
    with database.write() as writer:
        return accounts.create(
            writer, name="Ana", email=f"{role}@casa.test", password_hash="h", role=role
        )


def begin(database: Database, person: Person, *, replaces: str = "", hours: int = 12) -> str:
    with database.write() as writer:
        return sessions.begin(writer, person.id, hours=hours, replaces=replaces, now=NOW)


def test_a_token_leads_to_its_person(database: Database) -> None:
    ana = add(database)

    caller = sessions.resolve(database, begin(database, ana), now=NOW)

    assert caller == Caller(kind="person", id=ana.id, name="Ana", role="member")


def test_every_sign_in_has_a_token_of_its_own(database: Database) -> None:
    ana = add(database)

    assert begin(database, ana) != begin(database, ana)


def test_only_the_digest_of_a_token_is_stored(database: Database) -> None:
    token = begin(database, add(database))
    [row] = database.rows("select * from sessions")

    assert len(token) >= 43  # 256 bits in base 64
    assert token not in str(row)
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("token", ["", "A" * 43, "\ud800", "x" * 100_000])
def test_a_token_that_a_client_invented_is_nobodys(database: Database, token: str) -> None:
    begin(database, add(database))

    assert sessions.resolve(database, token, now=NOW) is None


def test_a_stored_digest_is_no_token(database: Database) -> None:
    begin(database, add(database))
    [row] = database.rows("select * from sessions")

    assert sessions.resolve(database, row["token_hash"], now=NOW) is None


def test_signing_in_again_ends_the_session_one_came_with(database: Database) -> None:
    ana = add(database)
    old = begin(database, ana)
    new = begin(database, ana, replaces=old)

    assert sessions.resolve(database, old, now=NOW) is None
    assert sessions.resolve(database, new, now=NOW) is not None


@pytest.mark.guarantee("SEC-30")
def test_a_session_ends_at_its_hour_however_busy_it_is(database: Database) -> None:
    token = begin(database, add(database), hours=2)
    for minute in range(0, 120, 10):
        assert sessions.resolve(database, token, now=NOW + timedelta(minutes=minute)) is not None

    assert sessions.resolve(database, token, now=NOW + timedelta(minutes=120)) is None


@pytest.mark.guarantee("SEC-30")
@pytest.mark.parametrize(
    ("role", "idle"), [("admin", timedelta(minutes=30)), ("member", timedelta(hours=8))]
)
def test_a_session_nobody_uses_ends(database: Database, role: Role, idle: timedelta) -> None:
    token = begin(database, add(database, role))
    almost = idle - timedelta(seconds=1)

    assert sessions.resolve(database, token, now=NOW + almost) is not None
    assert sessions.resolve(database, token, now=NOW + almost + idle) is None


def test_use_keeps_a_session_alive(database: Database) -> None:
    token = begin(database, add(database, "admin"))

    for minute in range(20, 200, 20):
        assert sessions.resolve(database, token, now=NOW + timedelta(minutes=minute)) is not None


def test_a_busy_session_costs_one_write_a_minute(database: Database) -> None:
    token = begin(database, add(database))
    sessions.resolve(database, token, now=NOW + timedelta(seconds=59))
    [before] = database.rows("select seen_at from sessions")
    sessions.resolve(database, token, now=NOW + timedelta(seconds=60))
    [after] = database.rows("select seen_at from sessions")

    assert before["seen_at"] == "2030-01-01T09:00:00.000Z"
    assert after["seen_at"] == "2030-01-01T09:01:00.000Z"


def test_signing_out_ends_this_session_and_no_other(database: Database) -> None:
    ana = add(database)
    here, there = begin(database, ana), begin(database, ana)
    with database.write() as writer:
        sessions.end(writer, here)
        sessions.end(writer, here)

    assert sessions.resolve(database, here, now=NOW) is None
    assert sessions.resolve(database, there, now=NOW) is not None


def test_sessions_past_their_hour_are_swept_when_somebody_signs_in(database: Database) -> None:
    ana = add(database)
    with database.write() as writer:
        sessions.begin(writer, ana.id, hours=1, now=NOW - timedelta(days=2))
        sessions.begin(writer, ana.id, hours=1, now=NOW)

    assert len(database.rows("select * from sessions")) == 1


def test_a_role_taken_away_is_gone_from_the_next_request(database: Database) -> None:
    ana = add(database)
    token = begin(database, ana)
    with database.write() as writer:
        writer.run("update people set role = 'auditor'")

    caller = sessions.resolve(database, token, now=NOW)

    assert caller is not None
    assert caller.role == "auditor"
