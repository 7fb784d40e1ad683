"""What people settle about pages: it counts, it stays, and what was read is kept."""

import pytest

from appliance import collections, library, reviews
from appliance.database import Database
from appliance.errors import NotFound
from appliance.records import Caller, Document, Heading, Page

ANA = Caller(kind="person", id="ana", name="Ana")
PAGES = [
    Page(number=1, how="digital", text="Primeira."),
    Page(number=2, how="unreadable", text="", notes=("no_text",)),
    Page(number=3, how="ocr", text="Terceira.", confidence=0.95),
    Page(number=4, how="ocr", text="Qu4rta.", confidence=0.4),
    Page(number=5, how="digital", text="Quinta.", notes=("hidden_text",)),
    Page(number=6, how="digital", text="Sexta.", notes=("columns",)),
    Page(number=7, how="unreadable", text=""),
]


@pytest.fixture
def document(database: Database) -> Document:
    with database.write() as db:
        collection = collections.create(db, "Atas").id
        made = library.add(
            db, collection=collection, title="Ata", file_name="ata.pdf",
            media_type="application/pdf", bytes=1, sha256="a" * 64, paged=True,
        )  # fmt: skip
    library.put_pages(database, made.id, PAGES)
    with database.write() as db:
        reviews.recount(db, made.id)
    return made


def settle(database: Database, document: Document, number: int, **what: object) -> None:
    with database.write() as db:
        reviews.settle(db, ANA, document.id, number, **what)  # type: ignore[arg-type]


def counts(database: Database, document: Document) -> tuple[int, int]:
    now = library.get(database, document.id)
    return now.pages_unreadable, now.pages_to_check


def test_pages_not_read_doubtful_or_suspect_need_a_look(database, document):
    assert reviews.to_check(database, document.id) == [2, 4, 5, 7]
    assert counts(database, document) == (2, 4)


def test_pages_that_need_a_look_come_in_parts(database, document):
    assert reviews.to_check(database, document.id, after=2, limit=2) == [4, 5]
    assert reviews.to_check(database, document.id, among=[1, 2, 3]) == [2]


def test_an_accepted_page_needs_no_look_any_more(database, document):
    settle(database, document, 2, accepted=True)

    assert reviews.to_check(database, document.id) == [4, 5, 7]
    assert counts(database, document) == (1, 3)


def test_an_acceptance_can_be_taken_back(database, document):
    settle(database, document, 2, accepted=True)
    settle(database, document, 2, accepted=False)

    assert counts(database, document) == (2, 4)
    assert reviews.of(database, document.id, [2]) == {}


def test_a_corrected_page_has_the_new_text_and_keeps_what_was_read(database, document):
    settle(database, document, 4, text="Quarta.")

    assert library.page(database, document.id, 4).text == "Quarta."
    review = reviews.of(database, document.id, [4])[4]
    assert (review.corrected, review.read, review.by) == (True, "Qu4rta.", "Ana")
    assert review.at
    assert counts(database, document) == (2, 3)


def test_the_offsets_of_later_pages_follow_a_correction(database, document):
    settle(database, document, 1, text="Uma página bem mais longa que a primeira.")

    starts = library.page_starts(database, document.id)
    text = library.text(database, document.id)
    assert text[starts[3] :].startswith("Terceira.")


def test_a_correction_can_be_taken_back(database, document):
    settle(database, document, 4, text="Quarta.")
    settle(database, document, 4, text=None)

    assert library.page(database, document.id, 4).text == "Qu4rta."
    assert counts(database, document) == (2, 4)


def test_a_heading_moves_with_its_words_and_goes_when_they_do(database, document):
    headed = Page(
        number=8, how="digital", text="Dos prazos\nTexto.\nDas multas",
        headings=(Heading(start=0, level=1, title="Dos prazos"),
                  Heading(start=18, level=1, title="Das multas")),
    )  # fmt: skip
    library.put_pages(database, document.id, [headed])

    settle(database, document, 8, text="Capítulo II\nDos prazos\nOutro texto.")

    (heading,) = library.page(database, document.id, 8).headings
    assert (heading.title, heading.start) == ("Dos prazos", 12)


def test_what_was_settled_stays_when_the_document_is_read_again(database, document):
    settle(database, document, 2, accepted=True)
    settle(database, document, 4, text="Quarta.")

    library.put_pages(database, document.id, PAGES, fresh=True)
    with database.write() as db:
        reviews.recount(db, document.id)

    assert reviews.to_check(database, document.id) == [5, 7]
    assert library.page(database, document.id, 4).text == "Quarta."


def test_what_was_settled_about_a_page_goes_when_that_page_is_read_again(database, document):
    settle(database, document, 2, accepted=True)
    settle(database, document, 4, text="Quarta.")

    with database.write() as db:
        reviews.forget(db, document.id, [4])

    assert reviews.to_check(database, document.id) == [4, 5, 7]
    assert library.page(database, document.id, 4).text == "Qu4rta."


def test_a_page_that_is_not_there_cannot_be_settled(database, document):
    with pytest.raises(NotFound):
        settle(database, document, 99, accepted=True)


def test_what_was_settled_goes_with_its_document(database, document):
    settle(database, document, 2, accepted=True)

    with database.write() as db:
        library.remove(db, document.id)

    assert database.rows("select 1 from reviews") == []


def test_the_summary_counts_pages_by_how_they_were_read(database, document):
    settle(database, document, 2, accepted=True)
    settle(database, document, 4, text="Quarta.")

    summary = reviews.summary(database, document.id)

    assert (summary.pages, summary.digital, summary.ocr, summary.unreadable) == (7, 3, 2, 2)
    assert (summary.to_check, summary.accepted, summary.corrected) == (2, 1, 1)
    assert summary.confidence == pytest.approx(0.675)


def test_pages_beside_the_evidence_are_those_one_page_away(database, document):
    assert reviews.unreadable(database, document.id, near=[3]) == [2]
    assert reviews.unreadable(database, document.id, near=[6, 7]) == [7]
    assert reviews.unreadable(database, document.id, near=[4]) == []
    assert reviews.unreadable(database, document.id) == [2, 7]


def test_an_accepted_page_is_not_named_beside_the_evidence(database, document):
    settle(database, document, 2, accepted=True)

    assert reviews.unreadable(database, document.id, near=[3]) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("uma\r\nduas\rtrês", "uma\nduas\ntrês"),
        ("antes\fdepois", "antes\ndepois"),
        ("a\u0301gua", "água"),
        ("com\x00zero\u200b", "comzero"),
    ],
)
def test_a_persons_text_is_made_fit_for_a_page(given: str, kept: str):
    assert reviews.sound(given) == kept
