"""A conversation as a file: one's own, and another person's for a reason that goes on record.

Whoever may read it may take it along, and no more of it: an answer that is withheld from
the reader is withheld in the file.
"""

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import assistants, transcripts
from appliance.api.chat import ASKERS, conversation_json
from appliance.api.opening import OPENERS, opened
from appliance.api.originals import HARMLESS
from appliance.database import Database
from appliance.records import Answer, Caller, timestamp
from appliance.transcripts import Exchange, Transcript

Format = Literal["docx", "md", "json"]
Form = Annotated[Format, QueryParameter(name="format")]
MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "json": "application/json",
}
GIVES = {
    MEDIA_TYPES["docx"]: bytes,
    "text/markdown": str,
    "application/json": dict[str, Any],
}
_NO_NAME = re.compile(r"[^\w .-]+")


class Taking(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why somebody else's conversation is taken along, and as what."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    format: Format = "docx"


@get(
    "/api/conversations/{conversation_id:str}/export",
    who=ASKERS,
    gives=GIVES,
    sync_to_thread=True,
)
def take_along(
    conversation_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form: Form = "docx",
) -> Response[bytes]:
    """One of the caller's own conversations as a file with its sources: ``docx`` or ``md``
    with footnotes, or ``json`` as ``GET /api/conversations/{id}`` gives it."""
    return _file(database, caller, conversation_json(database, caller, conversation_id), form)


@post(
    "/api/conversations/{conversation_id:str}/export",
    who=OPENERS,
    status_code=200,
    gives=GIVES,
    sync_to_thread=True,
)
def take_along_for_a_reason(
    conversation_id: FromPath[str],
    data: JSONBody[Taking],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """Another person's conversation as a file. Who took it along, and why, is on record
    before it is given. Without a reason it is refused (403)."""
    told = opened(database, caller, conversation_id, data.reason, "conversation.export")
    return _file(database, caller, told, data.format, owner=told["name"])


def _file(
    database: Database, caller: Caller, told: dict[str, Any], form: Format, *, owner: str = ""
) -> Response[bytes]:
    made = _transcript(database, told, owner)
    if form == "json":
        content = msgspec.json.encode(told)
    elif form == "md":
        content = transcripts.as_markdown(made, caller.language).encode()
    else:
        content = transcripts.as_docx(made, caller.language)
    name = quote(f"{_NO_NAME.sub('', made.title)[:60].strip(' .') or 'conversation'}.{form}")
    return Response(
        content,
        media_type=MEDIA_TYPES[form],
        headers=HARMLESS | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _transcript(database: Database, told: dict[str, Any], owner: str) -> Transcript:
    assistant = assistants.find(database, told["assistant"])
    exchanges = tuple(
        Exchange(
            question=one["question"],
            answer=one["answer"] and msgspec.convert(one["answer"], Answer),
            at=one["created_at"],
        )
        for one in told["messages"]
    )
    return Transcript(
        # Another's conversation is listed without its title, which is its first question.
        title=told.get("title") or (exchanges[0].question[:80] if exchanges else ""),
        assistant=assistant.name if assistant else "",
        owner=owner,
        made_at=timestamp(),
        exchanges=exchanges,
    )


routes = [take_along, take_along_for_a_reason]
