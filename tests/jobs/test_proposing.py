"""A document that becomes ready is compared with the older ones of its collection."""

import random

import pytest

from appliance import collections, library, proposals
from appliance.database import Database
from appliance.jobs import proposing
from appliance.records import Page

VOCABULARY = [f"termo{n}" for n in range(3000)]


def words(seed: int, size: int = 2000) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=size)


def changed(text: list[str], each: int) -> list[str]:
    """The text with one of ``each`` so many stretches of ten words rewritten."""
    draw, made = random.Random(7), list(text)
    for start in range(0, len(made), 10 * each):
        made[start : start + 10] = draw.choices(VOCABULARY, k=10)
    return made


class Desk:
    def __init__(self, database: Database, collection: str) -> None:
        self.database, self.collection = database, collection

    def put(self, title: str, text: list[str], *, collection: str = "", **facts: str) -> str:
        """A document with this text that has just become ready."""
        with self.database.write() as db:
            made = library.add(
                db, collection=collection or self.collection, title=title,
                file_name=f"{title}.pdf", media_type="application/pdf", bytes=1,
                sha256=f"{title}{collection}", paged=True, **facts,
            )  # fmt: skip
        library.put_pages(
            self.database, made.id, [Page(number=1, how="digital", text=" ".join(text))]
        )
        library.set_state(self.database, made.id, "ready")
        proposing.propose(self.database, made.id)
        return made.id

    @property
    def found(self) -> list[tuple[str, str]]:
        """The pairs of titles that are proposed, new before old."""
        waiting = proposals.of_collection(self.database, self.collection)
        return [(one.document.title, one.older.title) for one in waiting]


@pytest.fixture
def desk(database: Database, collection: str) -> Desk:
    return Desk(database, collection)


def test_a_text_that_is_nearly_the_same_is_proposed_whatever_its_name(desk: Desk) -> None:
    desk.put("Regimento", words(1))
    desk.put("scan0042", changed(words(1), 40))

    assert desk.found == [("scan0042", "Regimento")]


def test_a_text_that_is_half_the_same_is_proposed_by_its_name(desk: Desk) -> None:
    desk.put("Regimento 2025", words(1))
    desk.put("Regimento 2026", changed(words(1), 8))

    assert desk.found == [("Regimento 2026", "Regimento 2025")]


def test_a_text_that_is_half_the_same_with_another_name_is_not_proposed(desk: Desk) -> None:
    desk.put("Regimento", words(1))
    desk.put("Contrato de locação", changed(words(1), 8))

    assert desk.found == []


def test_the_same_name_over_another_text_is_not_proposed(desk: Desk) -> None:
    desk.put("Ata de março", words(1))
    desk.put("Ata de abril", words(2))

    assert desk.found == []


def test_of_several_the_most_alike_is_proposed(desk: Desk) -> None:
    desk.put("Regimento 2024", changed(words(1), 8))
    desk.put("Regimento 2025", changed(words(1), 40))
    desk.put("Regimento 2026", words(1))

    assert desk.found[-1] == ("Regimento 2026", "Regimento 2025")


def test_a_form_that_was_filled_in_many_times_is_not_a_row_of_versions(desk: Desk) -> None:
    names = ["Ana", "Bruno", "Célia", "Davi", "Elisa", "Fábio"]
    for name in names:
        desk.put(f"Contrato {name}", [*words(1), name])

    assert [one for one, _ in desk.found] == ["Contrato Bruno", "Contrato Célia", "Contrato Davi"]


def test_a_document_that_was_sent_as_a_new_version_needs_no_proposal(desk: Desk) -> None:
    old = desk.put("Regimento", words(1))
    desk.put("Regimento novo", changed(words(1), 40), supersedes=old)

    assert desk.found == []


def test_documents_of_other_collections_are_not_compared(desk: Desk) -> None:
    with desk.database.write() as db:
        far = collections.create(db, "Outra").id
    desk.put("Regimento", words(1), collection=far)
    desk.put("Regimento", words(1))

    assert desk.found == []


def test_a_document_that_is_gone_is_no_trouble(desk: Desk) -> None:
    proposing.propose(desk.database, "gone")

    assert desk.found == []
