"""Invitations: administrators say who is to come, and whoever holds the link comes in.

The link is told to the administrator who made it and, where mail is set, sent to the one it
is for. Tokens travel in bodies, never in addresses, which others write down.
"""

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import accounts, audit, facts, groups
from appliance.api import entrance, guards
from appliance.api.lists import DEFAULT_LIMIT, Cursor, Limit, listed
from appliance.api.sessions import DOOR_BODY, Me, as_caller
from appliance.database import Database
from appliance.errors import BadRequest, NotFound
from appliance.jobs.letting_in import LettingIn
from appliance.jobs.post import Told
from appliance.jobs.queue import Queue
from appliance.records import Caller, Language, Person, Record, Role
from appliance.settings import Settings
from appliance.signin import invitations, password
from appliance.signin.invitations import Invitation
from appliance.vault import Vault

Token = Annotated[str, msgspec.Meta(max_length=200)]


class NewInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """``name`` is left out where whoever is invited says it."""

    email: str
    role: Role = "member"
    name: str | None = None
    language: Language | None = None
    groups: list[str] = []


class Sent(Record, frozen=True):
    """An invitation and its link, which nobody can read again. ``mailed``: it is on its way
    by mail, too."""

    invitation: Invitation
    link: str
    mailed: bool


class Opened(msgspec.Struct, forbid_unknown_fields=True):
    token: Token


class Welcome(Record, frozen=True):
    """What whoever holds the link is told."""

    name: str
    email: str
    language: Language
    organization: str | None


class Accepted(msgspec.Struct, forbid_unknown_fields=True):
    token: Token
    name: str
    password: str
    language: Language | None = None


@get("/api/invitations", who=guards.ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database], limit: Limit = DEFAULT_LIMIT, cursor: Cursor = ""
) -> dict[str, Any]:
    """Who was invited and has not come yet."""
    return listed(invitations.listing(database, limit=limit + 1, after=cursor), limit)


@post("/api/invitations", who=guards.ADMINISTRATORS, sync_to_thread=True)
def create(
    data: JSONBody[NewInvitation],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
    queue: NamedDependency[Queue],
) -> Sent:
    """Invite somebody."""
    for one in data.groups:
        _known_group(database, one)
    made, told = LettingIn(database, vault, settings).invite(
        caller,
        email=data.email,
        role=data.role,
        name=data.name or "",
        language=data.language,
        groups=data.groups,
    )
    return _sent(queue, made, told)


@post(
    "/api/invitations/{invitation_id:str}/resend",
    who=guards.ADMINISTRATORS,
    status_code=200,
    sync_to_thread=True,
)
def resend(
    invitation_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
    queue: NamedDependency[Queue],
) -> Sent:
    """Make a fresh link; the one before opens nothing any more."""
    made, told = LettingIn(database, vault, settings).invite_again(caller, invitation_id)
    return _sent(queue, made, told)


@delete("/api/invitations/{invitation_id:str}", who=guards.ADMINISTRATORS, sync_to_thread=True)
def revoke(
    invitation_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
) -> None:
    """Take an invitation back."""
    with database.write() as writer:
        gone = invitations.remove(writer, invitation_id)
        audit.record(writer, caller, "invitation.revoke", gone.id, email=gone.email)


@post(
    "/api/invitations/open",
    who=guards.anyone(),
    status_code=200,
    request_max_body_size=DOOR_BODY,
    sync_to_thread=True,
)
def look(
    request: Request[Any, Any, Any],
    data: JSONBody[Opened],
    database: NamedDependency[Database],
) -> Welcome:
    """Whom a link is for."""
    peer = guards.address(request)
    found = entrance.by_link(database, peer, partial(invitations.find, database, data.token))
    return Welcome(
        name=found.name,
        email=found.email,
        language=found.language,
        organization=facts.get(database, "organization"),
    )


@post("/api/invitations/accept", who=guards.anyone(), request_max_body_size=DOOR_BODY)
async def accept(
    request: Request[Any, Any, Any],
    data: JSONBody[Accepted],
    database: NamedDependency[Database],
) -> Me:
    """Come in by a link; signing in is the next step, with the same password."""
    work = partial(_accept, database, data, peer=guards.address(request))
    return Me(await entrance.at_the_desk(work))


def _accept(database: Database, data: Accepted, *, peer: str) -> Person:
    found = entrance.by_link(database, peer, partial(invitations.find, database, data.token))
    about = (facts.get(database, "organization"), data.name, found.email)
    password_hash = password.hashed(data.password, about=about)
    with database.write() as writer:
        invited = invitations.spend(writer, data.token)
        person = accounts.create(
            writer,
            name=data.name,
            email=invited.email,
            password_hash=password_hash,
            role=invited.role,
            language=data.language or invited.language,
        )
        for one in invited.groups:
            groups.add(writer, one, person.id)
        audit.record(
            writer, as_caller(person), "invitation.accept", person.id, invitation=invited.id
        )
    return person


def _known_group(database: Database, group_id: str) -> None:
    try:
        groups.get(database, group_id)
    except NotFound as fault:
        raise BadRequest("unknown_group", group=group_id[:60]) from fault


def _sent(queue: Queue, made: Invitation, told: Told) -> Sent:
    if told.job:
        queue.deliver(told.job.id)  # after the commit: the worker must find the row
    return Sent(invitation=made, link=told.link, mailed=told.mailed)


routes = [index, create, resend, revoke, look, accept]
