"""The job that looks after a collection: merges its vector files when there are too many,
and counts its frequent words when it has grown or shrunk by much.

Nobody waits for it: a document is found as soon as its own small file counts. There is
at most one for a collection. Killed or cancelled it has lost the file it was writing
and nothing else, and one that was given up by somebody rests for an hour.
"""

import time
from collections.abc import Callable
from typing import Protocol

from appliance import collections
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.frequencies import Frequencies
from appliance.jobs import ledger
from appliance.jobs.failpoint import step
from appliance.jobs.queue import Queue
from appliance.jobs.watch import SubjectGone, Watch
from appliance.records import Job

KIND = "upkeep"
WORN_EVERY_SECONDS = 600.0  # counting a million chunks takes 0.1 s
REST_SECONDS = 3600.0  # after somebody cancelled it, or it failed for good


class Files(Protocol):
    """The vector files; ``answering.indexing.Indexer`` is one."""

    def mergeable(self) -> list[str]:
        """The collections whose files are many or lost; cheap."""
        ...

    def worn(self) -> list[str]:
        """The collections with a file that is mostly dead."""
        ...

    def merge(
        self,
        collection: str,
        *,
        on_progress: Callable[[int, int], None],
        on_step: Callable[[str], None],
    ) -> None:
        """Merge until they are few. ``on_progress`` may raise to end it."""
        ...


class Upkeep:
    """Opens the jobs of kind "upkeep" (``look``) and does them (``__call__``)."""

    def __init__(self, database: Database, queue: Queue, files: Files) -> None:
        self.database = database
        self.queue = queue
        self.files = files
        self.frequencies = Frequencies(database)
        self._worn_at = -WORN_EVERY_SECONDS

    def look(self) -> None:
        """Open a job for each collection that wants one and has none."""
        wanted = {*self.files.mergeable(), *self.frequencies.due()}
        if time.monotonic() - self._worn_at >= WORN_EVERY_SECONDS:
            self._worn_at = time.monotonic()
            wanted |= set(self.files.worn())
        for collection in sorted(wanted):
            self._open(collection)

    def _open(self, collection: str) -> None:
        job = ledger.open_once(self.database, KIND, collection, rest_seconds=REST_SECONDS)
        if job is not None:
            # Before the documents that wait: a thousand of them would leave a thousand files.
            self.queue.deliver(job.id, first=True)

    def __call__(self, job: Job, watch: Watch) -> None:
        """Do what the job's collection wants. Raises what ``Watch.check`` raises."""
        try:
            collections.get(self.database, job.subject)
        except NotFound:
            raise SubjectGone from None
        self.files.merge(job.subject, on_progress=watch.telling("vectors"), on_step=step)
        if job.subject in self.frequencies.due():
            self.frequencies.count(job.subject, on_progress=lambda _: watch.check())
            step("words counted")


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: its collection is still there.

    Raises ``Conflict`` (``job_already_queued``) when another job does the same.
    """
    if ledger.current(database, KIND, job.subject, but=job.id):
        raise Conflict("job_already_queued")
    try:
        collections.get(database, job.subject)
    except NotFound:
        return False
    return True
