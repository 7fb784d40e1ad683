"""The collections of documents."""

import pytest

from appliance import collections, groups
from appliance.errors import BadRequest, NotFound
from appliance.reach import Reach


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
        changed = collections.change(db, secretariat.id, name="Diretoria")

    assert changed == collections.get(database, secretariat.id)
    assert changed.name == "Diretoria"


def test_what_is_not_there_is_said(database):
    with pytest.raises(NotFound):
        collections.get(database, "gone")
    with pytest.raises(NotFound), database.write() as db:
        collections.change(db, "gone", name="Diretoria")
    with database.write() as db:
        assert not collections.remove(db, "gone")


def test_collections_are_listed_in_the_order_they_were_made(database):
    ids = [made(database, name).id for name in ("A", "B", "C")]

    first = collections.every(database, limit=2)

    assert [one.id for one in first] == ids[:2]
    assert [one.id for one in collections.every(database, after=ids[1])] == ids[2:]


def test_groups_named_for_a_collection_stay_until_others_are_named(database):
    with database.write() as db:
        partners, barred = (groups.create(db, name=name).id for name in ("Sócios", "Impedidos"))
        autos = collections.create(db, "Autos", groups=[partners], denied_groups=[barred])
        renamed = collections.change(db, autos.id, name="Autos de 2026")
        opened = collections.change(db, autos.id, groups=[])

    assert (renamed.groups, renamed.denied_groups) == ((partners,), (barred,))
    assert (opened.groups, opened.denied_groups) == ((), (barred,))
    assert collections.named(database, "Autos de 2026") == opened


def test_a_group_that_does_not_exist_opens_nothing(database):
    with pytest.raises(BadRequest) as refusal, database.write() as db:
        collections.create(db, "Autos", groups=["nobody"])

    assert refusal.value.facts == {"group": "nobody"}
    assert collections.every(database) == []


def test_only_collections_within_reach_are_listed_and_known(database):
    ids = [made(database, name).id for name in ("A", "B", "C")]
    reach = Reach(closed=frozenset(ids[:1]), within=frozenset(ids[:2]))

    assert [one.id for one in collections.every(database, reach=reach)] == [ids[1]]
    assert collections.known(database, [*ids, "gone"], reach) == {ids[1]}
