"""Connections that lead nowhere are closed: who sends no request, and who takes no answer.

uvicorn waits for the end of a request's head for as long as it takes, and for a reader for as
long as the kernel does, which is for ever. A proxy before the appliance does as much, and not
every house has one. (Bodies that stop coming are ``api.requests``'s, which can answer.)
"""

import asyncio
import contextlib
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 20.0  # for a request's first line and headers, from their first byte
TCP, USER_TIMEOUT = 6, 18  # IPPROTO_TCP and TCP_USER_TIMEOUT: nothing here opens a socket
UNREAD_SECONDS = 60.0  # in which the other side takes nothing of what is there for it


class Guarded(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two, chosen by uvicorn
    """uvicorn's own protocol with these two limits."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody came: their first request is waited for."""
        super().connection_made(transport)
        if (line := transport.get_extra_info("socket")) is not None:
            with contextlib.suppress(OSError):  # a Unix socket has no such thing
                line.setsockopt(TCP, USER_TIMEOUT, int(UNREAD_SECONDS * 1000))
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Something came: the head of a request, a part of it, or what belongs to it."""
        if not self._has_request() and self._head is None:
            self._await_head()
        super().data_received(data)
        if self._has_request():
            self._forget_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They left."""
        self._forget_head()
        super().connection_lost(exc)

    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._head = None
        if not self._has_request():
            self.transport.abort()

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
