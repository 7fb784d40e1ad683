"""What the log tells of requests, and what the surface shows to whoever looks for cracks
(SEC-44)."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient

from appliance import assistants, logs
from appliance.settings import Settings
from tests.api.doors import WORD, Doors, doors
from tests.api.served import Served, served
from tests.fakes import WordEmbedder
from tests.house import House

__all__ = ["doors", "served"]

pytestmark = pytest.mark.guarantee("SEC-44")

CRLF, ANSI = "a\r\nlevel=error", "\x1b[2Jb%n%s"
Log = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log() -> Iterator[Log]:
    """The lines that the appliance's loggers have written, as objects."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(logs.Lines().format(record))  # type: ignore[method-assign]
    root = logging.getLogger("appliance")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in lines if line.isprintable()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_one_line_with_its_number_and_its_route(doors: Doors, log: Log) -> None:
    ana = doors.add("Ana")

    answer = doors.client.get(f"/api/people/{ana.id}?token=segredo", headers=doors.cookie_of(ana))

    (told,) = log()
    assert told["request"] == answer.headers["x-request-id"]
    assert (told["method"], told["route"]) == ("GET", "/api/people/{person_id}")
    assert (told["status"], told["caller"]) == (200, f"person:{ana.id}")
    assert "segredo" not in json.dumps(told)


def test_no_address_name_agent_or_secret_gets_into_the_log(doors: Doors, log: Log) -> None:
    admin = doors.admin()
    hostile = {"user-agent": ANSI, "x-forwarded-for": ANSI, "accept-language": ANSI}
    doors.client.get("/api/people/segredo-no-caminho", headers=admin | hostile)
    doors.client.get("/nao/existe/segredo-no-caminho")
    doors.client.post(
        "/api/people",
        json={"name": CRLF, "email": "segredo@casa.test", "password": "segredo na janela"},
        headers=admin,
    )
    doors.client.post("/api/session", json={"email": f"segredo{ANSI}", "password": "segredo"})
    doors.client.get("/api/whoami", headers={"authorization": "Bearer bk_segredo"})

    told = log()

    assert [one["status"] for one in told if one["message"] == "request"] == [
        404, 404, 400, 401, 401,
    ]  # fmt: skip
    text = json.dumps(told)
    assert "segredo" not in text
    assert "[2J" not in text
    assert admin["cookie"].partition("=")[2] not in text


def test_signing_in_leaves_neither_password_nor_token(doors: Doors, log: Log) -> None:
    doors.add("Ana")
    answer = doors.client.post("/api/session", json={"email": "ana@casa.test", "password": WORD})

    text = json.dumps(log())
    assert answer.status_code == 200
    assert WORD not in text
    assert "ana@casa.test" not in text
    assert answer.headers["set-cookie"].partition("=")[2][:20] not in text


def test_neither_question_nor_document_gets_into_the_log(house: House, log: Log) -> None:
    made = house.assistant()
    house.upload(made["collections"][0], name=f"regimento{ANSI}.md")
    house.ask(made["id"], f"Qual é a multa por atraso? {CRLF}")
    house.client.get("/api/audit?q=multa&who=multa")

    text = json.dumps(log(), ensure_ascii=False).lower()
    assert "/api/assistants/{assistant_id}/ask" in text
    for word in ("multa", "1,50", "regimento", "uniforme"):
        assert word not in text


@pytest.fixture
def everything() -> Iterator[Log]:
    """The lines of all loggers, at the level that says most, set up as a process sets it up."""
    lines: list[str] = []
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.begin("debug")
    (handler,) = root.handlers
    handler.emit = lambda record: lines.append(logs.Lines().format(record))  # type: ignore[method-assign]
    yield lambda: [json.loads(line) for line in lines]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_no_level_and_no_library_tells_a_question_an_answer_or_a_document(
    everything: Log, writing_house: House
) -> None:
    logging.getLogger("library").debug("heard")
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0], name="regimento-segredo.md")
    writing_house.upload(made["collections"][0], b"%PDF-1.7 segredo", "segredo.pdf")
    told = writing_house.ask(made["id"], "Qual é a multa por atraso na devolução?")
    writing_house.client.post(
        "/v1/chat/completions",
        json={"model": made["slug"], "messages": [{"role": "user", "content": "E a multa?"}]},
    )
    writing_house.client.get("/api/documents?q=multa")

    lines = everything()
    text = json.dumps(lines, ensure_ascii=False).lower()
    assert told["answer"]
    assert ("library", "debug") in [(one["logger"], one["level"]) for one in lines]
    for word in ("multa", "1,50", "regimento", "uniforme", "segredo", told["answer"][:20].lower()):
        assert word not in text


