"""An assistant once more: a copy beside it, a signed file to take along, and one taken in."""

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import audit, bundles, collections, versions
from appliance.api import rights
from appliance.api.assistants import shown
from appliance.api.guards import EDITORS, key
from appliance.database import Database, Writer
from appliance.egress import signing
from appliance.errors import sentence
from appliance.looks import Name
from appliance.reach import administers
from appliance.records import Assistant, Caller
from appliance.vault import Vault

WHO = EDITORS | key("admin")
JSON = "application/json"
NAME_LENGTH = 120


class Copy(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without a ``name`` it is called a copy."""

    name: Name | None = None


class Arriving(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``file`` is the text of an exported assistant, ``confirmed`` the fingerprint of whoever
    signed it elsewhere, once somebody has compared it."""

    file: Annotated[str, msgspec.Meta(max_length=bundles.MOST_BYTES)]
    confirmed: Annotated[str, msgspec.Meta(max_length=100)] = ""


@post("/api/assistants/{assistant_id:str}/duplicate", who=WHO, sync_to_thread=True)
def duplicate(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    data: JSONBody[Copy | None] = None,
) -> dict[str, Any]:
    """A second assistant that speaks, looks and reads as this one does, for the same people
    and open to no site. An editor's copy is written by the built-in engine."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    name = (data or Copy()).name or _copy_of(found)
    with database.write() as db:
        chosen = rights.chosen_collections(database, caller, found.collections)
        engine = found.engine if administers(caller) else None
        made = bundles.copied(
            db, database, found, name,
            collections=chosen, editors=_editors(caller, found), engine=engine,
            reach=rights.reach(database, caller),
        )  # fmt: skip
        _noted(db, caller, "assistant.duplicate", made, of=found.name)
    return shown(made, rights.reach(database, caller))


@get(
    "/api/assistants/{assistant_id:str}/export",
    who=WHO,
    gives={JSON: dict[str, Any]},
    sync_to_thread=True,
)
def export(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """An assistant's settings, picture, flows, approved answers and golden questions as one
    file, signed by this installation. No document, no key, nobody's rights."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    seed = signing.seed(database, vault)
    file = bundles.packed(database, found, seed, reach=rights.reach(database, caller))
    with database.write() as db:
        audit.record(db, caller, "assistant.export", found.id, collections=found.collections)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.balcao.json"'}
    return Response(file.encode(), media_type=JSON, headers=headers)


@post("/api/assistants/import", who=WHO, sync_to_thread=True)
def take_in(
    data: JSONBody[Arriving],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A new assistant out of an exported file: closed to every site, with an empty collection
    of its own name. 409 where another house signed it, until its fingerprint is confirmed."""
    file = bundles.opened(data.file.encode("utf-8", "surrogatepass"))
    bundles.recognise(file, own=signing.fingerprint(database, vault), confirmed=data.confirmed)
    editors = _editors(caller)
    with database.write() as db:
        own = collections.create(db, file.contents.settings.name, editor=next(iter(editors), None))
        made = bundles.take_in(db, file, collections=[own.id], editors=editors)
        _noted(db, caller, "assistant.import", made, signed_by=file.fingerprint)
    return shown(made, rights.reach(database, caller))


def _editors(caller: Caller, of: Assistant | None = None) -> list[str]:
    if caller.role == "editor":
        return [caller.id]
    return list(of.editors) if of else []


def _copy_of(found: Assistant) -> str:
    name = sentence("assistant_copy", {"name": found.name}, found.language)
    return name[:NAME_LENGTH]


def _noted(db: Writer, caller: Caller, act: str, made: Assistant, **details: str) -> None:
    versions.keep(db, caller, "made", made)
    audit.record(db, caller, act, made.id, collections=made.collections, name=made.name, **details)


routes = [duplicate, export, take_in]
