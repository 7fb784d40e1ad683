"""What the assistants were used for, in numbers: by day and assistant, from the messages kept.

Nobody's question is told here and nobody is named: it counts. Days are this server's. What a
wall closes to the reader is not counted for them, neither an assistant that reads it nor an
answer that stood on it; what retention or an erasure took away is not counted any more.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from appliance.database import Database, Row
from appliance.errors import BadRequest
from appliance.reach import Reach
from appliance.records import Record, timestamp

LONGEST = 366  # days at once
USUAL = 7


class Spread(Record, frozen=True):
    """Of so many times in milliseconds the middle one, and what 95 of 100 stay within."""

    median: float
    p95: float


class Figures(Record, frozen=True):
    """``refused`` found no evidence; ``stopped`` was ended by the asker, ``failed`` by a fault.
    The times are of answers from documents, the first word's of those that a model wrote."""

    questions: int
    answered: int
    refused: int
    stopped: int
    failed: int
    good: int
    bad: int
    passages_ms: Spread | None
    first_token_ms: Spread | None
    tokens: int
    prompt_tokens: int


class Line(Record, frozen=True):
    """The figures of a day, of an assistant, or of one on a day; "" is all of them."""

    day: str
    assistant: str
    name: str
    figures: Figures


class Usage(Record, frozen=True):
    """``rows`` are by day and assistant where there was something; ``days`` have no hole."""

    first: date
    last: date
    total: Figures
    days: tuple[Line, ...]
    assistants: tuple[Line, ...]
    rows: tuple[Line, ...]


def span(first: str, last: str, *, today: date | None = None) -> tuple[date, date]:
    """The days from ``first`` to ``last`` ("2026-11-26"); the last week where they are "".

    Raises ``BadRequest`` (``usage_span``).
    """
    try:
        end = date.fromisoformat(last) if last else today or datetime.now().astimezone().date()
        begin = date.fromisoformat(first) if first else end - timedelta(days=USUAL - 1)
    except (ValueError, OverflowError):
        raise BadRequest("usage_span", most=LONGEST) from None
    if not begin <= end < begin + timedelta(days=LONGEST) or begin.year < 2000:
        raise BadRequest("usage_span", most=LONGEST)
    return begin, end


def between(
    database: Database, first: date, last: date, *, reach: Reach, assistant: str = ""
) -> Usage:
    """The figures of these days, of all assistants within reach or of one."""
    rows = _rows(database, first, last, reach, assistant)
    names = {row["assistant"]: row["name"] for row in rows}
    by_day, by_assistant, by_both = (
        _grouped(rows, *keys) for keys in (("day",), ("assistant",), ("day", "assistant"))
    )
    return Usage(
        first=first,
        last=last,
        total=_figures(rows),
        days=tuple(_line(by_day[(day,)], day=day) for day in _days(first, last)),
        assistants=tuple(
            _line(by_assistant[(one,)], assistant=one, name=names[one])
            for one in sorted(names, key=lambda one: (names[one].casefold(), one))
        ),
        rows=tuple(
            _line(by_both[day, one], day=day, assistant=one, name=names[one])
            for day, one in sorted(by_both, key=lambda both: (both[0], names[both[1]], both[1]))
        ),
    )


def counts(database: Database, first: date, last: date, *, reach: Reach) -> dict[str, int]:
    """How many questions each assistant within reach had on these days, by its id; those that
    had none are left out."""
    rows = database.rows(
        f"select c.assistant, count(*) as count {_COUNTED} group by c.assistant",
        _about_days(first, last, reach, ""),
    )
    return {row["assistant"]: row["count"] for row in rows}


# What counts for a reader, for ``_about_days``.
_COUNTED = """
    from messages m
    join conversations c on c.id = m.conversation
    join assistants a on a.id = c.assistant
    where m.id >= :oldest and m.id < :newest  -- identifiers sort by time, and are indexed
        and m.created_at >= :since and m.created_at < :until
        and (:assistant = '' or c.assistant = :assistant)
        and (:named is null or c.assistant in (select value from json_each(:named)))
        and not exists (
            select 1 from assistant_collections reads
            where reads.assistant = c.assistant
                and reads.collection in (select value from json_each(:closed)))
        and not exists (
            select 1 from json_each(m.collections) stood_on
            where stood_on.value in (select value from json_each(:closed)))
"""


def _rows(database: Database, first: date, last: date, reach: Reach, assistant: str) -> list[Row]:
    return database.rows(
        f"""
        select date(m.created_at, 'localtime') as day, c.assistant, a.name, m.state, m.good,
            m.answer ->> '$.said_by' as said_by,
            m.answer ->> '$.took.passages_ms' as passages_ms,
            m.answer ->> '$.took.first_token_ms' as first_token_ms,
            m.answer ->> '$.took.tokens' as tokens,
            m.answer ->> '$.took.prompt_tokens' as prompt_tokens
        {_COUNTED}
        """,
        _about_days(first, last, reach, assistant),
    )


def _about_days(first: date, last: date, reach: Reach, assistant: str) -> Row:
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    named = None if reach.assistants is None else sorted(reach.assistants)
    return {
        "oldest": _about(since - timedelta(hours=1)),
        "newest": _about(until + timedelta(hours=1)),
        "since": timestamp(since),
        "until": timestamp(until),
        "assistant": assistant,
        "named": None if named is None else msgspec.json.encode(named).decode(),
        "closed": reach.values["closed"],
    }


def _midnight(day: date) -> datetime:
    """When a day of this server begins."""
    return datetime.combine(day, time.min).astimezone()


def _about(moment: datetime) -> str:
    """Where identifiers that are made at a moment begin (``records.new_id``)."""
    return f"{int(moment.timestamp()) * 10**9:016x}"


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _grouped(rows: Iterable[Row], *keys: str) -> defaultdict[tuple[Any, ...], list[Row]]:
    groups: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def _line(rows: Sequence[Row], *, day: str = "", assistant: str = "", name: str = "") -> Line:
    return Line(day=day, assistant=assistant, name=name, figures=_figures(rows))


def _figures(rows: Sequence[Row]) -> Figures:
    states = [row["state"] for row in rows]
    found = [row for row in rows if row["said_by"] == "documents"]
    return Figures(
        questions=len(rows),
        **{one: states.count(one) for one in ("answered", "refused", "stopped", "failed")},
        good=sum(row["good"] == 1 for row in rows),
        bad=sum(row["good"] == 0 for row in rows),
        passages_ms=spread([row["passages_ms"] for row in found]),
        first_token_ms=spread([row["first_token_ms"] for row in found if row["tokens"]]),
        tokens=sum(row["tokens"] or 0 for row in rows),
        prompt_tokens=sum(row["prompt_tokens"] or 0 for row in rows),
    )


def spread(times: Iterable[float | None]) -> Spread | None:
    """The nearest-rank median and 95th percentile; None of nothing."""
    sorted_ = sorted(time for time in times if time is not None)
    if not sorted_:
        return None
    median, p95 = (sorted_[math.ceil(len(sorted_) * share) - 1] for share in (0.5, 0.95))
    return Spread(median=median, p95=p95)
