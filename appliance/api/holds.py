"""Legal holds over HTTP: administrators say what nobody may delete, and until when."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import audit, conversations, holds, trash
from appliance.api import rights
from appliance.api.guards import ADMINISTRATORS
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database, Writer
from appliance.errors import BadRequest, NotFound
from appliance.holds import Hold, Kind
from appliance.records import Caller

Name = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason = Annotated[str, msgspec.Meta(max_length=2000)]
Why = Annotated[str, QueryParameter(max_length=2000)]


class NewHold(msgspec.Struct, forbid_unknown_fields=True):
    """``subject`` is the id of what is held; ``name`` says for what, such as a lawsuit."""

    kind: Kind
    subject: str
    name: Name
    reason: Reason


@get("/api/holds", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The holds that stand, the latest first."""
    reached = rights.reach(database, caller)
    return listed(holds.every(database, reach=reached, before=cursor, limit=limit + 1), limit)


@post("/api/holds", who=ADMINISTRATORS, sync_to_thread=True)
def create(
    data: JSONBody[NewHold], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> Hold:
    """Put a hold on a document, a collection, a conversation or a person."""
    within = _seen(database, caller, data.kind, data.subject)
    with database.write() as writer:
        placed = holds.place(
            writer, caller,
            kind=data.kind, subject=data.subject, name=data.name, reason=data.reason,
        )  # fmt: skip
        _audit(writer, caller, "hold.place", placed, within, placed.reason)
    return placed


@delete("/api/holds/{hold_id:str}", who=ADMINISTRATORS, sync_to_thread=True)
def remove(
    hold_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    reason: Why = "",
) -> None:
    """Release a hold; the reason is on record."""
    reached = rights.reach(database, caller)
    with database.write() as writer:
        released = holds.release(writer, hold_id, reach=reached)
        if not reason.strip():
            raise BadRequest("hold_without_words")
        within = _seen(database, caller, released.kind, released.subject)
        _audit(writer, caller, "hold.release", released, within, reason.strip())


def _seen(database: Database, caller: Caller, kind: Kind, subject: str) -> list[str]:
    """The collections that something is about. Raises ``NotFound`` where it does not exist for
    the caller, and for what lies beside a conversation, which is held with that alone."""
    within = _within(database, caller, kind, subject)
    if not rights.reach(database, caller).own.isdisjoint(within):
        raise NotFound
    return within


def _within(database: Database, caller: Caller, kind: Kind, subject: str) -> list[str]:
    if kind == "collection":
        return [rights.collection(database, caller, subject).id]
    if kind == "document":
        if trash.find(database, subject):
            return [rights.trashed(database, caller, subject).collection]
        return [rights.document(database, caller, subject).collection]
    if kind == "conversation":
        conversations.outline(database, subject, reach=rights.reach(database, caller))
    return []


def _audit(
    writer: Writer, caller: Caller, act: str, hold: Hold, within: list[str], reason: str
) -> None:
    audit.record(
        writer, caller, act, hold.subject,
        collections=within, kind=hold.kind, hold=hold.name, reason=reason,
    )  # fmt: skip


routes = [index, create, remove]
