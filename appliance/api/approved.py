"""Approved answers over HTTP: what an assistant says word for word, for its editors."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import approved, audit
from appliance.answering import replies, sheets
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.approved import Approved, Draft
from appliance.database import Database, Writer
from appliance.errors import BadRequest, NotFound
from appliance.records import Assistant, Caller

ANSWERS = "/api/assistants/{assistant_id:str}/approved-answers"
ONE = ANSWERS + "/{approved_id:str}"
WHO = EDITORS | key("admin")
CSV = "text/csv"

Unset = msgspec.UnsetType
Question = Annotated[
    str, msgspec.Meta(min_length=1, max_length=sheets.LONGEST_QUESTION, pattern=r"\S")
]
Questions = Annotated[list[Question], msgspec.Meta(min_length=1, max_length=sheets.MOST_VARIANTS)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=sheets.LONGEST_ANSWER, pattern=r"\S")]
Number = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Quote = Annotated[str, msgspec.Meta(max_length=1000)]
Words = Annotated[str, QueryParameter(max_length=200)]


class NewApproved(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``document`` is one that the assistant reads; ``quote`` stands on its ``page``."""

    questions: Questions
    text: Text
    document: str | None = None
    page: Number | None = None
    quote: Quote = ""
    active: bool = True


class ApprovedChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed."""

    questions: Questions | Unset = msgspec.UNSET
    text: Text | Unset = msgspec.UNSET
    document: str | Unset | None = msgspec.UNSET
    page: Number | Unset | None = msgspec.UNSET
    quote: Quote | Unset = msgspec.UNSET
    active: bool | Unset = msgspec.UNSET


class Sheet(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A file as text, as ``export`` gives it."""

    csv: Annotated[str, msgspec.Meta(max_length=900_000)]


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers a file added, and how many it put in the place of others."""

    added: int
    changed: int


@get(ANSWERS, who=WHO, sync_to_thread=True)
def index(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    words: Words = "",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """An assistant's approved answers, the newest first; with ``words``, those that hold them."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    reached = rights.reach(database, caller)
    shown = approved.every(
        database, found.id, reach=reached, words=words, before=cursor, limit=limit + 1
    )
    return listed(shown, limit)


@post(ANSWERS, who=WHO, sync_to_thread=True)
def create(
    assistant_id: FromPath[str],
    data: JSONBody[NewApproved],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Approved:
    """Approve an answer to one or more questions."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    draft = approving(
        database,
        found,
        data.questions,
        data.text,
        document=data.document,
        page=data.page,
        quote=data.quote,
        active=data.active,
    )
    with database.write() as db:
        made = approved.create(db, found.id, draft)
        _noted(db, caller, "approved.create", found, made)
    return made


@get(ANSWERS + "/export", who=WHO, gives={CSV: bytes}, sync_to_thread=True)
def export(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """All of them as a CSV file that runs nothing where a spreadsheet opens it."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    reached = rights.reach(database, caller)
    shown = approved.every(database, found.id, reach=reached, limit=approved.MOST_QUESTIONS)
    name = f"{found.slug}-approved.csv"
    return Response(
        "".join(sheets.written(shown)).encode(),
        media_type=CSV,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@post(ANSWERS + "/import", who=WHO, status_code=200, sync_to_thread=True)
def bring(
    assistant_id: FromPath[str],
    data: JSONBody[Sheet],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Brought:
    """Bring in a CSV file, whole or not at all; an answer to a question that is approved
    already takes the other's place."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    drafts = [_citing(database, found, one) for one in sheets.read(data.csv, caller.language)]
    reached = rights.reach(database, caller)
    known = {
        approved.folded(question): one
        for one in approved.every(database, found.id, reach=reached, limit=approved.MOST_QUESTIONS)
        for question in one.questions
    }
    changed = 0
    with database.write() as db:
        for draft in drafts:
            before = known.get(approved.folded(draft.questions[0]))
            if before is None:
                approved.create(db, found.id, draft)
            else:
                approved.change(db, before, draft)
                changed += 1
        audit.record(
            db, caller, "approved.import", found.id, collections=found.collections,
            added=len(drafts) - changed, changed=changed,
        )  # fmt: skip
    return Brought(added=len(drafts) - changed, changed=changed)


@get(ONE, who=WHO, sync_to_thread=True)
def show(
    assistant_id: FromPath[str],
    approved_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Approved:
    """One approved answer."""
    return _found(database, caller, assistant_id, approved_id)[1]


@patch(ONE, who=WHO, sync_to_thread=True)
def change(
    assistant_id: FromPath[str],
    approved_id: FromPath[str],
    data: JSONBody[ApprovedChanges],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Approved:
    """Change what is given; how often it was given stays."""
    found, before = _found(database, caller, assistant_id, approved_id)
    given = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not msgspec.UNSET
    }
    if "questions" in given:
        given["questions"] = _questions(given["questions"])
    draft = msgspec.structs.replace(approved.draft(before), **given)
    if {"document", "page", "quote"} & set(given):
        draft = _citing(database, found, draft)
    with database.write() as db:
        after = approved.change(db, before, draft)
        _noted(db, caller, "approved.change", found, after, fields=sorted(given))
    return after


@delete(ONE, who=WHO, sync_to_thread=True)
def remove(
    assistant_id: FromPath[str],
    approved_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> None:
    """Remove an approved answer; its questions are answered from the documents again."""
    found, before = _found(database, caller, assistant_id, approved_id)
    with database.write() as db:
        approved.remove(db, before.id)
        _noted(db, caller, "approved.remove", found, before)


def approving(
    database: Database,
    assistant: Assistant,
    questions: Sequence[str],
    text: str,
    *,
    document: str | None,
    page: int | None,
    quote: str,
    active: bool = True,
) -> Draft:
    """What somebody wants to approve, its citation looked up. Raises as ``_citing``."""
    draft = Draft(
        questions=_questions(questions),
        text=text.strip(),
        document=document,
        page=page,
        quote=quote.strip(),
        active=active,
    )
    return _citing(database, assistant, draft)


def _found(
    database: Database, caller: Caller, assistant_id: str, approved_id: str
) -> tuple[Assistant, Approved]:
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    one = approved.get(database, approved_id, reach=rights.reach(database, caller))
    if one.assistant != found.id:
        raise NotFound
    return found, one


def _questions(given: Sequence[str]) -> tuple[str, ...]:
    """On one line each: a question is one."""
    return tuple(" ".join(one.split()) for one in given)


def _citing(database: Database, assistant: Assistant, draft: Draft) -> Draft:
    """The draft, its citation looked up. Raises ``BadRequest``: ``approved_document_unknown``,
    ``approved_page_unknown``, ``approved_quote_missing``."""
    if draft.document is None:
        return draft
    if not replies.readable(database, assistant, draft.document):
        raise BadRequest("approved_document_unknown")
    try:
        _, text = replies.page_text(database, draft.document, draft.page)
    except NotFound as fault:
        raise BadRequest("approved_page_unknown", page=draft.page or 1) from fault
    if draft.quote and draft.quote not in text:
        raise BadRequest("approved_quote_missing")
    return draft


def _noted(
    db: Writer, caller: Caller, act: str, assistant: Assistant, one: Approved, **details: Any
) -> None:
    audit.record(
        db, caller, act, assistant.id, collections=assistant.collections, answer=one.id, **details
    )


routes = [index, create, export, bring, show, change, remove]
