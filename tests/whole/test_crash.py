"""``kill -9`` of every process, each while a 100-page PDF is being read and a question is
being answered: nothing is lost, nothing is doubled, nothing is stuck.

Covers REL-01 and REL-02 (`design/guarantees.md`).
"""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.whole.paper import pdf, rule
from tests.whole.running import Running, eventually, running

PAGES = 100
VICTIMS = {
    "web": "",
    "worker": "appliance work",
    "runner": "appliance.models.runner",
    "reader": "appliance.index.reading",
}
pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-01", "REL-02")]


class Asking(threading.Thread):
    """Asks one question after the other until told to stop; keeps what was acknowledged."""

    def __init__(self, appliance: Running, assistant: str) -> None:
        super().__init__(daemon=True)
        self.appliance = appliance
        self.assistant = assistant
        self.answers: list[dict[str, Any]] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        headers = {"authorization": self.appliance.client.headers["authorization"]}
        with httpx.Client(
            base_url=self.appliance.address, headers=headers, timeout=60, trust_env=False
        ) as client:
            while not self.stopping.wait(0.02):
                try:
                    sent = client.post(
                        f"/api/assistants/{self.assistant}/ask",
                        json={"question": "Quantos livros cada aluno pode levar?"},
                    )
                except httpx.TransportError:
                    continue  # the web process is gone for a moment
                if sent.status_code == 200:
                    self.answers.append(sent.json())


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_process_that_is_killed_loses_nothing(tmp_path: Path, victim: str) -> None:
    with running(tmp_path / "data", APPLIANCE_KEY_QUESTIONS_PER_MINUTE="100000") as appliance:
        assistant = appliance.assistant()
        collection = assistant["collections"][0]
        first = appliance.upload(
            collection, "biblioteca.txt", "Cada aluno pode levar três livros.".encode()
        )
        assert appliance.read(first)["state"] == "ready"
        asking = Asking(appliance, assistant["id"])
        asking.start()
        eventually(lambda: asking.answers, "no question was answered")

        document = appliance.upload(collection, "salas.pdf", pdf(PAGES))
        eventually(
            lambda: (
                appliance.document(document)["state"] in ("reading", "indexing")
                or victim == "reader"
            ),
            "reading did not begin",
        )
        appliance.kill(VICTIMS[victim])
        if victim == "web":
            appliance.start()

        ready = appliance.read(document, seconds=200)
        before = len(asking.answers)
        eventually(lambda: len(asking.answers) > before, "questions are stuck")
        asking.stopping.set()
        asking.join()

        assert (ready["state"], ready["pages"]) == ("ready", PAGES), ready["problem"]
        _everything_is_there_once(appliance, document)
        _every_answer_is_stored(appliance, asking.answers)
        _each_page_is_found(appliance, assistant["id"])


def _everything_is_there_once(appliance: Running, document: str) -> None:
    database = sqlite3.connect(appliance.data / "appliance.db")
    try:
        pages = database.execute(
            "select count(*), count(distinct number) from pages where document = ?", [document]
        ).fetchone()
        chunks = database.execute(
            "select count(*), count(distinct start) from chunks where document = ?", [document]
        ).fetchone()
        told = database.execute("select chunks from documents where id = ?", [document]).fetchone()
        jobs = database.execute("select distinct state from jobs").fetchall()
        sound = database.execute("pragma integrity_check").fetchone()
        foreign = database.execute("pragma foreign_key_check").fetchall()
    finally:
        database.close()
    assert pages == (PAGES, PAGES)
    assert chunks == (told[0], told[0])
    assert jobs == [("succeeded",)]
    assert (sound, foreign) == (("ok",), [])


def _every_answer_is_stored(appliance: Running, answers: list[dict[str, Any]]) -> None:
    for answer in answers[:: max(1, len(answers) // 10)]:
        told = appliance.client.get(f"/api/conversations/{answer['conversation']}").json()
        assert [message["answer"] for message in told["messages"]] == [answer]


def _each_page_is_found(appliance: Running, assistant: str) -> None:
    for page in (1, PAGES // 2, PAGES):
        found = appliance.client.post(
            f"/api/assistants/{assistant}/search",
            json={"query": f"A que turma pertence a sala {100 + page}?", "limit": 3},
        ).json()
        assert any(rule(page) in passage["text"] for passage in found["passages"]), page
