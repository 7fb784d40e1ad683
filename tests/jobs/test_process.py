"""``appliance work``: the real process, with no model runner beside it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance import library
from appliance.database import Database
from appliance.jobs import intake, ledger
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from tests.jobs.conftest import eventually

pytestmark = pytest.mark.crash
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts workers on the data folder and ends those that still live afterwards."""
    processes: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "work"],
            env=os.environ | {"APPLIANCE_DATA_DIR": str(settings.data)} | variables,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_without_the_engine_a_document_is_read_and_waits_for_it(
    settings: Settings, database: Database, queue: Queue, collection: str, start: Start
) -> None:
    worker = start()
    document, job = intake.accept_text(
        database, settings, queue, collection, title="Horários", text="A casa abre às oito."
    )

    eventually(lambda: ledger.get(database, job.id).problem is not None, seconds=60)

    waiting = ledger.get(database, job.id)
    assert waiting.problem is not None
    assert waiting.problem.code == "engine_down"
    assert library.get(database, document.id).state == "indexing"
    assert library.text(database, document.id).strip() == "A casa abre às oito."
    worker.terminate()
    assert worker.wait(5) == 0
    assert ledger.get(database, job.id).attempts == 0


def test_a_worker_runs_behind_everybody_else(
    settings: Settings, start: Start, tmp_path: Path
) -> None:
    worker = start()
    lock = settings.data / "worker.lock"
    eventually(lambda: lock.exists() and lock.read_text() == f"{worker.pid}\n", seconds=60)

    eventually(lambda: os.getpriority(os.PRIO_PROCESS, worker.pid) == 19, seconds=60)


def test_bad_settings_are_named_in_one_sentence(start: Start) -> None:
    worker = start(APPLIANCE_PASAGES="6")

    _, said = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert "pasages" in said
    assert "Traceback" not in said


def test_a_second_worker_says_so_in_the_language_of_the_house(
    settings: Settings, start: Start
) -> None:
    first = start()
    lock = settings.data / "worker.lock"
    eventually(lambda: lock.exists() and lock.read_text() == f"{first.pid}\n", seconds=60)

    second = start()
    _, said = second.communicate(timeout=60)

    assert second.returncode == 1
    assert said.startswith("Já existe um processo de leitura")
