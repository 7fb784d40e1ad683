"""The official MCP client, speaking to a served house as either generation of programs does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import httpx2
from httpx import Response
from mcp.client.session import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from tests.api.served import Served

HANDSHAKE, DISCOVER = "handshake", "discover"  # up to 2025-11-25, and from 2026-07-28 on
SPOKEN = {"accept": "application/json, text/event-stream"}


@contextlib.asynccontextmanager
async def speaking(
    served: Served, secret: str, era: str = DISCOVER, **headers: str
) -> AsyncIterator[ClientSession]:
    """A client that has introduced itself."""
    headers = {"authorization": f"Bearer {secret}"} | headers
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
        streamable_http_client(f"{served.address}/mcp", http_client=http) as (read, write),
        ClientSession(read, write) as session,
    ):
        await (session.initialize() if era == HANDSHAKE else session.discover())
        yield session


def spoken(
    served: Served,
    say: Callable[[ClientSession], Awaitable[Any]],
    secret: str = "",
    era: str = DISCOVER,
    **headers: str,
) -> Any:
    """What ``say`` hears in a connection of its own, by a new key unless it brings one."""
    secret = secret or served.secret()

    async def whole() -> Any:
        async with speaking(served, secret, era, **headers) as session:
            return await say(session)

    return asyncio.run(whole())


def called(
    served: Served, tool: str, secret: str = "", era: str = DISCOVER, **arguments: Any
) -> CallToolResult:
    """What a tool tells."""
    return spoken(served, lambda session: session.call_tool(tool, arguments), secret, era)


def text(result: CallToolResult) -> str:
    """The text of a result."""
    (content,) = result.content
    return str(content.text)


def refusal(result: CallToolResult) -> str:
    """The sentence of a result that must be an error."""
    assert result.is_error
    assert result.structured_content is None
    return text(result)


def request(method: str, number: int = 1, **params: Any) -> dict[str, Any]:
    """A message as it lies in the body of a request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def sent(served: Served, secret: str, body: Any = None, **more: Any) -> Response:
    """A request without the client's help; ``more`` goes to httpx."""
    headers = SPOKEN | {"authorization": f"Bearer {secret}"} | more.pop("headers", {})
    method = more.pop("method", "POST")
    if body is not None:
        more["json"] = body
    return httpx.request(
        method, f"{served.address}/mcp", headers=headers, trust_env=False, timeout=20, **more
    )
