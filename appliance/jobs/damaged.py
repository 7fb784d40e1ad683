"""Rows of jobs that cannot be read: set aside by name, so that none of them stops all others.

A disk that lost a page, or a hand in the database, leaves a row that no worker understands. One
that took it for a job would end at it, be started again, and end at it again; it is
``failed`` instead, with its reason, and can be tried again as any other.
"""

import msgspec

from appliance.database import Database
from appliance.records import Problem, timestamp

# Constant text: what a worker that waits for work, or starts, would stumble over.
_UNREADABLE = """
    state in ('queued', 'running') and (
        typeof(kind) != 'text' or typeof(subject) != 'text' or typeof(attempts) != 'integer'
        or typeof(done) != 'integer' or typeof(total) != 'integer'
        or typeof(cancel_asked) != 'integer'
        or julianday(not_before) is null
        or (lease_until is not null and julianday(lease_until) is null)
        or iif(problem is null, 0,
            iif(json_valid(problem), typeof(json_extract(problem, '$.code')) != 'text', 1)))
"""


def found(database: Database) -> list[str]:
    """The ids of the rows that wait or run and cannot be read."""
    rows = database.rows(f"select id from jobs where {_UNREADABLE} order by id")  # noqa: S608 -- constant condition
    return [row["id"] for row in rows]


def set_aside(database: Database) -> list[str]:
    """Make them ``failed`` (``job_damaged``); their ids. Writes nothing where there are none."""
    ids = found(database)
    for one in ids:
        problem = Problem(code="job_damaged", facts={"job": one})
        with database.write() as db:
            db.run(
                """
                update jobs set state = 'failed', problem = :problem, ended_at = :now,
                    not_before = :now, lease_until = null, attempts = 0, done = 0, total = 0,
                    cancel_asked = 0, kind = iif(typeof(kind) = 'text', kind, ''),
                    subject = iif(typeof(subject) = 'text', subject, '')
                where id = :id
                """,
                {
                    "id": one,
                    "now": timestamp(),
                    "problem": msgspec.json.encode(problem).decode(),
                },
            )
    return ids
