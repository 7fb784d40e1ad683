"""A one-time password is good once, for a step before and after; a recovery code once, ever."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from appliance import accounts
from appliance.database import Database
from appliance.errors import BadRequest, Conflict
from appliance.signin import second_factor, sessions

NOW = 1_800_000_015.0
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(Database(tmp_path / "appliance.db")) as opened:
        opened.migrate()
        yield opened


def person(database: Database, name: str = "Ana") -> str:
    with database.write() as writer:
        made = accounts.create(
            writer, name=name, email=f"{name}@casa.test", password_hash="", role="admin"
        )
    return made.id


def code(steps: int = 0, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(int(NOW) + 30 * steps)


@pytest.fixture
def ana(database: Database) -> str:
    """Somebody whose factor was confirmed a minute ago."""
    ana = person(database)
    with database.write() as writer:
        second_factor.begin(writer, ana, "sealed")
        second_factor.confirm(writer, ana, SECRET, code(-2), now=NOW - 60)
    return ana


def accepted(database: Database, who: str, given: str, now: float = NOW) -> bool:
    with database.write() as writer:
        return second_factor.accept(writer, who, SECRET, given, now=now)


def codes(database: Database, who: str) -> list[str]:
    with database.write() as writer:
        return second_factor.new_codes(writer, who)


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: SHA-1, the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert [pyotp.HOTP(secret).at(at // second_factor.STEP) for at in (59, 1_111_111_109)] == [
        "287082",
        "081804",
    ]


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_for_one_step_before_and_after(
    database: Database, ana: str, steps: int
) -> None:
    assert accepted(database, ana, code(steps))


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
@pytest.mark.guarantee("SEC-39")
def test_two_steps_away_it_is_not(database: Database, ana: str, steps: int) -> None:
    assert not accepted(database, ana, code(steps))


@pytest.mark.guarantee("SEC-39")
def test_a_code_is_good_once_and_none_before_it_afterwards(database: Database, ana: str) -> None:
    assert accepted(database, ana, code(0))
    assert not accepted(database, ana, code(0))
    assert not accepted(database, ana, code(-1))
    assert accepted(database, ana, code(1))


@pytest.mark.guarantee("SEC-39")
@pytest.mark.parametrize("kind", ["authenticator", "recovery"])
def test_of_many_who_send_the_same_code_at_once_one_gets_in(
    database: Database, ana: str, kind: str
) -> None:
    given = code() if kind == "authenticator" else codes(database, ana)[0]
    results: list[bool] = []
    together = threading.Barrier(8)

    def send() -> None:
        together.wait()
        results.append(accepted(database, ana, given))

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(results) == [False] * 7 + [True]


@pytest.mark.guarantee("SEC-39")
def test_a_recovery_code_is_good_once_however_it_is_written(database: Database, ana: str) -> None:
    first, second, *_ = codes(database, ana)

    assert accepted(database, ana, first.lower().replace("-", " "))
    assert not accepted(database, ana, first)
    assert accepted(database, ana, second)
    standing = second_factor.standing(database, ana)
    assert standing is not None
    assert standing.codes_left == 8


@pytest.mark.guarantee("SEC-39")
def test_nobody_gets_in_with_somebody_elses_code(database: Database, ana: str) -> None:
    bia = person(database, "Bia")
    with database.write() as writer:
        second_factor.begin(writer, bia, "sealed")
        second_factor.confirm(writer, bia, SECRET, code(-2), now=NOW - 60)
    of_ana = codes(database, ana)

    assert not accepted(database, bia, of_ana[0])
    assert not accepted(database, ana, code(secret=pyotp.random_base32()))


@pytest.mark.parametrize("given", ["", " ", "0", "00000", "0000000", "zero", "١٢٣٤٥٦", "\0", "-"])
def test_what_is_no_code_is_refused(database: Database, ana: str, given: str) -> None:
    assert not accepted(database, ana, given)


def test_spaces_between_the_digits_do_not_matter(database: Database, ana: str) -> None:
    assert accepted(database, ana, f"{code()[:3]} {code()[3:]}")


@pytest.mark.guarantee("SEC-39")
def test_recovery_codes_are_kept_as_digests(database: Database, ana: str) -> None:
    told = codes(database, ana)

    stored = str(database.rows("select * from recovery_codes"))
    assert len(set(told)) == second_factor.CODES
    assert [one for one in told if one in stored or one.replace("-", "") in stored] == []


def test_a_factor_that_was_begun_is_confirmed_by_a_code_of_it(database: Database) -> None:
    ana = person(database)
    with database.write() as writer:
        sessions.begin(writer, ana, hours=1)
        second_factor.begin(writer, ana, "sealed")

    with pytest.raises(BadRequest), database.write() as writer:
        second_factor.confirm(writer, ana, SECRET, "000000", now=NOW)
    begun = second_factor.standing(database, ana)
    with database.write() as writer:
        told = second_factor.confirm(writer, ana, SECRET, code(), now=NOW)
    confirmed = second_factor.standing(database, ana)

    assert begun is not None
    assert begun.confirmed_at is None
    assert confirmed is not None
    assert confirmed.confirmed_at is not None
    assert (len(told), confirmed.codes_left) == (10, 10)
    assert database.rows("select * from sessions") == []
    assert not accepted(database, ana, code())


def test_beginning_again_replaces_what_was_not_confirmed(database: Database) -> None:
    ana = person(database)
    with database.write() as writer:
        second_factor.begin(writer, ana, "one")
        second_factor.begin(writer, ana, "two")

    standing = second_factor.standing(database, ana)
    assert standing is not None
    assert standing.sealed == "two"


def test_one_that_is_in_use_is_not_replaced(database: Database, ana: str) -> None:
    with pytest.raises(Conflict) as refused, database.write() as writer:
        second_factor.begin(writer, ana, "another")

    assert refused.value.code == "second_factor_exists"


def test_taking_it_away_takes_the_codes_and_the_sessions(database: Database, ana: str) -> None:
    with database.write() as writer:
        sessions.begin(writer, ana, hours=1)
        assert second_factor.remove(writer, ana)
        assert not second_factor.remove(writer, ana)

    assert second_factor.standing(database, ana) is None
    for table in ("recovery_codes", "sessions"):
        assert database.rows(f"select * from {table}") == []
