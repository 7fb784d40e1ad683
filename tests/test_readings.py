"""What an unfinished reading has committed counts for the next attempt, and only what it has."""

from collections.abc import Sequence

import pytest

from appliance import collections, library, readings
from appliance.database import Database
from appliance.readings import Kept
from appliance.records import Document, How, Page

STAMP = "a file by a reader"


@pytest.fixture
def document(database: Database) -> Document:
    with database.write() as db:
        collection = collections.create(db, "Regulations")
        return library.add(
            db,
            collection=collection.id,
            title="Regimento",
            file_name="regimento.pdf",
            media_type="application/pdf",
            bytes=10,
            sha256="ab",
            paged=True,
        )


def read(database: Database, document: Document, *hows: How, numbers: Sequence[int] = ()) -> None:
    """A reading that committed pages read like this, and was cut short."""
    pages = [
        Page(number=number, how=how, text="palavras" if how == "digital" else "")
        for number, how in zip(numbers or range(1, 100), hows, strict=False)
    ]
    with database.write() as db:
        library.put_pages(database, document.id, pages, fresh=True)
        readings.begin(db, document.id, STAMP)


def test_of_a_reading_that_never_began_nothing_is_kept(
    database: Database, document: Document
) -> None:
    assert readings.kept(database, document.id, STAMP) == Kept()


def test_the_committed_pages_are_kept_and_those_without_words_counted(
    database: Database, document: Document
) -> None:
    read(database, document, "digital", "unreadable", "digital")

    assert readings.kept(database, document.id, STAMP) == Kept(pages=3, unreadable=1)


def test_pages_of_another_file_or_by_another_reader_are_not_kept(
    database: Database, document: Document
) -> None:
    read(database, document, "digital")

    assert readings.kept(database, document.id, "another file by a reader") == Kept()


def test_pages_of_a_reading_that_ended_are_not_kept(database: Database, document: Document) -> None:
    read(database, document, "digital")
    with database.write() as db:
        readings.end(db, document.id)
        readings.end(db, document.id)

    assert readings.kept(database, document.id, STAMP) == Kept()


def test_while_no_page_has_words_the_whole_is_read_again(
    database: Database, document: Document
) -> None:
    """Only who sees all pages can say that the document has no words."""
    read(database, document, "unreadable", "unreadable")

    assert readings.kept(database, document.id, STAMP) == Kept()


def test_pages_with_a_gap_are_not_believed(database: Database, document: Document) -> None:
    read(database, document, "digital", "digital", numbers=(1, 3))

    assert readings.kept(database, document.id, STAMP) == Kept()


def test_a_removed_document_takes_its_reading_along(database: Database, document: Document) -> None:
    read(database, document, "digital")
    with database.write() as db:
        library.remove(db, document.id)

    assert database.rows("select * from readings") == []
