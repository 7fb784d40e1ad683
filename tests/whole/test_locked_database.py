"""Another process holds the database: for seconds everybody waits, for longer everybody is
told to come back, and nothing is half done (REL-15)."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.whole.running import Running, eventually, running

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-15")]

QUESTION = {"question": "Quantos livros por aluno?"}
TEXT = "Cada aluno pode levar três livros."
TABLES = ("assistants", "documents", "jobs", "messages", "keys", "attempts")
Act = Callable[[httpx.Client], httpx.Response]


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("locked") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def assistant(appliance: Running) -> dict[str, str]:
    """An assistant with one document, read."""
    made = appliance.assistant()
    collection = str(made["collections"][0])
    document = appliance.upload(collection, "biblioteca.txt", TEXT.encode())
    assert appliance.read(document)["state"] == "ready"
    return {"id": str(made["id"]), "collection": collection, "document": document}


@contextlib.contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """The database in the hands of this process, which is another than the appliance's."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=60)
    try:
        connection.execute("begin immediate")
        yield connection
    finally:
        connection.close()


def acts(assistant: dict[str, str], word: str) -> list[Act]:
    """What people do that is written down, each of them told apart by ``word``."""
    asked = f"/api/assistants/{assistant['id']}/ask"
    path = f"/api/collections/{assistant['collection']}/documents"
    paper = {"file": (f"{word}.txt", f"Papel {word}.".encode())}
    return [
        lambda client: client.post("/api/assistants", json={"name": word}),
        lambda client: client.post("/api/collections", json={"name": word}),
        lambda client: client.post(asked, json=QUESTION),
        lambda client: client.post(asked, json=QUESTION | {"stream": True}),
        lambda client: client.post(path, files=paper),
        lambda client: client.patch(
            f"/api/documents/{assistant['document']}", json={"title": word}
        ),
        lambda client: client.post("/api/keys", json={"name": word, "scopes": ["ask"]}),
    ]


def counts(data: Path) -> dict[str, int]:
    """How many rows there are of what was done, and how many files."""
    with contextlib.closing(sqlite3.connect(data / "appliance.db")) as database:
        rows = {
            table: int(database.execute(f"select count(*) from {table}").fetchone()[0])
            for table in TABLES
        }
    return rows | {"files": sum(one.is_file() for one in (data / "files").rglob("*"))}


def at_once(appliance: Running, what: list[Act]) -> list[httpx.Response]:
    """The answers to acts that are begun together, each by a connection of its own."""
    headers = {"authorization": appliance.client.headers["authorization"]}

    def act(one: Act) -> httpx.Response:
        with httpx.Client(
            base_url=appliance.address, headers=headers, timeout=120, trust_env=False
        ) as client:
            return one(client)

    with ThreadPoolExecutor(len(what)) as pool:
        return list(pool.map(act, what))


def test_for_three_seconds_everybody_waits_and_everything_succeeds(
    appliance: Running, assistant: dict[str, str]
) -> None:
    with held(appliance.data / "appliance.db") as other:
        threading.Timer(3, lambda: other.execute("commit")).start()
        answers = at_once(appliance, acts(assistant, "espera"))

    assert [one.status_code for one in answers if one.status_code >= 300] == []
    assert answers[3].text.rstrip().splitlines()[-2] == "event: done"
    uploaded = answers[4].json()["documents"][0]["id"]
    assert appliance.read(uploaded)["state"] == "ready"


def test_for_longer_each_is_told_when_to_come_back_and_nothing_is_half_done(
    appliance: Running, assistant: dict[str, str]
) -> None:
    eventually(
        lambda: appliance.client.get("/api/jobs?state=running").json()["items"] == [], "idle"
    )
    before = counts(appliance.data)
    with held(appliance.data / "appliance.db"), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(at_once, appliance, acts(assistant, "longe"))
        slowest = 0.0
        while not waiting.done():  # the console and those that look after it are there
            began = time.monotonic()
            assert appliance.client.get("/health/ready").status_code == 200
            page = appliance.client.get(f"/api/documents/{assistant['document']}")
            slowest = max(slowest, time.monotonic() - began)
            assert page.json()["title"] != "longe"
        answers = waiting.result()
        during = counts(appliance.data)

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(503, "database_busy")}
    assert {one.headers["retry-after"] for one in answers} == {"2"}
    assert during == counts(appliance.data) == before
    assert slowest < 10
    again = at_once(appliance, acts(assistant, "longe"))
    assert [one.status_code for one in again if one.status_code >= 300] == []
    assert [part["restarts"] for part in appliance.system()["parts"]] == [0, 0]
