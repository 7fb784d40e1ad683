"""The records that travel."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from appliance.records import Caller, Passage, new_id, settle, timestamp
from tests.passages import passage


def test_identifiers_made_later_sort_later_and_none_comes_twice() -> None:
    made = [new_id() for _ in range(5000)]

    assert len(set(made)) == 5000
    assert sorted(made) == made


def test_identifiers_made_at_once_in_many_threads_are_different() -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend(new_id() for _ in range(500))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 4000


def test_a_time_is_rfc_3339_in_utc_whatever_the_zone() -> None:
    brasilia = timezone(timedelta(hours=-3))

    assert timestamp(datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)) == "2026-01-02T03:04:05.678Z"
    assert timestamp(datetime(2026, 1, 2, 0, 4, 5, tzinfo=brasilia)) == "2026-01-02T03:04:05.000Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", timestamp())


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        passage("Um texto.").text = "outro"


def test_a_record_is_json_with_the_names_of_the_contract() -> None:
    one = passage("Um texto.", page=None)

    told = msgspec.json.decode(msgspec.json.encode(one))

    assert told["document"] == {"id": "d1", "title": "Regimento interno"}
    assert told["page"] is None
    assert msgspec.json.decode(msgspec.json.encode(one), type=Passage) == one


def test_an_administrators_scope_holds_all_others() -> None:
    everything = Caller(kind="key", id="k", name="k", scopes=frozenset({"admin"}))
    asks = Caller(kind="key", id="k", name="k", scopes=frozenset({"ask"}))

    assert everything.may("documents:write")
    assert asks.may("ask")
    assert not asks.may("search")


RACE = """
import sys, threading, msgspec

sys.setswitchinterval(1e-6)
numbers = [(f"n{n}", "int | None") for n in range(12)]
place = {"__module__": "builtins"}
row = {f"i{n}": [{name: 1 for name, _ in numbers}] for n in range(4)}
outers = []
for turn in range(60):
    inner = [msgspec.defstruct(f"I{turn}_{n}", numbers, namespace=place) for n in range(4)]
    parts = [(f"i{n}", tuple[one, ...]) for n, one in enumerate(inner)]
    outers.append(msgspec.defstruct(f"O{turn}", parts))

def read(together):
    for outer in outers:
        together.wait()
        msgspec.convert(row, outer)
"""
IN_THREADS = """
from appliance.records import settle

settle()
together = threading.Barrier(8)
threads = [threading.Thread(target=read, args=[together]) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
IN_JOBS = """
from pathlib import Path
from appliance.database import Database
from appliance.jobs import ledger
from appliance.jobs.queue import Queue
from appliance.jobs.worker import Worker

database, queue = Database(Path("appliance.db")), Queue(Path("queue.db"))
database.migrate()
together = threading.Barrier(2)
worker = Worker(database, queue, {"read": lambda job, watch: read(together)})
for subject in ("one", "other"):
    queue.deliver(ledger.open(database, "read", subject).id)
consumer = worker.start()
while {job.state for job in ledger.entries(database)} != {"succeeded"}:
    threading.Event().wait(0.05)
worker.stop(consumer)
queue.close()
database.close()
"""


@pytest.mark.parametrize("together", [IN_THREADS, IN_JOBS], ids=["threads", "jobs"])
def test_many_threads_may_read_their_first_record_at_once(together: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RACE + together],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")


def test_records_that_hold_functions_are_left_alone() -> None:
    class Tool(msgspec.Struct):
        work: Callable[[int], int]

    settle()

    assert Tool(abs).work(-1) == 1
