"""Known browsers: a token for one person, which opens nothing (SEC-35)."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import accounts
from appliance.database import Database
from appliance.signin import devices

NOW = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def people(database: Database) -> dict[str, str]:
    """Two people's ids."""
    with database.write() as writer:
        return {
            name: accounts.create(
                writer, name=name, email=f"{name}@casa.test", password_hash="h", role="member"
            ).id
            for name in ("ana", "bia")
        }


def remember(database: Database, person: str, token: str = "", *, days: int = 0) -> str:
    with database.write() as writer:
        return devices.remember(writer, person, token, now=NOW + timedelta(days=days))


def known(database: Database, token: str, name: str = "ana", *, days: int = 0) -> bool:
    found = devices.known(database, token, f"{name}@casa.test", now=NOW + timedelta(days=days))
    return found != ""


def test_a_browser_is_known_for_the_person_who_signed_in_with_it(
    database: Database, people: dict[str, str]
) -> None:
    token = remember(database, people["ana"])

    assert known(database, token)
    assert devices.known(database, token, " ANA@casa.test ", now=NOW)
    assert not known(database, token, "bia")
    assert not known(database, token, "nobody")


def test_only_the_digest_of_a_token_is_stored(database: Database, people: dict[str, str]) -> None:
    token = remember(database, people["ana"])

    assert len(token) >= 43  # 256 bits in base 64
    assert token not in str(database.rows("select * from devices"))


@pytest.mark.parametrize("token", ["", "A" * 43, "\ud800", "x" * 100_000])
def test_a_token_that_a_client_invented_is_neither_known_nor_adopted(
    database: Database, people: dict[str, str], token: str
) -> None:
    assert not known(database, token)
    assert remember(database, people["ana"], token) != token


def test_somebody_elses_token_is_not_taken_over(database: Database, people: dict[str, str]) -> None:
    anas = remember(database, people["ana"])

    bias = remember(database, people["bia"], anas)

    assert bias != anas
    assert known(database, anas)
    assert not known(database, anas, "bia")


def test_a_browser_in_use_stays_known_and_one_out_of_use_does_not(
    database: Database, people: dict[str, str]
) -> None:
    token = remember(database, people["ana"])
    assert remember(database, people["ana"], token, days=179) == token

    assert known(database, token, days=358)
    assert not known(database, token, days=359)


def test_one_forgotten_is_not_revived(database: Database, people: dict[str, str]) -> None:
    token = remember(database, people["ana"])

    assert remember(database, people["ana"], token, days=180) != token
    assert len(database.rows("select * from devices")) == 1


def test_of_many_browsers_the_ones_used_last_stay(
    database: Database, people: dict[str, str]
) -> None:
    tokens = [remember(database, people["ana"], days=day) for day in range(devices.MOST + 2)]
    others = remember(database, people["bia"])

    assert [known(database, token, days=30) for token in tokens] == (
        [False] * 2 + [True] * devices.MOST
    )
    assert known(database, others, "bia")


def test_with_a_person_their_browsers_are_forgotten(
    database: Database, people: dict[str, str]
) -> None:
    remember(database, people["ana"])
    with database.write() as writer:
        accounts.remove(writer, people["ana"])

    assert database.rows("select * from devices") == []
