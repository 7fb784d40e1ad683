"""A reading that was cut short goes on where it was; one that must wait stands still."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance import library
from appliance.database import Database
from appliance.jobs import arrival, intake, ledger, outcomes
from appliance.jobs.queue import Queue
from appliance.records import Document, Job
from appliance.settings import Settings
from tests.jobs.conftest import eventually
from tests.jobs.test_ingest import Bench


@pytest.fixture
def bench(database: Database, settings: Settings, queue: Queue, collection: str) -> Bench:
    return Bench(database, settings, queue, collection)


def cut_short(bench: Bench, document: Document, job: Job, page: int) -> None:
    """Cancel a reading when it is at this page, and have it taken up again."""

    def cancel() -> None:
        outcomes.cancel(bench.database, job.id)
        (watch,) = bench.worker.watches
        watch.look()

    bench.reading.at_page[page] = cancel
    assert bench.work(job).state == "cancelled"
    bench.reading.pages = []


@pytest.fixture
def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are committed by tens, and not because a second has passed."""
    monkeypatch.setattr(arrival, "BATCH_SECONDS", 3600.0)


@pytest.mark.guarantee("REL-14")
@pytest.mark.usefixtures("slow_clock")
def test_a_reading_that_was_cut_short_goes_on_behind_its_last_committed_page(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=25)
    cut_short(bench, document, job, page=25)
    assert bench.count("pages") == 20

    outcomes.retry(bench.database, job.id)
    assert bench.work(job).state == "succeeded"

    assert bench.reading.pages == [21, 22, 23, 24, 25]
    pages = library.pages(bench.database, document.id)
    assert [page.number for page in pages] == list(range(1, 26))
    assert all(f"Artigo {page.number}-0" in page.text for page in pages)
    assert bench.document(document).pages == 25
    assert bench.count("readings") == 0


@pytest.mark.usefixtures("slow_clock")
def test_a_reading_that_goes_on_says_how_far_it_was(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=25)
    cut_short(bench, document, job, page=25)
    seen: list[tuple[int, int]] = []

    def look() -> None:
        now = ledger.get(bench.database, job.id)
        seen.append((now.done, now.total))

    bench.reading.at_page[21] = look
    outcomes.retry(bench.database, job.id)
    bench.work(job)

    assert seen == [(20, 25)]


@pytest.mark.usefixtures("slow_clock")
def test_a_reading_cut_short_before_its_first_commit_begins_anew(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=12)
    cut_short(bench, document, job, page=9)

    outcomes.retry(bench.database, job.id)
    bench.work(job)

    assert bench.reading.pages == list(range(1, 13))


@pytest.mark.usefixtures("slow_clock")
def test_read_again_means_from_the_first_page(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=25)
    cut_short(bench, document, job, page=25)

    _, again = intake.read_again(bench.database, bench.queue, document.id)
    bench.work(again)

    assert bench.reading.pages == list(range(1, 26))
    assert bench.count("pages") == 25


@pytest.mark.usefixtures("slow_clock")
def test_another_version_of_the_reader_begins_anew(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, job = bench.pdf(tmp_path, pages=25)
    cut_short(bench, document, job, page=25)

    monkeypatch.setattr("appliance.__version__", "99.0")
    outcomes.retry(bench.database, job.id)
    bench.work(job)

    assert bench.reading.pages == list(range(1, 26))


def test_a_format_without_pages_begins_anew(bench: Bench) -> None:
    document, job = bench.text()
    cut_short(bench, document, job, page=1)

    outcomes.retry(bench.database, job.id)

    assert bench.work(job).state == "succeeded"
    assert bench.reading.pages == [1]


@pytest.mark.guarantee("REL-14")
def test_while_somebody_is_answered_no_page_is_read(bench: Bench, tmp_path: Path) -> None:
    answered = threading.Event()
    answered.set()
    bench.ingestion.pace = answered.is_set
    document, job = bench.pdf(tmp_path, pages=25)
    working = threading.Thread(target=bench.work, args=(job,))
    working.start()
    eventually(lambda: bench.reading.begun == 1)
    working.join(2)
    assert bench.reading.pages == []

    answered.clear()
    working.join(60)

    assert bench.document(document).state == "ready"


@pytest.mark.guarantee("REL-14")
def test_preparing_a_long_document_tells_how_far_it_is_and_can_be_cancelled(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    monkeypatch.setattr("appliance.jobs.watch.TOLD_EVERY_SECONDS", 0.0)
    document, job = bench.pdf(tmp_path, pages=12)
    replaced = bench.index.chunks.replace
    seen: list[tuple[int, str]] = []

    def replace(*args: Any, on_progress: Callable[[int], object], **kwargs: Any) -> Any:
        def further(done: int) -> None:
            on_progress(done)
            now = ledger.get(bench.database, job.id)
            seen.append((now.done, now.unit))
            outcomes.cancel(bench.database, job.id)
            (watch,) = bench.worker.watches
            watch.look()

        return replaced(*args, on_progress=further, **kwargs)

    monkeypatch.setattr(bench.index.chunks, "replace", replace)

    assert bench.work(job).state == "cancelled"
    assert seen == [(2, "terms")]
    monkeypatch.undo()
    outcomes.retry(bench.database, job.id)
    assert bench.work(job).state == "succeeded"
    assert bench.count("chunks") == bench.document(document).chunks > 2


@pytest.mark.guarantee("REL-14")
def test_while_somebody_is_answered_no_piece_is_prepared(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    answered = threading.Event()
    document, job = bench.pdf(tmp_path, pages=12)
    bench.reading.at_page[12] = answered.set
    held: list[bool] = []

    def pace() -> bool:
        now = answered.is_set() and bench.count("chunks") > 0
        held.append(now)
        if held.count(True) > 5:
            answered.clear()
        return now

    bench.ingestion.pace = pace
    bench.work(job)

    stood = held.index(True)
    assert held[stood : stood + 6] == [True] * 6
    assert bench.document(document).state == "ready"
