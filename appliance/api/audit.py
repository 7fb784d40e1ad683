"""The record of who did what, for administrators and auditors: to search, to take along,
and to check that nobody changed it.

An act about collections that are closed to the reader is not told to them. The chain is
looked through whole: a verdict holds numbers and no act.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from appliance import audit
from appliance.api import guards, rights
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.audit import Verdict, Wanted
from appliance.audit.exporting import Format, export
from appliance.audit.naming import told
from appliance.database import Database
from appliance.records import Caller

AUDITORS = guards.person("admin", "auditor") | guards.key("admin")
MEDIA_TYPES = {"jsonl": "application/jsonl; charset=utf-8", "csv": "text/csv"}

Words = Annotated[str, QueryParameter(max_length=200)]
Name = Annotated[str, QueryParameter(max_length=100)]
From = Annotated[str, QueryParameter(name="from", max_length=40)]
To = Annotated[str, QueryParameter(name="to", max_length=40)]
Form = Annotated[Format, QueryParameter(name="format")]


class Kept(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``head`` is the end of the chain as somebody kept it, "ID:HASH"; "" for none."""

    head: Annotated[str, msgspec.Meta(max_length=200)] = ""


def provide_wanted(
    who: Words = "", act: Name = "", subject: Name = "", q: Words = "",
    since: From = "", until: To = "",
) -> Wanted:  # fmt: skip
    """The dependency ``wanted``: what the address asks for."""
    return audit.wanted(who=who, act=act, subject=subject, words=q, since=since, until=until)


FILTERS = {"wanted": Provide(provide_wanted, sync_to_thread=False)}


@get("/api/audit", who=AUDITORS, dependencies=FILTERS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    wanted: NamedDependency[Wanted],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The latest acts first: by whom (``who``), which (``act``, or its family), on what
    (``subject``), with which words (``q``), ``from`` when and ``to`` when. ``names`` says
    what the ids in an act are called today."""
    reached = rights.reach(database, caller)
    found = audit.newest(database, wanted, reach=reached, limit=limit + 1, before=cursor)
    return listed(told(database, found, reach=reached), limit)


@get("/api/audit/acts", who=AUDITORS, sync_to_thread=True)
def acts(database: NamedDependency[Database]) -> dict[str, list[str]]:
    """The names of all acts that the record holds."""
    return {"acts": audit.known_acts(database)}


@get(
    "/api/audit/export",
    who=AUDITORS,
    dependencies=FILTERS,
    gives=dict.fromkeys(MEDIA_TYPES.values(), str),
    sync_to_thread=True,
)
def take_along(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    wanted: NamedDependency[Wanted],
    form: Form = "jsonl",
) -> Stream:
    """The acts as a file, oldest first: ``format`` is ``jsonl`` or ``csv``."""
    reached = rights.reach(database, caller)
    asked = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    with database.write() as db:
        audit.record(db, caller, "audit.export", "", format=form, **asked)
    day = datetime.now(UTC).date().isoformat()
    return Stream(
        _told(export(database, wanted, form, reach=reached)),
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="audit-{day}.{form}"',
            "Cache-Control": "no-store",
        },
    )


@post("/api/audit/verify", who=AUDITORS, status_code=200, sync_to_thread=True)
def verify(data: JSONBody[Kept], database: NamedDependency[Database]) -> Verdict:
    """Look through the chain: whether it is whole, or its first broken row; and whether it
    runs through the head that somebody kept elsewhere."""
    return audit.verify(database, audit.read_head(data.head) if data.head.strip() else None)


async def _told(pieces: Iterator[str]) -> AsyncIterator[str]:
    # Each piece is a thousand rows: not on the event loop.
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


routes = [index, acts, take_along, verify]
