"""The two lanes of embedding: a question never waits for a passage.

Each lane has threads of its own. Those of the passages run at the lowest priority, so a
question takes the processor from them at once: with one thread for both it waited for the
batch at hand, 0.1 to 0.3 s. Passages go a small batch at a time, where that is quicker
several batches at once, and each batch steps back while an answer is being written, though
never for longer than ``PATIENCE_SECONDS``: reading documents is slow beside a busy engine,
but it goes on under any load.
"""

import contextlib
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
from appliance.precedence import stand_back

PATIENCE_SECONDS = 2.0
NICENESS = 19  # of the passages' threads, and of those that calculate for them
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
        self.missing = len(texts)
        self.rows: Vectors | None = None
        self.vectors: Future[Vectors] = Future()


class Lanes:
    """Feeds the embedders. Each is called by one thread for questions and by
    ``passages_at_once`` others for passages; two embedders take turns in each lane.

    ``busy`` says whether an answer is being written.
    """

    def __init__(
        self,
        *,
        busy: Callable[[], bool],
        passages_at_once: int = 1,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.passages_at_once = passages_at_once
        self._busy = busy
        self._patience = patience_seconds
        self._changed = threading.Condition()
        self._lanes: dict[Kind, deque[Order]] = {"query": deque(), "passage": deque()}
        self._closed = False
        width: dict[Kind, int] = {"query": 1, "passage": passages_at_once}
        self._threads = [
            threading.Thread(target=self._serve, args=(kind,), name=f"embed {kind}", daemon=True)
            for kind, threads in width.items()
            for _ in range(threads)
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
        order.vectors.add_done_callback(lambda _: self._drop(order))
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
                self._settle(lane.popleft(), Unavailable("engine_down", retry_after=2))

    def _serve(self, kind: Kind) -> None:
        if kind == "passage":
            # Linux keeps a niceness for each thread, and hands it to those it starts.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
            stand_back()
        while (batch := self._next(kind)) is not None:
            self._embed(*batch)

    def _next(self, kind: Kind) -> tuple[Order, list[int]] | None:
        """The rows of the batch that comes now, and the order that they belong to."""
        waited_until = time.monotonic() + self._patience
        with self._changed:
            while not self._closed:
                order = next((one for one in self._lanes[kind] if one.left), None)
                if order is None:
                    self._changed.wait()
                    waited_until = time.monotonic() + self._patience
                elif kind == "passage" and self._busy() and time.monotonic() < waited_until:
                    self._changed.wait(LOOK_AGAIN_SECONDS)
                else:
                    return order, order.left.popleft()
        return None

    def _embed(self, order: Order, rows: list[int]) -> None:
        try:
            vectors = order.embedder.embed([order.texts[row] for row in rows], kind=order.kind)
        except Exception as fault:
            # One request that the library chokes on must not take the thread with it.
            LOG.exception("embedding failed")
            self._settle(order, Unavailable("embedding_failed", reason=type(fault).__name__))
            return
        with self._changed:
            if order.rows is None:
                order.rows = np.zeros((len(order.texts), vectors.shape[1]), dtype=np.float32)
            order.rows[rows] = vectors
            order.missing -= len(rows)
            if order.missing == 0:
                self._settle(order, order.rows)

    def _settle(self, order: Order, end: Vectors | Exception) -> None:
        with self._changed:
            if order.vectors.done() or not order.vectors.set_running_or_notify_cancel():
                return
            if isinstance(end, Exception):
                order.vectors.set_exception(end)
            else:
                order.vectors.set_result(end)

    def _drop(self, order: Order) -> None:
        with self._changed, contextlib.suppress(ValueError):
            self._lanes[order.kind].remove(order)
