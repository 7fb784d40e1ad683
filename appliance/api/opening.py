"""Other people's conversations: listed without a word of them, opened only for a reason.

For administrators in person, not for their keys: the reason stands in the record of acts
with a name. Editors look at counts of their assistants, auditors at the record; nobody
else's words are for either. A conversation that may hold what is behind a wall for the
reader does not exist for them.
"""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import assistants, audit, conversations
from appliance.api import guards, reasons, rights
from appliance.api.chat import message_json
from appliance.api.filters import FILTERS, Id
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.conversations import Sought
from appliance.database import Database
from appliance.records import Caller

OPENERS = guards.person("admin")


class Opening(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why somebody else's conversation is read."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


@get("/api/conversations/others", who=OPENERS, dependencies=FILTERS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    sought: NamedDependency[Sought],
    owner: Id = "",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Everybody's conversations, newest first, without their words: of one ``owner``
    ("person:ID"), and by all else that one's own are listed by, but never by their words."""
    found = conversations.outlines(
        database,
        reach=rights.reach(database, caller),
        owner=owner,
        sought=sought,
        before=cursor,
        limit=limit + 1,
    )
    return listed(found, limit)


@post(
    "/api/conversations/{conversation_id:str}/open",
    who=OPENERS,
    status_code=200,
    sync_to_thread=True,
)
def open_for_a_reason(
    conversation_id: FromPath[str],
    data: JSONBody[Opening],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A conversation with its words. Who opened it, and why, is on record before they are
    told. Without a reason it is refused (403)."""
    return opened(database, caller, conversation_id, data.reason, "conversation.open")


def opened(
    database: Database, caller: Caller, conversation_id: str, told: str, act: str
) -> dict[str, Any]:
    """Somebody's conversation with its words, once the act is on record with its reason.
    Raises ``NotAllowed`` (``reason_needed``) and ``NotFound``."""
    reason = reasons.given(told, "reason_needed")
    reached = rights.reach(database, caller)
    found = conversations.outline(database, conversation_id, reach=reached)
    about = assistants.get(database, found.assistant).collections
    with database.write() as db:
        audit.record(
            db, caller, act, found.id, collections=about,
            reason=reason, owner=found.owner, assistant=found.assistant,
        )  # fmt: skip
    messages = conversations.messages(database, found.id)
    shown: dict[str, Any] = msgspec.to_builtins(found)
    return shown | {"messages": [message_json(one, reached, caller.language) for one in messages]}


routes = [index, open_for_a_reason]
