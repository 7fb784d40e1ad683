"""The keys table: credentials for programs, each with its scopes.

``bk_`` and 256 random bits, told once and stored as a digest. A key may be limited to
some assistants and networks and may end on a day; one limited to assistants cannot be an
administrator's, for then it could make itself another.
"""

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, get_args

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, NotFound
from appliance.records import Caller, Key, Language, Scope, new_id, timestamp

PREFIX = "bk_"
SCOPES: tuple[Scope, ...] = get_args(Scope)
TOUCH = timedelta(seconds=60)  # a write per minute and key, not per request
IN_AN_ADDRESS = re.compile(rb"[=&?]bk_[A-Za-z0-9_-]{20,}")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def create(
    writer: Writer,
    *,
    name: str,
    scopes: Sequence[str],
    assistants: Sequence[str] | None = None,
    expires_at: str | None = None,
    addresses: Sequence[str] | None = None,
) -> tuple[Key, str]:
    """A new key and its secret, which nobody can read again. ``assistants`` None means all,
    ``addresses`` (networks like "10.0.0.0/8", or single addresses) None anywhere.

    Raises ``BadRequest`` (``unknown_scope``, ``no_scope``, ``limited_admin``,
    ``unknown_assistant``, ``bad_expiry``, ``bad_network``, ``bad_name``).
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Key(
        id=new_id(),
        name=_name(name),
        scopes=_scopes(scopes),
        assistants=_assistants(writer, assistants),
        created_at=timestamp(),
        expires_at=None if expires_at is None else _future(expires_at),
        last_used_at=None,
        addresses=_networks(addresses),
    )
    _not_both(made.scopes, made.assistants)
    writer.run(
        """
        insert into keys
            (id, name, secret_hash, scopes, assistants, created_at, expires_at, addresses)
        values
            (:id, :name, :secret_hash, :scopes, :assistants, :created_at, :expires_at, :addresses)
        """,
        {
            "id": made.id,
            "name": made.name,
            "secret_hash": digest(secret),
            "scopes": _json(made.scopes),
            "assistants": _json(made.assistants),
            "created_at": made.created_at,
            "expires_at": made.expires_at,
            "addresses": _json(made.addresses),
        },
    )
    return made, secret


def get(database: Database, key_id: str) -> Key:
    """A key by id. Raises ``NotFound``."""
    row = database.row("select * from keys where id = :id", {"id": key_id})
    if row is None:
        raise NotFound
    return _key(row)


def listing(database: Database, *, limit: int, after: str = "") -> list[Key]:
    """Keys in the order they were made; ``after`` is the id to go on from."""
    rows = database.rows(
        "select * from keys where id > :after order by id limit :limit",
        {"after": after, "limit": limit},
    )
    return [_key(row) for row in rows]


def change(writer: Writer, key_id: str, **changes: Any) -> Key:
    """Change ``name``, ``expires_at``, ``assistants`` or ``addresses`` (None: no end, all,
    anywhere); what is not named stays. Scopes never change: make another key.

    Raises ``NotFound`` and ``BadRequest`` as ``create`` does.
    """
    row = writer.row("select * from keys where id = :id", {"id": key_id})
    if row is None:
        raise NotFound
    before = _key(row)
    after = msgspec.structs.replace(before, **_checked(writer, changes))
    _not_both(after.scopes, after.assistants)
    writer.run(
        """
        update keys set name = :name, assistants = :assistants, expires_at = :expires_at,
            addresses = :addresses
        where id = :id
        """,
        {
            "id": key_id,
            "name": after.name,
            "assistants": _json(after.assistants),
            "expires_at": after.expires_at,
            "addresses": _json(after.addresses),
        },
    )
    return after


def remove(writer: Writer, key_id: str) -> Key:
    """Take a key away at once; which it was. Raises ``NotFound``."""
    row = writer.row("delete from keys where id = :id returning *", {"id": key_id})
    if row is None:
        raise NotFound
    return _key(row)


def resolve(
    database: Database,
    secret: str,
    *,
    language: Language,
    address: str = "",
    now: datetime | None = None,
    later: Callable[[Callable[[], None]], object] = lambda touch: touch(),
) -> Caller | None:
    """The caller behind a secret, or None when it is unknown, has ended, or may not be used
    from this network address.

    ``later`` is given what notes that the key is in use, once a minute or when it is used
    from another address.
    """
    now = now or datetime.now(UTC)
    row = database.row(
        """
        select keys.* from keys left join people on people.id = keys.owner
        where secret_hash = :secret_hash and people.active is not 0
        """,
        {"secret_hash": digest(secret)},
    )
    if row is None or (row["expires_at"] is not None and row["expires_at"] <= timestamp(now)):
        return None
    found = _key(row)
    if found.addresses is not None and not within(address, found.addresses):
        return None
    used = found.last_used_at
    if (
        used is None
        or now - datetime.fromisoformat(used) >= TOUCH
        or found.last_used_from != address
    ):
        later(partial(_touch, database, found, now, address))
    return Caller(
        kind="key",
        id=found.id,
        name=found.name,
        language=language,
        scopes=frozenset(found.scopes),
        assistants=None if found.assistants is None else frozenset(found.assistants),
    )


def made_by(writer: Writer, key_id: str, maker: Caller) -> None:
    """Let a key end with whoever made it: while they are deactivated it opens nothing, and it
    goes with them when they are removed. What a key makes is its maker's; what is made in a
    terminal belongs to the house."""
    writer.run(
        """
        update keys set owner = iif(:kind = 'person', :maker, (
            select owner from keys where id = :maker and :kind = 'key'))
        where id = :id
        """,
        {"id": key_id, "kind": maker.kind, "maker": maker.id},
    )


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether a network address lies in one of these networks."""
    found = _address(address)
    return found is not None and any(found in ipaddress.ip_network(one) for one in networks)


