"""A new password for whoever forgot theirs: by a link from an administrator, or by e-mail.

Whoever asks by e-mail is told the same, as fast, whether or not anybody has that address:
what is done about it is done after the answer. A link lets choose a password and nothing
else: it signs nobody in, and a second factor stays as it is.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import accounts, audit, facts, throttle
from appliance.api import entrance, guards
from appliance.api.invitations import Opened, Token
from appliance.api.sessions import DOOR_BODY, as_caller
from appliance.database import Database
from appliance.errors import NotFound
from appliance.jobs import post as post_office
from appliance.jobs.letting_in import LettingIn
from appliance.jobs.post import Told
from appliance.jobs.queue import Queue
from appliance.records import Caller, Record
from appliance.settings import Settings
from appliance.signin import password, resets
from appliance.vault import Vault

BY_ADDRESS, BY_NAME = 10, 3  # requests by e-mail, per fifteen minutes and per hour

LATER = ThreadPoolExecutor(1, thread_name_prefix="resets")

log = logging.getLogger("appliance.api")


class ByMail(Record, frozen=True):
    """Whether a forgotten password can be replaced by e-mail."""

    by_mail: bool


class Forgotten(msgspec.Struct, forbid_unknown_fields=True):
    email: str


class Begun(Record, frozen=True):
    """A link for somebody else, and until when it is good. ``mailed``: they get it by mail."""

    link: str
    expires_at: str
    mailed: bool


class Whose(Record, frozen=True):
    """Whose password a link lets choose."""

    name: str
    email: str


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    token: Token
    password: str


@get("/api/resets", who=guards.anyone(), sync_to_thread=True)
def read(database: NamedDependency[Database]) -> ByMail:
    """Whether asking by e-mail leads anywhere."""
    return ByMail(by_mail=post_office.is_set(database))


@post("/api/people/{person_id:str}/reset", who=guards.ADMINISTRATORS, sync_to_thread=True)
def begin(
    person_id: FromPath[str],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
    queue: NamedDependency[Queue],
) -> Begun:
    """Start a reset for somebody; the link is for them, and the password they choose nobody's
    but theirs."""
    told = LettingIn(database, vault, settings).reset(caller, accounts.get(database, person_id))
    _deliver(queue, told)
    return Begun(link=told.link, expires_at=told.expires_at, mailed=told.mailed)


@post(
    "/api/resets",
    who=guards.anyone(),
    status_code=202,
    request_max_body_size=DOOR_BODY,
    sync_to_thread=True,
)
def ask(
    request: Request[Any, Any, Any],
    data: JSONBody[Forgotten],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
    queue: NamedDependency[Queue],
) -> ByMail:
    """Ask for a link by e-mail. What comes back says nothing about who has an account."""
    if not post_office.is_set(database):
        raise NotFound("reset_not_by_mail")
    throttle.take(
        database,
        throttle.bucket("reset-from", guards.address(request), limit=BY_ADDRESS),
        throttle.bucket("reset-as", data.email, limit=BY_NAME, seconds=3600.0),
    )
    LATER.submit(_mail, database, vault, settings, queue, data.email)
    return ByMail(by_mail=True)


@post(
    "/api/resets/open",
    who=guards.anyone(),
    status_code=200,
    request_max_body_size=DOOR_BODY,
    sync_to_thread=True,
)
def look(
    request: Request[Any, Any, Any],
    data: JSONBody[Opened],
    database: NamedDependency[Database],
) -> Whose:
    """Whose password a link lets choose."""
    peer = guards.address(request)
    found = entrance.by_link(database, peer, partial(resets.find, database, data.token))
    person = accounts.get(database, found)
    return Whose(name=person.name, email=person.email)


@post("/api/resets/use", who=guards.anyone(), status_code=204, request_max_body_size=DOOR_BODY)
async def use(
    request: Request[Any, Any, Any],
    data: JSONBody[Chosen],
    database: NamedDependency[Database],
) -> None:
    """Choose a password by a link; all sessions of the person end."""
    work = partial(_use, database, data, peer=guards.address(request))
    await entrance.at_the_desk(work)


def _use(database: Database, data: Chosen, *, peer: str) -> None:
    known = entrance.by_link(database, peer, partial(resets.find, database, data.token))
    whose = accounts.get(database, known)
    about = (facts.get(database, "organization"), whose.name, whose.email)
    password_hash = password.hashed(data.password, about=about)
    with database.write() as writer:
        person = accounts.change(
            writer, resets.spend(writer, data.token), password_hash=password_hash
        )
        audit.record(writer, as_caller(person), "person.reset", person.id)


def _mail(database: Database, vault: Vault, settings: Settings, queue: Queue, email: str) -> None:
    try:
        known = accounts.credentials(database, email)
        if known is not None and known[0].active and known[0].origin == "local":
            letting_in = LettingIn(database, vault, settings)
            _deliver(queue, letting_in.reset(as_caller(known[0]), known[0]))
    except Exception:
        log.exception("a forgotten password could not be seen to")


def _deliver(queue: Queue, told: Told) -> None:
    if told.job:
        queue.deliver(told.job.id)  # after the commit: the worker must find the row


routes = [read, begin, ask, look, use]
