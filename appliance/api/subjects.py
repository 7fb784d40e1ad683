"""The data subject's desk (LGPD art. 18), for administrators in person, not for their keys:
find somebody, hand over what the house holds about them, and erase it with a receipt.

Each act has a reason, which stands in the record of acts; whom somebody looked for does not.
"""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import attached, audit, conversations, library, subjects
from appliance.api import guards, reasons, rights
from appliance.api.jobs import job_json
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.errors import NotAllowed, NotFound
from appliance.jobs import erasure
from appliance.jobs.queue import Queue
from appliance.records import Caller
from appliance.settings import Settings
from appliance.subjects import erasures
from appliance.subjects.dossier import as_paper, dossier
from appliance.subjects.erasures import Erasure, Kind
from appliance.subjects.finding import Findings
from appliance.subjects.sought import Sought

DESK = guards.person("admin")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Form = Annotated[Literal["json", "docx"], QueryParameter(name="format")]
Words = Annotated[str, msgspec.Meta(max_length=200)]


class Wanted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom, by at least one of ``name``, ``cpf`` and ``email``; and why."""

    name: Words = ""
    cpf: Annotated[str, msgspec.Meta(max_length=30)] = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class ToErase(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What, by its id; and why."""

    kind: Kind
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


@post("/api/subjects/search", who=DESK, status_code=200, sync_to_thread=True)
def search(
    data: JSONBody[Wanted],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Findings:
    """Everything that names a person: accounts, invitations, conversations (without their
    words), documents with page and line, the record of acts. What lies behind a wall for
    the reader is not among it: somebody on the other side has to look as well."""
    return _found(database, caller, data, "subject.search")[1]


@post(
    "/api/subjects/export",
    who=DESK,
    status_code=200,
    gives={"application/json": bytes, DOCX: bytes},
    sync_to_thread=True,
)
def take_along(
    data: JSONBody[Wanted],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form: Form = "json",
) -> Response[Any]:
    """The statement about a person as a file: ``format`` is ``json`` or ``docx``."""
    sought, found = _found(database, caller, data, "subject.export")
    statement = dossier(database, sought, found)
    if form == "docx":
        content, media_type = as_paper(statement, caller.language), DOCX
    else:
        content, media_type = msgspec.json.encode(statement), "application/json"
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="titular.{form}"',
            "Cache-Control": "no-store",
        },
    )


@get("/api/subjects/erasures", who=DESK, sync_to_thread=True)
def receipts(
    database: NamedDependency[Database], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = ""
) -> dict[str, Any]:
    """What was erased, the last first, each with its receipt."""
    return listed(erasures.newest(database, before=cursor, limit=limit + 1), limit)


@get("/api/subjects/erasures/{erasure_id:str}", who=DESK, sync_to_thread=True)
def receipt(erasure_id: FromPath[str], database: NamedDependency[Database]) -> Erasure:
    """One receipt; complete once it has a ``done_at``."""
    return erasures.get(database, erasure_id)


@post("/api/subjects/erasures", who=DESK, status_code=202, sync_to_thread=True)
def erase(
    data: JSONBody[ToErase],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Erase a person, a visitor, a conversation or a document for good. The rows are gone
    when this answers, their traces when the job has ended."""
    reason = reasons.given(data.reason, "desk_reason_needed")
    if data.kind == "person" and data.subject == caller.id:
        raise NotAllowed("not_oneself")
    if data.kind == "document":
        _readable(database, caller, data.subject)
    if data.kind == "conversation":
        conversations.outline(database, data.subject, reach=rights.reach(database, caller))
    erased, job = erasure.erase(database, settings, queue, caller, data.kind, data.subject, reason)
    return Response(
        {"erasure": erased, "job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _found(database: Database, caller: Caller, data: Wanted, act: str) -> tuple[Sought, Findings]:
    reason = reasons.given(data.reason, "desk_reason_needed")
    sought = subjects.sought(data.name, data.cpf, data.email)
    closed = rights.reach(database, caller).closed
    found = subjects.find(database, sought, closed=closed - attached.tellable(database, closed))
    with database.write() as db:
        audit.record(db, caller, act, "", reason=reason)
    return sought, found


def _readable(database: Database, caller: Caller, document: str) -> None:
    """Raises ``NotFound`` where the document, or its collection, does not exist for the caller;
    what lies beside a conversation does, for the desk alone."""
    known = library.find(database, document)
    closed = rights.reach(database, caller).closed
    if known and known.collection in attached.tellable(database, closed):
        return
    try:
        rights.document(database, caller, document)
    except NotFound:
        rights.trashed(database, caller, document)


routes = [search, take_along, receipts, receipt, erase]
