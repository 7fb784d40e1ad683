"""Upkeep: vector files are merged behind everybody's back, once at a time, and survive the plug."""

import itertools
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance import collections, frequencies
from appliance.answering.finding import Finder
from appliance.answering.publishing import FANOUT
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.index.vectors import checksum
from appliance.jobs import ledger, outcomes, upkeep
from appliance.jobs.queue import Queue
from appliance.jobs.upkeep import Upkeep
from appliance.jobs.worker import Worker
from appliance.records import Job
from tests.answering.shelf import Shelf
from tests.fakes import WordEmbedder
from tests.jobs.test_crashes import life, prepared

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
MOST_STEPS = 20


class Bench:
    """A shelf with a worker that looks after its files."""

    def __init__(self, database: Database, queue: Queue, data: Path) -> None:
        self.database = database
        self.shelf = Shelf(database, data)
        self.upkeep = Upkeep(database, queue, self.shelf.indexer)
        self.worker = Worker(database, queue, {upkeep.KIND: self.upkeep}, rounds=self.upkeep.look)

    def fill(self, many: int = FANOUT) -> str:
        for number in range(many):
            self.shelf.put(f"d{number}", FINE)
        return self.shelf.collection()

    def jobs(self) -> list[Job]:
        return ledger.entries(self.database)

    def cancelling(self) -> Callable[[], None]:
        """Asks for the end of the job that runs, and lets its watch see it."""

        def cancel() -> None:
            (watch,) = self.worker.watches
            outcomes.cancel(self.database, watch.job.id)
            watch.look()

        return cancel


@pytest.fixture
def bench(database: Database, queue: Queue, tmp_path: Path) -> Bench:
    return Bench(database, queue, tmp_path)


def test_a_job_is_opened_once_the_files_are_many(bench: Bench) -> None:
    collection = bench.fill(FANOUT - 1)
    bench.upkeep.look()
    assert bench.jobs() == []

    bench.shelf.put("last", FINE)
    bench.upkeep.look()

    (job,) = bench.jobs()
    assert (job.kind, job.subject, job.state) == ("upkeep", collection, "queued")


def test_there_are_never_two_for_a_collection(bench: Bench) -> None:
    bench.fill()
    for _ in range(3):
        bench.upkeep.look()

    assert len(bench.jobs()) == 1


def test_the_job_merges_and_says_how_far_it_is(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.jobs.watch.TOLD_EVERY_SECONDS", 0.0)
    bench.fill()
    bench.upkeep.look()

    bench.worker.run(bench.jobs()[0].id)

    (job,) = bench.jobs()
    assert (job.state, job.unit, job.total) == ("succeeded", "vectors", FANOUT)
    assert len(bench.shelf.files()) == 1
    assert len(bench.shelf.search("multa", limit=50).passages) == FANOUT


def test_the_frequent_words_of_a_large_collection_are_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequencies, "LARGE", 2)
    monkeypatch.setattr(frequencies, "FREQUENT", 2)
    collection = bench.fill(2)
    bench.upkeep.look()

    bench.worker.run(bench.jobs()[0].id)

    assert [job.state for job in bench.jobs()] == ["succeeded"]
    assert {"term": "atras", "chunks": 2} in bench.database.rows(
        "select term, chunks from frequent_terms where collection = :id", {"id": collection}
    )
    bench.upkeep.look()
    assert len(bench.jobs()) == 1


def test_a_file_that_is_mostly_dead_is_looked_for_now_and_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.upkeep.look()
    for number in range(4):
        bench.shelf.put(f"d{number}", FINE, publish=False)
    bench.shelf.finder.refresh(bench.shelf.collection())
    for number in range(3):
        bench.shelf.remove(f"d{number}")
    bench.upkeep.look()
    assert bench.jobs() == []

    monkeypatch.setattr(upkeep, "WORN_EVERY_SECONDS", 0.0)
    bench.upkeep.look()

    assert [job.kind for job in bench.jobs()] == ["upkeep"]


