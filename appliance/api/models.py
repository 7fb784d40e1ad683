"""Models over HTTP: what there is, bringing in, using, measuring, removing. For administrators."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from appliance import audit
from appliance.api import uploads
from appliance.api.guards import ADMINISTRATORS
from appliance.api.jobs import job_json
from appliance.database import Database
from appliance.errors import NotFound, sentence
from appliance.jobs import measurement, pull, stock, switch, upload
from appliance.jobs.queue import Queue
from appliance.jobs.stock import Held
from appliance.jobs.upload import Offered, Upload
from appliance.records import Caller, Job, Language
from appliance.settings import Settings
from appliance.status import Status


class Brought(msgspec.Struct, forbid_unknown_fields=True):
    """A model to import: its files lie in the import folder under the catalogue's names."""

    name: str


def model_json(held: Held, language: Language) -> dict[str, Any]:
    """The model as the API gives it, its job with a sentence in ``language``."""
    shown: dict[str, Any] = msgspec.to_builtins(held)
    measured, outlook = shown.pop("figures"), held.outlook
    if measured:
        doubt = sentence("measured_disturbed", {}, language) if measured["disturbed"] else None
        measured["doubt"] = doubt
    return shown | {
        "upload": upload_json(held.upload) if held.upload else None,
        "measured": measured,
        "outlook": sentence(outlook.code, outlook.facts, language) if outlook else None,
        "job": job_json(held.job, language) if held.job else None,
    }


def upload_json(sent: Upload) -> dict[str, Any]:
    """How far an upload is, and in which pieces it goes on."""
    return msgspec.structs.asdict(sent.offered) | {
        "done": sent.done,
        "piece_bytes": upload.PIECE_BYTES,
        "overlap_bytes": upload.OVERLAP_BYTES,
    }


@get("/api/models", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    status: NamedDependency[Status],
) -> dict[str, Any]:
    """Every model and how it stands here, the one that writes the answers, and the machine
    they would run on."""
    held = stock.listing(settings, database, caller.language)
    return {
        "items": [model_json(model, caller.language) for model in held],
        "next": None,
        "language_model": status.language_model(caller.language),
        "machine": stock.machine(),
        "import_folder": settings.import_folder or None,
    }


@get("/api/models/{name:str}", who=ADMINISTRATORS, sync_to_thread=True)
def read(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One model."""
    return model_json(stock.one(name, settings, database, caller.language), caller.language)


@post("/api/models/{name:str}/pull", who=ADMINISTRATORS, status_code=202, sync_to_thread=True)
def order_pull(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Fetch a model from its source or a mirror; where a pull ended early, go on."""
    held = stock.one(name, settings, database, caller.language)
    pull.addresses(stock.entry(name), settings)
    return _ordered(pull.PULL, name, database, queue, caller, hosts=held.hosts)


@post("/api/models/import", who=ADMINISTRATORS, status_code=202, sync_to_thread=True)
def order_import(
    data: JSONBody[Brought],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Bring a model from the import folder."""
    if not stock.one(data.name, settings, database, caller.language).brought:
        entry = stock.entry(data.name)
        wanted = entry.file if entry.kind == "language" else entry.name
        raise NotFound("model_not_brought", name=data.name, file=wanted)
    return _ordered(pull.IMPORT, data.name, database, queue, caller)


@post("/api/models/{name:str}/check", who=ADMINISTRATORS, status_code=202, sync_to_thread=True)
def order_check(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Measure a model on this machine: how many people it serves, with which flags best."""
    with database.write() as db:
        job = measurement.order(database, settings, name)
        audit.record(db, caller, "model.check", name)
    return _delivered(job, queue, caller)


@post("/api/models/{name:str}/upload", who=ADMINISTRATORS, status_code=200, sync_to_thread=True)
def begin_upload(
    name: FromPath[str],
    data: JSONBody[Offered],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Offer the file of a model, or the same one again where its upload was interrupted."""
    with database.write() as db:
        sent = upload.begin(stock.entry(name), data, settings, database)
        audit.record(db, caller, "model.upload", name, file=data.file, size=data.size)
    return {"upload": upload_json(sent)}


@put(
    "/api/models/{name:str}/upload",
    who=ADMINISTRATORS,
    accepts="application/octet-stream",
    status_code=200,
    responses={202: ResponseSpec(dict[str, Any], description="The last piece; a job imports it.")},
    request_max_body_size=None,  # goes to the disk as it comes, as much as was offered
)
async def take_piece(
    name: FromPath[str],
    offset: Annotated[int, QueryParameter(ge=0)],
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Bytes of the file from an offset on; a job imports it when the last one is there."""
    entry = stock.entry(name)
    with uploads.on_the_disk():
        piece = await asyncio.to_thread(upload.Piece, entry, settings, offset)
        try:
            async for data in uploads.body(request):
                await asyncio.to_thread(piece.write, data)
        finally:
            # Whatever came before an interruption is kept.
            await asyncio.to_thread(piece.close)
    if piece.upload.whole:
        return await asyncio.to_thread(_ordered, pull.IMPORT, name, database, queue, caller)
    return Response({"upload": upload_json(piece.upload)})


@post("/api/models/{name:str}/use", who=ADMINISTRATORS, status_code=200, sync_to_thread=True)
def use(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    status: NamedDependency[Status],
) -> dict[str, Any]:
    """Let this server write its answers with a model; it is loaded without a restart."""
    condition = status.condition()
    with database.write() as db:
        audit.record(db, caller, "model.use", name)
        # In the transaction: what is refused leaves no row, and what is done has one.
        switch.use(name, settings, condition)
    return status.language_model(caller.language)


@delete("/api/models/{name:str}/use", who=ADMINISTRATORS, status_code=200, sync_to_thread=True)
def leave(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    status: NamedDependency[Status],
) -> dict[str, Any]:
    """Let this server write no answers any more: they quote, and the memory is free."""
    with database.write() as db:
        audit.record(db, caller, "model.leave", name)
        switch.leave(name, settings)
    return status.language_model(caller.language)


@delete("/api/models/{name:str}", who=ADMINISTRATORS, sync_to_thread=True)
def remove(
    name: FromPath[str],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> None:
    """Remove a model's files, and what an unfinished pull has of it."""
    with database.write() as db:
        if not stock.remove(name, settings, database):
            raise NotFound()
        audit.record(db, caller, "model.remove", name)


def _ordered(
    kind: str, name: str, database: Database, queue: Queue, caller: Caller, **details: Any
) -> Response[dict[str, Any]]:
    with database.write() as db:
        job = pull.order(database, kind, name)
        audit.record(db, caller, f"model.{kind}", name, **details)
    return _delivered(job, queue, caller)


def _delivered(job: Job, queue: Queue, caller: Caller) -> Response[dict[str, Any]]:
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


routes = [
    index, read, order_pull, order_import, order_check, begin_upload, take_piece, use, leave,
    remove,
]  # fmt: skip
