"""The jobs table: the truth about every piece of work done later.

Huey carries job numbers and nothing else. It forgets a task the moment a
worker takes it, so whether a job ran is decided here, by ``claim`` and
``close``. Three promises: a job runs at most once at a time, a job that was
running when the power went is run again, and a failure keeps its reason.

``attempts`` is also the fence: whoever holds a claimed job shows the number it
was claimed with, and a holder whose lease was taken over changes nothing more.
Every function joins an outer ``database.write()`` where there is one.
"""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from appliance.database import Database, Row
from appliance.errors import Conflict, NotFound
from appliance.reach import Reach
from appliance.records import Job, JobState, Problem, new_id, timestamp

LEASE_SECONDS = 60.0
ATTEMPTS = 3
# About the whole appliance; the subject is a stamp, a model's name, a letter, a form, a backup,
# or fixed.
HOUSE_KINDS = ("reembed", "discard", "pull", "import", "check", "mail", "egress", "erase",
               "backup", "verify", "form_mail", "form_hook")  # fmt: skip
RETRY_SECONDS = (5.0, 30.0)  # the rest after the first and the second failure


# Whether somebody may know of a job: it is about a document, a collection or what an
# assistant reads that exists for them, or about the whole appliance, which they look after.
_WITHIN = f"""
    (:closed is null or (:house and kind in {HOUSE_KINDS}) or subject in (
        select id from (
            select id, collection from documents union all select id, id from collections
            union all select id, collection from sources
            union all select assistant, collection from assistant_collections)
        where collection not in (select value from json_each(:closed))
          and (:within is null or collection in (select value from json_each(:within)))))
"""  # noqa: S608 -- constant kinds


class Lost(Exception):
    """The job is no longer this holder's: its lease was taken over, or its row is gone."""


def open(database: Database, kind: str, subject: str) -> Job:
    """A new queued job. Call it in the transaction that makes the subject."""
    now = timestamp()
    with database.write() as db:
        row = db.row(
            """
            insert into jobs (id, kind, subject, state, not_before, created_at)
            values (:id, :kind, :subject, 'queued', :now, :now)
            returning *
            """,
            {"id": new_id(), "kind": kind, "subject": subject, "now": now},
        )
    assert row is not None  # noqa: S101 - an insert returns its row
    return _job(row)


def get(database: Database, job_id: str, *, reach: Reach | None = None) -> Job:
    """The job; with ``reach``, if it is about something within it. Raises ``NotFound``."""
    row = database.row(
        f"select * from jobs where id = :id and {_WITHIN}",  # noqa: S608 -- constant condition
        {"id": job_id} | _reached(reach),
    )
    if row is None:
        raise NotFound()
    return _job(row)


def entries(
    database: Database,
    *,
    state: JobState | None = None,
    subject: str | None = None,
    reach: Reach | None = None,
    before: str = "",
    limit: int = 50,
) -> list[Job]:
    """Jobs, newest first, those made before the job with the id ``before``.

    ``reach`` keeps the jobs about documents and collections within it.
    """
    rows = database.rows(
        f"""
        select * from jobs
        where (:state is null or state = :state)
          and (:subject is null or subject = :subject)
          and (:before = '' or id < :before)
          and {_WITHIN}
        order by id desc limit :limit
        """,  # noqa: S608 -- constant condition
        {
            "state": state,
            "subject": subject,
            "before": before,
            "limit": limit,
        }
        | _reached(reach),
    )
    return [_job(row) for row in rows]


def watched(database: Database, *, since: str, reach: Reach, limit: int) -> list[Job]:
    """What runs, what ended at ``since`` or later and what waits, in this order."""
    rows = database.rows(
        f"""
        select * from jobs
        where (state in ('queued', 'running') or ended_at >= :since) and {_WITHIN}
        order by state = 'running' desc, state = 'queued', not_before, id limit :limit
        """,  # noqa: S608 -- constant condition
        {"since": since, "limit": limit} | _reached(reach),
    )
    return [_job(row) for row in rows]


def pulse(database: Database, *, since: str) -> Row:
    """A few numbers that change whenever something does that ``watched`` would tell."""
    (row,) = database.rows(
        """
        select count(*) as live, count(ended_at) as ended, total(done) as done, max(id) as newest,
            total(total) as total, total(attempts) as tries, total(state = 'running') as running
        from jobs where state in ('queued', 'running') or ended_at >= :since
        """,
        {"since": since},
    )
    return row


