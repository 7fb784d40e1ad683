"""What administrators set about backups: when the next is due, and what that promises."""

from datetime import datetime

import msgspec
import pytest

from appliance import routine
from appliance.errors import BadRequest
from appliance.routine import Day, Routine
from appliance.schedules import DAYS

pytestmark = pytest.mark.guarantee("INS-07")
THURSDAY = datetime(2026, 11, 26, 12).astimezone()
EVERY_DAY: tuple[Day, ...] = DAYS  # type: ignore[assignment]


def due(*days: Day, at: str = "02:30") -> str | None:
    moment = routine.next_due(Routine(days=days, at=at), THURSDAY)
    return f"{moment:%a %d %H:%M}" if moment else None


def test_without_a_day_none_is_ever_due() -> None:
    assert due() is None
    assert routine.promised_days(Routine()) is None


def test_the_next_one_is_due_on_the_first_of_its_days() -> None:
    assert due("mon", "sat") == "Sat 28 02:30"
    assert due("thu") == "Thu 03 02:30"
    assert due("thu", at="12:01") == "Thu 26 12:01"
    assert due(*EVERY_DAY) == "Fri 27 02:30"


@pytest.mark.parametrize(
    ("days", "promised"),
    [
        (EVERY_DAY, 2),
        (("mon", "tue", "wed", "thu", "fri"), 4),
        (("sun", "wed"), 5),
        (("fri",), 8),
    ],
)
def test_the_promise_is_the_longest_pause_and_a_day(days: tuple[Day, ...], promised: int) -> None:
    assert routine.promised_days(Routine(days=days)) == promised


def test_for_how_long_a_backup_stays_by_the_rule() -> None:
    assert routine.kept_days(Routine()) == 62
    assert routine.kept_days(Routine(keep_days=90, keep_weeks=4, keep_months=0)) == 90
    assert routine.kept_days(Routine(keep_weeks=20)) == 140


def test_days_without_a_passphrase_do_not_go_together() -> None:
    with pytest.raises(BadRequest) as refusal:
        Routine(days=("mon",)).check()

    assert refusal.value.code == "backup_days_without_passphrase"
    Routine(days=("mon",), passphrase="sealed").check()


@pytest.mark.parametrize("at", ["2:30", "24:00", "02:60", "02:30\n", ""])
def test_what_is_no_time_is_not_taken(at: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"at": at}, Routine)
