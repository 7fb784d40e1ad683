"""Assistants over HTTP."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import assistants, audit, collections, flows, holds, versions
from appliance.api import rights
from appliance.api.guards import EDITORS, READERS, key
from appliance.api.lists import Cursor, Limit, listed
from appliance.database import Database
from appliance.errors import NotAllowed
from appliance.looks import Accent, Line, Look, Name, Strictness, Suggestions, Text
from appliance.reach import Reach, administers
from appliance.records import Access, Assistant, Caller, Language, Mode
from appliance.settings import Settings

Origins = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=300, pattern=r"^https?://[^/\s?#@]+$")]],
    msgspec.Meta(max_length=50),
]
Ids = Annotated[list[str], msgspec.Meta(max_length=1000)]
Unset = msgspec.UnsetType
OF_ADMINISTRATORS = {"access", "groups", "editors"}


class NewAssistant(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    language: Language | None = None
    instructions: Text = ""
    greeting: Text = ""
    suggestions: Suggestions = ()
    refusal: Text = ""
    contact: Line = ""
    mode: Mode | None = None
    strictness: Strictness = "balanced"
    accent: Accent = assistants.ACCENT
    origins: Origins = []
    engine: str | None = None
    collections: list[str] | None = None
    access: Access = "everyone"
    groups: Ids = []
    editors: Ids = []
    look: Look = msgspec.field(default_factory=Look)


class Changes(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name | Unset = msgspec.UNSET
    language: Language | Unset = msgspec.UNSET
    instructions: Text | Unset = msgspec.UNSET
    greeting: Text | Unset = msgspec.UNSET
    suggestions: Suggestions | Unset = msgspec.UNSET
    refusal: Text | Unset = msgspec.UNSET
    contact: Line | Unset = msgspec.UNSET
    mode: Mode | Unset | None = msgspec.UNSET
    strictness: Strictness | Unset = msgspec.UNSET
    accent: Accent | Unset = msgspec.UNSET
    origins: Origins | Unset = msgspec.UNSET
    engine: str | Unset | None = msgspec.UNSET
    collections: list[str] | Unset = msgspec.UNSET
    access: Access | Unset = msgspec.UNSET
    groups: Ids | Unset = msgspec.UNSET
    editors: Ids | Unset = msgspec.UNSET
    look: Look | Unset = msgspec.UNSET


@get("/api/assistants", who=READERS | key("ask", "search", "documents:read"), sync_to_thread=True)
def list_assistants(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """The assistants that exist for the caller, oldest first."""
    reached = rights.reach(database, caller)
    found = assistants.every(
        database, these=reached.assistants, reach=reached, after=cursor, limit=limit + 1
    )
    page = listed(found, limit)
    page["items"] = [shown(rights.narrowed(one, reached), reached) for one in page["items"]]
    return page


@post("/api/assistants", who=EDITORS | key("admin"), sync_to_thread=True)
def create_assistant(
    data: JSONBody[NewAssistant],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """A new assistant; without ``collections`` one is made with the same name. The editor who
    makes it is its editor; who may use it, and who else may change it, administrators say."""
    values = msgspec.structs.asdict(data)
    name, chosen = values.pop("name"), values.pop("collections")
    language = values.pop("language") or settings.language
    if values["engine"] is not None:
        may_choose_engine(caller)
    if data.access != "everyone" or data.groups or data.editors:
        rights.only_administrators(caller)
    if caller.role == "editor":
        values["editors"] = [caller.id]
    with database.write() as db:
        if chosen is None:
            editor = caller.id if caller.role == "editor" else None
            chosen = [collections.create(db, name, editor=editor).id]
        chosen = rights.chosen_collections(database, caller, chosen)
        made = assistants.create(db, name=name, language=language, collections=chosen, **values)
        versions.keep(db, caller, "made", made)
        audit.record(
            db,
            caller,
            "assistant.create",
            made.id,
            collections=made.collections,
            name=name,
            **({"engine": made.engine} if made.engine else {}),
        )
    return shown(made, rights.reach(database, caller))


@get(
    "/api/assistants/{assistant_id:str}",
    who=READERS | key("ask", "search", "documents:read"),
    sync_to_thread=True,
)
def show_assistant(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """One assistant; ``form`` is the title of the form that is to be had there, "" for none."""
    found = rights.assistant(database, caller, assistant_id)
    form = flows.of(database, found.id).form
    return shown(found, rights.reach(database, caller)) | {"form": form.title if form.on else ""}


@patch("/api/assistants/{assistant_id:str}", who=EDITORS | key("admin"), sync_to_thread=True)
def change_assistant(
    assistant_id: FromPath[str],
    data: JSONBody[Changes],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> dict[str, Any]:
    """Change what is given; the rest stays, and so does a collection that it reads beyond
    the caller's reach. A ``look`` is given whole. Every change makes a version. Who may use
    it and who may change it is for administrators to say."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    changes = {
        name: value
        for name, value in msgspec.structs.asdict(data).items()
        if value is not msgspec.UNSET
    }
    if changes.get("engine", found.engine) != found.engine:
        may_choose_engine(caller)
    if OF_ADMINISTRATORS & set(changes):
        rights.only_administrators(caller)
    with database.write() as db:
        if "collections" in changes:
            changes["collections"] = rights.chosen_collections(
                database, caller, changes["collections"], of=found
            )
        changed = assistants.change(db, found.id, changes)
        versions.keep(db, caller, "changed", changed, found)
        audit.record(
            db,
            caller,
            "assistant.change",
            found.id,
            collections=changed.collections,
            fields=sorted(changes),
            **{name: changes[name] for name in ("engine", *OF_ADMINISTRATORS) if name in changes},
        )
    reached = rights.reach(database, caller)
    return shown(rights.narrowed(changed, reached), reached)


@delete("/api/assistants/{assistant_id:str}", who=EDITORS | key("admin"), sync_to_thread=True)
def remove_assistant(
    assistant_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> None:
    """Remove an assistant and its conversations; its collections stay."""
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    with database.write() as db:
        whole = assistants.get(database, found.id)
        holds.check(database, "assistant", whole.id)
        assistants.remove(db, whole.id)
        audit.record(
            db,
            caller,
            "assistant.remove",
            whole.id,
            collections=whole.collections,
            name=whole.name,
        )


def may_choose_engine(caller: Caller) -> None:
    """Which machines an assistant's questions and passages go to is not its editor's to say."""
    if not administers(caller):
        raise NotAllowed("engine_for_administrators")


def shown(assistant: Assistant, reached: Reach) -> dict[str, Any]:
    """What a caller sees of it: instructions, sites, engine and for whom it is are for those
    who may change it (``editable``); whether it leaves the building is for all."""
    told: dict[str, Any] = msgspec.to_builtins(assistant)
    editable = reached.edits(assistant.id)
    if not editable:
        for name in ("instructions", "origins", "engine", "access", "groups", "editors"):
            del told[name]
    return told | {"editable": editable}


routes = [
    list_assistants,
    create_assistant,
    show_assistant,
    change_assistant,
    remove_assistant,
]