def _reached(reach: Reach | None) -> Row:
    if reach is None:
        return {"closed": None, "within": None, "house": True}
    return dict(reach.values) | {"house": reach.house}


def current(database: Database, kind: str, subject: str, *, but: str | None = None) -> Job | None:
    """The job of this kind that waits or runs for a subject, other than the job ``but``.

    One that is being cancelled does not count.
    """
    row = database.row(
        """
        select * from jobs
        where kind = :kind and subject = :subject
          and state in ('queued', 'running') and cancel_asked = 0 and id is not :but
        order by id desc
        """,
        {"kind": kind, "subject": subject, "but": but},
    )
    return _job(row) if row else None


def open_once(database: Database, kind: str, subject: str, *, rest_seconds: float) -> Job | None:
    """A new queued job that nobody ordered; None when one of its kind waits or runs for the
    subject already, or was cancelled or failed for good within so many seconds."""
    with database.write():
        if current(database, kind, subject) is not None:
            return None
        if _gave_up(database, kind, subject, rest_seconds):
            return None
        return open(database, kind, subject)


def _gave_up(database: Database, kind: str, subject: str, seconds: float) -> bool:
    row = database.row(
        """
        select 1 from jobs
        where kind = :kind and subject = :subject and state in ('failed', 'cancelled')
          and ended_at > :since
        """,
        {"kind": kind, "subject": subject, "since": _after(-seconds)},
    )
    return row is not None


def due(database: Database, limit: int = 50) -> list[str]:
    """The ids of jobs that could be claimed now, oldest first."""
    rows = database.rows(
        """
        select id from jobs where state = 'queued' and not_before <= :now
        order by not_before, id limit :limit
        """,
        {"now": timestamp(), "limit": limit},
    )
    return [row["id"] for row in rows]


def claim(database: Database, job_id: str) -> Job | None:
    """Take a due queued job for this worker, or None if it is gone, taken or not yet due."""
    with database.write() as db:
        row = db.row(
            """
            update jobs set state = 'running', attempts = attempts + 1, done = 0, total = 0,
                lease_until = :lease, started_at = coalesce(started_at, :now)
            where id = :id and state = 'queued' and not_before <= :now
            returning *
            """,
            {"id": job_id, "now": timestamp(), "lease": _after(LEASE_SECONDS)},
        )
    return _job(row) if row else None


def cancel_asked(database: Database, job: Job) -> bool:
    """Whether somebody asked the running job to end. Raises ``Lost``."""
    row = database.row(
        "select cancel_asked from jobs where id = :id and state = 'running' and attempts = :held",
        {"id": job.id, "held": job.attempts},
    )
    if row is None:
        raise Lost(job.id)
    return bool(row["cancel_asked"])


def renew(database: Database, job: Job) -> None:
    """Keep the job for another ``LEASE_SECONDS``. Raises ``Lost``."""
    _change(database, job, "lease_until = :lease", lease=_after(LEASE_SECONDS))


def progress(database: Database, job: Job, done: int, total: int, unit: str) -> None:
    """Say how far the job is, in ``unit`` ("pages", "chunks"), and renew the lease.

    Raises ``Lost``.
    """
    _change(
        database,
        job,
        "done = :done, total = :total, unit = :unit, problem = null, lease_until = :lease",
        done=done,
        total=total,
        unit=unit,
        lease=_after(LEASE_SECONDS),
    )


def close(
    database: Database,
    job: Job,
    state: Literal["succeeded", "failed", "cancelled"],
    problem: Problem | None = None,
) -> Job:
    """End a job that this holder runs. Raises ``Lost``."""
    return _change(
        database,
        job,
        "state = :state, problem = :problem, ended_at = :now, lease_until = null",
        state=state,
        problem=_stored(problem),
        now=timestamp(),
    )


def error(database: Database, job: Job, problem: Problem) -> Job:
    """An attempt failed: queued again after a rest, or failed when it was the last one.

    Raises ``Lost``.
    """
    if job.attempts >= ATTEMPTS:
        return close(database, job, "failed", problem)
    return _requeue(database, job, _rest(job.attempts), problem, counted=True)


