"""The flows of an assistant over HTTP, and the inbox of what was handed to a person."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import audit, conversations, flows, handovers, versions, widgets
from appliance.answering.flows import standing
from appliance.api import rights
from appliance.api.chat import ASKERS, message_json
from appliance.api.guards import EDITORS, key
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.errors import NotAllowed, sentence
from appliance.flows import Exam, Flows, Hours, ToPerson
from appliance.forms import Form
from appliance.handovers import Handover, State
from appliance.jobs import forwarding
from appliance.records import Caller
from appliance.settings import Settings

FLOWS = "/api/assistants/{assistant_id:str}/flows"
WHO = EDITORS | key("admin")

Which = Annotated[str, QueryParameter(max_length=64)]
# Litestar has a "state" of its own.
Wanted = Annotated[str, QueryParameter(name="state", pattern="^(open|done|)$", max_length=4)]
Unset = msgspec.UnsetType


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given takes the place of what was."""

    hours: Hours | Unset = msgspec.UNSET
    person: ToPerson | Unset = msgspec.UNSET
    form: Form | Unset = msgspec.UNSET
    exam: Exam | Unset = msgspec.UNSET


class Asking(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How the asker wants to be reached, and what they want to add; both in their words."""

    reach_by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to whoever handed a conversation over."""

    said: str


class Settling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    state: State


@get(FLOWS, who=WHO, sync_to_thread=True)
def show(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Flows:
    """The flows of an assistant."""
    return flows.of(database, rights.assistant(database, caller, assistant_id, to_change=True).id)


@patch(FLOWS, who=WHO, sync_to_thread=True)
def change(
    assistant_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> Flows:
    """Switch flows on or off, and change what they say. Every change makes a version."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    given = {
        name: getattr(data, name)
        for name in ("hours", "person", "form", "exam")
        if getattr(data, name) is not msgspec.UNSET
    }
    after = msgspec.structs.replace(flows.of(database, found.id), **given)
    if "form" in given:
        forwarding.check(after.form, settings, database, found.id)
    with database.write() as db:
        versions.keep(db, caller, "changed", found, found)  # what it was, where nothing is kept
        flows.store(db, found.id, after)
        versions.keep(db, caller, "changed", found)
        audit.record(
            db, caller, "flows.change", found.id, collections=found.collections,
            fields=sorted(given),
        )  # fmt: skip
    return after


@post("/api/conversations/{conversation_id:str}/handover", who=ASKERS, sync_to_thread=True)
def hand_over(
    conversation_id: FromPath[str],
    data: JSONBody[Asking],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Taken:
    """Hand one's own conversation to a person of the house. Of a visitor where minors ask
    nothing that is typed here is kept."""
    found = conversations.get(database, caller, conversation_id)
    assistant = rights.assistant(database, caller, found.assistant)
    on = flows.of(database, assistant.id)
    if not on.person.on:
        raise NotAllowed("handover_off")
    bare = caller.kind == "visitor" and widgets.audience(database, assistant.id) == "minors"
    with database.write() as db:
        handovers.ask(
            db,
            conversations.owner(caller),
            found.id,
            reach_by="" if bare else data.reach_by.strip(),
            note="" if bare else data.note.strip(),
        )
        audit.record(db, caller, "handover.ask", assistant.id, collections=assistant.collections)
    now = datetime.now(UTC).astimezone()
    parts = [sentence("flow_taken", {}, assistant.language)]
    if on.hours.on:
        parts.append(standing(on.hours, now, assistant.language))
    return Taken(said=" ".join(parts))


@get("/api/handovers", who=EDITORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    assistant: Which = "",
    which: Wanted = "open",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Conversations that were handed over, the newest first; ``state`` "" for all."""
    found = handovers.every(
        database,
        reach=rights.reach(database, caller),
        state=which,
        assistant=assistant,
        before=cursor,
        limit=limit + 1,
    )
    return listed(found, limit)


@get("/api/handovers/{handover_id:str}", who=EDITORS, sync_to_thread=True)
def read(
    handover_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One of them with its whole conversation; that it was read is on record."""
    reached = rights.reach(database, caller)
    found = handovers.get(database, handover_id, reach=reached)
    with database.write() as db:
        audit.record(db, caller, "handover.read", found.assistant, conversation=found.conversation)
    messages = conversations.messages(database, found.conversation)
    shown: dict[str, Any] = msgspec.to_builtins(found)
    return shown | {"messages": [message_json(one, reached, caller.language) for one in messages]}


@patch("/api/handovers/{handover_id:str}", who=EDITORS, sync_to_thread=True)
def settle(
    handover_id: FromPath[str],
    data: JSONBody[Settling],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Handover:
    """Say that somebody took care of it, or that nobody has."""
    reached = rights.reach(database, caller)
    found = handovers.get(database, handover_id, reach=reached)
    with database.write() as db:
        handovers.settle(db, found.id, data.state)
        audit.record(db, caller, "handover.settle", found.assistant, state=data.state)
    after = handovers.get(database, handover_id, reach=reached)
    return msgspec.structs.replace(after, answers=())  # read they were not


routes = [show, change, hand_over, index, read, settle]
