"""The jobs that replace one embedder by another while the appliance goes on answering.

"reembed" makes the vectors of the coming embedder beside those in force, and brings it
in force when no chunk lacks one. "discard" then removes the old vectors and files, in
small transactions. Both go on where they were cut short, and both end by themselves
when the settings name the old embedder again (see ``embedders.settle``).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from appliance.database import Database
from appliance.embedders import Embedders
from appliance.errors import Conflict
from appliance.jobs import ledger
from appliance.jobs.failpoint import step
from appliance.jobs.queue import Queue
from appliance.jobs.watch import SubjectGone, Watch
from appliance.records import Job

REEMBED, DISCARD = "reembed", "discard"
REST_SECONDS = 3600.0  # after somebody cancelled one, or it failed for good
AT_ONCE = 1000  # vectors or rows that one transaction removes


class Index(Protocol):
    """Makes vectors and keeps their files; ``answering.indexing.Indexer`` is one."""

    def embed_coming(self, *, on_progress: Callable[[int], None]) -> None:
        """Embed and file what lacks a vector of the coming embedder. Raises ``Unavailable``."""
        ...

    def remove_files(self, names: Sequence[str]) -> None:
        """Delete vector files that no row speaks of any more."""
        ...


class Replacement:
    """Opens the jobs (``look``) and does them (``reembed``, ``discard``)."""

    def __init__(self, database: Database, queue: Queue, index: Index) -> None:
        self.database = database
        self.queue = queue
        self.index = index
        self.embedders = Embedders(database)

    def look(self) -> None:
        """Open the job of the embedder that comes, and one for each that leaves."""
        if coming := self.embedders.coming():
            self._open(REEMBED, coming.stamp)
        for leaving in self.embedders.leaving():
            self._open(DISCARD, leaving.stamp)

    def _open(self, kind: str, stamp: str) -> None:
        job = ledger.open_once(self.database, kind, stamp, rest_seconds=REST_SECONDS)
        if job is not None:
            self.queue.deliver(job.id)

    def reembed(self, job: Job, watch: Watch) -> None:
        """Make the job's embedder the one in force.

        Raises ``Unavailable`` while it is not there, and what ``Watch.check`` raises.
        """
        while not self.embedders.enforce(job.subject):
            coming = self.embedders.coming()
            if coming is None or coming.stamp != job.subject:
                raise SubjectGone
            self.index.embed_coming(on_progress=self._telling(job.subject, watch))
            step("all embedded")
        step("embedder in force")

    def _telling(self, stamp: str, watch: Watch) -> Callable[[int], None]:
        before, total = self.embedders.progress(stamp)
        watch.progress(before, total, "chunks")

        def further(done: int) -> None:
            step("batch embedded anew")
            watch.progress(min(before + done, total), total, "chunks")

        return further

    def discard(self, job: Job, watch: Watch) -> None:
        """Remove what an embedder left behind. Raises what ``Watch.check`` raises."""
        stamp = job.subject
        if stamp not in {known.stamp for known in self.embedders.leaving()}:
            raise SubjectGone
        names = self.embedders.files(stamp)
        told = watch.telling("files")
        for place, name in enumerate([None, *names]):
            self._discard(stamp, name, watch)
            told(place, len(names))
        for start in range(0, len(names), AT_ONCE):
            part = names[start : start + AT_ONCE]
            self.embedders.forget_files(part)
            step("old rows removed")
            self.index.remove_files(part)
            step("old files removed")
            watch.check()
        self.embedders.forget(stamp)
        step("embedder forgotten")

    def _discard(self, stamp: str, name: str | None, watch: Watch) -> None:
        while True:
            watch.check()
            gone = self.embedders.discard(stamp, name, AT_ONCE)
            step("old vectors removed")
            if gone < AT_ONCE:
                return


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: its embedder still comes or leaves.

    Raises ``Conflict`` (``job_already_queued``) when another job does the same.
    """
    if ledger.current(database, job.kind, job.subject, but=job.id):
        raise Conflict("job_already_queued")
    embedders = Embedders(database)
    coming = embedders.coming()
    if job.kind == REEMBED:
        return coming is not None and coming.stamp == job.subject
    return job.subject in {known.stamp for known in embedders.leaving()}
