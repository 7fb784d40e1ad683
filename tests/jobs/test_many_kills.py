"""A hundred documents and fifty kills, wherever they fall (REL-01); and in which order what is
kept reaches the disk (REL-03): files before the rows that name them."""

import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appliance import collections
from appliance.database import Database
from appliance.jobs import intake
from appliance.jobs.queue import Queue
from tests.jobs.house import pdf
from tests.jobs.test_crashes import census, life, prepared

DOCUMENTS, KILLS = 100, 50
pytestmark = pytest.mark.crash


@pytest.mark.guarantee("REL-01")
@pytest.mark.timeout(900)
def test_fifty_kills_over_a_hundred_documents_lose_and_double_none(tmp_path: Path) -> None:
    settings = prepared(tmp_path / "data")
    database = Database(settings.data / "appliance.db")
    queue = Queue(settings.data / "queue.db")
    (collection,) = collections.every(database)
    for number in range(DOCUMENTS):
        text = f"O canário {number} canta na sala {1000 + number}."
        intake.accept_text(
            database, settings, queue, collection.id, title=f"Ata {number}", text=text
        )
    queue.close()
    steps = random.Random(7)

    for _ in range(KILLS):
        status, said = life(settings.data, "--until-idle", crash_at=steps.randint(1, 12))
        assert status == -signal.SIGKILL, said
    assert life(settings.data, "--until-idle")[0] == 0

    found = census(settings.data)
    assert (found["documents"], found["files"], found["incoming"]) == (DOCUMENTS, DOCUMENTS, 0)
    assert set(found["states"]) <= {"ready", "failed"}  # type: ignore[call-overload]
    ready = database.rows("select id, title from documents where state = 'ready'")
    assert len(ready) > DOCUMENTS * 0.9
    for row in ready:
        (chunk,) = database.rows("select text from chunks where document = :id", {"id": row["id"]})
        number = row["title"].split()[1]
        assert f"O canário {number} canta" in chunk["text"]
    assert found["vectors"] == found["chunks"]
    database.close()


def traced(data: Path, file: Path, trace: Path) -> list[str]:
    """What a whole ingestion flushed and renamed, in its order."""
    calls = "fsync,fdatasync,rename,renameat,renameat2"
    subprocess.run(
        [
            "strace", "-f", "-y", "-e", f"trace={calls}", "-o", str(trace),
            sys.executable, "-m", "tests.jobs.worker_process", str(data),
            "--accept", str(file), "--until-idle",
        ],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=True,
    )  # fmt: skip
    return [line for line in trace.read_text().splitlines() if " = 0" in line]


def place(lines: list[str], call: str, path: str, *, after: int = -1) -> int:
    """The first line after ``after`` with such a call on such a path."""
    wanted = re.compile(rf"\b{call}\w*\(.*{path}")
    return next(n for n, line in enumerate(lines) if n > after and wanted.search(line))


@pytest.mark.guarantee("REL-03")
def test_an_original_and_a_vector_file_are_on_the_disk_before_the_rows_that_name_them(
    tmp_path: Path,
) -> None:
    data = prepared(tmp_path / "data").data

    lines = traced(data, pdf(tmp_path / "made.pdf", 3), tmp_path / "trace")

    kept = place(lines, "rename", r"/files/")
    assert place(lines, "fsync", "/incoming/arrived") < kept
    folder = place(lines, "fsync", r"/files/[0-9a-f]{2}>", after=kept)
    committed = place(lines, "f(?:data)?sync", r"appliance\.db-wal", after=kept)
    assert folder < committed
    published = place(lines, "rename", r"/index/.*\.faiss")
    assert any(re.search(r"\bf(data)?sync\(.*/index/", line) for line in lines[committed:published])
    assert place(lines, "fsync", "/index>", after=published) < place(
        lines, "f(?:data)?sync", r"appliance\.db-wal", after=published
    )
