"""From the decode thread to those who wait for its events."""

import asyncio
import threading

from appliance.models.wire import Event


class Post:
    """Carries events from the decode thread into the loop, those of one step together:
    waking the loop is what they cost."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._sent: list[tuple[asyncio.Queue[Event], Event]] = []

    def send(self, queue: asyncio.Queue[Event], event: Event) -> None:
        """Put an event into a queue of the loop's. From any thread."""
        with self._lock:
            self._sent.append((queue, event))
            first = len(self._sent) == 1
        if first:
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            sent, self._sent = self._sent, []
        for queue, event in sent:
            queue.put_nowait(event)
