"""The plug is pulled at every step of ingestion: nothing is lost, doubled or stuck."""

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from appliance import collections, library
from appliance.database import Database
from appliance.jobs import intake, ledger
from appliance.jobs.queue import Queue
from appliance.records import Problem
from appliance.settings import Settings
from tests.jobs import worker_process
from tests.jobs.conftest import eventually
from tests.jobs.house import pdf

pytestmark = pytest.mark.crash
PAGES = 40  # four batches of pages, two batches of chunks
MOST_STEPS = 60
# Forked from a process of one thread that has loaded everything: starting Python takes
# longer than the whole ingestion.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.jobs.worker_process"])
Start = Callable[..., "subprocess.Popen[bytes]"]


def prepared(folder: Path) -> Settings:
    """A data folder with a database and a collection."""
    settings = Settings(data_dir=str(folder))
    database = Database(settings.data / "appliance.db")
    database.migrate()
    with database.write() as db:
        collections.create(db, "Regulations")
    database.close()
    return settings


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts worker processes and ends those that still live afterwards."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: object) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process", *map(str, arguments)],
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stderr:
            process.stderr.close()


def census(data: Path) -> dict[str, object]:
    """What is in a data folder, once it was found to be sound."""
    database = Database(data / "appliance.db")
    (integrity,) = database.rows("pragma integrity_check")
    assert integrity == {"integrity_check": "ok"}
    assert database.rows("pragma foreign_key_check") == []
    with database.write() as db:
        db.run("insert into chunk_terms(chunk_terms) values ('integrity-check')")
    counts = {
        table: database.rows(f"select count(*) as n from {table}")[0]["n"]
        for table in ("documents", "pages", "chunks", "vectors", "jobs")
    }
    unpublished = database.rows("select id from vectors where segment is null")
    jobs = [(job.state, job.unit, job.done) for job in ledger.entries(database)]
    states = [row["state"] for row in database.rows("select state from documents")]
    files = sum(path.is_file() for path in (data / "files").rglob("*"))
    incoming = len(list(intake.incoming(Settings(data_dir=str(data))).iterdir()))
    database.close()
    assert unpublished == []
    return counts | {"states": states, "jobs of": jobs, "files": files, "incoming": incoming}


def life(data: Path, *arguments: str, crash_at: int = 0) -> tuple[int, str]:
    """A whole process: its exit status and what it said on standard error."""
    said = data / "said"
    process = FORKS.Process(
        target=worker_process.forked, args=([str(data), *arguments], crash_at, said)
    )
    process.start()
    process.join(120)
    status = process.exitcode
    process.close()
    assert status is not None
    return status, said.read_text()


@pytest.mark.guarantee("REL-01")
@pytest.mark.timeout(900)
def test_a_kill_at_any_step_loses_nothing_doubles_nothing_and_leaves_nothing_stuck(
    tmp_path: Path,
) -> None:
    file = pdf(tmp_path / "made.pdf", PAGES)
    whole = prepared(tmp_path / "whole").data
    assert life(whole, "--accept", str(file), "--until-idle")[0] == 0
    expected = census(whole)
    assert (expected["states"], expected["pages"]) == (["ready"], PAGES)
    nothing = expected | dict.fromkeys(("documents", "pages", "chunks", "vectors", "jobs"), 0)
    nothing |= {"states": [], "jobs of": [], "files": 0}

    for step in itertools.count(1):
        assert step < MOST_STEPS
        data = prepared(tmp_path / f"crash-{step}").data
        status, said = life(data, "--accept", str(file), "--until-idle", crash_at=step)
        if status == 0:
            break
        assert (status, f"crash at step {step}" in said) == (-signal.SIGKILL, True), said

        assert life(data, "--until-idle")[0] == 0

        # Before the commit the upload was not acknowledged, and nothing of it is left.
        assert census(data) == (nothing if "file kept" in said else expected), said
    assert step > 10


