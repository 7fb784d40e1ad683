"""Who gets through which route: routes × identities, read off a running house.

``python -m tests.api.authorisation`` writes ``authorisation.csv``, which stands beside this
file to be read and is compared with the house by a test. Everything a route names belongs to
the assistant A1 and to U1 (``neighbours``). ``in`` says that nothing kept the identity out:
what the house makes of the request is another matter.
"""

import contextlib
import csv
import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from httpx import Response

from appliance.errors import Unavailable, sentence
from appliance.records import LANGUAGES
from appliance.settings import Settings
from tests.api.neighbours import QUESTION, Neighbours
from tests.api.test_walls import filled
from tests.api.wall_tries import TRIES, by_mcp
from tests.fakes import WordEmbedder
from tests.house import House

TABLE = Path(__file__).with_name("authorisation.csv")
IDENTITIES = ("ANON", "W1", "K1", "U1", "U2", "ED", "ADM", "disabled", "auditor")
# Where the first of the tries against walls names nothing that is A1's.
INSTEAD: dict[str, dict[str, Any]] = {
    "POST /mcp": by_mcp("search", assistant="{assistant_id}", query=QUESTION),
    "POST /api/collections/{collection_id:str}/sources": {
        "json": {"kind": "page", "address": "https://escola.example/"}
    },
    "PUT /api/models/{name:str}/upload": {"content": b""},
}
# Whose writing itself looks for the owner: tried to the end, but by the owner.
OWNED = {
    "DELETE /api/conversations/{conversation_id:str}",
    "POST /api/messages/{message_id:str}/feedback",
}
# Of these there is none in the house: a 404 says that nobody kept the caller out.
NOBODYS = {
    "invitation_id": "none", "engine_id": "none", "name": "none",
    "section": "sign_in", "source_id": "none", "run_id": "none", "proposal_id": "none",
    "report_id": "none", "file_path": "shared/tokens.css", "number": "1",
}  # fmt: skip
REAL = {"file_path", "number", "section"}  # but for these
STOPPED = "database_busy"


def routes(house: House) -> list[str]:
    """Every route that says who may call it, as "METHOD /path"."""
    return sorted(
        {
            f"{method} {route.path}"
            for route in house.app.routes
            for handler in getattr(route, "route_handlers", [])
            if "who" in handler.opt
            for method in handler.http_methods
        },
        key=lambda one: (one.split(" ")[1], one),
    )


@contextlib.contextmanager
def unchanging(town: Neighbours) -> Iterator[None]:
    """Nothing is written: who comes so far is stopped, and was let in."""
    database = town.house.parts.database
    real = database.write

    def refused(**_: Any) -> Any:
        raise Unavailable(STOPPED)

    database.write = refused  # type: ignore[method-assign]
    try:
        yield
    finally:
        database.write = real  # type: ignore[method-assign]


def tried(town: Neighbours, who: str, route: str) -> Response:
    """The answer to the route's request about what is A1's."""
    method, path = route.split(" ")
    with harmless(town, who, route):
        return town.request(who, method, address(town, path), **sent(town, route))


def harmless(town: Neighbours, who: str, route: str) -> contextlib.AbstractContextManager[None]:
    """What a request runs within so that nothing of the house changes."""
    to_the_end = route in OWNED and who != "U1"
    return contextlib.nullcontext() if to_the_end else unchanging(town)


def stopped(answer: Response) -> bool:
    """Whether the request came as far as to write."""
    return any(sentence(STOPPED, {}, language) in answer.text for language in LANGUAGES)


def address(town: Neighbours, path: str) -> str:
    """A route's path with what is A1's in it."""
    return str(filled(re.sub(r"\{(\w+):\w+\}", r"{\1}", path), NOBODYS | town.ids))


def sent(town: Neighbours, route: str) -> dict[str, Any]:
    """What goes along with a route's request."""
    told = INSTEAD.get(route, TRIES.get(route, ""))
    first = told[0] if isinstance(told, list) else told
    if isinstance(first, str):
        return {} if route.startswith(("GET", "HEAD", "OPTIONS")) else {"json": {}}
    return dict(filled(first, NOBODYS | town.ids))


def outcome(route: str, answer: Response) -> str:
    """``in``, or with which status the caller was kept out."""
    named = set(re.findall(r"\{(\w+):", route))
    missing = bool(named & set(NOBODYS) - REAL) or "restore" in route
    if answer.status_code == 404 and missing:
        return "in"  # what is in no trash is restored by nobody
    if route == "POST /mcp" and '"isError":true' in answer.text and not stopped(answer):
        return "404"
    return str(answer.status_code) if answer.status_code in (401, 403, 404) else "in"


def table(town: Neighbours) -> list[list[str]]:
    """The heads, and a row for each route."""
    return [["route", *IDENTITIES]] + [
        [route, *(outcome(route, tried(town, who, route)) for who in IDENTITIES)]
        for route in routes(town.house)
    ]


def as_csv(rows: list[list[str]]) -> str:
    """The table as it is checked in."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def checked_in() -> dict[str, dict[str, str]]:
    """The table by route and identity."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["route"]: row for row in csv.DictReader(file)}


@contextlib.contextmanager
def opened() -> Iterator[Neighbours]:
    """A house of its own for the table."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=folder, source_sites="https://escola.example")
        with House(settings, embedder=WordEmbedder()) as house:
            yield Neighbours(house)


if __name__ == "__main__":
    with opened() as found:
        TABLE.write_text(as_csv(table(found)), encoding="utf-8")
