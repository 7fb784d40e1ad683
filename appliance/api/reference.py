"""The OpenAPI document: what every route takes and gives, read off the running application.

Nobody writes it. Litestar tells paths and parameters; ``msgspec``, which reads bodies and
writes answers, tells their shapes; the statement ``who`` tells which credentials open a
route; and the refusals a caller must be ready for follow from the method and the path. Two
things the code of a handler does not show stand in its options:

    gives={"application/json": Answer, "text/event-stream": str}    what an answer may be
    sends={"type": "object", …}     the schema of a body that the handler reads by itself

For administrators: it lists every door of the house.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.response import File
from litestar.routes import HTTPRoute
from litestar.utils import get_enum_string_value
from litestar.utils.helpers import unwrap_partial

from appliance import __version__
from appliance.api import problems
from appliance.api.guards import ADMINISTRATORS, SAFE_METHODS, Who, cookie_name
from appliance.settings import Settings

SCHEMAS = "#/components/schemas/{name}"
BINARY: dict[str, Any] = {}  # OpenAPI 3.1: bytes of another media type have no schema
REFUSALS = {
    400: "Something in the request cannot be taken as it is.",
    401: "No credential, or one that is not (or no longer) good.",
    403: "Not for this caller, or asked from another site's page.",
    404: "Not there, or not there for this caller.",
    409: "Stands against what is there already.",
    413: "The body is too large.",
    415: "The body is of a kind that this route does not read.",
    422: "The content cannot be read or used.",
    429: "Too often; `Retry-After` says for how long.",
    503: "Cannot be done at the moment; `Retry-After` says for how long, where it is known.",
    507: "No space left.",
}
WAITS = {429, 503}

Json = dict[str, Any]


class Page(msgspec.Struct):
    """A part of a list; ``next`` is the ``cursor`` that goes on from here, null at the end."""

    items: list[Json]
    next: str | None


class _Unserved(Router):
    """Litestar would serve the document to anybody, beside pages that load from elsewhere."""

    def register(self, value: Any) -> list[Any]:
        return []


def config() -> OpenAPIConfig:
    """What makes Litestar describe its routes, and serve nothing of it."""
    return OpenAPIConfig(
        title="Balcão",
        version=__version__,
        use_handler_docstrings=True,
        openapi_router=_Unserved("/api/openapi", route_handlers=[]),
    )


class Route(msgspec.Struct, frozen=True):
    """One operation: where it is, and the handler that answers."""

    path: str  # as OpenAPI writes it
    method: str  # in small letters
    handler: HTTPRouteHandler

    @property
    def who(self) -> Who:
        stated: Who = self.handler.opt["who"]
        return stated

    @property
    def function(self) -> Callable[..., Any]:
        """The handler as it was written."""
        return unwrap_partial(self.handler.fn)

    @property
    def changes(self) -> bool:
        return self.method.upper() not in SAFE_METHODS

    @property
    def accepts(self) -> str:
        """The media type of the body."""
        return str(self.handler.opt.get("accepts", "application/json"))

    @property
    def takes(self) -> Any:
        """The type of the JSON body; None where the handler has none of its own."""
        field = self.handler.parsed_fn_signature.parameters.get("data")
        return field.raw if field else None

    @property
    def gives(self) -> Mapping[str, Any]:
        """The type of the answer by its media type; empty where there is no content."""
        if "gives" in self.handler.opt:
            stated: Mapping[str, Any] = self.handler.opt["gives"]
            return stated
        signature = self.handler.parsed_fn_signature
        given = signature.return_type.annotation
        if "cursor" in signature.parameters:
            given = Page
        if get_origin(given) is Response:
            (given,) = get_args(given)
        if given in (None, NoneType):
            return {}
        media_type = get_enum_string_value(self.handler.media_type or "application/json")
        return {media_type.partition(";")[0]: bytes if given is File else given}


def routes_of(app: Litestar) -> Iterator[Route]:
    """Every operation of the application that says who may call it, pages and files aside."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if "who" in handler.opt and handler.resolve_include_in_schema():
                    yield Route(route.path_format, method.lower(), handler)


@lru_cache(maxsize=1)
def document(app: Litestar) -> Json:
    """The OpenAPI 3.1 document of this application."""
    written: Json = app.openapi_schema.to_schema()
    routes = list(routes_of(app))
    shapes = _Shapes(routes)
    for route in routes:
        _describe(written["paths"][route.path or "/"][route.method], route, shapes)
    settings: Settings = app.state.settings
    written["info"]["description"] = "Every error is one shape; `code` is stable."
    written["servers"] = [{"url": settings.address}]
    written["components"] = {
        "schemas": shapes.named,
        "responses": dict(_refusals(shapes)),
        "securitySchemes": {
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": cookie_name(settings),
                "description": "A person who signed in; the roles let in are listed.",
            },
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A program's key (`bk_…`); one of the scopes listed, or `admin`.",
            },
            "visitor": {
                "type": "http",
                "scheme": "bearer",
                "description": "A visitor of a widget (`bw_…`), in its own assistant.",
            },
        },
    }
    return written


