"""Who stops sending keeps no place: a request whose body stands still, or trickles, is refused.

uvicorn waits for the rest of a body for as long as the sender pleases, with the thread, the file
and the place in the line that belong to it. Here the wait ends with 408 and a sentence, and what
was held is freed as for any other refusal. A slow line is no offence: ``RATE`` bytes a second do.
"""

import asyncio
import time

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from appliance.errors import TimedOut

STILL_SECONDS = 30.0  # without a byte
ALLOWANCE_SECONDS = 45.0  # for the whole body, and more with each ``RATE`` bytes that came
RATE = 256


class Hurried:
    """Around the whole application: a body comes, or is no longer waited for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            receive = _Body(receive).next
        await self.app(scope, receive, send)


class _Body:
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._begun = time.monotonic()
        self._bytes = 0
        self._whole = False

    async def next(self) -> HTTPReceiveMessage:
        """The next part. Raises ``TimedOut`` (``body_stalled``); what comes after the body, which
        is that the sender left, is waited for without end."""
        if self._whole:
            return await self._receive()  # type: ignore[return-value]
        try:
            async with asyncio.timeout(self._patience()):
                message = await self._receive()
        except TimeoutError:
            raise TimedOut("body_stalled") from None
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        return message  # type: ignore[return-value]

    def _patience(self) -> float:
        until = self._begun + ALLOWANCE_SECONDS + self._bytes / RATE
        return max(0.0, min(STILL_SECONDS, until - time.monotonic()))
