"""How much visitors may ask of an assistant, and what they have asked (SEC-47)."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import assistants, conversations, widgets
from appliance.database import Database
from appliance.errors import TooMany
from appliance.records import Caller

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as writer:
        return assistants.create(writer, name="Portaria", language="pt", collections=[]).id


def noon() -> datetime:
    return NOON


def test_an_assistant_for_which_nothing_was_set_has_the_defaults(database, assistant) -> None:
    assert widgets.limits(database, assistant) == widgets.Limits()


def test_what_an_editor_sets_holds_after_a_restart(database, assistant, tmp_path) -> None:
    with database.write() as writer:
        widgets.set_limits(writer, assistant, widgets.Limits(per_day=7))
        widgets.set_limits(writer, assistant, widgets.Limits(per_day=8))

    again = Database(tmp_path / "appliance.db")
    assert widgets.limits(again, assistant) == widgets.Limits(per_day=8)
    again.close()


def test_a_removed_assistant_takes_its_limits_and_counts_along(database, assistant) -> None:
    widgets.count(database, assistant, 5)
    with database.write() as writer:
        widgets.set_limits(writer, assistant, widgets.Limits())
        assistants.remove(writer, assistant)

    assert database.rows("select * from widgets") == []
    assert database.rows("select * from widget_days") == []


@pytest.mark.guarantee("SEC-47")
def test_a_day_has_so_many_questions_and_says_when_the_next_one_begins(
    database, assistant, tmp_path
) -> None:
    for _ in range(3):
        widgets.count(database, assistant, 3, clock=noon)
    again = Database(tmp_path / "appliance.db")  # a restart does not forgive

    with pytest.raises(TooMany) as refused:
        widgets.count(again, assistant, 3, clock=noon)

    assert refused.value.code == "day_used_up"
    assert refused.value.retry_after == timedelta(hours=12).total_seconds()
    widgets.count(again, assistant, 3, clock=lambda: NOON + timedelta(days=1))
    assert widgets.today(again, assistant, clock=noon).questions == 3
    again.close()


def test_the_day_of_another_assistant_is_its_own(database, assistant) -> None:
    with database.write() as writer:
        other = assistants.create(writer, name="Outra", language="pt", collections=[]).id
    widgets.count(database, assistant, 1)

    widgets.count(database, other, 1)

    assert widgets.today(database, other).questions == 1


def test_todays_use_counts_questions_and_visitors_but_no_people(database, assistant) -> None:
    one, other = (Caller(kind="visitor", id=name, name="") for name in ("v1", "v2"))
    ana = Caller(kind="person", id="ana", name="Ana")
    for caller in (one, one, other, ana):
        conversations.ask(database, caller, assistant, "Oi?", None)
    widgets.count(database, assistant, 9)

    use = widgets.today(database, assistant)

    assert (use.questions, use.visitors) == (1, 2)
    assert use.day == datetime.now(UTC).astimezone().date().isoformat()