def test_what_nobody_expected_is_found_in_the_log_by_the_number_that_was_told(
    doors: Doors, log: Log
) -> None:
    answer = doors.client.get("/api/broken")

    assert answer.json()["code"] == "unexpected"
    assert "cardamom" not in answer.text
    failed, told = log()
    assert failed["request"] == told["request"] == answer.json()["request_id"]
    assert "cardamom" in failed["trace"]
    assert (told["level"], told["status"]) == ("warning", 500)


def test_a_refused_name_is_told_without_a_route(doors: Doors, log: Log) -> None:
    doors.client.get("/api/setup", headers={"host": "evil.test"})

    (told,) = log()
    assert (told["route"], told["status"], told["caller"]) == (None, 400, None)


def test_a_method_that_nobody_knows_is_told_as_another(doors: Doors, log: Log) -> None:
    assert doors.client.request("SEGREDO", "/api/setup").status_code == 405

    (told,) = log()
    assert told["method"] == "other"


def test_questions_after_its_health_fill_no_log(house: House, log: Log) -> None:
    house.client.get("/health/live")
    house.client.get("/health/ready")

    assert log() == []


@pytest.mark.parametrize(
    "path",
    ["/schema", "/schema/openapi.json", "/docs", "/redoc", "/.git/", "/.git/config",
     "/.env", "/console/..;/", "/console/..;/api/people", "/static/..;/appliance.db",
     "/server-status", "/debug", "/appliance.db"],
)  # fmt: skip
def test_nothing_is_found_where_others_leave_something(house: House, path: str) -> None:
    with house.as_nobody() as client:
        answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG"])
def test_no_method_tells_a_request_back(house: House, method: str) -> None:
    answer = house.client.request(method, "/api/session", headers={"x-secret": "segredo"})

    assert answer.status_code == 405
    assert "segredo" not in answer.text


def test_the_frameworks_debugging_cannot_be_switched_on_from_outside(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITESTAR_DEBUG", "1")
    monkeypatch.setenv("LITESTAR_PDB", "1")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret ingredient is cardamom")

    with House(settings, embedder=WordEmbedder()) as house:
        monkeypatch.setattr(assistants, "every", broken)
        outside = TestClient(house.app, str(house.client.base_url), raise_server_exceptions=False)
        answer = outside.get("/health/ready")

    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "cardamom" not in answer.text
    assert "Traceback" not in answer.text


SMUGGLED = "GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        f"POST /api/setup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(SMUGGLED) + 5}\r\n"
        f"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}",
        "POST /api/setup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n"
        f"Transfer-Encoding: xchunked\r\n\r\n{SMUGGLED}",
        "POST /api/setup HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n"
        f"Content-Length: {len(SMUGGLED)}\r\n\r\n{SMUGGLED}",
    ],
    ids=["both lengths", "an unknown encoding", "two lengths"],
)
def test_a_request_hidden_in_another_ones_body_is_not_served(served: Served, request_: str) -> None:
    """Twin of the way through a proxy, which is not here: what two servers could read in two
    ways gets at most one answer, and the connection is closed."""
    port = urlsplit(served.address).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=10) as line:
        line.sendall(request_.encode())
        told = b""
        while piece := _received(line):
            told += piece

    assert told.count(b"HTTP/1.1 ") <= 1, told


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except (TimeoutError, ConnectionResetError):
        return b""
