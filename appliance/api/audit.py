"""The record of who did what, for administrators and auditors to read."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from appliance import audit
from appliance.api import guards, rights
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.records import Caller


@get("/api/audit", who=guards.person("admin", "auditor") | guards.key("admin"), sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The latest acts first, but for those about collections that are closed to the reader."""
    reached = rights.reach(database, caller)
    return listed(audit.newest(database, reach=reached, limit=limit + 1, before=cursor), limit)


routes = [index]
