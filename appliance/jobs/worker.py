"""The worker: the process that does the jobs, two at a time.

Promises: one worker per data folder; a job that is interrupted, by SIGTERM or by
the power, is done again; a job that fails never takes the worker with it. It
runs beside the web process at the lowest priority and ends with it.

Two, because a job is either waiting for the embedder or keeping it waiting: while one
document is embedded the next is read.
"""

import contextlib
import fcntl
import logging
import os
import select
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from appliance import disk
from appliance.database import Database
from appliance.errors import Conflict, NoSpace, NotFound, Unavailable, Unreadable
from appliance.jobs import damaged, intake, ledger, outcomes
from appliance.jobs.failpoint import step
from appliance.jobs.queue import JobConsumer, Queue
from appliance.jobs.watch import Cancelled, Stopping, SubjectGone, Watch
from appliance.records import Job, Problem, settle
from appliance.settings import Settings

Work = Callable[[Job, Watch], None]

PULSE_SECONDS = 0.5
STOP_SECONDS = 3.5  # the unit file and ``appliance serve`` give 5
LONGEST_WAIT_SECONDS = 60.0
ROOM_WAIT_SECONDS = 15.0  # for the disk, which somebody frees and then looks
DISK = {"disk_full", "disk_low", "disk_few_files", "no_space"}
WITHOUT_ROOM = {"mail", "discard", "erase"}  # kinds of jobs that a nearly full disk does not stop
AT_ONCE = 2
NICENESS = 19  # questions come first
TRY_AGAIN = {"reader_crashed"}

log = logging.getLogger(__name__)


