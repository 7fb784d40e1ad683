"""Health for machines, and the status page's facts for people."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from appliance import assistants
from appliance.api.guards import READERS, anyone, key
from appliance.database import Database
from appliance.records import Caller
from appliance.status import Status


@get("/health/live", who=anyone(), sync_to_thread=False)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/health/ready", who=anyone(), sync_to_thread=True)
def ready(database: NamedDependency[Database], status: NamedDependency[Status]) -> dict[str, str]:
    """Questions can be asked: the library opens, and what is asked can be kept. A language
    model is not needed for that."""
    assistants.every(database, limit=1)
    status.written.check()
    return {"status": "ok"}


@get("/api/system", who=READERS | key("admin"), sync_to_thread=True)
def system(status: NamedDependency[Status], caller: NamedDependency[Caller]) -> dict[str, Any]:
    """Version, address, models and parts."""
    return status.system(caller.language)


routes = [live, ready, system]
