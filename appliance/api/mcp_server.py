"""MCP as the library speaks it, around the tools of ``mcp_tools``.

Only ``mcp`` imports this module, and only once somebody calls: the library costs 0.7 s
and 55 MB, which those who never use it do not pay.

Nothing is kept between two requests: each has a server of its own, made around its
caller in a tenth of a millisecond and gone with the response. So nobody's session can be
taken over, a restart ends none, and a caller who leaves cancels what they asked for.
"""

import asyncio
import itertools
import logging
from typing import Any

import mcp_types
import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError

from appliance import __version__
from appliance.answering.stopping import Stop
from appliance.api import streams
from appliance.api.mcp_tools import TOOLS, Desk, Tool, schema
from appliance.errors import NotSignedIn, sentence

BEAT_SECONDS = 5.0  # clients give up after a minute in which they hear nothing

# They log bodies at ``debug``, questions and answers included, and every request at ``info``.
for library in ("mcp", "sse_starlette"):
    logging.getLogger(library).setLevel(logging.WARNING)

SCHEMAS = {tool.name: (schema(tool.takes), schema(tool.gives)) for tool in TOOLS}


def served(desk: Desk, *, body_limit: int) -> ASGIApp:
    """An application that answers one request, of at most ``body_limit`` bytes, at this desk."""

    async def listed(context: Any, _: Any) -> mcp_types.ListToolsResult:
        found = [_described(tool, desk) for tool in TOOLS if tool.admits(desk.caller)]
        return mcp_types.ListToolsResult(tools=found)

    async def called(
        context: Any, params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        tool = next((tool for tool in TOOLS if tool.name == params.name), None)
        if tool is None:
            raise MCPError(mcp_types.INVALID_PARAMS, f"Unknown tool: {params.name[:60]}")
        beat = asyncio.create_task(_beat(context.session))
        try:
            return await _called(tool, desk, params.arguments or {})
        finally:
            beat.cancel()

    server: Server[Any] = Server(
        "balcao",
        version=__version__,
        title="Balcão",
        instructions=sentence("mcp_instructions", {}, desk.language),
        on_list_tools=listed,
        on_call_tool=called,
    )
    manager = StreamableHTTPSessionManager(server, stateless=True, max_request_body_size=body_limit)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        async with manager.run():
            await manager.handle_request(scope, receive, send)  # type: ignore[arg-type]

    return application


async def _called(tool: Tool, desk: Desk, arguments: dict[str, Any]) -> mcp_types.CallToolResult:
    """What the tool tells. Its refusals are results too, so that a model may read them."""
    stop = Stop()
    try:
        told = await streams.apart(lambda: tool.call(desk, arguments, stop))
        if not await asyncio.to_thread(desk.standing):
            raise NotSignedIn("not_signed_in")
    except Exception as fault:  # noqa: BLE001 -- what nobody expected is logged there
        refusal = streams.told(fault)
        text = sentence(refusal.code, refusal.facts, desk.language)
        return mcp_types.CallToolResult(content=[_text(text)], is_error=True)
    finally:
        stop.set()
    return mcp_types.CallToolResult(
        content=[_text(told.text)], structured_content=msgspec.to_builtins(told.data)
    )


async def _beat(session: Any) -> None:
    """Tell a client that asked for progress how many seconds it has waited; others hear nothing."""
    for beat in itertools.count(1):
        await asyncio.sleep(BEAT_SECONDS)
        await session.report_progress(beat * BEAT_SECONDS)


def _described(tool: Tool, desk: Desk) -> mcp_types.Tool:
    takes, gives = SCHEMAS[tool.name]
    return mcp_types.Tool(
        name=tool.name,
        title=sentence(f"tool_{tool.name}_title", {}, desk.language),
        description=sentence(f"tool_{tool.name}", {}, desk.language),
        input_schema=takes,
        output_schema=gives,
        # ``ask`` keeps the question and its answer, as every other door does.
        annotations=mcp_types.ToolAnnotations(
            read_only_hint=tool.name != "ask", destructive_hint=False, open_world_hint=False
        ),
    )


def _text(text: str) -> mcp_types.TextContent:
    return mcp_types.TextContent(type="text", text=text)
