"""The visitors table: short sessions of people who met the widget on some site.

A visitor's token is tied to one assistant and to the exact origin it was asked from,
lasts fifteen minutes, and dies at once when the assistant no longer lists that origin or
is no longer open to everyone. Whoever shows a token that still stands gets the next one for
the same visitor; an id is never taken from outside.
An origin protects browsers (a page cannot invent its own); it proves nothing about a
program, so a visitor may ask and search in that one assistant and nothing else.

A site may vouch for whom its visitor is (``vouching``). What it said stays with the session
while that goes on, and with the conversations begun in it; of minors it is not kept.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotAllowed, NotFound
from appliance.looks import Look
from appliance.records import Caller, Language, Record, Scope, new_id, timestamp
from appliance.vouching import Voucher

PREFIX = "bw_"
GOOD_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(hours=1)  # beyond that: an answer that is being written outlives its token
SCOPES: frozenset[Scope] = frozenset({"ask", "search"})

# Scheme, host (a name or an address), port: what browsers send, and nothing beside it.
ORIGIN = re.compile(
    r"https?://(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?"
)
USUAL_PORTS = {"http": ":80", "https": ":443"}


class Face(Record, frozen=True):
    """What anybody may know of an assistant that has a widget: these fields and no other."""

    name: str
    language: Language
    greeting: str
    suggestions: tuple[str, ...]
    accent: str
    contact: str
    leaves_building: bool = False  # whether questions go to somebody else's machines
    look: Look = msgspec.field(default_factory=Look)


class Admission(Record, frozen=True):
    """A visitor's new session; the token is told only now."""

    token: str
    expires_at: str
    assistant: Face


def canonical(origin: str) -> str | None:
    """An origin in the form browsers send, its host in lower case and without the usual
    port; None when it is no origin of a web page ("null", a path, credentials, a dot at
    the end)."""
    origin = origin.lower()
    if not ORIGIN.fullmatch(origin):
        return None
    return origin.removesuffix(USUAL_PORTS[urlsplit(origin).scheme])


def welcome(database: Database, public_id: str, origin: str | None) -> str:
    """The origin as listed, if the widget may be used from it.

    Raises ``NotFound`` (no such widget) and ``NotAllowed`` (``origin_not_allowed``).
    """
    return _welcome(_assistant(database, public_id), origin)


def begin(
    database: Database,
    public_id: str,
    origin: str | None,
    *,
    address: str = "",
    following: Caller | None = None,
    voucher: Voucher | None = None,
    now: datetime | None = None,
) -> Admission:
    """A session on the page of ``origin``, for a new visitor or for the one it is
    ``following``; its site may vouch for them. Refuses as ``welcome`` does."""
    now = now or datetime.now(UTC)
    row = _assistant(database, public_id)
    listed = _welcome(row, origin)
    token = PREFIX + secrets.token_urlsafe(32)
    expires_at = timestamp(now + GOOD_FOR)
    with database.write() as writer:
        writer.run(
            "delete from visitors where expires_at <= :long_ago",
            {"long_ago": timestamp(now - KEPT_FOR)},
        )
        writer.run(
            """
            insert into visitors (token_hash, id, assistant, origin, address, created_at,
                expires_at, notice, vouched, asked_by, asked_name)
            select :token_hash, :id, :assistant, :origin, :address, :now, :expires_at,
                max(notice), max(:vouched, coalesce(max(vouched), 0)),
                coalesce(nullif(:asked_by, ''), max(asked_by), ''),
                coalesce(nullif(:asked_name, ''), max(asked_name), '')
            from visitors where id = :id
            """,
            {
                "token_hash": digest(token),
                "id": following.id if following else new_id(),
                "assistant": row["id"],
                "origin": listed,
                "address": digest(address)[:32],
                "now": timestamp(now),
                "expires_at": expires_at,
            }
            | _kept_of(row, voucher),
        )
    return Admission(token=token, expires_at=expires_at, assistant=_face(row))


def _kept_of(row: Row, voucher: Voucher | None) -> dict[str, str | int]:
    """What is kept of whom a site vouches for: of a minor only that it did."""
    named = voucher if voucher and row["audience"] != "minors" else None
    return {
        "vouched": int(voucher is not None),
        "asked_by": named.id if named else "",
        "asked_name": named.name if named else "",
    }


