"""What a reading brings, on its way into the library."""

import hashlib
import threading

import pytest

from appliance import library, readings
from appliance.database import Database
from appliance.index.reading.wire import Attachment, Outline, TableRows
from appliance.jobs import arrival, intake, ledger
from appliance.jobs.arrival import Arrival
from appliance.jobs.attachments import SKIPPED, Attachments
from appliance.jobs.queue import Queue
from appliance.jobs.watch import Stopping, Watch
from appliance.readings import Kept
from appliance.records import Document, Job, Page
from appliance.rows import Table, TableColumn, TableRow
from appliance.settings import Settings

OUTLINE = Outline(pages=25, title=None, paged=True)
UNREAD = Attachment(file_name="programa.exe", content=b"MZ\x90\x00" + bytes(100))
STAMP = "reader@1"


class Desk:
    """A document whose job is running, and what a reading of it brings."""

    def __init__(
        self, database: Database, settings: Settings, queue: Queue, collection: str
    ) -> None:
        self.database, self.settings = database, settings
        path = intake.incoming(settings) / "arrived"
        path.write_bytes(b"Texto")
        upload = intake.Upload(
            path=path, file_name="a.txt", bytes=5, sha256=hashlib.sha256(b"Texto").hexdigest()
        )
        self.document, job = intake.accept(database, settings, queue, collection, upload)
        claimed = ledger.claim(database, job.id)
        assert claimed is not None
        self.job: Job = claimed
        self.stopping = threading.Event()

    def arrival(self, *, kept: Kept | None = None, only: frozenset[int] | None = None) -> Arrival:
        attached = Attachments(self.database, self.settings, self.document, lambda job: None)
        return Arrival(
            self.database,
            self.document.id,
            Watch(self.database, self.job, self.stopping),
            attachments=attached,
            stamp=STAMP,
            kept=kept or Kept(),
            only=only,
        )

    def texts(self) -> list[str]:
        return [page.text for page in library.pages(self.database, self.document.id)]

    def progress(self) -> tuple[int, int]:
        job = ledger.get(self.database, self.job.id)
        return job.done, job.total

    def now(self) -> Document:
        return library.get(self.database, self.document.id)

    def read(self, *texts: str) -> None:
        """A whole reading of these pages."""
        whole = self.arrival()
        for number, text in enumerate(texts, start=1):
            whole.take(page(number, text))
        whole.finish()


