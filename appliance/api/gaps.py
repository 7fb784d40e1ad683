"""The gap inbox over HTTP: questions without a good answer, and what an editor does about them.

An editor has the groups of the assistants that they may change, an administrator all; nobody
is told who asked.
"""

from typing import Annotated, Any

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import approved, audit, conversations, gaps
from appliance.answering.flow import Answering
from appliance.answering.grouping import Grouping
from appliance.answering.stopping import Stop
from appliance.api import asking, rights
from appliance.api.approved import Number, Questions, Quote, Text, approving
from appliance.api.guards import EDITORS
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.approved import Approved
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.gaps import Example, Gap, State
from appliance.records import Answer, Assistant, Caller

FRESH = 50  # questions that are sorted while whoever opens the inbox waits: 20 ms each at most

Which = Annotated[str, QueryParameter(max_length=64)]
# Litestar has a "state" of its own.
Wanted = Annotated[
    str, QueryParameter(name="state", pattern="^(open|answered|dismissed|told|)$", max_length=10)
]
Id = Annotated[str, msgspec.Meta(max_length=64)]
Unset = msgspec.UnsetType


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A group with its newest questions."""

    gap: Gap
    examples: list[Example]


class Settling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What became of a group; with ``document``, the one that was added for it."""

    state: State
    document: Id | Unset = msgspec.UNSET


class Approving(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The answer to approve. Without ``questions``, to those that were asked."""

    text: Text
    questions: Questions | Unset = msgspec.UNSET
    document: Id | None = None
    page: Number | None = None
    quote: Quote = ""


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the group as it was answered, and as it is answered now."""

    question: str
    before: Example
    after: Answer


class Written(msgspec.Struct, frozen=True, kw_only=True):
    gap: Gap
    approved: Approved


@get("/api/gaps", who=EDITORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
    assistant: Which = "",
    which: Wanted = "open",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Groups of refused and disliked questions, the largest first; ``state`` "" for all."""
    Grouping(database, answering.finder).look(FRESH)
    found = gaps.every(
        database,
        reach=rights.reach(database, caller),
        assistant=assistant,
        state=which,
        cursor=cursor,
        limit=limit + 1,
    )
    return listed(found, limit, gaps.cursor_of)


@get("/api/gaps/{gap_id:str}", who=EDITORS, sync_to_thread=True)
def show(
    gap_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Opened:
    """One group with its newest questions, each once."""
    reached = rights.reach(database, caller)
    found = gaps.get(database, gap_id, reach=reached)
    return Opened(gap=found, examples=gaps.examples(database, gap_id, reach=reached))


@patch("/api/gaps/{gap_id:str}", who=EDITORS, sync_to_thread=True)
def settle(
    gap_id: FromPath[str],
    data: JSONBody[Settling],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Gap:
    """Say what became of a group: open, answered, dismissed, or told to whoever asked."""
    found, assistant = _found(database, caller, gap_id)
    document = None if data.document is msgspec.UNSET else data.document
    if document is not None:
        _of_the_assistant(database, caller, assistant, document)
    with database.write() as db:
        gaps.settle(db, found, data.state, document=document)
        audit.record(
            db, caller, "gap.settle", assistant.id, collections=assistant.collections,
            state=data.state,
        )  # fmt: skip
    return gaps.get(database, gap_id, reach=rights.reach(database, caller))


@post("/api/gaps/{gap_id:str}/answer", who=EDITORS, sync_to_thread=True)
def answer(
    gap_id: FromPath[str],
    data: JSONBody[Approving],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Written:
    """Approve an answer to the questions of a group, which is answered then."""
    found, assistant = _found(database, caller, gap_id)
    reached = rights.reach(database, caller)
    asked = [one.question for one in gaps.examples(database, gap_id, reach=reached)]
    questions = asked if data.questions is msgspec.UNSET else data.questions
    draft = approving(
        database, assistant, [_short(one) for one in questions], data.text,
        document=data.document, page=data.page, quote=data.quote,
    )  # fmt: skip
    with database.write() as db:
        made = approved.create(db, assistant.id, draft)
        gaps.settle(db, found, "answered", answer=made.id)
        audit.record(
            db, caller, "approved.create", assistant.id, collections=assistant.collections,
            answer=made.id,
        )  # fmt: skip
    return Written(gap=gaps.get(database, gap_id, reach=reached), approved=made)


@post("/api/gaps/{gap_id:str}/undo", who=EDITORS, status_code=200, sync_to_thread=True)
def undo(
    gap_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Gap:
    """Take the last change back, and the approved answer that was written with it; a document
    that was added stays."""
    found, assistant = _found(database, caller, gap_id)
    with database.write() as db:
        if written := gaps.undo(db, found):
            approved.remove(db, written)
        audit.record(db, caller, "gap.undo", assistant.id, collections=assistant.collections)
    return gaps.get(database, gap_id, reach=rights.reach(database, caller))


@post("/api/gaps/{gap_id:str}/again", who=EDITORS, status_code=200, sync_to_thread=True)
def again(
    gap_id: FromPath[str],
    database: NamedDependency[Database],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Again:
    """Ask the newest question of a group once more, as it would be answered now; nothing of
    it is kept. 409 where no question may be told."""
    found, assistant = _found(database, caller, gap_id)
    known = gaps.examples(database, found.id, reach=rights.reach(database, caller))
    if not known:
        raise Conflict("gap_without_words")
    said = asking.heard(
        lambda stop: answering.stream(caller, assistant, known[0].question, stop=stop), Stop()
    )
    if said is None:
        raise NotFound
    with database.write() as db:
        conversations.remove(db, caller, said.conversation)
    return Again(question=known[0].question, before=known[0], after=said)


def _found(database: Database, caller: Caller, gap_id: str) -> tuple[Gap, Assistant]:
    found = gaps.get(database, gap_id, reach=rights.reach(database, caller))
    return found, rights.assistant(database, caller, found.assistant, to_change=True)


def _short(question: str) -> str:
    """As an approved question can be: on one line, and no pasted document."""
    return " ".join(question.split())[:500]


def _of_the_assistant(
    database: Database, caller: Caller, assistant: Assistant, document: str
) -> None:
    try:
        known = rights.document(database, caller, document)
    except NotFound:
        known = None
    if known is None or known.collection not in assistant.collections:
        raise BadRequest("unknown_document", document=document[:60])


routes = [index, show, settle, answer, undo, again]
