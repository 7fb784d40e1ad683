"""Models over HTTP: what there is, pulling, importing and removing. For administrators."""

from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit
from appliance.api.guards import ADMINISTRATORS
from appliance.api.jobs import job_json
from appliance.database import Database
from appliance.errors import NotFound
from appliance.jobs import pull, stock
from appliance.jobs.queue import Queue
from appliance.jobs.stock import Held
from appliance.records import Caller, Language
from appliance.settings import Settings


class Brought(msgspec.Struct, forbid_unknown_fields=True):
    """A model to import: its files lie in the import folder under the catalogue's names."""

    name: str


def model_json(held: Held, language: Language) -> dict[str, Any]:
    """The model as the API gives it, its job with a sentence in ``language``."""
    shown: dict[str, Any] = msgspec.to_builtins(held)
    return shown | {"job": job_json(held.job, language) if held.job else None}


@get("/api/models", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Every model and how it stands here, and the machine they would run on."""
    held = stock.listing(settings, database, caller.language)
    return {
        "items": [model_json(model, caller.language) for model in held],
        "next": None,
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
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


routes = [index, read, order_pull, order_import, remove]
