"""A process that does one run of a source, has its documents read, and may be killed at it."""

import os
from pathlib import Path

from appliance import library
from appliance.database import Database
from appliance.jobs import failpoint, folders, ledger, sync
from appliance.jobs.queue import Queue
from appliance.jobs.sync import Sync
from appliance.jobs.worker import Worker
from appliance.settings import Settings


def forked(data: Path, opened: Path, crash_at: int, said: Path) -> None:
    """The life of a process that was forked from one that has loaded everything."""
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.environ[failpoint.VARIABLE] = str(crash_at)
    settings = Settings(data_dir=str(data), source_folders=str(opened))
    database = Database(settings.data / "appliance.db")
    queue = Queue(settings.data / "queue.db")
    syncing = Sync(database, settings, queue, {"folder": folders.way(settings)})
    worker = Worker(database, queue, {sync.KIND: syncing})
    ledger.recover(database, all_running=True)
    for job in ledger.entries(database, state="queued"):
        if job.kind == sync.KIND:
            worker.run(job.id)
    for row in database.rows("select id from documents where state = 'queued'"):
        library.set_state(database, row["id"], "ready")
    syncing.look()
