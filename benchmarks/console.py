"""Somebody at the console, as a process of its own: what each of its requests takes."""

import contextlib
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnContext
from typing import Any

import httpx
import msgspec

from tests.whole.running import Running

EMAIL, PASSWORD = "ana@escola.example", "uma senha bem comprida 7"
PAUSE_SECONDS = 0.02


class Walked(msgspec.Struct, frozen=True):
    """One request of the console's."""

    route: str
    status: int
    seconds: float


@contextlib.contextmanager
def walking(
    context: SpawnContext, appliance: Running, assistant: dict[str, Any]
) -> Iterator[list[Walked]]:
    """Walk the console's pages until the block ends; the list is filled then."""
    _first_person(appliance)
    collection = assistant["collections"][0]
    listed = appliance.client.get(f"/api/collections/{collection}/documents").json()
    document = listed["items"][0]["id"]
    routes = {
        "the page": ("GET", "/", None),
        "who am I": ("GET", "/api/session", None),
        "status": ("GET", "/api/system", None),
        "assistants": ("GET", "/api/assistants", None),
        "an assistant": ("GET", f"/api/assistants/{assistant['id']}", None),
        "an assistant's greeting, changed": (
            "PATCH",
            f"/api/assistants/{assistant['id']}",
            {"greeting": "Bom dia!"},
        ),
        "collections": ("GET", "/api/collections", None),
        "documents": ("GET", f"/api/collections/{collection}/documents", None),
        "a document": ("GET", f"/api/documents/{document}", None),
        "a page of it": ("GET", f"/api/documents/{document}/pages/1", None),
        "jobs": ("GET", "/api/jobs", None),
        "conversations": ("GET", "/api/conversations", None),
        "health": ("GET", "/health/ready", None),
    }
    ours, theirs = context.Pipe()
    process = context.Process(target=_walk, args=(theirs, appliance.address, routes), daemon=True)
    process.start()
    walked: list[Walked] = []
    assert ours.recv() == "signed in"
    try:
        yield walked
    finally:
        ours.send("enough")
        walked += [Walked(*one) for one in ours.recv()]
        process.join(30)


def _first_person(appliance: Running) -> None:
    code = appliance.command("setup-code").split()[-1]
    body = {"code": code, "name": "Ana", "email": EMAIL, "password": PASSWORD}
    with httpx.Client(base_url=appliance.address, trust_env=False) as client:
        told = client.post("/api/setup", json=body)
        assert told.is_success, told.text


def _walk(pipe: Any, address: str, routes: dict[str, tuple[str, str, Any]]) -> None:
    walked: list[tuple[str, int, float]] = []
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        told = client.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
        assert told.is_success, told.text
        pipe.send("signed in")
        while not pipe.poll():
            for name, (method, path, body) in routes.items():
                began = time.monotonic()
                status = client.request(method, path, json=body).status_code
                walked.append((name, status, time.monotonic() - began))
                time.sleep(PAUSE_SECONDS)
    pipe.send(walked)
