"""The record over HTTP: for administrators and auditors."""

import pytest

from tests.api.doors import Doors, doors

__all__ = ["doors"]


def test_an_auditor_reads_the_latest_acts_first_a_page_at_a_time(doors: Doors) -> None:
    admin = doors.admin()
    for number in range(3):
        doors.client.post(
            "/api/keys", json={"name": f"k{number}", "scopes": ["ask"]}, headers=admin
        )
    auditor = doors.cookie_of(doors.add("Bia", role="auditor"))

    first = doors.client.get("/api/audit?limit=2", headers=auditor).json()
    rest = doors.client.get(f"/api/audit?limit=2&cursor={first['next']}", headers=auditor).json()

    entries = first["items"] + rest["items"]
    assert [entry["act"] for entry in entries] == ["key.create"] * 3
    assert [int(entry["id"]) for entry in entries] == [3, 2, 1]
    assert rest["next"] is None
    assert entries[0]["details"] == {"scopes": ["ask"]}


@pytest.mark.parametrize("role", ["editor", "member"])
def test_others_do_not_read_it(doors: Doors, role: str) -> None:
    mine = doors.cookie_of(doors.add("Bia", role=role))  # type: ignore[arg-type]

    assert doors.client.get("/api/audit", headers=mine).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_writes_or_removes_an_entry(doors: Doors, method: str) -> None:
    answer = doors.client.request(method, "/api/audit", headers=doors.admin())

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
