"""The worker: it does what is due, survives what jobs do to it, and stops when asked."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.database import Database
from appliance.errors import Conflict, Unavailable, Unreadable
from appliance.jobs import ledger
from appliance.jobs.queue import Queue
from appliance.jobs.watch import SubjectGone, Watch
from appliance.jobs.worker import Worker, only_one
from appliance.records import Job, Problem
from tests.jobs.conftest import eventually

Work = Callable[[Job, Watch], None]


@contextlib.contextmanager
def at_work(
    database: Database, queue: Queue, *, at_once: int = 2, **work: Work
) -> Iterator[Worker]:
    """A worker that runs until the block ends."""
    worker = Worker(database, queue, work, at_once=at_once)
    consumer = worker.start()
    try:
        yield worker
    finally:
        assert worker.stop(consumer)


def give(database: Database, queue: Queue, kind: str, subject: str = "thing") -> Job:
    job = ledger.open(database, kind, subject)
    queue.deliver(job.id)
    return job


def ended(database: Database, job: Job) -> Job:
    """The job, once it ended."""
    eventually(lambda: ledger.get(database, job.id).ended_at is not None)
    return ledger.get(database, job.id)


def do_nothing(job: Job, watch: Watch) -> None:
    watch.progress(1, 1, "things")


def work_until_told(started: threading.Event) -> Work:
    def work(job: Job, watch: Watch) -> None:
        started.set()
        eventually(watch.interrupted)
        watch.check()

    return work


def refusing(fault: Exception) -> Work:
    def work(job: Job, watch: Watch) -> None:
        raise fault

    return work


def test_a_delivered_job_is_done(database: Database, queue: Queue) -> None:
    with at_work(database, queue, trivial=do_nothing):
        job = ended(database, give(database, queue, "trivial"))

    assert job.state == "succeeded"
    assert (job.done, job.total, job.unit) == (1, 1, "things")


def test_one_at_a_time_jobs_are_done_in_the_order_they_came(
    database: Database, queue: Queue
) -> None:
    done: list[str] = []
    jobs = [give(database, queue, "trivial", f"thing-{n}") for n in range(5)]

    note = lambda job, watch: done.append(job.subject)  # noqa: E731
    with at_work(database, queue, at_once=1, trivial=note):
        ended(database, jobs[-1])

    assert done == [f"thing-{n}" for n in range(5)]


def test_while_one_job_waits_the_next_is_done(database: Database, queue: Queue) -> None:
    started = threading.Event()
    with at_work(database, queue, long=work_until_told(started), quick=do_nothing) as worker:
        give(database, queue, "long")
        assert started.wait(20)
        assert ended(database, give(database, queue, "quick")).state == "succeeded"
        assert [watch.job.kind for watch in worker.watches] == ["long"]


def test_a_job_that_runs_is_not_taken_for_an_orphan_by_the_sweep(
    database: Database, queue: Queue
) -> None:
    started = [threading.Event(), threading.Event()]
    kinds = {"a": work_until_told(started[0]), "b": work_until_told(started[1])}
    with at_work(database, queue, **kinds) as worker:
        jobs = [give(database, queue, kind) for kind in kinds]
        assert all(event.wait(20) for event in started)
        with database.write() as db:
            db.run("update jobs set lease_until = created_at")
        worker.sweep()
        assert [ledger.get(database, job.id).state for job in jobs] == ["running"] * 2


def test_a_job_whose_delivery_was_lost_is_found_and_done(database: Database, queue: Queue) -> None:
    job = ledger.open(database, "trivial", "thing")

    with at_work(database, queue, trivial=do_nothing):
        assert ended(database, job).state == "succeeded"


def test_a_job_delivered_twice_is_done_once(database: Database, queue: Queue) -> None:
    done: list[str] = []
    job = give(database, queue, "trivial")
    queue.deliver(job.id)
    last = give(database, queue, "trivial")

    note = lambda job, watch: done.append(job.id)  # noqa: E731
    with at_work(database, queue, at_once=1, trivial=note):
        ended(database, last)

    assert done == [job.id, last.id]


def test_a_job_that_was_running_when_the_power_went_is_done_again(
    database: Database, queue: Queue
) -> None:
    job = ledger.open(database, "trivial", "thing")
    ledger.claim(database, job.id)

    with at_work(database, queue, trivial=do_nothing):
        after = ended(database, job)

    assert (after.state, after.attempts) == ("succeeded", 2)


def test_a_document_that_cannot_be_read_fails_at_once_with_its_reason(
    database: Database, queue: Queue
) -> None:
    work = refusing(Unreadable("encrypted", name="a.pdf"))

    with at_work(database, queue, read=work):
        job = ended(database, give(database, queue, "read"))

    assert (job.state, job.attempts) == ("failed", 1)
    assert job.problem == Problem(code="encrypted", facts={"name": "a.pdf"})


def test_a_job_that_breaks_rests_and_is_tried_three_times(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "RETRY_SECONDS", (0.05, 0.05))

    with at_work(database, queue, read=refusing(ZeroDivisionError())):
        job = ended(database, give(database, queue, "read"))

    assert (job.state, job.attempts) == ("failed", ledger.ATTEMPTS)
    assert job.problem == Problem(code="job_broke", facts={"job": job.id})


def test_a_job_that_breaks_does_not_hold_up_the_others(database: Database, queue: Queue) -> None:
    with at_work(database, queue, bad=refusing(ZeroDivisionError()), good=do_nothing):
        bad = give(database, queue, "bad")
        assert ended(database, give(database, queue, "good")).state == "succeeded"

    assert ledger.get(database, bad.id).state == "queued"


def test_a_job_whose_subject_vanished_is_cancelled_quietly(
    database: Database, queue: Queue
) -> None:
    with at_work(database, queue, read=refusing(SubjectGone())):
        job = ended(database, give(database, queue, "read"))

    assert (job.state, job.problem) == ("cancelled", None)


def test_a_job_of_an_unknown_kind_fails_and_says_so(database: Database, queue: Queue) -> None:
    with at_work(database, queue):
        job = ended(database, give(database, queue, "dance"))

    assert job.problem == Problem(code="job_unknown_kind", facts={"kind": "dance"})


def test_while_the_engine_is_away_a_job_waits_longer_and_longer_and_loses_no_attempt(
    database: Database, queue: Queue
) -> None:
    worker = Worker(database, queue, {"read": refusing(Unavailable("engine_down"))})
    job = ledger.open(database, "read", "thing")

    rests = []
    for _ in range(9):
        with database.write() as db:
            db.run("update jobs set not_before = created_at")
        worker.run(job.id)
        rests.append(seconds_until_due(database))

    assert [round(rest) for rest in rests] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    after = ledger.get(database, job.id)
    assert (after.state, after.attempts) == ("queued", 0)
    assert after.problem == Problem(code="engine_down")


def seconds_until_due(database: Database) -> float:
    row = database.row("select not_before from jobs")
    assert row is not None
    return (datetime.fromisoformat(row["not_before"]) - datetime.now(UTC)).total_seconds()


def test_a_running_job_ends_within_five_seconds_of_being_cancelled(
    database: Database, queue: Queue
) -> None:
    started = threading.Event()
    with at_work(database, queue, long=work_until_told(started)):
        job = give(database, queue, "long")
        assert started.wait(20)
        ledger.cancel(database, job.id)
        eventually(lambda: ledger.get(database, job.id).state == "cancelled", seconds=5)


def test_a_worker_that_stops_puts_its_job_back_uncounted(database: Database, queue: Queue) -> None:
    started = threading.Event()
    with at_work(database, queue, long=work_until_told(started)):
        job = give(database, queue, "long")
        assert started.wait(20)

    after = ledger.get(database, job.id)
    assert (after.state, after.attempts, after.problem) == ("queued", 0, None)
    with at_work(database, queue, long=do_nothing):
        assert ended(database, job).state == "succeeded"


def test_a_worker_whose_job_does_not_let_go_gives_the_job_back_and_says_so(
    database: Database, queue: Queue
) -> None:
    started, let_go = threading.Event(), threading.Event()

    def deaf(job: Job, watch: Watch) -> None:
        started.set()
        let_go.wait(30)

    worker = Worker(database, queue, {"deaf": deaf})
    consumer = worker.start()
    job = give(database, queue, "deaf")
    assert started.wait(20)

    assert not worker.stop(consumer, seconds=0.2)

    after = ledger.get(database, job.id)
    assert (after.state, after.attempts) == ("queued", 0)
    let_go.set()
    assert consumer.join(20)
    assert ledger.get(database, job.id) == after


def test_a_job_that_was_taken_over_ends_without_a_trace(database: Database, queue: Queue) -> None:
    started = threading.Event()
    # One thread: a second could have the job delivered by the sweep, and claim it again.
    with at_work(database, queue, at_once=1, long=work_until_told(started)) as worker:
        job = give(database, queue, "long")
        assert started.wait(20)
        worker.stopping.set()
        (taken,) = ledger.recover(database, all_running=True)

    assert ledger.get(database, job.id) == taken


def test_the_lease_of_a_job_that_takes_long_is_renewed(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.jobs import watch

    monkeypatch.setattr(watch, "RENEW_SECONDS", 0.0)
    job = ledger.open(database, "long", "thing")
    claimed = ledger.claim(database, job.id)
    assert claimed is not None
    with database.write() as db:
        db.run("update jobs set lease_until = created_at")

    Watch(database, claimed, threading.Event()).look()

    assert ledger.recover(database) == []


def test_a_second_worker_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Conflict) as refusal, only_one(tmp_path):
        pass

    assert refusal.value.code == "worker_already_running"
    assert str(tmp_path) in str(refusal.value)


def test_when_a_worker_ends_another_may_begin(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_work_that_nobody_ordered_is_looked_for_after_each_job_and_at_each_sweep(
    database: Database, queue: Queue
) -> None:
    looked: list[int] = []
    worker = Worker(database, queue, {"trivial": do_nothing}, rounds=lambda: looked.append(1))
    job = ledger.open(database, "trivial", "thing")

    worker.run(job.id)
    assert len(looked) == 1
    worker.sweep()
    assert len(looked) == 2


def test_a_round_that_breaks_ends_neither_the_job_nor_the_worker(
    database: Database, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    worker = Worker(database, queue, {"trivial": do_nothing}, rounds=broken)
    job = ledger.open(database, "trivial", "thing")

    worker.run(job.id)
    worker.sweep()

    assert ledger.get(database, job.id).state == "succeeded"
    assert "the round failed" in caplog.text
