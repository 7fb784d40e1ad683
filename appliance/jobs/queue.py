"""Huey, which carries job ids from the web process to the worker and nothing else.

Its file is ``queue.db``, never the main database: its writes lock the whole
file, and an idle worker polls it. It forgets a task before running it, so a
delivery is only a nudge: what is due is decided by the ledger, and the worker
sweeps the ledger for jobs whose delivery was lost.
"""

import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer, Scheduler
from huey.registry import Message
from huey.serializer import Serializer

POLL_SECONDS = 0.5
SWEEP_SECONDS = 3.0
TASK = f"{__name__}.job"  # the only task there is

log = logging.getLogger(__name__)


class JobIds(Serializer):  # type: ignore[misc]  # huey has no types
    """A task as ``{"task": …, "job": …}``. Huey's own form is a pickle, which whoever can
    write to the file could turn into code."""

    def _serialize(self, data: Message) -> bytes:
        (job_id,) = data.args
        return json.dumps({"task": data.id, "job": job_id}).encode()

    def _deserialize(self, data: bytes) -> Message:
        read = json.loads(bytes(data))
        nothing = dict.fromkeys(Message._fields)
        told = {"id": str(read["task"]), "name": TASK, "args": (str(read["job"]),)}
        return Message(**(nothing | told))


class Queue:
    """The line of job ids. The web process delivers, the worker consumes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._huey = SqliteHuey(
            "jobs", filename=str(file), results=False, serializer=JobIds(), fsync=False
        )
        file.chmod(0o600)
        self._run: Callable[[str], None] | None = None
        self._task = self._huey.task(name="job")(self._take)

    def deliver(self, job_id: str, *, first: bool = False) -> None:
        """Nudge the worker. Call it after the job's row is committed. ``first`` puts the
        job before those that wait.

        A delivery that fails is only late: the worker's sweep finds the job.
        """
        try:
            self._task(job_id, priority=1 if first else None)
        except (sqlite3.Error, OSError):
            log.warning("job %s was not delivered; the worker will find it", job_id, exc_info=True)

    @property
    def length(self) -> int:
        """How many deliveries wait."""
        return int(self._huey.storage.queue_size())

    def consumer(
        self, run: Callable[[str], None], sweep: Callable[[], None], *, at_once: int = 1
    ) -> "JobConsumer":
        """Threads that call ``run`` with each delivered id, so many at once, and ``sweep``
        every ``SWEEP_SECONDS``. Start it with ``start``, end it with ``stop``."""
        self._run = run
        return JobConsumer(self._huey, sweep, at_once)

    def close(self) -> None:
        """Close the file."""
        self._huey.storage.close()

    def _take(self, job_id: str) -> None:
        if self._run is not None:
            self._run(job_id)


class _Sweeper(Scheduler):  # type: ignore[misc]
    """Takes the place of Huey's scheduler: the ledger knows when a job is due, Huey does not."""

    def __init__(self, sweep: Callable[[], None], **rest: Any) -> None:
        super().__init__(**rest)
        self._sweep = sweep

    def loop(self, now: object = None) -> None:
        try:
            self._sweep()
        except Exception:
            log.exception("the sweep failed; it is tried again")
        self.stop_flag.wait(SWEEP_SECONDS)


class JobConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer without its hands on the process's signals."""

    def __init__(self, huey: SqliteHuey, sweep: Callable[[], None], at_once: int) -> None:
        self._sweep = sweep
        super().__init__(
            huey, workers=at_once, periodic=False, initial_delay=0.1, max_delay=POLL_SECONDS
        )

    def _create_scheduler(self) -> _Sweeper:
        return _Sweeper(
            self._sweep,
            huey=self.huey,
            stop_flag=self.stop_flag,
            interval=self.scheduler_interval,
            periodic=False,
        )

    def _set_signal_handlers(self) -> None:
        """Huey would take SIGTERM from whoever runs it; the worker has its own handler."""

    def join(self, seconds: float) -> bool:
        """Wait for the threads after ``stop``; whether they all ended in time."""
        self.shutdown_timeout = seconds
        return bool(self._join_workers())
