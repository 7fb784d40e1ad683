"""A full disk stops what would fill it, says so, and nothing else (REL-04)."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.whole.paper import pdf
from tests.whole.running import Running, eventually
from tests.whole.small_disk import MB, SmallDisk

ANA = {"name": "Ana", "email": "ana@escola.br", "password": "três livros na estante"}
QUESTION = {"question": "Quantos livros cada aluno pode levar?"}
CHECK = "pragma integrity_check"
pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-04")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk with an appliance that has read one document."""
    disk = SmallDisk(tmp_path / "disk")
    disk.appliance.start()
    try:
        disk.appliance.with_key()
        yield disk
    finally:
        disk.appliance.stop()


def upload(appliance: Running, collection: str, name: str) -> Any:
    return appliance.client.post(
        f"/api/collections/{collection}/documents", files={"file": (name, pdf(3))}
    )


def on_the_status_page(appliance: Running) -> str:
    return appliance.system()["disk"]["reason"] or ""


def integrity(disk: SmallDisk) -> str:
    file = disk.appliance.data / "appliance.db"
    code = f"import sqlite3; print(*sqlite3.connect({str(file)!r}).execute({CHECK!r}).fetchone())"
    return disk.beside(sys.executable, "-c", code).strip()


def test_a_disk_filled_to_the_last_byte_stops_new_work_and_nothing_else(disk: SmallDisk) -> None:
    appliance = disk.appliance
    assistant = appliance.assistant()
    collection = assistant["collections"][0]
    first = appliance.upload(
        collection, "biblioteca.txt", "Cada aluno pode levar três livros.".encode()
    )
    assert appliance.read(first)["state"] == "ready"
    appliance.client.post("/api/people", json=ANA | {"role": "editor"}).raise_for_status()
    waiting = appliance.upload(collection, "salas.pdf", pdf(400))
    eventually(lambda: appliance.document(waiting)["state"] == "reading", "it is not read")

    disk.fill("the rest")

    assert disk.free == 0
    refused = upload(appliance, collection, "outro.pdf")
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_low")
    eventually(lambda: "Restam 0 MB" in on_the_status_page(appliance), "nothing is said")
    word = {name: ANA[name] for name in ("email", "password")}
    signed_in = httpx.post(f"{appliance.address}/api/session", json=word, trust_env=False)
    assert signed_in.status_code == 200, signed_in.text
    for _ in range(20):
        answer = appliance.client.post(f"/api/assistants/{assistant['id']}/ask", json=QUESTION)
        assert answer.status_code == 200, answer.text
        assert "três livros" in answer.json()["answer"]
    kept = appliance.client.get(f"/api/conversations/{answer.json()['conversation']}").json()
    assert [message["answer"] for message in kept["messages"]] == [answer.json()]
    assert appliance.client.get("/health/ready").status_code == 200
    (job,) = appliance.client.get("/api/jobs", params={"state": "queued"}).json()["items"]
    assert (job["subject"], job["attempts"]) == (waiting, 0)

    disk.fill("the rest", leave=50 * MB)

    done = appliance.read(waiting, seconds=60)
    assert (done["state"], done["pages"]) == ("ready", 400), done["problem"]
    assert on_the_status_page(appliance) == ""
    assert upload(appliance, collection, "outro.pdf").status_code == 202
    assert appliance.process
    assert appliance.process.poll() is None
    assert [part["restarts"] for part in appliance.system()["parts"]] == [0, 0]
    assert integrity(disk) == "ok"


def test_new_work_stops_before_the_disk_is_full_and_goes_on_by_itself(disk: SmallDisk) -> None:
    appliance = disk.appliance
    collection = appliance.assistant()["collections"][0]
    disk.fill("the rest", leave=9 * MB)  # under 5 % of 200 MB

    refused = upload(appliance, collection, "salas.pdf")
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_low")
    assert "10 MB" in refused.json()["detail"]
    assert list((disk.data / "incoming").iterdir()) == []

    disk.fill("the rest", leave=30 * MB)

    sent = upload(appliance, collection, "salas.pdf")
    assert sent.status_code == 202
    assert appliance.read(sent.json()["documents"][0]["id"])["state"] == "ready"


def test_an_appliance_that_starts_on_a_full_disk_says_so_and_begins_when_it_is_free(
    tmp_path: Path,
) -> None:
    disk = SmallDisk(tmp_path / "disk", first='cat /dev/zero > "$0/the rest" 2> /dev/null')
    try:
        disk.appliance.begin()
        page = eventually(lambda: disk.appliance.asked("/api/system"), "nothing is served")
        assert page.status_code == 503
        assert page.json()["code"] == "maintenance_disk"
        assert "cheio" in page.json()["detail"]

        disk.clear("the rest")

        eventually(disk.appliance.is_ready, "it did not begin")
    finally:
        disk.appliance.stop()
