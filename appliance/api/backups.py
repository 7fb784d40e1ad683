"""Backups over HTTP, for administrators: what was made, where, and whether it was proven."""

from itertools import dropwhile
from typing import Literal

from litestar import get
from litestar.di import NamedDependency

from appliance import backups
from appliance.api.guards import ADMINISTRATORS
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit
from appliance.backups import Backup
from appliance.errors import BadRequest, sentence
from appliance.records import Caller, Language, Problem, Record
from appliance.settings import Settings

Light = Literal["verified", "old", "none"]


class BackupKnown(Record, frozen=True):
    """A backup: ``file`` is where it was written, ``bytes`` its size. ``verified_at`` is when it
    was last proven, ``reason`` what was wrong when it was last examined."""

    id: str
    file: str
    made_at: str
    bytes: int
    documents: int
    program: str
    verified_at: str | None
    reason: str | None


class Backups(Record, frozen=True):
    """A page of the backups, newest first, and how the house stands: ``last_verified`` is the
    newest that was proven, ``age_seconds`` the age of its data, ``state`` whether that is enough
    (``old`` from the eighth day on), ``reason`` what is to be done where it is not."""

    items: list[BackupKnown]
    next: str | None
    last_verified: BackupKnown | None
    age_seconds: float | None
    state: Light
    reason: str | None


@get("/api/backups", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> Backups:
    """The backups that this installation knows of, newest first, and the last verified one."""
    known = _after(backups.every(settings.data), cursor)
    page = known[:limit]
    last, worn = backups.last_verified(settings.data), backups.worn(settings.data)
    return Backups(
        items=[_told(one, caller.language) for one in page],
        next=page[-1].id if len(known) > limit else None,
        last_verified=_told(last, caller.language) if last else None,
        age_seconds=backups.age_seconds(settings.data),
        state="none" if last is None else "old" if worn else "verified",
        reason=_said(worn, caller.language),
    )


def _after(known: list[Backup], cursor: str) -> list[Backup]:
    """Those that follow the one of this id. Raises ``BadRequest`` where it is not known."""
    if not cursor:
        return known
    rest = list(dropwhile(lambda one: one.id != cursor, known))
    if not rest:
        raise BadRequest("bad_request", reason="cursor")
    return rest[1:]


def _told(backup: Backup, language: Language) -> BackupKnown:
    return BackupKnown(
        id=backup.id,
        file=backup.file,
        made_at=backup.made_at,
        bytes=backup.bytes,
        documents=backup.documents,
        program=backup.program,
        verified_at=backup.verified_at,
        reason=_said(backup.problem, language),
    )


def _said(problem: Problem | None, language: Language) -> str | None:
    return sentence(problem.code, problem.facts, language) if problem else None


routes = [index]
