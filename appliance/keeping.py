"""Retention: for how long each lot of what is on record is kept, and what is over its time.

A lot is a class of things that are kept for the same time: the conversations of the house,
those of an assistant that has days of its own (``assistants.keep_days``), the record of acts,
finished jobs (the log of the house's work), visitors' network addresses, and the trash. What
is under a legal hold is in no lot while the hold stands.

Two promises. Where much would go at once, it waits for an administrator: more than a tenth
of a lot, or than two days' share where a lot is kept so shortly that a tenth comes together
by itself (seven days: two sevenths), counted by the days that were in force the last time,
so that a mistyped setting waits too. And nothing goes by a clock that moved more than a week
since the last look: "now" may be years off.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.records import Record, timestamp
from appliance.sections import Section

Waits = Literal["many", "clock"]

CONVERSATIONS, AUDIT, LOG, ADDRESSES, TRASH = "conversations", "audit", "log", "addresses", "trash"
NOT_KEPT_FOR = timedelta(hours=1)  # where none is kept: a follow-up needs what it follows
SHARE = 0.1
FEW = 10  # so many may go whatever share they are
CLOCK = timedelta(days=7)
UNKNOWN_DAYS = 90  # of a lot that was never looked through: its share is a tenth

Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]


class Retention(Section, frozen=True):
    """How long things are kept. ``keep_conversations`` false: each is removed an hour after
    its last question, whatever its assistant says."""

    SECTION: ClassVar[str] = "retention"

    keep_conversations: bool = True
    conversation_days: Days = 90
    audit_years: Annotated[int, msgspec.Meta(ge=1, le=5)] = 5
    log_days: Days = 30
    address_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7


class Lot(Record, frozen=True):
    """One lot: kept for ``days`` (0: an hour), ``due`` of its ``total`` are over their time.
    ``assistant`` is the id of the one it is of, "" for the house's. Of the last time: when it
    ran, how many it removed, and why it waits since."""

    name: str
    days: int
    assistant: str = ""
    due: int = 0
    total: int = 0
    ran_at: str | None = None
    removed: int = 0
    waits: Waits | None = None


_FREE = """
    id not in (select subject from holds where kind = 'conversation')
    and owner not in (select 'person:' || subject from holds where kind = 'person')
    and (:all or (case when :assistant = ''
        then assistant in (select id from assistants where keep_days is null)
        else assistant = :assistant end))
"""
_FINISHED = "state in ('succeeded', 'failed', 'cancelled')"
# Rows go from the old end of the chain: up to the first that is young enough or under a hold.
_BEFORE = """
    select coalesce(min(id), 1 << 62) from audit where at >= :until
        or exists (select 1 from holds where kind = 'person'
                   and (audit.caller = 'person:' || subject or audit.subject = holds.subject))
"""
_UNTRASHED = """
    id not in (select subject from holds where kind = 'document')
    and collection not in (select subject from holds where kind = 'collection')
