"""Who is asking, and whether this route is for them: decided here and nowhere else.

Every route states who may call it, in its ``who`` option:

    @get("/api/documents/{id:str}", who=person("admin", "editor") | key("documents:read"))

``admit`` is the application's only guard. It finds out the caller, compares with the
statement, and hands the caller to the handler as the dependency ``caller``. A route
without a statement is refused at assembly (``check_routes``) and, should that check be
gone round, at every request.

Three promises. An ``Authorization`` header is the whole of what the request claims: a
bad one is 401, never a fall back to the cookie beside it. Credentials in the address
are never read, and a key there is refused: it would stand in every log on its way. A
request that changes something and rides on a cookie (or could plant one) must come from
the appliance's own pages.

Rights to a *route* are no secret (403); *things* a caller may not see do not exist
(404), which is for handlers to say by way of ``rights``.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from appliance import keys, options, visitors
from appliance.database import Database
from appliance.errors import NotAllowed, NotFound, NotSignedIn, UnsupportedType
from appliance.records import Caller, Role, Scope
from appliance.settings import Settings
from appliance.signin import policy, sessions

ROLES: frozenset[Role] = frozenset(get_args(Role))
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURE_COOKIE, PLAIN_COOKIE = "__Host-balcao", "balcao"

# A write waits for the worker's, up to seconds, and the event loop for nobody.
NOTING = ThreadPoolExecutor(1, thread_name_prefix="noting")

Connection = ASGIConnection[Any, Any, Any, Any]
Later = Callable[[Callable[[], None]], object]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """A route's statement of who may call it. Statements join with ``|``."""

    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    visitor: bool = False
    anyone: bool = False
    elsewhere: bool = False  # may be called from other sites' pages (the widget's loader)

    def __or__(self, other: "Who") -> "Who":
        return Who(
            roles=self.roles | other.roles,
            scopes=self.scopes | other.scopes,
            visitor=self.visitor or other.visitor,
            anyone=self.anyone or other.anyone,
            elsewhere=self.elsewhere or other.elsewhere,
        )

    def admits(self, caller: Caller | None) -> bool:
        """Whether the statement covers this caller; ``anyone`` covers nobody, too."""
        if self.anyone:
            return True
        if caller is None:
            return False
        if caller.kind == "person":
            return caller.role in self.roles
        if caller.kind == "key":
            return any(caller.may(scope) for scope in self.scopes)
        return caller.kind == "visitor" and self.visitor


def person(*roles: Role) -> Who:
    """A signed-in person of one of these roles; without roles, any person."""
    return Who(roles=frozenset(roles) or ROLES)


def key(*scopes: Scope) -> Who:
    """A key that holds one of these scopes (``admin`` holds them all)."""
    return Who(scopes=frozenset(scopes))


def visitor() -> Who:
    """A visitor of the widget, in their own assistant."""
    return Who(visitor=True)


def anyone(*, elsewhere: bool = False) -> Who:
    """No credential needed. ``elsewhere``: pages of other sites may call it, too."""
    return Who(anyone=True, elsewhere=elsewhere)


ADMINISTRATORS = person("admin") | key("admin")
EDITORS = person("admin", "editor")
READERS = person("admin", "editor", "member")


