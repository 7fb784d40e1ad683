"""Another embedder in the settings: the appliance goes on answering, and changes over by itself.

The real model under two names of the catalogue, through the real runner and worker.
"""

import re
import sqlite3
from pathlib import Path
from typing import Any

from tests.whole.copied import copied
from tests.whole.running import Running, eventually

QUESTION = {"query": "Quantos livros cada aluno pode levar?"}
SECONDS = 120.0


def twice(listed: str) -> str:
    """The catalogue with the same embedder under a second name."""
    entry = re.search(r'\[\[model\]\]\nname = "minilm"\n.*?(?=\n\[\[model\]\])', listed, re.S)
    assert entry
    return listed + "\n" + entry[0].replace('"minilm"', '"minilm-novo"')


def found_by(appliance: Running, assistant: str) -> list[str]:
    sent = appliance.client.post(f"/api/assistants/{assistant}/search", json=QUESTION)
    assert sent.status_code == 200, sent.text
    return list(sent.json()["passages"][0]["found_by"])


def jobs(appliance: Running) -> dict[str, dict[str, Any]]:
    """The newest job of each kind."""
    items = appliance.client.get("/api/jobs").json()["items"]
    return {job["kind"]: job for job in reversed(items)}


def by_meaning(appliance: Running, assistant: str) -> None:
    """Search finds by meaning, at the latest when the model is loaded."""
    eventually(lambda: "meaning" in found_by(appliance, assistant), "no search by meaning", SECONDS)


def stamps(data: Path) -> set[str]:
    with sqlite3.connect(data / "appliance.db") as db:
        return {stamp for (stamp,) in db.execute("select distinct stamp from vectors")}


def test_the_embedder_is_replaced_while_the_appliance_answers(tmp_path: Path) -> None:
    folder, data = copied(tmp_path / "copy", twice), tmp_path / "data"
    first = Running(data, folder=folder)
    first.start()
    try:
        first.with_key()
        headers = first.client.headers["authorization"]
        assistant = first.assistant()
        document = first.upload(
            assistant["collections"][0], "biblioteca.txt", "Cada aluno leva três livros.".encode()
        )
        assert first.read(document)["state"] == "ready"
        by_meaning(first, assistant["id"])
        old = stamps(data)
    finally:
        first.stop()
    assert [stamp.partition("@")[0] for stamp in old] == ["minilm"]

    second = Running(data, folder=folder, APPLIANCE_EMBEDDER="minilm-novo")
    second.start()
    try:
        second.client.headers["authorization"] = headers
        by_meaning(second, assistant["id"])
        eventually(
            lambda: jobs(second).get("discard", {}).get("state") == "succeeded",
            "the old vectors were not removed",
            SECONDS,
        )
        done = jobs(second)["reembed"]
        by_meaning(second, assistant["id"])
        system = second.client.get("/api/system").json()
    finally:
        second.stop()

    assert (done["state"], done["done"], done["total"]) == ("succeeded", 1, 1)
    assert [stamp.partition("@")[0] for stamp in stamps(data)] == ["minilm-novo"]
    assert system["embedder"]["name"] == "minilm-novo"
    assert system["embedder_change"] is None
