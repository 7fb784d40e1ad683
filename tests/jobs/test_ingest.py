"""Ingestion: what becomes of a document between its arrival and its first answer."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import collections, library
from appliance.answering.indexing import Indexer
from appliance.database import Database
from appliance.index.reading import child
from appliance.index.reading.wire import Outline
from appliance.jobs import arrival, intake, ledger, outcomes
from appliance.jobs.ingest import Ingestion
from appliance.jobs.queue import Queue
from appliance.jobs.worker import Worker
from appliance.records import Document, Job, Page, Problem
from appliance.settings import Settings
from tests.jobs.house import FarEmbedder, pdf

TEXT = """# Regimento interno

## Biblioteca

A multa por atraso na devolução de livros é de R$ 1,50 por dia.

## Secretaria

A secretaria atende de segunda a sexta, das 7h30 às 17h.
"""


class Reading:
    """The real reader, counted; ``at_page`` runs when the page with that number comes."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.pages: list[int] = []
        self.at_page: dict[int, Callable[[], object]] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Iterator[Outline | Page]:
        self.begun += 1
        try:
            for item in child.read(*args, **kwargs):
                if isinstance(item, Page):
                    self.pages.append(item.number)
                    self.at_page.pop(item.number, lambda: None)()
                yield item
        finally:
            self.ended += 1