def test_a_merge_that_is_cancelled_leaves_everything_found_and_rests(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.fill()
    bench.upkeep.look()
    before = bench.shelf.files()
    cancel, embeddings = bench.cancelling(), bench.shelf.indexer.publisher.chunks.embeddings

    def interrupted(*args: object, **kwargs: object) -> object:
        if bench.worker.watches:
            cancel()
        return embeddings(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.shelf.indexer.publisher.chunks, "embeddings", interrupted)
    bench.worker.run(bench.jobs()[0].id)

    (job,) = bench.jobs()
    assert job.state == "cancelled"
    assert bench.shelf.files() == before
    bench.upkeep.look()
    assert len(bench.jobs()) == 1  # it is not opened again in the face of who cancelled it

    monkeypatch.setattr(upkeep, "REST_SECONDS", -1.0)
    bench.upkeep.look()
    assert len(bench.jobs()) == 2


def test_a_cancelled_merge_can_be_taken_up_again_unless_another_waits(bench: Bench) -> None:
    collection = bench.fill()
    first = ledger.open(bench.database, upkeep.KIND, collection)
    outcomes.cancel(bench.database, first.id)
    second = ledger.open(bench.database, upkeep.KIND, collection)

    with pytest.raises(Conflict):
        outcomes.retry(bench.database, first.id)
    outcomes.cancel(bench.database, second.id)
    outcomes.retry(bench.database, first.id)
    bench.worker.run(first.id)

    assert ledger.get(bench.database, first.id).state == "succeeded"


def test_a_collection_that_is_gone_ends_its_job_quietly(bench: Bench) -> None:
    collection = bench.fill()
    bench.upkeep.look()
    with bench.database.write() as db:
        collections.remove(db, collection)

    bench.worker.run(bench.jobs()[0].id)

    (job,) = bench.jobs()
    assert (job.state, job.problem) == ("cancelled", None)
    with pytest.raises(NotFound):
        outcomes.retry(bench.database, job.id)


# --- the plug ---------------------------------------------------------------------------


def crowded(folder: Path) -> tuple[Path, str]:
    """A data folder with as many files as are merged, and the job to do it."""
    data = prepared(folder).data
    database = Database(data / "appliance.db")
    shelf = Shelf(database, data)
    for number in range(FANOUT):
        shelf.put(f"d{number}", f"{FINE} Regra número {number}.", collection="Regulations")
    collection = shelf.collection("Regulations")
    ledger.open(database, upkeep.KIND, collection)
    database.close()
    return data, collection


def sound(data: Path, collection: str) -> None:
    """Each vector is in one file that counts, those files are whole, and all is found."""
    database = Database(data / "appliance.db")
    assert database.rows("pragma foreign_key_check") == []
    finder = Finder(database, WordEmbedder(), data)
    files = finder.chunks.segments([collection], WordEmbedder.stamp)
    held = [number for file in files for number in finder.chunks.live(file.name)]
    every = [row["id"] for row in database.rows("select id from chunks order by id")]
    assert sorted(held) == every
    for file in files:
        assert checksum(finder.files.path(file.name)) == file.sha256
    found = finder.search([collection], "multa", limit=50).passages
    assert len(found) == FANOUT
    assert all("meaning" in passage.found_by for passage in found)
    database.close()


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_a_kill_at_any_step_of_a_merge_loses_no_vector_and_the_next_start_goes_on(
    tmp_path: Path,
) -> None:
    said_by_all = ""
    for step in itertools.count(1):
        assert step < MOST_STEPS
        data, collection = crowded(tmp_path / f"crash-{step}")
        status, said = life(data, "--until-idle", crash_at=step)
        said_by_all += said
        sound(data, collection)
        if status == 0:
            break
        assert status == -signal.SIGKILL, said

        assert life(data, "--until-idle")[0] == 0

        sound(data, collection)
        database = Database(data / "appliance.db")
        counting = database.rows("select name from segments where merged_into is null")
        assert len(counting) == 1
        assert [job.state for job in ledger.entries(database)] == ["succeeded"]
        database.close()
    for name in ("merged file written", "merged file published", "merged files removed"):
        assert name in said_by_all
