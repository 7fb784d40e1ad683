"""From when until when a document is in force, and what takes its place."""

from typing import Any

import pytest

from appliance import collections, library, lifetime
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound

DAY = "2026-06-15"


class Shelf:
    """Documents with dates, in one collection and another."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as db:
            self.collection = collections.create(db, "Normas").id
            self.other = collections.create(db, "Outras").id

    def add(self, title: str, *, collection: str = "", ready: bool = True, **facts: Any) -> str:
        created_at = facts.pop("created_at", "2026-01-10T12:00:00.000Z")
        with self.database.write() as db:
            made = library.add(
                db, collection=collection or self.collection, title=title,
                file_name=f"{title}.pdf", media_type="application/pdf", bytes=1, sha256=title,
                paged=True, **facts,
            )  # fmt: skip
            db.run(
                "update documents set created_at = :at where id = :id",
                {"at": created_at, "id": made.id},
            )
        if ready:
            library.set_state(self.database, made.id, "ready")
        return made.id

    def past(self, day: str = DAY) -> set[str]:
        """The titles of what is not in force on a day."""
        return {
            library.get(self.database, one).title
            for one in lifetime.out_of_force(self.database, [self.collection], day)
        }

    def change(self, document: str, **facts: Any) -> None:
        now = library.get(self.database, document)
        kept = {name: getattr(now, name) for name in
                ("title", "language", "valid_from", "valid_to", "supersedes")}  # fmt: skip
        with self.database.write() as db:
            lifetime.change(db, document, **kept | facts)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_a_document_without_dates_is_always_in_force(shelf):
    shelf.add("Estatuto")

    assert shelf.past("1990-01-01") == shelf.past("2090-01-01") == set()


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        ("2026-02-28", False),
        ("2026-03-01", True),
        ("2026-12-31", True),
        ("2027-01-01", False),
    ],
)
def test_both_dates_belong_to_the_time_in_force(shelf, day, in_force):
    shelf.add("Edital", valid_from="2026-03-01", valid_to="2026-12-31")

    assert ("Edital" not in shelf.past(day)) is in_force


def test_what_is_superseded_is_not_in_force(shelf):
    old = shelf.add("Tabela 2025")
    shelf.add("Tabela 2026", supersedes=old)

    assert shelf.past() == {"Tabela 2025"}


def test_until_the_new_one_is_ready_the_old_one_holds(shelf):
    old = shelf.add("Tabela 2025")
    shelf.add("Tabela 2026", supersedes=old, ready=False)

    assert shelf.past() == set()


def test_until_the_new_one_begins_the_old_one_holds(shelf):
    old = shelf.add("Tabela 2025")
    shelf.add("Tabela 2027", supersedes=old, valid_from="2027-01-01")

    assert shelf.past("2026-12-31") == {"Tabela 2027"}
    assert shelf.past("2027-01-01") == {"Tabela 2025"}


def test_a_new_one_without_a_date_begins_on_the_day_it_arrived(shelf):
    old = shelf.add("Tabela 2025")
    shelf.add("Tabela 2026", supersedes=old, created_at="2026-05-10T12:00:00.000Z")

    assert shelf.past("2026-05-09") == {"Tabela 2026"}
    assert shelf.past("2026-05-10") == {"Tabela 2025"}


def test_when_the_new_one_is_removed_the_old_one_holds_again(shelf):
    old = shelf.add("Tabela 2025")
    new = shelf.add("Tabela 2026", supersedes=old)

    with shelf.database.write() as db:
        library.remove(db, new)

    assert shelf.past() == set()


def test_of_a_line_of_versions_the_last_holds(shelf):
    first = shelf.add("v1")
    second = shelf.add("v2", supersedes=first)
    third = shelf.add("v3", supersedes=second)

    assert shelf.past() == {"v1", "v2"}
    (told,) = lifetime.newer(shelf.database, [first])
    assert (told.document.title, told.newer.id) == ("v1", third)
    assert lifetime.newer(shelf.database, [third]) == []


def test_other_collections_are_another_affair(shelf):
    shelf.add("Antigo", collection=shelf.other, valid_to="2020-01-01")

    assert shelf.past() == set()


def test_a_document_knows_what_stands_before_and_after_it(shelf):
    first = shelf.add("v1")
    second = shelf.add("v2", supersedes=first)

    found = lifetime.versions(shelf.database, [first, second])

    assert found[first].before is None
    assert found[first].after is not None
    assert found[first].after.title == "v2"
    assert found[second].before is not None
    assert found[second].before.title == "v1"


def test_a_change_keeps_what_it_does_not_name(shelf):
    one = shelf.add("Edital", valid_from="2026-03-01")

    shelf.change(one, title="Edital de matrícula")

    now = library.get(shelf.database, one)
    assert (now.title, now.valid_from) == ("Edital de matrícula", "2026-03-01")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"valid_from": "31/03/2026"}, "bad_date"),
        ({"valid_to": "2026-02-30"}, "bad_date"),
        ({"valid_to": "20260301"}, "bad_date"),
        ({"valid_from": "2026-03-02", "valid_to": "2026-03-01"}, "dates_reversed"),
        ({"supersedes": "nowhere"}, "unknown_document"),
    ],
)
def test_facts_that_cannot_be_are_refused_and_change_nothing(shelf, facts, code):
    one = shelf.add("Edital")

    with pytest.raises(BadRequest) as refusal:
        shelf.change(one, title="Outro", **facts)

    assert refusal.value.code == code
    assert library.get(shelf.database, one).title == "Edital"


def test_nothing_supersedes_a_document_of_another_collection(shelf):
    far, here = shelf.add("Lá", collection=shelf.other), shelf.add("Aqui")

    with pytest.raises(BadRequest) as refusal:
        shelf.change(here, supersedes=far)

    assert refusal.value.code == "unknown_document"


def test_no_line_of_versions_closes_to_a_circle(shelf):
    first = shelf.add("v1")
    second = shelf.add("v2", supersedes=first)
    third = shelf.add("v3", supersedes=second)

    for former in (first, third):
        with pytest.raises(BadRequest) as refusal:
            shelf.change(first, supersedes=former)
        assert refusal.value.code == "supersedes_itself"


def test_a_document_has_one_follower_which_the_refusal_names(shelf):
    first = shelf.add("v1")
    shelf.add("v2", supersedes=first)
    other = shelf.add("v2b")

    with pytest.raises(Conflict) as refusal:
        shelf.change(other, supersedes=first)

    assert refusal.value.facts["title"] == "v2"


def test_a_document_that_follows_ends_the_former_the_day_before(shelf):
    old = shelf.add("2025", valid_from="2025-01-01")
    new = shelf.add("2026", valid_from="2026-01-01")

    with shelf.database.write() as db:
        lifetime.follow(db, new, old)

    assert library.get(shelf.database, old).valid_to == "2025-12-31"
    assert library.get(shelf.database, new).supersedes == old


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ({"valid_to": "2025-06-30"}, "2025-06-30"),  # it had ended before
        ({"valid_from": "2026-01-01"}, "2026-01-01"),  # both begin on one day
        ({}, "2025-12-31"),
    ],
)
def test_the_end_of_the_former_lies_between_its_own_dates(shelf, facts, ends):
    old = shelf.add("2025", **facts)
    new = shelf.add("2026", valid_from="2026-01-01")

    with shelf.database.write() as db:
        lifetime.follow(db, new, old)

    assert library.get(shelf.database, old).valid_to == ends
    assert "2025" in shelf.past("2026-01-02")


def test_a_document_that_is_gone_cannot_be_changed(shelf):
    with pytest.raises(NotFound), shelf.database.write() as db:
        lifetime.change(
            db, "gone", title="x", language=None, valid_from=None, valid_to=None, supersedes=None
        )


def test_today_is_a_day_as_documents_have_them():
    assert lifetime.day(lifetime.today()) == lifetime.today()