@pytest.fixture
def desk(
    database: Database,
    settings: Settings,
    queue: Queue,
    collection: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The clock never makes a batch whole here, only the number of pages does."""
    monkeypatch.setattr(arrival, "BATCH_SECONDS", 3600.0)
    return Desk(database, settings, queue, collection)


def page(number: int, text: str = "x") -> Page:
    return Page(number=number, how="digital" if text else "unreadable", text=text)


def test_pages_are_committed_ten_at_a_time(desk: Desk) -> None:
    coming = desk.arrival()
    for number in range(1, 20):
        coming.take(page(number))

    assert len(desk.texts()) == arrival.BATCH_PAGES


def test_a_page_that_waited_for_a_second_is_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "BATCH_SECONDS", -1.0)

    desk.arrival().take(page(1))

    assert desk.texts() == ["x"]


def test_the_outline_says_how_many_pages_there_are_to_come(desk: Desk) -> None:
    desk.arrival().take(OUTLINE)

    assert desk.progress() == (0, 25)


def test_progress_is_what_is_committed(desk: Desk) -> None:
    coming = desk.arrival()
    coming.take(OUTLINE)
    for number in range(1, 13):
        coming.take(page(number))

    assert desk.progress() == (10, 25)


def test_more_pages_than_were_announced_are_no_more_than_all(desk: Desk) -> None:
    coming = desk.arrival()
    coming.take(Outline(pages=3, title=None, paged=True))
    for number in range(1, 11):
        coming.take(page(number))

    assert desk.progress() == (10, 10)


def test_the_end_commits_the_rest_and_the_news_that_these_are_all(desk: Desk) -> None:
    coming = desk.arrival()
    coming.take(OUTLINE)
    coming.take(page(1))
    coming.take(page(2, ""))

    coming.finish()

    document = desk.now()
    assert document.state == "indexing"
    assert (document.pages, document.pages_unreadable) == (2, 1)


def test_a_reading_takes_the_place_of_a_longer_one(desk: Desk) -> None:
    desk.read("um", "dois", "três")

    desk.read("novo")

    assert desk.texts() == ["novo"]


def test_what_was_there_stays_until_the_first_batch_is_whole(desk: Desk) -> None:
    desk.read("um")

    desk.arrival().take(page(1, "novo"))

    assert desk.texts() == ["um"]


def test_a_reading_that_was_cut_short_is_known_by_its_stamp(desk: Desk) -> None:
    coming = desk.arrival()
    for number in range(1, 12):
        coming.take(page(number))

    assert readings.kept(desk.database, desk.document.id, STAMP) == Kept(pages=10)


def test_a_reading_that_ended_leaves_nothing_to_go_on_with(desk: Desk) -> None:
    desk.read("um")

    assert readings.kept(desk.database, desk.document.id, STAMP) == Kept()


def test_a_reading_that_goes_on_keeps_the_pages_before_and_counts_them(desk: Desk) -> None:
    first = desk.arrival()
    for number in range(1, 11):
        first.take(page(number, "" if number == 1 else "antes"))

    rest = desk.arrival(kept=Kept(pages=10, unreadable=1))
    rest.take(page(11, "depois"))
    rest.finish()

    assert desk.texts()[-2:] == ["antes", "depois"]
    assert (desk.now().pages, desk.now().pages_unreadable) == (11, 1)


def test_a_reading_of_some_pages_leaves_the_others_as_they_were(desk: Desk) -> None:
    desk.read("um", "dois", "três")

    some = desk.arrival(only=frozenset({2}))
    for number in range(1, 4):
        some.take(page(number, "novo"))
    some.finish()

    assert desk.texts() == ["um", "novo", "três"]


def test_a_note_on_a_page_that_is_not_read_again_changes_nothing_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.read("um", "dois")
    monkeypatch.setattr(arrival, "BATCH_SECONDS", -1.0)

    some = desk.arrival(only=frozenset({2}))
    some.take(page(1, "novo"))
    some.take(UNREAD)

    assert desk.texts() == ["um", "dois"]


def test_an_attachment_that_is_not_read_is_noted_once_on_the_page_it_came_with(
    desk: Desk,
) -> None:
    coming = desk.arrival()
    coming.take(page(1))
    coming.take(page(2))
    coming.take(UNREAD)
    coming.take(UNREAD)
    coming.finish()

    first, second = library.pages(desk.database, desk.document.id)
    assert (first.notes, second.notes) == ((), (SKIPPED,))


def test_an_attachment_before_any_page_has_no_page_to_be_noted_on(desk: Desk) -> None:
    coming = desk.arrival()
    coming.take(UNREAD)
    coming.take(page(1))
    coming.finish()

    assert library.page(desk.database, desk.document.id, 1).notes == ()


def test_the_tables_of_a_former_reading_are_gone_when_another_begins(desk: Desk) -> None:
    former = desk.arrival()
    columns = (TableColumn(name="Nome", kind="text"),)
    former.take(Table(sheet="Alunos", columns=columns, start=None, end=None))
    former.take(TableRows(rows=(TableRow(number=2, start=None, end=None, cells=("Ana",)),)))

    desk.arrival()

    assert desk.database.rows("select * from table_rows") == []


def test_a_worker_that_has_to_stop_ends_the_reading_with_its_batch_uncommitted(
    desk: Desk,
) -> None:
    coming = desk.arrival()
    coming.take(page(1))
    desk.stopping.set()

    with pytest.raises(Stopping):
        coming.finish()

    assert desk.texts() == []


def test_pages_of_a_document_that_was_removed_meanwhile_are_dropped(desk: Desk) -> None:
    coming = desk.arrival()
    coming.take(page(1))
    with desk.database.write() as db:
        db.run("delete from documents where id = :id", {"id": desk.document.id})

    coming._write()

    assert desk.texts() == []
