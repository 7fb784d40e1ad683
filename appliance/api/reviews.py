"""The reading report over HTTP: what was read how, and what people settle about it."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from appliance import audit, library, reviews
from appliance.answering import pages
from appliance.api import rights
from appliance.api.guards import EDITORS, READERS, key, visitor
from appliance.api.jobs import job_json
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.jobs import intake
from appliance.jobs.queue import Queue
from appliance.records import Caller, Document, Language, Ocr, Page
from appliance.reviews import Summary

WRITERS = EDITORS | key("documents:write")
LOOKERS = READERS | key("documents:read")
ANSWER_READERS = LOOKERS | key("ask", "search") | visitor()
LONGEST_PAGE = 500_000  # characters; formats without pages are one page

Only = Annotated[str, QueryParameter(pattern="^(to_check)?$")]
Number = Annotated[int, msgspec.Meta(ge=1)]


class Settled(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays; ``text`` null is what was read."""

    accepted: bool | UnsetType = UNSET
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_PAGE)] | UnsetType | None = UNSET


class Again(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``pages`` are the numbers of those that are replaced; all, when left out."""

    language: Language | None = None
    ocr: Ocr = "auto"
    pages: Annotated[list[Number], msgspec.Meta(min_length=1, max_length=10_000)] | None = None


@get("/api/documents/{document_id:str}/report", who=LOOKERS, sync_to_thread=True)
def report(
    document_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> Summary:
    """How the document was read, counted over all its pages."""
    return reviews.summary(database, rights.document(database, caller, document_id).id)


@get("/api/documents/{document_id:str}/pages", who=ANSWER_READERS, sync_to_thread=True)
def list_pages(
    document_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
    only: Only = "",
    text: FromQuery[bool] = True,
) -> dict[str, Any]:
    """The reading report, page by page; ``only=to_check`` gives the pages that need a look,
    ``text=false`` leaves the texts out, which of thousands of pages are megabytes."""
    document = rights.document(database, caller, document_id)
    after = int(cursor) if cursor.isdigit() else 0
    if only:
        numbers = reviews.to_check(database, document.id, after=after, limit=limit + 1)
        found = [library.page(database, document.id, number) for number in numbers]
    else:
        found = library.pages(database, document.id, after=after, limit=limit + 1)
    shown = _shown(database, document, found, text=text)
    if text:
        audit.read_document(database, caller, document)
    return listed(shown, limit, cursor=lambda page: str(page["number"]))


@get(
    "/api/documents/{document_id:str}/pages/{number:int}",
    who=ANSWER_READERS,
    sync_to_thread=True,
)
def show_page(
    document_id: FromPath[str],
    number: FromPath[int],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One page as it was read, and what was settled about it."""
    document = rights.document(database, caller, document_id)
    (page,) = _shown(database, document, [library.page(database, document.id, number)])
    audit.read_document(database, caller, document)
    return page


@patch(
    "/api/documents/{document_id:str}/pages/{number:int}",
    who=WRITERS,
    sync_to_thread=True,
)
def settle_page(
    document_id: FromPath[str],
    number: FromPath[int],
    data: JSONBody[Settled],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Accept a page as it is, or correct its text: the document is then split and embedded
    anew, without being read."""
    document = rights.document(database, caller, document_id, to_change=True)
    job = None
    if data.text is not UNSET:
        job = intake.correct(database, queue, caller, document.id, number, data.text)
        _audit(database, caller, "page.correct", document, number=number)
    if data.accepted is not UNSET:
        with database.write() as db:
            reviews.settle(db, caller, document.id, number, accepted=data.accepted)
        _audit(database, caller, "page.accept", document, number=number, accepted=data.accepted)
    (page,) = _shown(database, document, [library.page(database, document.id, number)])
    return page | {"job": job_json(job, caller.language) if job else None}


@post(
    "/api/documents/{document_id:str}/read-again",
    who=WRITERS,
    status_code=202,
    sync_to_thread=True,
)
def read_again(
    document_id: FromPath[str],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
    data: JSONBody[Again | None] = None,
) -> Response[dict[str, Any]]:
    """Read the document again, or some of its pages, in a language and by OCR or not."""
    found = rights.document(database, caller, document_id, to_change=True)
    wish = data or Again()
    document, job = intake.read_again(
        database, queue, found.id, language=wish.language, ocr=wish.ocr, pages=wish.pages
    )
    _audit(
        database,
        caller,
        "document.read_again",
        document,
        language=wish.language,
        ocr=wish.ocr,
        pages=wish.pages,
    )
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _shown(
    database: Database, document: Document, found: list[Page], *, text: bool = True
) -> list[dict[str, Any]]:
    """Pages of the report, with what was settled about them."""
    numbers = [page.number for page in found]
    settled = reviews.of(database, document.id, numbers)
    worrying = set(reviews.to_check(database, document.id, among=numbers))
    starts = library.page_starts(database, document.id) if text else {}
    return [
        pages.as_json(
            page,
            starts.get(page.number),
            words=library.words(database, document.id, page.number) if text else (),
            review=settled.get(page.number),
            to_check=page.number in worrying,
        )
        for page in found
    ]


def _audit(
    database: Database, caller: Caller, act: str, document: Document, **details: Any
) -> None:
    with database.write() as db:
        audit.of_document(db, caller, act, document, **details)


routes = [report, list_pages, show_page, settle_page, read_again]
