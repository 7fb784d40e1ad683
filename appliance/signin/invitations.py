"""The invitations table: who is to come, and the link by which they do.

The link's token is 256 random bits, told once and kept as a digest. It is good for seven
days and for one person; whoever is invited again gets a fresh one, and the old is void.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotAllowed, NotFound
from appliance.records import Language, Record, Role, new_id, timestamp
from appliance.signin.sessions import digest

GOOD_FOR = timedelta(days=7)


class Invitation(Record, frozen=True):
    """``name`` is "" where whoever is invited says it; ``groups`` are ids; ``invited_by`` is
    the administrator's name as it was then."""

    id: str
    name: str
    email: str
    role: Role
    language: Language
    groups: tuple[str, ...]
    invited_by: str
    created_at: str
    expires_at: str


def create(
    writer: Writer,
    *,
    email: str,
    role: Role,
    language: Language,
    name: str = "",
    groups: Sequence[str] = (),
    invited_by: str = "",
    now: datetime | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody; the invitation and its token, told only now.

    Name and address are the caller's to check. Raises ``Conflict`` (``already_invited``).
    """
    now = now or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    made = Invitation(
        id=new_id(),
        name=name,
        email=email,
        role=role,
        language=language,
        groups=tuple(dict.fromkeys(groups)),
        invited_by=invited_by,
        created_at=timestamp(now),
        expires_at=timestamp(now + GOOD_FOR),
    )
    sweep(writer, now=now)
    try:
        writer.run(
            """
            insert into invitations (id, token_hash, name, email, role, language, groups,
                invited_by, created_at, expires_at)
            values (:id, :token_hash, :name, :email, :role, :language, :groups,
                :invited_by, :created_at, :expires_at)
            """,
            msgspec.to_builtins(made)
            | {"token_hash": digest(token), "groups": msgspec.json.encode(made.groups).decode()},
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("already_invited", email=email) from fault
    return made, token


def listing(
    database: Database, *, limit: int, after: str = "", now: datetime | None = None
) -> list[Invitation]:
    """The invitations that are good still, in order; ``after`` is the id to go on from."""
    rows = database.rows(
        """
        select * from invitations where id > :after and expires_at > :now
        order by id limit :limit
        """,
        {"after": after, "limit": limit, "now": timestamp(now or datetime.now(UTC))},
    )
    return [_invitation(row) for row in rows]


def renew(
    writer: Writer, invitation_id: str, *, now: datetime | None = None
) -> tuple[Invitation, str]:
    """A fresh token for another seven days; the one before opens nothing any more.

    Raises ``NotFound``.
    """
    token = secrets.token_urlsafe(32)
    row = writer.row(
        """
        update invitations set token_hash = :token_hash, expires_at = :expires_at
        where id = :id returning *
        """,
        {
            "id": invitation_id,
            "token_hash": digest(token),
            "expires_at": timestamp((now or datetime.now(UTC)) + GOOD_FOR),
        },
    )
    if row is None:
        raise NotFound
    return _invitation(row), token


def remove(writer: Writer, invitation_id: str) -> Invitation:
    """Take an invitation back; which it was. Raises ``NotFound``."""
    row = writer.row("delete from invitations where id = :id returning *", {"id": invitation_id})
    if row is None:
        raise NotFound
    return _invitation(row)


def find(database: Database, token: str, *, now: datetime | None = None) -> Invitation:
    """The invitation that a token opens. Raises ``NotAllowed`` (``invitation_void``)."""
    row = database.row(
        "select * from invitations where token_hash = :hash and expires_at > :now",
        {"hash": digest(token), "now": timestamp(now or datetime.now(UTC))},
    )
    if row is None:
        raise NotAllowed("invitation_void")
    return _invitation(row)


def spend(writer: Writer, token: str, *, now: datetime | None = None) -> Invitation:
    """Use a token up, in the transaction that makes the person. Refuses as ``find`` does."""
    row = writer.row(
        """
        delete from invitations where token_hash = :hash and expires_at > :now returning *
        """,
        {"hash": digest(token), "now": timestamp(now or datetime.now(UTC))},
    )
    if row is None:
        raise NotAllowed("invitation_void")
    return _invitation(row)


def sweep(writer: Writer, *, now: datetime | None = None) -> int:
    """Forget the invitations that nobody took up in time; how many those were."""
    return writer.run(
        "delete from invitations where expires_at <= :now",
        {"now": timestamp(now or datetime.now(UTC))},
    )


def _invitation(row: Row) -> Invitation:
    known = {name: row[name] for name in Invitation.__struct_fields__}
    return Invitation(**known | {"groups": tuple(msgspec.json.decode(row["groups"]))})
