"""The versions of an assistant's settings over HTTP, and the way back to one."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import assistants, audit, engines, flows, versions
from appliance.api import rights
from appliance.api.assistants import shown
from appliance.api.guards import EDITORS, key
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit
from appliance.database import Database, Writer
from appliance.reach import administers
from appliance.records import Assistant, Caller, Record
from appliance.versions import Version

VERSIONS = "/api/assistants/{assistant_id:str}/versions"
WHO = EDITORS | key("admin")


class Versions(Record, frozen=True):
    """A page of an assistant's versions."""

    items: list[Version]
    next: str | None


@get(VERSIONS, who=WHO, sync_to_thread=True)
def index(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> Versions:
    """Who changed what of an assistant's settings, newest first."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    before = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else 0
    page = versions.every(database, found.id, before=before, limit=limit + 1)
    more = str(page[limit - 1].number) if len(page) > limit else None
    return Versions(items=page[:limit], next=more)


@post(VERSIONS + "/{number:int}/restore", who=WHO, status_code=200, sync_to_thread=True)
def restore(
    assistant_id: FromPath[str],
    number: FromPath[int],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Set everything as it was in a version, flows too, which becomes the newest one. Which engine
    writes stays as it is, unless an administrator goes back, and where that one is gone."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    with database.write() as db:
        changes = _wanted(database, caller, found, number)
        _restore_flows(db, database, found.id, changes.pop("flows", {}))
        changed = assistants.change(db, found.id, changes)
        versions.keep(db, caller, "restored", changed, found)
        audit.record(
            db, caller, "assistant.restore", found.id, collections=changed.collections,
            version=number, **({"engine": changes["engine"]} if "engine" in changes else {}),
        )  # fmt: skip
    reached = rights.reach(database, caller)
    return shown(rights.narrowed(changed, reached), reached)


def _restore_flows(db: Writer, database: Database, assistant_id: str, kept: dict[str, Any]) -> None:
    wanted = flows.restored(kept)
    if wanted != flows.of(database, assistant_id):
        flows.store(db, assistant_id, wanted)


def _wanted(database: Database, caller: Caller, found: Assistant, number: int) -> dict[str, Any]:
    wanted = versions.settings(database, found.id, number if number < 2**53 else 0)
    engine = wanted.pop("engine", found.engine)
    there = engine is None or engine in {one.id for one in engines.every(database)}
    if engine != found.engine and there and administers(caller):
        wanted["engine"] = engine
    return wanted


routes = [index, restore]
