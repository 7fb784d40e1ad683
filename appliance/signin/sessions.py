"""The sessions table: who is signed in, kept as the digest of what is in their cookie.

A token is 256 random bits, made here at every sign-in; one that a client brings is only
ever looked up, never adopted. A session ends when nobody used it for a while (sooner for
administrators), at a fixed hour whatever happens, at sign-out, and with its person.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.records import Caller, Record, timestamp

IDLE = {"admin": timedelta(minutes=30)}
IDLE_OTHERS = timedelta(hours=8)
TOUCH = timedelta(seconds=60)  # a write per minute and person, not per request
_SHOWN = 16  # of 64 hexadecimal digits of the digest: enough for a name, too few to look it up
_ID = f"substr(token_hash, 1, {_SHOWN})"


class Session(Record, frozen=True):
    """A place where a person is signed in. ``browser`` is told in words ("Firefox · Linux")."""

    id: str
    created_at: str
    seen_at: str
    address: str
    browser: str
    current: bool


def begin(
    writer: Writer,
    person_id: str,
    *,
    hours: int,
    replaces: str = "",
    address: str = "",
    browser: str = "",
    now: datetime | None = None,
) -> str:
    """A new session that ends after ``hours`` at the latest; its token, told only now.

    ``replaces`` is the token the client came with: its session, if it is one, ends.
    ``address`` and ``browser`` are for the person to know their sessions by.
    """
    now = now or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    writer.run("delete from sessions where expires_at <= :now", {"now": timestamp(now)})
    end(writer, replaces)
    writer.run(
        """
        insert into sessions
            (token_hash, person, created_at, expires_at, seen_at, address, browser)
        values (:token_hash, :person, :now, :expires_at, :now, :address, :browser)
        """,
        {
            "token_hash": digest(token),
            "person": person_id,
            "now": timestamp(now),
            "expires_at": timestamp(now + timedelta(hours=hours)),
            "address": address[:100],
            "browser": browser[:100],
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
            people.origin = 'oidc'  -- whose provider asks for what it finds right
            or exists (
                select 1 from second_factors
                where person = people.id and confirmed_at is not null
            ) as second_factor
        from sessions join people on people.id = sessions.person
        where sessions.token_hash = :token_hash and people.active
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


def listing(
    database: Database, person_id: str, *, token: str = "", now: datetime | None = None
) -> list[Session]:
    """The live sessions of a person, the one used last first. ``token`` is the caller's own."""
    now = now or datetime.now(UTC)
    rows = database.rows(
        """
        select sessions.*, people.role from sessions join people on people.id = sessions.person
        where sessions.person = :person order by seen_at desc
        """,
        {"person": person_id},
    )
    return [_session(row, digest(token)) for row in rows if _live(row, now)]


def end_one(writer: Writer, person_id: str, session_id: str) -> None:
    """End one of a person's sessions. Raises ``NotFound``."""
    if not writer.run(
        f"delete from sessions where person = :person and {_ID} = :id",  # noqa: S608 -- constant
        {"person": person_id, "id": session_id},
    ):
        raise NotFound


def end_all(writer: Writer, person_id: str) -> int:
    """Sign a person out everywhere; how many sessions that were."""
    return writer.run("delete from sessions where person = :id", {"id": person_id})


def _session(row: Row, current: str) -> Session:
    kept = {name: row[name] for name in ("created_at", "seen_at", "address", "browser")}
    known = row["token_hash"]
    return Session(id=known[:_SHOWN], current=hmac.compare_digest(known, current), **kept)


def digest(token: str) -> str:
    """What is stored of a token. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
