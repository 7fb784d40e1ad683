"""Retention over HTTP: what is kept for how long, what is over its time, and what waits.

How long is set under ``PATCH /api/settings/retention``. ``GET /api/retention`` →
``{"lots": [Lot …], "due", "waits"}``; ``POST /api/retention/run {confirmed?}`` → the same.
"""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from appliance.api import rights
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.errors import NotFound
from appliance.jobs.keeping import Keeping
from appliance.keeping import Lot
from appliance.records import Caller, Record
from appliance.settings import Settings


class Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    """``confirmed``: how many were seen to be due (the sheet's ``due``); as many may go, even
    those that wait. Left out, what waits goes on waiting."""

    confirmed: Annotated[int, msgspec.Meta(ge=0)] | None = None


class RetentionSheet(Record, frozen=True):
    """Every lot that exists for the caller; ``due`` counts what is over its time in all lots,
    and ``waits`` says whether something waits for an administrator."""

    lots: list[Lot]
    due: int
    waits: bool


@get("/api/retention", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> RetentionSheet:
    """What is kept for how long, and how much of it is over its time."""
    return _sheet(database, caller, Keeping(database, settings).lots())


@post("/api/retention/run", who=ADMINISTRATORS, status_code=200, sync_to_thread=True)
def run(
    data: JSONBody[Confirmation],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> RetentionSheet:
    """Remove what is over its time, now; what waits only where it is confirmed."""
    lots = Keeping(database, settings).run(confirmed=data.confirmed, by=caller)
    return _sheet(database, caller, lots)


def _sheet(database: Database, caller: Caller, lots: list[Lot]) -> RetentionSheet:
    return RetentionSheet(
        lots=[lot for lot in lots if _seen(database, caller, lot)],
        due=sum(lot.due for lot in lots),
        waits=any(lot.waits for lot in lots),
    )


def _seen(database: Database, caller: Caller, lot: Lot) -> bool:
    if not lot.assistant:
        return True
    try:
        return bool(rights.assistant(database, caller, lot.assistant))
    except NotFound:
        return False


routes = [index, run]
