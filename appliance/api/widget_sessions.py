"""A visitor's session: the only route that pages of other sites may call.

The widget's loader asks from the host page. The page's origin must be one of those the
assistant lists, exactly; only then does the answer carry the headers that let the page
read it. No credentials are ever allowed along, and the token lives in the page's memory.
"""

from typing import Any

import msgspec
from litestar import Request, Response, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath, JSONBody

from appliance import throttle, visitors
from appliance.api import guards, rights
from appliance.database import Database
from appliance.visitors import Admission

SESSIONS = 30  # per address and fifteen minutes
PATH = "/api/widget/{public_id:str}/session"


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The loader sends no facts: a session's id and token are made here."""


@post(PATH, who=guards.anyone(elsewhere=True), request_max_body_size=1024, sync_to_thread=True)
def create(
    request: Request[Any, Any, Any],
    public_id: FromPath[str],
    database: NamedDependency[Database],
    data: JSONBody[Nothing | None] = None,
) -> Response[Admission]:
    """Let a visitor in for a quarter of an hour."""
    rights.visitors_welcome(database, public_id)
    listed = visitors.welcome(database, public_id, _origin(request))
    throttle.take(database, throttle.bucket("widget", guards.address(request), limit=SESSIONS))
    admission = visitors.begin(database, public_id, listed)
    return Response(admission, headers=_allow(request))


@route(
    PATH,
    http_method=[HttpMethod.OPTIONS],
    who=guards.anyone(elsewhere=True),
    status_code=204,
    sync_to_thread=True,
)
def preflight(
    request: Request[Any, Any, Any], public_id: FromPath[str], database: NamedDependency[Database]
) -> Response[None]:
    """A browser's question before it lets the page send JSON."""
    rights.visitors_welcome(database, public_id)
    visitors.welcome(database, public_id, _origin(request))
    headers = _allow(request) | {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(None, status_code=204, headers=headers)


def _origin(request: Request[Any, Any, Any]) -> str | None:
    origins = request.headers.getall("origin", [])
    return origins[0] if len(origins) == 1 else None


def _allow(request: Request[Any, Any, Any]) -> dict[str, str]:
    # Browsers compare the answer with what they sent, letter by letter.
    return {"Access-Control-Allow-Origin": _origin(request) or "", "Vary": "Origin"}


# In this order: Litestar adds an OPTIONS handler of its own to a path that has none yet.
routes = [preflight, create]
