"""Backups over HTTP, for administrators: what was made, where, and whether it was proven; one
made or proven now; and what is set about those that make themselves.

The passphrase comes in and never out. A backup itself is not given out here: it lies in its
folder, for whoever looks after the server.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, backups, options, routine
from appliance.api.guards import ADMINISTRATORS
from appliance.api.jobs import job_json
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.archive import target
from appliance.backups import Backup
from appliance.database import Database
from appliance.errors import sentence
from appliance.jobs import backup as ordering
from appliance.jobs import promise
from appliance.jobs.queue import Queue
from appliance.records import Caller, Job, Language, Problem, timestamp
from appliance.routine import Routine
from appliance.schedules import DAYS
from appliance.settings import Settings
from appliance.vault import Vault

Passphrase = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Folder = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Days = Annotated[list[routine.Day], msgspec.Meta(max_length=7)]
Kept = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class RoutineChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``passphrase`` as "" forgets the one that is kept; ``folder`` as "" is the data folder's
    own, ``days`` without any leaves it to people."""

    passphrase: Passphrase | msgspec.UnsetType = msgspec.UNSET
    days: Days | msgspec.UnsetType = msgspec.UNSET
    at: routine.Time | msgspec.UnsetType = msgspec.UNSET
    folder: Folder | msgspec.UnsetType = msgspec.UNSET
    keep_days: Kept | msgspec.UnsetType = msgspec.UNSET
    keep_weeks: routine.Count | msgspec.UnsetType = msgspec.UNSET
    keep_months: routine.Count | msgspec.UnsetType = msgspec.UNSET


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
        "routine": _told(settings, options.read(database, Routine)),
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
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what is set about backups; what is left out stays. A backup opens with the
    passphrase of its day alone: without that one nobody restores it. A folder must be there,
    outside of the data folder, and take a file; the mount that it is on is noted, and a backup
    goes nowhere else."""
    given = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not msgspec.UNSET
    }
    fields = sorted(given)
    if "folder" in given:
        given |= target.checked(settings.data, given["folder"])
    if "days" in given:
        given["days"] = tuple(sorted(set(given["days"]), key=DAYS.index))
    with database.write() as db:
        if "passphrase" in given:
            given |= ordering.sealed(vault, given["passphrase"])
        before = options.read(database, Routine)
        after = msgspec.structs.replace(before, **given)
        options.store(db, after)
        if (before.days, before.at) != (after.days, after.at):
            promise.begin_anew(db)
        audit.record(db, caller, "backup.settings", Routine.SECTION, fields=fields)
    return _told(settings, after)


def _ordered(job: Job, queue: Queue, caller: Caller) -> Response[dict[str, Any]]:
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


def _told(settings: Settings, kept: Routine) -> dict[str, Any]:
    """What is set, and what follows from it: where backups go, when the next one makes itself,
    and for how long one may stay beside what the office says of its copies."""
    due = routine.next_due(kept, datetime.now(UTC))
    told: dict[str, Any] = msgspec.to_builtins(kept)
    return told | {
        "passphrase": bool(kept.passphrase),
        "place": kept.folder or str(settings.data / backups.FOLDER),
        "beside_data": target.beside_data(settings.data, kept),
        "next_at": timestamp(due) if due else None,
        "promised_days": routine.promised_days(kept),
        "kept_days": routine.kept_days(kept),
        "backup_days": settings.backup_days,
    }


def _shown(backup: Backup, language: Language) -> dict[str, Any]:
    """A backup as the API gives it, what was wrong with it as a sentence."""
    shown: dict[str, Any] = msgspec.to_builtins(backup)
    return shown | {"problem": _said(backup.problem, language)}


def _said(problem: Problem | None, language: Language) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "detail": sentence(problem.code, problem.facts, language)}


routes = [index, order, verify, change]