class _Shapes:
    """The JSON schemas of all bodies, each named type once."""

    def __init__(self, routes: list[Route]) -> None:
        self.types: list[Any] = [problems.Document, problems.OpenAIError]
        for route in routes:
            self.types += [kind for kind in (route.takes, *route.gives.values()) if kind]
        schemas, self.named = msgspec.json.schema_components(self.types, ref_template=SCHEMAS)
        self.schemas = list(schemas)

    def of(self, kind: Any) -> Json:
        """The schema of a type; raises ``ValueError`` for one that no route named."""
        return BINARY if kind is bytes else dict(self.schemas[self.types.index(kind)])


def _describe(operation: Json, route: Route, shapes: _Shapes) -> None:
    operation["summary"] = operation.get("description", "").partition(".")[0].partition("\n")[0]
    operation["tags"] = [route.function.__module__.rpartition(".")[2]]
    operation["security"] = list(_security(route.who))
    operation.pop("deprecated", None)
    if body := _body(route, shapes):
        operation["requestBody"] = body
    done = operation["responses"][str(route.handler.status_code)]
    done.pop("headers", None)
    done["content"] = {
        media_type: {"schema": shapes.of(kind)} for media_type, kind in route.gives.items()
    }
    also = {
        str(status): operation["responses"][str(status)] for status in route.handler.responses or ()
    }
    operation["responses"] = (
        {str(route.handler.status_code): done}
        | also
        | {
            str(status): {"$ref": f"#/components/responses/{_named(status, route.path)}"}
            for status in refusals(route)
        }
    )


def _body(route: Route, shapes: _Shapes) -> Json | None:
    sends = route.handler.opt.get("sends")
    kind = route.takes
    if kind is None and sends is None and "accepts" not in route.handler.opt:
        return None
    schema = shapes.of(kind) if kind is not None else sends or BINARY
    optional = kind is not None and _may_be_none(kind)
    return {"required": not optional, "content": {route.accepts: {"schema": schema}}}


def _may_be_none(kind: Any) -> bool:
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return NoneType in get_args(kind)


def _security(who: Who) -> Iterator[Json]:
    """One entry for each way in; OpenAPI reads them as alternatives."""
    if who.anyone:
        return
    for role in sorted(who.roles):
        yield {"session": [role]}
    for scope in sorted(who.scopes):
        yield {"key": [scope]}
    if who.visitor:
        yield {"visitor": []}


def refusals(route: Route) -> list[int]:
    """The statuses of refusal that a caller of this route must be ready for.

    By rule, and a little more than each route really says: what a handler calls may refuse
    in ways that its own code does not show, and a client that handles the list is right
    whatever is built behind it. What a rule does not foresee, a handler says (``refuses``).
    """
    found = {400, 503}
    if not route.who.elsewhere:
        found.add(401)  # a bad Authorization header, even where none is needed
    if not route.who.anyone or route.changes or route.who.elsewhere:
        found.add(403)
    if "{" in route.path or route.changes:
        found |= {404, 409, 422, 429}
    if route.changes:
        found |= {413, 415, 507}
    return sorted(found | set(route.handler.opt.get("refuses", ())))


def _named(status: int, path: str) -> str:
    family = "OpenAI" if path.startswith("/v1/") else "MCP" if path == "/mcp" else "Problem"
    return f"{family}{status}"


def _refusals(shapes: _Shapes) -> Iterator[tuple[str, Json]]:
    ours = {problems.MEDIA_TYPE: {"schema": shapes.of(problems.Document)}}
    theirs = {"application/json": {"schema": shapes.of(problems.OpenAIError)}}
    rpc = {"application/json": {"schema": {"type": "object"}}}  # JSON-RPC has errors of its own
    waits = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    for status, description in REFUSALS.items():
        for path, content in (("/api/", ours), ("/v1/", theirs), ("/mcp", ours | rpc)):
            response: Json = {"description": description, "content": content}
            yield _named(status, path), response | ({"headers": waits} if status in WAITS else {})


@get("/api/openapi.json", who=ADMINISTRATORS, sync_to_thread=True)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """This document."""
    return document(request.app)


routes = [openapi]
