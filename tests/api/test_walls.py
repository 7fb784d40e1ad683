"""Whoever is outside a group learns nothing of what it reads, through any route
(SEC-21, SEC-22; the issue's fifth line)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.settings import Settings
from tests.api.wall_tries import TRIES
from tests.api.walls import CANARIES, World, canaries, plain
from tests.fakes import WordEmbedder
from tests.house import House

BY_KEY = {
    "POST /api/keys", "GET /v1/models/{assistant_id:str}", "POST /v1/chat/completions",
    "POST /v1/embeddings", "POST /mcp", "PATCH /api/sources/{source_id:str}",
    "POST /api/sources/{source_id:str}/run", "POST /api/sources/{source_id:str}/confirm",
    "POST /api/sources/{source_id:str}/reject", "DELETE /api/sources/{source_id:str}",
    "POST /api/collections/{collection_id:str}/sources", "GET /api/audit",
}  # fmt: skip
BY_ADMINISTRATOR = {
    "GET /api/conversations/others", "POST /api/conversations/{conversation_id:str}/open",
    "POST /api/conversations/{conversation_id:str}/export",
    "POST /api/subjects/search", "POST /api/subjects/export",
    "GET /api/usage", "GET /api/usage/export",
}  # fmt: skip


OUTSIDERS = (
    "member", "editor", "auditor", "denied administrator", "denied partner",
    "key", "key of the assistant", "visitor",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all that leaves nothing behind."""
    folder = tmp_path_factory.mktemp("walls")
    with House(opened(folder), embedder=WordEmbedder()) as house:
        yield World(house, folder)


def opened(folder: Path) -> Settings:
    """Settings with which folders beneath /mnt may be sources."""
    return Settings(data_dir=str(folder / "data"), source_folders="/mnt")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return opened(tmp_path)


@pytest.fixture
def world(house: House, tmp_path: Path) -> World:
    return World(house, tmp_path)


def tries(route: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and what to send, with ids still to be filled in, for each try."""
    method, path = route.split(" ")
    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", path).replace("{number}", "1")
    told = TRIES[route]
    known = told if isinstance(told, list) else [] if isinstance(told, str) else [told]
    return [(method, path, sent) for sent in known]


def filled(value: Any, ids: dict[str, str]) -> Any:
    """``value`` with each ``{name}`` in its texts replaced by the id of that name."""
    if isinstance(value, str):
        for name, one in ids.items():
            value = value.replace(f"{{{name}}}", one)
    if isinstance(value, dict):
        return {key: filled(one, ids) for key, one in value.items()}
    return [filled(one, ids) for one in value] if isinstance(value, list) else value


def sent(world: World, try_: tuple[str, str, dict[str, Any]], headers: Any, ids: Any) -> Any:
    method, path, extra = filled(list(try_), ids)
    return world.request(method, path, headers | extra.pop("headers", {}), **extra)


def ids_in(try_: Any) -> set[str]:
    """The names of the ids that a try takes."""
    return set(re.findall(r"\{(\w+)\}", str(try_)))


WALLED = [route for route in TRIES if tries(route)]


def test_every_route_is_known_here(house: House) -> None:
    """Deny by default: a new route fails until somebody says how a stranger would try it."""
    routes = {
        f"{method} {route.path}"
        for route in house.app.routes
        for handler in getattr(route, "route_handlers", [])
        if "who" in handler.opt
        for method in handler.http_methods
    }

    assert routes == set(TRIES)


def test_every_id_in_an_address_is_tried(shared: World) -> None:
    named = {name for route in WALLED for one in tries(route) for name in ids_in(one)}

    assert named <= set(shared.hidden)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("route", WALLED)
def test_what_is_behind_a_wall_answers_like_what_never_was(
    shared: World, route: str, who: str
) -> None:
    for one in tries(route):
        before, never = shared.rows(), shared.never()
        hidden = sent(shared, one, shared.callers[who], shared.hidden)
        nothing = sent(shared, one, shared.callers[who], never)

        assert canaries(hidden) == []
        if ids_in(one):
            assert plain(hidden, *shared.hidden.values()) == plain(nothing, *never.values())
            assert shared.rows() == before
        else:
            assert not [name for name, one in shared.hidden.items() if one in hidden.text]


def test_whoever_is_inside_finds_it_all_by_the_same_requests(world: World) -> None:
    """Without this, the tests above would pass on a mistyped address."""
    # In a widget nobody is; and what is erased (test_subjects.py) or held back (test_gate.py) is
    # not there for the others.
    gone = re.compile("/widget/|erasures|/gate/(held|publish)")
    inside = [route for route in WALLED if not gone.search(route)]
    by_key, administrator = world.key("admin"), world.person("Rita", "admin")
    missed = {}
    for route in inside:
        for one in filter(ids_in, tries(route)):
            who = by_key if route in BY_KEY else world.insider
            who = administrator if route in BY_ADMINISTRATOR else who
            told = sent(world, one, who, world.hidden)
            if told.status_code in (400, 401, 403, 404) or '"isError":true' in told.text:
                missed[str(one)] = told.status_code

    assert missed == {}


def test_the_insider_reads_every_canary(world: World) -> None:
    told = "".join(
        world.request("GET", path, world.insider).text
        for path in (
            f"/api/collections/{world.walled}/documents",
            f"/api/documents/{world.document['id']}/pages",
        )
    ).lower()

    assert [word for word in CANARIES if word not in told] == []
