"""The kept reports, and the sealed key that signs them."""

import pytest

from appliance import attestations
from appliance.errors import NotFound


def test_the_newest_report_is_the_latest(database) -> None:
    assert attestations.latest(database) is None
    with database.write() as db:
        attestations.add(db, passed=False, file="one")
        second = attestations.add(db, passed=True, file="two")

    found = attestations.latest(database)

    assert found == second == attestations.get(database, second.id)
    assert (found.passed, found.file) == (True, "two")


def test_a_report_that_is_not_there_is_not_found(database) -> None:
    with pytest.raises(NotFound):
        attestations.get(database, "none")


def test_only_the_newest_stay(database, monkeypatch) -> None:
    monkeypatch.setattr(attestations, "KEPT", 2)
    with database.write() as db:
        for number in range(4):
            attestations.add(db, passed=True, file=str(number))

    kept = database.rows("select file from egress_reports order by id")

    assert [row["file"] for row in kept] == ["2", "3"]


def test_the_key_is_kept_sealed_and_sealed_again(database) -> None:
    assert attestations.sealed_key(database) is None
    with database.write() as db:
        assert attestations.sealed_secrets(db) == {}
        attestations.keep_key(db, "sealed")
        (name,) = attestations.sealed_secrets(db)
        attestations.seal_again(db, name, "sealed anew")

    assert attestations.sealed_key(database) == "sealed anew"
