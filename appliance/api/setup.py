"""The first day: whoever holds the code becomes the first administrator, once.

The order matters to strangers at the door: wrong codes are counted before they are
compared, and no password is hashed for one who has not brought the code.
"""

from functools import partial
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from appliance import accounts, audit, facts, throttle
from appliance.api import entrance, guards
from appliance.api.sessions import DOOR_BODY, Me, as_caller
from appliance.database import Database
from appliance.records import Language, Person
from appliance.settings import Settings
from appliance.signin import password, setup_code

WRONG_CODES = 5  # per address and fifteen minutes


class Needed(msgspec.Struct, frozen=True):
    """Whether the appliance waits for its first administrator."""

    needed: bool


class FirstDay(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    name: str
    email: str
    password: str
    language: Language | None = None
    organization: str | None = None


@get("/api/setup", who=guards.anyone(), sync_to_thread=True)
def read(database: NamedDependency[Database]) -> Needed:
    """Whether there is nobody yet."""
    return Needed(accounts.none_yet(database))


@post("/api/setup", who=guards.anyone(), request_max_body_size=DOOR_BODY)
async def create(
    request: Request[Any, Any, Any],
    data: JSONBody[FirstDay],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Me:
    """Make the first administrator; signing in is the next step, with the same password."""
    work = partial(_set_up, database, settings, data, peer=guards.address(request))
    return Me(await entrance.at_the_desk(work))


def _set_up(database: Database, settings: Settings, data: FirstDay, *, peer: str) -> Person:
    places = throttle.take(database, throttle.bucket("setup", peer, limit=WRONG_CODES))
    setup_code.check(database, data.code)
    throttle.give_back(database, places)
    organization = accounts.checked_name(data.organization) if data.organization else None
    about = (organization, data.name, data.email)
    password_hash = password.hashed(data.password, about=about)
    with database.write() as writer:
        setup_code.spend(writer, settings.data, data.code)
        person = accounts.create_first(
            writer,
            name=data.name,
            email=data.email,
            password_hash=password_hash,
            language=data.language or settings.language,
        )
        if organization:
            facts.put(writer, "organization", organization)
        audit.record(writer, as_caller(person), "setup", person.id)
    return person


routes = [read, create]
