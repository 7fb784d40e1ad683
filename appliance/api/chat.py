"""Asking over HTTP: search, ask (whole or as a stream), conversations and thumbs."""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, conversations, holds
from appliance.answering.flow import Answering
from appliance.api import asking, rights, streams
from appliance.api.filters import FILTERS, Words
from appliance.api.guards import READERS, key, visitor
from appliance.api.lists import Cursor, Limit, listed
from appliance.conversations import Message, Sought
from appliance.database import Database
from appliance.errors import NotFound, sentence
from appliance.jobs import leftovers
from appliance.reach import Reach
from appliance.records import Answer, Caller, Found, Language
from appliance.settings import Settings

Day = Annotated[str, msgspec.Meta(max_length=20)]  # "2024-05-01": documents in force then
ASKERS = READERS | key("ask") | visitor()
ANSWER = {"application/json": Answer} | streams.EVENT_STREAM


class Search(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    query: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 8
    as_of: Day | None = None


class Question(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    question: str
    conversation: str | None = None
    stream: bool = False
    as_of: Day | None = None


class Thumb(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    good: bool
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


@post(
    "/api/assistants/{assistant_id:str}/search",
    who=READERS | key("search") | visitor(),
    status_code=200,
    sync_to_thread=True,
)
def search(
    assistant_id: FromPath[str],
    data: JSONBody[Search],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Found:
    """The passages for a query, best first, and the chance that they hold an answer."""
    assistant = asking.admitted(database, settings, caller, assistant_id)
    return answering.search(assistant, data.query, data.limit, as_of=data.as_of)


@post("/api/assistants/{assistant_id:str}/ask", who=ASKERS, status_code=200, gives=ANSWER)
async def ask(
    assistant_id: FromPath[str],
    data: JSONBody[Question],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Response[Any]:
    """Ask; with ``stream`` (or ``Accept: text/event-stream``) the answer comes as events."""
    admit = partial(asking.admitted, database, settings, caller, assistant_id)
    tell = asking.telling(
        answering, caller, admit, data.question, data.conversation, as_of=data.as_of
    )
    may_hear = asking.listening(request, database, caller, assistant_id)
    wants_stream = data.stream or "text/event-stream" in request.headers.get("accept", "")
    if wants_stream:
        return await asking.streamed(tell, caller.language, may_hear)
    return Response(await asking.whole(request, tell, may_hear))


@get("/api/conversations", who=ASKERS, dependencies=FILTERS, sync_to_thread=True)
def list_conversations(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    sought: NamedDependency[Sought],
    q: Words = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The caller's own conversations, newest first: with one ``assistant``, whose last question
    lies ``from`` and ``to`` moments or days, that have a question which was ``answered`` or
    ``refused`` (``outcome``), has this ``thumb`` and these words (``q``)."""
    wanted = msgspec.structs.replace(sought, words=q)
    found = conversations.every(database, caller, sought=wanted, before=cursor, limit=limit + 1)
    return listed(found, limit)


@get("/api/conversations/{conversation_id:str}", who=ASKERS, sync_to_thread=True)
def show_conversation(
    conversation_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One conversation with its messages, answers from closed collections withheld."""
    return conversation_json(database, caller, conversation_id)


@delete("/api/conversations/{conversation_id:str}", who=ASKERS, sync_to_thread=True)
def remove_conversation(
    conversation_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> None:
    """Remove one of the caller's own conversations, and the files beside it."""
    with database.write() as db:
        conversations.get(database, caller, conversation_id)
        holds.check(database, "conversation", conversation_id)
        if not conversations.remove(db, caller, conversation_id):
            raise NotFound
        audit.record(db, caller, "conversation.remove", conversation_id)
    leftovers.clear(database, settings)


@post("/api/messages/{message_id:str}/feedback", who=ASKERS, status_code=200, sync_to_thread=True)
def give_feedback(
    message_id: FromPath[str],
    data: JSONBody[Thumb],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, bool]:
    """Keep a thumb, with its reason."""
    conversations.rate(
        database, caller, message_id, good=data.good, reason=data.reason, comment=data.comment
    )
    return {"good": data.good}


@post("/api/messages/{message_id:str}/regenerate", who=ASKERS, status_code=200, gives=ANSWER)
async def regenerate(
    message_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    answering: NamedDependency[Answering],
    caller: NamedDependency[Caller],
) -> Response[Any]:
    """Ask the same question about the same day again, in the same conversation."""
    message, assistant_id = conversations.own_message(database, caller, message_id)
    admit = partial(asking.admitted, database, settings, caller, assistant_id)
    as_of = message.answer.as_of if message.answer else None
    tell = asking.telling(
        answering, caller, admit, message.question, message.conversation, as_of=as_of
    )
    may_hear = asking.listening(request, database, caller, assistant_id)
    if "text/event-stream" in request.headers.get("accept", ""):
        return await asking.streamed(tell, caller.language, may_hear)
    return Response(await asking.whole(request, tell, may_hear))


def conversation_json(database: Database, caller: Caller, conversation_id: str) -> dict[str, Any]:
    """One of the caller's own conversations as the API gives it; raises ``NotFound``."""
    found = conversations.get(database, caller, conversation_id)
    reached = rights.reach(database, caller)
    shown: dict[str, Any] = msgspec.to_builtins(found)
    messages = conversations.messages(database, found.id)
    return shown | {"messages": [message_json(one, reached, caller.language) for one in messages]}


def message_json(message: Message, reached: Reach, language: Language) -> dict[str, Any]:
    """A message as the API gives it.

    An answer that any passage from a collection now closed to the reader went into is
    withheld whole, its text too: a quote is the document's own words, and what a model
    wrote after reading several passages cannot be told apart by passage. In its place
    stands a sentence that says so, in the shape of an answer. The question stays: those
    are the asker's own words.
    """
    withheld = not all(reached.reads(one) for one in message.collections)
    shown: dict[str, Any] = msgspec.to_builtins(message)
    if withheld and shown["answer"]:
        shown["answer"] |= {
            "answer": sentence("answer_withheld", {}, language),
            "sentences": [],
            "citations": [],
            "passages": [],
            "unread": [],
            "newer": [],
        }
    feedback = {"good": message.good, "reason": message.reason, "comment": message.comment}
    for name in (*feedback, "collections"):
        del shown[name]
    return shown | {
        "withheld": withheld,
        "feedback": feedback if message.good is not None else None,
    }


routes = [
    search,
    ask,
    list_conversations,
    show_conversation,
    remove_conversation,
    give_feedback,
    regenerate,
]
