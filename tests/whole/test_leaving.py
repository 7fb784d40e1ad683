"""Readers who leave and senders who send too much, over a real connection."""

import http.client
import select
import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import uvicorn

from appliance.models import Prompt
from appliance.settings import Settings
from tests.fakes import ScriptedGenerator, WordEmbedder
from tests.house import House
from tests.whole.running import eventually

SLOW = "A multa por atraso na devolução de livros é de R$ 1,50 por dia. "


def slowly(prompt: Prompt) -> Iterator[str]:
    """An answer that takes a quarter of an hour."""
    for _ in range(3000):
        yield SLOW
        time.sleep(0.3)


@pytest.fixture
def served(settings: Settings) -> Iterator[tuple[House, ScriptedGenerator, int]]:
    """A house whose model writes slowly, served by uvicorn in a thread."""
    writer = ScriptedGenerator(slowly)
    house = House(
        Settings(data_dir=settings.data_dir, upload_limit_mb=1),
        embedder=WordEmbedder(),
        generator=writer,
    )
    server = uvicorn.Server(
        uvicorn.Config(house.app, port=0, log_config=None, timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started, "uvicorn did not start")
    house.sign_in()
    try:
        yield house, writer, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


def connection(house: House, port: int) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    cookies = "; ".join(f"{name}={value}" for name, value in house.client.cookies.items())
    headers = {"cookie": cookies, "content-type": "application/json"}
    return http.client.HTTPConnection("127.0.0.1", port, timeout=20), headers


def call(house: House, port: int, path: str, body: Any) -> dict[str, Any]:
    line, headers = connection(house, port)
    line.request("POST", path, msgspec.json.encode(body), headers)
    answer = msgspec.json.decode(line.getresponse().read())
    line.close()
    return dict(answer)


@pytest.mark.guarantee("REL-12")
def test_when_the_reader_leaves_the_model_stops_and_what_it_wrote_is_kept(served) -> None:
    house, writer, port = served
    made = call(house, port, "/api/assistants", {"name": "Secretaria"})
    call(
        house, port, f"/api/collections/{made['collections'][0]}/texts",
        {"title": "Biblioteca", "text": SLOW},
    )  # fmt: skip
    house.work()
    line, headers = connection(house, port)
    question = {"question": "Qual é a multa por atraso na devolução de livros?", "stream": True}
    line.request(
        "POST", f"/api/assistants/{made['id']}/ask", msgspec.json.encode(question), headers
    )
    response = line.getresponse()
    while b"event: sentence" not in response.readline():
        continue

    line.sock.close()
    response.close()
    left = time.monotonic()

    eventually(lambda: writer.writings[0].closed.is_set(), "the model went on", 5)
    assert time.monotonic() - left < 2.0

    def stopped() -> Any:
        return house.parts.database.row("select * from messages where state = 'stopped'")

    row = eventually(stopped, "the answer was not kept", 5)
    answer = msgspec.json.decode(row["answer"])
    assert answer["state"] == "stopped"
    assert answer["sentences"][0]["text"] == SLOW.strip()
    assert answer["citations"]


def test_a_file_over_the_limit_is_refused_while_it_is_being_sent(served) -> None:
    house, _, port = served
    made = call(house, port, "/api/assistants", {"name": "Secretaria"})
    line, headers = connection(house, port)
    line.putrequest("POST", f"/api/collections/{made['collections'][0]}/documents")
    for name, value in headers.items():
        if name != "content-type":
            line.putheader(name, value)
    line.putheader("content-type", "multipart/form-data; boundary=b")
    line.putheader("transfer-encoding", "chunked")
    line.endheaders()
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
    sent = 0
    for part in [head, *[b"x" * 65536] * 1600]:  # 100 MB, if nobody says no
        line.send(b"%x\r\n%s\r\n" % (len(part), part))
        sent += len(part)
        if select.select([line.sock], [], [], 0)[0]:
            break
    response = line.getresponse()
    line.close()

    assert response.status == 413
    assert sent < 20_000_000
    assert list((house.settings.data / "incoming").iterdir()) == []
    assert house.file_count() == 0


def test_the_refusal_of_a_large_file_says_the_limit(served) -> None:
    house, _, port = served
    made = call(house, port, "/api/assistants", {"name": "Secretaria"})
    line, headers = connection(house, port)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + b"x" * 1_200_000
    )
    line.request(
        "POST",
        f"/api/collections/{made['collections'][0]}/documents",
        body,
        headers | {"content-type": "multipart/form-data; boundary=b"},
    )
    response = line.getresponse()
    problem = msgspec.json.decode(response.read())
    line.close()

    assert (response.status, problem["code"]) == (413, "too_large")
    assert "1 MB" in problem["detail"]
