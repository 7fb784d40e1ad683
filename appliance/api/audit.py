"""The record of who did what, for administrators and auditors to read."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from appliance import audit
from appliance.api import guards
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database


@get("/api/audit", who=guards.person("admin", "auditor") | guards.key("admin"), sync_to_thread=True)
def index(
    database: NamedDependency[Database], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = ""
) -> dict[str, Any]:
    """The latest acts first."""
    return listed(audit.newest(database, limit=limit + 1, before=cursor), limit)


routes = [index]
