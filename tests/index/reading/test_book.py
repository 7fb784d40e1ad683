"""An open PDF: what it says of itself, and what happens where half of it is broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import NotFound, Unreadable
from appliance.index.reading import book as opening
from appliance.index.reading.book import Book
from appliance.index.reading.sheets import BLANK
from tests.index.reading import papers


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A book of two pages under a title."""
    path = papers.pdf(tmp_path / "a.pdf", ["Um"], ["Dois"], title="Regimento escolar")
    with path.open("rb") as file:
        yield Book(file, path.name)


def titled(folder: Path, title: str) -> str | None:
    path = papers.pdf(folder / "a.pdf", ["Texto"], title=title)
    with path.open("rb") as file:
        return Book(file, path.name).title()


def refusal_of(path: Path) -> str:
    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        Book(file, path.name)
    return refusal.value.code


def test_a_book_knows_its_pages_and_its_title(book: Book) -> None:
    assert (book.pages, book.title()) == (2, "Regimento escolar")


@pytest.mark.parametrize(
    "title", ["ab", "x" * 301, "Microsoft Word - ata", "Untitled-3", "ata.DOCX", "final.indd"]
)
def test_a_title_that_no_person_gave_is_none(tmp_path: Path, title: str) -> None:
    assert titled(tmp_path, title) is None


def test_a_title_is_one_line(tmp_path: Path) -> None:
    assert titled(tmp_path, "Regimento\n  escolar") == "Regimento escolar"


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_the_book_does_not_have_is_not_found(book: Book, number: int) -> None:
    with pytest.raises(NotFound) as refusal:
        book.sheet(number)

    assert refusal.value.facts == {"name": "a.pdf", "page": number, "pages": 2}


def test_both_parsers_read_the_same_page(book: Book) -> None:
    assert book.look(2).text == book.second_opinion(2).strip() == "Dois"


def test_a_page_that_neither_parser_knows_is_blank(book: Book) -> None:
    assert (book.look(9), book.second_opinion(9), book.written(9)) == (BLANK, "", [])


def test_pypdf_keeps_nothing_of_a_page_that_it_read(book: Book) -> None:
    assert book.structure is not None
    book.second_opinion(1)

    assert book.structure.resolved_objects == {}


def test_a_second_opinion_that_would_take_long_is_not_asked_for(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_SECOND_LIMIT", 10)

    assert book.second_opinion(1) == ""


@pytest.mark.parametrize(("may_burst", "heavy"), [(True, True), (False, False)])
def test_a_page_is_heavy_only_in_a_file_that_may_burst(
    book: Book, monkeypatch: pytest.MonkeyPatch, may_burst: bool, heavy: bool
) -> None:
    monkeypatch.setattr(opening, "CONTENT_LIMIT", 10)
    monkeypatch.setattr(book, "may_burst", may_burst)

    assert book.is_heavy(1) is heavy


def test_a_heavy_page_is_not_opened(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "CONTENT_LIMIT", 10)
    monkeypatch.setattr(book, "may_burst", True)

    with pytest.raises(Unreadable) as refusal:
        book.sheet(1)

    assert refusal.value.code == "too_big_in_memory"


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"hello", b"\n", b"%PDF-1.7\n" + bytes(5000)])
def test_what_neither_parser_opens_is_damaged(tmp_path: Path, content: bytes) -> None:
    assert refusal_of(papers.saved(tmp_path, "a.pdf", content)) == "damaged"


def test_a_book_that_pdfium_alone_opens_has_pages_and_no_second_opinion(
    book: Book,
) -> None:
    book.structure = None

    assert (book.look(1).text, book.title(), book.second_opinion(1)) == ("Um", None, "")


def test_a_book_that_pypdf_alone_opens_has_words_and_no_sheets(book: Book) -> None:
    book.paper = None

    assert (book.look(1), book.second_opinion(1).strip()) == (BLANK, "Um")
    with pytest.raises(NotFound):
        book.sheet(1)
