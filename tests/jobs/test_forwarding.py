"""A form that was filled in goes on by letter, and signed to a program that waits for it."""

import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from appliance import hooks, options, outgoing
from appliance.errors import Unreadable
from appliance.jobs import ledger
from appliance.jobs.forwarding import Forwarding
from appliance.jobs.watch import Watch
from appliance.mail import Mail
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House
from tests.mailhouse import free_port, open_house

FORM = {"on": True, "title": "Pedir vaga", "fields": [{"label": "Nome"}]}


class Program(ThreadingHTTPServer):
    """A program that waits for forms. ``got`` are the requests, as (path, headers, body);
    ``statuses`` are answered first, one a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Takes(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append((self.path, headers, body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def waiting() -> Iterator[Program]:
    server = Program()
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def program() -> Iterator[Program]:
    with waiting() as server:
        yield server


@pytest.fixture
def house(settings: Settings, program: Program) -> Iterator[House]:
    opened = msgspec.structs.replace(settings, open_hosts=program.origin)
    with House(opened, embedder=WordEmbedder()) as made:
        yield made


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    return house.assistant()


def renew(house: House, made: dict[str, Any]) -> str:
    sent = house.client.post(f"/api/assistants/{made['id']}/form-secret")
    assert sent.status_code == 201
    return str(sent.json()["secret"])


def switch(house: House, made: dict[str, Any], **changes: Any) -> Any:
    path = f"/api/assistants/{made['id']}/flows"
    return house.client.patch(path, json={"form": FORM | changes})


def fill(house: House, made: dict[str, Any], name: str = "Zuleica") -> str:
    """A form that was sent; its conversation."""
    talk = str(house.ask(made["id"], "Pedir vaga")["conversation"])
    path = f"/api/conversations/{talk}/form"
    sent = house.client.post(path, json={"values": {"Nome": name}})
    assert sent.status_code == 201, sent.text
    return talk


def jobs(house: House) -> list[dict[str, Any]]:
    found = house.client.get("/api/jobs").json()["items"]
    return [one for one in found if one["kind"].startswith("form_")]


def due_now(house: House) -> None:
    with house.parts.database.write() as writer:
        writer.run("update jobs set not_before = '2000-01-01T00:00:00.000Z'")


def test_a_payload_is_signed_with_its_moment(house: House, made: Any, program: Program) -> None:
    secret = renew(house, made)
    assert switch(house, made, webhook=f"{program.origin}/forms?from=balcao").status_code == 200
    talk = fill(house, made)

    house.work()

    ((path, headers, body),) = program.got
    assert (path, headers["content-type"]) == ("/forms?from=balcao", "application/json")
    moment = headers["x-balcao-timestamp"]
    assert abs(int(moment) - time.time()) < 600
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()
    assert headers["x-balcao-signature"] == f"sha256={signed}"
    told = json.loads(body)
    assert (told["event"], told["form"], told["conversation"]) == ("form.sent", "Pedir vaga", talk)
    assert told["answers"] == [{"label": "Nome", "value": "Zuleica"}]
    assert told["assistant"] == {"id": made["id"], "name": made["name"]}
    assert [one["state"] for one in jobs(house)] == ["succeeded"]
    (left,) = outgoing.contacts(house.parts.database)
    assert (left.origin, left.purpose, left.requests) == (program.origin, "form", 1)


def test_a_program_that_is_away_is_waited_for(house: House, made: Any, program: Program) -> None:
    renew(house, made)
    switch(house, made, webhook=f"{program.origin}/forms")
    program.statuses = [503]
    fill(house, made)

    house.work()
    (waits,) = jobs(house)
    assert (waits["state"], waits["problem"]["code"]) == ("queued", "form_hook_later")

    due_now(house)
    house.work()

    assert [one["state"] for one in jobs(house)] == ["succeeded"]
    assert len(program.got) == 2


@pytest.mark.parametrize("status", [302, 307, 400, 404, 410])
def test_a_refusal_ends_the_job_with_a_sentence(
    house: House, made: Any, program: Program, status: int
) -> None:
    renew(house, made)
    switch(house, made, webhook=f"{program.origin}/forms")
    program.statuses = [status]
    fill(house, made)

    house.work()

    (failed,) = jobs(house)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "form_hook_refused")
    assert f"{program.origin} respondeu {status}" in failed["problem"]["detail"]
    assert len(program.got) == 1


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/forms", "https://exemplo.com/forms", "http://169.254.169.254/x",
     "http://localhost/", "http://[::1]/", "ftp://exemplo.com/", "nada"],
)  # fmt: skip
def test_an_address_that_nobody_opened_is_refused_when_it_is_written_down(
    house: House, made: Any, address: str
) -> None:
    renew(house, made)

    refused = switch(house, made, webhook=address)

    assert refused.json()["code"] in ("host_not_open", "bad_address")
    assert house.client.get(f"/api/assistants/{made['id']}/flows").json()["form"]["webhook"] == ""


@pytest.mark.guarantee("SEC-08")
def test_an_address_that_was_closed_since_gets_nothing(
    house: House, made: Any, program: Program, settings: Settings
) -> None:
    renew(house, made)
    switch(house, made, webhook=f"{program.origin}/forms")
    fill(house, made)
    parts = house.parts
    (due,) = ledger.due(parts.database)
    job = ledger.claim(parts.database, due)
    assert job is not None
    closed = Forwarding(parts.database, settings, parts.vault)  # the host is opened no more
    with pytest.raises(Unreadable) as refusal:
        closed.hook(job, Watch(parts.database, job, threading.Event()))

    assert refusal.value.code == "host_not_open"
    (left,) = outgoing.contacts(parts.database)
    assert (left.requests, left.refused) == (0, 1)
    assert program.got == []


def test_a_letter_leaves_where_mail_is_set(house: House, made: Any) -> None:
    assert switch(house, made, mail_to="ana@escola.example").json()["code"] == "form_mail_not_set"
    port = free_port()
    with house.parts.database.write() as writer:
        set_up = Mail(host="localhost", port=port, safety="none", sender="balcao@escola.example")
        options.store(writer, set_up)
    assert switch(house, made, mail_to="ana").json()["code"] == "form_bad_mail_to"
    switch(house, made, mail_to="ana@escola.example")
    fill(house, made, "Zuleica {0.__class__} Prado")

    with open_house(port=port) as post:
        house.work()

    (letter,) = post.letters
    assert letter["To"] == "ana@escola.example"
    text = letter.get_content()
    assert "Zuleica {0.__class__} Prado" in text
    assert "/#/handovers" in text
    assert [one["state"] for one in jobs(house)] == ["succeeded"]


def test_what_was_erased_meanwhile_is_sent_to_nobody(
    house: House, made: Any, program: Program
) -> None:
    renew(house, made)
    switch(house, made, webhook=f"{program.origin}/forms")
    talk = fill(house, made)
    house.client.delete(f"/api/conversations/{talk}")

    house.work()

    assert program.got == []
    (ended,) = jobs(house)
    assert ended["state"] == "cancelled"
    assert house.client.post(f"/api/jobs/{ended['id']}/retry").status_code == 404


def test_without_a_secret_nothing_can_be_signed(house: House, made: Any, program: Program) -> None:
    path = f"/api/assistants/{made['id']}/form-secret"
    assert house.client.get(path).json() == {"made_at": None}

    refused = switch(house, made, webhook=f"{program.origin}/forms")
    assert (refused.status_code, refused.json()["code"]) == (409, "form_hook_without_secret")

    secret = renew(house, made)
    assert secret.startswith(hooks.PREFIX)
    assert secret not in house.client.get(path).text
    assert house.client.get(path).json()["made_at"]
    kept = house.parts.database.rows("select sealed from hook_secrets")
    assert secret not in str(kept)
    assert renew(house, made) != secret
