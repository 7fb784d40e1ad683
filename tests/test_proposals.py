"""Pairs of documents that may be versions of one thing wait for a person's decision."""

import pytest

from appliance import library, lifetime, proposals
from appliance.errors import Conflict, NotFound
from tests.test_lifetime import Shelf


@pytest.fixture
def shelf(database):
    return Shelf(database)


def propose(shelf: Shelf, document: str, older: str) -> None:
    with shelf.database.write() as db:
        proposals.propose(db, document, older, 0.91234)


def waiting(shelf: Shelf) -> list[proposals.Proposal]:
    return proposals.of_collection(shelf.database, shelf.collection)


def sign(shelf: Shelf, *documents: str) -> None:
    with shelf.database.write() as db:
        for one in documents:
            proposals.sign(db, one, one.encode())


def test_a_proposal_names_both_documents(shelf):
    old, new = shelf.add("2025"), shelf.add("2026")
    propose(shelf, new, old)

    (one,) = waiting(shelf)

    assert (one.document.title, one.older.title, one.similarity) == ("2026", "2025", 0.912)
    assert proposals.get(shelf.database, one.id) == (one, shelf.collection)


def test_a_pair_is_proposed_once_and_never_after_it_was_dismissed(shelf):
    old, new = shelf.add("2025"), shelf.add("2026")
    propose(shelf, new, old)
    propose(shelf, new, old)
    (one,) = waiting(shelf)

    with shelf.database.write() as db:
        proposals.decide(db, one.id, "dismissed")
    propose(shelf, new, old)

    assert waiting(shelf) == []


def test_a_proposal_is_decided_once(shelf):
    propose(shelf, shelf.add("2026"), shelf.add("2025"))
    (one,) = waiting(shelf)
    with shelf.database.write() as db:
        proposals.decide(db, one.id, "accepted")

    with pytest.raises(Conflict), shelf.database.write() as db:
        proposals.decide(db, one.id, "dismissed")


def test_what_found_its_place_otherwise_is_not_shown_any_more(shelf):
    first, second, third = shelf.add("v1"), shelf.add("v2"), shelf.add("v3")
    propose(shelf, second, first)
    propose(shelf, third, first)

    with shelf.database.write() as db:
        lifetime.follow(db, second, first)

    assert waiting(shelf) == []


def test_a_proposal_goes_with_either_document(shelf):
    old, new = shelf.add("2025"), shelf.add("2026")
    propose(shelf, new, old)
    (one,) = waiting(shelf)

    with shelf.database.write() as db:
        library.remove(db, old)

    with pytest.raises(NotFound):
        proposals.get(shelf.database, one.id)


def test_a_document_is_compared_with_those_that_came_before_it(shelf):
    first, second, third = shelf.add("v1"), shelf.add("v2"), shelf.add("v3")
    sign(shelf, first, second, third)

    found = proposals.comparable(shelf.database, second)

    assert [(one.id, one.signature) for one in found] == [(first, first.encode())]


def test_what_is_superseded_unread_or_elsewhere_is_not_compared(shelf):
    first = shelf.add("v1")
    second = shelf.add("v2", supersedes=first)
    unread = shelf.add("lendo", ready=False)
    far = shelf.add("longe", collection=shelf.other)
    last = shelf.add("v3")
    sign(shelf, first, second, unread, far, last)

    assert [one.title for one in proposals.comparable(shelf.database, last)] == ["v2"]


def test_a_text_that_became_too_short_is_compared_no_more(shelf):
    first, last = shelf.add("v1"), shelf.add("v2")
    sign(shelf, first)

    with shelf.database.write() as db:
        proposals.sign(db, first, None)

    assert proposals.comparable(shelf.database, last) == []
