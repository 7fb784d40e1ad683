"""Keys over HTTP: a program's narrow way in (SEC-26, SEC-27)."""

from typing import Any

import pytest

from tests.api.doors import Doors, doors
from tests.whole.running import eventually

__all__ = ["doors"]


def make(doors: Doors, **facts: Any) -> dict[str, Any]:
    body = {"name": "robot", "scopes": ["ask"]} | facts
    answer = doors.client.post("/api/keys", json=body, headers=doors.admin())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def test_a_key_is_made_with_its_scopes_and_works(doors: Doors) -> None:
    assistant, _ = doors.assistant()
    made = make(doors, scopes=["search", "ask"], assistants=[assistant])

    assert made["key"]["scopes"] == ["ask", "search"]
    assert made["key"]["assistants"] == [assistant]
    answer = doors.client.get("/api/whoami", headers=bearer(made["secret"]))
    assert answer.json() == {"kind": "key", "id": made["key"]["id"], "assistants": [assistant]}


def test_the_secret_is_shown_once(doors: Doors) -> None:
    made, admin = make(doors), doors.admin()

    one = doors.client.get(f"/api/keys/{made['key']['id']}", headers=admin)
    every = doors.client.get("/api/keys", headers=admin)

    assert one.json() == made["key"]
    assert made["secret"] not in one.text + every.text
    assert "secret" not in one.text + every.text


def test_keys_are_listed_a_page_at_a_time(doors: Doors) -> None:
    made = [make(doors, name=f"robot {number}")["key"]["id"] for number in range(3)]
    admin = doors.admin()

    first = doors.client.get("/api/keys?limit=2", headers=admin).json()
    rest = doors.client.get(f"/api/keys?limit=2&cursor={first['next']}", headers=admin).json()

    assert [key["id"] for key in first["items"] + rest["items"]] == made


def test_an_unknown_scope_is_refused_with_those_there_are(doors: Doors) -> None:
    answer = doors.client.post(
        "/api/keys", json={"name": "robot", "scopes": ["root"]}, headers=doors.admin()
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_scope")
    assert "root" in answer.json()["detail"]
    assert "documents:write" in answer.json()["detail"]


@pytest.mark.parametrize("field", ["id", "secret", "secret_hash", "role", "created_at", "owner_id"])
def test_what_is_not_theirs_to_set_is_refused_by_name(doors: Doors, field: str) -> None:
    key, admin = make(doors)["key"], doors.admin()

    created = doors.client.post(
        "/api/keys", json={"name": "robot", "scopes": ["ask"], field: "x"}, headers=admin
    )
    changed = doors.client.patch(f"/api/keys/{key['id']}", json={field: "x"}, headers=admin)

    assert created.json()["code"] == changed.json()["code"] == "unknown_field"


def test_scopes_of_a_key_never_change(doors: Doors) -> None:
    key = make(doors)["key"]

    answer = doors.client.patch(
        f"/api/keys/{key['id']}", json={"scopes": ["admin"]}, headers=doors.admin()
    )

    assert answer.json()["code"] == "unknown_field"


def test_a_key_is_changed_and_limits_are_lifted_with_null(doors: Doors) -> None:
    assistant, _ = doors.assistant()
    key, admin = make(doors, assistants=[assistant])["key"], doors.admin()
    path = f"/api/keys/{key['id']}"

    renamed = doors.client.patch(path, json={"name": "clerk"}, headers=admin).json()
    lifted = doors.client.patch(path, json={"assistants": None}, headers=admin).json()

    assert (renamed["name"], renamed["assistants"]) == ("clerk", [assistant])
    assert (lifted["name"], lifted["assistants"]) == ("clerk", None)


def test_a_removed_key_is_refused_at_once(doors: Doors) -> None:
    made, admin = make(doors), doors.admin()
    path = f"/api/keys/{made['key']['id']}"

    assert doors.client.delete(path, headers=admin).status_code == 204

    assert doors.client.get("/api/whoami", headers=bearer(made["secret"])).status_code == 401
    assert doors.client.get(path, headers=admin).status_code == 404


def test_a_key_remembers_its_last_use(doors: Doors) -> None:
    made, admin = make(doors), doors.admin()
    doors.client.get("/api/whoami", headers=bearer(made["secret"]))

    def last_used() -> str | None:
        told = doors.client.get(f"/api/keys/{made['key']['id']}", headers=admin)
        return told.json()["last_used_at"]

    assert made["key"]["last_used_at"] is None
    assert eventually(last_used, "its use was not noted")


@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
def test_only_administrators_have_to_do_with_keys(doors: Doors, role: str) -> None:
    mine = doors.cookie_of(doors.add("Bia", role=role))  # type: ignore[arg-type]

    assert doors.client.get("/api/keys", headers=mine).status_code == 403
    body = {"name": "robot", "scopes": ["admin"]}
    assert doors.client.post("/api/keys", json=body, headers=mine).status_code == 403


def test_a_key_without_the_scope_admin_makes_no_keys(doors: Doors) -> None:
    body = {"name": "robot", "scopes": ["admin"]}
    every_other = doors.key("ask", "search", "documents:read", "documents:write")

    assert doors.client.post("/api/keys", json=body, headers=every_other).status_code == 403
    assert doors.client.post("/api/keys", json=body, headers=doors.key("admin")).status_code == 201


def test_keys_are_on_the_record_without_their_secrets(doors: Doors) -> None:
    made = make(doors)

    [row] = doors.database.rows("select * from audit where act = 'key.create'")

    assert row["subject"] == made["key"]["id"]
    assert made["secret"] not in str(row)
