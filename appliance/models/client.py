"""The appliance's side of the model runner: an ``Embedder`` and a ``Generator``.

Every call opens a connection of its own (0.1 ms), so the same client serves all
threads and a runner that was restarted is found again by itself. While it is away,
calls raise ``Unavailable`` (``engine_down``). No heavy library is imported here.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from appliance.errors import Unavailable
from appliance.models import Prompt, Sampling, Vectors, Waiting, sockets, wire
from appliance.models.catalogue import Entry
from appliance.models.wire import Condition, Reply, Request

CONNECT_SECONDS = 5.0
HEALTH_SECONDS = 5.0
EMBED_SECONDS = 300.0  # passages stand behind questions
SILENCE_SECONDS = 900.0  # a long prompt, behind a long line
RETRY_AFTER = 2.0
REMEMBERED_SECONDS = 1.0  # for how long ``generator`` trusts the last health
MOST_BYTES = 8 << 20  # of texts in one request

Answer = TypeVar("Answer", bound=Reply)


class RunnerClient:
    """The model runner behind a socket. Thread-safe; starts and stops nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.embedder = RemoteEmbedder(self)
        self._lock = threading.Lock()
        self._seen: Condition | None = None
        self._seen_at = 0.0

    @property
    def generator(self) -> "RemoteGenerator | None":
        """The language model; None while there is none, it loads, or the runner is away."""
        condition = self._recent()
        if condition is None or condition.language.state != "ready":
            return None
        loaded = f"{condition.pid}.{condition.loads}"
        return RemoteGenerator(self, condition.language.name, condition.context, loaded)

    def named(self, entry: Entry) -> "RemoteEmbedder":
        """The embedder of a catalogue entry, which the runner loads if it has to."""
        return RemoteEmbedder(self, entry)

    def health(self) -> Condition:
        """How the runner is. Raises ``Unavailable`` (``engine_down``)."""
        condition = self.call(wire.Health(), Condition, HEALTH_SECONDS)
        with self._lock:
            self._seen, self._seen_at = condition, time.monotonic()
        return condition

    def _recent(self) -> Condition | None:
        with self._lock:
            seen, age = self._seen, time.monotonic() - self._seen_at
        if seen is not None and age < REMEMBERED_SECONDS:
            return seen
        try:
            return self.health()
        except Unavailable:
            return None

    def call(self, request: Request, kind: type[Answer], seconds: float) -> Answer:
        """One request, one reply of the kind expected, within so many seconds of silence.

        Raises what the runner refused with, and ``Unavailable`` (``engine_down``).
        """
        connection = self.open(request, seconds)
        try:
            reply = _receive(connection)
        finally:
            connection.close()
        if not isinstance(reply, kind):
            raise _down()
        return reply

    def open(self, request: Request, seconds: float) -> socket.socket:
        """A connection on which the request was sent. Raises ``Unavailable``."""
        try:
            connection = sockets.connect(self.path, timeout=CONNECT_SECONDS)
        except OSError as fault:
            raise _down() from fault
        try:
            connection.sendall(wire.frame(request))
            connection.settimeout(seconds)
        except OSError as fault:
            connection.close()
            raise _down() from fault
        return connection


