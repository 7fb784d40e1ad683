"""Backups over HTTP, for administrators: what was made, where, and whether it was proven."""

from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency

from appliance import backups
from appliance.api.guards import ADMINISTRATORS
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.backups import Backup
from appliance.errors import sentence
from appliance.records import Caller, Language, Problem
from appliance.settings import Settings


@get("/api/backups", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The backups that this installation knows of, newest first; ``last_verified``, the newest
    that was proven, and ``age_seconds``, how old its data is; and in ``state`` whether that is
    enough: ``verified``, ``old`` (from the eighth day on) or ``none``, with the ``problem``."""
    known = backups.every(settings.data)
    after = [one for one in known if not cursor or one.id < cursor]
    page = listed(after[: limit + 1], limit)
    last, worn = backups.last_verified(settings.data), backups.worn(settings.data)
    return page | {
        "items": [_shown(one, caller.language) for one in page["items"]],
        "last_verified": _shown(last, caller.language) if last else None,
        "age_seconds": backups.age_seconds(settings.data),
        "state": "none" if last is None else "old" if worn else "verified",
        "problem": _said(worn, caller.language),
    }


def _shown(backup: Backup, language: Language) -> dict[str, Any]:
    """A backup as the API gives it, what was wrong with it as a sentence."""
    shown: dict[str, Any] = msgspec.to_builtins(backup)
    return shown | {"problem": _said(backup.problem, language)}


def _said(problem: Problem | None, language: Language) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"code": problem.code, "detail": sentence(problem.code, problem.facts, language)}


routes = [index]
