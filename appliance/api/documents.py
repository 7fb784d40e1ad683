"""Documents over HTTP: in, read, looked at, out."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from appliance import audit, library, lifetime
from appliance.answering import pages
from appliance.api import limits, rights, uploads
from appliance.api.guards import EDITORS, READERS, key, visitor
from appliance.api.jobs import job_json
from appliance.api.lists import Cursor, Limit, listed
from appliance.api.originals import attachment
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.jobs import discarding, erasure, intake
from appliance.jobs.queue import Queue
from appliance.records import LANGUAGES, Caller, Document, Job, Language
from appliance.settings import Settings

Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000_000)]
WRITERS = EDITORS | key("documents:write")
LOOKERS = READERS | key("documents:read")
ANSWER_READERS = LOOKERS | key("ask", "search") | visitor()


class Text(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000_000)]
    language: Language | None = None


@post(
    "/api/collections/{collection_id:str}/documents",
    who=WRITERS,
    accepts="multipart/form-data",
    sends=uploads.FORM,
    status_code=202,
    request_max_body_size=None,  # counted by ``uploads.receive``, whose limit is a setting
)
async def upload(
    collection_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Take files into a collection; they are read by a job each."""
    rights.collection(database, caller, collection_id, to_change=True)
    form = await uploads.receive(request, intake.incoming(settings), settings.upload_limit_mb)
    try:
        await asyncio.to_thread(limits.count_uploads, database, settings, caller, len(form.files))
        # Accepting flushes to the disk and writes rows: not on the event loop.
        taken = [
            await asyncio.to_thread(
                _accept, database, settings, queue, caller, collection_id, arrived, form.fields
            )
            for arrived in form.files
        ]
    finally:
        uploads.discard(form.files)
    return _accepted(database, taken, caller)


