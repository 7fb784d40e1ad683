"""Behind the proxies of the manual, with TLS: answers come word by word, and everybody is who
they are (INS-05, SEC-34, SEC-35)."""

import queue
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from appliance import accounts
from appliance.models import Prompt
from appliance.signin import password
from tests.browser.scripted import Served
from tests.fakes import ScriptedGenerator
from tests.installer.conftest import CHECKOUT
from tests.installer.reverse import EVERY, FOLDER, TRUSTED, Proxy, proxy
from tests.whole.running import eventually

pytestmark = pytest.mark.guarantee("INS-05")

ANA, BIA, STRANGER = "127.0.0.2", "127.0.0.3", "127.0.0.4"
FORGED = {
    "x-forwarded-for": "203.0.113.9",
    "x-real-ip": "203.0.113.9",
    "forwarded": "for=203.0.113.9",
}
WORD = "três gatos na janela"
QUESTION = "Qual é a multa por atraso na devolução de livros?"
ANSWER = ("A multa ", "por atraso ", "na devolução ", "de livros ", "é de R$ 1,50 ", "por dia.")


class Dictated:
    """A model that writes a piece when it is told to, and not before."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[str | None] = queue.Queue()

    def __call__(self, prompt: Prompt) -> Iterator[str]:
        while (piece := self.pieces.get(timeout=60)) is not None:
            yield piece


class Behind:
    """An appliance behind a proxy, and people before it."""

    def __init__(self, proxy: Proxy, data: Path) -> None:
        self.proxy = proxy
        self.model = Dictated()
        self.writer = ScriptedGenerator(self.model)
        self.house = Served(data, self.writer, public_url=proxy.address, trusted_proxies=TRUSTED)
        self.clients: list[httpx.Client] = []

    def open(self) -> None:
        self.proxy.start(self.house.door.getsockname()[1])

    def client(self, address: str, *, through: bool = True) -> httpx.Client:
        """Somebody at an address of this machine, through the proxy or straight to the door."""
        trusts = ssl.create_default_context(cafile=str(self.proxy.papers[0]))
        made = httpx.Client(
            base_url=self.proxy.address if through else self.house.address,
            transport=httpx.HTTPTransport(local_address=address, verify=trusts),
            timeout=60,
        )
        self.clients.append(made)
        return made

    def signed_in(self, client: httpx.Client, **headers: str) -> httpx.Response:
        """Bia signs in."""
        known = accounts.credentials(self.house.parts.database, "bia@escola.example")
        if not known:
            with self.house.parts.database.write() as db:
                accounts.create(
                    db, name="Bia", email="bia@escola.example",
                    password_hash=password.hashed(WORD), role="admin",
                )  # fmt: skip
        body = {"email": "bia@escola.example", "password": WORD}
        answer = client.post("/api/session", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    def addresses(self) -> set[str]:
        """Where people signed in from, as the appliance has it."""
        rows = self.house.parts.database.rows("select address from sessions where address != ''")
        return {row["address"] for row in rows}


@pytest.fixture(scope="module", params=EVERY, ids=lambda kind: kind.__name__.lower())
def behind(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("behind")
    with proxy(request.param, folder / "proxy") as before:
        opened = Behind(before, folder / "data")
        with opened.house:
            opened.open()
            yield opened
            for client in opened.clients:
                client.close()


def test_an_answer_comes_through_word_by_word(behind: Behind) -> None:
    """Each piece is written only once the one before it has arrived."""
    made = behind.house.assistant()
    behind.house.upload(made["collections"][0])
    client = behind.client(ANA)
    behind.signed_in(client)
    body = {"question": QUESTION, "stream": True}
    arrived = ""
    with client.stream("POST", f"/api/assistants/{made['id']}/ask", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        texts = answer.iter_text()
        for piece in ANSWER:
            behind.model.pieces.put(piece)
            while piece.strip() not in arrived:
                arrived += next(texts)
        behind.model.pieces.put(None)
        arrived += "".join(texts)

    assert "event: done" in arrived


def test_whoever_leaves_in_the_middle_ends_the_answer(behind: Behind) -> None:
    made = behind.house.assistant("Biblioteca")
    behind.house.upload(made["collections"][0], name="biblioteca.md")
    client = behind.client(ANA)
    behind.signed_in(client)
    body = {"question": QUESTION, "stream": True}
    with client.stream("POST", f"/api/assistants/{made['id']}/ask", json=body) as answer:
        behind.model.pieces.put(ANSWER[0])
        assert any(ANSWER[0].strip() in text for text in answer.iter_text())
    client.close()
    writing = behind.writer.writings[-1]

    eventually(writing.closed.is_set, "the answer was written on for nobody")
    behind.model.pieces.put(None)


@pytest.mark.guarantee("SEC-35")
def test_everybody_has_their_own_address_whatever_they_claim(behind: Behind) -> None:
    with behind.house.parts.database.write() as db:
        db.run("delete from sessions where address != ''")
    behind.signed_in(behind.client(ANA))
    behind.signed_in(behind.client(BIA), **FORGED)
    behind.signed_in(behind.client(STRANGER, through=False), **FORGED)

    assert behind.addresses() == {ANA, BIA, STRANGER}


@pytest.mark.guarantee("SEC-35")
def test_who_guesses_passwords_through_the_proxy_is_stopped_and_nobody_else(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.api.entrance.BY_ADDRESS", 2)
    monkeypatch.setattr("appliance.signin.password.matches", lambda *_: False)

    def wrong(client: httpx.Client, number: int) -> int:
        body = {"email": f"n{number}@escola.example", "password": "wrong"}
        forged = {"x-forwarded-for": f"203.0.113.{number}"}
        return client.post("/api/session", json=body, headers=forged).status_code

    guesser = behind.client("127.0.0.7")

    assert [wrong(guesser, number) for number in range(4)] == [401, 401, 429, 429]
    assert wrong(behind.client("127.0.0.8"), 5) == 401


@pytest.mark.guarantee("SEC-30")
def test_cookies_are_secure_and_browsers_are_held_to_https(behind: Behind) -> None:
    answer = behind.signed_in(behind.client(ANA))

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-balcao=")
    assert "secure" in cookie.lower()
    assert "httponly" in cookie.lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.guarantee("SEC-34")
def test_the_appliance_answers_to_its_own_name_alone(behind: Behind) -> None:
    client = behind.client(ANA)
    port = behind.proxy.port
    for host in ("evil.test", f"localhost.evil.test:{port}"):
        # Caddy answers by itself where it is asked for a name that it does not have.
        refused = client.get("/api/setup", headers={"host": host})
        assert refused.status_code == 400 or refused.text == "", host
    for host in ("localhost", f"localhost:{port}"):
        assert client.get("/api/setup", headers={"host": host}).status_code == 200
    claimed = {"x-forwarded-host": "evil.test", "x-forwarded-proto": "http"}
    answer = client.get("/api/setup", headers=claimed)
    assert answer.status_code == 200
    assert "strict-transport-security" in answer.headers


@pytest.mark.guarantee("SEC-34")
@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/setup HTTP/1.0\r\n",
        b"GET /api/setup HTTP/1.1\r\nHost: evil.test\r\nHost: localhost\r\n",
    ],
    ids=["absent", "twice"],
)
def test_a_request_without_one_name_of_ours_gets_nothing(behind: Behind, head: bytes) -> None:
    trusts = ssl.create_default_context(cafile=str(behind.proxy.papers[0]))
    with (
        socket.create_connection(("127.0.0.1", behind.proxy.port), timeout=30) as plain,
        trusts.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(head + b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: secure.recv(65536), b""))

    status, body = answer.partition(b"\r\n")[0], answer.partition(b"\r\n\r\n")[2]
    # Caddy, too, has nothing to say where it is asked for no name of its own.
    assert b" 400 " in status or body == b""
    assert b"needed" not in body


def test_a_document_of_the_largest_size_passes_and_a_larger_one_gets_a_sentence(
    behind: Behind, tmp_path: Path
) -> None:
    limit = behind.house.settings.upload_limit_mb
    made = behind.house.assistant("Arquivo")
    client = behind.client(ANA)
    behind.signed_in(client)
    path = f"/api/collections/{made['collections'][0]}/documents"
    line = b"A multa por atraso e de um real e cinquenta por dia.\n" * 20_000

    def sent(name: str, size: int) -> httpx.Response:
        with (tmp_path / name).open("wb+") as file:
            for _ in range(size // len(line)):
                file.write(line)
            file.seek(0)
            return client.post(path, files={"file": (name, file)})

    taken = sent("grande.txt", limit << 20)
    refused = sent("maior.txt", (limit + 3) << 20)

    assert taken.status_code == 202, taken.text
    assert refused.status_code == 413
    assert f"{limit} MB" in refused.json()["detail"]


def test_without_tls_people_are_sent_to_the_door_that_has_it(behind: Behind) -> None:
    with httpx.Client(trust_env=False) as client:
        sent = client.get(
            f"http://127.0.0.1:{behind.proxy.plain}/console", headers={"host": "localhost"}
        )

    assert sent.status_code in (301, 308)
    assert sent.headers["location"].startswith("https://localhost")
    assert sent.headers["location"].endswith("/console")


@pytest.mark.guarantee("INS-11")
def test_figures_are_for_this_machine_and_not_for_whom_the_proxy_speaks_for(behind: Behind) -> None:
    assert behind.client(ANA).get("/metrics").status_code == 401


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(behind: Behind, version: ssl.TLSVersion) -> None:
    trusts = ssl.create_default_context(cafile=str(behind.proxy.papers[0]))
    trusts.set_ciphers("ALL:@SECLEVEL=0")
    trusts.minimum_version = trusts.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", behind.proxy.port), timeout=30) as plain,
        pytest.raises(ssl.SSLError),
    ):
        trusts.wrap_socket(plain, server_hostname="localhost")


def test_the_manual_hands_out_each_file() -> None:
    manual = (CHECKOUT / "installer" / "README.md").read_text("utf-8")

    for file in FOLDER.iterdir():
        assert f"(proxy/{file.name})" in manual
