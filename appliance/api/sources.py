"""Sources over HTTP: where a collection's documents come from, and what its runs did."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from appliance import audit, schedules, sources
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.jobs import job_json
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database, Writer
from appliance.errors import BadRequest, sentence
from appliance.jobs import ledger, sync
from appliance.jobs.listing import Ways, way_to
from appliance.jobs.queue import Queue
from appliance.records import Caller, Job, Language, Problem
from appliance.sources import Source, SourceKind, SourceOptions, entries, runs
from appliance.sources.runs import Act, LogLine, Run

WRITERS = EDITORS | key("documents:write")
LOOKERS = EDITORS | key("documents:read")

Schedule = Annotated[str, msgspec.Meta(max_length=40)]
Globs = Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=300)]],
                  msgspec.Meta(max_length=100)]  # fmt: skip
Depth = Annotated[int, msgspec.Meta(ge=0, le=20)]
Pages = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Fate = Annotated[Literal["keep", "remove"], QueryParameter(name="documents")]
OneAct = Annotated[Act | None, QueryParameter(name="act")]


class NewSource(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``address`` for pages and sites, ``path`` for folders."""

    kind: SourceKind
    address: Place | None = None
    path: Place | None = None
    schedule: Schedule = "manual"
    include: Globs = []
    exclude: Globs = []
    depth: Depth = SourceOptions().depth
    pages: Pages = SourceOptions().pages


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    schedule: Schedule | UnsetType = UNSET
    include: Globs | UnsetType = UNSET
    exclude: Globs | UnsetType = UNSET
    depth: Depth | UnsetType = UNSET
    pages: Pages | UnsetType = UNSET


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    dry_run: bool = False


