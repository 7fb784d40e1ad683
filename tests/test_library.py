"""The library: documents, their pages, and offsets that can be checked."""

import pytest

from appliance import collections, families, library
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.records import PAGE_BREAK, Document, Heading, Page, Problem, Word


@pytest.fixture
def collection(database):
    with database.write() as db:
        return collections.create(db, "Secretaria").id


def added(database: Database, collection: str, sha256: str = "a" * 64) -> Document:
    with database.write() as db:
        return library.add(
            db,
            collection=collection,
            title="Regimento",
            file_name="regimento.pdf",
            media_type="application/pdf",
            bytes=12,
            sha256=sha256,
            paged=True,
        )


PAGES = [
    Page(
        number=1,
        how="digital",
        text="Primeira página.",
        headings=(Heading(start=0, level=1, title="Um"),),
        removed=("Página 1 de 3",),
    ),
    Page(number=2, how="unreadable", text="", notes=("no_text",)),
    Page(number=3, how="digital", text="Terceira página, ação.", confidence=0.9),
]


def test_a_new_document_waits_to_be_read(database, collection):
    document = added(database, collection)

    assert document.state == "queued"
    assert library.get(database, document.id) == document


def test_the_same_content_stands_once_in_a_collection(database, collection):
    document = added(database, collection)

    with pytest.raises(Conflict) as refusal:
        added(database, collection)

    assert refusal.value.code == "already_in_library"
    assert refusal.value.facts == {"document": document.id, "title": "Regimento"}


def test_the_same_content_may_stand_in_two_collections(database, collection):
    added(database, collection)
    with database.write() as db:
        other = collections.create(db, "Diretoria").id

    assert added(database, other).collection == other


def test_the_places_of_words_are_kept_and_given_where_they_are_asked_for(database, collection):
    words = (Word(0, 1, 100, 200, 150, 260, 96), Word(2, 7, 170, 200, 10_000, 260, 31))
    scan = Page(number=1, how="ocr", text="A multa", confidence=0.7, words=words)
    document = added(database, collection)
    library.put_pages(database, document.id, [scan, PAGES[2]])

    assert library.words(database, document.id, 1) == words
    assert library.words(database, document.id, 3) == ()
    assert library.words(database, document.id, 9) == ()
    assert library.page(database, document.id, 1).words == ()


def test_pages_come_back_as_they_were_read(database, collection):
    document = added(database, collection)
    library.put_pages(database, document.id, PAGES)

    assert library.pages(database, document.id) == PAGES
    assert library.page(database, document.id, 3) == PAGES[2]
    with pytest.raises(NotFound):
        library.page(database, document.id, 4)


def test_every_page_starts_where_its_text_stands_in_the_document(database, collection):
    document = added(database, collection)
    library.put_pages(database, document.id, PAGES)

    text = library.text(database, document.id)
    starts = library.page_starts(database, document.id)

    assert text.count(PAGE_BREAK) == 2
    for page in PAGES:
        assert text[starts[page.number] :].startswith(page.text)


def test_reading_again_leaves_nothing_of_the_first_reading(database, collection):
    document = added(database, collection)
    library.put_pages(database, document.id, PAGES)

    library.put_pages(database, document.id, PAGES[:1], fresh=True)

    assert library.pages(database, document.id) == PAGES[:1]


def test_writing_a_page_twice_is_harmless(database, collection):
    document = added(database, collection)

    library.put_pages(database, document.id, PAGES)
    library.put_pages(database, document.id, PAGES)

    assert library.pages(database, document.id) == PAGES


def test_pages_of_a_removed_document_are_dropped_in_silence(database, collection):
    document = added(database, collection)
    with database.write() as db:
        assert library.remove(db, document.id)

    library.put_pages(database, document.id, PAGES)

    assert library.pages(database, document.id) == []


def test_removing_a_document_takes_its_pages_along(database, collection):
    document = added(database, collection)
    library.put_pages(database, document.id, PAGES)

    with database.write() as db:
        library.remove(db, document.id)

    assert database.rows("select * from pages") == []
    assert not library.shared_content(database, document.sha256)
    with pytest.raises(NotFound):
        library.get(database, document.id)


def test_a_removal_that_is_rolled_back_removes_nothing(database, collection):
    document = added(database, collection)

    with pytest.raises(RuntimeError), database.write() as db:
        library.remove(db, document.id)
        raise RuntimeError

    assert library.get(database, document.id) == document


def test_a_failed_document_says_why_in_the_readers_language(database, collection):
    document = added(database, collection)
    library.set_state(database, document.id, "failed", problem=Problem(code="not_found", facts={}))

    shown = library.as_json(library.get(database, document.id), "pt")

    assert shown["state"] == "failed"
    assert shown["problem"]["code"] == "not_found"
    assert "Confira o endereço" in shown["problem"]["detail"]


def test_a_ready_document_knows_when_it_became_so_and_what_it_holds(database, collection):
    document = added(database, collection)

    library.set_state(database, document.id, "ready", pages=3, pages_unreadable=1, chunks=7)
    ready = library.get(database, document.id)

    assert ready.ready_at is not None
    assert (ready.pages, ready.pages_unreadable, ready.chunks) == (3, 1, 7)
    assert library.is_paged(database, document.id)


def test_a_fact_that_documents_do_not_have_is_refused(database, collection):
    document = added(database, collection)

    with pytest.raises(ValueError, match="colour"):
        library.set_state(database, document.id, "ready", colour="green")


def test_documents_are_listed_in_the_order_they_came_a_page_at_a_time(database, collection):
    made = [added(database, collection, str(n) * 64) for n in range(3)]

    first = library.of_collection(database, collection, limit=2)
    rest = library.of_collection(database, collection, after=first[-1].id)

    assert [one.id for one in [*first, *rest]] == [one.id for one in made]


@pytest.mark.parametrize(
    ("file_name", "title"),
    [
        ("regimento_interno-2026.pdf", "Regimento interno 2026"),
        ("C:\\fakepath\\Tabela de preços.docx", "Tabela de preços"),
        ("../../etc/passwd", "Passwd"),
        ("ata.v2.final.md", "Ata.v2.final"),
        (".env", ".env"),
    ],
)
def test_a_title_is_the_files_name_as_a_person_would_write_it(file_name, title):
    assert library.title_of(file_name) == title


def with_parent(database: Database, collection: str, parent: str | None, sha256: str) -> Document:
    with database.write() as db:
        return library.add(
            db,
            collection=collection,
            title="Anexo",
            file_name="anexo.pdf",
            media_type="application/pdf",
            bytes=12,
            sha256=sha256,
            paged=True,
            parent=parent,
        )


def test_a_document_knows_where_it_came_from_and_what_came_with_it(database, collection):
    mail = with_parent(database, collection, None, "a" * 64)
    inner = with_parent(database, collection, mail.id, "b" * 64)
    last = with_parent(database, collection, inner.id, "c" * 64)

    assert library.children(database, mail.id) == [inner]
    assert families.origin(database, last.id) == (mail.id, 2)
    assert families.origin(database, mail.id) == (mail.id, 0)
    assert families.descendants(database, mail.id) == 2
    assert families.descendants(database, last.id) == 0


def test_a_document_that_is_gone_came_from_nowhere(database):
    with pytest.raises(NotFound):
        families.origin(database, "gone")


def test_what_came_with_a_document_goes_with_it_whoever_removes_it(database, collection):
    mail = with_parent(database, collection, None, "a" * 64)
    with_parent(database, collection, mail.id, "b" * 64)

    with database.write() as db:
        library.remove(db, mail.id)

    assert library.of_collection(database, collection) == []
