"""The requests that left this server: counted by day, origin and purpose before they are sent.

Kept for 400 days. Neither paths nor texts are written down: where something went is the
auditor's question, and an address can hold a name.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from appliance.database import Database
from appliance.records import timestamp

KEPT_DAYS = 400


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """The requests of one day (UTC, "2026-03-02") to one origin for one purpose."""

    day: str
    origin: str
    purpose: str
    requests: int
    last_at: str


def record(database: Database, origin: str, purpose: str) -> None:
    """Count a request that is about to leave."""
    now = datetime.now(UTC)
    with database.write() as db:
        db.run(
            """
            insert into outgoing (day, origin, purpose, requests, last_at)
            values (:day, :origin, :purpose, 1, :now)
            on conflict (day, origin, purpose)
            do update set requests = requests + 1, last_at = :now
            """,
            {"day": _day(now), "origin": origin, "purpose": purpose, "now": timestamp(now)},
        )
        db.run(
            "delete from outgoing where day < :day",
            {"day": _day(now - timedelta(days=KEPT_DAYS))},
        )


def entries(database: Database, *, days: int = 30) -> list[Outgoing]:
    """The requests of the last ``days``, newest day first."""
    rows = database.rows(
        "select * from outgoing where day > :since order by day desc, origin, purpose",
        {"since": _day(datetime.now(UTC) - timedelta(days=days))},
    )
    return [Outgoing(**row) for row in rows]


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
