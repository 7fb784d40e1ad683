"""The collections of documents."""

import pytest

from appliance import collections
from appliance.errors import NotFound


def made(database, name):
    with database.write() as db:
        return collections.create(db, name)


def test_a_collection_is_found_by_id_and_by_name(database):
    secretariat = made(database, "Secretaria")

    assert collections.get(database, secretariat.id) == secretariat
    assert collections.named(database, "Secretaria") == secretariat
    assert collections.named(database, secretariat.id) == secretariat


def test_a_collection_can_be_renamed(database):
    secretariat = made(database, "Secretaria")

    with database.write() as db:
        collections.rename(db, secretariat.id, "Diretoria")

    assert collections.get(database, secretariat.id).name == "Diretoria"


def test_what_is_not_there_is_said(database):
    with pytest.raises(NotFound):
        collections.get(database, "gone")
    with pytest.raises(NotFound), database.write() as db:
        collections.rename(db, "gone", "Diretoria")
    with database.write() as db:
        assert not collections.remove(db, "gone")


def test_collections_are_listed_in_the_order_they_were_made(database):
    ids = [made(database, name).id for name in ("A", "B", "C")]

    first = collections.every(database, limit=2)

    assert [one.id for one in first] == ids[:2]
    assert [one.id for one in collections.every(database, after=ids[1])] == ids[2:]
