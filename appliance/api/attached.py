"""Files beside a conversation over HTTP: laid there, looked at, taken away by its owner alone."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import attached, audit, conversations, flows, holds, library
from appliance.answering.flows import in_exam
from appliance.api import limits, rights, uploads
from appliance.api.guards import READERS
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotAllowed, NotFound, Refusal, sentence
from appliance.jobs import intake, leftovers
from appliance.jobs.queue import Queue
from appliance.records import Assistant, Caller, Document, DocumentState
from appliance.settings import Settings

FILES = "/api/conversations/{conversation_id:str}/files"
ONE = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": {"type": "string", "format": "binary"}},
}


class FileProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a file could not be read."""

    code: str
    detail: str


class AttachedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file beside a conversation; answers read it once it is ``ready``."""

    id: str
    title: str
    file_name: str
    bytes: int
    state: DocumentState
    problem: FileProblem | None
    pages: int
    pages_unreadable: int


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was taken, and the conversation that it lies beside."""

    conversation: str
    file: AttachedFile


@post(
    "/api/assistants/{assistant_id:str}/files",
    who=READERS,
    accepts="multipart/form-data",
    sends=ONE,
    status_code=202,
    request_max_body_size=None,  # counted by ``uploads.receive``, whose limit is a setting
)
async def begin_with(
    assistant_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Attached:
    """Begin a conversation with the assistant by laying one file beside it."""
    assistant = await asyncio.to_thread(_admitted, database, caller, assistant_id)
    return await _attached(request, database, settings, queue, caller, assistant)


@post(
    FILES,
    who=READERS,
    accepts="multipart/form-data",
    sends=ONE,
    status_code=202,
    request_max_body_size=None,
)
async def attach(
    conversation_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Attached:
    """Lay one file beside one's own conversation. Its answers read the file like a document,
    and no others do; it ends with the conversation."""
    assistant = await asyncio.to_thread(_with_room, database, caller, conversation_id)
    return await _attached(
        request, database, settings, queue, caller, assistant, conversation=conversation_id
    )


async def _attached(
    request: Request[Any, Any, Any],
    database: Database,
    settings: Settings,
    queue: Queue,
    caller: Caller,
    assistant: Assistant,
    *,
    conversation: str = "",
) -> Attached:
    form = await uploads.receive(request, intake.incoming(settings), settings.upload_limit_mb)
    try:
        if len(form.files) > 1 or form.fields:
            raise BadRequest("one_file_alone")
        await asyncio.to_thread(limits.count_uploads, database, settings, caller, 1)
        return await asyncio.to_thread(
            _laid, database, settings, queue, caller, assistant, conversation, form.files[0]
        )
    finally:
        uploads.discard(form.files)


@get(FILES, who=READERS, sync_to_thread=True)
def index(
    conversation_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """The files beside one's own conversation, oldest first."""
    conversations.get(database, caller, conversation_id)
    found = _files(database, attached.shelf(database, conversation_id))
    return {"items": [_shown(one, caller) for one in found], "next": None}


@delete(FILES + "/{file_id:str}", who=READERS, sync_to_thread=True)
def take_away(
    conversation_id: FromPath[str],
    file_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> None:
    """Take a file away from one's own conversation: it is gone from the next answer on, and
    from the disk."""
    conversations.get(database, caller, conversation_id)
    shelf = attached.shelf(database, conversation_id)
    document = library.find(database, file_id)
    if document is None or document.collection != shelf:
        raise NotFound
    holds.check(database, "conversation", conversation_id)
    intake.remove(database, settings, document.id)
    with database.write() as db:
        audit.record(db, caller, "conversation.detach", conversation_id)


def _admitted(database: Database, caller: Caller, assistant_id: str) -> Assistant:
    """The assistant, before a byte is taken. Raises ``NotFound``, ``NotAllowed``
    (``exam_now``)."""
    assistant = rights.assistant(database, caller, assistant_id)
    if in_exam(flows.of(database, assistant.id), assistant):
        raise NotAllowed("exam_now")
    return assistant


def _with_room(database: Database, caller: Caller, conversation: str) -> Assistant:
    """The assistant of one's own conversation. Raises as ``_admitted``, and ``Conflict``
    (``too_many_attached``)."""
    found = conversations.get(database, caller, conversation)
    assistant = _admitted(database, caller, found.assistant)
    if len(_files(database, attached.shelf(database, conversation))) >= attached.MOST:
        raise Conflict("too_many_attached", most=attached.MOST)
    return assistant


def _laid(
    database: Database,
    settings: Settings,
    queue: Queue,
    caller: Caller,
    assistant: Assistant,
    conversation: str,
    arrived: uploads.Arrived,
) -> Attached:
    """The file on the shelf of its conversation. Where it is refused, no conversation begins."""
    with database.write() as db:
        title = library.title_of(arrived.file_name)
        beside = conversation or conversations.begin(db, caller, assistant.id, title)
        name = sentence("attached_shelf", {}, assistant.language)
        shelf = attached.begin(db, beside, name)
    upload = intake.Upload(
        path=arrived.path,
        file_name=arrived.file_name,
        bytes=arrived.bytes,
        sha256=arrived.sha256,
    )
    try:
        document, _ = intake.accept(
            database,
            settings,
            queue,
            shelf,
            upload,
            also=lambda db, _: audit.record(
                db, caller, "conversation.attach", beside, collections=assistant.collections
            ),
        )
    except Refusal:
        if not conversation:
            with database.write() as db:
                conversations.remove(db, caller, beside)
            leftovers.clear(database, settings)
        raise
    return Attached(conversation=beside, file=_shown(document, caller))


def _files(database: Database, shelf: str | None) -> list[Document]:
    """What was laid on a shelf; not what came along inside of it."""
    if shelf is None:
        return []
    found = library.of_collection(database, shelf, limit=10_000)
    return [one for one in found if one.parent is None]


def _shown(document: Document, caller: Caller) -> AttachedFile:
    told = library.as_json(document, caller.language)
    return msgspec.convert(
        {name: told[name] for name in AttachedFile.__struct_fields__}, AttachedFile
    )


routes = [begin_with, attach, index, take_away]
