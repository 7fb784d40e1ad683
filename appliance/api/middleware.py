"""What every request passes before anything else, and every response on its way out.

``surround`` wraps the whole application, so that it also covers what Litestar answers by
itself (404, 405, a body too large). In: a number for the log, a Host that is ours, a
method we know. Out: the headers that tell browsers what a page of the appliance may do
and who may frame it. A header that a handler has set stays as it is.

``X-Forwarded-*`` is believed from the proxies of the settings alone (``proxies``), and
nothing behind looks at it; ``X-HTTP-Method-Override`` is never looked at.
"""

import asyncio
import ipaddress
import re
import secrets
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from appliance import logs, visitors
from appliance.api import problems, proxies
from appliance.api.guards import is_https
from appliance.api.requests import METHODS, Told
from appliance.api.senders import Hurried
from appliance.database import Database
from appliance.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HOST = re.compile(r"(?P<name>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?")
LONGEST_NAME = 255  # bytes of one part of a path
WIDGET_PAGE = re.compile(r"/w/(?P<public_id>[^/]+)/?")

CONTENT = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)
NO_FRAMES = "'none'"
# The console shows the widget before it is saved, on a page that stands for somebody's site.
STAGE = "/static/widget/stage.html"
PREVIEW = {"content-security-policy": CONTENT + "'self'", "x-frame-options": "SAMEORIGIN"}

Header = tuple[bytes, bytes]


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, database: Database) -> None:
        self.app = app
        self.settings = settings
        self.database = database
        self.hosts = known_hosts(settings)
        self.trusted = proxies.networks(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        scope = proxies.seen_through(scope, self.trusted)
        number = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        logs.REQUEST.set(number)
        added = await self._headers(scope, number)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in added if header[0] not in present),
                ]
            await send(message)

        if (problem := self._unfit(scope)) is not None:
            await _refuse(scope, dressed, self.settings, *problem)
            return
        await self.app(scope, receive, dressed)

    def _unfit(self, scope: HTTPScope) -> tuple[int, str] | None:
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1 or not self.knows(hosts[0].decode("latin-1")):
            return 400, "unknown_host"
        if scope.get("method") not in METHODS:
            return 405, "method_not_allowed"
        # No file system has such a name, and asking one for it is an error of its own.
        parts = scope["path"].split("/")
        if any(
            "\0" in part or len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts
        ):
            return 404, "not_found"
        return None

    def knows(self, host: str) -> bool:
        """Whether a Host header is a name of this appliance. The port does not matter: what
        is guarded against is a foreign *name* that leads here (DNS rebinding)."""
        found = HOST.fullmatch(host.lower())
        if found is None:
            return False
        name = found["name"]
        if name in self.hosts:
            return True
        # Until it has an address of its own, people reach it by the number of the machine.
        return not self.settings.public_url and _is_address(name.strip("[]"))

    async def _headers(self, scope: HTTPScope, number: str) -> list[Header]:
        path = scope["path"]
        values = {
            "x-request-id": number,
            "content-security-policy": CONTENT + NO_FRAMES,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "x-frame-options": "DENY",
        }
        if is_preview(path, scope["query_string"]):
            values |= PREVIEW
        elif page := WIDGET_PAGE.fullmatch(path):
            values |= await self._widget_page(page["public_id"])
        if path == "/widget.js":
            values["cross-origin-resource-policy"] = "cross-origin"
        if path.startswith(("/api", "/v1", "/mcp")):
            values["cache-control"] = "no-store"
        if is_https(self.settings, scope):
            values["strict-transport-security"] = "max-age=31536000"
        return [(name.encode(), value.encode()) for name, value in values.items() if value]

    async def _widget_page(self, public_id: str) -> dict[str, str]:
        origins = await asyncio.to_thread(visitors.frame_ancestors, self.database, public_id)
        if not origins:
            return {}
        return {
            "content-security-policy": CONTENT + " ".join(origins),
            "cross-origin-resource-policy": "cross-origin",
            "cross-origin-opener-policy": "",
            "x-frame-options": "",  # it knows no list of sites; frame-ancestors does
        }


def is_preview(path: str, query: bytes) -> bool:
    """Whether a page is the preview's: the console alone frames it, whatever sites are listed."""
    return path == STAGE or (query == b"preview" and WIDGET_PAGE.fullmatch(path) is not None)


def known_hosts(settings: Settings) -> frozenset[str]:
    """The names under which this appliance answers, as they stand in a Host header."""
    address = urlsplit(settings.address.lower())
    hosts = {*LOOPBACK, _bracketed(address.hostname or ""), _bracketed(settings.host.lower())}
    if not settings.public_url:
        machine = socket.gethostname().lower()
        hosts |= {machine, machine.partition(".")[0], f"{machine.partition('.')[0]}.local"}
    return frozenset(hosts - {""})


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(scope: HTTPScope, send: Send, settings: Settings, status: int, code: str) -> None:
    """A problem from before there is a request object."""
    wished = problems.accepted_language(_header(scope["headers"], b"accept-language"))
    number = scope["state"]["request_id"]
    body, media_type = problems.written(
        scope["path"], status, code, {}, wished or settings.language, number
    )
    headers: list[Header] = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _header(headers: Iterable[Header], wanted: bytes) -> str:
    values = (value.decode("latin-1") for name, value in headers if name.lower() == wanted)
    return next(values, "")


def surround(app: Litestar, count: Callable[[int], object] = lambda status: None) -> Litestar:
    """Put the edge around an assembled application (``state`` holds ``settings`` and
    ``database``); the same application. ``count`` gets the status of each request."""
    edge = Edge(app.asgi_handler, app.state.settings, app.state.database)
    app.asgi_handler = Told(Hurried(edge), count)
    return app
