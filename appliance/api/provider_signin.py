"""Signing in by an OpenID provider: away to it, and back from it.

Both steps are pages that a browser opens, not requests of a script: whoever asks for a page is
led to the console when something is refused, which says it in words; a program gets the problem.
"""

from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect

from appliance import audit, throttle
from appliance.api import entrance, guards, sessions
from appliance.api.problems import AnyRequest
from appliance.database import Database
from appliance.errors import Conflict, NotSignedIn, Refusal, Unavailable
from appliance.federation.directories import Directories
from appliance.federation.providers import CALLBACK, Providers, Reached
from appliance.records import Caller, Record
from appliance.settings import Settings
from appliance.signin import handshakes
from appliance.signin import sessions as rows
from appliance.vault import Vault

HANDSHAKE, HANDSHAKE_PATH = "balcao-handshake", "/api/session/oidc"
TRIES = 60  # sign-ins begun, per address and fifteen minutes

# The code of Entra ID has more than a thousand.
Code = Annotated[str, QueryParameter(max_length=2500)]
Issuer = Annotated[str, QueryParameter(max_length=500)]


class Ways(Record, frozen=True):
    """How people get in beside an account of this house: by the company's directory, by the
    provider of this name ("" where there is none)."""

    directory: bool
    provider: str


@get("/api/session/ways", who=guards.anyone(), sync_to_thread=True)
def ways(
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
) -> Ways:
    """How people get in."""
    section = Providers(database, vault, settings).section()
    return Ways(
        directory=Directories(database, vault).is_on(),
        provider=section.called if section.enabled else "",
    )


@get("/api/session/oidc", who=guards.anyone(), status_code=302, refuses=(403, 429))
async def begin(
    request: AnyRequest,
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
    following: Annotated[str, QueryParameter(name="next", max_length=1000)] = "/",
) -> Response[None]:
    """Go to the provider; ``next`` is the path of this house to come back to."""
    bucket = throttle.bucket("oidc-from", guards.address(request), limit=TRIES)
    throttle.take(database, bucket)
    work = partial(Providers(database, vault, settings).begin, following)
    try:
        begun = await entrance.abroad(work)
    except Refusal as fault:
        return _refused(request, fault)
    kept = _cookie(request, settings, begun.browser)
    return Redirect(begun.address, status_code=302, cookies=[kept])


@get(CALLBACK, who=guards.anyone(), status_code=302, refuses=(403, 409, 429))
async def finish(
    request: AnyRequest,
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
    handshake: Annotated[str, QueryParameter(name="state", max_length=500)] = "",
    code: Code = "",
    iss: Issuer = "",
) -> Response[None]:
    """Come back from the provider; the cookie carries a token that was never used before."""
    work = partial(
        _finish,
        request,
        database,
        vault,
        settings,
        {"state": handshake, "code": code, "issuer": iss},
    )
    try:
        token, following = await entrance.abroad(work)
    except Refusal as fault:
        return _refused(request, fault)
    cookies = [sessions.cookie(request, settings, token), _cookie(request, settings, "", seconds=0)]
    return Redirect(following, status_code=302, cookies=cookies)


def _finish(
    request: AnyRequest,
    database: Database,
    vault: Vault,
    settings: Settings,
    came: dict[str, str],
) -> tuple[str, str]:
    browser = request.cookies.get(HANDSHAKE, "")
    if not browser or not came["state"]:
        raise NotSignedIn("oidc_state")
    person, following = Providers(database, vault, settings).finish(browser=browser, **came)
    with database.write() as writer:
        rows.end(writer, request.cookies.get(guards.cookie_name(settings), ""))
        token = sessions.begun(writer, settings, request, person.id)
        caller = sessions.as_caller(person)
        audit.record(writer, caller, "session.begin", person.id, origin=person.origin)
    return token, following


@post("/api/settings/oidc/test", who=guards.person("admin"), status_code=200, sync_to_thread=True)
def test(
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
) -> Reached:
    """Ask the provider where it is asked, now; a refusal (409) says what does not work."""
    try:
        found = Providers(database, vault, settings).test()
    except Unavailable as fault:  # another's server is away, not this one
        raise Conflict(fault.code, **fault.facts) from fault
    with database.write() as writer:
        audit.record(writer, caller, "oidc.test", "oidc")
    return found


def _refused(request: AnyRequest, fault: Refusal) -> Redirect:
    """To the console's door, for a browser; a program gets the refusal as ever."""
    if "text/html" not in request.headers.get("accept", ""):
        raise fault
    return Redirect(f"/#/sign-in?refused={fault.code}", status_code=302)


def _cookie(
    request: AnyRequest, settings: Settings, value: str, *, seconds: int | None = None
) -> Cookie:
    """Sent when another site leads back here, and nowhere but on that way."""
    return Cookie(
        key=HANDSHAKE,
        value=value,
        path=HANDSHAKE_PATH,
        httponly=True,
        secure=guards.is_https(settings, request.scope),
        samesite="lax",
        max_age=int(handshakes.GOOD_FOR.total_seconds()) if seconds is None else seconds,
    )


routes: list[Any] = [ways, begin, finish, test]
