"""``GET /metrics`` for a monitoring system: without a login from this machine itself, else with a
key of scope ``admin`` or as an administrator."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from appliance import metrics
from appliance.answering.flow import Answering
from appliance.api import guards
from appliance.api.guards import ADMINISTRATORS, anyone
from appliance.database import Database
from appliance.errors import NotAllowed, NotSignedIn
from appliance.hosts import is_here
from appliance.metrics import Meters, Standing
from appliance.records import Caller
from appliance.settings import Settings
from appliance.status import Status

# What a proxy on this machine adds: whoever it speaks for is not here.
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


@get("/metrics", who=anyone(), refuses=(403,), media_type=metrics.TYPE, sync_to_thread=True)
def page(
    request: Request[Any, Any, Any],
    maybe_caller: NamedDependency[Caller | None],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    status: NamedDependency[Status],
    answering: NamedDependency[Answering],
    meters: NamedDependency[Meters],
) -> Response[bytes]:
    """Figures in the text format of Prometheus; no label names anybody or anything asked."""
    if maybe_caller is None and not _is_from_here(request):
        raise NotSignedIn("not_signed_in")
    if maybe_caller is not None and not ADMINISTRATORS.admits(maybe_caller):
        raise NotAllowed("not_allowed")
    standing = Standing(settings, database, status, answering.entrance)
    return Response(metrics.page(meters, standing), media_type=metrics.TYPE)


def _is_from_here(request: Request[Any, Any, Any]) -> bool:
    return is_here(guards.address(request)) and not any(one in request.headers for one in FORWARDED)


routes = [page]
