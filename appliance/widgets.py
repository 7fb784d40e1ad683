"""The widgets: how visitors meet an assistant, and how much they may ask of it.

What an editor sets is one row for an assistant; without a row, or where the row is silent,
the defaults below hold. The day's questions are counted in a row as well: a restart
forgives nobody.

An assistant may be for minors (LGPD, art. 14). One switch changes everything that goes with
it: conversations are kept for a month at most, what was typed beside a thumb is not kept, nor
whom a site says its visitor is, numbers are told of five visitors or more, and the notice speaks
to who looks after them.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Literal

import msgspec

from appliance.database import Database, Writer
from appliance.errors import BadRequest, TooMany
from appliance.records import Record

SECONDS = 300  # what ``per_session`` and ``per_address`` count within
SESSION_SECONDS = 900  # what ``sessions_per_address`` counts within
MINORS_KEPT_DAYS = 30  # of conversations, at most
FEWEST = 5  # minors of whom something may be counted: k-anonymity

Audience = Literal["adults", "minors"]
_Clock = Callable[[], datetime]


class Limits(Record, frozen=True):
    """How much visitors may ask: each session and network address in five minutes, all of
    an assistant's visitors in a minute, at once and in a day; and how many sessions one
    address may begin in a quarter of an hour (a school's computers may share one)."""

    per_session: int = 20
    per_address: int = 120
    sessions_per_address: int = 60
    per_minute: int = 60
    at_once: int = 8
    per_day: int = 2000


class Use(Record, frozen=True):
    """What visitors have asked of an assistant today: how many questions, and how many
    visitors. None: too few to be told without telling of one of them."""

    day: str
    questions: int | None
    visitors: int | None


def limits(database: Database, assistant_id: str) -> Limits:
    """The limits of an assistant's visitors."""
    row = database.row(
        "select limits from widgets where assistant = :assistant", {"assistant": assistant_id}
    )
    return msgspec.json.decode(row["limits"], type=Limits) if row else Limits()


def set_limits(writer: Writer, assistant_id: str, wanted: Limits) -> None:
    """Set an assistant's limits, inside the caller's transaction."""
    writer.run(
        """
        insert into widgets (assistant, limits) values (:assistant, :limits)
        on conflict (assistant) do update set limits = :limits
        """,
        {"assistant": assistant_id, "limits": msgspec.json.encode(wanted).decode()},
    )


def keep_days(database: Database, assistant_id: str) -> int | None:
    """How many days an assistant's conversations are kept; None: as long as everybody's."""
    row = database.row("select keep_days from assistants where id = :id", {"id": assistant_id})
    return row["keep_days"] if row else None


def keep(writer: Writer, assistant_id: str, days: int | None) -> None:
    """Set that, inside the caller's transaction. Raises ``BadRequest`` (``minors_kept_long``)
    where minors ask and it would be longer than may be."""
    row = writer.row("select audience from assistants where id = :id", {"id": assistant_id})
    long = days is None or days > MINORS_KEPT_DAYS
    if row and row["audience"] == "minors" and long:
        raise BadRequest("minors_kept_long", most=MINORS_KEPT_DAYS)
    writer.run(
        "update assistants set keep_days = :days where id = :id",
        {"days": days, "id": assistant_id},
    )


def audience(database: Database, assistant_id: str) -> Audience:
    """Whom an assistant is for; "adults" where nobody said otherwise."""
    row = database.row("select audience from assistants where id = :id", {"id": assistant_id})
    return row["audience"] if row else "adults"


def address_to(writer: Writer, assistant_id: str, wanted: Audience) -> None:
    """Say whom an assistant is for, and change with it what its visitors left behind."""
    writer.run(
        """
        update assistants set audience = :wanted, keep_days = case when :wanted = 'minors'
            then min(coalesce(keep_days, :most), :most) else keep_days end
        where id = :id
        """,
        {"id": assistant_id, "wanted": wanted, "most": MINORS_KEPT_DAYS},
    )
    if wanted == "minors":
        writer.run(
            """
            update messages set comment = '', reason = '' where good is not null and
                conversation in (select id from conversations
                    where assistant = :id and owner like 'visitor:%')
            """,
            {"id": assistant_id},
        )
        _forget_names(writer, assistant_id)


def _forget_names(writer: Writer, assistant_id: str) -> None:
    """Who asked, as sites said; what is on hold stays."""
    writer.run(
        "update visitors set asked_by = '', asked_name = '' where assistant = :id",
        {"id": assistant_id},
    )
    writer.run(
        """
        update conversations set asked_by = '', asked_name = ''
        where assistant = :id and asked_by != ''
            and id not in (select subject from holds where kind = 'conversation')
        """,
        {"id": assistant_id},
    )


def count(database: Database, assistant_id: str, most: int, *, clock: _Clock | None = None) -> None:
    """Count a question against the day's quota, or refuse it and count nothing.

    Raises ``TooMany`` (``day_used_up``; ``retry_after`` is until the server's midnight).
    """
    now = (clock or _now)()
    values = {"assistant": assistant_id, "day": now.date().isoformat(), "most": most}
    with database.write(fleeting=True) as writer:
        counted = writer.run(
            """
            insert into widget_days (assistant, day, questions) values (:assistant, :day, 1)
            on conflict (assistant, day) do update set questions = questions + 1
            where questions < :most
            """,
            values,
        )
    if not counted:
        raise TooMany("day_used_up", retry_after=_until_midnight(now), most=most)


def today(database: Database, assistant_id: str, *, clock: _Clock | None = None) -> Use:
    """What visitors have asked of an assistant today."""
    now = (clock or _now)()
    day = now.date().isoformat()
    row = database.row(
        """
        select coalesce(sum(questions), 0) as questions,
            (select count(distinct c.owner) from conversations c
             where c.assistant = :assistant and c.owner like 'visitor:%'
                and date(c.updated_at, 'localtime') = :day) as visitors
        from widget_days where assistant = :assistant and day = :day
        """,
        {"assistant": assistant_id, "day": day},
    )
    assert row is not None  # noqa: S101 - a sum always has a row
    use = Use(day=day, questions=row["questions"], visitors=row["visitors"])
    few = use.visitors is not None and use.visitors < FEWEST
    if few and audience(database, assistant_id) == "minors":
        return Use(day=day, questions=None, visitors=None)
    return use


def _now() -> datetime:
    """It is the server's day that counts, as on a calendar on its wall."""
    return datetime.now(UTC).astimezone()


def _until_midnight(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return max(1.0, (tomorrow - now).total_seconds())
