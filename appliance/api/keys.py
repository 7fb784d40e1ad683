"""Keys for programs: administrators make, change and remove them."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from appliance import audit, keys
from appliance.api import guards, rights
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.records import Caller, Key

Network = Annotated[str, msgspec.Meta(max_length=60)]
Networks = Annotated[list[Network], msgspec.Meta(max_length=100)]


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """``scopes`` are plain text here, so that an unknown one is refused with a sentence."""

    name: str
    scopes: list[str]
    assistants: list[str] | None = None
    expires_at: str | None = None
    addresses: Networks | None = None


class KeyChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays; null lifts the limit."""

    name: str | UnsetType = UNSET
    assistants: list[str] | UnsetType | None = UNSET
    expires_at: str | UnsetType | None = UNSET
    addresses: Networks | UnsetType | None = UNSET


class MadeKey(msgspec.Struct, frozen=True):
    """A new key with its secret, which is told only now."""

    key: Key
    secret: str


@get("/api/keys", who=guards.ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = ""
) -> dict[str, Any]:
    """All keys, without their secrets."""
    return listed(keys.listing(database, limit=limit + 1, after=cursor), limit)


@post("/api/keys", who=guards.ADMINISTRATORS, sync_to_thread=True)
def create(
    data: JSONBody[NewKey], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> MadeKey:
    """Make a key."""
    rights.chosen_assistants(database, caller, data.assistants)
    with database.write() as writer:
        made, secret = keys.create(
            writer,
            name=data.name,
            scopes=data.scopes,
            assistants=data.assistants,
            expires_at=data.expires_at,
            addresses=data.addresses,
        )
        keys.made_by(writer, made.id, caller)
        audit.record(writer, caller, "key.create", made.id, scopes=made.scopes)
    return MadeKey(key=made, secret=secret)


@get("/api/keys/{key_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def read(key_id: FromPath[str], database: NamedDependency[Database]) -> Key:
    """One key, without its secret."""
    return keys.get(database, key_id)


@patch("/api/keys/{key_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def change(
    key_id: FromPath[str],
    data: JSONBody[KeyChanges],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
) -> Key:
    """Change a key's name, end, assistants, or the networks it may be used from."""
    changes: dict[str, Any] = {
        field: value for field, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    rights.chosen_assistants(database, caller, changes.get("assistants"))
    with database.write() as writer:
        changed = keys.change(writer, key_id, **changes)
        audit.record(writer, caller, "key.change", key_id, fields=sorted(changes))
    return changed


@delete("/api/keys/{key_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def remove(
    key_id: FromPath[str], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> None:
    """Take a key away; it is refused from the next request on."""
    with database.write() as writer:
        removed = keys.remove(writer, key_id)
        audit.record(writer, caller, "key.remove", key_id, name=removed.name)


routes = [index, create, read, change, remove]
