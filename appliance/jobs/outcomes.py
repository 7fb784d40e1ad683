"""How a job ends or begins again, together with what it is about.

A job and its subject change in one transaction: a document never says "reading"
when its job has failed, nor "failed" when its job is queued again.
"""

from collections.abc import Collection

from appliance.database import Database
from appliance.errors import NotFound
from appliance.jobs import (
    backup,
    erasure,
    forwarding,
    golden,
    intake,
    ledger,
    measurement,
    post,
    pull,
    replacement,
    sync,
    upkeep,
)
from appliance.records import Job, Problem

CANCELLED = Problem(code="reading_cancelled")

# What each kind of job means for its subject when it ends without success, and when
# somebody wants it done again.
GIVEN_UP = {"ingest": intake.give_up, "sync": sync.give_up, "mail": post.give_up}
AGAIN = {
    "ingest": intake.begin_again,
    "upkeep": upkeep.begin_again,
    "reembed": replacement.begin_again,
    "discard": replacement.begin_again,
    "pull": pull.begin_again,
    "import": pull.begin_again,
    "check": measurement.begin_again,
    "sync": sync.begin_again,
    "mail": post.begin_again,
    "erase": erasure.begin_again,
    "golden": golden.begin_again,
    "backup": backup.begin_again,
    "verify": backup.begin_again,
    "form_mail": forwarding.begin_again,
    "form_hook": forwarding.begin_again,
}


def cancel(database: Database, job_id: str) -> Job:
    """Cancel a job at a person's wish: at once when queued, within seconds when running.

    Raises ``NotFound``.
    """
    with database.write():
        before = ledger.get(database, job_id)
        job = ledger.cancel(database, job_id)
        if job.state == "cancelled" and before.state == "queued":
            _give_up(database, job, CANCELLED)
    return job


def retry(database: Database, job_id: str) -> Job:
    """Queue a failed or cancelled job again; deliver it after the commit.

    Raises ``NotFound`` (also when its subject is gone), ``Conflict`` (``job_not_ended``,
    ``job_succeeded``, ``job_already_queued``).
    """
    with database.write():
        job = ledger.retry(database, job_id)
        if (begin := AGAIN.get(job.kind)) and not begin(database, job):
            raise NotFound()
    return job


def end_cancelled(database: Database, job: Job) -> None:
    """A running job followed somebody's wish to end. Raises ``ledger.Lost``."""
    with database.write():
        ledger.close(database, job, "cancelled")
        _give_up(database, job, CANCELLED)


def fail(database: Database, job: Job, problem: Problem) -> None:
    """A running job can never succeed. Raises ``ledger.Lost``."""
    with database.write():
        _give_up(database, ledger.close(database, job, "failed", problem), problem)


def error(database: Database, job: Job, problem: Problem) -> Job:
    """An attempt went wrong; the job is queued again or failed for good. Raises ``ledger.Lost``."""
    with database.write():
        after = ledger.error(database, job, problem)
        if after.state == "failed":
            _give_up(database, after, problem)
    return after


def recover(
    database: Database, *, all_running: bool = False, but: Collection[str] = ()
) -> list[Job]:
    """``ledger.recover``, and the subjects of the jobs that it gave up."""
    with database.write():
        jobs = ledger.recover(database, all_running=all_running, but=but)
        for job in jobs:
            if job.state in ("failed", "cancelled"):
                _give_up(database, job, job.problem or CANCELLED)
    return jobs


def _give_up(database: Database, job: Job, problem: Problem) -> None:
    if give_up := GIVEN_UP.get(job.kind):
        give_up(database, job.subject, problem)
