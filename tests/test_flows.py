"""Opening hours by the clock on the wall, kept for each assistant."""

from datetime import datetime

import pytest

from appliance import assistants, flows
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.flows import NEVER, Exam, Flows, Hours, ToPerson

WEEK = (("08:00-12:00", "13:00-17:00"),) * 5 + ((), ())
HOURS = Hours(on=True, week=WEEK, closed=("2026-12-25",))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:00", True),  # a Monday
        ("2026-11-23T07:59", False),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T16:59", True),
        ("2026-11-28T10:00", False),  # a Saturday
        ("2026-12-25T10:00", False),  # a Friday on which the house is closed
    ],
)
def test_somebody_is_there_in_the_spans_of_the_day(moment: str, is_open: bool) -> None:
    assert HOURS.open_at(datetime.fromisoformat(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:00"),
        ("2026-11-23T12:30", "2026-11-23T13:00"),
        ("2026-11-27T17:30", "2026-11-30T08:00"),
        ("2026-12-24T18:00", "2026-12-28T08:00"),
    ],
)
def test_the_next_opening_passes_over_closed_days(moment: str, following: str) -> None:
    found = HOURS.next_opening(datetime.fromisoformat(moment))

    assert found == datetime.fromisoformat(following)


def test_a_house_that_never_opens_has_no_next_opening() -> None:
    assert Hours(on=True, week=NEVER).next_opening(datetime(2026, 11, 23)) is None  # noqa: DTZ001


@pytest.mark.parametrize(
    "day",
    [("12:00-08:00",), ("08:00-08:00",), ("25:00-26:00",), ("08:00-12:00", "11:00-13:00")],
)
def test_a_span_that_does_not_go_forward_is_refused(day: tuple[str, ...]) -> None:
    with pytest.raises(BadRequest) as refusal:
        Hours(week=(day, *NEVER[1:])).check()

    assert refusal.value.code == "bad_span"


def test_a_day_that_is_in_no_calendar_is_refused() -> None:
    with pytest.raises(BadRequest) as refusal:
        Hours(closed=("2026-02-30",)).check()

    assert refusal.value.code == "bad_closed_day"


def test_flows_are_kept_for_their_assistant_and_off_before(database: Database) -> None:
    with database.write() as db:
        made = assistants.create(db, name="Secretaria", language="pt", collections=[])
    assert flows.of(database, made.id) == Flows()
    wanted = Flows(hours=HOURS, person=ToPerson(on=True, said="Chame a Ana."))
    with database.write() as db:
        flows.store(db, made.id, wanted)

    assert flows.of(database, made.id) == wanted
    with database.write() as db:
        assistants.remove(db, made.id)
    assert database.rows("select * from flows") == []


@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        ("2026-12-01T07:59", False),
        ("2026-12-01T08:00", True),
        ("2026-12-02T23:00", True),
        ("2026-12-03T12:00", False),
    ],
)
def test_exam_time_runs_from_its_beginning_to_its_end(moment: str, runs: bool) -> None:
    exam = Exam(on=True, begins="2026-12-01T08:00", ends="2026-12-03T12:00")
    exam.check()

    assert exam.runs_at(datetime.fromisoformat(moment)) is runs
    off = Exam(begins=exam.begins, ends=exam.ends)
    assert off.runs_at(datetime.fromisoformat(moment)) is False


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("", ""),
        ("2026-12-01T08:00", ""),
        ("2026-12-01T08:00", "2026-12-01T08:00"),
        ("2026-12-03T08:00", "2026-12-01T08:00"),
        ("2026-02-30T08:00", "2026-12-01T08:00"),
        ("2026-12-01T08:00", "2026-13-01T08:00"),
    ],
)
def test_exam_time_that_cannot_be_is_refused(begins: str, ends: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        Exam(on=True, begins=begins, ends=ends).check()

    assert refusal.value.code == "bad_exam"
    Exam(begins=begins, ends=ends).check()
