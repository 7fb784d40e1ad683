"""How visitors meet an assistant: what its editors set, and what was used of it today."""

from typing import Annotated, Any

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, identities, notices, visitors, widgets
from appliance.api import rights
from appliance.api.guards import EDITORS, key
from appliance.api.turns import TURNS
from appliance.database import Database, Writer
from appliance.identities import Identity, Secret
from appliance.notices import Basis, Notice
from appliance.records import Assistant, Caller, Record
from appliance.vault import Vault
from appliance.widgets import Audience, Limits, Use

VISITORS = "/api/assistants/{assistant_id:str}/visitors"
WHO = EDITORS | key("admin")

Unset = msgspec.UnsetType
Few = Annotated[int, msgspec.Meta(ge=1, le=64)]
Many = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Line = Annotated[str, msgspec.Meta(max_length=500)]
Link = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$")]
Most = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Sheet(Record, frozen=True):
    """An assistant's visitors: the sites they come from, how much they may ask, what they
    asked today, how many of them are being answered now, what they are told before, how
    many days after its last question a conversation is erased (None: never), and how their
    sites vouch for them."""

    origins: tuple[str, ...]
    limits: Limits
    today: Use
    under_way: int
    notice: Notice
    keep_days: int | None
    audience: Audience
    identity: Identity


class NewLimits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    per_session: Many | Unset = msgspec.UNSET
    per_address: Many | Unset = msgspec.UNSET
    sessions_per_address: Many | Unset = msgspec.UNSET
    per_minute: Many | Unset = msgspec.UNSET
    at_once: Few | Unset = msgspec.UNSET
    per_day: Most | Unset = msgspec.UNSET


class NewNotice(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed; "" says the house's own sentence again."""

    basis: Basis | Unset = msgspec.UNSET
    text: Text | Unset = msgspec.UNSET
    controller: Line | Unset = msgspec.UNSET
    contact: Line | Unset = msgspec.UNSET
    purpose: Line | Unset = msgspec.UNSET
    link: Link | Unset = msgspec.UNSET


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    limits: NewLimits | Unset = msgspec.UNSET
    notice: NewNotice | Unset = msgspec.UNSET
    keep_days: Days | Unset | None = msgspec.UNSET
    audience: Audience | Unset = msgspec.UNSET
    identity_required: bool | Unset = msgspec.UNSET


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
        _limit(db, caller, found, _given(data.limits), widgets.limits(database, found.id))
        if data.audience is not msgspec.UNSET:
            widgets.address_to(db, found.id, data.audience)
            _noted(db, caller, "widget.audience", found, audience=data.audience)
        if data.keep_days is not msgspec.UNSET:
            widgets.keep(db, found.id, data.keep_days)
            _noted(db, caller, "widget.keep", found, days=data.keep_days)
        if data.identity_required is not msgspec.UNSET:
            _require(db, caller, found, required=data.identity_required)
        before = notices.current(database, found.id)
        after = notices.settle(db, found.id, **_given(data.notice))
        if after.version != before.version:
            _noted(db, caller, "notice.change", found, version=after.version, basis=after.basis)
    return _sheet(database, found)


@post(f"{VISITORS}/identity", who=WHO, status_code=201, sync_to_thread=True)
def renew_identity(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> Secret:
    """Make the secret with which sites vouch for their visitors, or a new one in its place:
    what the old one signed is worth nothing from now on, and its visitors begin anew."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    with database.write() as db:
        made = identities.renew(db, vault, found.id)
        visitors.end(db, found.id, vouched=True)
        _noted(db, caller, "widget.identity", found)
    return made


def _require(db: Writer, caller: Caller, found: Assistant, *, required: bool) -> None:
    identities.require(db, found.id, required=required)
    if required:
        visitors.end(db, found.id, vouched=False)
    _noted(db, caller, "widget.vouched_only", found, required=required)


def _limit(
    db: Writer, caller: Caller, found: Assistant, given: dict[str, Any], before: Limits
) -> None:
    if given:
        widgets.set_limits(db, found.id, msgspec.structs.replace(before, **given))
        _noted(db, caller, "widget.limits", found, **given)


def _noted(db: Writer, caller: Caller, act: str, found: Assistant, **details: Any) -> None:
    audit.record(db, caller, act, found.id, collections=found.collections, **details)


def _given(struct: msgspec.Struct | Unset) -> dict[str, Any]:
    """The fields that were given."""
    told = msgspec.structs.asdict(struct) if isinstance(struct, msgspec.Struct) else {}
    return {name: value for name, value in told.items() if value is not msgspec.UNSET}


def _sheet(database: Database, found: Assistant) -> Sheet:
    return Sheet(
        origins=found.origins,
        limits=widgets.limits(database, found.id),
        today=widgets.today(database, found.id),
        under_way=TURNS.under_way(found.id),
        notice=notices.current(database, found.id),
        keep_days=widgets.keep_days(database, found.id),
        audience=widgets.audience(database, found.id),
        identity=identities.of(database, found.id),
    )


routes = [show, change, renew_identity]
