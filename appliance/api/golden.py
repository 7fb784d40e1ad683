"""Golden questions over HTTP, for administrators and the assistant's editors.

Whoever may not read all that the assistant reads sees none of them: what they expect tells
what stands in the documents.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from appliance import assistants, audit, golden, usage
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.jobs import job_json
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.golden import GoldenQuestion, Wanted, runs, sheet
from appliance.jobs import golden as asking
from appliance.jobs.queue import Queue
from appliance.records import Assistant, Caller

OWNERS = EDITORS | key("admin")
Question = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
Document = Annotated[str, msgspec.Meta(max_length=300)]
Page = Annotated[int, msgspec.Meta(ge=1, le=999_999)]
Phrases = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]],
    msgspec.Meta(max_length=20),
]


class NewGolden(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    assistant: str
    question: Question
    document: Document = ""
    page: Page | None = None
    phrases: Phrases = []
    must_refuse: bool = False


class GoldenChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    question: Question | msgspec.UnsetType = msgspec.UNSET
    document: Document | msgspec.UnsetType = msgspec.UNSET
    page: Page | msgspec.UnsetType | None = msgspec.UNSET
    phrases: Phrases | msgspec.UnsetType = msgspec.UNSET
    must_refuse: bool | msgspec.UnsetType = msgspec.UNSET


class Sheet(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``csv``: the file's text."""

    assistant: str
    csv: Annotated[str, msgspec.Meta(max_length=900_000)]


