"""Retention over HTTP: seen, changed, and confirmed by administrators (LGPD-06)."""

import pytest

from appliance.database import Database
from tests.house import House
from tests.test_keeping import assistant, conversations, left

pytestmark = pytest.mark.guarantee("LGPD-06")


@pytest.fixture
def database(house: House) -> Database:
    return house.parts.database


def test_the_sheet_says_what_is_kept_for_how_long(house: House) -> None:
    told = house.client.get("/api/retention").json()

    assert {one["name"]: one["days"] for one in told["lots"]} == {
        "conversations": 90,
        "audit": 1825,
        "log": 30,
        "addresses": 7,
        "trash": 30,
    }
    assert (told["due"], told["waits"]) == (0, False)


def test_changed_days_count_at_once(house: House) -> None:
    changed = house.client.patch("/api/settings/retention", json={"conversation_days": 30})
    assert changed.status_code == 200

    told = house.client.get("/api/retention").json()

    assert told["lots"][0]["days"] == 30


@pytest.mark.parametrize(
    "change", [{"audit_years": 6}, {"conversation_days": 0}, {"trash_days": 3}]
)
def test_days_beyond_what_is_sensible_are_refused(house: House, change: dict[str, int]) -> None:
    assert house.client.patch("/api/settings/retention", json=change).status_code == 400


def test_what_waits_goes_when_it_is_confirmed(house: House, database: Database) -> None:
    conversations(database, assistant(database), *[5000] * 15)

    first = house.client.post("/api/retention/run", json={}).json()
    assert (first["due"], first["waits"], len(left(database))) == (15, True, 15)

    refused = house.client.post("/api/retention/run", json={"confirmed": 14})
    assert (refused.status_code, refused.json()["code"]) == (409, "retention_grew")

    second = house.client.post("/api/retention/run", json={"confirmed": 15}).json()
    assert (second["due"], second["waits"], left(database)) == (0, False, set())
    acts = house.client.get("/api/audit", params={"act": "retention.remove"}).json()["items"]
    assert (acts[0]["name"], acts[0]["details"]["removed"]) == ("Ana Prado", 15)


def test_the_lot_of_an_assistant_is_told_to_whom_it_exists_for(
    house: House, database: Database
) -> None:
    short = house.assistant("Escola")
    with database.write() as db:
        db.run("update assistants set keep_days = 5 where id = :id", {"id": short["id"]})
    assert lot_names(house) == [f"conversations:{short['id']}"]

    me = house.client.get("/api/session").json()["person"]["id"]
    group = house.client.post("/api/groups", json={"name": "Fora", "members": [me]}).json()
    house.client.patch(
        f"/api/collections/{short['collections'][0]}", json={"denied_groups": [group["id"]]}
    )

    assert lot_names(house) == []


def lot_names(house: House) -> list[str]:
    lots = house.client.get("/api/retention").json()["lots"]
    return [one["name"] for one in lots if one["assistant"]]


def test_a_confirmation_is_a_number_and_nothing_else(house: House) -> None:
    for body in ({"confirmed": True}, {"confirmed": -1}, {"confirm": 3}):
        assert house.client.post("/api/retention/run", json=body).status_code == 400


def test_only_administrators_see_it(house: House) -> None:
    with house.as_a("auditor") as client:
        assert client.get("/api/retention").status_code == 403
        assert client.post("/api/retention/run", json={}).status_code == 403
