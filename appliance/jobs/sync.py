"""The job that brings a source's documents to what the source holds now.

One algorithm for pages, sites and folders: list, compare by hash, plan, stop or go on, and
do it thing by thing. Promises: nothing is removed because something could not be looked at;
a run that would remove too much is held until a person says so; a dry run changes nothing;
a killed run goes on where it was; and of a source there is never more than one run.
"""

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from appliance import sources
from appliance.database import Database
from appliance.errors import Conflict, Refusal, Unavailable, Unreadable
from appliance.jobs import brake, discarding, folders, ledger
from appliance.jobs.applying import Application
from appliance.jobs.comparing import Comparison, Plan
from appliance.jobs.failpoint import step
from appliance.jobs.listing import Entry, Gap, Known, Missing, Ways, way_to
from appliance.jobs.queue import Queue
from appliance.jobs.watch import Interruption, SubjectGone, Watch
from appliance.records import Job, Problem, timestamp
from appliance.settings import Settings
from appliance.sources import Source, entries, runs
from appliance.sources.runs import Run

KIND = "sync"
CANCELLED = "reading_cancelled"  # the code of ``outcomes.CANCELLED``
PATIENCE = timedelta(hours=1)  # with a server that does not answer
LINES = 1000  # of a plan that are written in one go

Clock = Callable[[], datetime]


def now() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)