class Ordered(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    assistant: str


@get("/api/golden", who=OWNERS, refuses=(404,), sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    assistant: FromQuery[str],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The golden questions of an assistant, oldest first."""
    owned = _owned(database, caller, assistant)
    return listed(golden.every(database, owned.id, after=cursor, limit=limit + 1), limit)


@post("/api/golden", who=OWNERS, sync_to_thread=True)
def create(
    data: JSONBody[NewGolden],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> GoldenQuestion:
    """A new golden question of an assistant. ``document`` is a title, a file's name or an id;
    ``phrases`` have to stand in the answer; ``must_refuse`` expects a refusal and no document."""
    owned = _owned(database, caller, data.assistant)
    told = msgspec.structs.asdict(data)
    with database.write() as db:
        made = golden.add(db, owned.id, _sound(told))
        audit.record(db, caller, "golden.create", owned.id, collections=owned.collections)
    return made


@patch("/api/golden/{golden_id:str}", who=OWNERS, sync_to_thread=True)
def change(
    golden_id: FromPath[str],
    data: JSONBody[GoldenChanges],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> GoldenQuestion:
    """Change what is given; the rest stays."""
    owned, before = _found(database, caller, golden_id)
    given = msgspec.structs.asdict(data).items()
    changes = {name: value for name, value in given if value is not msgspec.UNSET}
    kept = {name: getattr(before, name) for name in Wanted.__struct_fields__}
    with database.write() as db:
        changed = golden.change(db, before.id, _sound(kept | changes))
        audit.record(db, caller, "golden.change", owned.id, collections=owned.collections)
    return changed


@delete("/api/golden/{golden_id:str}", who=OWNERS, sync_to_thread=True)
def remove(
    golden_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> None:
    """Remove a golden question."""
    owned, found = _found(database, caller, golden_id)
    with database.write() as db:
        golden.remove(db, found.id)
        audit.record(db, caller, "golden.remove", owned.id, collections=owned.collections)


@get("/api/golden/lights", who=OWNERS, sync_to_thread=True)
def lights(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The traffic lights of the assistants that the caller may change: ``colour`` is ``none``
    (no golden questions), ``waiting`` (not asked yet), ``green`` or ``red``; ``asking`` says
    that they are being asked now, ``asked_this_week`` how many questions people asked the
    assistant on the last seven days of this server."""
    reached = rights.reach(database, caller)
    owned = [
        one
        for one in assistants.every(database, these=reached.assistants, after=cursor, limit=10_000)
        if reached.edits(one.id) and all(map(reached.reads, one.collections))
    ]
    page = listed(owned[: limit + 1], limit)
    now, week = (
        asking.asked_now(database),
        usage.counts(database, *usage.span("", ""), reach=reached),
    )
    page["items"] = [
        msgspec.to_builtins(one)
        | {"asking": one.assistant in now, "asked_this_week": week.get(one.assistant, 0)}
        for one in runs.lights(database, [one.id for one in page["items"]])
    ]
    return page


@get("/api/golden/runs", who=OWNERS, refuses=(404,), sync_to_thread=True)
def list_runs(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    assistant: FromQuery[str],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The runs of an assistant's golden questions, newest first: what each found, question by
    question, and what had changed since the run before."""
    owned = _owned(database, caller, assistant)
    reached = rights.reach(database, caller)
    found = runs.every(database, owned.id, reach=reached, before=cursor, limit=limit + 1)
    return listed(found, limit)


@post("/api/golden/runs", who=OWNERS, status_code=202, sync_to_thread=True)
def order(
    data: JSONBody[Ordered],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Ask an assistant's golden questions now. They are asked by themselves, too, after every
    change of its documents, its settings, the model or this program's version."""
    owned = _owned(database, caller, data.assistant)
    with database.write() as db:
        job = asking.order(database, owned.id)
        audit.record(db, caller, "golden.run", owned.id, collections=owned.collections)
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


@get(
    "/api/golden/export",
    who=OWNERS,
    gives={"text/csv": str},
    refuses=(404,),
    sync_to_thread=True,
)
def take_along(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    assistant: FromQuery[str],
) -> Response[str]:
    """The golden questions of an assistant as CSV, in a form that ``import`` takes."""
    owned = _owned(database, caller, assistant)
    day = datetime.now(UTC).date().isoformat()
    return Response(
        sheet.written(golden.every(database, owned.id)),
        media_type="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="golden-{owned.slug}-{day}.csv"',
            "Cache-Control": "no-store",
        },
    )


@post("/api/golden/import", who=OWNERS, status_code=200, sync_to_thread=True)
def bring(
    data: JSONBody[Sheet],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, int]:
    """Take golden questions from CSV: those that an assistant has already are said anew, the
    others added, none removed. All of it counts, or nothing."""
    owned = _owned(database, caller, data.assistant)
    wanted = {one.question: _sound(msgspec.structs.asdict(one)) for one in sheet.read(data.csv)}
    with database.write() as db:
        known = golden.by_question(database, owned.id)
        for question, one in wanted.items():
            if question in known:
                golden.change(db, known[question].id, one)
            else:
                golden.add(db, owned.id, one)
        added, changed = len(wanted.keys() - known.keys()), len(wanted.keys() & known.keys())
        audit.record(
            db, caller, "golden.import", owned.id, collections=owned.collections,
            added=added, changed=changed,
        )  # fmt: skip
    return {"added": added, "changed": changed}


def _owned(database: Database, caller: Caller, assistant_id: str) -> Assistant:
    """The assistant, for those who may change it and read all that it reads."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    if found.collections != assistants.get(database, found.id).collections:
        raise NotFound
    return found


def _found(database: Database, caller: Caller, golden_id: str) -> tuple[Assistant, GoldenQuestion]:
    found = golden.get(database, golden_id)
    return _owned(database, caller, found.assistant), found


def _sound(told: dict[str, Any]) -> Wanted:
    """Raises ``BadRequest`` (``golden_contradicts``) where a refusal and an answer are expected
    at once."""
    wanted = Wanted(
        question=" ".join(told["question"].split()),
        document=told["document"].strip(),
        page=told["page"],
        phrases=tuple(one.strip() for one in told["phrases"]),
        must_refuse=told["must_refuse"],
    )
    if wanted.must_refuse and (wanted.document or wanted.page or wanted.phrases):
        raise BadRequest("golden_contradicts")
    return wanted


routes = [index, create, lights, list_runs, order, take_along, bring, change, remove]
