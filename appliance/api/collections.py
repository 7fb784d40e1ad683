"""Collections over HTTP."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from appliance import audit, collections
from appliance.api import rights
from appliance.api.guards import EDITORS, READERS, key
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.jobs import intake
from appliance.looks import Name
from appliance.reach import Reach
from appliance.records import Caller, Collection, Originals
from appliance.settings import Settings

Groups = Annotated[list[str], msgspec.Meta(max_length=200)]


class NewCollection(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    groups: Groups = []
    denied_groups: Groups = []
    originals: Originals = "everyone"


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    name: Name | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET
    denied_groups: Groups | UnsetType = UNSET
    originals: Originals | UnsetType = UNSET


@get("/api/collections", who=READERS | key("documents:read"), sync_to_thread=True)
def list_collections(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The collections that exist for the caller, oldest first."""
    reached = rights.reach(database, caller)
    found = collections.every(database, reach=reached, after=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = [_shown(one, reached) for one in page["items"]]
    return page


@post("/api/collections", who=EDITORS | key("documents:write"), sync_to_thread=True)
def create_collection(
    data: JSONBody[NewCollection],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A new, empty collection; with groups for administrators only. Until an assistant reads
    it, the editor who makes it looks after it."""
    named: dict[str, Any] = {"groups": data.groups, "denied_groups": data.denied_groups}
    if data.groups or data.denied_groups:
        rights.only_administrators(caller)
    editor = caller.id if caller.role == "editor" else None
    with database.write() as db:
        made = collections.create(db, data.name, originals=data.originals, editor=editor, **named)
        audit.record(
            db, caller, "collection.create", made.id, collections=[made.id], name=made.name, **named
        )
    return _shown(made, rights.reach(database, caller))


@get(
    "/api/collections/{collection_id:str}",
    who=READERS | key("documents:read"),
    sync_to_thread=True,
)
def show_collection(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One collection."""
    found = rights.collection(database, caller, collection_id)
    return _shown(found, rights.reach(database, caller))


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
) -> dict[str, Any]:
    """Change what is given: its name, who may download its originals (``editors``: only those
    who may change it) or, for administrators, its groups."""
    found = rights.collection(database, caller, collection_id, to_change=True)
    changes: dict[str, Any] = {
        field: value for field, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    if {"groups", "denied_groups"} & set(changes):
        rights.only_administrators(caller)
    with database.write() as db:
        changed = collections.change(db, found.id, **changes)
        audit.record(db, caller, "collection.change", found.id, collections=[found.id], **changes)
    return _shown(changed, rights.reach(database, caller))


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
    found = rights.collection(database, caller, collection_id, to_change=True)
    intake.remove_collection(database, settings, found.id)
    with database.write() as db:
        audit.record(
            db, caller, "collection.remove", found.id, collections=[found.id], name=found.name
        )


def _shown(collection: Collection, reached: Reach) -> dict[str, Any]:
    """The collection, and whether the caller may change it and what lies in it."""
    shown: dict[str, Any] = msgspec.to_builtins(collection)
    return shown | {"editable": reached.tends(collection.id)}


routes = [
    list_collections,
    create_collection,
    show_collection,
    change_collection,
    remove_collection,
]
