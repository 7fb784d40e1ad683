"""People over HTTP: administrators manage them, everybody manages themselves."""

import pytest

from tests.api.doors import WORD, Doors, doors

__all__ = ["doors"]

NEW = "quatro patos no lago"


def test_an_administrator_adds_a_person_who_then_signs_in(doors: Doors) -> None:
    body = {"name": "Bia", "email": "bia@casa.test", "password": WORD, "role": "editor"}

    answer = doors.client.post("/api/people", json=body, headers=doors.admin())

    assert answer.status_code == 201
    assert answer.json()["role"] == "editor"
    assert "password" not in answer.text
    signed_in = doors.client.post("/api/session", json={"email": "bia@casa.test", "password": WORD})
    assert signed_in.json()["person"] == answer.json()


def test_a_person_added_without_a_role_is_a_member(doors: Doors) -> None:
    body = {"name": "Bia", "email": "bia@casa.test", "password": WORD}

    answer = doors.client.post("/api/people", json=body, headers=doors.key("admin"))

    assert (answer.json()["role"], answer.json()["language"]) == ("member", "pt")


def test_an_address_that_is_taken_is_refused(doors: Doors) -> None:
    doors.add("Ana")
    body = {"name": "Ana", "email": "ANA@casa.test", "password": WORD}

    answer = doors.client.post("/api/people", json=body, headers=doors.admin())

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    "field", ["id", "created_at", "password_hash", "is_admin", "enabled", "assistants", "mfa"]
)
def test_what_is_not_theirs_to_set_is_refused_by_name(doors: Doors, field: str) -> None:
    """SEC-24: mass assignment."""
    admin, bia = doors.admin(), doors.add("Bia", role="member")
    body = {"name": "Caio", "email": "c@casa.test", "password": WORD, field: "x"}

    created = doors.client.post("/api/people", json=body, headers=admin)
    changed = doors.client.patch(f"/api/people/{bia.id}", json={field: "x"}, headers=admin)

    for answer in (created, changed):
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")
        assert field in answer.json()["detail"]


def test_everybody_is_listed_a_page_at_a_time(doors: Doors) -> None:
    admin = doors.admin()
    for name in ("Bia", "Caio"):
        doors.add(name, role="member")

    first = doors.client.get("/api/people?limit=2", headers=admin).json()
    rest = doors.client.get(f"/api/people?limit=2&cursor={first['next']}", headers=admin).json()

    assert [person["name"] for person in first["items"] + rest["items"]][1:] == ["Bia", "Caio"]
    assert rest["next"] is None


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
def test_a_page_has_one_to_two_hundred_items(doors: Doors, limit: str) -> None:
    answer = doors.client.get(f"/api/people?limit={limit}", headers=doors.admin())

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert "limit" in answer.json()["detail"]


def test_a_member_sees_only_themselves(doors: Doors) -> None:
    ana, bia = doors.add("Ana"), doors.add("Bia", role="member")
    mine = doors.cookie_of(bia)

    assert doors.client.get(f"/api/people/{bia.id}", headers=mine).json()["name"] == "Bia"
    assert doors.client.get(f"/api/people/{ana.id}", headers=mine).status_code == 404
    change = doors.client.patch(f"/api/people/{ana.id}", json={"name": "X"}, headers=mine)
    assert change.status_code == 404
    assert doors.client.get("/api/people", headers=mine).status_code == 403


@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
@pytest.mark.parametrize("change", [{"role": "admin"}, {"email": "boss@casa.test"}])
def test_nobody_raises_themselves(doors: Doors, role: str, change: dict[str, str]) -> None:
    bia = doors.add("Bia", role=role)  # type: ignore[arg-type]

    answer = doors.client.patch(
        f"/api/people/{bia.id}", json={"name": "B"} | change, headers=doors.cookie_of(bia)
    )

    assert answer.status_code == 403
    row = doors.database.row("select name, role, email from people where id = :id", {"id": bia.id})
    assert row == {"name": "Bia", "role": role, "email": "bia@casa.test"}


def test_a_person_changes_their_own_name_and_language(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")

    answer = doors.client.patch(
        f"/api/people/{bia.id}",
        json={"name": "Bianca", "language": "en"},
        headers=doors.cookie_of(bia),
    )

    assert (answer.json()["name"], answer.json()["language"]) == ("Bianca", "en")


def test_ones_own_new_password_needs_the_one_in_use(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    mine = doors.cookie_of(bia)
    path = f"/api/people/{bia.id}"

    bare = doors.client.patch(path, json={"password": NEW}, headers=mine)
    wrong = doors.client.patch(
        path, json={"password": NEW, "current_password": "wrong one"}, headers=mine
    )
    right = doors.client.patch(path, json={"password": NEW, "current_password": WORD}, headers=mine)

    assert [answer.status_code for answer in (bare, wrong, right)] == [403, 403, 200]
    assert bare.json()["code"] == "wrong_current_password"


def test_a_new_password_ends_every_session_and_replaces_the_old_one(doors: Doors) -> None:
    """SEC-26."""
    bia = doors.add("Bia", role="member")
    sessions = [doors.cookie_of(bia), doors.cookie_of(bia)]

    body = {"password": NEW, "current_password": WORD}
    doors.new_client().patch(f"/api/people/{bia.id}", json=body, headers=sessions[0])

    for session in sessions:
        assert doors.client.get("/api/session", headers=session).status_code == 401
    for word, status in ((WORD, 401), (NEW, 200)):
        body = {"email": "bia@casa.test", "password": word}
        assert doors.new_client().post("/api/session", json=body).status_code == status


def test_a_removed_person_is_refused_at_once(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    session, admin = doors.cookie_of(bia), doors.admin()

    assert doors.client.delete(f"/api/people/{bia.id}", headers=admin).status_code == 204

    assert doors.client.get("/api/session", headers=session).status_code == 401
    assert doors.client.get(f"/api/people/{bia.id}", headers=admin).status_code == 404
    assert doors.client.delete(f"/api/people/{bia.id}", headers=admin).status_code == 404


def test_nobody_removes_themselves(doors: Doors) -> None:
    ana = doors.add("Ana")
    doors.add("Bia")

    answer = doors.client.delete(f"/api/people/{ana.id}", headers=doors.cookie_of(ana))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_oneself")


def test_the_last_administrator_stays_one(doors: Doors) -> None:
    ana, key = doors.add("Ana"), doors.key("admin")

    removed = doors.client.delete(f"/api/people/{ana.id}", headers=key)
    lowered = doors.client.patch(f"/api/people/{ana.id}", json={"role": "member"}, headers=key)

    for answer in (removed, lowered):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")


def test_changes_to_people_are_on_the_record_without_their_passwords(doors: Doors) -> None:
    bia, admin = doors.add("Bia", role="member"), doors.admin()
    body = {"password": NEW, "current_password": WORD}
    doors.new_client().patch(f"/api/people/{bia.id}", json=body, headers=doors.cookie_of(bia))
    doors.client.delete(f"/api/people/{bia.id}", headers=admin)

    rows = doors.database.rows("select act, subject, details from audit order by id")

    assert [(row["act"], row["subject"]) for row in rows] == [
        ("person.change", bia.id),
        ("person.remove", bia.id),
    ]
    assert rows[0]["details"] == '{"fields":["password"]}'
