"""A worker that ends at each start: seldom started again, told within half a minute, named by
the doctor, and well again by itself once its cause is gone (REL-10)."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.whole.running import Running, eventually, running

pytestmark = [pytest.mark.crash, pytest.mark.guarantee("REL-10")]

WORKER = "appliance work"
PATIENCE = 120  # seconds: beside others each start of a worker takes some


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "data") as started:
        yield started


def findings(appliance: Running) -> dict[str, dict[str, Any]]:
    """What the doctor says, by check."""
    done = subprocess.run(
        [sys.executable, "-m", "appliance", "doctor", "--json"],
        env=os.environ | appliance.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return {one["check"]: one for one in json.loads(done.stdout)["findings"]}


def still(appliance: Running) -> str | None:
    """Why processing stands still, as the status page has it."""
    return appliance.system()["work"]["reason"]  # type: ignore[no-any-return]


def test_a_worker_that_cannot_start_is_told_bounded_and_comes_back(appliance: Running) -> None:
    made = appliance.assistant()
    collection = made["collections"][0]
    first = appliance.upload(collection, "biblioteca.txt", "Três livros por aluno.".encode())
    assert appliance.read(first)["state"] == "ready"
    lock = appliance.data / "worker.lock"
    lock.unlink()
    lock.mkdir()  # what no program takes for a file

    appliance.kill(WORKER)
    began = time.monotonic()
    eventually(lambda: still(appliance), "nobody is told", 30)
    eventually(lambda: appliance.part("worker")["restarts"] >= 3, "it is not tried again", PATIENCE)

    # 1, 2, 4, … seconds between the tries, and the time that each of them takes.
    assert time.monotonic() - began >= 7
    assert "parado" in str(still(appliance))
    asked = appliance.client.post(
        f"/api/assistants/{made['id']}/ask", json={"question": "Quantos livros por aluno?"}
    )
    assert (asked.status_code, asked.json()["state"]) == (200, "answered")
    waiting = appliance.upload(collection, "salas.txt", b"A sala 101 fica no bloco B.")
    found = findings(appliance)["worker"]
    assert (found["state"], "IsADirectoryError" in found["said"]) == ("failed", True)
    assert 'balcao_part_up{part="worker"} 0.0' in appliance.client.get("/metrics").text
    assert appliance.process
    assert appliance.process.poll() is None

    lock.rmdir()

    assert appliance.read(waiting, PATIENCE)["state"] == "ready"
    eventually(lambda: still(appliance) is None, "it does not say that it is well", PATIENCE)
    assert findings(appliance)["worker"]["state"] == "ok"


def test_a_damaged_row_that_a_worker_finds_at_its_start_ends_no_worker(appliance: Running) -> None:
    collection = appliance.assistant()["collections"][0]
    with closing(sqlite3.connect(appliance.data / "appliance.db", timeout=30)) as raw, raw:
        raw.execute(
            """
            insert into jobs (id, kind, subject, state, attempts, problem, not_before, created_at)
            values ('harmed', 'egress', 'report', 'running', 'x', '{', '2026-01-01', '2026-01-01')
            """
        )

    appliance.kill(WORKER)

    def harmed() -> dict[str, Any] | None:
        failed = appliance.client.get("/api/jobs", params={"state": "failed"}).json()["items"]
        return next((one for one in failed if one["id"] == "harmed"), None)

    told = eventually(harmed, "it was not set aside", PATIENCE)
    assert told["problem"]["code"] == "job_damaged"
    document = appliance.upload(collection, "salas.txt", b"A sala 101 fica no bloco B.")
    assert appliance.read(document, PATIENCE)["state"] == "ready"
    assert appliance.part("worker")["restarts"] == 1
