"""The sessions table: who is signed in, kept as the digest of what is in their cookie.

A token is 256 random bits, made here at every sign-in; one that a client brings is only
ever looked up, never adopted. A session ends when nobody used it for a while (sooner for
administrators), at a fixed hour whatever happens, at sign-out, and with its person.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from appliance.database import Database, Row, Writer
from appliance.records import Caller, timestamp

IDLE = {"admin": timedelta(minutes=30)}
IDLE_OTHERS = timedelta(hours=8)
TOUCH = timedelta(seconds=60)  # a write per minute and person, not per request


def begin(
    writer: Writer, person_id: str, *, hours: int, replaces: str = "", now: datetime | None = None
) -> str:
    """A new session that ends after ``hours`` at the latest; its token, told only now.

    ``replaces`` is the token the client came with: its session, if it is one, ends.
    """
    now = now or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    writer.run("delete from sessions where expires_at <= :now", {"now": timestamp(now)})
    end(writer, replaces)
    writer.run(
        """
        insert into sessions (token_hash, person, created_at, expires_at, seen_at)
        values (:token_hash, :person, :now, :expires_at, :now)
        """,
        {
            "token_hash": digest(token),
            "person": person_id,
            "now": timestamp(now),
            "expires_at": timestamp(now + timedelta(hours=hours)),
        },
    )
    return token


def resolve(
    database: Database,
    token: str,
    *,
    now: datetime | None = None,
    later: Callable[[Callable[[], None]], object] = lambda touch: touch(),
) -> Caller | None:
    """The person whose live session this token is, or None.

    ``later`` is given what notes, once a minute, that the session is in use.
    """
    now = now or datetime.now(UTC)
    row = database.row(
        """
        select sessions.token_hash, sessions.expires_at, sessions.seen_at,
            people.id, people.name, people.role, people.language,
            exists (
                select 1 from second_factors
                where person = people.id and confirmed_at is not null
            ) as second_factor
        from sessions join people on people.id = sessions.person
        where sessions.token_hash = :token_hash
        """,
        {"token_hash": digest(token)},
    )
    if row is None or not _live(row, now):
        return None
    if now - datetime.fromisoformat(row["seen_at"]) >= TOUCH:
        later(partial(_touch, database, row, now))
    return Caller(
        kind="person",
        id=row["id"],
        name=row["name"],
        language=row["language"],
        role=row["role"],
        second_factor=bool(row["second_factor"]),
    )


def _live(row: Row, now: datetime) -> bool:
    idle = now - datetime.fromisoformat(row["seen_at"])
    return timestamp(now) < row["expires_at"] and idle < IDLE.get(row["role"], IDLE_OTHERS)


def _touch(database: Database, row: Row, now: datetime) -> None:
    with database.write(fleeting=True) as writer:
        writer.run(
            "update sessions set seen_at = :now where token_hash = :token_hash",
            {"now": timestamp(now), "token_hash": row["token_hash"]},
        )


def end(writer: Writer, token: str) -> None:
    """End one session; a token that is none is no error."""
    writer.run("delete from sessions where token_hash = :hash", {"hash": digest(token)})


def digest(token: str) -> str:
    """What is stored of a token. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
