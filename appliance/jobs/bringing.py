"""The jobs that bring models in, one at a time: of the worker's two threads one is kept for
documents."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from appliance.database import Database
from appliance.errors import NotFound, Unavailable
from appliance.jobs import pull, upload
from appliance.jobs.watch import Watch
from appliance.models import catalogue, weights
from appliance.records import Job
from appliance.settings import Settings

LOOK_SECONDS = 0.2  # how soon a rest notices that the job has to end


class ModelJobs:
    """Does the jobs of the kinds "pull" and "import", whose subject is a model's name."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self._one = threading.Lock()

    def pull(self, job: Job, watch: Watch) -> None:
        """Raises what ``Watch.check`` raises, and ``Unreadable`` for whatever was refused."""

        def pause(seconds: float) -> None:
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                watch.check()
                time.sleep(min(left, LOOK_SECONDS))

        with self._alone(job), pull.ended_by_refusals():
            entry = catalogue.find(job.subject)
            pull.pull(entry, self.settings, self.database, told=watch.telling("bytes"), pause=pause)

    def bring(self, job: Job, watch: Watch) -> None:
        """Import what came whole through a browser, else what the import folder holds.
        Raises as ``pull`` does."""
        with self._alone(job), pull.ended_by_refusals():
            entry = catalogue.find(job.subject)
            if upload.adopt(entry, self.settings):
                return
            source = pull.brought(entry, self.settings)
            if source is None:
                raise NotFound("model_not_brought", name=entry.name, file=entry.file)
            folder = pull.folder_of(self.settings)
            weights.import_file(source, entry.name, folder, told=watch.telling("bytes"))

    @contextmanager
    def _alone(self, job: Job) -> Iterator[None]:
        if not self._one.acquire(blocking=False):
            raise Unavailable("pull_waits", name=job.subject)
        try:
            yield
        finally:
            self._one.release()
