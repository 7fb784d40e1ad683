"""Signing in and out, and who one is.

Every refusal to sign in is the same 401, after the same work: it does not say whether
the account exists, nor whether it is of this house or of the directory; and while the
directory is away everybody who is refused is told so. How tries are counted, and how many
wait for one, is in ``entrance``.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from appliance import accounts, audit, throttle
from appliance.api import entrance, guards, second_proof
from appliance.api.problems import AnyRequest
from appliance.database import Database, Writer
from appliance.errors import NotSignedIn, Unavailable
from appliance.federation.directories import Directories, is_theirs
from appliance.federation.providers import Providers
from appliance.records import Caller, Person
from appliance.settings import Settings
from appliance.signin import browsers, devices, password, resets, sessions
from appliance.vault import Vault

DOOR_BODY = 16 * 1024  # bytes; a sign-in is small, and no one has shown who they are yet

# Sent with sign-ins alone. See ``signin.devices``; it opens nothing.
DEVICE, DEVICE_PATH = "balcao-device", "/api/session"

log = logging.getLogger("appliance.api")


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """``email`` may be the name by which a directory knows somebody. ``totp`` is for people
    with a second factor; of others it is not asked."""

    email: str
    password: str
    totp: str | None = None


class Me(msgspec.Struct, frozen=True):
    """Who is signed in."""

    person: Person


@post("/api/session", status_code=200, who=guards.anyone(), request_max_body_size=DOOR_BODY)
async def begin(
    request: AnyRequest,
    data: JSONBody[SignIn],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
) -> Response[Me]:
    """Sign in; the cookie carries a token that was never used before."""
    name = guards.cookie_name(settings)
    directory = Directories(database, vault, settings.language)
    abroad = directory.is_on() and is_theirs(database, data.email)
    work = partial(
        _sign_in,
        database,
        settings,
        vault,
        data,
        prove=partial(_of_the_directory, directory)
        if abroad
        else partial(_of_this_house, database),
        peer=guards.address(request),
        browser=browser(request),
        replaces=request.cookies.get(name, ""),
        device=request.cookies.get(DEVICE, ""),
    )
    desk = entrance.abroad if abroad else entrance.at_the_desk
    try:
        person, token, device = await desk(work)
    except NotSignedIn as refused:
        if not abroad and refused.code == "wrong_credentials":
            await entrance.abroad(partial(_knock, directory, data.password))
        raise
    cookies = [cookie(request, settings, token), _device_cookie(request, settings, device)]
    return Response(Me(person), cookies=cookies)


def _sign_in(
    database: Database,
    settings: Settings,
    vault: Vault,
    data: SignIn,
    *,
    prove: Callable[[str, str], Person],
    peer: str,
    browser: str,
    replaces: str,
    device: str,
) -> tuple[Person, str, str]:
    password.check_length(data.password)
    places = entrance.count(database, email=data.email, peer=peer, device=device)
    try:
        person = prove(data.email, data.password)
    except NotSignedIn:
        log.warning("sign-in refused from %s", peer)
        raise
    throttle.give_back(database, places)
    second_proof.prove(database, vault, person, data.totp)
    with database.write() as writer:
        resets.forget(writer, person.id)
        token = sessions.begin(
            writer,
            person.id,
            hours=settings.session_hours,
            replaces=replaces,
            address=peer,
            browser=browser,
        )
        device = devices.remember(writer, person.id, device)
        audit.record(writer, as_caller(person), "session.begin", person.id)
    return person, token, device


def _of_this_house(database: Database, email: str, given: str) -> Person:
    """The person whose address and password these are. Raises ``NotSignedIn``."""
    known = accounts.credentials(database, email)
    right = password.matches(given, known[1] if known else None)
    if known is None or not right or not known[0].active:
        raise NotSignedIn("wrong_credentials")
    person, stored = known
    if password.outdated(stored):
        fresh = password.hashed_again(given)
        with database.write() as writer:
            accounts.store_hash(writer, person.id, fresh)
    return person


def _of_the_directory(directory: Directories, name: str, given: str) -> Person:
    """The person of the directory whose name and password these are. Raises ``NotSignedIn``,
    ``Unavailable`` (``directory_away``)."""
    password.matches(given, None)  # what anybody of this house would have cost
    with _away():
        return directory.sign_in(name, given)


def _knock(directory: Directories, given: str) -> None:
    """Be as long about a refusal as the directory is, and as mute where it is away; it is
    told nothing. Raises ``Unavailable`` (``directory_away``)."""
    with _away():
        directory.knock(given)


@contextmanager
def _away() -> Iterator[None]:
    """What is wrong with the directory, and where it stands, is no word for strangers."""
    try:
        yield
    except Unavailable as fault:
        if not fault.code.startswith("ldap_"):
            raise
        log.warning("the directory could not be asked: %s", fault.code)
        raise Unavailable("directory_away", retry_after=entrance.COME_BACK) from fault


@get("/api/session", who=guards.person(), before_second_factor=True, sync_to_thread=True)
def read(caller: NamedDependency[Caller], database: NamedDependency[Database]) -> Me:
    """Who am I."""
    return Me(accounts.get(database, caller.id))


@delete("/api/session", who=guards.person(), before_second_factor=True, sync_to_thread=True)
def end(
    request: AnyRequest,
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
) -> Response[None]:
    """Sign out, here and now; other browsers of the same person stay signed in. Who came by a
    provider that offers it gets a ``Location``, where they are signed out there as well."""
    token = request.cookies.get(guards.cookie_name(settings), "")
    with database.write() as writer:
        sessions.end(writer, token)
        audit.record(writer, caller, "session.end", caller.id)
    theirs = accounts.get(database, caller.id).origin == "oidc"
    address = Providers(database, vault, settings).leaving() if theirs else ""
    return Response(
        None,
        cookies=[cookie(request, settings, "", seconds=0)],
        headers={"Location": address} if address else {},
    )


def begun(writer: Writer, settings: Settings, request: AnyRequest, person_id: str) -> str:
    """The token of a new session in the browser of this request."""
    return sessions.begin(
        writer,
        person_id,
        hours=settings.session_hours,
        address=guards.address(request),
        browser=browser(request),
    )


def browser(request: AnyRequest) -> str:
    """The browser of a request, in words."""
    return browsers.named(request.headers.get("user-agent", ""))


def as_caller(person: Person) -> Caller:
    """A person as the caller of what they do in this same request."""
    return Caller(
        kind="person", id=person.id, name=person.name, language=person.language, role=person.role
    )


def cookie(
    request: AnyRequest, settings: Settings, token: str, *, seconds: int | None = None
) -> Cookie:
    """What a browser keeps of a session; ``seconds`` 0 makes it forget."""
    return Cookie(
        key=guards.cookie_name(settings),
        value=token,
        path="/",
        httponly=True,
        secure=guards.is_https(settings, request.scope),
        samesite="strict",
        max_age=settings.session_hours * 3600 if seconds is None else seconds,
    )


def _device_cookie(request: AnyRequest, settings: Settings, token: str) -> Cookie:
    return Cookie(
        key=DEVICE,
        value=token,
        path=DEVICE_PATH,
        httponly=True,
        secure=guards.is_https(settings, request.scope),
        samesite="strict",
        max_age=int(devices.GOOD_FOR.total_seconds()),
    )


routes = [begin, read, end]
