"""Groups: administrators say who belongs together, members included."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from appliance import audit, groups
from appliance.api import guards
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.records import Caller, Group

Members = Annotated[list[str], msgspec.Meta(max_length=5000)]


class NewGroup(msgspec.Struct, forbid_unknown_fields=True):
    """``members`` are the ids of people."""

    name: str
    members: Members = []


class GroupChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays; ``members`` are all members from now on."""

    name: str | UnsetType = UNSET
    members: Members | UnsetType = UNSET


@get("/api/groups", who=guards.ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = ""
) -> dict[str, Any]:
    """All groups with their members, in the order they were made."""
    return listed(groups.listing(database, limit=limit + 1, after=cursor), limit)


@post("/api/groups", who=guards.ADMINISTRATORS, sync_to_thread=True)
def create(
    data: JSONBody[NewGroup], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> Group:
    """Make a group."""
    with database.write() as writer:
        made = groups.create(writer, name=data.name, members=data.members)
        audit.record(writer, caller, "group.create", made.id, name=made.name, members=made.members)
    return made


@get("/api/groups/{group_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def read(group_id: FromPath[str], database: NamedDependency[Database]) -> Group:
    """One group."""
    return groups.get(database, group_id)


@patch("/api/groups/{group_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def change(
    group_id: FromPath[str],
    data: JSONBody[GroupChanges],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
) -> Group:
    """Change what is given; who is in or out may read more or less from the next request on."""
    changes: dict[str, Any] = {
        field: value for field, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    with database.write() as writer:
        before = set(groups.get(database, group_id).members)
        changed = groups.change(writer, group_id, **changes)
        audit.record(
            writer,
            caller,
            "group.change",
            group_id,
            name=changed.name,
            joined=sorted(set(changed.members) - before),
            left=sorted(before - set(changed.members)),
        )
    return changed


@delete("/api/groups/{group_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def remove(
    group_id: FromPath[str], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> None:
    """Remove a group that no collection names any more."""
    with database.write() as writer:
        removed = groups.remove(writer, group_id)
        audit.record(writer, caller, "group.remove", group_id, name=removed.name)


routes = [index, create, read, change, remove]
