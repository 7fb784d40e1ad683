"""What visitors are told before they may ask: its versions, and that a visitor accepts one."""

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, conversations, holds, notices
from appliance.api import guards, rights
from appliance.api.guards import EDITORS, key
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.notices import Notice
from appliance.records import Caller, Record

ACCEPTANCE = "/api/widget/acceptance"


class Versions(Record, frozen=True):
    """A page of a notice's versions."""

    items: list[Notice]
    next: str | None


class Accepted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The version that was shown."""

    version: int


@get(
    "/api/assistants/{assistant_id:str}/notices",
    who=EDITORS | key("admin"),
    sync_to_thread=True,
)
def index(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> Versions:
    """Every version of an assistant's notice as visitors were shown it, newest first."""
    found = rights.assistant(database, caller, assistant_id)
    notices.current(database, found.id)
    before = _version(cursor)
    shown = notices.every(database, found.id, before=before, limit=limit + 1)
    more = str(shown[limit - 1].version) if len(shown) > limit else None
    return Versions(items=shown[:limit], next=more)


@post(ACCEPTANCE, who=guards.visitor(), status_code=200, sync_to_thread=True)
def accept(
    data: JSONBody[Accepted],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Notice:
    """Accept the notice that was shown; without it no question is taken. 409 where another
    version is in force by now."""
    return notices.accept(database, caller, data.version)


@delete(ACCEPTANCE, who=guards.visitor(), sync_to_thread=True)
def take_back(database: NamedDependency[Database], caller: NamedDependency[Caller]) -> None:
    """Take a consent back: the visitor's conversations are erased with it. 409 where a legal
    hold keeps one of them."""
    for one in conversations.every(database, caller, limit=1000):
        holds.check(database, "conversation", one.id)
    with database.write() as db:
        notices.take_back(db, caller)
        erased = conversations.erase_of(db, caller)
        audit.record(db, caller, "consent.take_back", caller.id, conversations=erased)


def _version(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadRequest("bad_request", reason="cursor")
    return int(cursor or 0)


routes = [index, accept, take_back]
