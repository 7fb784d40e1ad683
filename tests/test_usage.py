"""The figures of use: what is counted, of which day, for whom, and how times are put together."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from appliance import assistants, collections, usage
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.reach import EVERYWHERE, Reach
from appliance.records import timestamp
from appliance.usage import Spread, Usage

TODAY = date(2026, 11, 26)
NUMBERS = itertools.count()


def noon(day: date) -> datetime:
    """The middle of a day of this server."""
    return datetime.combine(day, datetime.min.time()).astimezone() + timedelta(hours=12)


class Counter:
    """A database with one assistant, and questions put to it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as db:
            self.collection = collections.create(db, "Regulations").id
            self.one = assistants.create(
                db, name="Office", language="en", collections=[self.collection]
            ).id

    def ask(
        self, at: datetime | None = None, state: str = "answered", *, assistant: str = "",
        good: bool | None = None, said_by: str = "documents", stood_on: str = "", **took: float,
    ) -> None:  # fmt: skip
        moment = at or noon(TODAY)
        number = next(NUMBERS)
        answer = {"said_by": said_by, "took": {"passages_ms": 10, "tokens": 0} | took}
        row = {
            "id": f"{int(moment.timestamp() * 1e9) + number:016x}{number:010x}",
            "conversation": f"c{number}", "assistant": assistant or self.one, "state": state,
            "answer": msgspec.json.encode(answer).decode() if state != "failed" else None,
            "good": good, "at": timestamp(moment.astimezone(UTC)),
            "collections": msgspec.json.encode([stood_on] if stood_on else []).decode(),
        }  # fmt: skip
        with self.database.write() as db:
            db.run(
                """
                insert into conversations (id, assistant, owner, title, created_at, updated_at)
                values (:conversation, :assistant, 'person:ana', 'x', :at, :at)
                """,
                row,
            )
            db.run(
                """
                insert into messages (id, conversation, question, state, answer, good, created_at,
                    collections)
                values (:id, :conversation, 'Secret?', :state, :answer, :good, :at, :collections)
                """,
                row,
            )

    def told(self, first: date = TODAY, last: date = TODAY, **which: Any) -> Usage:
        return usage.between(self.database, first, last, **{"reach": EVERYWHERE} | which)


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database)


def test_a_fresh_install_has_nothing_to_tell_and_every_day_to_tell_it_of(counter: Counter) -> None:
    told = counter.told(TODAY - timedelta(days=6))

    assert (told.total.questions, told.total.passages_ms, told.total.tokens) == (0, None, 0)
    assert (told.rows, told.assistants) == ((), ())
    assert [line.day for line in told.days][::6] == ["2026-11-20", "2026-11-26"]
    assert len(told.days) == 7


def test_what_became_of_each_question_is_counted(counter: Counter) -> None:
    for state in ("answered", "answered", "refused", "stopped", "failed"):
        counter.ask(state=state)
    counter.ask(good=True)
    counter.ask(state="refused", good=False)

    total = counter.told().total

    assert (total.questions, total.answered, total.refused) == (7, 3, 2)
    assert (total.stopped, total.failed, total.good, total.bad) == (1, 1, 1, 1)


def test_a_question_counts_on_the_day_of_this_server(counter: Counter) -> None:
    midnight = noon(TODAY) - timedelta(hours=12)
    counter.ask(midnight)
    counter.ask(midnight + timedelta(hours=23, minutes=59))
    counter.ask(midnight - timedelta(seconds=1))

    told = counter.told(TODAY - timedelta(days=1))

    assert [(line.day, line.figures.questions) for line in told.days] == [
        ("2026-11-25", 1), ("2026-11-26", 2),
    ]  # fmt: skip
    assert counter.told().total.questions == 2


