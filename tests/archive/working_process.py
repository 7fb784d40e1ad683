"""A worker process that makes backups, to be killed: forked from one that has loaded it all."""

import os
import threading
from pathlib import Path

from appliance.archive.working import Backups
from appliance.database import Database
from appliance.jobs import backup, failpoint, worker
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from appliance.vault import Vault
from tests.jobs.worker_process import end_when_idle


def run(data: Path, crash_at: int, said: Path) -> None:
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 2)
    os.environ[failpoint.VARIABLE] = str(crash_at)
    worker.NICENESS = 0  # its parent waits for it
    settings = Settings(data_dir=str(data))

    def assemble() -> worker.Worker:
        database, queue = Database(data / "appliance.db"), Queue(data / "queue.db")
        working = Backups(settings, database, Vault(data))
        work = {backup.KIND: working.make, backup.VERIFY: working.prove}
        threading.Thread(target=end_when_idle, args=(database,), daemon=True).start()
        return worker.Worker(database, queue, work)

    worker.work(settings, assemble)
