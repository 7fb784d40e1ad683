"""A line in the log for every request: which route, what came of it, how long it took.

The route is told as it is written in the code, so that no id, name or secret of an address
gets into the log; a request that no route knew is told without any.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})  # asked every few seconds

log = logging.getLogger("appliance.requests")


class Told:
    """Around the whole application: what it tells, it tells whatever became of the request.
    ``count`` gets each status, 0 where nobody got an answer."""

    def __init__(self, app: ASGIApp, count: Callable[[int], object]) -> None:
        self.app = app
        self.count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 0

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            self.count(status)
            _tell(scope, status, time.perf_counter() - begun)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    state: dict[str, Any] = scope.get("state") or {}
    route = scope.get("path_template")
    if route in QUIET and status < 400:
        return
    caller = state.get("caller")
    method = scope.get("method", "")
    facts = {
        "request": state.get("request_id", ""),
        "method": method if method in METHODS else "other",
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "caller": f"{caller.kind}:{caller.id}" if caller else None,
    }
    level = logging.WARNING if status >= 500 or not status else logging.INFO
    log.log(level, "request", extra={"facts": facts})
