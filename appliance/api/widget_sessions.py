"""A visitor's session: the only route that pages of other sites may call.

The widget's loader asks from the host page. The page's origin must be one of those the
assistant lists, exactly; only then does the answer, a refusal too, carry the headers that let
the page read it. No credentials are ever allowed along, and the token lives in the page's
memory. The site may say whom its visitor is, and sign it (``vouching``).
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath, JSONBody

from appliance import identities, notices, visitors, vouching, widgets
from appliance.api import guards, limits, problems, rights
from appliance.database import Database
from appliance.errors import NotAllowed, NotFound, Refusal
from appliance.notices import Notice
from appliance.records import Assistant, Caller
from appliance.settings import Settings
from appliance.vault import Vault
from appliance.visitors import Admission
from appliance.vouching import Voucher

PATH = "/api/widget/{public_id:str}/session"


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """``previous``: the token whose time is nearly up. A session's id and token are made
    here; one that never was, or is over, is no more than none. ``identity``: whom the site
    says its visitor is, and ``signature``: that it does (``vouching``)."""

    previous: Annotated[str, msgspec.Meta(max_length=200)] = ""
    identity: str = ""
    signature: str = ""


class Page(msgspec.Struct, kw_only=True):
    """How many questions the page may send, and how long one may be (characters)."""

    questions: int
    seconds: int
    question_length: int


class Config(msgspec.Struct, kw_only=True):
    """What anybody may know of a widget: these fields and no other."""

    assistant: visitors.Face
    limits: Page
    notice: Notice


@get("/api/widget/{public_id:str}/config", who=guards.anyone(), sync_to_thread=True)
def config(
    public_id: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Config:
    """What the widget's page shows before anybody is let in: a name, colours, texts, limits."""
    assistant = _for_visitors(database, public_id)
    face = visitors.face(database, public_id)
    return Config(
        assistant=face,
        limits=Page(
            questions=widgets.limits(database, assistant.id).per_session,
            seconds=widgets.SECONDS,
            question_length=settings.question_limit,
        ),
        notice=notices.current(database, assistant.id),
    )


@post(
    PATH,
    who=guards.anyone(elsewhere=True),
    gives={"application/json": Admission},
    request_max_body_size=8192,
    sync_to_thread=True,
)
def create(
    request: Request[Any, Any, Any],
    public_id: FromPath[str],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    data: JSONBody[Asked | None] = None,
) -> Response[Any]:
    """Let a visitor in for a quarter of an hour, or for another one."""
    _from_a_listed_site(database, public_id, _origin(request))
    try:
        admission = _admit(request, database, vault, public_id, data or Asked())
    except Refusal as refusal:
        refused = problems.refused(request, refusal)
        refused.headers.update(_allow(request))
        return refused
    return Response(admission, headers=_allow(request))


def _from_a_listed_site(database: Database, public_id: str, origin: str | None) -> None:
    """Raise ``NotFound`` and ``NotAllowed`` (``origin_not_allowed``) for what no page of this
    origin may know more about."""
    if not visitors.asks_to_sign_in(database, public_id, origin or ""):
        rights.visitors_welcome(database, public_id)
        visitors.welcome(database, public_id, origin)


def _admit(
    request: Request[Any, Any, Any], database: Database, vault: Vault, public_id: str, asked: Asked
) -> Admission:
    assistant = _for_visitors(database, public_id)
    origin, address = _origin(request), guards.address(request)
    following = visitors.resolve(database, asked.previous, origin=origin)
    if following and following.assistants != frozenset({assistant.id}):
        following = None
    limits.count_session(database, assistant.id, following.id if following else address)
    voucher = _vouched(database, vault, assistant.id, asked, following)
    return visitors.begin(
        database, public_id, origin, address=address, following=following, voucher=voucher
    )


def _for_visitors(database: Database, public_id: str) -> Assistant:
    """The assistant, for visitors. Raises ``NotFound``, and ``NotAllowed`` (``sign_in_first``)
    where some site shows one that only people who sign in may use."""
    try:
        return rights.visitors_welcome(database, public_id)
    except NotFound:
        if visitors.asks_to_sign_in(database, public_id):
            raise NotAllowed("sign_in_first") from None
        raise


def _vouched(
    database: Database, vault: Vault, assistant_id: str, asked: Asked, following: Caller | None
) -> Voucher | None:
    """Whom the site vouches for. Who was vouched for stays who they are while the page is
    open, however long ago that was signed. Raises ``NotAllowed`` (``identity_needed``), and as
    ``vouching.read`` does."""
    if following and visitors.is_vouched_for(database, following.id):
        return None
    if not (asked.identity or asked.signature):
        if identities.of(database, assistant_id).required:
            raise NotAllowed("identity_needed")
        return None
    secret = identities.secret(database, vault, assistant_id)
    return vouching.read(asked.identity, asked.signature, secret)


@route(
    PATH,
    http_method=[HttpMethod.OPTIONS],
    who=guards.anyone(elsewhere=True),
    status_code=204,
    sync_to_thread=True,
)
def preflight(
    request: Request[Any, Any, Any], public_id: FromPath[str], database: NamedDependency[Database]
) -> Response[None]:
    """A browser's question before it lets the page send JSON."""
    _from_a_listed_site(database, public_id, _origin(request))
    headers = _allow(request) | {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(None, status_code=204, headers=headers)


def _origin(request: Request[Any, Any, Any]) -> str | None:
    origins = request.headers.getall("origin", [])
    return origins[0] if len(origins) == 1 else None


def _allow(request: Request[Any, Any, Any]) -> dict[str, str]:
    # Browsers compare the answer with what they sent, letter by letter.
    return {"Access-Control-Allow-Origin": _origin(request) or "", "Vary": "Origin"}


# In this order: Litestar adds an OPTIONS handler of its own to a path that has none yet.
routes = [preflight, create, config]
