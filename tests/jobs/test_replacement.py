"""An embedder is replaced while search goes on, and may be killed or taken back at any step."""

import itertools
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from appliance.answering.finding import Finder
from appliance.answering.in_force import InForce
from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.errors import Conflict, NotFound, Unavailable
from appliance.index.vectors import checksum
from appliance.jobs import ledger, outcomes, replacement
from appliance.jobs.queue import Queue
from appliance.jobs.replacement import Replacement
from appliance.jobs.worker import Worker
from appliance.models import Embedder, Vectors
from appliance.records import Job
from tests.answering.shelf import Shelf
from tests.fakes import StemEmbedder, WordEmbedder
from tests.jobs.test_crashes import life, prepared
from tests.jobs.worker_process import wanting

WORDS = Known(stamp="words@1", name="words", dimensions=256)
STEMS = Known(stamp="stems@1", name="stems", dimensions=96)
FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
DOCUMENTS = 3
MOST_STEPS = 40


class Farness(StemEmbedder):
    """The coming embedder, which can be away."""

    away = False

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        if self.away:
            raise Unavailable("engine_down")
        return super().embed(texts, kind=kind)


class Bench:
    """A shelf embedded with words, and a worker that starts as often as one likes."""

    def __init__(self, database: Database, queue: Queue, data: Path) -> None:
        self.database, self.queue, self.data = database, queue, data
        self.stems = Farness()
        self.start(WORDS)
        for number in range(DOCUMENTS):
            self.shelf.put(f"d{number}", f"{FINE} Regra {number}.")

    def start(self, wanted: Known) -> None:
        """The worker starts with this embedder in the settings."""
        fakes: dict[str, Embedder] = {"words@1": WordEmbedder(), "stems@1": self.stems}
        embedder = InForce(self.database, wanted, lambda known: fakes.get(known.stamp))
        embedder.embedders.settle(wanted)
        self.embedders = embedder.embedders
        self.shelf = Shelf(self.database, self.data, embedder)
        self.replacing = Replacement(self.database, self.queue, self.shelf.indexer)
        work = {
            replacement.REEMBED: self.replacing.reembed,
            replacement.DISCARD: self.replacing.discard,
        }
        self.worker = Worker(self.database, self.queue, work, rounds=self.replacing.look)
        self.replacing.look()

    def jobs(self) -> list[tuple[str, str, str]]:
        """Kind, subject and state, oldest first."""
        found = reversed(ledger.entries(self.database))
        return [(job.kind, job.subject, job.state) for job in found]

    def job(self) -> Job:
        """The job that is due."""
        (due,) = ledger.due(self.database)
        return ledger.get(self.database, due)

    def work(self) -> None:
        """Do what is due until nothing is."""
        while due := ledger.due(self.database):
            for job in due:
                self.worker.run(job)

    def stamps(self) -> dict[str, int]:
        rows = self.database.rows("select stamp, count(*) as n from vectors group by stamp")
        return {row["stamp"]: row["n"] for row in rows}

    def found(self) -> set[str]:
        """By what a search for the fine finds all documents."""
        passages = self.shelf.search("multa", limit=50).passages
        assert len(passages) == DOCUMENTS
        return {way for passage in passages for way in passage.found_by}


@pytest.fixture
def bench(database: Database, queue: Queue, tmp_path: Path) -> Bench:
    return Bench(database, queue, tmp_path)


def test_while_nothing_changes_no_job_is_opened(bench: Bench) -> None:
    bench.replacing.look()

    assert bench.jobs() == []


def test_another_embedder_in_the_settings_opens_one_job(bench: Bench) -> None:
    bench.start(STEMS)
    bench.start(STEMS)

    assert bench.jobs() == [("reembed", "stems@1", "queued")]
    assert bench.found() == {"keywords", "meaning"}
    assert bench.shelf.embedder is not None
    assert bench.shelf.embedder.stamp == "words@1"


def test_the_jobs_bring_it_in_force_and_remove_the_old_vectors_and_files(bench: Bench) -> None:
    bench.start(STEMS)
    old = set(bench.shelf.files())

    bench.work()

    assert bench.jobs() == [
        ("reembed", "stems@1", "succeeded"),
        ("discard", "words@1", "succeeded"),
    ]
    assert (bench.embedders.in_force(), bench.embedders.leaving()) == (STEMS, [])
    assert bench.stamps() == {"stems@1": DOCUMENTS}
    assert not set(bench.shelf.files()) & old
    assert bench.database.rows("select 1 from segments where stamp = 'words@1'") == []
    assert bench.found() == {"keywords", "meaning"}


def test_the_job_says_how_far_it_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.answering.indexing.BATCH", 1)
    bench.start(STEMS)

    bench.work()

    job = ledger.entries(bench.database)[-1]
    assert (job.kind, job.done, job.total, job.unit) == ("reembed", DOCUMENTS, DOCUMENTS, "chunks")


def test_while_the_new_one_is_away_the_job_waits_and_search_goes_on(bench: Bench) -> None:
    bench.stems.away = True
    bench.start(STEMS)

    bench.worker.run(bench.job().id)

    (job,) = ledger.entries(bench.database)
    assert (job.state, job.attempts) == ("queued", 0)
    assert job.problem is not None
    assert job.problem.code == "engine_down"
    assert bench.found() == {"keywords", "meaning"}


