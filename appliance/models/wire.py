"""What the appliance and its model runner say to each other, and how it is framed.

A frame is four bytes of length (big-endian) and a msgpack body. A connection
carries one request at a time, answered by one reply, or by a stream of events
that ends with ``Done`` or ``Failed``. Closing the connection cancels what it asked.
No heavy library is imported here: the web process speaks this too.
"""

import socket
from typing import Any, Literal

import msgspec
import numpy as np

from appliance.errors import BadRequest, NotFound, Refusal, Unavailable, Unreadable
from appliance.models import Ending, Prompt, Sampling, Vectors
from appliance.records import Problem

LENGTH_BYTES = 4
LARGEST_FRAME = 64 * 2**20  # bytes; an embedding batch of 20,000 vectors is half of it
MOST_TEXTS = 4096  # of one request to embed or to count
LONGEST_PERSON = 200  # characters of the names that fairness goes by

Readiness = Literal["none", "loading", "ready", "failed"]


class Health(msgspec.Struct, frozen=True, tag="health"):
    """Asks how the runner is; answered by ``Condition`` at once, whatever else goes on."""


class Embed(msgspec.Struct, frozen=True, tag="embed"):
    """Texts for the embedder of this name in the catalogue, "" for the runner's own."""

    texts: list[str]
    kind: Literal["passage", "query"] = "passage"
    model: str = ""


class Count(msgspec.Struct, frozen=True, tag="count"):
    texts: list[str]


class Generate(msgspec.Struct, frozen=True, tag="generate"):
    prompt: Prompt
    sampling: Sampling
    person: str = ""
    assistant: str = ""


class Warm(msgspec.Struct, frozen=True, tag="warm"):
    """A prompt whose beginning is to be kept for others with the same instructions;
    answered by ``Warming`` at once, and read when nobody asks anything."""

    prompt: Prompt


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stops the generation of this connection, which still ends with ``Done``."""


Request = Health | Embed | Count | Generate | Warm | Cancel


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One model: which, and how it is. ``problem`` is set when it failed.

    ``numbers`` says what an embedder calculates in (fp32, bf16), ``because`` why that.
    """

    name: str = ""
    state: Readiness = "none"
    problem: Problem | None = None
    numbers: str = ""
    because: Problem | None = None


class Condition(msgspec.Struct, frozen=True, kw_only=True, tag="condition"):
    """How the runner is.

    ``others`` are the embedders beside the runner's own, while one is being replaced;
    ``loads`` says how often a language model came.
    ``notices`` are problems that took nothing away, the newest first.
    ``tokens`` counts every token decoded by a generation since the model came and
    ``prompt_tokens`` those read: both stand still when nothing is generated.
    """

    pid: int
    embedder: Part
    language: Part
    others: tuple[Part, ...] = ()
    stamp: str = ""
    dimensions: int = 0
    context: int = 0
    loads: int = 0
    active: int = 0
    waiting: int = 0
    generations: int = 0
    stopped: int = 0
    tokens: int = 0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    fallbacks: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()


class Embedded(msgspec.Struct, frozen=True, kw_only=True, tag="embedded"):
    """``data`` holds the rows as little-endian float32; ``stamp`` says by which model."""

    rows: int
    dimensions: int
    data: bytes
    stamp: str

    def vectors(self) -> Vectors:
        """The rows as a writable array (rows, dimensions) of float32."""
        flat = np.frombuffer(self.data, dtype="<f4").astype(np.float32)
        return flat.reshape(self.rows, self.dimensions)


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    tokens: list[int]


class Warming(msgspec.Struct, frozen=True, tag="warming"):
    """How many tokens are kept, 0 where they are too few to be worth it."""

    tokens: int


class Waiting(msgspec.Struct, frozen=True, tag="waiting"):
    """The place in the line (0 is next) and the estimated wait in milliseconds."""

    position: int
    eta_ms: float


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    text: str


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The end of an answer: tokens read, of those not read again, and written."""

    prompt_tokens: int
    reused_tokens: int
    tokens: int
    ending: Ending


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """A refusal on its way to the caller."""

    kind: str
    code: str
    facts: dict[str, Any] = {}
    retry_after: float | None = None

    def refusal(self) -> Refusal:
        """The refusal as it was raised in the runner."""
        kind = _KINDS.get(self.kind, Unavailable)
        if kind is NotFound:
            return NotFound(self.code, **self.facts)
        return kind(self.code, retry_after=self.retry_after, **self.facts)


_KINDS: dict[str, type[Refusal]] = {
    kind.__name__: kind for kind in (BadRequest, NotFound, Unavailable, Unreadable)
}

Event = Waiting | Piece | Done | Failed
Reply = Condition | Embedded | Counted | Warming | Event

_REQUESTS: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


class BadFrame(ValueError):
    """The other side did not keep to this module."""


def failed(refusal: Refusal) -> Failed:
    """A refusal as a frame."""
    return Failed(
        kind=type(refusal).__name__,
        code=refusal.code,
        facts=refusal.facts,
        retry_after=refusal.retry_after,
    )


def frame(message: Request | Reply) -> bytes:
    """A message with its length in front. Raises ``BadFrame`` when it is too long."""
    body = msgspec.msgpack.encode(message, enc_hook=_plain)
    if len(body) > LARGEST_FRAME:
        raise BadFrame(f"{len(body)} bytes in one frame")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def _plain(text: object) -> str:
    """A subclass of str as a str: LangChain's messages give their text as one, and
    msgspec takes no subclass."""
    if isinstance(text, str):
        return str(text)
    raise NotImplementedError(f"{type(text).__name__} in a frame")


def body_length(head: bytes) -> int:
    """The length a frame's head announces. Raises ``BadFrame`` when it is absurd."""
    length = int.from_bytes(head, "big")
    if not 0 < length <= LARGEST_FRAME:
        raise BadFrame(f"{length} bytes announced")
    return length


def request(body: bytes) -> Request:
    """Raises ``BadFrame`` for anything but a request of this module."""
    try:
        return _REQUESTS.decode(body)
    except msgspec.MsgspecError as fault:
        raise BadFrame(str(fault)) from fault


def reply(body: bytes) -> Reply:
    """Raises ``BadFrame`` for anything but a reply of this module."""
    try:
        return _REPLIES.decode(body)
    except msgspec.MsgspecError as fault:
        raise BadFrame(str(fault)) from fault


def receive(connection: socket.socket) -> Reply | None:
    """The next reply from a blocking socket; None when the runner closed it.

    Raises ``OSError`` (a timeout too) and ``BadFrame``.
    """
    head = _exactly(connection, LENGTH_BYTES)
    if head is None:
        return None
    body = _exactly(connection, body_length(head))
    return None if body is None else reply(body)


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    received = bytearray()
    while len(received) < count:
        piece = connection.recv(min(count - len(received), 1 << 20))
        if not piece:
            return None
        received += piece
    return bytes(received)
