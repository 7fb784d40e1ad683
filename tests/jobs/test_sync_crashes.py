"""The plug is pulled at every step of a sync: nothing is lost, doubled or told twice."""

import itertools
import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from appliance import collections, library, sources
from appliance.database import Database
from appliance.jobs import sync
from appliance.jobs.queue import Queue
from appliance.settings import Settings
from appliance.sources import Source, SourceOptions, runs
from tests.jobs import sync_process

pytestmark = pytest.mark.crash
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.jobs.worker_process", "tests.jobs.sync_process"])
MOST_STEPS = 60


def write(path: Path, text: str, age: float) -> None:
    path.write_text(text)
    os.utime(path, (time.time() - age, time.time() - age))


def life(data: Path, opened: Path, *, crash_at: int = 0) -> tuple[int, str]:
    """A whole process: its exit status and what it said on standard error."""
    said = data / "said"
    process = FORKS.Process(target=sync_process.forked, args=(data, opened, crash_at, said))
    process.start()
    process.join(60)
    status = process.exitcode
    process.close()
    assert status is not None
    return status, said.read_text()


def order(data: Path) -> None:
    settings = Settings(data_dir=str(data))
    database, queue = Database(data / "appliance.db"), Queue(settings.data / "queue.db")
    (source,) = sources.every(database)
    sync.order(database, queue, source)
    queue.close()
    database.close()


def prepared(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder whose source was read once, and the folder, which has changed since."""
    data, share = tmp_path / "before", tmp_path / "mnt" / "share"
    share.mkdir(parents=True)
    for name in ("fica", "muda", "some", "renomeia"):
        write(share / f"{name}.txt", f"O que {name}.", age=7200)
    database = Database(data / "appliance.db")
    database.migrate()
    with database.write() as db:
        collection = collections.create(db, "Atas").id
        sources.add(
            db, collection=collection, kind="folder", address=str(share), schedule="manual",
            options=SourceOptions(),
        )  # fmt: skip
    database.close()
    order(data)
    assert life(data, share.parent)[0] == 0
    write(share / "muda.txt", "O que mudou.", age=3600)
    write(share / "novo.txt", "O que é novo.", age=3600)
    (share / "some.txt").unlink()
    (share / "renomeia.txt").rename(share / "renomeado.txt")
    order(data)
    return data, share.parent


def census(data: Path) -> dict[str, Any]:
    """What there is, but for ids and times, once it was found to be sound."""
    database = Database(data / "appliance.db")
    assert database.rows("pragma foreign_key_check") == []
    (source,) = sources.every(database)
    found = {
        "documents": documents(database, source),
        "trash": database.rows("select file_name, reason from trash order by 1"),
        "entries": database.rows(
            """
            select key, document is null as bare, former, owned, problem from source_entries
            order by key
            """
        ),
        "runs": [told(database, source, run.id) for run in runs.entries(database, source.id)],
        "jobs": database.rows("select kind, state from jobs where kind = 'sync'"),
    }
    files = [path.name for path in (data / "files").rglob("*") if path.is_file()]
    contents = database.rows("select sha256 from documents union select sha256 from trash")
    assert sorted(files) == sorted(row["sha256"] for row in contents)
    database.close()
    return found


def documents(database: Database, source: Source) -> list[tuple[str, str]]:
    found = library.of_collection(database, source.collection)
    return sorted((document.file_name, document.state) for document in found)


def told(database: Database, source: Source, run_id: str) -> Any:
    run = runs.get(database, source.id, run_id)
    counts = (run.added, run.changed, run.removed, run.renamed, run.unchanged, run.failed)
    log = runs.log(database, run_id, limit=100)
    return run.state, counts, sorted((line.act, line.key, line.planned) for line in log)


@pytest.mark.timeout(600)
def test_a_kill_at_any_step_of_a_sync_loses_nothing_doubles_nothing_and_is_told_once(
    tmp_path: Path,
) -> None:
    before, opened = prepared(tmp_path)
    whole = shutil.copytree(before, tmp_path / "whole")
    assert life(whole, opened)[0] == 0
    expected = census(whole)
    assert expected["documents"] == [
        (f"{name}.txt", "ready") for name in ("fica", "muda", "novo", "renomeado")
    ]
    assert expected["trash"] == [
        {"file_name": "muda.txt", "reason": "changed"},
        {"file_name": "some.txt", "reason": "missing"},
    ]
    assert expected["runs"][0][:2] == ("done", (1, 1, 1, 1, 1, 0))

    for step in itertools.count(1):
        assert step < MOST_STEPS
        data = shutil.copytree(before, tmp_path / f"crash-{step}")
        status, said = life(data, opened, crash_at=step)
        if status == 0:
            break
        assert (status, f"crash at step {step}" in said) == (-signal.SIGKILL, True), said

        assert life(data, opened)[0] == 0

        assert census(data) == expected, said
    assert step > 10
