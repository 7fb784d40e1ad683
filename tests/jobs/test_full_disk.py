"""The worker where the disk is full or fails: jobs wait, uncounted, and go on by themselves."""

import errno
import sqlite3
import threading

import pytest

from appliance import disk
from appliance.database import Database
from appliance.jobs import ledger
from appliance.jobs.queue import Queue
from appliance.jobs.watch import Watch
from appliance.jobs.worker import Worker
from appliance.records import Job, Problem
from tests.jobs.conftest import eventually
from tests.jobs.test_worker import at_work, do_nothing, ended, give, refusing, work_until_told


@pytest.mark.guarantee("REL-04", "REL-05")
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (sqlite3.OperationalError("disk I/O error"), "disk_failing"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "disk_read_only"),
        (sqlite3.OperationalError("database is locked"), "database_busy"),
    ],
)
def test_a_job_waits_for_the_disk_and_does_not_fail(
    database: Database, queue: Queue, fault: Exception, code: str
) -> None:
    worker = Worker(database, queue, {"read": refusing(fault)})
    job = ledger.open(database, "read", "thing")

    worker.run(job.id)

    after = ledger.get(database, job.id)
    assert (after.state, after.attempts) == ("queued", 0)
    assert after.problem == Problem(code=code)


def test_a_file_that_its_disk_cannot_read_costs_an_attempt_like_any_fault(
    database: Database, queue: Queue
) -> None:
    worker = Worker(database, queue, {"read": refusing(OSError(errno.EIO, "Input/output error"))})
    job = ledger.open(database, "read", "thing")

    worker.run(job.id)

    assert ledger.get(database, job.id).attempts == 1


def nearly_full(monkeypatch: pytest.MonkeyPatch) -> Problem:
    problem = Problem(code="disk_low", facts={"free_mb": 1})
    monkeypatch.setattr(disk, "short", lambda folder: problem)
    return problem


@pytest.mark.guarantee("REL-04")
@pytest.mark.parametrize(
    ("kind", "state"), [("ingest", "queued"), ("mail", "succeeded"), ("discard", "succeeded")]
)
def test_on_a_nearly_full_disk_only_what_needs_no_room_is_begun(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch, kind: str, state: str
) -> None:
    nearly_full(monkeypatch)
    worker = Worker(database, queue, {kind: do_nothing})
    job = ledger.open(database, kind, "thing")

    worker.run(job.id)

    after = ledger.get(database, job.id)
    assert (after.state, after.problem) == (state, None)


@pytest.mark.guarantee("REL-04")
def test_a_running_job_gives_way_when_the_disk_is_nearly_full_and_goes_on_afterwards(
    database: Database, queue: Queue
) -> None:
    started, free = threading.Event(), threading.Event()

    def fill(job: Job, watch: Watch) -> None:
        if not free.is_set():
            work_until_told(started)(job, watch)

    with pytest.MonkeyPatch.context() as patched, at_work(database, queue, fill=fill):
        job = give(database, queue, "fill")
        assert started.wait(60)
        problem = nearly_full(patched)
        eventually(lambda: ledger.get(database, job.id).state == "queued")
        waiting = ledger.get(database, job.id)
        free.set()
        patched.undo()
        done = ended(database, job)

    assert (waiting.attempts, waiting.problem) == (0, problem)
    assert (done.state, done.attempts) == ("succeeded", 1)


@pytest.mark.guarantee("REL-04")
def test_a_job_whose_end_cannot_be_written_down_is_put_back_uncounted_when_it_can(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = iter([sqlite3.OperationalError("database or disk is full")] * 3)
    postponed = ledger.postpone

    def full(*arguments: object, **_: object) -> Job:
        if fault := next(refusals, None):
            raise fault
        return postponed(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "close", full)
    monkeypatch.setattr(ledger, "postpone", full)
    worker = Worker(database, queue, {"read": do_nothing})
    job = ledger.open(database, "read", "thing")

    worker.run(job.id)

    after = ledger.get(database, job.id)
    assert (after.state, after.attempts) == ("queued", 0)
    assert after.problem == Problem(code="disk_full")


@pytest.mark.guarantee("REL-04")
def test_while_the_disk_is_nearly_full_the_sweep_keeps_room_for_those_who_ask(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full(monkeypatch)

    Worker(database, queue, {}).sweep()

    (free,) = database.rows("pragma freelist_count")
    assert free["freelist_count"] * 4096 > 7 << 20
