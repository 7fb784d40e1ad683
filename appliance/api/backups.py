"""Backups over HTTP, for administrators: what was made, where, and whether it was proven; one
made or proven now; and what is set about those that make themselves.

The passphrase comes in and never out. A backup itself is not given out here: it lies in its
folder, for whoever looks after the server.
"""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, backups, options
from appliance.api.guards import ADMINISTRATORS
from appliance.api.jobs import job_json
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.backups import Backup
from appliance.database import Database
from appliance.errors import sentence
from appliance.jobs import backup as ordering
from appliance.jobs.queue import Queue
from appliance.records import Caller, Job, Language, Problem
from appliance.routine import Routine
from appliance.settings import Settings
from appliance.vault import Vault

Passphrase = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]


class RoutineChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``passphrase`` as "" forgets the one that is kept."""

    passphrase: Passphrase | msgspec.UnsetType = msgspec.UNSET


@get("/api/backups", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The backups that this installation knows of, newest first; ``last_verified``, the newest
    that was proven, and ``age_seconds``, how old its data is; and in ``state`` whether that is
    enough: ``verified``, ``old`` (from the eighth day on) or ``none``, with the ``problem``.
    ``job`` is the backup that waits or runs, ``routine`` what is set, without the passphrase."""
    known = backups.every(settings.data)
    after = [one for one in known if not cursor or one.id < cursor]
    page = listed(after[: limit + 1], limit)
    last, worn = backups.last_verified(settings.data), backups.worn(settings.data)
    job = ordering.under_way(database)
    return page | {
        "items": [_shown(one, caller.language) for one in page["items"]],
        "last_verified": _shown(last, caller.language) if last else None,
        "age_seconds": backups.age_seconds(settings.data),
        "state": "none" if last is None else "old" if worn else "verified",
        "problem": _said(worn, caller.language),
        "job": job_json(job, caller.language) if job else None,
        "routine": _told(options.read(database, Routine)),
    }


@post("/api/backups", who=ADMINISTRATORS, status_code=202, sync_to_thread=True)
def order(
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Make a backup now, and prove it. It takes the passphrase that is kept."""
    with database.write() as db:
        job = ordering.order(database)
        audit.record(db, caller, "backup.order", job.id)
    return _ordered(job, queue, caller)


@post("/api/backups/{backup_id:str}/verify", who=ADMINISTRATORS, status_code=202,
      sync_to_thread=True)  # fmt: skip
def verify(
    backup_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Prove a backup again: restore it into a scratch folder, and compare and search all of it."""
    with database.write() as db:
        job = ordering.order_proof(database, settings, backup_id)
        audit.record(db, caller, "backup.order", job.id, backup=backup_id)
    return _ordered(job, queue, caller)


@patch("/api/backups", who=ADMINISTRATORS, sync_to_thread=True)
def change(
    data: JSONBody[RoutineChanges],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what is set about backups; what is left out stays. A backup opens with the
    passphrase of its day alone: without that one nobody restores it."""
    given = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not msgspec.UNSET
    }
    with database.write() as db:
        if "passphrase" in given:
            given |= ordering.sealed(vault, given["passphrase"])
        after = msgspec.structs.replace(options.read(database, Routine), **given)
        options.store(db, after)
        audit.record(db, caller, "backup.settings", Routine.SECTION, fields=sorted(given))
    return _told(after)


def _ordered(job: Job, queue: Queue, caller: Caller) -> Response[dict[str, Any]]:
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _told(kept: Routine) -> dict[str, Any]:
    return {"passphrase": bool(kept.passphrase)}


def _shown(backup: Backup, language: Language) -> dict[str, Any]:
    """A backup as the API gives it, what was wrong with it as a sentence."""
    shown: dict[str, Any] = msgspec.to_builtins(backup)
    return shown | {"problem": _said(backup.problem, language)}


def _said(problem: Problem | None, language: Language) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "detail": sentence(problem.code, problem.facts, language)}


routes = [index, order, verify, change]
