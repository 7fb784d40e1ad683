"""Groups over HTTP: administrators say who belongs together."""

from typing import Any

import pytest

from appliance import audit
from tests.api.doors import Doors, doors

__all__ = ["doors"]


def make(doors: Doors, **facts: Any) -> dict[str, Any]:
    sent = doors.client.post("/api/groups", json={"name": "Sócios"} | facts, headers=doors.admin())
    assert sent.status_code == 201, sent.text
    made: dict[str, Any] = sent.json()
    return made


def test_a_group_is_made_with_its_members_and_read_again(doors: Doors) -> None:
    ana, bia = doors.add("Ana"), doors.add("Bia", role="member")

    made = make(doors, members=[bia.id, ana.id, bia.id])

    assert made["members"] == [ana.id, bia.id]
    read = doors.client.get(f"/api/groups/{made['id']}", headers=doors.admin())
    assert read.json() == made


def test_groups_are_listed_a_page_at_a_time(doors: Doors) -> None:
    made = [make(doors, name=f"Turma {number}") for number in range(3)]
    admin = doors.admin()

    first = doors.client.get("/api/groups?limit=2", headers=admin).json()
    rest = doors.client.get(f"/api/groups?limit=2&cursor={first['next']}", headers=admin).json()

    assert first["items"] + rest["items"] == made
    assert rest["next"] is None


def test_a_change_leaves_the_rest_as_it_was(doors: Doors) -> None:
    ana, bia = doors.add("Ana"), doors.add("Bia", role="member")
    made, admin = make(doors, members=[ana.id]), doors.admin()
    address = f"/api/groups/{made['id']}"

    renamed = doors.client.patch(address, json={"name": "Advogados"}, headers=admin).json()
    refilled = doors.client.patch(address, json={"members": [bia.id]}, headers=admin).json()

    assert renamed == made | {"name": "Advogados"}
    assert refilled == renamed | {"members": [bia.id]}


def test_who_joined_and_who_left_is_on_record(doors: Doors) -> None:
    ana, bia = doors.add("Ana"), doors.add("Bia", role="member")
    made = make(doors, members=[ana.id])

    doors.client.patch(
        f"/api/groups/{made['id']}", json={"members": [bia.id]}, headers=doors.admin()
    )
    doors.client.delete(f"/api/groups/{made['id']}", headers=doors.admin())

    removed, changed, created = audit.newest(doors.database, limit=3)
    assert (created.act, created.details["members"]) == ("group.create", [ana.id])
    assert (changed.act, changed.details["joined"], changed.details["left"]) == (
        "group.change", [bia.id], [ana.id],
    )  # fmt: skip
    assert (removed.act, removed.details) == ("group.remove", {"name": "Sócios"})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": " "}, 400, "bad_name"),
        ({"name": "Sócios", "members": ["nobody"]}, 400, "unknown_person"),
        ({"name": "SÓCIOS"}, 201, None),  # SQLite folds only plain letters
        ({"name": "turma"}, 409, "group_exists"),
        ({"name": "Novo", "colour": "red"}, 400, "unknown_field"),
        ({}, 400, "bad_request"),
    ],
)
def test_a_bad_group_is_refused_with_its_sentence(
    doors: Doors, body: dict[str, Any], status: int, code: str | None
) -> None:
    make(doors, name="Turma")

    sent = doors.client.post("/api/groups", json=body, headers=doors.admin())

    assert (sent.status_code, sent.json().get("code")) == (status, code)


def test_a_group_that_is_not_there_is_not_found(doors: Doors) -> None:
    admin = doors.admin()
    for method, body in (("GET", None), ("PATCH", {"name": "X"}), ("DELETE", None)):
        sent = doors.client.request(method, "/api/groups/nothing", json=body, headers=admin)
        assert (sent.status_code, sent.json()["code"]) == (404, "not_found")
