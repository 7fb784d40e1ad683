"""An office with a shared folder and a source that watches it, for the tests of syncs."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import library, sources
from appliance.database import Database
from appliance.jobs import folders, ledger, sync
from appliance.jobs.listing import Ways
from appliance.jobs.queue import Queue
from appliance.jobs.sync import Sync
from appliance.jobs.worker import Worker
from appliance.records import Document, Job
from appliance.settings import Settings
from appliance.sources import Source, SourceOptions, runs
from appliance.sources.runs import LogLine, Run

LONG_AGO = time.time() - 3600


@pytest.fixture
def office(
    database: Database, queue: Queue, settings: Settings, collection: str, tmp_path: Path
) -> "Office":
    """An office with an empty shared folder, beneath the one that was opened."""
    opened = msgspec.structs.replace(settings, source_folders=str(tmp_path / "mnt"))
    return Office(database, queue, opened, collection, tmp_path / "mnt" / "share")


class Office:
    """``share`` is the folder; ``run`` does a run of its source as the worker would."""

    def __init__(
        self, database: Database, queue: Queue, settings: Settings, collection: str, share: Path
    ) -> None:
        self.database = database
        self.queue = queue
        self.settings = settings
        self.collection = collection
        self.share = share
        share.mkdir(parents=True, exist_ok=True)
        self.clock = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
        self.sync = self.syncing({"folder": folders.way(settings)})
        self.source = self.add(share)

    def syncing(self, ways: Ways) -> Sync:
        return Sync(self.database, self.settings, self.queue, ways, clock=lambda: self.clock)

    def add(self, folder: Path, *, schedule: str = "manual", **options: Any) -> Source:
        with self.database.write() as db:
            return sources.add(
                db,
                collection=self.collection,
                kind="folder",
                address=str(folder),
                schedule=schedule,
                options=SourceOptions(**options),
            )

    def write(self, name: str, text: str, *, age: float = 0) -> Path:
        """A file that nobody writes to any more; ``age`` in seconds makes it older yet."""
        path = self.share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (LONG_AGO - age, LONG_AGO - age))
        return path

    def fill(self, count: int) -> None:
        """So many files, each with words of its own."""
        for number in range(count):
            self.write(f"ata-{number:02}.txt", f"Ata da reunião número {number}.")

    def run(self, *, dry_run: bool = False, source: Source | None = None) -> Run:
        """A run at a person's wish, to its end."""
        sync.order(self.database, self.queue, source or self.source, dry_run=dry_run)
        return self.work(source)

    def work(self, source: Source | None = None) -> Run:
        """Do the syncs that are due; the source's last run."""
        worker = Worker(self.database, self.queue, {sync.KIND: self.sync})
        for job in ledger.entries(self.database, state="queued"):
            if job.kind == sync.KIND:
                worker.run(job.id)
        return self.last(source)

    def last(self, source: Source | None = None) -> Run:
        run = runs.newest(self.database, (source or self.source).id)
        assert run is not None
        return run

    def read(self) -> None:
        """All that waits was read: it is ready, and what it replaces goes."""
        for document in self.documents():
            if document.state == "queued":
                library.set_state(self.database, document.id, "ready")
        self.sync.look()

    def log(self, run: Run) -> list[LogLine]:
        return runs.log(self.database, run.id, limit=1000)

    def documents(self) -> list[Document]:
        return library.of_collection(self.database, self.collection, limit=1000)

    def names(self) -> list[str]:
        return sorted(document.file_name for document in self.documents())

    def job(self) -> Job:
        """The last sync job."""
        return next(job for job in ledger.entries(self.database) if job.kind == sync.KIND)

    def census(self) -> Mapping[str, object]:
        """Everything that a run may change, but for when it looked."""
        rows = {
            table: self.database.rows(f"select * from {table} order by 1, 2")
            for table in ("documents", "trash", "sources")
        }
        columns = "source, key, name, document, former, owned, bytes, changed, sha256, problem"
        rows["entries"] = self.database.rows(f"select {columns} from source_entries order by key")
        rows["ingestions"] = self.database.rows("select * from jobs where kind != 'sync'")
        files = sorted(
            str(path) for path in self.settings.data.rglob("*") if "queue.db" not in path.name
        )
        return rows | {"files": [name for name in files if "appliance.db" not in name]}


def counts(run: Run) -> tuple[int, int, int, int, int, int]:
    """Added, changed, removed, renamed, unchanged, failed."""
    return run.added, run.changed, run.removed, run.renamed, run.unchanged, run.failed