class Sync:
    """Opens the jobs of kind "sync" that are due (``look``) and does them (``__call__``)."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        queue: Queue,
        ways: Ways,
        *,
        clock: Clock = now,
    ) -> None:
        self.database = database
        self.settings = settings
        self.queue = queue
        self.ways = ways
        self.clock = clock

    def look(self) -> None:
        """Begin the runs that are due; discard what was replaced."""
        moment = self.clock()
        for source in sources.scheduled(self.database):
            if str(source.due_at) <= timestamp(moment):
                self._begin(source, moment)
            elif str(source.due_at) > str(sources.due(source.schedule, moment)):
                # It waits longer than its schedule ever would: the clock was wrong.
                with self.database.write() as db:
                    sources.put_off(db, source, moment)
        discarding.settle_replaced(self.database)

    def _begin(self, source: Source, moment: datetime) -> None:
        """A due run; one for all that were missed, and none beside one that is under way."""
        with self.database.write() as db:
            sources.put_off(db, source, moment)
            if runs.newest(self.database, source.id, "queued", "running"):
                return
            runs.open(db, source.id)
            job = ledger.open(self.database, KIND, source.id)
        self.queue.deliver(job.id, first=True)

    def __call__(self, job: Job, watch: Watch) -> None:
        """Do the run of the job's source that waits.

        Raises ``Unreadable`` for what no further attempt can mend, ``Unavailable`` while the
        source is out of reach, and what ``Watch.check`` raises.
        """
        source = sources.find(self.database, job.subject)
        if source is None:
            raise SubjectGone
        run = runs.newest(self.database, source.id, "queued", "running")
        if run is None:  # it ended, and the power went before its job was closed
            return
        with self.database.write() as db:
            run = runs.begin(db, run)
        step("run begun")
        try:
            self._run(source, run, watch)
        except (Interruption, ledger.Lost, Unreadable):
            raise
        except Unavailable as refusal:
            self._wait(run, refusal)
        except Exception as fault:
            if sources.find(self.database, source.id) is None:
                raise SubjectGone from fault
            if isinstance(fault, Refusal) and fault.status < 500:
                raise Unreadable(fault.code, **fault.facts) from fault
            raise

    def _run(self, source: Source, run: Run, watch: Watch) -> None:
        with self._scratch(source) as scratch:
            try:
                things = self._things(source, scratch, watch)
                with closing(things):
                    plan = self._compare(source, run, things, scratch, watch)
                    self._go_on(source, run, plan, watch)
            except Missing as refusal:
                self._miss_it_all(source, run, refusal, scratch, watch)

    def _miss_it_all(
        self, source: Source, run: Run, refusal: Missing, scratch: Path, watch: Watch
    ) -> None:
        """The source is not where it was; only a person can say that this is for good."""
        plan = self._compare(source, run, iter(()), scratch, watch)
        if not plan.known:
            raise Unreadable(refusal.code, **refusal.facts) from refusal
        if run.confirmed:
            self._go_on(source, run, plan, watch)
        else:
            state: runs.RunState = "done" if run.dry_run else "held"
            self._end(source, run, plan, state, refusal.problem)

    def _things(
        self, source: Source, scratch: Path, watch: Watch
    ) -> Generator[Entry | Gap, None, None]:
        def known(key: str) -> Known | None:
            row = entries.known(self.database, source.id, [key]).get(key)
            return Known(changed=row.changed, sha256=row.sha256) if row else None

        found = way_to(self.ways, source.kind).look(
            source, known=known, check=watch.check, scratch=scratch / "listing"
        )
        return cast("Generator[Entry | Gap, None, None]", found)

    def _compare(
        self,
        source: Source,
        run: Run,
        things: Iterator[Entry | Gap],
        scratch: Path,
        watch: Watch,
    ) -> Plan:
        told = watch.telling("files")
        comparison = Comparison(
            self.database,
            source,
            run,
            scratch,
            check=watch.check,
            told=lambda done: told(done, max(done, comparison.plan.known)),
        )
        return comparison.plan_of(things)

    def _go_on(self, source: Source, run: Run, plan: Plan, watch: Watch) -> None:
        """Stop, tell or do."""
        step("plan made")
        mark = folders.mark_of(source.address) if source.kind == "folder" else None
        other_disk = source.mark is not None and mark != source.mark
        problem = None if run.confirmed else brake.held(plan, other_disk=other_disk)
        if run.dry_run:
            self._end(source, run, plan, "done", problem)
        elif problem:
            self._end(source, run, plan, "held", problem)
        else:
            application = Application(self.database, self.settings, self.queue, source, run)
            application.apply(plan, watch.telling("files"))
            with self.database.write() as db:
                sources.set_mark(db, source.id, mark)
                self._close(run, "done")
            step("run ended")

    def _end(
        self, source: Source, run: Run, plan: Plan, state: runs.RunState, problem: Problem | None
    ) -> None:
        """The run does nothing; its log says what it would have done."""
        waiting = list(plan.lines())
        for start in range(0, len(waiting), LINES):
            with self.database.write() as db:
                runs.note(db, run.id, waiting[start : start + LINES])
        step("plan written")
        self._close(run, state, problem)
        step("run ended")

    def _close(self, run: Run, state: runs.RunState, problem: Problem | None = None) -> None:
        with self.database.write() as db:
            unchanged = entries.seen_otherwise(self.database, run.source, run.id)
            runs.end(db, run, state, unchanged=unchanged, problem=problem)
            runs.prune(db, run.source)

    def _wait(self, run: Run, refusal: Unavailable) -> None:
        """Try again later, but not for ever: the next run of the schedule will."""
        began = datetime.fromisoformat(str(run.started_at))
        if self.clock() - began > PATIENCE:
            raise Unreadable(refusal.code, **refusal.facts) from refusal
        with self.database.write() as db:
            runs.wait(db, run, refusal.problem)
        raise refusal

    @contextmanager
    def _scratch(self, source: Source) -> Iterator[Path]:
        """A folder for a run's passing files; what an interrupted one left goes first."""
        folder = self.settings.data / "scratch" / source.id
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "listing").mkdir(parents=True, mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def order(
    database: Database, queue: Queue, source: Source, *, dry_run: bool = False
) -> tuple[Run, Job]:
    """A run at a person's wish. Raises ``Conflict`` (``source_already_running``)."""
    with database.write() as db:
        run = runs.open(db, source.id, dry_run=dry_run)
        job = ledger.open(database, KIND, source.id)
    queue.deliver(job.id, first=True)  # not behind all that an earlier run brought to be read
    return run, job


def confirm(database: Database, queue: Queue, source: Source) -> tuple[Run, Job]:
    """Let the held run of a source remove what it showed.

    Raises ``Conflict`` (``source_not_held``, ``source_already_running``).
    """
    with database.write() as db:
        run = runs.confirm(db, held(database, source))
        job = ledger.open(database, KIND, source.id)
    queue.deliver(job.id, first=True)  # not behind all that an earlier run brought to be read
    return run, job


def reject(database: Database, source: Source) -> Run:
    """The held run of a source is to do nothing. Raises ``Conflict`` (``source_not_held``)."""
    with database.write() as db:
        return runs.reject(db, held(database, source))


def held(database: Database, source: Source) -> Run:
    """The run that waits for a person. Raises ``Conflict`` (``source_not_held``)."""
    run = runs.newest(database, source.id, "held")
    if run is None:
        raise Conflict("source_not_held")
    return run


def remove(database: Database, source: Source, *, with_documents: bool) -> int:
    """Remove a source; its documents stay in the library, or go to the trash. How many went.

    Interrupted it has only fewer documents. A run that is under way ends by itself.
    """
    if job := ledger.current(database, KIND, source.id):
        ledger.cancel(database, job.id)
    gone = 0
    while with_documents and (found := entries.documents(database, source.id, limit=200)):
        with database.write() as db:
            for document in found:
                gone += discarding.discard(
                    database, db, document, reason="source", origin=source.address
                )
    with database.write() as db:
        sources.remove(db, source.id)
    return gone


def give_up(database: Database, source_id: str, problem: Problem) -> None:
    """The job of a run ended without success: the run says why."""
    run = runs.newest(database, source_id, "queued", "running")
    if run is None:
        return
    with database.write() as db:
        if problem.code == CANCELLED:
            runs.end(db, run, "cancelled")
        else:
            runs.end(db, run, "failed", problem=problem)


def begin_again(database: Database, job: Job) -> bool:
    """A retried job has a run of its own; False when its source is gone.

    Raises ``Conflict`` (``source_already_running``).
    """
    if sources.find(database, job.subject) is None:
        return False
    with database.write() as db:
        runs.open(db, job.subject)
    return True
