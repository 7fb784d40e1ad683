"""The two lanes of embedding: a question never waits for a passage.

Each lane has a thread of its own. That of the passages runs at the lowest priority, so a
question takes the processor from it at once: with one thread for both it waited for the
batch at hand, 0.1 to 0.3 s. Passages go a small batch at a time, and each batch steps
back while an answer is being written, though never for longer than ``PATIENCE_SECONDS``:
reading documents is slow beside a busy engine, but it goes on under any load.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Literal, Protocol

import numpy as np

from appliance.errors import Unavailable
from appliance.models import Embedder, Vectors

PATIENCE_SECONDS = 2.0
NICENESS = 19  # of the passages' thread, and of the threads that calculate for it
LOOK_AGAIN_SECONDS = 0.1  # how often a batch that stepped back looks whether it may go
LOG = logging.getLogger("appliance.models")

Kind = Literal["passage", "query"]


class Batching(Embedder, Protocol):
    """An embedder that knows which texts it likes to embed together."""

    def batches(self, texts: Sequence[str]) -> list[list[int]]:
        """The rows of the texts in batches, each quickly done. Called from any thread."""
        ...


class Order:
    """One request to an embedder, taken in batches; ``vectors`` is where its rows end up."""

    def __init__(self, embedder: Batching, texts: Sequence[str], kind: Kind) -> None:
        self.embedder = embedder
        self.texts = texts
        self.kind = kind
        self.left = deque(embedder.batches(texts))
        self.rows: Vectors | None = None
        self.vectors: Future[Vectors] = Future()


class Lanes:
    """Feeds the embedders. Each is called by one thread for questions and by another for
    passages; two embedders take turns in each lane.

    ``busy`` says whether an answer is being written.
    """

    def __init__(
        self,
        *,
        busy: Callable[[], bool],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._busy = busy
        self._patience = patience_seconds
        self._changed = threading.Condition()
        self._lanes: dict[Kind, deque[Order]] = {"query": deque(), "passage": deque()}
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, args=(kind,), name=f"embed {kind}", daemon=True)
            for kind in self._lanes
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, embedder: Batching, texts: Sequence[str], kind: Kind) -> Future[Vectors]:
        """Embed, when its turn comes. Cancelling the future drops what is left of it."""
        order = Order(embedder, texts, kind)
        if not order.left:
            order.vectors.set_result(np.zeros((0, embedder.dimensions), dtype=np.float32))
            return order.vectors
        with self._changed:
            if self._closed:
                raise Unavailable("engine_down", retry_after=2)
            self._lanes[kind].append(order)
            self._changed.notify_all()
        return order.vectors

    def close(self, wait_seconds: float = 5.0) -> None:
        """End after the batch at hand; what is left fails with ``engine_down``."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(wait_seconds)
        for lane in self._lanes.values():
            while lane:
                _fail(lane.popleft(), Unavailable("engine_down", retry_after=2))

    def _serve(self, kind: Kind) -> None:
        if kind == "passage":
            # Linux keeps a niceness for each thread, and hands it to those it starts.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (order := self._next(kind)) is not None:
            self._embed(order)

    def _next(self, kind: Kind) -> Order | None:
        """The order whose batch comes now; it stays in its lane while batches are left."""
        lane = self._lanes[kind]
        waited_until = time.monotonic() + self._patience
        with self._changed:
            while not self._closed:
                if not lane:
                    self._changed.wait()
                    waited_until = time.monotonic() + self._patience
                elif kind == "passage" and self._busy() and time.monotonic() < waited_until:
                    self._changed.wait(LOOK_AGAIN_SECONDS)
                else:
                    return lane[0]
        return None

    def _embed(self, order: Order) -> None:
        if order.vectors.cancelled():
            self._drop(order)
            return
        rows = order.left.popleft()
        try:
            vectors = order.embedder.embed([order.texts[row] for row in rows], kind=order.kind)
        except Exception as fault:
            # One request that the library chokes on must not take the thread with it.
            LOG.exception("embedding failed")
            self._drop(order)
            _fail(order, Unavailable("embedding_failed", reason=type(fault).__name__))
            return
        if order.rows is None:
            order.rows = np.zeros((len(order.texts), vectors.shape[1]), dtype=np.float32)
        order.rows[rows] = vectors
        if not order.left:
            self._drop(order)
            if order.vectors.set_running_or_notify_cancel():
                order.vectors.set_result(order.rows)

    def _drop(self, order: Order) -> None:
        with self._changed:
            if order in self._lanes[order.kind]:
                self._lanes[order.kind].remove(order)


def _fail(order: Order, fault: Exception) -> None:
    if order.vectors.set_running_or_notify_cancel():
        order.vectors.set_exception(fault)
