"""The resets table: links by which a person chooses a new password.

A token is 256 random bits, told once and kept as a digest; it is good for thirty minutes, for
one password, and for the person it was made for. A newer one voids it; and so does whatever
ends the person's sessions, and signing in: who does that has the password.
"""

import secrets
from datetime import UTC, datetime, timedelta

from appliance.database import Database, Writer
from appliance.errors import NotAllowed
from appliance.records import timestamp
from appliance.signin.sessions import digest

GOOD_FOR = timedelta(minutes=30)


def begin(writer: Writer, person_id: str, *, now: datetime | None = None) -> tuple[str, datetime]:
    """A fresh token for a person, and until when it is good."""
    now = now or datetime.now(UTC)
    token, until = secrets.token_urlsafe(32), now + GOOD_FOR
    writer.run(
        "delete from resets where person = :person or expires_at <= :now",
        {"person": person_id, "now": timestamp(now)},
    )
    writer.run(
        """
        insert into resets (token_hash, person, created_at, expires_at)
        values (:hash, :person, :now, :until)
        """,
        {
            "hash": digest(token),
            "person": person_id,
            "now": timestamp(now),
            "until": timestamp(until),
        },
    )
    return token, until


def find(database: Database, token: str, *, now: datetime | None = None) -> str:
    """The person (id) whose password a token lets choose, if they may sign in.

    Raises ``NotAllowed`` (``reset_void``).
    """
    row = database.row(
        """
        select person from resets join people on people.id = resets.person
        where token_hash = :hash and resets.expires_at > :now and people.active
        """,
        {"hash": digest(token), "now": timestamp(now or datetime.now(UTC))},
    )
    if row is None:
        raise NotAllowed("reset_void")
    return str(row["person"])


def spend(writer: Writer, token: str, *, now: datetime | None = None) -> str:
    """Use a token up, in the transaction that keeps the password; whose it was (id).

    Raises ``NotAllowed`` (``reset_void``).
    """
    row = writer.row(
        "delete from resets where token_hash = :hash and expires_at > :now returning person",
        {"hash": digest(token), "now": timestamp(now or datetime.now(UTC))},
    )
    if row is None:
        raise NotAllowed("reset_void")
    return str(row["person"])


def forget(writer: Writer, person_id: str) -> None:
    """Void what a person has; nothing is no error."""
    writer.run("delete from resets where person = :person", {"person": person_id})