class Worker:
    """Runs claimed jobs. ``work`` has one function for each kind of job; ``rounds`` looks
    for work that nobody ordered, after each job and at each sweep."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        work: Mapping[str, Work],
        *,
        rounds: Callable[[], None] = lambda: None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.database = database
        self.queue = queue
        self.work = work
        self.rounds = rounds
        self.at_once = at_once
        self.stopping = threading.Event()
        self._watches: set[Watch] = set()  # of the running jobs
        self._waits: dict[str, int] = {}  # how often each waiting job found its engine away

    def run(self, job_id: str) -> None:
        """Do a job, if it is due and nobody else's; never raises for what the job does."""
        if self.stopping.is_set() or self._waits_for_room(job_id):
            return
        job = ledger.claim(self.database, job_id)
        if job is None:
            return
        needs_room = job.kind not in WITHOUT_ROOM
        watch = Watch(self.database, job, self.stopping, needs_room=needs_room)
        self._watches.add(watch)
        step("job claimed")
        try:
            self._settle_on_disk(job, watch)
            step("job settled")
        except ledger.Lost:
            log.warning("job %s was taken over or removed; what it still did is void", job.id)
        finally:
            self._watches.remove(watch)
        self._look_round()

    @property
    def watches(self) -> list[Watch]:
        """The eyes on the jobs that run."""
        return list(self._watches)

    def _look_round(self) -> None:
        try:
            self.rounds()
        except Exception:
            log.exception("the round failed; the next one comes with the next sweep")

    def _waits_for_room(self, job_id: str) -> bool:
        """Whether the disk is nearly full and the job would fill it; it stays as it is, and
        the sweep brings it again until there is room."""
        if disk.short(self.database.path.parent) is None:
            return False
        try:
            return ledger.get(self.database, job_id).kind not in WITHOUT_ROOM
        except NotFound:
            return True

    def _settle_on_disk(self, job: Job, watch: Watch) -> None:
        """Settle the job; where not even that can be written down, wait until it can, and put
        the job back. Meanwhile it stays this worker's, so that no attempt is counted."""
        try:
            self._settle(job, watch)
        except sqlite3.OperationalError as fault:
            refusal = disk.refusal_of(fault)
            if refusal is None:
                raise
            log.warning("the end of job %s cannot be written down yet: %s", job.id, fault)
            while not self.stopping.wait(PULSE_SECONDS):
                with contextlib.suppress(sqlite3.OperationalError):
                    ledger.postpone(self.database, job, 0, refusal.problem)
                    return

    def _settle(self, job: Job, watch: Watch) -> None:
        """Run the job's work, and write down how it ended."""
        try:
            self._work(job, watch)
        except Stopping:
            ledger.postpone(self.database, job, 0)
        except Cancelled:
            outcomes.end_cancelled(self.database, job)
        except SubjectGone:
            ledger.close(self.database, job, "cancelled")
        except Unreadable as refusal:
            # A reader can be killed for what others do to the memory: it gets its attempts.
            end = outcomes.error if refusal.code in TRY_AGAIN else outcomes.fail
            end(self.database, job, refusal.problem)
        except (Unavailable, NoSpace) as refusal:
            self._wait(job, refusal.problem)
        except ledger.Lost:
            raise
        except Exception as fault:  # noqa: BLE001 - a job's fault must not end the worker
            self._fault(job, fault)
        else:
            ledger.close(self.database, job, "succeeded")
            self._waits.pop(job.id, None)

    def _work(self, job: Job, watch: Watch) -> None:
        if job.kind not in self.work:
            raise Unreadable("job_unknown_kind", kind=job.kind)
        self.work[job.kind](job, watch)

    def _wait(self, job: Job, problem: Problem) -> None:
        """What the job needs is away; try again later, for as long as it takes."""
        waits = self._waits.get(job.id, 0)
        self._waits[job.id] = waits + 1
        longest = ROOM_WAIT_SECONDS if problem.code in DISK else LONGEST_WAIT_SECONDS
        ledger.postpone(self.database, job, min(2.0**waits, longest), problem)

    def _fault(self, job: Job, fault: Exception) -> None:
        refusal = disk.refusal_of(fault)
        # A file that cannot be read may be the only one: it gets its attempts like any other.
        if refusal is not None and (isinstance(fault, sqlite3.Error) or disk.is_full(fault)):
            log.warning("job %s (%s) waits: %s", job.id, job.kind, fault)
            self._wait(job, refusal.problem)
            return
        log.error("job %s (%s %s) went wrong", job.id, job.kind, job.subject, exc_info=fault)
        outcomes.error(self.database, job, Problem(code="job_broke", facts={"job": job.id}))

    def sweep(self) -> None:
        """Deliver again what was due and never arrived; free jobs whose worker died; take in
        the database's log where somebody read for long and has ended."""
        self._set_aside()
        outcomes.recover(self.database, but=[watch.job.id for watch in self.watches])
        self._look_round()
        self._keep_reserve()
        with contextlib.suppress(sqlite3.OperationalError):
            self.database.take_in_log()
        if self.queue.length == 0:
            for job_id in ledger.due(self.database):
                self.queue.deliver(job_id)

    def _set_aside(self) -> None:
        for job_id in damaged.set_aside(self.database):
            log.error("the row of job %s cannot be read; it is set aside", job_id)

    def _keep_reserve(self) -> None:
        """While the disk is nearly full, those who ask and sign in write into the reserve."""
        if disk.short(self.database.path.parent) is not None:
            with contextlib.suppress(sqlite3.OperationalError):
                self.database.reserve()

    def start(self) -> JobConsumer:
        """Take over what an earlier worker left, and start the threads."""
        settle()
        self._set_aside()
        for job in outcomes.recover(self.database, all_running=True):
            log.warning("job %s was interrupted; it is now %s", job.id, job.state)
        consumer = self.queue.consumer(self.run, self.sweep, at_once=self.at_once)
        consumer.start()
        threading.Thread(target=self._pulse, name="pulse", daemon=True).start()
        return consumer

    def stop(self, consumer: JobConsumer, seconds: float = STOP_SECONDS) -> bool:
        """Stop within ``seconds``; the running jobs go back to the queue, uncounted.

        False when a job did not let go: the process must then end, or the job would
        go on without its lease.
        """
        self.stopping.set()
        consumer.stop()
        if consumer.join(seconds):
            return True
        for watch in self.watches:
            with contextlib.suppress(ledger.Lost):
                ledger.postpone(self.database, watch.job, 0)
        return False

    def _pulse(self) -> None:
        while not self.stopping.wait(PULSE_SECONDS):
            for watch in self.watches:
                try:
                    watch.look()
                except sqlite3.Error:
                    log.warning("the pulse of job %s was late", watch.job.id, exc_info=True)


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder's worker lock. Raises ``Conflict`` (``worker_already_running``).

    The kernel frees it when the process dies, however it dies.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "worker.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("worker_already_running", folder=str(data)) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def work(settings: Settings, assemble: Callable[[], Worker]) -> None:
    """The life of the worker process, from here to its end.

    ``assemble`` puts the worker together once the folder's lock is held. Raises
    ``Conflict`` (``worker_already_running``).
    """
    with only_one(settings.data):
        os.nice(NICENESS)
        worker = assemble()
        intake.sweep_files(worker.database, settings)
        if not serve(worker):
            # A job that does not let go holds its thread; its lease is given back.
            os._exit(0)


def serve(worker: Worker) -> bool:
    """Work until SIGTERM or SIGINT. False when a running job had to be abandoned."""
    with _signals() as signalled:
        consumer = worker.start()
        while not signalled(10.0):
            consumer.check_worker_health()
        return worker.stop(consumer)


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[float], bool]]:
    """A function that waits some seconds for SIGTERM or SIGINT and says whether one came.

    Through a pipe: setting an Event in a handler can deadlock with the thread it
    interrupts, and waiting in a loop would wake the processor for nothing.
    """
    out, into = os.pipe()
    os.set_blocking(into, False)
    before = {n: signal.signal(n, lambda *_: None) for n in (signal.SIGTERM, signal.SIGINT)}
    signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    try:
        yield lambda seconds: bool(select.select([out], [], [], seconds)[0])
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(out)
        os.close(into)