@pytest.mark.guarantee("REL-01")
def test_a_kill_while_an_attachment_is_taken_in_loses_and_doubles_nothing(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Tabela"
    message.set_content("Segue a tabela de preços.")
    message.add_attachment("A segunda via custa R$ 45,00.", filename="tabela.txt")
    file = tmp_path / "pedido.eml"
    file.write_bytes(message.as_bytes())
    whole = prepared(tmp_path / "whole").data
    assert life(whole, "--accept", str(file), "--until-idle")[0] == 0
    expected = census(whole)
    assert (expected["states"], expected["files"]) == (["ready", "ready"], 2)

    passed: set[str] = set()
    for step in itertools.count(4):  # from the message's reading to its last page
        assert step < MOST_STEPS
        data = prepared(tmp_path / f"crash-{step}").data
        _, said = life(data, "--accept", str(file), "--until-idle", crash_at=step)
        passed.add(said.partition(": ")[2].strip())

        assert life(data, "--until-idle")[0] == 0

        assert census(data) == expected, said
        if "document indexing" in said:
            break
    # A job of the upkeep may pass a step of its own between any two of these.
    assert passed >= {"file kept", "upload accepted", "document indexing"}


@pytest.mark.guarantee("REL-14")
def test_a_worker_killed_in_the_middle_of_a_long_document_goes_on_after_its_restart(
    tmp_path: Path, start: Start
) -> None:
    data = prepared(tmp_path / "data").data
    file = pdf(tmp_path / "made.pdf", 100)
    database = Database(data / "appliance.db")
    killed = start(data, "--accept", file)
    eventually(lambda: database.rows("select number from pages limit 1") != [], seconds=60)

    killed.kill()
    killed.wait()
    left = [row["state"] for row in database.rows("select state from documents")]
    assert left[0] in ("reading", "indexing")
    assert start(data, "--until-idle").wait(60) == 0

    found = census(data)
    assert (found["documents"], found["pages"], found["states"]) == (1, 100, ["ready"])
    assert found["vectors"] == found["chunks"]
    (job,) = ledger.entries(database)
    assert (job.state, job.attempts) == ("succeeded", 2)
    database.close()


@pytest.mark.guarantee("REL-09")
def test_a_reader_that_is_killed_costs_an_attempt_and_the_worker_lives(
    tmp_path: Path, start: Start
) -> None:
    data = prepared(tmp_path / "data").data
    database = Database(data / "appliance.db")
    worker = start(data, "--accept", pdf(tmp_path / "made.pdf", 100))
    readers: list[psutil.Process] = []

    def appeared() -> bool:
        readers.extend(psutil.Process(worker.pid).children())
        return bool(readers)

    eventually(appeared, seconds=60)
    readers[0].kill()
    eventually(lambda: ledger.entries(database)[0].attempts == 1, seconds=60)
    eventually(lambda: ledger.entries(database)[0].problem is not None, seconds=60)

    assert worker.poll() is None
    (job,) = ledger.entries(database)
    assert job.state == "queued"
    assert job.problem is not None
    assert job.problem.code == "reader_crashed"
    eventually(lambda: ledger.entries(database)[0].state == "succeeded", seconds=60)
    assert census(data)["states"] == ["ready"]
    database.close()


@pytest.mark.parametrize("deaf", [False, True], ids=["between steps", "inside a step"])
def test_a_worker_told_to_stop_is_gone_in_five_seconds_and_its_job_waits_uncounted(
    tmp_path: Path, start: Start, deaf: bool
) -> None:
    data = prepared(tmp_path / "data").data
    database = Database(data / "appliance.db")
    file = pdf(tmp_path / "made.pdf", 400)
    worker = start(data, "--accept", file, *["--deaf"] * deaf)
    unit = "chunks" if deaf else "pages"
    eventually(lambda: any(job.unit == unit for job in ledger.entries(database)), seconds=60)

    worker.terminate()

    assert worker.wait(5) == 0
    (job,) = ledger.entries(database)
    assert (job.state, job.attempts, job.problem) == ("queued", 0, None)
    assert start(data, "--until-idle").wait(60) == 0
    assert census(data)["states"] == ["ready"]
    database.close()


@pytest.mark.guarantee("REL-24")
def test_a_second_worker_refuses_with_a_sentence(tmp_path: Path, start: Start) -> None:
    data = prepared(tmp_path / "data").data
    first = start(data)
    lock = data / "worker.lock"
    eventually(lambda: lock.exists() and lock.read_text() == f"{first.pid}\n", seconds=60)

    second = start(data)
    _, said = second.communicate(timeout=60)

    assert second.returncode == 1
    assert str(data) in said.decode()
    assert first.poll() is None


@pytest.mark.guarantee("REL-24")
def test_a_killed_worker_frees_the_folder_for_the_next(tmp_path: Path, start: Start) -> None:
    data = prepared(tmp_path / "data").data
    first = start(data)
    lock = data / "worker.lock"
    eventually(lambda: lock.exists() and lock.read_text() == f"{first.pid}\n", seconds=60)

    first.kill()
    first.wait()

    assert start(data, "--until-idle").wait(60) == 0


@pytest.mark.guarantee("REL-14")
def test_a_cancelled_reading_ends_within_five_seconds(tmp_path: Path, start: Start) -> None:
    data = prepared(tmp_path / "data").data
    database = Database(data / "appliance.db")
    start(data, "--accept", pdf(tmp_path / "made.pdf", 3000))
    eventually(lambda: any(job.done > 0 for job in ledger.entries(database)), seconds=60)

    (job,) = ledger.entries(database)
    ledger.cancel(database, job.id)
    eventually(lambda: ledger.get(database, job.id).state == "cancelled", seconds=5)

    (document,) = library.of_collection(database, collections.every(database)[0].id)
    assert document.problem == Problem(code="reading_cancelled")
    database.close()


def test_jobs_that_huey_forgot_are_done_all_the_same(tmp_path: Path, start: Start) -> None:
    settings = prepared(tmp_path / "data")
    database = Database(settings.data / "appliance.db")
    queue = Queue(settings.data / "queue.db")
    (collection,) = collections.every(database)
    for number in range(3):
        intake.accept_text(
            database, settings, queue, collection.id, title=f"Nota {number}", text=f"Nota {number}."
        )
    queue.close()
    for path in settings.data.glob("queue.db*"):
        path.unlink()

    assert start(settings.data, "--until-idle").wait(60) == 0

    assert census(settings.data)["states"] == ["ready"] * 3
    database.close()
