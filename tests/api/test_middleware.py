"""What surrounds every request: our names only, and what browsers may do with an answer
(SEC-16, SEC-30, SEC-34)."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from litestar import get
from litestar.types import Message

from appliance.api import guards
from appliance.api.middleware import Edge, known_hosts
from appliance.settings import Settings
from tests.api.doors import ADDRESS, SITE, Doors, doors

__all__ = ["doors"]

OURS = ["balcao.intra.test:8080", "BALCAO.intra.test", "balcao.intra.test:9", "localhost:8080",
        "127.0.0.1", "[::1]:8080"]  # fmt: skip
FOREIGN = [
    "evil.test", "balcao.intra.test.evil.test", "evilbalcao.intra.test", "10.0.0.7", "[fe80::1]",
    "balcao.intra.test:8080@evil.test", "evil.test/balcao.intra.test", "balcao.intra.test.", "",
    "balcao.intra.test:", "balcao.intra.test:port", "127.0.0.1.evil.test", "localhost.evil.test",
]  # fmt: skip


def ask(app: Any, *hosts: bytes) -> dict[str, Any]:
    """A request as a server hands it over, with as many Host headers as wanted."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}  # type: ignore[return-value]

    scope = {
        "type": "http", "method": "GET", "path": "/api/setup", "raw_path": b"/api/setup",
        "query_string": b"",
        "headers": [(b"host", host) for host in hosts], "scheme": "http", "http_version": "1.1",
        "client": ("10.0.0.9", 5), "server": ("10.0.0.1", 8080), "root_path": "", "state": {},
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return {"status": sent[0]["status"], "headers": dict(sent[0]["headers"]), "sent": sent}  # type: ignore[typeddict-item]


@pytest.mark.guarantee("SEC-34")
@pytest.mark.parametrize("host", OURS)
def test_the_appliance_answers_to_its_own_names(doors: Doors, host: str) -> None:
    assert doors.client.get("/api/setup", headers={"host": host}).status_code == 200


@pytest.mark.guarantee("SEC-34")
@pytest.mark.parametrize("host", FOREIGN)
def test_the_appliance_answers_to_no_foreign_name(doors: Doors, host: str) -> None:
    answer = ask(doors.app, host.encode())

    assert answer["status"] == 400
    assert b"unknown_host" in answer["sent"][1]["body"]


@pytest.mark.guarantee("SEC-34")
def test_no_name_or_two_names_are_refused(doors: Doors) -> None:
    ours = b"balcao.intra.test:8080"

    assert ask(doors.app)["status"] == 400
    assert ask(doors.app, ours, ours)["status"] == 400
    assert ask(doors.app, ours, b"evil.test")["status"] == 400
    assert ask(doors.app, ours)["status"] == 200


@pytest.mark.guarantee("SEC-34")
def test_a_forwarded_name_is_not_looked_at(doors: Doors) -> None:
    forwarded = {"x-forwarded-host": "balcao.intra.test", "forwarded": "host=balcao.intra.test"}

    assert (
        doors.client.get("/api/setup", headers=forwarded | {"host": "evil.test"}).status_code == 400
    )


def test_until_it_has_an_address_people_may_use_the_number_of_the_machine() -> None:
    async def nothing(*_: Any) -> None: ...

    new = Edge(nothing, Settings(host="0.0.0.0"), None)  # type: ignore[arg-type]

    assert new.knows("192.168.0.20:8080")
    assert new.knows("[fe80::1]:8080")
    assert not new.knows("evil.test")
    assert not new.knows("192.168.0.20.evil.test")


def test_until_it_has_an_address_the_machines_own_name_is_one() -> None:
    names = known_hosts(Settings(host="192.168.0.20"))

    assert socket.gethostname().lower() in names
    assert {"192.168.0.20", "localhost", "127.0.0.1", "[::1]"} <= names


def test_with_an_address_only_that_and_the_loopback_are_names() -> None:
    names = known_hosts(Settings(public_url="https://Balcao.example/", host="192.168.0.20"))

    assert names == {"balcao.example", "localhost", "127.0.0.1", "[::1]", "192.168.0.20"}


@pytest.mark.guarantee("SEC-30")
@pytest.mark.parametrize("path", ["/api/setup", "/api/nowhere", "/api/broken", "/", "/w/nobody"])
def test_every_answer_tells_browsers_what_they_may_do(doors: Doors, path: str) -> None:
    headers = doors.client.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert len(headers["x-request-id"]) == 16


def test_a_refused_name_gets_the_same_headers(doors: Doors) -> None:
    headers = ask(doors.app, b"evil.test")["headers"]

    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert headers[b"x-request-id"]


@pytest.mark.guarantee("SEC-30")
def test_answers_of_the_api_are_kept_nowhere(doors: Doors) -> None:
    assert doors.client.get("/api/setup").headers["cache-control"] == "no-store"
    assert doors.client.get("/api/nowhere").headers["cache-control"] == "no-store"
    assert "cache-control" not in doors.client.get("/").headers


def test_the_widgets_page_may_be_framed_by_its_sites_and_no_other(doors: Doors) -> None:
    _, public = doors.assistant(SITE, "http://Other.test:8000")
    _, closed = doors.assistant()

    framed = doors.client.get(f"/w/{public}").headers
    shut = doors.client.get(f"/w/{closed}").headers

    ancestors = f"frame-ancestors {SITE} http://other.test:8000"
    assert framed["content-security-policy"].endswith(ancestors)
    assert "x-frame-options" not in framed
    assert "cross-origin-opener-policy" not in framed
    assert shut["content-security-policy"].endswith("frame-ancestors 'none'")


def test_a_site_taken_off_the_list_may_frame_no_more(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    with doors.database.write() as writer:
        writer.run("update assistants set origins = '[]'")

    policy = doors.client.get(f"/w/{public}").headers["content-security-policy"]

    assert policy.endswith("frame-ancestors 'none'")


def test_nothing_but_the_page_itself_may_be_framed(doors: Doors) -> None:
    _, public = doors.assistant(SITE)

    policy = doors.client.get(f"/w/{public}/other").headers["content-security-policy"]

    assert policy.endswith("frame-ancestors 'none'")


def test_other_sites_may_load_the_widgets_loader(doors: Doors) -> None:
    assert doors.client.get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.guarantee("SEC-30")
def test_browsers_are_held_to_https_where_there_is_https(tmp_path: Path, doors: Doors) -> None:
    secure = Doors(Settings(data_dir=str(tmp_path / "s"), public_url="https://balcao.intra.test"))
    with secure.client as client:
        kept = client.get("/api/setup").headers
    secure.database.close()

    assert kept["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in doors.client.get("/api/setup").headers


def test_what_a_handler_says_about_its_answer_stands(tmp_path: Path) -> None:
    @get("/api/file", who=guards.anyone(), response_headers={"Content-Security-Policy": "sandbox"})
    async def file() -> str:
        return "x"

    opened = Doors(Settings(data_dir=str(tmp_path), public_url=ADDRESS), file)
    with opened.client as client:
        answer = client.get("/api/file")
    opened.database.close()

    assert answer.headers.get_list("content-security-policy") == ["sandbox"]


@pytest.mark.guarantee("SEC-01")
@pytest.mark.parametrize("name", ["a" * 256, "é" * 128, "p%00.js"])
def test_a_name_that_no_file_can_have_is_not_found(doors: Doors, name: str) -> None:
    answer = doors.client.get(f"/static/console/{name}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_request_number_from_outside_is_not_taken_over(doors: Doors) -> None:
    answer = doors.client.get("/api/setup", headers={"x-request-id": "mine\u007f"})

    assert answer.headers["x-request-id"] != "mine\u007f"


def test_the_preview_is_framed_by_the_console_and_nobody_else(doors: Doors) -> None:
    _, public = doors.assistant(SITE)
    for path in (f"/w/{public}?preview", "/static/widget/stage.html"):
        headers = doors.client.get(path).headers
        assert headers["content-security-policy"].endswith("frame-ancestors 'self'"), path
        assert headers["x-frame-options"] == "SAMEORIGIN", path
    asked = doors.client.get(f"/w/{public}?preview=1").headers
    assert asked["content-security-policy"].endswith(f"frame-ancestors {SITE}")