class Bench:
    """A worker called by hand, over a real reader and a real index."""

    def __init__(
        self, database: Database, settings: Settings, queue: Queue, collection: str
    ) -> None:
        self.database, self.settings, self.queue = database, settings, queue
        self.collection = collection
        self.embedder = FarEmbedder()
        self.reading = Reading()
        self.index = Indexer(database, self.embedder, settings.data)
        self.ingestion = Ingestion(database, settings, self.index, read=self.reading)
        self.worker = Worker(database, queue, {intake.KIND: self.ingestion})

    def text(self, text: str = TEXT) -> tuple[Document, Job]:
        return self._accept("regimento.md", text.encode())

    def pdf(self, tmp_path: Path, pages: int) -> tuple[Document, Job]:
        return self._accept("regimento.pdf", pdf(tmp_path / "made.pdf", pages).read_bytes())

    def bytes(self, content: bytes, name: str) -> tuple[Document, Job]:
        return self._accept(name, content)

    def _accept(self, name: str, content: bytes) -> tuple[Document, Job]:
        path = intake.incoming(self.settings) / "arrived"
        path.write_bytes(content)
        upload = intake.Upload(
            path=path,
            file_name=name,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        return intake.accept(self.database, self.settings, self.queue, self.collection, upload)

    def work(self, job: Job) -> Job:
        """One attempt at the job, as soon as it may be tried; the job after it."""
        with self.database.write() as db:
            db.run("update jobs set not_before = created_at")
        self.worker.run(job.id)
        return ledger.get(self.database, job.id)

    def document(self, document: Document) -> Document:
        return library.get(self.database, document.id)

    def count(self, table: str) -> int:
        (row,) = self.database.rows(f"select count(*) as n from {table}")
        return int(row["n"])


@pytest.fixture
def bench(database: Database, settings: Settings, queue: Queue, collection: str) -> Bench:
    return Bench(database, settings, queue, collection)


def test_a_document_becomes_ready(bench: Bench) -> None:
    document, job = bench.text()

    assert bench.work(job).state == "succeeded"

    ready = bench.document(document)
    assert (ready.state, ready.pages, ready.language) == ("ready", 1, "pt")
    assert ready.chunks == bench.count("chunks") > 0
    assert ready.ready_at is not None
    assert ready.problem is None


def test_each_page_of_a_pdf_is_kept_as_it_was_read(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=25)

    bench.work(job)

    pages = library.pages(bench.database, document.id)
    assert [page.number for page in pages] == list(range(1, 26))
    assert all(f"Artigo {page.number}-0" in page.text for page in pages)
    assert bench.document(document).pages == 25
    assert library.is_paged(bench.database, document.id)


def test_every_chunk_stands_in_the_text_and_has_its_vector(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=12)

    bench.work(job)

    text = library.text(bench.database, document.id)
    chunks = bench.database.rows("select * from chunks order by ordinal")
    assert all(text[chunk["start"] : chunk["stop"]] == chunk["text"] for chunk in chunks)
    assert bench.count("vectors") == len(chunks)
    assert bench.count("vectors where segment is null") == 0


def test_progress_counts_pages_and_then_chunks(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "BATCH_SECONDS", 3600.0)
    document, job = bench.pdf(tmp_path, pages=25)
    seen: list[tuple[int, int, str]] = []

    def look() -> None:
        now = ledger.get(bench.database, job.id)
        seen.append((now.done, now.total, now.unit))

    bench.reading.at_page = {1: look, 21: look}
    after = bench.work(job)

    assert seen == [(0, 25, "pages"), (20, 25, "pages")]
    chunks = bench.document(document).chunks
    assert (after.done, after.total, after.unit) == (chunks, chunks, "chunks")


@pytest.mark.parametrize(
    ("seconds", "kept"), [(3600.0, 20), (0.0, 24)], ids=["every ten pages", "every second"]
)
def test_pages_can_be_looked_at_while_the_rest_is_being_read(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, kept: int
) -> None:
    monkeypatch.setattr(arrival, "BATCH_SECONDS", seconds)
    document, job = bench.pdf(tmp_path, pages=25)
    seen: list[tuple[str, int]] = []
    bench.reading.at_page[25] = lambda: seen.append(
        (bench.document(document).state, len(library.pages(bench.database, document.id)))
    )

    bench.work(job)

    assert seen == [("reading", kept)]


def test_a_document_read_again_is_replaced_and_not_doubled(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=12)
    bench.work(job)
    before = bench.document(document)

    _, again = intake.read_again(bench.database, bench.queue, document.id)
    assert bench.work(again).state == "succeeded"

    after = bench.document(document)
    assert (after.pages, after.chunks) == (before.pages, before.chunks)
    assert bench.count("pages") == 12
    assert bench.count("chunks") == bench.count("vectors") == after.chunks


def test_a_damaged_file_fails_at_once_and_says_what_to_do(bench: Bench) -> None:
    document, job = bench.bytes(b"%PDF-1.7\n" + b"nothing of a pdf " * 20, "a.pdf")

    after = bench.work(job)

    assert (after.state, after.attempts) == ("failed", 1)
    failed = bench.document(document)
    assert failed.state == "failed"
    assert failed.problem == after.problem
    assert failed.problem is not None
    assert bench.count("pages") == 0


def test_a_document_whose_original_is_gone_fails_and_names_it(bench: Bench) -> None:
    document, job = bench.text()
    intake.file_of(bench.settings, document.sha256).unlink()

    bench.work(job)

    assert bench.document(document).problem == Problem(
        code="file_missing", facts={"name": "regimento.md"}
    )


def test_while_the_engine_is_away_a_document_waits_and_is_not_lost(bench: Bench) -> None:
    document, job = bench.text()
    bench.embedder.away = True

    for _ in range(5):
        waiting = bench.work(job)

    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert waiting.problem is not None
    assert waiting.problem.code == "engine_down"
    assert bench.document(document).state == "indexing"
    bench.embedder.away = False
    assert bench.work(job).state == "succeeded"
    assert bench.document(document).state == "ready"


def test_a_document_that_waited_for_the_engine_is_read_only_once(bench: Bench) -> None:
    _, job = bench.text()
    bench.embedder.away = True
    bench.work(job)
    bench.embedder.away = False

    bench.work(job)

    assert bench.reading.begun == 1


def test_an_engine_that_leaves_half_way_costs_no_more_than_a_batch(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, job = bench.pdf(tmp_path, pages=40)
    embed, calls = bench.embedder.embed, 0

    def leaves(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        bench.embedder.away = calls == 2
        return embed(*args, **kwargs)

    monkeypatch.setattr(bench.embedder, "embed", leaves)
    assert bench.work(job).state == "queued"
    kept = bench.count("vectors")

    assert bench.work(job).state == "succeeded"

    assert kept > 0
    assert bench.count("vectors") == bench.document(document).chunks > kept


def test_a_reading_that_is_cancelled_ends_and_can_be_taken_up_again(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=25)

    def cancel() -> None:
        outcomes.cancel(bench.database, job.id)
        (watch,) = bench.worker.watches
        watch.look()

    bench.reading.at_page[15] = cancel
    assert bench.work(job).state == "cancelled"
    assert bench.document(document).problem == Problem(code="reading_cancelled")
    assert bench.reading.ended == 1

    outcomes.retry(bench.database, job.id)
    assert bench.work(job).state == "succeeded"

    assert bench.document(document).state == "ready"
    assert bench.count("pages") == 25


@pytest.mark.parametrize("page", [1, 11, 25])
def test_of_a_document_that_is_removed_while_it_is_read_nothing_remains(
    bench: Bench, tmp_path: Path, page: int
) -> None:
    document, job = bench.pdf(tmp_path, pages=25)
    bench.reading.at_page[page] = lambda: intake.remove(bench.database, bench.settings, document.id)

    assert bench.work(job).state == "cancelled"

    assert ledger.get(bench.database, job.id).problem is None
    assert [bench.count(table) for table in ("documents", "pages", "chunks", "vectors")] == [0] * 4
    assert [path for path in (bench.settings.data / "files").rglob("*") if path.is_file()] == []


def test_a_collection_removed_while_its_document_is_embedded_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = bench.text()
    embed = bench.embedder.embed

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        with bench.database.write() as db:
            collections.remove(db, bench.collection)
        return embed(*args, **kwargs)

    monkeypatch.setattr(bench.embedder, "embed", meanwhile)

    assert bench.work(job).state == "cancelled"
    assert [bench.count(table) for table in ("documents", "chunks", "vectors")] == [0] * 3


def test_a_document_removed_before_its_job_began_ends_the_job_quietly(bench: Bench) -> None:
    document, job = bench.text()
    with bench.database.write() as db:
        library.remove(db, document.id)

    after = bench.work(job)

    assert (after.state, after.problem) == ("cancelled", None)


def test_a_reader_that_is_killed_is_tried_three_times(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A reader without a program to run ends without a word, like one that was killed.
    false = shutil.which("false")
    monkeypatch.setattr("appliance.index.reading.process.sys.executable", false)
    document, job = bench.text()

    states = [bench.work(job).state for _ in range(ledger.ATTEMPTS)]

    assert states == ["queued", "queued", "failed"]
    problem = bench.document(document).problem
    assert problem is not None
    assert problem.code == "reader_crashed"
