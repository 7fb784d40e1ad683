"""What a running job keeps an eye on: was it cancelled, must the worker stop, is it still ours.

A job calls ``check`` between its steps and ``progress`` when it got further; both
raise an ``Interruption`` when it has to end. Work that waits for long (a reader
child on a hard page) asks ``interrupted`` instead. The looking is done by the
worker's pulse thread, so that a check costs nothing.
"""

import threading
import time
from collections.abc import Callable

from appliance import disk
from appliance.database import Database
from appliance.errors import NoSpace
from appliance.jobs import ledger
from appliance.records import Job

RENEW_SECONDS = ledger.LEASE_SECONDS / 4
TOLD_EVERY_SECONDS = 1.0


class Interruption(Exception):
    """The base of the reasons for a job to end early, none of which is a failure."""


class Cancelled(Interruption):
    """Somebody asked for the job to end."""


class Stopping(Interruption):
    """The worker was asked to stop; the job goes on at its next start."""


class SubjectGone(Interruption):
    """What the job was about was removed."""


class Watch:
    """The eye on one claimed job."""

    def __init__(
        self, database: Database, job: Job, stopping: threading.Event, *, needs_room: bool = False
    ) -> None:
        self.job = job
        self._needs_room = needs_room
        self._database = database
        self._stopping = stopping
        self._reason: Exception | None = None
        self._renewed = time.monotonic()

    def look(self) -> None:
        """Read the job's row and keep the lease alive; called by the pulse. One that
        ``needs_room`` ends when the disk is nearly full, and goes on when it no longer is."""
        try:
            if self._needs_room:
                disk.check(self._database.path.parent)
            if ledger.cancel_asked(self._database, self.job):
                self._reason = Cancelled()
            elif time.monotonic() - self._renewed > RENEW_SECONDS:
                ledger.renew(self._database, self.job)
                self._renewed = time.monotonic()
        except (ledger.Lost, NoSpace) as reason:
            self._reason = reason

    def interrupted(self) -> bool:
        """Whether ``check`` would raise."""
        return self._reason is not None or self._stopping.is_set()

    def check(self) -> None:
        """Raises ``Cancelled``, ``Stopping``, ``NoSpace`` or ``ledger.Lost`` when the job has
        to end."""
        if self._reason is not None:
            raise self._reason
        if self._stopping.is_set():
            raise Stopping()

    def progress(self, done: int, total: int, unit: str) -> None:
        """Store how far the job is, then ``check``."""
        self.check()
        ledger.progress(self._database, self.job, done, total, unit)
        self._renewed = time.monotonic()

    def telling(self, unit: str) -> Callable[[int, int], None]:
        """For work that says after each piece how far it is: checks each time, and stores
        it once a second."""
        told_at = 0.0

        def told(done: int, total: int) -> None:
            nonlocal told_at
            self.check()
            if time.monotonic() - told_at >= TOLD_EVERY_SECONDS:
                told_at = time.monotonic()
                self.progress(done, total, unit)

        return told
