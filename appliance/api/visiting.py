"""How visitors meet an assistant: what its editors set, and what was used of it today."""

from typing import Annotated

import msgspec
from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, widgets
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.turns import TURNS
from appliance.database import Database
from appliance.records import Assistant, Caller, Record
from appliance.widgets import Limits, Use

VISITORS = "/api/assistants/{assistant_id:str}/visitors"
WHO = EDITORS | key("admin")

Unset = msgspec.UnsetType
Few = Annotated[int, msgspec.Meta(ge=1, le=64)]
Many = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Most = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Sheet(Record, frozen=True):
    """An assistant's visitors: the sites they come from, how much they may ask, what they
    asked today, and how many of them are being answered now."""

    origins: tuple[str, ...]
    limits: Limits
    today: Use
    under_way: int


class NewLimits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    per_session: Many | Unset = msgspec.UNSET
    per_address: Many | Unset = msgspec.UNSET
    sessions_per_address: Many | Unset = msgspec.UNSET
    per_minute: Many | Unset = msgspec.UNSET
    at_once: Few | Unset = msgspec.UNSET
    per_day: Most | Unset = msgspec.UNSET


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    limits: NewLimits | Unset = msgspec.UNSET


@get(VISITORS, who=WHO, sync_to_thread=True)
def show(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Sheet:
    """How visitors meet an assistant, and what they asked today."""
    return _sheet(database, rights.assistant(database, caller, assistant_id, to_change=True))


@patch(VISITORS, who=WHO, sync_to_thread=True)
def change(
    assistant_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Sheet:
    """Change what is given; the rest stays."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    with database.write() as db:
        if data.limits is not msgspec.UNSET:
            given = _given(data.limits)
            limits = msgspec.structs.replace(widgets.limits(database, found.id), **given)
            widgets.set_limits(db, found.id, limits)
            audit.record(
                db, caller, "widget.limits", found.id, collections=found.collections, **given
            )
    return _sheet(database, found)


def _given(struct: msgspec.Struct) -> dict[str, int]:
    told = msgspec.structs.asdict(struct).items()
    return {name: value for name, value in told if value is not msgspec.UNSET}


def _sheet(database: Database, found: Assistant) -> Sheet:
    return Sheet(
        origins=found.origins,
        limits=widgets.limits(database, found.id),
        today=widgets.today(database, found.id),
        under_way=TURNS.under_way(found.id),
    )


routes = [show, change]