"""
# Parts in capitals are the constants above.
_COUNTED = {
    CONVERSATIONS: f"""
        select count(*) as total, coalesce(sum(updated_at <= :until), 0) as due
        from conversations where {_FREE}
    """,  # noqa: S608
    AUDIT: f"""
        select count(*) as total, coalesce(sum(id < ({_BEFORE})), 0) as due from audit
    """,  # noqa: S608
    LOG: f"""
        select count(*) as total, coalesce(sum(ended_at <= :until), 0) as due
        from jobs where {_FINISHED}
    """,  # noqa: S608
    ADDRESSES: """
        select count(*) as total, coalesce(sum(expires_at <= :until), 0) as due from visitors
    """,
    TRASH: f"""
        select count(*) as total, coalesce(sum(trashed_at < :until), 0) as due
        from trash where {_UNTRASHED}
    """,  # noqa: S608
}
_REMOVED = {
    CONVERSATIONS: f"delete from conversations where updated_at <= :until and {_FREE}",  # noqa: S608
    LOG: f"delete from jobs where ended_at <= :until and {_FINISHED}",  # noqa: S608
    ADDRESSES: "delete from visitors where expires_at <= :until",
}


def lots(database: Database, wanted: Retention, *, trash_days: int, now: datetime) -> list[Lot]:
    """Every lot as it stands now."""
    last = {row["lot"]: row for row in database.rows("select * from retention")}
    found = [
        *_conversations(database, wanted),
        Lot(name=AUDIT, days=365 * wanted.audit_years),
        Lot(name=LOG, days=wanted.log_days),
        Lot(name=ADDRESSES, days=wanted.address_days),
        Lot(name=TRASH, days=trash_days),
    ]
    return [_as_it_stands(database, lot, last.get(lot.name, {}), now) for lot in found]


def until(lot: Lot, now: datetime) -> str:
    """The moment before which what is in a lot is over its time."""
    return timestamp(now - (timedelta(days=lot.days) or NOT_KEPT_FOR))


def acts_before(database: Database, lot: Lot, now: datetime) -> str:
    """The moment before which acts are forgotten: that of the first one under a hold, where
    one is older than their time."""
    row = database.row(
        f"select at from audit where id = ({_BEFORE})",  # noqa: S608 - constants
        {"until": until(lot, now)},
    )
    return min(row["at"], until(lot, now)) if row else until(lot, now)


def last_ran_at(database: Database) -> datetime | None:
    """When something could be removed last."""
    row = database.row("select max(ran_at) as at from retention where lot != 'conversations'")
    return datetime.fromisoformat(row["at"]) if row and row["at"] else None


def too_many(database: Database, lot: Lot) -> bool:
    """Whether more would go at once than goes by itself."""
    row = database.row("select days from retention where lot = :lot", {"lot": lot.name})
    before = max(row["days"], 1) if row else UNKNOWN_DAYS
    return lot.due > max(FEW, lot.total * max(SHARE, 2 / before))


def remove(writer: Writer, lot: Lot, now: datetime) -> int:
    """Remove what is over its time of a lot of conversations, jobs or addresses; how many."""
    kind = lot.name.partition(":")[0]
    return writer.run(_REMOVED[kind], {"until": until(lot, now)} | _of(lot))


def ran(writer: Writer, lot: Lot, removed: int, now: datetime) -> None:
    """Note that a lot was looked through and nothing of it waits."""
    writer.run(
        """
        insert into retention (lot, days, ran_at, removed) values (:lot, :days, :now, :removed)
        on conflict (lot) do update set
            days = excluded.days, ran_at = excluded.ran_at, removed = excluded.removed, waits = null
        """,
        {"lot": lot.name, "days": lot.days, "now": timestamp(now), "removed": removed},
    )


def wait(writer: Writer, lot: Lot, why: Waits, now: datetime) -> bool:
    """Note that a lot waits for an administrator; whether that is new. By a clock that is not
    believed nothing counts as looked through, and a lot that never was is no row yet."""
    if why == "clock":
        changed = writer.run(
            """
            update retention set waits = 'clock', removed = 0
            where lot = :lot and waits is not 'clock'
            """,
            {"lot": lot.name},
        )
        return changed > 0
    writer.run(
        """
        insert into retention (lot, days, ran_at, removed, waits)
        values (:lot, :unknown, :now, 0, 'many')
        on conflict (lot) do update set ran_at = excluded.ran_at, removed = 0, waits = 'many'
        """,
        {"lot": lot.name, "unknown": UNKNOWN_DAYS, "now": timestamp(now)},
    )
    return lot.waits != "many"


def _conversations(database: Database, wanted: Retention) -> list[Lot]:
    days = wanted.conversation_days if wanted.keep_conversations else 0
    house = Lot(name=CONVERSATIONS, days=days)
    if not wanted.keep_conversations:
        return [house]
    rows = database.rows(
        "select id, keep_days from assistants where keep_days is not null order by id"
    )
    return [house] + [
        Lot(name=f"{CONVERSATIONS}:{row['id']}", days=row["keep_days"], assistant=row["id"])
        for row in rows
    ]


def _as_it_stands(database: Database, lot: Lot, last: Row, now: datetime) -> Lot:
    kind = lot.name.partition(":")[0]
    counted = database.row(_COUNTED[kind], {"until": until(lot, now)} | _of(lot)) or {}
    known = {name: last[name] for name in ("ran_at", "removed", "waits") if last}
    return msgspec.structs.replace(lot, **counted, **known)


def _of(lot: Lot) -> dict[str, str | bool]:
    return {"assistant": lot.assistant, "all": lot.name == CONVERSATIONS and not lot.days}