@post("/api/collections/{collection_id:str}/sources", who=WRITERS, sync_to_thread=True)
def add_source(
    collection_id: FromPath[str],
    data: JSONBody[NewSource],
    database: NamedDependency[Database],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A new source; nothing is read before its first run. Folders are for administrators."""
    collection = rights.collection(database, caller, collection_id, to_change=True)
    _may_look_after(ways, caller, data.kind)
    options = SourceOptions(
        include=tuple(data.include),
        exclude=tuple(data.exclude),
        depth=data.depth,
        pages=data.pages,
    )
    address = ways[data.kind].allowed(_place(data))
    with database.write() as db:
        made = sources.add(
            db,
            collection=collection.id,
            kind=data.kind,
            address=address,
            schedule=_schedule(data.schedule),
            options=options,
        )
        _audit(db, caller, "source.create", made, kind=made.kind, address=made.address)
    return source_json(database, made, caller.language)


@get("/api/collections/{collection_id:str}/sources", who=LOOKERS, sync_to_thread=True)
def list_sources(
    collection_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The sources of a collection, oldest first."""
    rights.collection(database, caller, collection_id, to_change=True)
    found = sources.every(database, collection=collection_id, after=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = [source_json(database, one, caller.language) for one in page["items"]]
    return page


@get("/api/sources", who=LOOKERS, sync_to_thread=True)
def list_every_source(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The sources of all collections that the caller looks after, oldest first."""
    reached = rights.reach(database, caller).tending
    found = sources.every(database, reach=reached, after=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = [source_json(database, one, caller.language) for one in page["items"]]
    return page


@get("/api/sources/{source_id:str}", who=LOOKERS, sync_to_thread=True)
def show_source(
    source_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> dict[str, Any]:
    """One source, with its last run."""
    source = rights.source(database, caller, source_id)
    return source_json(database, source, caller.language)


@patch("/api/sources/{source_id:str}", who=WRITERS, sync_to_thread=True)
def change_source(
    source_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what is given: when it runs, and what it takes."""
    source = rights.source(database, caller, source_id)
    _may_look_after(ways, caller, source.kind)
    given: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    wanted: dict[str, Any] = {}
    if "schedule" in given:
        wanted["schedule"] = _schedule(given.pop("schedule"))
    if given:
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        wanted["options"] = msgspec.structs.replace(source.options, **given | lists)
    with database.write() as db:
        changed = sources.change(db, source.id, **wanted)
        _audit(db, caller, "source.change", changed, changed=sorted(wanted))
    return source_json(database, changed, caller.language)


@delete("/api/sources/{source_id:str}", who=WRITERS, sync_to_thread=True)
def remove_source(
    source_id: FromPath[str],
    database: NamedDependency[Database],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
    fate: Fate = "keep",
) -> None:
    """Remove a source; its documents stay, or go to the trash."""
    source = rights.source(database, caller, source_id)
    _may_look_after(ways, caller, source.kind)
    removed = sync.remove(database, source, with_documents=fate == "remove")
    with database.write() as db:
        _audit(db, caller, "source.remove", source, address=source.address, removed=removed)


@post("/api/sources/{source_id:str}/run", who=WRITERS, status_code=202, sync_to_thread=True)
def run_source(
    source_id: FromPath[str],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
    data: JSONBody[Order | None] = None,
) -> Response[dict[str, Any]]:
    """Bring the collection to what the source holds; a dry run only says what that would be."""
    source = rights.source(database, caller, source_id)
    _may_look_after(ways, caller, source.kind)
    run, job = sync.order(database, queue, source, dry_run=bool(data and data.dry_run))
    with database.write() as db:
        _audit(db, caller, "source.run", source, run=run.id, dry_run=run.dry_run)
    return _begun(run, job, caller.language)


@post("/api/sources/{source_id:str}/confirm", who=WRITERS, status_code=202, sync_to_thread=True)
def confirm_run(
    source_id: FromPath[str],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Let the run that is held remove what it showed."""
    source = rights.source(database, caller, source_id)
    _may_look_after(ways, caller, source.kind)
    run, job = sync.confirm(database, queue, source)
    with database.write() as db:
        _audit(db, caller, "source.confirm", source, run=run.id)
    return _begun(run, job, caller.language)


@post("/api/sources/{source_id:str}/reject", who=WRITERS, status_code=200, sync_to_thread=True)
def reject_run(
    source_id: FromPath[str],
    database: NamedDependency[Database],
    ways: NamedDependency[Ways],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """The run that is held is to do nothing."""
    source = rights.source(database, caller, source_id)
    _may_look_after(ways, caller, source.kind)
    run = sync.reject(database, source)
    with database.write() as db:
        _audit(db, caller, "source.reject", source, run=run.id)
    return run_json(run, caller.language)


@get("/api/sources/{source_id:str}/runs", who=LOOKERS, sync_to_thread=True)
def list_runs(
    source_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The runs of a source, newest first."""
    source = rights.source(database, caller, source_id)
    found = runs.entries(database, source.id, before=cursor, limit=limit + 1)
    page = listed(found, limit)
    page["items"] = [run_json(run, caller.language) for run in page["items"]]
    return page


@get("/api/sources/{source_id:str}/runs/{run_id:str}", who=LOOKERS, sync_to_thread=True)
def show_run(
    source_id: FromPath[str],
    run_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    act: OneAct = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """A run and its log, a page at a time: what became of which thing, and why."""
    source = rights.source(database, caller, source_id)
    run = runs.get(database, source.id, run_id)
    after = int(cursor) if cursor.isdigit() and len(cursor) < 19 else 0
    found = runs.log(database, run.id, act=act, after=after, limit=limit + 1)
    page = listed(found, limit, cursor=lambda line: str(line.id))
    page["items"] = [line_json(line, caller.language) for line in page["items"]]
    return {"run": run_json(run, caller.language), "log": page}


def source_json(database: Database, source: Source, language: Language) -> dict[str, Any]:
    """The source as the API gives it, with how it stands and its last run."""
    shown: dict[str, Any] = msgspec.to_builtins(source)
    shown |= shown.pop("options")
    del shown["mark"]
    place = shown.pop("address")
    folder = source.kind == "folder"
    last = runs.newest(database, source.id)
    job = ledger.current(database, sync.KIND, source.id)
    return shown | {
        "address": None if folder else place,
        "path": place if folder else None,
        "state": _state(database, source),
        "entries": entries.count(database, source.id),
        "last_run": run_json(last, language) if last else None,
        "job": job_json(job, language) if job else None,
    }


def _state(database: Database, source: Source) -> str:
    """``new``, or where its last run came to; of that dry and cancelled runs say nothing."""
    if under_way := runs.newest(database, source.id, "queued", "running"):
        return under_way.state
    for run in runs.entries(database, source.id):
        if not run.dry_run and run.state != "cancelled":
            return run.state if run.state in ("held", "failed") else "idle"
    return "new"


def run_json(run: Run, language: Language) -> dict[str, Any]:
    """The run as the API gives it, its problem as a sentence."""
    shown: dict[str, Any] = msgspec.to_builtins(run)
    return shown | {"problem": _said(run.problem, language)}


def line_json(line: LogLine, language: Language) -> dict[str, Any]:
    """A line of a log as the API gives it, its reason as a sentence."""
    shown: dict[str, Any] = msgspec.to_builtins(line)
    del shown["id"]
    return shown | {"problem": _said(line.problem, language)}


def _said(problem: Problem | None, language: Language) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "detail": sentence(problem.code, problem.facts, language)}


def _begun(run: Run, job: Job, language: Language) -> Response[dict[str, Any]]:
    return Response(
        {"run": run_json(run, language), "job": job_json(job, language)},
        status_code=202,
        headers={"Location": f"/api/sources/{run.source}/runs/{run.id}"},
    )


def _may_look_after(ways: Ways, caller: Caller, kind: SourceKind) -> None:
    if way_to(ways, kind).people == "administrators":
        rights.only_administrators(caller)


def _place(data: NewSource) -> str:
    place, other = (data.path, data.address) if data.kind == "folder" else (data.address, data.path)
    if place is None or other is not None:
        raise BadRequest("source_needs_place")
    return place


def _schedule(given: str) -> str:
    if not schedules.is_one(given):
        raise BadRequest("source_bad_schedule", schedule=given)
    return given


def _audit(db: Writer, caller: Caller, act: str, source: Source, **details: Any) -> None:
    audit.record(db, caller, act, source.id, collections=[source.collection], **details)


routes = [
    add_source,
    list_sources,
    list_every_source,
    show_source,
    change_source,
    remove_source,
    run_source,
    confirm_run,
    reject_run,
    list_runs,
    show_run,
]
