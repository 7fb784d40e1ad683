"""Requests of the providers' libraries, sent through ``net.Gate``.

OpenAI's and Anthropic's libraries come with a client of their own, httpx2. Its transport is
replaced by this one, which hands each request to the gate's client and opens no connection
itself. Of the headers only those that the request needs go out: the libraries add the
machine's system and Python, and whatever the environment says.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx2

HEADERS = {
    "accept", "anthropic-beta", "anthropic-version", "authorization", "content-type", "x-api-key",
}  # fmt: skip


class Bridge(httpx2.AsyncBaseTransport):
    """A transport whose requests ``client`` sends: an httpx client of the gate."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request; the answer is taken piece by piece."""
        headers = {
            name: value for name, value in request.headers.items() if name.lower() in HEADERS
        }
        content = await request.aread()
        answer = await self._client.send(
            self._client.build_request(
                request.method, str(request.url), headers=headers, content=content
            ),
            stream=True,
        )
        return httpx2.Response(
            answer.status_code, headers=answer.headers.multi_items(), stream=_Coming(answer)
        )


class _Coming(httpx2.AsyncByteStream):
    """The body of an answer that is still coming."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_raw():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


def client(through: Any) -> httpx2.AsyncClient:
    """A client for the libraries that want httpx2's."""
    return httpx2.AsyncClient(transport=Bridge(through), trust_env=False)


def nowhere() -> httpx2.Client:
    """A client that sends nothing, for a library that wants one which it does not use."""
    return httpx2.Client(transport=httpx2.BaseTransport(), trust_env=False)
