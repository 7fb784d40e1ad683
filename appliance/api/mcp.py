"""The assistants as tools of programs that speak MCP (streamable HTTP), by key.

Every request stands for itself, so there is no session to open with GET or to end with
DELETE. What the tools are is in ``mcp_tools``; the protocol is in ``mcp_server``.
"""

import asyncio
from functools import partial
from importlib import import_module
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.types import ASGIApp

from appliance.answering.flow import Answering
from appliance.api import guards, problems, streams
from appliance.api.guards import key
from appliance.api.mcp_tools import Desk
from appliance.database import Database
from appliance.records import Caller
from appliance.settings import Settings

BODY_LIMIT = 1_000_000  # bytes


@post(
    "/mcp",
    who=key("ask", "search", "documents:read"),
    status_code=200,
    sends={"type": "object", "description": "One message of JSON-RPC 2.0."},
    gives={"application/json": dict[str, Any]} | streams.EVENT_STREAM,
    responses={
        202: ResponseSpec(None, description="A notification, which has no answer."),
        406: ResponseSpec(
            dict[str, Any], description="`Accept` names neither JSON nor a stream of events."
        ),
    },
)
async def serve(
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> ASGIApp:
    """One message of MCP, answered as JSON or as a stream of events."""
    guards.same_site(request)  # a key does not ride on a cookie, but MCP wants Origin checked
    desk = Desk(
        database=database,
        settings=settings,
        answering=answering,
        caller=caller,
        language=problems.language(request),
        standing=partial(guards.still_stands, request),
    )
    server = await asyncio.to_thread(import_module, "appliance.api.mcp_server")
    application: ASGIApp = server.served(desk, body_limit=BODY_LIMIT)
    return application


routes = [serve]
