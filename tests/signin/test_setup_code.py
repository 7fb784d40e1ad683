"""The setup code: only its holder becomes the first administrator, once (SEC-28)."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import accounts
from appliance.database import Database, Writer
from appliance.errors import Conflict, NotAllowed
from appliance.signin import setup_code

NOON = 1_800_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "appliance.db")
    opened.migrate()
    yield opened
    opened.close()


def prepare(database: Database, now: float = NOON) -> str:
    code = setup_code.prepare(database, database.path.parent, now=now)
    assert code is not None
    return code


def file_of(database: Database) -> Path:
    return database.path.parent / "secrets" / "setup-code"


def add_first(writer: Writer) -> None:
    accounts.create_first(writer, name="Ana", email="a@b.c", password_hash="h", language="pt")


def test_a_code_is_easy_to_read_and_hard_to_guess(database: Database) -> None:
    code = prepare(database)

    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}", code)
    assert 5 * len(code.replace("-", "")) >= 60  # bits


@pytest.mark.guarantee("SEC-28")
def test_the_code_is_in_a_file_for_its_owner_alone(database: Database) -> None:
    code = prepare(database)

    assert file_of(database).read_text("ascii") == code + "\n"
    assert stat.S_IMODE(file_of(database).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(database).parent.stat().st_mode) == 0o700


def test_the_database_holds_only_a_digest(database: Database) -> None:
    code = prepare(database)

    stored = str(database.rows("select * from facts"))

    assert code not in stored
    assert code.replace("-", "") not in stored


def test_asking_again_soon_shows_the_same_code(database: Database) -> None:
    assert prepare(database) == prepare(database, NOON + 60)


def test_the_code_opens_however_it_is_typed(database: Database) -> None:
    code = prepare(database)

    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        setup_code.check(database, typed, now=NOON)


@pytest.mark.parametrize("typed", ["", "----", "AAAA-AAAA-AAAA-AAAA", "x" * 100_000, "\x00"])
def test_any_other_code_is_refused(database: Database, typed: str) -> None:
    prepare(database)

    with pytest.raises(NotAllowed) as refused:
        setup_code.check(database, typed, now=NOON)

    assert refused.value.code == "wrong_setup_code"


def test_an_empty_code_does_not_open_a_house_that_has_none(database: Database) -> None:
    with pytest.raises(NotAllowed):
        setup_code.check(database, "", now=NOON)


@pytest.mark.guarantee("SEC-28")
def test_a_code_is_good_for_an_hour(database: Database) -> None:
    code = prepare(database)

    setup_code.check(database, code, now=NOON + 3599)
    with pytest.raises(NotAllowed):
        setup_code.check(database, code, now=NOON + 3600)


def test_a_code_that_is_shown_is_good_for_another_half_hour(database: Database) -> None:
    first = prepare(database)
    later = prepare(database, NOON + 1800)

    assert later != first
    setup_code.check(database, later, now=NOON + 3600)


def test_a_lost_or_damaged_file_makes_a_new_code(database: Database) -> None:
    first = prepare(database)
    file_of(database).unlink()
    second = prepare(database)
    file_of(database).write_bytes(b"\xff\xfe")
    third = prepare(database)

    assert len({first, second, third}) == 3
    setup_code.check(database, third, now=NOON)


@pytest.mark.guarantee("SEC-28")
def test_using_the_code_takes_it_away(database: Database) -> None:
    code = prepare(database)
    with database.write() as writer:
        setup_code.spend(writer, database.path.parent, code, now=NOON)
        add_first(writer)

    assert not file_of(database).exists()
    assert database.rows("select * from facts") == []
    with pytest.raises(Conflict) as refused:
        setup_code.check(database, code, now=NOON)
    assert refused.value.code == "already_set_up"


@pytest.mark.guarantee("SEC-28")
def test_a_start_after_the_first_day_makes_no_code(database: Database) -> None:
    prepare(database)
    with database.write() as writer:
        add_first(writer)

    assert setup_code.prepare(database, database.path.parent, now=NOON) is None
    assert not file_of(database).exists()
