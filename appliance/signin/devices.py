"""The devices table: browsers in which a person has signed in before.

Whoever guesses at a person's password fills the bucket of that name, and the person would
wait with them. A browser that brings the token of an earlier sign-in is counted by itself
instead. The token opens nothing: with it one may try as often as without, no more, and the
password is asked as ever. It is kept as a digest, for the person alone whose it is, and
forgotten half a year after it was last used.
"""

import secrets
from datetime import UTC, datetime, timedelta

from appliance.database import Database, Writer
from appliance.records import timestamp
from appliance.signin.sessions import digest

GOOD_FOR = timedelta(days=180)  # from the last sign-in on
MOST = 20  # of one person; the ones unused for longest go


def known(database: Database, token: str, email: str, *, now: datetime | None = None) -> str:
    """The digest of the token when the person of this address signed in with it before, else
    nothing."""
    since = timestamp((now or datetime.now(UTC)) - GOOD_FOR)
    row = database.row(
        """
        select devices.token_hash from devices join people on people.id = devices.person
        where devices.token_hash = :token_hash and devices.seen_at > :since
            and people.email = :email collate nocase
        """,
        {"token_hash": digest(token), "email": email.strip(), "since": since},
    )
    return str(row["token_hash"]) if row else ""


def remember(writer: Writer, person_id: str, token: str, *, now: datetime | None = None) -> str:
    """Note that a person has just signed in with this browser; the token it is to keep.

    ``token`` is what it brought. It stays when it is the person's own; anything else is
    never adopted, and a new one is made.
    """
    now = now or datetime.now(UTC)
    seen = {"person": person_id, "now": timestamp(now), "since": timestamp(now - GOOD_FOR)}
    kept = writer.run(
        """
        update devices set seen_at = :now
        where token_hash = :token_hash and person = :person and seen_at > :since
        """,
        {**seen, "token_hash": digest(token)},
    )
    if kept:
        return token
    fresh = secrets.token_urlsafe(32)
    writer.run(
        "insert into devices (token_hash, person, seen_at) values (:token_hash, :person, :now)",
        {"token_hash": digest(fresh), "person": person_id, "now": seen["now"]},
    )
    _forget(writer, person_id, seen["since"])
    return fresh


def _forget(writer: Writer, person_id: str, since: str) -> None:
    writer.run(
        """
        delete from devices where seen_at <= :since or token_hash in (
            select token_hash from devices where person = :person
            order by seen_at desc, rowid desc limit -1 offset :most
        )
        """,
        {"person": person_id, "since": since, "most": MOST},
    )
