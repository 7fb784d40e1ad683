"""The web server as a service: systemd hears when it is ready, that it lives, and that it stops.

Readiness is told when the port is open, not before. The beat comes from the event loop and
asks each time whether the model runner lives: where one of them stands still for as long as
the unit allows, it stops, and systemd starts the whole again.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import uvicorn

from appliance.systemd import Channel

log = logging.getLogger("appliance")


class Announced(uvicorn.Server):
    """A server that keeps ``channel`` told. ``status`` is what it says of itself while all is
    well; ``ailment`` blocks for some seconds at most and gives what is wrong, "" for nothing."""

    def __init__(
        self,
        config: uvicorn.Config,
        channel: Channel,
        *,
        status: str,
        ailment: Callable[[], str] = str,
    ) -> None:
        super().__init__(config)
        self._channel = channel
        self._status = status
        self._ailment = ailment
        self._beating: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port, then say so. Does not where the start failed."""
        await super().startup(sockets)
        if not self.started:
            return
        self._channel.tell("READY=1", f"STATUS={self._status}")
        if self._channel.beat is not None:
            self._beating = asyncio.create_task(self._beat(self._channel.beat))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so, then let running answers end."""
        self._channel.tell("STOPPING=1")
        await super().shutdown(sockets)
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating

    async def _beat(self, every: float) -> None:
        loop = asyncio.get_running_loop()
        # A thread of its own: those of the application may all be busy, which is no illness.
        beside = ThreadPoolExecutor(1, thread_name_prefix="beat")
        try:
            while True:
                ailment = await loop.run_in_executor(beside, self._ailment)
                if ailment:
                    log.error("%s", ailment)
                    self._channel.tell(f"STATUS={ailment}")
                else:
                    self._channel.tell("WATCHDOG=1", f"STATUS={self._status}")
                await asyncio.sleep(every)
        finally:
            beside.shutdown(wait=False)
