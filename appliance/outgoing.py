"""The requests that left this server: counted by day, origin and purpose before they are sent,
and with them those that were kept back.

Kept for 400 days. Neither paths nor texts are written down: where something went is the
auditor's question, and an address can hold a name.
"""

from datetime import UTC, datetime, timedelta

from appliance.database import Database
from appliance.records import Record, timestamp

KEPT_DAYS = 400


class Outgoing(Record, frozen=True):
    """The requests of one day (UTC, "2026-03-02") to one origin for one purpose, and how many
    more were ``refused`` before anything was sent."""

    day: str
    origin: str
    purpose: str
    requests: int
    refused: int
    first_at: str
    last_at: str


class Contact(Record, frozen=True):
    """The same over several days; a contact with ``requests`` 0 was never made."""

    origin: str
    purpose: str
    requests: int
    refused: int
    first_at: str
    last_at: str


def record(database: Database, origin: str, purpose: str) -> None:
    """Count a request that is about to leave."""
    _count(database, origin, purpose, requests=1, refused=0)


def refuse(database: Database, origin: str, purpose: str) -> None:
    """Count a request that was kept back: its origin is not one that may be asked."""
    _count(database, origin, purpose, requests=0, refused=1)


def _count(database: Database, origin: str, purpose: str, *, requests: int, refused: int) -> None:
    now = datetime.now(UTC)
    with database.write() as db:
        db.run(
            """
            insert into outgoing (day, origin, purpose, requests, refused, first_at, last_at)
            values (:day, :origin, :purpose, :requests, :refused, :now, :now)
            on conflict (day, origin, purpose) do update set
                requests = requests + :requests, refused = refused + :refused, last_at = :now
            """,
            {
                "day": _day(now),
                "origin": origin,
                "purpose": purpose,
                "requests": requests,
                "refused": refused,
                "now": timestamp(now),
            },
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


def contacts(database: Database, *, days: int = 30) -> list[Contact]:
    """Who was asked in the last ``days`` and for what, the latest first."""
    rows = database.rows(
        """
        select origin, purpose, sum(requests) as requests, sum(refused) as refused,
            min(first_at) as first_at, max(last_at) as last_at
        from outgoing where day > :since
        group by origin, purpose order by last_at desc, origin, purpose
        """,
        {"since": _day(datetime.now(UTC) - timedelta(days=days))},
    )
    return [Contact(**row) for row in rows]


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
