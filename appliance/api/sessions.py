"""Signing in and out, and who one is.

Every refusal to sign in is the same 401, after the same work: it does not say whether
the account exists. Wrong tries are counted by name and by address before the password
is looked at. Hashing runs at a desk of its own with two clerks, so that a crowd at the
door never takes the threads that answer everybody else.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from appliance import accounts, audit, throttle
from appliance.api import guards
from appliance.database import Database, Writer
from appliance.errors import NotSignedIn
from appliance.records import Caller, Person
from appliance.settings import Settings
from appliance.signin import browsers, password, resets, sessions

BY_NAME, BY_ADDRESS = 10, 30  # wrong tries per fifteen minutes
DOOR_BODY = 16 * 1024  # bytes; a sign-in is small, and no one has shown who they are yet

DESK = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sign-in")

log = logging.getLogger("appliance.api")


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """``totp`` is for people with a second factor; of others it is not asked."""

    email: str
    password: str
    totp: str | None = None


class Me(msgspec.Struct, frozen=True):
    """Who is signed in."""

    person: Person


@post("/api/session", status_code=200, who=guards.anyone(), request_max_body_size=DOOR_BODY)
async def begin(
    request: Request[Any, Any, Any],
    data: JSONBody[SignIn],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[Me]:
    """Sign in; the cookie carries a token that was never used before."""
    name = guards.cookie_name(settings)
    work = partial(
        _sign_in,
        database,
        settings,
        data,
        peer=guards.address(request),
        browser=browser(request),
        replaces=request.cookies.get(name, ""),
    )
    person, token = await asyncio.get_running_loop().run_in_executor(DESK, work)
    return Response(Me(person), cookies=[cookie(settings, token)])


def _sign_in(
    database: Database,
    settings: Settings,
    data: SignIn,
    *,
    peer: str,
    browser: str,
    replaces: str,
) -> tuple[Person, str]:
    password.check_length(data.password)
    places = throttle.take(
        database,
        throttle.bucket("sign-in-as", data.email, limit=BY_NAME),
        throttle.bucket("sign-in-from", peer, limit=BY_ADDRESS),
    )
    known = accounts.credentials(database, data.email)
    right = password.matches(data.password, known[1] if known else None)
    if known is None or not right or not known[0].active:
        log.warning("sign-in refused from %s", peer)
        raise NotSignedIn("wrong_credentials")
    person, stored = known
    fresh = password.hashed_again(data.password) if password.outdated(stored) else None
    throttle.give_back(database, places)
    with database.write() as writer:
        if fresh:
            accounts.store_hash(writer, person.id, fresh)
        resets.forget(writer, person.id)
        token = sessions.begin(
            writer,
            person.id,
            hours=settings.session_hours,
            replaces=replaces,
            address=peer,
            browser=browser,
        )
        audit.record(writer, as_caller(person), "session.begin", person.id)
    return person, token


@get("/api/session", who=guards.person(), sync_to_thread=True)
def read(caller: NamedDependency[Caller], database: NamedDependency[Database]) -> Me:
    """Who am I."""
    return Me(accounts.get(database, caller.id))


@delete("/api/session", who=guards.person(), sync_to_thread=True)
def end(
    request: Request[Any, Any, Any],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Sign out, here and now; other browsers of the same person stay signed in."""
    token = request.cookies.get(guards.cookie_name(settings), "")
    with database.write() as writer:
        sessions.end(writer, token)
        audit.record(writer, caller, "session.end", caller.id)
    return Response(None, cookies=[cookie(settings, "", seconds=0)])


def begun(
    writer: Writer, settings: Settings, request: Request[Any, Any, Any], person_id: str
) -> str:
    """The token of a new session in the browser of this request."""
    return sessions.begin(
        writer,
        person_id,
        hours=settings.session_hours,
        address=guards.address(request),
        browser=browser(request),
    )


def browser(request: Request[Any, Any, Any]) -> str:
    """The browser of a request, in words."""
    return browsers.named(request.headers.get("user-agent", ""))


def as_caller(person: Person) -> Caller:
    """A person as the caller of what they do in this same request."""
    return Caller(
        kind="person", id=person.id, name=person.name, language=person.language, role=person.role
    )


def cookie(settings: Settings, token: str, *, seconds: int | None = None) -> Cookie:
    """What a browser keeps of a session; ``seconds`` 0 makes it forget."""
    return Cookie(
        key=guards.cookie_name(settings),
        value=token,
        path="/",
        httponly=True,
        secure=guards.is_https(settings),
        samesite="strict",
        max_age=settings.session_hours * 3600 if seconds is None else seconds,
    )


routes = [begin, read, end]
