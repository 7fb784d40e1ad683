"""A worker process as ``appliance serve`` keeps one, over the fake embedder.

``python -m tests.jobs.worker_process DATA [--until-idle] [--deaf] [--accept FILE]
[--wanted STAMP]``; with ``--wanted`` that embedder is to be in force.
"""

import argparse
import hashlib
import os
import shutil
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from appliance import collections
from appliance.answering.in_force import InForce
from appliance.answering.indexing import Indexer
from appliance.database import Database
from appliance.embedders import Known
from appliance.errors import Refusal
from appliance.jobs import failpoint, intake, replacement, upkeep, worker
from appliance.jobs.ingest import Ingestion
from appliance.jobs.queue import Queue
from appliance.jobs.replacement import Replacement
from appliance.jobs.upkeep import Upkeep
from appliance.models import Embedder, Vectors
from appliance.settings import Settings
from tests.fakes import StemEmbedder, WordEmbedder

FAKES: dict[str, Embedder] = {fake.stamp: fake for fake in (WordEmbedder(), StemEmbedder())}


class DeafEmbedder(WordEmbedder):
    """Takes a batch and never comes back."""

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        threading.Event().wait()
        raise AssertionError("nobody sets it")


def wanting(database: Database, stamp: str) -> InForce:
    """Two embedders of which one is wanted, settled as a worker does at its start."""
    fake = FAKES[stamp]
    known = Known(stamp=stamp, name=stamp.partition("@")[0], dimensions=fake.dimensions)
    embedder = InForce(database, known, lambda one: FAKES.get(one.stamp))
    embedder.embedders.settle(known)
    return embedder


def accept(settings: Settings, file: Path) -> None:
    """Upload a file into the only collection."""
    database = Database(settings.data / "appliance.db")
    queue = Queue(settings.data / "queue.db")
    (collection,) = collections.every(database)
    content = file.read_bytes()
    upload = intake.Upload(
        path=Path(shutil.copyfile(file, intake.incoming(settings) / "arrived")),
        file_name=file.name,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    intake.accept(database, settings, queue, collection.id, upload)
    queue.close()
    database.close()


def end_when_idle(database: Database) -> None:
    """SIGTERM to oneself, as an operator would, once no job waits or runs and no embedder
    comes or leaves."""
    pause = threading.Event()
    while signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:  # it does not listen yet
        pause.wait(0.05)
    while database.row(
        """
        select 1 from jobs where state in ('queued', 'running')
        union select 1 from embedders where state != 'in_force'
        """
    ):
        pause.wait(0.05)
    os.kill(os.getpid(), signal.SIGTERM)


def forked(arguments: Sequence[str], crash_at: int, said: Path) -> None:
    """The life of a process forked from one that has loaded everything; a start saved."""
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 2)
    os.environ[failpoint.VARIABLE] = str(crash_at)
    worker.NICENESS = 0  # its parent waits for it
    main(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--until-idle", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--accept", type=Path)
    parser.add_argument("--wanted", choices=list(FAKES))
    wanted = parser.parse_args(arguments)
    settings = Settings(data_dir=wanted.data)
    if wanted.accept:
        accept(settings, wanted.accept)

    def assemble() -> worker.Worker:
        database = Database(settings.data / "appliance.db")
        embedder: Embedder = DeafEmbedder() if wanted.deaf else WordEmbedder()
        if wanted.wanted:
            embedder = wanting(database, wanted.wanted)
        index = Indexer(database, embedder, settings.data)
        queue = Queue(settings.data / "queue.db")
        merging = Upkeep(database, queue, index)
        replacing = Replacement(database, queue, index)
        work = {
            intake.KIND: Ingestion(database, settings, index, deliver=queue.deliver),
            upkeep.KIND: merging,
            replacement.REEMBED: replacing.reembed,
            replacement.DISCARD: replacing.discard,
        }

        def rounds() -> None:
            merging.look()
            replacing.look()

        if wanted.until_idle:
            threading.Thread(target=end_when_idle, args=(database,), daemon=True).start()
        return worker.Worker(database, queue, work, rounds=rounds)

    try:
        worker.work(settings, assemble)
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None


if __name__ == "__main__":
    main()