def test_taken_back_before_it_was_done_nothing_of_it_remains(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.answering.indexing.BATCH", 1)
    bench.start(STEMS)
    embed, calls = bench.stems.embed, itertools.count()

    def leaves(texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage") -> Vectors:
        if next(calls) == 2:
            raise Unavailable("engine_down")
        return embed(texts, kind=kind)

    monkeypatch.setattr(bench.stems, "embed", leaves)
    bench.worker.run(bench.job().id)
    assert bench.stamps() == {"words@1": DOCUMENTS, "stems@1": 2}

    bench.start(WORDS)
    with bench.database.write() as db:
        db.run("update jobs set not_before = created_at")
    bench.work()

    assert (bench.embedders.in_force(), bench.embedders.coming()) == (WORDS, None)
    assert bench.stamps() == {"words@1": DOCUMENTS}
    assert bench.jobs() == [
        ("reembed", "stems@1", "cancelled"),
        ("discard", "stems@1", "succeeded"),
    ]
    assert bench.found() == {"keywords", "meaning"}


def test_taken_back_after_it_was_done_the_old_one_comes_again(bench: Bench) -> None:
    bench.start(STEMS)
    bench.work()

    bench.start(WORDS)
    assert bench.found() == {"keywords", "meaning"}
    bench.work()

    assert bench.embedders.in_force() == WORDS
    assert bench.stamps() == {"words@1": DOCUMENTS}
    assert bench.found() == {"keywords", "meaning"}


def test_a_document_removed_meanwhile_holds_nothing_up(bench: Bench) -> None:
    bench.start(STEMS)
    bench.shelf.remove("d0")

    bench.work()

    assert bench.stamps() == {"stems@1": DOCUMENTS - 1}


def test_a_replacement_that_is_cancelled_rests_until_the_next_wish(bench: Bench) -> None:
    bench.start(STEMS)
    job = bench.job()
    outcomes.cancel(bench.database, job.id)

    bench.replacing.look()
    assert [state for *_, state in bench.jobs()] == ["cancelled"]

    outcomes.retry(bench.database, job.id)
    bench.work()
    assert bench.embedders.in_force() == STEMS


def test_a_retried_job_must_still_have_something_to_do(bench: Bench) -> None:
    bench.start(STEMS)
    first = bench.job()
    outcomes.cancel(bench.database, first.id)
    second = ledger.open(bench.database, "reembed", "stems@1")
    with pytest.raises(Conflict):
        outcomes.retry(bench.database, first.id)
    outcomes.cancel(bench.database, second.id)

    bench.start(WORDS)
    with pytest.raises(NotFound):
        outcomes.retry(bench.database, first.id)
    discard = bench.job()
    assert discard.kind == "discard"
    outcomes.cancel(bench.database, discard.id)
    outcomes.retry(bench.database, discard.id)
    bench.work()
    assert bench.embedders.leaving() == []


def test_a_discard_whose_embedder_came_back_does_nothing(bench: Bench) -> None:
    bench.start(STEMS)
    job = ledger.open(bench.database, "discard", "words@1")

    bench.worker.run(job.id)

    assert ledger.get(bench.database, job.id).state == "cancelled"
    assert bench.stamps()["words@1"] == DOCUMENTS


# --- the plug ---------------------------------------------------------------------------


def shelved(folder: Path) -> Path:
    """A data folder whose documents are embedded with words."""
    data = prepared(folder).data
    database = Database(data / "appliance.db")
    shelf = Shelf(database, data, wanting(database, "words@1"))
    for number in range(DOCUMENTS):
        shelf.put(f"d{number}", f"{FINE} Regra {number}.")
    database.close()
    return data


def found(data: Path, wanted: str) -> Known | None:
    """The embedder in force of a sound folder in which all is found by meaning."""
    database = Database(data / "appliance.db")
    assert database.rows("pragma foreign_key_check") == []
    embedders = Embedders(database)
    dimensions = {"words@1": 256, "stems@1": 96}
    known = Known(stamp=wanted, name=wanted.partition("@")[0], dimensions=dimensions[wanted])
    fakes: dict[str, Embedder] = {"words@1": WordEmbedder(), "stems@1": StemEmbedder()}
    finder = Finder(database, InForce(database, known, lambda one: fakes.get(one.stamp)), data)
    collections = [row["id"] for row in database.rows("select id from collections")]
    in_force = embedders.in_force()
    assert in_force is not None
    for file in finder.chunks.segments(collections, in_force.stamp):
        assert checksum(finder.files.path(file.name)) == file.sha256
    passages = finder.search(collections, "multa", limit=50).passages
    assert len(passages) == DOCUMENTS
    assert all("meaning" in passage.found_by for passage in passages)
    database.close()
    return in_force


def settled(data: Path, known: Known) -> None:
    """Nothing but this embedder is left in the folder."""
    assert found(data, known.stamp) == known
    database = Database(data / "appliance.db")
    for table in ("vectors", "segments", "embedders"):
        assert database.rows(f"select distinct stamp from {table}") == [{"stamp": known.stamp}]
    database.close()


@pytest.mark.crash
@pytest.mark.timeout(900)
@pytest.mark.parametrize("then", [STEMS, WORDS], ids=["it goes on", "it is taken back"])
def test_a_kill_at_any_step_of_a_replacement_leaves_search_as_it_was_and_nothing_behind(
    tmp_path: Path, then: Known
) -> None:
    in_force = []
    for step in itertools.count(1):
        assert step < MOST_STEPS
        data = shelved(tmp_path / f"crash-{step}")
        status, said = life(data, "--until-idle", "--wanted", STEMS.stamp, crash_at=step)
        in_force.append(found(data, STEMS.stamp))
        if status == 0:
            break
        assert status == -signal.SIGKILL, said

        assert life(data, "--until-idle", "--wanted", then.stamp)[0] == 0

        settled(data, then)
    assert in_force[0] == WORDS
    assert in_force[-1] == STEMS
    assert step > 10