def _address(text: str) -> Address | None:
    """An address, one of IPv4 written as IPv6 as what it is; None for what is none."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _networks(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    found = []
    for one in given:
        try:
            found.append(str(ipaddress.ip_network(one.strip(), strict=False)))
        except ValueError as fault:
            raise BadRequest("bad_network", network=one[:60]) from fault
    return tuple(dict.fromkeys(found))


def _touch(database: Database, key: Key, now: datetime, address: str) -> None:
    with database.write(fleeting=True) as writer:
        writer.run(
            "update keys set last_used_at = :now, last_used_from = :address where id = :id",
            {"now": timestamp(now), "address": address, "id": key.id},
        )


def digest(secret: str) -> str:
    """What is stored of a secret. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _checked(writer: Writer, changes: dict[str, Any]) -> dict[str, Any]:
    checked = dict(changes)
    if "name" in changes:
        checked["name"] = _name(changes["name"])
    if changes.get("expires_at") is not None:
        checked["expires_at"] = _future(changes["expires_at"])
    if "assistants" in changes:
        checked["assistants"] = _assistants(writer, changes["assistants"])
    if "addresses" in changes:
        checked["addresses"] = _networks(changes["addresses"])
    return checked


def _name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadRequest("bad_name")
    return name


def _scopes(scopes: Sequence[str]) -> tuple[Scope, ...]:
    for scope in scopes:
        if scope not in SCOPES:
            raise BadRequest("unknown_scope", scope=scope[:60], scopes=", ".join(SCOPES))
    if not scopes:
        raise BadRequest("no_scope", scopes=", ".join(SCOPES))
    return tuple(scope for scope in SCOPES if scope in scopes)


def _assistants(writer: Writer, ids: Sequence[str] | None) -> tuple[str, ...] | None:
    for assistant in ids or ():
        if not writer.row("select 1 as one from assistants where id = :id", {"id": assistant}):
            raise BadRequest("unknown_assistant", assistant=assistant[:60])
    return None if ids is None else tuple(dict.fromkeys(ids))


def _not_both(scopes: tuple[Scope, ...], assistants: tuple[str, ...] | None) -> None:
    if assistants is not None and "admin" in scopes:
        raise BadRequest("limited_admin")


def _future(moment: str) -> str:
    """A moment to come, as it is stored. Raises ``BadRequest`` (``bad_expiry``)."""
    try:
        when = datetime.fromisoformat(moment)
    except ValueError as fault:
        raise BadRequest("bad_expiry") from fault
    if when.tzinfo is None or when <= datetime.now(UTC):
        raise BadRequest("bad_expiry")
    return timestamp(when)


def _json(value: tuple[str, ...] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _key(row: Row) -> Key:
    assistants, addresses = row["assistants"], row["addresses"]
    return Key(
        id=row["id"],
        name=row["name"],
        scopes=tuple(msgspec.json.decode(row["scopes"])),
        assistants=None if assistants is None else tuple(msgspec.json.decode(assistants)),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        addresses=None if addresses is None else tuple(msgspec.json.decode(addresses)),
        last_used_from=row["last_used_from"],
    )