def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of every route; keeps the caller in the request's state.

    Raises ``NotSignedIn`` (``key_in_address``), ``NotAllowed`` (``not_allowed``, ``cross_site``),
    ``UnsupportedType`` (``not_json``, ``compressed_body``) and ``NotFound``.
    """
    who = handler.opt.get("who")
    if not isinstance(who, Who):
        raise NotFound
    if keys.IN_AN_ADDRESS.search(b"?" + connection.scope["query_string"]):
        raise NotSignedIn("key_in_address")
    # A page of another site never acts as the person whose browser shows it.
    caller, rides_on_cookie = (None, False) if who.elsewhere else find_caller(connection)
    connection.scope["state"] |= {"caller": caller, "admitted_at": datetime.now(UTC)}
    if caller is None and not who.anyone:
        raise NotSignedIn("not_signed_in")
    if connection.scope.get("method") not in SAFE_METHODS:
        if rides_on_cookie or (who.anyone and not who.elsewhere):
            same_site(connection)
        expected_body(connection, handler.opt.get("accepts", "application/json"))
    if not who.admits(caller):
        raise NotAllowed("not_allowed")
    if caller is not None and not handler.opt.get("before_second_factor"):
        second_factor_first(connection.app.state.database, caller)


def find_caller(connection: Connection, later: Later = NOTING.submit) -> tuple[Caller | None, bool]:
    """Who the request says it is, and whether only a cookie says so.

    ``later`` is given what notes that a session or a key is in use.
    Raises ``NotSignedIn`` for a credential in ``Authorization`` that is not (or no
    longer) good: a program must learn that its key was taken away.
    """
    state = connection.app.state
    claims = connection.headers.getall("authorization", [])
    if claims:
        return _bearer(connection, claims, later), False
    token = connection.cookies.get(cookie_name(state.settings), "")
    if not token:
        return None, False
    return sessions.resolve(state.database, token, later=later), True


def _bearer(connection: Connection, claims: list[str], later: Later) -> Caller:
    state = connection.app.state
    scheme, _, token = claims[0].partition(" ")
    caller: Caller | None = None
    if len(claims) == 1 and scheme.lower() == "bearer":
        if token.startswith(keys.PREFIX):
            language = state.settings.language
            caller = keys.resolve(
                state.database,
                token,
                language=language,
                address=address(connection),
                later=later,
            )
        elif token.startswith(visitors.PREFIX):
            caller = _visitor(connection, token)
    if caller is None:
        raise NotSignedIn("not_signed_in")
    return caller


def _visitor(connection: Connection, token: str) -> Caller | None:
    """A visitor, on the page their token was made for or inside the appliance's iframe."""
    state = connection.app.state
    origins = connection.headers.getall("origin", [])
    if len(origins) > 1:
        return None
    foreign = [origin for origin in origins if not own_origin(connection, origin)]
    return visitors.resolve(
        state.database,
        token,
        origin=foreign[0] if foreign else None,
        # Minutes are what such a token lasts: an answer may take longer than what is left.
        now=connection.scope["state"].get("admitted_at"),
    )


def still_stands(connection: Connection) -> bool:
    """Whether the caller of a request that was admitted would still be found by what it
    brought: nobody signed out, was sent away, lost the key or the widget since then.

    Nothing is noted: a window that only listens keeps no session alive."""
    before: Caller | None = connection.scope["state"].get("caller")
    try:
        now, _ = find_caller(connection, later=lambda note: None)
    except NotSignedIn:
        return False
    return before is None or (now is not None and now.id == before.id)


def second_factor_first(database: Database, caller: Caller) -> None:
    """Raise ``NotAllowed`` (``second_factor_needed``) for a person who has to have a second
    factor and has none: with the password alone they may set one up, and nothing else."""
    without = caller.kind == "person" and not caller.second_factor
    if without and second_factor_required(database, caller):
        raise NotAllowed("second_factor_needed")


def second_factor_required(database: Database, caller: Caller) -> bool:
    """Whether the house wants a person of this role to have a second factor."""
    return policy.second_factor_required(options.read(database, policy.SignIn), caller.role)


def cookie_name(settings: Settings) -> str:
    """Browsers take ``__Host-`` only with Secure, so only behind https."""
    return SECURE_COOKIE if is_https(settings) else PLAIN_COOKIE


def is_https(settings: Settings, scope: Mapping[str, Any] | None = None) -> bool:
    """Whether people reach the appliance by https, or this request came by it (which a
    trusted proxy tells: ``proxies``)."""
    came = scope is not None and scope.get("scheme") == "https"
    return came or settings.address.lower().startswith("https://")


