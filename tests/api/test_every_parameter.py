"""Whatever stands in a parameter, no route answers with a file of the server or breaks (SEC-01)."""

import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import quote

import msgspec
import pytest

from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House

NASTY = (
    "../../../../etc/passwd", "..%2f..\\appliance.db", "file:///etc/passwd", "a" * 300, "p\x00'🦉",
)  # fmt: skip
TELLTALE = ("root:x:", "SQLite format 3", "Traceback")
# What each would have to be for its route to have a chance; anything else is a plain word.
SOUND: dict[str, Any] = {"email": "ana@escola.example", "language": "pt", "role": "member"}
NEVER = {"POST /api/setup", "DELETE /api/session"}  # the one needs a code, the other ends it all
HASHING = {"POST /api/session", "POST /api/people"}  # half a second each: two of the texts


def plain(kind: Any) -> Any:
    """A type without its ``Annotated``."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


def is_text(kind: Any) -> bool:
    """Whether a text may stand where a value of this type is wanted."""
    kind = plain(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return any(is_text(one) for one in get_args(kind))
    if get_origin(kind) in (list, tuple, set, frozenset):
        return any(is_text(one) for one in get_args(kind))
    return kind is str


def value(name: str, kind: Any, text: str = "palavra") -> Any:
    """A value of a type, with ``text`` where one may stand."""
    kind = plain(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return value(name, next((one for one in get_args(kind) if is_text(one)), get_args(kind)[0]))
    if get_origin(kind) in (list, tuple, set, frozenset):
        return [value(name, get_args(kind)[0], text)]
    if get_origin(kind) is typing.Literal:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return body(kind)
    return {str: text, int: 1, float: 1.0, bool: True}.get(kind, text)


def body(struct: type[msgspec.Struct], nasty: str = "", text: str = "") -> dict[str, Any]:
    """A JSON body for a route, its field ``nasty`` being ``text``."""
    filled = {}
    for field in msgspec.structs.fields(struct):
        if field.name == nasty:
            filled[field.encode_name] = value(field.name, field.type, text)
        elif field.required:
            filled[field.encode_name] = SOUND.get(field.name) or value(field.name, field.type)
    return filled


def handlers(house: House) -> Iterator[tuple[str, str, Any]]:
    """Method, path and handler of every route of ours."""
    for route in house.app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                if "who" in handler.opt and f"{method} {route.path}" not in NEVER:
                    yield method, route.path, handler


def tries(house: House) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A request for every text parameter of every route and every nasty text."""
    for method, path, handler in handlers(house):
        signature = handler.parsed_fn_signature.parameters
        hints = {name: field.raw for name, field in signature.items()}
        struct = plain(hints.get("data"))
        struct = struct if isinstance(struct, type) and issubclass(struct, msgspec.Struct) else None
        inside = [part.partition(":")[0] for part in path.replace("}", "{").split("{")[1::2]]
        sound = {"json": body(struct)} if struct else {}
        for nasty in NASTY[:2] if f"{method} {path}" in HASHING else NASTY:
            for name in inside:
                yield method, filled(path, name, nasty), sound
            for name, kind in hints.items():
                if name not in {*inside, "data"} and is_text(kind):
                    yield method, filled(path), sound | {"params": {name: nasty}}
            for field in msgspec.structs.fields(struct) if struct else ():
                if is_text(field.type):
                    yield method, filled(path), {"json": body(struct, field.name, nasty)}


def filled(path: str, nasty: str = "", text: str = "") -> str:
    """The path with a word, or ``text``, in each of its holes."""
    parts = path.replace("}", "{").split("{")
    for place in range(1, len(parts), 2):
        name, _, kind = parts[place].partition(":")
        parts[place] = quote(text, safe="") if name == nasty else "1" if kind == "int" else "nada"
    return "".join(parts)


SIGNING_IN = {"/api/session", "/api/session/oidc/callback"}


@pytest.mark.guarantee("SEC-01")
def test_no_parameter_leads_to_a_file_or_breaks_a_route(settings: Settings) -> None:
    with House(settings, embedder=WordEmbedder()) as house:
        before = {path.name for path in settings.data.iterdir()}
        house.assistant("palavra")
        broken, told, sent = [], [], 0
        for method, path, extra in tries(house):
            answer = house.client.request(method, path, **extra)
            sent += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                broken.append((method, path[:80], str(extra)[:120], answer.status_code))
            told += [(method, path, word) for word in TELLTALE if word in answer.text]
            # Signed in to the end: otherwise nothing more would be tried.
            assert answer.status_code != 401 or path in SIGNING_IN, (method, path)

        fresh = {path.name for path in settings.data.iterdir()} - before
    assert broken == []
    assert told == []
    assert sent > 400
    assert fresh <= {"files", "incoming", "index", "models", "pictures"}


@pytest.mark.guarantee("SEC-01")
@pytest.mark.parametrize(
    "path",
    [
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/static//etc/passwd",
        "/static/console/..%5c..%5cappliance.db",
        "/w/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_address_leads_out_of_what_browsers_may_have(house: House, path: str) -> None:
    answer = house.client.get(path)

    assert answer.status_code < 500
    assert [word for word in TELLTALE if word in answer.text] == []
