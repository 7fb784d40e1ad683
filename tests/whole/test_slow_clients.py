"""Clients that send slowly, stop in the middle or never read: each loses its own place and
nobody else notices (REL-13). The limits are the real ones' shape with shorter times.
"""

import contextlib
import resource
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn

from appliance.api import senders
from appliance.cli import connections
from appliance.cli.connections import Guarded
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.whole.running import eventually

HEADS, BODIES, DEAF = 500, 200, 200
PATIENCE = 3.0  # seconds instead of 20 to 60
pytestmark = pytest.mark.guarantee("REL-13")


class Slow:
    """A house on a port, and sockets that treat it badly."""

    def __init__(self, house: House, server: uvicorn.Server) -> None:
        self.house = house
        self.server = server
        self.port = server.servers[0].sockets[0].getsockname()[1]
        self.sockets: list[socket.socket] = []
        cookies = "; ".join(f"{name}={value}" for name, value in house.client.cookies.items())
        self.cookie = f"cookie: {cookies}\r\n"
        made = house.client.post("/api/assistants", json={"name": "Secretaria"}).json()
        self.collection = made["collections"][0]
        text = {"title": "Biblioteca", "text": "Cada aluno pode levar três livros. " * 20_000}
        sent = house.client.post(f"/api/collections/{self.collection}/texts", json=text)
        self.document = sent.json()["documents"][0]["id"]
        house.work()

    def line(self, first: str, *, small: bool = False) -> socket.socket:
        """A connection that sends this; ``small``: it takes a kilobyte or two."""
        line = socket.socket()
        if small:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.connect(("127.0.0.1", self.port))
        line.sendall(first.encode())
        self.sockets.append(line)
        return line

    def head(self) -> socket.socket:
        return self.line("GET / HTTP/1.1\r\nhost: localhost\r\nx: ")

    def request(self, path: str, kind: str, body: str, *, length: int = 10_000) -> socket.socket:
        """A request that announces ``length`` bytes and sends fewer."""
        return self.line(
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\n{self.cookie}content-type: {kind}\r\n"
            f"content-length: {length}\r\n\r\n{body}"
        )

    def upload(self) -> socket.socket:
        part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nUm '
        kind = "multipart/form-data; boundary=b"
        return self.request(f"/api/collections/{self.collection}/documents", kind, part)

    def deaf(self) -> socket.socket:
        """One that asks for a file and reads nothing of it."""
        path = f"/api/documents/{self.document}/original"
        return self.line(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{self.cookie}\r\n", small=True)


@pytest.fixture
def slow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(senders, "STILL_SECONDS", PATIENCE)
    monkeypatch.setattr(senders, "ALLOWANCE_SECONDS", PATIENCE)
    monkeypatch.setattr(connections, "HEAD_SECONDS", PATIENCE)
    monkeypatch.setattr(connections, "UNREAD_SECONDS", PATIENCE)
    had = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (had[1], had[1]))
    house = House(settings, embedder=WordEmbedder())
    server = uvicorn.Server(
        uvicorn.Config(
            house.app, http=Guarded, port=0, log_config=None, timeout_graceful_shutdown=2
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started, "uvicorn did not start")
    house.sign_in()
    opened = Slow(house, server)
    try:
        yield opened
    finally:
        for line in opened.sockets:
            line.close()
        server.should_exit = True
        thread.join(20)
        resource.setrlimit(resource.RLIMIT_NOFILE, had)


def said(line: socket.socket) -> bytes:
    """What the other side says until it closes; b"" where it only closes."""
    line.settimeout(60)
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65536):
            heard += piece
    return heard


def left(slow: Slow) -> list[Any]:
    return list((slow.house.settings.data / "incoming").iterdir())


def test_a_body_that_stops_is_refused_with_a_sentence_and_nothing_of_it_is_left(
    slow: Slow,
) -> None:
    line = slow.upload()
    eventually(lambda: left(slow), "nothing arrived")

    head, _, body = said(line).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    problem = msgspec.json.decode(body)
    assert problem["code"] == "body_stalled"
    assert "parou de chegar" in problem["detail"]
    assert left(slow) == []


def test_a_body_that_trickles_is_refused_too(slow: Slow) -> None:
    line = slow.request("/api/assistants", "application/json", '{"name": "')
    trickling = threading.Event()

    def trickle() -> None:
        with contextlib.suppress(OSError):
            while not trickling.wait(0.2):
                line.sendall(b"x")

    thread = threading.Thread(target=trickle)
    thread.start()

    heard = said(line)

    trickling.set()
    thread.join()
    assert heard.startswith(b"HTTP/1.1 408 ")


def test_a_slow_line_that_does_not_stop_is_listened_to(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "ALLOWANCE_SECONDS", 1.0)
    body = b'{"name": "Secretaria do Ensino", "greeting": "%s"}' % (b"o" * 1000)
    line = slow.request("/api/assistants", "application/json", "", length=len(body))
    began = time.monotonic()

    for place in range(0, len(body), 100):  # 1,000 bytes a second
        line.sendall(body[place : place + 100])
        time.sleep(0.1)

    line.settimeout(60)
    assert line.recv(100).startswith(b"HTTP/1.1 201 ")
    assert time.monotonic() - began > 1.0


def test_a_request_whose_head_does_not_end_is_closed(slow: Slow) -> None:
    assert said(slow.head()) == b""
    assert said(slow.line("")) == b""


def test_a_connection_that_trickles_on_after_its_answer_is_closed(slow: Slow) -> None:
    line = slow.line("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\nx: ")

    assert said(line).count(b"HTTP/1.1 200") == 1


def test_nine_hundred_who_send_or_read_nothing_keep_nobody_else_waiting(slow: Slow) -> None:
    heads = [slow.head() for _ in range(HEADS)]
    bodies = [slow.upload() for _ in range(BODIES)]
    deaf = [slow.deaf() for _ in range(DEAF)]
    seconds: list[float] = []
    cookies = dict(slow.house.client.cookies)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{slow.port}", cookies=cookies, trust_env=False, timeout=60
    ) as client:
        for _ in range(60):
            asked = time.monotonic()
            assert client.get("/api/assistants").status_code == 200
            seconds.append(time.monotonic() - asked)

    assert sorted(seconds)[57] < 0.5
    for line in heads:
        assert said(line) == b""
    assert [said(line)[:12] for line in bodies] == [b"HTTP/1.1 408"] * BODIES
    assert left(slow) == []
    eventually(lambda: not slow.server.server_state.connections, "one that reads nothing is kept")
    assert len(deaf) == DEAF
