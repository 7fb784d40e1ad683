"""Jobs over HTTP: the list, one job, its progress as a stream, cancel and retry."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from appliance import audit, library, sources
from appliance.api import guards, rights, streams
from appliance.api.guards import EDITORS, key
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.database import Database, Writer
from appliance.errors import NotSignedIn, sentence
from appliance.jobs import ledger, naming, outcomes
from appliance.jobs.queue import Queue
from appliance.records import Caller, Job, JobState, Language

LOOK_SECONDS = 0.3  # between two looks at a job that somebody watches
LOOKERS = EDITORS | key("documents:read")
CHANGERS = EDITORS | key("documents:write")

State = Annotated[JobState | None, QueryParameter(name="state")]  # Litestar keeps ``state``
Subject = Annotated[str, QueryParameter(max_length=64)]


def job_json(job: Job, language: Language) -> dict[str, Any]:
    """The job as the API gives it, its problem as a sentence in ``language``."""
    shown: dict[str, Any] = msgspec.to_builtins(job)
    if problem := job.problem:
        detail = sentence(problem.code, problem.facts, language)
        shown["problem"] = {"code": problem.code, "detail": detail}
    return shown


@get("/api/jobs", who=LOOKERS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    in_state: State = None,
    subject: Subject = "",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Jobs, newest first, of one state and about one subject if so wished.

    Those about documents and collections that the caller looks after, and for administrators
    those about the whole appliance. ``about`` names what the job is about.
    """
    found = ledger.entries(
        database,
        state=in_state,
        subject=subject or None,
        reach=rights.reach(database, caller).tending,
        before=cursor,
        limit=limit + 1,
    )
    page = listed(found, limit)
    names = naming.names(database, page["items"])
    page["items"] = [
        job_json(job, caller.language) | {"about": names[job.id]} for job in page["items"]
    ]
    return page


@get("/api/jobs/{job_id:str}", who=LOOKERS, sync_to_thread=True)
def read(
    job_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> dict[str, Any]:
    """One job."""
    return job_json(rights.job(database, caller, job_id), caller.language)


@post("/api/jobs/{job_id:str}/cancel", who=CHANGERS, status_code=200, sync_to_thread=True)
def cancel(
    job_id: FromPath[str], database: NamedDependency[Database], caller: NamedDependency[Caller]
) -> dict[str, Any]:
    """End a job: at once while it waits, within seconds while it runs."""
    rights.job(database, caller, job_id)
    with database.write() as db:
        job = outcomes.cancel(database, job_id)
        _audit(db, caller, "job.cancel", job, _collections(database, job))
    return job_json(job, caller.language)


@post("/api/jobs/{job_id:str}/retry", who=CHANGERS, status_code=202, sync_to_thread=True)
def retry(
    job_id: FromPath[str],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Queue a failed or cancelled job again."""
    rights.job(database, caller, job_id)
    with database.write() as db:
        job = outcomes.retry(database, job_id)
        _audit(db, caller, "job.retry", job, _collections(database, job))
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


@get("/api/jobs/{job_id:str}/events", who=LOOKERS, gives=streams.EVENT_STREAM)
async def events(
    job_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Stream:
    """The job as an event ``job``, now and at every change, until it ended."""
    job = await asyncio.to_thread(rights.job, database, caller, job_id)
    return Stream(
        _told(partial(_seen, request, database, caller, job.id), job, caller.language),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _seen(request: Request[Any, Any, Any], database: Database, caller: Caller, job: str) -> Job:
    """The job, under rights each time: who loses them, or may no longer be here, hears no more."""
    if not guards.still_stands(request):
        raise NotSignedIn("not_signed_in")
    return rights.job(database, caller, job)


async def _told(look: Callable[[], Job], job: Job, language: Language) -> AsyncIterator[bytes]:
    yield _event(job, language)
    told_at = time.monotonic()
    while job.ended_at is None:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            seen = await asyncio.to_thread(look)
        except Exception as fault:  # noqa: BLE001 - a stream tells its failure as an event
            yield streams.encoded("problem", streams.problem(fault, language))
            return
        if seen != job:
            yield _event(seen, language)
            told_at = time.monotonic()
        elif time.monotonic() - told_at > streams.HEARTBEAT_SECONDS:
            yield b": still here\n\n"
            told_at = time.monotonic()
        job = seen


def _event(job: Job, language: Language) -> bytes:
    return streams.encoded("job", msgspec.json.encode(job_json(job, language)))


def _audit(db: Writer, caller: Caller, act: str, job: Job, about: list[str]) -> None:
    audit.record(db, caller, act, job.id, collections=about, subject=job.subject)


def _collections(database: Database, job: Job) -> list[str]:
    """What walls may hide of the job: where its document or its source is, or its
    subject itself."""
    if job.kind in ledger.HOUSE_KINDS:
        return []
    about = library.find(database, job.subject) or sources.find(database, job.subject)
    return [about.collection if about else job.subject]


routes = [index, read, cancel, retry, events]
