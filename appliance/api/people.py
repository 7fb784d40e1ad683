"""People: administrators add, change, deactivate and remove them; everybody may change their
own name, language and password, and nobody anybody else's password: an administrator starts
a reset, and the person chooses.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from appliance import accounts, audit, facts, holds
from appliance.api import guards, own_password
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.api.sessions import begun, cookie
from appliance.database import Database
from appliance.errors import Conflict, NotAllowed, NotFound
from appliance.records import Caller, Language, Person, Role
from appliance.settings import Settings
from appliance.signin import password
from appliance.vault import Vault


class NewPerson(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    email: str
    password: str
    role: Role = "member"
    language: Language | None = None


class PersonChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays. ``current_password`` goes with one's own new password."""

    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    password: str | UnsetType = UNSET
    current_password: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET


Search = Annotated[str, QueryParameter(max_length=200)]
OF_ADMINISTRATORS = {"email", "role", "active"}


@get("/api/people", who=guards.ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = "",
    search: Search = "",
) -> dict[str, Any]:
    """Everybody, in the order they were added, or those whose name or address has ``search``."""
    found = accounts.listing(database, limit=limit + 1, after=cursor, search=search.strip())
    return listed(found, limit)


@post("/api/people", who=guards.ADMINISTRATORS, sync_to_thread=True)
def create(
    data: JSONBody[NewPerson],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Person:
    """Add a person with a first password."""
    about = (facts.get(database, "organization"), data.name, data.email)
    password_hash = password.hashed(data.password, about=about)
    with database.write() as writer:
        person = accounts.create(
            writer,
            name=data.name,
            email=data.email,
            password_hash=password_hash,
            role=data.role,
            language=data.language or settings.language,
        )
        audit.record(writer, caller, "person.create", person.id, role=person.role)
    return person


@get("/api/people/{person_id:str}", who=guards.person() | guards.key("admin"), sync_to_thread=True)
def read(
    person_id: FromPath[str], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> Person:
    """One person; for all but administrators there is only oneself."""
    seen(caller, person_id)
    return accounts.get(database, person_id)


@patch(
    "/api/people/{person_id:str}", who=guards.person() | guards.key("admin"), sync_to_thread=True
)
def change(
    person_id: FromPath[str],
    data: JSONBody[PersonChanges],
    request: Request[Any, Any, Any],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
) -> Response[Person]:
    """Change what is given; a new password, address or role signs the person out everywhere,
    and so does ``active`` false. Who changes their own password goes on in a new session."""
    seen(caller, person_id)
    changes: dict[str, Any] = {
        field: value for field, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    current = changes.pop("current_password", "")
    if not _administrator(caller) and OF_ADMINISTRATORS & set(changes):
        raise NotAllowed("not_allowed")
    if caller.id == person_id and changes.get("active") is False:
        raise Conflict("not_oneself")
    if (chosen := changes.pop("password", None)) is not None:
        if caller.id != person_id:
            raise NotAllowed("password_is_theirs")
        own_password.check(database, vault, caller, current)
        known = accounts.get(database, person_id)
        about = (facts.get(database, "organization"), known.name, known.email)
        changes["password_hash"] = password.hashed(chosen, about=about)
    with database.write() as writer:
        person = accounts.change(writer, person_id, **changes)
        fields = sorted("password" if field == "password_hash" else field for field in changes)
        audit.record(writer, caller, _act(changes), person_id, fields=fields)
        if chosen is None:
            return Response(person)
        token = begun(writer, settings, request, person_id)
    return Response(person, cookies=[cookie(request, settings, token)])


@delete("/api/people/{person_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def remove(
    person_id: FromPath[str], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> None:
    """Remove a person, who is signed out at once. Nobody removes themselves."""
    if caller.kind == "person" and caller.id == person_id:
        raise Conflict("not_oneself")
    with database.write() as writer:
        holds.check(database, "person", person_id)
        person = accounts.remove(writer, person_id)
        audit.record(writer, caller, "person.remove", person_id, role=person.role)


def _administrator(caller: Caller) -> bool:
    return caller.role == "admin" or caller.may("admin")


def _act(changes: dict[str, Any]) -> str:
    """By what name a change is on the record."""
    if set(changes) != {"active"}:
        return "person.change"
    return "person.activate" if changes["active"] else "person.deactivate"


def seen(caller: Caller, person_id: str) -> None:
    """Raise ``NotFound`` for whoever is neither this person nor an administrator."""
    if not _administrator(caller) and caller.id != person_id:
        raise NotFound


routes = [index, create, read, change, remove]
