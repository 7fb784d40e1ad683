"""A document that kills its reader is tried three times and set aside; all others go on."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.database import Database
from appliance.index.reading import child
from appliance.index.reading.wire import Outline
from appliance.jobs import ledger, outcomes
from appliance.jobs.queue import Queue
from appliance.records import Job, Page, Problem
from appliance.settings import Settings
from tests.index.reading import papers
from tests.jobs.test_ingest import Bench

POISON = "veneno.pdf"
GOOD = 20


class Poisoned:
    """The real reader, whose parser is hit by a signal at the first page of ``POISON``."""

    def __init__(self, blow: signal.Signals) -> None:
        self.blow = blow

    def __call__(self, *args: Any, name: str, **kwargs: Any) -> Iterator[Outline | Page]:
        for item in child.read(*args, name=name, **kwargs):
            if name == POISON and isinstance(item, Page):
                for reader in papers.started("appliance.index.reading"):
                    os.kill(reader.pid, self.blow)
            yield item


@pytest.fixture
def bench(database: Database, settings: Settings, queue: Queue, collection: str) -> Bench:
    return Bench(database, settings, queue, collection)


def poison(bench: Bench, tmp_path: Path, blow: signal.Signals) -> Job:
    """A document that ends its reader every time, first in the queue."""
    bench.ingestion.read = Poisoned(blow)
    lines = ["linha de texto " * 5] * 45
    path = papers.pdf(tmp_path / POISON, *([f"Página {n}", *lines] for n in range(60)))
    _, job = bench.bytes(path.read_bytes(), POISON)
    return job


def work_off(bench: Bench) -> None:
    """Do what is due until nothing is, as if the rests between attempts were over."""
    for _ in range(3 * (GOOD + 1)):
        with bench.database.write() as db:
            db.run("update jobs set not_before = created_at where state = 'queued'")
        for job in ledger.due(bench.database, limit=1):
            bench.worker.run(job)


@pytest.mark.guarantee("REL-09")
def test_a_parser_that_crashes_is_tried_three_times_and_the_twenty_behind_it_are_read(
    bench: Bench, tmp_path: Path
) -> None:
    bad = poison(bench, tmp_path, signal.SIGSEGV)
    good = [
        bench.bytes(f"Aviso {n}: a casa abre às oito.".encode(), f"{n}.txt") for n in range(GOOD)
    ]

    work_off(bench)

    assert {bench.document(document).state for document, _ in good} == {"ready"}
    after = ledger.get(bench.database, bad.id)
    assert (after.state, after.attempts) == ("failed", ledger.ATTEMPTS)
    assert after.problem is not None
    assert after.problem.code == "reader_crashed"
    assert after.problem.facts["name"] == POISON


@pytest.mark.guarantee("REL-09")
def test_what_was_set_aside_stays_there_over_a_restart_until_somebody_wants_it_again(
    bench: Bench, tmp_path: Path
) -> None:
    bad = poison(bench, tmp_path, signal.SIGSEGV)
    work_off(bench)

    outcomes.recover(bench.database, all_running=True)

    assert ledger.due(bench.database) == []
    assert ledger.get(bench.database, bad.id).state == "failed"
    bench.ingestion.read = bench.reading
    outcomes.retry(bench.database, bad.id)
    work_off(bench)
    assert ledger.get(bench.database, bad.id).state == "succeeded"


@pytest.mark.guarantee("REL-09")
def test_a_document_with_which_the_whole_worker_dies_is_set_aside_too(bench: Bench) -> None:
    document, job = bench.text()

    for _ in range(ledger.ATTEMPTS):
        assert ledger.claim(bench.database, job.id) is not None
        outcomes.recover(bench.database, all_running=True)  # the next worker, after its death

    died = Problem(code="job_worker_died", facts={"attempts": ledger.ATTEMPTS})
    assert ledger.get(bench.database, job.id).state == "failed"
    assert bench.document(document).problem == died


@pytest.mark.guarantee("REL-09", "SEC-05")
def test_a_parser_that_never_ends_fails_with_its_reason_and_the_next_is_read(
    database: Database, tmp_path: Path, queue: Queue, collection: str, settings: Settings
) -> None:
    """The product waits two minutes; this house waits five seconds."""
    hasty = Settings(data_dir=settings.data_dir, reader_seconds=5)
    bench = Bench(database, hasty, queue, collection)
    bad = poison(bench, tmp_path, signal.SIGSTOP)
    good, _ = bench.text()

    work_off(bench)

    after = ledger.get(database, bad.id)
    assert (after.state, after.attempts) == ("failed", 1)
    assert after.problem is not None
    assert after.problem.code == "too_slow"
    assert bench.document(good).state == "ready"