@post(
    "/api/collections/{collection_id:str}/texts", who=WRITERS, status_code=202, sync_to_thread=True
)
def add_text(
    collection_id: FromPath[str],
    data: JSONBody[Text],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Take a text as a document."""
    rights.collection(database, caller, collection_id, to_change=True)
    limits.count_uploads(database, settings, caller, 1)
    taken = intake.accept_text(
        database,
        settings,
        queue,
        collection_id,
        title=data.title,
        text=data.text,
        language=data.language,
    )
    _audit(database, caller, "document.add", taken[0])
    return _accepted(database, [taken], caller)


@get("/api/collections/{collection_id:str}/documents", who=LOOKERS, sync_to_thread=True)
def list_documents(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The documents of a collection, oldest first."""
    rights.collection(database, caller, collection_id)
    found = library.of_collection(database, collection_id, after=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = shown_all(database, page["items"], caller)
    return page


@get("/api/documents/{document_id:str}", who=ANSWER_READERS, sync_to_thread=True)
def show_document(
    document_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> dict[str, Any]:
    """One document."""
    return shown(database, rights.document(database, caller, document_id), caller)


@get(
    "/api/documents/{document_id:str}/pages/{number:int}/image",
    who=ANSWER_READERS,
    media_type="image/png",
    sync_to_thread=True,
)
def page_image(
    document_id: FromPath[str],
    number: FromPath[int],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """The page of the original as a picture (PNG)."""
    document = rights.document(database, caller, document_id)
    picture = pages.picture(database, settings, document, number)
    audit.read_document(database, caller, document)
    # Not kept by the browser: a right that is withdrawn ends at once. It is drawn only once.
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, no-store"})


@get(
    "/api/documents/{document_id:str}/pages/{number:int}/boxes",
    who=ANSWER_READERS,
    sync_to_thread=True,
)
def page_boxes(
    document_id: FromPath[str],
    number: FromPath[int],
    start: Offset,
    end: Offset,
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Where the text between two offsets stands on the page's picture."""
    document = rights.document(database, caller, document_id)
    return pages.boxes(database, settings, document, number, start, end)


@get(
    "/api/documents/{document_id:str}/original",
    who=LOOKERS,
    gives={"application/octet-stream": bytes},
    sync_to_thread=True,
)
def original(
    document_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> Response[Any]:
    """The file as it came, as a download; of some collections only for those who may change
    them."""
    document = rights.original(database, caller, document_id)
    file = attachment(intake.file_of(settings, document.sha256), document)
    _audit(database, caller, "document.download", document)
    return file


@delete("/api/documents/{document_id:str}", who=WRITERS, status_code=204, sync_to_thread=True)
def remove_document(
    document_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
    erase: FromQuery[bool] = False,
    trash: FromQuery[bool] = False,
) -> Response[None]:
    """Remove a document: it is gone from search before this answers. With ``trash`` it can be
    restored while the trash holds it; with ``erase`` the answers that quote it go as well, and
    every trace; ``Location`` names the receipt."""
    document = rights.document(database, caller, document_id, to_change=True)
    if erase and trash:
        raise BadRequest("bad_request", reason="erase and trash are two wishes; send one of them")
    if trash:
        discarding.put_away(database, document.id)
        _audit(database, caller, "document.discard", document)
        return Response(None, status_code=204)
    if erase:
        done, _ = erasure.erase(database, settings, queue, caller, "document", document.id, "")
        location = {"Location": f"/api/subjects/erasures/{done.id}"}
        return Response(None, status_code=204, headers=location)
    intake.remove(database, settings, document.id)
    _audit(database, caller, "document.remove", document)
    return Response(None, status_code=204)


def _accept(
    database: Database,
    settings: Settings,
    queue: Queue,
    caller: Caller,
    collection_id: str,
    arrived: uploads.Arrived,
    fields: dict[str, str],
) -> tuple[Document, Job]:
    valid_from, valid_to = fields.get("valid_from") or None, fields.get("valid_to") or None
    lifetime.check(valid_from, valid_to)
    supersedes = rights.superseded(database, caller, collection_id, fields.get("supersedes", ""))
    upload = intake.Upload(
        path=arrived.path,
        file_name=arrived.file_name,
        bytes=arrived.bytes,
        sha256=arrived.sha256,
        language=_language(fields.get("language")),
        valid_from=valid_from,
        valid_to=valid_to,
        supersedes=supersedes,
    )
    taken = intake.accept(database, settings, queue, collection_id, upload)
    _audit(database, caller, "document.add", taken[0])
    return taken


def _language(given: str | None) -> Language | None:
    if given and given not in LANGUAGES:
        raise BadRequest("bad_request", reason=f"language: {given[:20]!r} is not pt, en or es")
    return next((language for language in LANGUAGES if language == given), None)


def shown(database: Database, document: Document, caller: Caller) -> dict[str, Any]:
    """The document as the API gives it."""
    return shown_all(database, [document], caller)[0]


def shown_all(
    database: Database, found: Sequence[Document], caller: Caller
) -> list[dict[str, Any]]:
    """Documents as the API gives them: whether they are in force today, the documents before
    and after them, and whether the caller may download their originals and change them."""
    within = sorted({document.collection for document in found})
    past = set(lifetime.out_of_force(database, within, lifetime.today()))
    open_, reached = rights.downloadable(database, caller, within), rights.reach(database, caller)
    versions = lifetime.versions(database, [document.id for document in found])
    return [
        library.as_json(document, caller.language)
        | {
            "in_force": document.id not in past,
            "versions": versions.get(document.id),
            "downloadable": document.collection in open_,
            "editable": reached.tends(document.collection),
        }
        for document in found
    ]


def _accepted(
    database: Database, taken: list[tuple[Document, Job]], caller: Caller
) -> Response[dict[str, Any]]:
    body = {
        "documents": shown_all(database, [document for document, _ in taken], caller),
        "jobs": [job_json(job, caller.language) for _, job in taken],
    }
    headers = {"Location": f"/api/jobs/{taken[0][1].id}"}
    return Response(body, status_code=202, headers=headers)


def _audit(database: Database, caller: Caller, act: str, document: Document) -> None:
    with database.write() as db:
        audit.of_document(db, caller, act, document, sha256=document.sha256)


routes = [
    upload,
    add_text,
    list_documents,
    show_document,
    page_image,
    page_boxes,
    original,
    remove_document,
]
