"""The promise of backups: made when they are due, and a letter when one is not as it should be.

``look`` is called by the worker's rounds. A backup that was due while the server stood still is
made up for, once for all that were missed; a clock that was wrong and is right again puts off
what it had brought near. Administrators have a letter when a backup failed, and when the last
verified one is older than the routine promises, once a week while that lasts.
"""

from datetime import datetime, timedelta
from typing import Any

from appliance import backups, facts, options, routine
from appliance.database import Writer
from appliance.jobs import backup, ledger, post
from appliance.jobs.rounds import Round
from appliance.records import Job, Problem, timestamp
from appliance.routine import Routine

AGAIN = timedelta(days=7)
NEWS = timedelta(days=1)  # what failed before is no news: mail was set since, or the data restored
DUE, SINCE = "backup_due", "backup_since"  # when the next is due; since when any are promised
FAILED_TOLD, OLD_TOLD = "backup_failed_told", "backup_old_told"  # of what letters were written


class Promise(Round):
    """Opens the backups that are due, and writes the letters."""

    EVERY_SECONDS = 5.0

    def look(self) -> None:
        """Begin what is due, and tell what is to be told."""
        if not self.due():
            return
        kept, now = options.read(self.database, Routine), self.clock()
        for job in [self._begin_what_is_due(kept, now), *self._tell(kept, now)]:
            if job is not None:
                self.queue.deliver(job.id)

    def _begin_what_is_due(self, kept: Routine, now: datetime) -> Job | None:
        upcoming, noted = routine.next_due(kept, now), facts.get(self.database, DUE)
        if upcoming is None or (noted and timestamp(now) < noted <= timestamp(upcoming)):
            return None
        with self.database.write() as writer:
            facts.put(writer, DUE, timestamp(upcoming))
            if facts.get(self.database, SINCE) is None:
                facts.put(writer, SINCE, timestamp(now))
            missed = noted is not None and noted <= timestamp(now)
            if not missed or backup.under_way(self.database):
                return None
            return backup.order(self.database)

    def _tell(self, kept: Routine, now: datetime) -> list[Job]:
        failed = self._failed(now)
        if failed is not None:
            reason = failed.problem or Problem(code="job_broke", facts={"job": failed.id})
            return self._write("backup_failed", FAILED_TOLD, _mark(failed), reason=reason)
        days = self._days_too_old(kept, now)
        if days is None:
            return []
        return self._write("backup_old", OLD_TOLD, timestamp(now), days=days)

    def _failed(self, now: datetime) -> Job | None:
        """The last backup or proof that failed, where no letter told of it."""
        row = self.database.row(
            """
            select id from jobs where kind in (:backup, :verify) and state = 'failed'
                and ended_at > :since order by ended_at desc limit 1
            """,
            {"backup": backup.KIND, "verify": backup.VERIFY, "since": timestamp(now - NEWS)},
        )
        if row is None:
            return None
        job = ledger.get(self.database, row["id"])
        return None if facts.get(self.database, FAILED_TOLD) == _mark(job) else job

    def _days_too_old(self, kept: Routine, now: datetime) -> int | None:
        """The age of the last verified backup, where it is over what was promised and no letter
        told of that lately."""
        promised, since = routine.promised_days(kept), facts.get(self.database, SINCE)
        if promised is None or since is None:
            return None
        proven = backups.last_verified(self.settings.data)
        newest = max(since, proven.made_at) if proven else since
        days = (now - datetime.fromisoformat(newest)).days
        told = facts.get(self.database, OLD_TOLD)
        if days < promised or (told and now - datetime.fromisoformat(told) < AGAIN):
            return None
        return days

    def _write(self, kind: str, told: str, mark: str, **known: Any) -> list[Job]:
        """A letter to each administrator, and that it was written; where no mail is set, only
        that: what is old by then is told to nobody."""
        with self.database.write() as writer:
            facts.put(writer, told, mark)
            return post.to_administrators(
                self.database,
                self.vault,
                self.settings,
                kind,
                known,
                page="backups",
                until=self.clock() + AGAIN,
            )


def begin_anew(writer: Writer) -> None:
    """Forget what was due and since when: on which days backups are made was changed."""
    facts.remove(writer, DUE)
    facts.remove(writer, SINCE)


def _mark(job: Job) -> str:
    return f"{job.id} {job.ended_at}"