def same_site(connection: Connection) -> None:
    """Refuse a change that another site's page asks for. Raises ``NotAllowed`` (``cross_site``).

    Browsers that know ``Sec-Fetch-Site`` send it on https and on localhost; on plain http
    they send ``Origin`` with every POST. A program that sends neither has no cookie to steal.
    """
    fetch_site = connection.headers.getall("sec-fetch-site", [])
    origins = connection.headers.getall("origin", [])
    ours = all(value in ("same-origin", "none") for value in fetch_site)
    if not ours or len(origins) > 1 or not all(own_origin(connection, one) for one in origins):
        raise NotAllowed("cross_site")


def own_origin(connection: Connection, origin: str) -> bool:
    """Whether an Origin is the appliance itself: its address, or the host it was asked by."""
    settings: Settings = connection.app.state.settings
    parts = urlsplit(origin.lower())
    own = urlsplit(settings.address.lower())
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    # Both ends were checked: ``middleware`` lets only hosts of the appliance through.
    return parts.scheme in ("http", "https") and parts.netloc == connection.headers.get("host", "")


def expected_body(connection: Connection, accepts: str) -> None:
    """A body must be what the route reads, said by its media type, and not compressed.

    Form encodings and ``text/plain`` are what other sites' pages may send unasked.
    """
    headers = connection.headers
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedType("compressed_body")
    empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    if empty or accepts == "*/*":
        return
    if headers.get("content-type", "").partition(";")[0].strip().lower() != accepts:
        code = "not_json" if accepts == "application/json" else "unexpected_body"
        raise UnsupportedType(code, accepts=accepts)


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The dependency ``caller``. Raises ``NotSignedIn`` where ``anyone`` came as nobody."""
    found = provide_maybe_caller(request)
    if found is None:
        raise NotSignedIn("not_signed_in")
    return found


def provide_maybe_caller(request: Request[Any, Any, Any]) -> Caller | None:
    """The dependency ``maybe_caller``: the caller, or None on a route for anyone."""
    caller: Caller | None = request.scope["state"].get("caller")
    return caller


def address(request: Connection) -> str:
    """The network address of who asks: the peer's, or what a trusted proxy says (``proxies``)."""
    return request.client.host if request.client else "unknown"


def unguarded(app: Litestar) -> list[str]:
    """Routes that do not say who may call them, as "METHOD /path"."""
    bare = []
    for route in app.routes:
        for handler in _handlers(route):
            if _made_by_litestar(handler) or isinstance(handler.opt.get("who"), Who):
                continue
            methods = getattr(handler, "http_methods", None) or {"ASGI"}
            bare += [f"{method} {route.path}" for method in methods]
    return sorted(bare)


def _handlers(route: Any) -> Sequence[BaseRouteHandler]:
    return route.route_handlers if isinstance(route, HTTPRoute) else [route.route_handler]


def _made_by_litestar(handler: BaseRouteHandler) -> bool:
    """Litestar adds an OPTIONS handler to each path; without ``who`` it answers 404."""
    return getattr(handler.fn, "__module__", "") == "litestar.routes.http"


def check_routes(app: Litestar) -> None:
    """Refuse to start with a route that does not say who may call it.

    Raises ``RuntimeError`` that names the routes.
    """
    if bare := unguarded(app):
        raise RuntimeError(f"routes without a `who` statement: {', '.join(bare)}")


GUARDS = [admit]
DEPENDENCIES = {
    "caller": Provide(provide_caller, sync_to_thread=False),
    "maybe_caller": Provide(provide_maybe_caller, sync_to_thread=False),
}

__all__ = [
    "ADMINISTRATORS",
    "DEPENDENCIES",
    "EDITORS",
    "GUARDS",
    "READERS",
    "Who",
    "address",
    "admit",
    "anyone",
    "check_routes",
    "key",
    "person",
    "same_site",
    "still_stands",
    "unguarded",
    "visitor",
]
