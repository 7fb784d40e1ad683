"""Which documents came with which."""

import pytest

from appliance import collections, families
from appliance.database import Database
from appliance.errors import NotFound
from appliance.records import timestamp


@pytest.fixture
def house(database: Database) -> Database:
    """A message with two attachments, one of which has one of its own; and a document alone."""
    with database.write() as db:
        collection = collections.create(db, "Geral").id
        for document, parent in [
            ("mail", None),
            ("forwarded", "mail"),
            ("table", "mail"),
            ("deepest", "forwarded"),
            ("alone", None),
        ]:
            db.run(
                """
                insert into documents (id, collection, title, file_name, media_type, bytes,
                    sha256, state, created_at, parent)
                values (:id, :collection, :id, :id, 'text/plain', 1, :id, 'ready', :now, :parent)
                """,
                {"id": document, "collection": collection, "now": timestamp(), "parent": parent},
            )
    return database


@pytest.mark.parametrize(
    ("document", "origin"),
    [
        ("mail", ("mail", 0)),
        ("table", ("mail", 1)),
        ("deepest", ("mail", 2)),
        ("alone", ("alone", 0)),
    ],
)
def test_a_document_knows_from_which_it_came_and_over_how_many(
    house: Database, document: str, origin: tuple[str, int]
) -> None:
    assert families.origin(house, document) == origin


def test_a_document_that_is_gone_came_from_nowhere(house: Database) -> None:
    with pytest.raises(NotFound):
        families.origin(house, "gone")


@pytest.mark.parametrize(
    ("document", "count"), [("mail", 3), ("forwarded", 1), ("deepest", 0), ("gone", 0)]
)
def test_those_that_came_with_a_document_are_counted_with_theirs(
    house: Database, document: str, count: int
) -> None:
    assert families.descendants(house, document) == count