def is_vouched_for(database: Database, visitor_id: str) -> bool:
    """Whether a site has vouched for a visitor."""
    row = database.row(
        "select 1 as one from visitors where id = :id and vouched = 1 limit 1", {"id": visitor_id}
    )
    return row is not None


def end(writer: Writer, assistant_id: str, *, vouched: bool) -> int:
    """End the sessions of an assistant's visitors whom a site vouched for, or of the others;
    how many there were."""
    return writer.run(
        """
        update visitors set expires_at = :now
        where assistant = :assistant and vouched = :vouched and expires_at > :now
        """,
        {"assistant": assistant_id, "vouched": vouched, "now": timestamp()},
    )


def asks_to_sign_in(database: Database, public_id: str, origin: str | None = None) -> bool:
    """Whether an assistant for everybody who signs in stands on this site (on any, where none is
    given), which may then know that it is there. One for groups alone is there for nobody."""
    row = database.row(
        """
        select origins from assistants where public_id = :public_id and access = 'signed_in'
        """,
        {"public_id": public_id},
    )
    listed = _origins(row) if row else []
    return bool(listed) if origin is None else canonical(origin) in listed


def address(database: Database, visitor_id: str) -> str:
    """What stands for the network address from which a visitor's session was begun."""
    row = database.row(
        "select address from visitors where id = :id order by created_at limit 1",
        {"id": visitor_id},
    )
    return row["address"] if row else ""


def face(database: Database, public_id: str) -> Face:
    """What anybody may know of the assistant behind a widget. Raises ``NotFound`` where there
    is none, or where it is open to no site."""
    row = _assistant(database, public_id)
    if not _origins(row):
        raise NotFound
    return _face(row)


def resolve(
    database: Database, token: str, *, origin: str | None, now: datetime | None = None
) -> Caller | None:
    """The visitor behind a token, or None.

    ``origin`` is the page the request comes from; None when that is the appliance itself
    (the chat in its iframe) or when no page is involved.
    """
    now = now or datetime.now(UTC)
    row = database.row(
        """
        select visitors.*, assistants.language, assistants.origins
        from visitors join assistants on assistants.id = visitors.assistant
        where token_hash = :token_hash and expires_at > :now
            and assistants.access = 'everyone'
        """,
        {"token_hash": digest(token), "now": timestamp(now)},
    )
    if row is None or row["origin"] not in _origins(row):
        return None
    if origin is not None and canonical(origin) != row["origin"]:
        return None
    return Caller(
        kind="visitor",
        id=row["id"],
        name="",
        language=row["language"],
        scopes=SCOPES,
        assistants=frozenset({row["assistant"]}),
    )


def frame_ancestors(database: Database, public_id: str) -> list[str]:
    """The sites whose pages may frame the widget's page; none when it is closed or unknown. Of
    an assistant that is not for visitors the page only says so, and how to sign in."""
    row = database.row(
        "select origins from assistants where public_id = :public_id", {"public_id": public_id}
    )
    return _origins(row) if row else []


def digest(token: str) -> str:
    """What is stored of a token. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _assistant(database: Database, public_id: str) -> Row:
    row = database.row(
        """
        select id, name, language, greeting, suggestions, accent, contact, origins, look, audience,
            exists (select 1 from engines where id = assistants.engine and kind != 'site')
                as leaves_building,
            (select json_extract(form, '$.title') from flows where assistant = assistants.id
                and json_extract(form, '$.on') and assistants.audience != 'minors') as form
        from assistants where public_id = :public_id
        """,
        {"public_id": public_id},
    )
    if row is None:
        raise NotFound
    return row


def _welcome(row: Row, origin: str | None) -> str:
    asked = canonical(origin or "")
    if asked is None or asked not in _origins(row):
        raise NotAllowed("origin_not_allowed")
    return asked


def _origins(row: Row) -> list[str]:
    listed = [canonical(origin) for origin in msgspec.json.decode(row["origins"], type=list[str])]
    return [origin for origin in listed if origin is not None]


def _face(row: Row) -> Face:
    asked = msgspec.json.decode(row["suggestions"], type=list[str])
    return Face(
        name=row["name"],
        language=row["language"],
        greeting=row["greeting"],
        suggestions=(*asked, *([row["form"]] if row["form"] else [])),
        accent=row["accent"],
        contact=row["contact"],
        leaves_building=bool(row["leaves_building"]),
        look=msgspec.json.decode(row["look"], type=Look),
    )
