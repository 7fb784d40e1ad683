"""The pictures of assistants: an editor sends one, whoever meets the assistant is shown it."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from appliance import logos
from appliance.api import guards, rights
from appliance.api.guards import EDITORS, READERS, key
from appliance.database import Database
from appliance.records import Assistant, Caller

PNG = "image/png"
HEADERS = {
    # The launcher shows it on pages of other sites; nothing in it is ever run.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",  # its address is its digest
}


class Kept(msgspec.Struct, kw_only=True):
    """What a ``look`` calls the picture."""

    logo: str


@put(
    "/api/assistants/{assistant_id:str}/logo",
    who=EDITORS | key("admin"),
    accepts="application/octet-stream",
    request_max_body_size=logos.MOST_BYTES,
)
async def send(
    assistant_id: FromPath[str],
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Kept:
    """A picture for an assistant: PNG, JPEG or WebP, up to 1 MB. It is drawn anew, and worn
    once the assistant's ``look`` names it."""
    sent = await request.body()
    return await asyncio.to_thread(_kept, database, caller, assistant_id, sent)


@get(
    "/api/widget/{public_id:str}/logo/{digest:str}",
    who=guards.anyone(elsewhere=True),
    gives={PNG: bytes},
    sync_to_thread=True,
)
def meet(
    public_id: FromPath[str], digest: FromPath[str], database: NamedDependency[Database]
) -> Response[bytes]:
    """An assistant's picture, for visitors."""
    return _shown(database, rights.visitors_welcome(database, public_id), digest)


@get(
    "/api/assistants/{assistant_id:str}/logo/{digest:str}",
    who=READERS,
    gives={PNG: bytes},
    sync_to_thread=True,
)
def show(
    assistant_id: FromPath[str],
    digest: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
) -> Response[bytes]:
    """An assistant's picture, for people of the house."""
    return _shown(database, rights.assistant(database, caller, assistant_id), digest)


def _shown(database: Database, found: Assistant, digest: str) -> Response[bytes]:
    picture = logos.picture(database, found.id, digest)
    return Response(picture, media_type=PNG, headers=HEADERS)


def _kept(database: Database, caller: Caller, assistant_id: str, sent: bytes) -> Kept:
    found = rights.assistant(database, caller, assistant_id, to_change=True)
    drawn = logos.drawn(sent)
    with database.write() as db:
        return Kept(logo=logos.keep(db, found.id, drawn))


routes = [send, meet, show]
