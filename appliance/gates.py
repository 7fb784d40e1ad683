"""The gate before publishing: whether an assistant has one, and the change that is held there.

Held is what was wanted, not what is: until it passes, nobody is answered by it. One change
is held at a time, and who wanted it is kept as an id alone.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import Caller, Record, timestamp

Act = Literal["changed", "restored"]
State = Literal["asking", "red"]


class Held(Record, frozen=True):
    """A change that is held. ``asking`` says that its questions are still being asked, ``red``
    that some of them no longer pass: ``red_ids`` are those. ``author`` is "kind:id"."""

    assistant: str
    changes: dict[str, Any]
    author: str
    act: Act
    state: State
    red_ids: tuple[str, ...]
    created_at: str


def is_on(database: Database, assistant_id: str) -> bool:
    """Whether an assistant's settings change only when its golden questions pass."""
    row = database.row("select gated from assistants where id = :id", {"id": assistant_id})
    return bool(row and row["gated"])


def turn(db: Writer, assistant_id: str, *, on: bool) -> None:
    """Set up the gate, or take it away."""
    db.run("update assistants set gated = :on where id = :id", {"on": on, "id": assistant_id})


def hold(db: Writer, caller: Caller, assistant_id: str, act: Act, changes: dict[str, Any]) -> Held:
    """Hold a change. Raises ``Conflict`` (``change_waits``) while another one is held."""
    if db.row("select 1 from held_changes where assistant = :id", {"id": assistant_id}):
        raise Conflict("change_waits")
    row = db.row(
        """
        insert into held_changes (assistant, changes, author, act, created_at)
        values (:assistant, :changes, :author, :act, :now) returning *
        """,
        {
            "assistant": assistant_id,
            "changes": msgspec.json.encode(changes).decode(),
            "author": f"{caller.kind}:{caller.id}",
            "act": act,
            "now": timestamp(),
        },
    )
    assert row is not None  # noqa: S101 -- an insert that returns gives its row
    return _held(row)


def find(database: Database, assistant_id: str) -> Held | None:
    """The change that is held, or None."""
    row = database.row("select * from held_changes where assistant = :id", {"id": assistant_id})
    return _held(row) if row else None


def get(database: Database, assistant_id: str) -> Held:
    """The change that is held; raises ``NotFound``."""
    held = find(database, assistant_id)
    if held is None:
        raise NotFound
    return held


def stop(db: Writer, assistant_id: str, red: Sequence[str]) -> None:
    """It stays held: these golden questions (ids) no longer pass with it."""
    db.run(
        "update held_changes set state = 'red', results = :red where assistant = :id",
        {"id": assistant_id, "red": msgspec.json.encode(list(red)).decode()},
    )


def release(db: Writer, assistant_id: str) -> bool:
    """Hold it no longer, whatever becomes of it; whether there was one."""
    return db.run("delete from held_changes where assistant = :id", {"id": assistant_id}) > 0


def _held(row: Row) -> Held:
    return Held(
        assistant=row["assistant"],
        changes=msgspec.json.decode(row["changes"]),
        author=row["author"],
        act=row["act"],
        state=row["state"],
        red_ids=tuple(msgspec.json.decode(row["results"])),
        created_at=row["created_at"],
    )
