"""What the flow tells while it works: a sequence of named events (see the API contract)."""

import msgspec

from appliance.records import Answer, Passage, Sentence


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the line: ``position`` 0 is next, ``eta_ms`` an estimate."""

    position: int
    eta_ms: float


class Passages(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, before the first word; ``query`` where not the question was searched."""

    message: str
    conversation: str
    passages: tuple[Passage, ...]
    answerable: float
    took_ms: float
    query: str | None = None


class Token(msgspec.Struct, frozen=True, kw_only=True):
    text: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A finished sentence with its verdict."""

    sentence: Sentence


class Done(msgspec.Struct, frozen=True, kw_only=True):
    answer: Answer


Event = Queue | Passages | Token | Checked | Done
NAMES: dict[type, str] = {
    Queue: "queue",
    Passages: "passages",
    Token: "token",
    Checked: "sentence",
    Done: "done",
}


def as_json(event: Event) -> tuple[str, bytes]:
    """The event's name and its data as JSON."""
    body = {Checked: "sentence", Done: "answer"}.get(type(event))
    return NAMES[type(event)], msgspec.json.encode(getattr(event, body) if body else event)
