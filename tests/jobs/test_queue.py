"""The queue carries job ids; everything else about a job is in the ledger."""

import json
import pickle
import signal
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.jobs import queue as queue_module
from appliance.jobs.queue import Queue
from tests.bomb import Bomb


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    queue = Queue(tmp_path / "queue.db")
    yield queue
    queue.close()


class Line:
    """Collects what a consumer runs, and tells when something came."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.came = threading.Semaphore(0)

    def __call__(self, job_id: str = "sweep") -> None:
        self.ids.append(job_id)
        self.came.release()

    def wait(self, many: int = 1) -> list[str]:
        for _ in range(many):
            assert self.came.acquire(timeout=20)
        return self.ids


def raw(queue: Queue) -> list[bytes]:
    return [bytes(item) for item in queue._huey.storage.enqueued_items()]


def test_a_delivered_job_is_run_by_the_consumer(queue: Queue) -> None:
    run = Line()
    consumer = queue.consumer(run, Line())
    consumer.start()

    queue.deliver("job-1")
    queue.deliver("job-2")

    assert run.wait(2) == ["job-1", "job-2"]
    consumer.stop()
    assert consumer.join(5)


def test_what_is_delivered_first_goes_before_what_waits(queue: Queue) -> None:
    for job in ("a", "b"):
        queue.deliver(job)
    queue.deliver("urgent", first=True)
    run = Line()

    consumer = queue.consumer(run, Line())
    consumer.start()

    assert run.wait(3) == ["urgent", "a", "b"]
    consumer.stop()
    assert consumer.join(5)


def test_a_delivery_is_json_with_the_id_and_no_more(queue: Queue) -> None:
    queue.deliver("job-1")

    (item,) = raw(queue)
    task = json.loads(item)
    assert task.pop("task").replace("-", "").isalnum()
    assert task == {"job": "job-1"}


@pytest.mark.guarantee("SEC-40")
def test_what_another_hand_wrote_into_the_queue_is_dropped_not_executed(
    queue: Queue, tmp_path: Path
) -> None:
    bomb = pickle.dumps(Bomb(tmp_path / "executed"))
    for data in (bomb, b"{", b"[]", b'{"task": "1"}'):
        queue._huey.storage.enqueue(data)
    run = Line()
    consumer = queue.consumer(run, Line())
    consumer.start()
    queue.deliver("job-1")

    assert run.wait() == ["job-1"]
    assert not (tmp_path / "executed").exists()
    consumer.stop()
    assert consumer.join(5)


def test_a_job_that_raises_does_not_end_the_consumer(queue: Queue) -> None:
    done = Line()

    def run(job_id: str) -> None:
        done(job_id)
        if job_id == "bad":
            raise ZeroDivisionError

    consumer = queue.consumer(run, Line())
    consumer.start()
    queue.deliver("bad")
    queue.deliver("good")

    assert done.wait(2) == ["bad", "good"]
    consumer.stop()
    assert consumer.join(5)


def test_the_consumer_leaves_the_signals_of_the_process_alone(queue: Queue) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    consumer = queue.consumer(Line(), Line())

    consumer.start()

    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    consumer.stop()
    assert consumer.join(5)


def test_the_consumer_works_off_the_main_thread(queue: Queue) -> None:
    run = Line()
    consumer = queue.consumer(run, Line())
    thread = threading.Thread(target=consumer.start)
    thread.start()
    thread.join()

    queue.deliver("job-1")

    assert run.wait() == ["job-1"]
    consumer.stop()
    assert consumer.join(5)


def test_the_sweep_goes_on_after_it_failed(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "SWEEP_SECONDS", 0.01)
    swept = Line()

    def sweep() -> None:
        swept()
        raise sqlite3.OperationalError("database is locked")

    consumer = queue.consumer(Line(), sweep)
    consumer.start()

    assert len(swept.wait(3)) >= 3
    consumer.stop()
    assert consumer.join(5)


def test_a_delivery_that_fails_is_no_error_of_the_caller(queue: Queue, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "queue.db") as connection:
        connection.execute("drop table task")
    connection.close()

    queue.deliver("job-1")


def test_two_processes_ends_share_one_line(queue: Queue, tmp_path: Path) -> None:
    other = Queue(tmp_path / "queue.db")

    other.deliver("job-1")

    assert queue.length == 1
    other.close()


def test_only_the_owner_reads_the_queue_file(queue: Queue, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "queue.db").stat().st_mode) == 0o600


def test_results_of_jobs_are_not_kept(queue: Queue, tmp_path: Path) -> None:
    run = Line()
    consumer = queue.consumer(run, Line())
    consumer.start()
    queue.deliver("job-1")
    run.wait()
    consumer.stop()
    assert consumer.join(5)

    assert queue._huey.storage.result_store_size() == 0
    assert queue.length == 0