def test_assistants_are_told_apart_and_alone(counter: Counter) -> None:
    with counter.database.write() as db:
        other = assistants.create(db, name="Library", language="en", collections=[]).id
    counter.ask()
    counter.ask(assistant=other)
    counter.ask(assistant=other, state="refused")

    told, alone = counter.told(), counter.told(assistant=other)

    assert [(line.name, line.figures.questions) for line in told.assistants] == [
        ("Library", 2), ("Office", 1),
    ]  # fmt: skip
    assert [(line.day, line.name, line.figures.refused) for line in told.rows] == [
        ("2026-11-26", "Library", 1), ("2026-11-26", "Office", 0),
    ]  # fmt: skip
    assert (alone.total.questions, [line.name for line in alone.assistants]) == (2, ["Library"])


def test_times_are_of_answers_from_documents_and_words_of_those_a_model_wrote(
    counter: Counter,
) -> None:
    for number in range(1, 21):
        counter.ask(passages_ms=number, first_token_ms=100 * number, tokens=5, prompt_tokens=50)
    counter.ask(passages_ms=9000, said_by="office")
    counter.ask(passages_ms=21, first_token_ms=9000)

    total = counter.told().total

    assert total.passages_ms == Spread(median=11, p95=20)
    assert total.first_token_ms == Spread(median=1000, p95=1900)
    assert (total.tokens, total.prompt_tokens) == (100, 1000)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([], None),
        ([None], None),
        ([7.0], Spread(median=7, p95=7)),
        ([3.0, 1.0, None, 2.0], Spread(median=2, p95=3)),
        (list(range(1, 101)), Spread(median=50, p95=95)),
    ],
)
def test_a_spread_is_one_of_the_times(times: list[float | None], expected: Spread | None) -> None:
    assert usage.spread(times) == expected


def test_what_a_wall_closes_is_not_counted(counter: Counter) -> None:
    with counter.database.write() as db:
        secret = collections.create(db, "Board").id
        open_one = assistants.create(db, name="Library", language="en", collections=[]).id
    counter.ask()
    counter.ask(assistant=open_one)
    counter.ask(assistant=open_one, stood_on=secret)

    walled = Reach(closed=frozenset({counter.collection, secret}), within=None, house=True)

    assert counter.told(reach=walled).total.questions == 1
    assert [line.name for line in counter.told(reach=walled).assistants] == ["Library"]


def test_what_is_for_named_assistants_counts_those_alone(counter: Counter) -> None:
    counter.ask()
    nothing = Reach(closed=frozenset(), within=None, assistants=frozenset({"another"}))

    assert counter.told(reach=nothing).total.questions == 0


def test_what_ended_is_not_counted_any_more(counter: Counter) -> None:
    counter.ask()
    with counter.database.write() as db:
        db.run("delete from messages")

    assert counter.told().total.questions == 0


def test_nobody_s_words_and_nobody_s_name_are_in_it(counter: Counter) -> None:
    counter.ask(good=False)

    told = msgspec.json.encode(counter.told()).decode()

    assert "Secret" not in told
    assert "ana" not in told.replace(counter.one, "")


def test_the_last_week_is_told_unless_days_are_said() -> None:
    assert usage.span("", "", today=TODAY) == (date(2026, 11, 20), TODAY)
    assert usage.span("2026-11-26", "", today=TODAY) == (TODAY, TODAY)
    assert usage.span("2025-11-27", "2026-11-26")[0] == date(2025, 11, 27)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-27", "2026-11-26"), ("yesterday", ""), ("", "2026-13-01"),
        ("2024-01-01", "2026-11-26"), ("0001-01-01", "0001-01-02"), ("", "0001-01-01"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(first: str, last: str) -> None:
    with pytest.raises(BadRequest) as refused:
        usage.span(first, last)

    assert refused.value.code == "usage_span"


def test_a_month_of_many_questions_is_looked_up_by_its_days(counter: Counter) -> None:
    """Not by reading every message there is, whose answers are long."""
    plan: list[dict[str, Any]] = []
    rows = counter.database.rows
    counter.database.rows = (  # type: ignore[method-assign]
        lambda sql, values=None: plan.extend(rows("explain query plan " + sql, values)) or []
    )
    counter.told()
    counter.database.rows = rows  # type: ignore[method-assign]

    assert any("SEARCH m USING INDEX" in step["detail"] for step in plan), plan
