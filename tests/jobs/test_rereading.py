"""How a document is read again: the wish goes to the reader, and what was not named stays."""

from pathlib import Path
from typing import Any

import pytest

from appliance import library, reviews
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.jobs import intake
from appliance.jobs.queue import Queue
from appliance.records import Caller
from appliance.settings import Settings
from tests.jobs.test_ingest import Bench

ANA = Caller(kind="person", id="ana", name="Ana")


@pytest.fixture
def bench(database: Database, settings: Settings, queue: Queue, collection: str) -> Bench:
    return Bench(database, settings, queue, collection)


@pytest.fixture
def asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each reading was told."""
    told: list[dict[str, Any]] = []
    read = type(bench.reading).__call__

    def listening(self: Any, *args: Any, **kwargs: Any) -> Any:
        told.append(kwargs)
        return read(self, *args, **kwargs)

    monkeypatch.setattr(type(bench.reading), "__call__", listening)
    return told


def again(bench: Bench, document: str, **wish: Any) -> None:
    _, job = intake.read_again(bench.database, bench.queue, document, **wish)
    assert bench.work(job).state == "succeeded"


def test_the_reader_is_told_the_language_and_whether_to_use_ocr(
    bench: Bench, asked: list[dict[str, Any]]
) -> None:
    document, job = bench.text()
    bench.work(job)
    again(bench, document.id, language="es", ocr="always")

    assert [(told["language"], told["ocr"]) for told in asked] == [(None, "auto"), ("es", "always")]


def test_a_later_reading_without_a_wish_is_as_usual_in_the_language_that_is_known(
    bench: Bench, asked: list[dict[str, Any]]
) -> None:
    document, job = bench.text()
    bench.work(job)
    again(bench, document.id, language="es", ocr="never")
    again(bench, document.id)

    assert (asked[-1]["language"], asked[-1]["ocr"]) == ("es", "auto")


def test_only_the_pages_that_are_named_are_replaced(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=12)
    bench.work(job)
    kept = [msg for msg in library.pages(bench.database, document.id) if msg.number != 7]
    with bench.database.write() as db:
        db.run("update pages set text = 'estragada' where number in (3, 7)")

    again(bench, document.id, pages=[7])

    pages = {page.number: page.text for page in library.pages(bench.database, document.id)}
    assert len(pages) == bench.document(document).pages == 12
    assert pages[3] == "estragada"
    assert "Artigo 7-0" in pages[7]
    assert pages[12] == kept[-1].text


def test_a_document_with_a_page_read_again_is_found_by_its_new_text(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    bench.work(job)
    with bench.database.write() as db:
        db.run("update pages set text = 'estragada' where number = 2")

    again(bench, document.id, pages=[2])

    texts = [row["text"] for row in bench.database.rows("select text from chunks")]
    assert any("Artigo 2-0" in text for text in texts)
    assert bench.count("chunks") == bench.count("vectors") == bench.document(document).chunks


def test_a_reading_that_runs_is_not_changed_under_way(bench: Bench, tmp_path: Path) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    refused: list[str] = []

    def wish() -> None:
        try:
            intake.read_again(bench.database, bench.queue, document.id, ocr="always")
        except Conflict as refusal:
            refused.append(refusal.code)

    bench.reading.at_page[2] = wish
    bench.work(job)

    assert refused == ["being_read"]
    assert bench.document(document).ocr == "auto"


@pytest.mark.parametrize("pages", [[0], [4], [], [1, 99]])
def test_pages_that_are_not_there_cannot_be_read_again(
    bench: Bench, tmp_path: Path, pages: list[int]
) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    bench.work(job)

    with pytest.raises(BadRequest) as refusal:
        intake.read_again(bench.database, bench.queue, document.id, pages=pages)

    assert refusal.value.code == "no_such_pages"
    assert bench.document(document).state == "ready"


def test_a_document_that_was_never_read_whole_is_not_read_in_part(bench: Bench) -> None:
    document, _ = bench.text()

    with pytest.raises(BadRequest):
        intake.read_again(bench.database, bench.queue, document.id, pages=[1])


def test_a_corrected_page_is_split_and_embedded_without_being_read(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    bench.work(job)

    correction = intake.correct(
        bench.database, bench.queue, ANA, document.id, 2, "O jabuti é o mascote da casa."
    )
    assert bench.work(correction).state == "succeeded"

    assert bench.reading.begun == 1
    texts = [row["text"] for row in bench.database.rows("select text from chunks")]
    assert any("jabuti" in text for text in texts)
    assert not any("Artigo 2-0" in text for text in texts)
    whole = library.text(bench.database, document.id)
    chunks = bench.database.rows("select * from chunks")
    assert all(whole[chunk["start"] : chunk["stop"]] == chunk["text"] for chunk in chunks)


def test_a_correction_outlives_a_reading_of_the_whole_document(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    bench.work(job)
    bench.work(intake.correct(bench.database, bench.queue, ANA, document.id, 2, "O jabuti."))

    again(bench, document.id)

    assert library.page(bench.database, document.id, 2).text == "O jabuti."
    assert reviews.summary(bench.database, document.id).corrected == 1


def test_a_page_that_is_not_there_is_not_corrected_and_nothing_is_queued(
    bench: Bench, tmp_path: Path
) -> None:
    document, job = bench.pdf(tmp_path, pages=3)
    bench.work(job)

    with pytest.raises(NotFound):
        intake.correct(bench.database, bench.queue, ANA, document.id, 9, "Nada.")

    assert bench.document(document).state == "ready"
    assert bench.count("jobs where state = 'queued'") == 0
