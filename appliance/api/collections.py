"""Collections over HTTP."""

from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, collections
from appliance.api import rights
from appliance.api.assistants import Name
from appliance.api.guards import EDITORS, READERS, key
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.jobs import intake
from appliance.records import Caller, Collection
from appliance.settings import Settings


class NamedCollection(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name


@get("/api/collections", who=READERS | key("documents:read"), sync_to_thread=True)
def list_collections(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The collections that exist for the caller, oldest first."""
    page = listed(collections.every(database, after=cursor, limit=limit + 1), limit)
    page["items"] = [one for one in page["items"] if rights.reads(database, caller, one.id)]
    return page


@post("/api/collections", who=EDITORS | key("documents:write"), sync_to_thread=True)
def create_collection(
    data: JSONBody[NamedCollection],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Collection:
    """A new, empty collection."""
    with database.write() as db:
        made = collections.create(db, data.name)
        audit.record(db, caller, "collection.create", made.id, name=made.name)
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
    data: JSONBody[NamedCollection],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Collection:
    """Give it another name."""
    found = rights.collection(database, caller, collection_id)
    with database.write() as db:
        collections.rename(db, found.id, data.name)
        audit.record(db, caller, "collection.change", found.id, name=data.name)
    return collections.get(database, found.id)


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
        audit.record(db, caller, "collection.remove", found.id, name=found.name)


routes = [
    list_collections,
    create_collection,
    show_collection,
    change_collection,
    remove_collection,
]
