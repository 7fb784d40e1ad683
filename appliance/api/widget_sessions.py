"""A visitor's session: the only route that pages of other sites may call.

The widget's loader asks from the host page. The page's origin must be one of those the
assistant lists, exactly; only then does the answer carry the headers that let the page
read it. No credentials are ever allowed along, and the token lives in the page's memory.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath, JSONBody

from appliance import notices, visitors, widgets
from appliance.api import guards, limits, rights
from appliance.database import Database
from appliance.notices import Notice
from appliance.settings import Settings
from appliance.visitors import Admission

PATH = "/api/widget/{public_id:str}/session"


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``previous``: the token whose time is nearly up. A session's id and token are made
    here; one that never was, or is over, is no more than none."""

    previous: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Page(msgspec.Struct, kw_only=True):
    """How many questions the page may send, and how long one may be (characters)."""

    questions: int
    seconds: int
    question_length: int


class Config(msgspec.Struct, kw_only=True):
    """What anybody may know of a widget: these fields and no other."""

    assistant: visitors.Face
    limits: Page
    notice: Notice


@get("/api/widget/{public_id:str}/config", who=guards.anyone(), sync_to_thread=True)
def config(
    public_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Config:
    """What the widget's page shows before anybody is let in: a name, colours, texts, limits."""
    assistant = rights.visitors_welcome(database, public_id)
    face = visitors.face(database, public_id)
    return Config(
        assistant=face,
        limits=Page(
            questions=widgets.limits(database, assistant.id).per_session,
            seconds=widgets.SECONDS,
            question_length=settings.question_limit,
        ),
        notice=notices.current(database, assistant.id),
    )


@post(PATH, who=guards.anyone(elsewhere=True), request_max_body_size=8192, sync_to_thread=True)
def create(
    request: Request[Any, Any, Any],
    public_id: FromPath[str],
    database: NamedDependency[Database],
    data: JSONBody[Asked | None] = None,
) -> Response[Admission]:
    """Let a visitor in for a quarter of an hour, or for another one."""
    assistant = rights.visitors_welcome(database, public_id)
    origin, address = _origin(request), guards.address(request)
    visitors.welcome(database, public_id, origin)
    asked = data or Asked()
    following = visitors.resolve(database, asked.previous, origin=origin)
    if following and following.assistants != frozenset({assistant.id}):
        following = None
    limits.count_session(database, assistant.id, following.id if following else address)
    admission = visitors.begin(database, public_id, origin, address=address, following=following)
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
routes = [preflight, create, config]
