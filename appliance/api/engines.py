"""The engines beside the built-in one, over HTTP: for administrators. No key comes out."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import assistants, audit, engines
from appliance.answering.writers import Writers
from appliance.api import rights
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.engines import Engine, Kind
from appliance.errors import Conflict, sentence
from appliance.records import Caller, Language, Problem
from appliance.settings import Settings

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"\S")]
Model = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^\S+$")]
Addresses = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=300, pattern=r"^\s*https?://[^\s?#@]+\s*$")]],
    msgspec.Meta(max_length=16),
]
Context = Annotated[int, msgspec.Meta(ge=2048, le=2_000_000)]
# What a header can carry; a line break in it would be another header.
Secret = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[!-~]*$")]
Unset = msgspec.UnsetType


class NewEngine(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    kind: Kind
    model: Model
    addresses: Addresses = []
    context: Context = engines.CONTEXT
    key: Secret = ""


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name | Unset = msgspec.UNSET
    model: Model | Unset = msgspec.UNSET
    addresses: Addresses | Unset = msgspec.UNSET
    context: Context | Unset = msgspec.UNSET
    key: Secret | Unset = msgspec.UNSET


@get("/api/engines", who=ADMINISTRATORS, sync_to_thread=True)
def list_engines(
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    writers: NamedDependency[Writers],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """All of them: what keeps each from being used, and how its addresses were when they
    were last asked."""
    found = engines.every(database)
    return {
        "items": [engine_json(one, settings, writers, caller.language) for one in found],
        "next": None,
    }


@post("/api/engines", who=ADMINISTRATORS, sync_to_thread=True)
def create_engine(
    data: JSONBody[NewEngine],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    writers: NamedDependency[Writers],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A new one, if everything that it needs is there. Nothing is sent to it yet."""
    values = msgspec.structs.asdict(data)
    secret = values.pop("key")
    engine = engines.new(**values)
    writers.examine(engine, secret)
    with database.write() as db:
        engines.add(db, engine)
        audit.record(
            db, caller, "engine.create", engine.id,
            name=engine.name, kind=engine.kind, addresses=engine.addresses,
        )  # fmt: skip
        engines.keep_key(settings.data, engine.id, secret)
    return engine_json(engine, settings, writers, caller.language)


@patch("/api/engines/{engine_id:str}", who=ADMINISTRATORS, sync_to_thread=True)
def change_engine(
    engine_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    writers: NamedDependency[Writers],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what is given; what kind it is stays. Other addresses need the key again: one
    who may not read it must not send it to a place of their own."""
    given = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not msgspec.UNSET
    }
    before = engines.get(database, engine_id)
    engine = engines.changed(before, given)
    kept = engines.key(settings.data, engine_id) if engine.addresses == before.addresses else ""
    secret = given.get("key", kept)
    writers.examine(engine, secret)
    with database.write() as db:
        engines.replace(db, engine)
        audit.record(
            db, caller, "engine.change", engine_id,
            name=engine.name, fields=sorted(given), addresses=engine.addresses,
        )  # fmt: skip
        engines.keep_key(settings.data, engine_id, secret)
    return engine_json(engine, settings, writers, caller.language)


@delete("/api/engines/{engine_id:str}", who=ADMINISTRATORS, sync_to_thread=True)
def remove_engine(
    engine_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> None:
    """Remove one that writes for no assistant, with its key."""
    try:
        with database.write() as db:
            removed = engines.remove(db, settings.data, engine_id)
            audit.record(db, caller, "engine.remove", engine_id, name=removed.name)
    except Conflict as refused:
        raise Conflict(
            refused.code,
            name=refused.facts["name"],
            count=refused.facts["count"],
            assistants=_names(database, caller, refused.facts["users"]),
        ) from refused


@post(
    "/api/engines/{engine_id:str}/check",
    who=ADMINISTRATORS,
    status_code=200,
    sync_to_thread=True,
)
def check_engine(
    engine_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    writers: NamedDependency[Writers],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Try it: its addresses, then a few words. What is wrong comes in ``problem``."""
    engine = engines.get(database, engine_id)
    with database.write() as db:
        audit.record(db, caller, "engine.check", engine_id, name=engine.name)
    checked = writers.check(engine)
    return {
        "problem": _problem(checked.problem, caller.language),
        "first_token_ms": checked.first_token_ms,
        "engine": engine_json(engine, settings, writers, caller.language),
    }


def engine_json(
    engine: Engine, settings: Settings, writers: Writers, language: Language
) -> dict[str, Any]:
    """The engine as the API gives it: whether it has a key, never which."""
    shown: dict[str, Any] = msgspec.to_builtins(engine)
    return shown | {
        "leaves_building": engine.leaves_building,
        "has_key": bool(engines.key(settings.data, engine.id)),
        "problem": _problem(writers.obstacle(engine), language),
        "reached": [
            {
                "address": one.address,
                "state": one.state,
                "problem": _problem(one.problem, language),
            }
            for one in writers.reached(engine)
        ],
    }


def _names(database: Database, caller: Caller, these: list[str]) -> str:
    """The assistants by name, as far as they exist for the caller."""
    reached = rights.reach(database, caller)
    found = assistants.every(database, these=these, reach=reached, limit=len(these))
    return ", ".join(f"“{one.name}”" for one in found) or "…"


def _problem(problem: Problem | None, language: Language) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "detail": sentence(problem.code, problem.facts, language)}


routes = [list_engines, create_engine, change_engine, remove_engine, check_engine]
