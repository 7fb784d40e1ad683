"""The gate before publishing over HTTP: set up, looked at, passed in spite of it, or given up."""

from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import assistants, audit, gates, golden, versions
from appliance.api import rights
from appliance.api.assistants import may_choose_engine, shown
from appliance.api.guards import EDITORS, key
from appliance.database import Database
from appliance.errors import NotFound
from appliance.gates import Held
from appliance.jobs import gate
from appliance.records import Assistant, Caller
from appliance.versions import Difference

GATE = "/api/assistants/{assistant_id:str}/gate"
WHO = EDITORS | key("admin")


class RedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A golden question that no longer passes with a change."""

    id: str
    question: str


class HeldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change that is held, field by field. While ``asking`` its questions are still asked;
    ``red`` are those that no longer pass."""

    asking: bool
    changes: list[Difference]
    red: list[RedQuestion]
    created_at: str


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """Whether settings change only when the golden questions pass; ``questions`` is how many
    there are, and without any nothing is held."""

    on: bool
    questions: int
    held: HeldChange | None


class GateChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    on: bool


@get(GATE, who=WHO, sync_to_thread=True)
def show(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Gate:
    """The gate of an assistant, and the change that is held there."""
    return _shown(database, _owned(database, caller, assistant_id))


@patch(GATE, who=WHO, sync_to_thread=True)
def turn(
    assistant_id: FromPath[str],
    data: JSONBody[GateChanges],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Gate:
    """Set the gate up, or take it away; what is held stays so until it is settled."""
    found = _owned(database, caller, assistant_id)
    with database.write() as db:
        gates.turn(db, found.id, on=data.on)
        audit.record(
            db, caller, "assistant.gate", found.id, collections=found.collections, on=data.on
        )
    return _shown(database, found)


@post(GATE + "/publish", who=WHO, status_code=200, sync_to_thread=True)
def publish(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Make the change that is held although not all golden questions pass; on record as that.
    404 where none is held."""
    found = _owned(database, caller, assistant_id)
    held = gates.get(database, found.id)
    if held.changes.get("engine", found.engine) != found.engine:
        may_choose_engine(caller)
    changed = gate.publish(database, held, by=caller)
    reached = rights.reach(database, caller)
    return shown(rights.narrowed(changed, reached), reached)


@delete(GATE + "/held", who=WHO, sync_to_thread=True)
def drop(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> None:
    """Give the change up that is held: everything stays as it is. 404 where none is held."""
    found = _owned(database, caller, assistant_id)
    with database.write() as db:
        if not gates.release(db, found.id):
            raise NotFound
        audit.record(db, caller, "assistant.drop_change", found.id, collections=found.collections)


def _owned(database: Database, caller: Caller, assistant_id: str) -> Assistant:
    """The assistant, for those who may change it and read all that it reads: what its golden
    questions expect tells of the documents."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    whole = assistants.get(database, found.id)
    if found.collections != whole.collections:
        raise NotFound
    return whole


def _shown(database: Database, found: Assistant) -> Gate:
    questions = {one.id: one.question for one in golden.every(database, found.id)}
    held = gates.find(database, found.id)
    return Gate(
        on=gates.is_on(database, found.id),
        questions=len(questions),
        held=_told(found, held, questions) if held else None,
    )


def _told(found: Assistant, held: Held, questions: dict[str, str]) -> HeldChange:
    red = [one for one in held.red_ids if one in questions]
    return HeldChange(
        asking=held.state == "asking",
        changes=_differences(found, held.changes),
        red=[RedQuestion(id=one, question=questions[one]) for one in red],
        created_at=held.created_at,
    )


def _differences(found: Assistant, changes: dict[str, Any]) -> list[Difference]:
    now: dict[str, Any] = msgspec.to_builtins(found)
    before = {name: now[name] for name in changes if name in now}
    after = {name: value for name, value in changes.items() if name in now}
    return list(versions.differences(before, after))


routes = [show, turn, publish, drop]