def postpone(database: Database, job: Job, seconds: float, problem: Problem | None = None) -> Job:
    """Back to the queue without counting the attempt: what the job needs is away, or the
    worker is asked to stop. Raises ``Lost``."""
    return _requeue(database, job, seconds, problem, counted=False)


def cancel(database: Database, job_id: str) -> Job:
    """A queued job is cancelled at once; a running one is asked to end.

    An ended job stays as it is. Raises ``NotFound``.
    """
    with database.write() as db:
        db.run(
            """
            update jobs set
                state = iif(state = 'queued', 'cancelled', state),
                ended_at = iif(state = 'queued', :now, ended_at),
                cancel_asked = 1
            where id = :id and state in ('queued', 'running')
            """,
            {"id": job_id, "now": timestamp()},
        )
        return get(database, job_id)


def retry(database: Database, job_id: str) -> Job:
    """Queue a failed or cancelled job again, with all its attempts.

    Raises ``NotFound``, ``Conflict`` (``job_not_ended``, ``job_succeeded``).
    """
    with database.write() as db:
        row = db.row(
            """
            update jobs set state = 'queued', attempts = 0, done = 0, total = 0, cancel_asked = 0,
                problem = null, started_at = null, ended_at = null, not_before = :now
            where id = :id and state in ('failed', 'cancelled')
            returning *
            """,
            {"id": job_id, "now": timestamp()},
        )
        if row:
            return _job(row)
        succeeded = get(database, job_id).state == "succeeded"
        raise Conflict("job_succeeded" if succeeded else "job_not_ended")


def recover(
    database: Database, *, all_running: bool = False, but: Collection[str] = ()
) -> list[Job]:
    """Queue the jobs whose worker died; fail those that used up their attempts.

    ``all_running`` is for a worker that starts: it holds the only lock, so what still
    says running is an orphan, whatever its lease. ``but`` names the jobs that this
    process runs. Gives the jobs that were changed, as they are now.
    """
    with database.write() as db:
        rows = db.rows(
            """
            select * from jobs where state = 'running'
              and id not in (select value from json_each(:but))
              and (:all_running or lease_until is null or lease_until < :now)
            """,
            {"all_running": all_running, "but": json.dumps(list(but)), "now": timestamp()},
        )
        return [_recover(database, _job(row), bool(row["cancel_asked"])) for row in rows]


def _recover(database: Database, job: Job, cancel_was_asked: bool) -> Job:
    if cancel_was_asked:
        return close(database, job, "cancelled")
    died = Problem(code="job_worker_died", facts={"attempts": job.attempts})
    if job.attempts >= ATTEMPTS:
        return close(database, job, "failed", died)
    return _requeue(database, job, 0, died, counted=True)


def _requeue(
    database: Database, job: Job, seconds: float, problem: Problem | None, *, counted: bool
) -> Job:
    return _change(
        database,
        job,
        """state = 'queued', lease_until = null, not_before = :later, problem = :problem,
           attempts = attempts - :uncounted""",
        later=_after(seconds),
        problem=_stored(problem),
        uncounted=0 if counted else 1,
    )


def _change(database: Database, job: Job, setting: str, **values: object) -> Job:
    """Change a running job, if it is still the caller's."""
    with database.write() as db:
        row = db.row(
            # ``setting`` is one of the constants above, never anybody's text.
            f"""
            update jobs set {setting}
            where id = :id and state = 'running' and attempts = :held
            returning *
            """,  # noqa: S608
            {"id": job.id, "held": job.attempts} | values,
        )
    if row is None:
        raise Lost(job.id)
    return _job(row)


def _rest(attempts: int) -> float:
    return RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]


def _after(seconds: float) -> str:
    return timestamp(datetime.now(UTC) + timedelta(seconds=seconds))


def _stored(problem: Problem | None) -> str | None:
    return msgspec.json.encode(problem, enc_hook=str).decode() if problem else None


def _job(row: Row) -> Job:
    try:
        problem = msgspec.json.decode(row["problem"] or "null", type=Problem | None)
    except (msgspec.DecodeError, TypeError):  # one damaged row must not close the page of all
        problem = Problem(code="job_damaged", facts={"job": row["id"]})
    fields = {name: row[name] for name in Job.__struct_fields__ if name != "problem"}
    return Job(**fields, problem=problem)