class RemoteEmbedder:
    """An ``Embedder`` of the runner: its own, or that of a catalogue entry."""

    def __init__(self, client: RunnerClient, entry: Entry | None = None) -> None:
        self._client = client
        self._model = entry.name if entry else ""
        self._stamp = entry.stamp if entry else ""
        self._dimensions = entry.dimensions if entry else 0

    @property
    def stamp(self) -> str:
        """Asked of the runner once, and learnt anew with every reply.

        Raises ``Unavailable`` (``engine_down``) when it was never known.
        """
        return self._stamp or self._learn().stamp

    @property
    def dimensions(self) -> int:
        """The length of a vector. Raises as ``stamp`` does."""
        return self._dimensions or self._learn().dimensions

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        """Unit rows (len(texts), dimensions), float32, in the order of the texts.

        Raises ``Unavailable`` (``engine_down``, ``engine_loading``, ``embedder_…``).
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.concatenate([self._embed(part, kind) for part in _parts(texts)])

    def _embed(self, texts: list[str], kind: Literal["passage", "query"]) -> Vectors:
        request = wire.Embed(texts, kind, self._model)
        reply = self._client.call(request, wire.Embedded, EMBED_SECONDS)
        self._stamp, self._dimensions = reply.stamp, reply.dimensions
        return reply.vectors()

    def _learn(self) -> Condition:
        condition = self._client.health()
        if not condition.stamp:
            raise _down()
        self._stamp, self._dimensions = condition.stamp, condition.dimensions
        return condition


class RemoteGenerator:
    """The ``Generator`` of the runner, for the model that was ready when it was made."""

    left_building = False

    def __init__(self, client: RunnerClient, name: str, context: int, loaded: str = "") -> None:
        self.name = name
        self.loaded = loaded
        self._client = client
        self._context = context

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may fill together."""
        return self._context

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text. Raises ``Unavailable``."""
        return [
            tokens
            for part in _parts(texts)
            for tokens in self._client.call(wire.Count(part), wire.Counted, EMBED_SECONDS).tokens
        ]

    def warm(self, prompt: Prompt) -> None:
        """See ``OwnGenerator.warm``."""
        self._client.call(wire.Warm(prompt), wire.Warming, HEALTH_SECONDS)

    def generate(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        person: str = "",
        assistant: str = "",
        on_waiting: Waiting | None = None,
    ) -> "Writing":
        """Pieces of the answer as they come; see ``Writing``. The question stands in
        line from this call on. Raises ``Unavailable`` (``engine_down``)."""
        request = wire.Generate(prompt, sampling, person, assistant)
        return Writing(self._client.open(request, SILENCE_SECONDS), on_waiting)


class Writing(Iterator[str]):
    """An answer being written. Iterating waits for pieces; ``close`` stops the model,
    from any thread, also while another one waits here. ``done`` holds the token
    counts once the answer came to its end.

    Iterating raises ``BadRequest`` (``prompt_too_long``) and ``Unavailable``.
    """

    def __init__(self, connection: socket.socket, on_waiting: Waiting | None) -> None:
        self.done: wire.Done | None = None
        self._connection = connection
        self._on_waiting = on_waiting
        self._closed = False

    def __next__(self) -> str:
        while not self._closed:
            try:
                event = _receive(self._connection)
            except BaseException:
                if self._closed:
                    break
                self.close()
                raise
            match event:
                case wire.Piece(text):
                    return text
                case wire.Waiting(position, eta_ms):
                    if self._on_waiting is not None:
                        self._on_waiting(position, eta_ms)
                        return ""  # lets the caller tell it before the first word comes
                case wire.Done():
                    self.done = event
                    self.close()
        raise StopIteration

    def close(self) -> None:
        """Stop the model within two seconds. Callable any number of times."""
        self._closed = True
        with contextlib.suppress(OSError):
            # Wakes a thread that waits in recv; closing alone does not.
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def _receive(connection: socket.socket) -> Reply:
    """The next reply. Raises the refusal it carries, or ``Unavailable`` (``engine_down``)."""
    try:
        reply = wire.receive(connection)
    except (OSError, wire.BadFrame) as fault:
        raise _down() from fault
    if reply is None:
        raise _down()
    if isinstance(reply, wire.Failed):
        raise reply.refusal()
    return reply


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in requests small enough for one frame."""
    part: list[str] = []
    size = 0
    for text in texts:
        weight = 4 * len(text) + 8
        if part and (len(part) >= wire.MOST_TEXTS or size + weight > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(text)
        size += weight
    if part:
        yield part


def _down() -> Unavailable:
    return Unavailable("engine_down", retry_after=RETRY_AFTER)
