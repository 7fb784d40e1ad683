"""Collections over HTTP."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from appliance import audit, collections
from appliance.api import rights
from appliance.api.assistants import Name
from appliance.api.guards import EDITORS, READERS, key
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.jobs import intake
from appliance.records import Caller, Collection
from appliance.settings import Settings

Groups = Annotated[list[str], msgspec.Meta(max_length=200)]


class NewCollection(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    groups: Groups = []
    denied_groups: Groups = []


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    name: Name | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET
    denied_groups: Groups | UnsetType = UNSET


@get("/api/collections", who=READERS | key("documents:read"), sync_to_thread=True)
def list_collections(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The collections that exist for the caller, oldest first."""
    reached = rights.reach(database, caller)
    return listed(collections.every(database, reach=reached, after=cursor, limit=limit + 1), limit)


@post("/api/collections", who=EDITORS | key("documents:write"), sync_to_thread=True)
def create_collection(
    data: JSONBody[NewCollection],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Collection:
    """A new, empty collection; with groups for administrators only."""
    named: dict[str, Any] = {"groups": data.groups, "denied_groups": data.denied_groups}
    if data.groups or data.denied_groups:
        rights.only_administrators(caller)
    with database.write() as db:
        made = collections.create(db, data.name, **named)
        audit.record(
            db, caller, "collection.create", made.id, collections=[made.id], name=made.name, **named
        )
    return made


@get(
    "/api/collections/{collection_id:str}",
    who=READERS | key("documents:read"),
    sync_to_thread=True,
)
def show_collection(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Collection:
    """One collection."""
    return rights.collection(database, caller, collection_id)


@patch(
    "/api/collections/{collection_id:str}",
    who=EDITORS | key("documents:write"),
    sync_to_thread=True,
)
def change_collection(
    collection_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Collection:
    """Change what is given: its name or, for administrators, its groups."""
    found = rights.collection(database, caller, collection_id)
    changes: dict[str, Any] = {
        field: value for field, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    if {"groups", "denied_groups"} & set(changes):
        rights.only_administrators(caller)
    with database.write() as db:
        changed = collections.change(db, found.id, **changes)
        audit.record(db, caller, "collection.change", found.id, collections=[found.id], **changes)
    return changed


@delete(
    "/api/collections/{collection_id:str}",
    who=EDITORS | key("documents:write"),
    sync_to_thread=True,
)
def remove_collection(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> None:
    """Remove a collection with all its documents."""
    found = rights.collection(database, caller, collection_id)
    intake.remove_collection(database, settings, found.id)
    with database.write() as db:
        audit.record(
            db, caller, "collection.remove", found.id, collections=[found.id], name=found.name
        )


routes = [
    list_collections,
    create_collection,
    show_collection,
    change_collection,
    remove_collection,
]
