"""A row of a job that nobody can read stops no other, and is named (REL-10)."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from appliance.database import Database
from appliance.errors import sentence
from appliance.jobs import damaged, ledger
from appliance.jobs.queue import Queue
from appliance.jobs.watch import Watch
from appliance.jobs.worker import Worker
from appliance.records import LANGUAGES, Job

pytestmark = pytest.mark.guarantee("REL-10")

DAMAGE = {
    "a problem cut off": 'problem = \'{"code": "job_br\'',
    "a problem of another kind": "problem = '[1]'",
    "a problem without a code": "problem = '{}'",
    "a problem as bytes": "problem = x'00ff'",
    "attempts that are no number": "attempts = 'three'",
    "progress that is no number": "done = x'ff', total = 'all'",
    "a time that is none": "not_before = 'tomorrow'",
    "a lease that is none": "lease_until = '????'",
    "a subject of bytes": "subject = x'c3'",
}


def spoil(database: Database, job: Job, how: str, state: str) -> None:
    """What a hand or a disk does to a row, past everything that would refuse it."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        raw.execute(f"update jobs set state = ?, {how} where id = ?", (state, job.id))


@pytest.mark.parametrize("state", ["queued", "running"])
@pytest.mark.parametrize("how", DAMAGE.values(), ids=DAMAGE)
def test_it_is_set_aside_with_a_reason_and_the_others_are_done(
    database: Database, queue: Queue, how: str, state: str
) -> None:
    done: list[str] = []

    def work(job: Job, watch: Watch) -> None:
        done.append(job.subject)

    broken = ledger.open(database, "measure", "broken")
    sound = ledger.open(database, "measure", "sound")
    spoil(database, broken, how, state)
    assert damaged.found(database) == [broken.id]

    worker = Worker(database, queue, {"measure": work})
    consumer = worker.start()
    assert worker.stop(consumer, seconds=20)
    Worker(database, queue, {"measure": work}).run(sound.id)

    told = ledger.get(database, broken.id)
    assert (told.state, told.problem and told.problem.code) == ("failed", "job_damaged")
    assert done == ["sound"]
    assert damaged.found(database) == []
    assert len(ledger.entries(database)) == 2


def test_the_sweep_of_a_worker_that_runs_sets_it_aside_too(
    database: Database, queue: Queue
) -> None:
    broken = ledger.open(database, "measure", "broken")
    spoil(database, broken, DAMAGE["attempts that are no number"], "running")

    Worker(database, queue, {}).sweep()

    assert ledger.get(database, broken.id).state == "failed"


def test_it_can_be_tried_again_as_any_other(database: Database, queue: Queue) -> None:
    done: list[str] = []
    broken = ledger.open(database, "measure", "d1")
    spoil(database, broken, DAMAGE["attempts that are no number"], "running")
    worker = Worker(database, queue, {"measure": lambda job, watch: done.append(job.subject)})
    worker.sweep()

    again = ledger.retry(database, broken.id)
    worker.run(broken.id)

    assert (again.state, again.attempts, done) == ("queued", 0, ["d1"])
    assert ledger.get(database, broken.id).state == "succeeded"


def test_the_page_of_all_jobs_opens_before_it_was_set_aside(database: Database) -> None:
    broken = ledger.open(database, "measure", "d1")
    spoil(database, broken, DAMAGE["a problem cut off"], "failed")

    (told,) = ledger.entries(database)

    assert told.problem is not None
    assert told.problem.code == "job_damaged"


def test_where_nothing_is_damaged_nothing_is_written(database: Database) -> None:
    job = ledger.open(database, "measure", "d1")
    assert ledger.claim(database, job.id)
    before: Any = database.row("select * from jobs")

    assert damaged.set_aside(database) == []

    assert database.row("select * from jobs") == before


def test_its_reason_is_a_sentence_in_every_language(database: Database, queue: Queue) -> None:
    broken = ledger.open(database, "measure", "d1")
    spoil(database, broken, DAMAGE["attempts that are no number"], "queued")
    (job_id,) = damaged.set_aside(database)
    problem = ledger.get(database, job_id).problem

    assert problem is not None
    for language in LANGUAGES:
        assert broken.id in sentence(problem.code, problem.facts, language)
