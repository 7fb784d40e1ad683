"""When something is due, by the clock on the office's wall."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from appliance.schedules import next_due


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set the zone of the server's clock with ``wall.setenv("TZ", …)`` and ``time.tzset``."""
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def zone(wall: pytest.MonkeyPatch, name: str) -> None:
    wall.setenv("TZ", name)
    time.tzset()


def local(*moment: int) -> datetime:
    return datetime(*moment).astimezone()  # type: ignore[arg-type]


def test_what_people_start_is_never_due() -> None:
    assert next_due("manual", datetime.now(UTC)) is None


def test_hourly_is_an_hour_later() -> None:
    now = datetime(2026, 3, 4, 12, 34, tzinfo=UTC)

    assert next_due("hourly", now) == now + timedelta(hours=1)


def test_daily_is_today_or_tomorrow(wall: pytest.MonkeyPatch) -> None:
    zone(wall, "America/Sao_Paulo")

    assert next_due("daily 03:00", local(2026, 3, 4, 2, 59)) == local(2026, 3, 4, 3, 0)
    assert next_due("daily 03:00", local(2026, 3, 4, 3, 0)) == local(2026, 3, 5, 3, 0)
    assert next_due("daily 00:00", local(2026, 12, 31, 12, 0)) == local(2027, 1, 1, 0, 0)


def test_weekly_is_on_that_day(wall: pytest.MonkeyPatch) -> None:
    zone(wall, "America/Sao_Paulo")
    wednesday = local(2026, 3, 4, 12, 0)

    assert next_due("weekly wed 13:00", wednesday) == local(2026, 3, 4, 13, 0)
    assert next_due("weekly wed 11:00", wednesday) == local(2026, 3, 11, 11, 0)
    assert next_due("weekly tue 11:00", wednesday) == local(2026, 3, 10, 11, 0)
    assert next_due("weekly sun 23:59", wednesday) == local(2026, 3, 8, 23, 59)


def test_the_hour_is_the_servers_not_greenwichs(wall: pytest.MonkeyPatch) -> None:
    zone(wall, "America/Sao_Paulo")

    found = next_due("daily 03:00", datetime(2026, 3, 4, 12, 0, tzinfo=UTC))

    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 3, 5, 6, 0, tzinfo=UTC)


def test_the_hour_stays_when_summer_time_begins(wall: pytest.MonkeyPatch) -> None:
    zone(wall, "Europe/Lisbon")  # on 29 March 2026 at 1:00 it is 2:00

    found = next_due("daily 03:00", local(2026, 3, 28, 4, 0))

    assert found == local(2026, 3, 29, 3, 0)
    assert found is not None
    assert found.astimezone(UTC).hour == 2


def test_a_moment_that_summer_time_leaves_out_comes_an_hour_earlier(
    wall: pytest.MonkeyPatch,
) -> None:
    zone(wall, "Europe/Lisbon")

    found = next_due("daily 01:30", local(2026, 3, 28, 4, 0))

    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_a_moment_that_comes_twice_is_due_once_a_day(wall: pytest.MonkeyPatch) -> None:
    zone(wall, "Europe/Lisbon")  # on 25 October 2026 at 2:00 it is 1:00 again

    first = next_due("daily 01:30", local(2026, 10, 24, 4, 0))
    assert first is not None
    second = next_due("daily 01:30", first)

    assert second == local(2026, 10, 26, 1, 30)


@pytest.mark.parametrize(
    "nonsense",
    ["", "daily", "daily 24:00", "daily 3:00", "weekly 03:00", "weekly seg 03:00", "yearly",
     "manual\n", "daily 03:60"],
)  # fmt: skip
def test_what_is_no_schedule_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="no such schedule"):
        next_due(nonsense, datetime.now(UTC))
