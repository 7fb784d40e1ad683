"""The identities table: by what another server knows a person, for ever.

A person is found by this alone: names and addresses are given to somebody else some day.
Whoever the other server no longer vouches for is *gone*: they are kept out as if they had
been deactivated, and come back when it does. An administrator's own word goes before that:
whoever was deactivated here stays out.
"""

from datetime import datetime

from appliance.database import Database, Row, Writer
from appliance.records import Origin, Record, timestamp


class Identity(Record, frozen=True):
    """A person's identity. ``gone`` is since when nobody vouches for it, or None."""

    origin: Origin
    issuer: str
    subject: str
    person: str
    seen_at: str
    gone_at: str | None


def find(writer: Writer, *, origin: Origin, issuer: str, subject: str) -> Identity | None:
    """The identity of a subject, if it was here before."""
    row = writer.row(
        """
        select * from identities
        where origin = :origin and issuer = :issuer and subject = :subject
        """,
        {"origin": origin, "issuer": issuer, "subject": subject},
    )
    return _identity(row) if row else None


def of(database: Database, person_id: str) -> Identity | None:
    """The identity of a person; None for a local one."""
    row = database.row("select * from identities where person = :id", {"id": person_id})
    return _identity(row) if row else None


def standing(database: Database, origin: Origin) -> list[Identity]:
    """Those of one origin whose people may sign in."""
    rows = database.rows(
        """
        select identities.* from identities join people on people.id = identities.person
        where identities.origin = :origin and people.active order by identities.person
        """,
        {"origin": origin},
    )
    return [_identity(row) for row in rows]


def add(writer: Writer, person_id: str, *, origin: Origin, issuer: str, subject: str) -> None:
    """Note by what a new person is known."""
    writer.run(
        """
        insert into identities (origin, issuer, subject, person, seen_at)
        values (:origin, :issuer, :subject, :person, :now)
        """,
        {
            "origin": origin,
            "issuer": issuer,
            "subject": subject,
            "person": person_id,
            "now": timestamp(),
        },
    )


def seen(writer: Writer, person_id: str) -> None:
    """Note that a person was vouched for just now."""
    writer.run(
        "update identities set seen_at = :now, gone_at = null where person = :person",
        {"now": timestamp(), "person": person_id},
    )


def gone(writer: Writer, person_id: str, *, now: datetime | None = None) -> None:
    """Note that nobody vouches for a person any more."""
    writer.run(
        "update identities set gone_at = :now where person = :person",
        {"now": timestamp(now), "person": person_id},
    )


def given(writer: Writer, person_id: str) -> set[str]:
    """The groups (ids) that a person is in because of a sign-in."""
    rows = writer.rows(
        "select group_id from given_memberships where person = :person", {"person": person_id}
    )
    return {str(row["group_id"]) for row in rows}


def give(writer: Writer, person_id: str, groups: set[str]) -> None:
    """Keep which groups a person is in because of this sign-in."""
    writer.run("delete from given_memberships where person = :person", {"person": person_id})
    for group_id in sorted(groups):
        writer.run(
            "insert into given_memberships (person, group_id) values (:person, :group)",
            {"person": person_id, "group": group_id},
        )


def _identity(row: Row) -> Identity:
    return Identity(**{name: row[name] for name in Identity.__struct_fields__})
