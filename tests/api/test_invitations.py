"""Somebody is invited by a link, and comes in by it once."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance.signin import invitations
from tests.api.doors import ADDRESS, WORD, Doors, doors

__all__ = ["doors"]

EMAIL = "bia@casa.test"


def invited(doors: Doors, **fields: object) -> dict[str, object]:
    answer = doors.new_client().post(
        "/api/invitations", json={"email": EMAIL} | fields, headers=doors.admin()
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def token_of(sent: dict[str, object]) -> str:
    return str(sent["link"]).rpartition("/")[2]


def accept(doors: Doors, token: str, **fields: object):  # type: ignore[no-untyped-def]
    body = {"token": token, "name": "Bia", "password": WORD} | fields
    return doors.new_client().post("/api/invitations/accept", json=body)


def test_whoever_holds_the_link_comes_in_as_what_they_were_invited_for(doors: Doors) -> None:
    sent = invited(doors, role="editor", name="Beatriz", language="es")

    look = doors.client.post("/api/invitations/open", json={"token": token_of(sent)})
    made = accept(doors, token_of(sent), language="en")

    assert look.json() == {
        "name": "Beatriz", "email": EMAIL, "language": "es", "organization": None,
    }  # fmt: skip
    assert made.status_code == 201
    person = made.json()["person"]
    assert (person["name"], person["email"], person["role"]) == ("Bia", EMAIL, "editor")
    assert person["language"] == "en"
    signed_in = doors.client.post("/api/session", json={"email": EMAIL, "password": WORD})
    assert signed_in.status_code == 200


def test_the_link_is_of_the_configured_address_whatever_the_request_says(doors: Doors) -> None:
    admin = doors.admin() | {"x-forwarded-host": "evil.test", "forwarded": "host=evil.test"}

    sent = doors.client.post("/api/invitations", json={"email": EMAIL}, headers=admin).json()

    assert sent["link"].startswith(f"{ADDRESS}/#/invitation/")
    assert len(token_of(sent)) == 43
    assert sent["mailed"] is False


def test_a_link_is_good_once(doors: Doors) -> None:
    token = token_of(invited(doors))
    accept(doors, token)

    again = accept(doors, token)

    assert (again.status_code, again.json()["code"]) == (403, "invitation_void")


def test_a_link_is_good_for_seven_days(doors: Doors) -> None:
    eight_days_ago = datetime.now(UTC) - timedelta(days=8)
    with doors.database.write() as writer:
        _, token = invitations.create(
            writer, email=EMAIL, role="member", language="pt", now=eight_days_ago
        )

    assert accept(doors, token).json()["code"] == "invitation_void"
    assert doors.client.get("/api/invitations", headers=doors.admin()).json()["items"] == []


def test_the_token_is_kept_only_as_a_digest(doors: Doors) -> None:
    token = token_of(invited(doors))

    kept = doors.settings.data.joinpath("appliance.db").read_bytes()
    kept += doors.settings.data.joinpath("appliance.db-wal").read_bytes()

    assert token.encode() not in kept
    listed = doors.client.get("/api/invitations", headers=doors.admin())
    assert [one["email"] for one in listed.json()["items"]] == [EMAIL]
    assert token not in listed.text


def test_a_link_that_is_made_again_voids_the_one_before(doors: Doors) -> None:
    sent = invited(doors)
    one = sent["invitation"]["id"]  # type: ignore[index]

    again = doors.client.post(f"/api/invitations/{one}/resend", headers=doors.admin())

    assert again.status_code == 200
    assert accept(doors, token_of(sent)).status_code == 403
    assert accept(doors, token_of(again.json())).status_code == 201


def test_an_invitation_is_taken_back(doors: Doors) -> None:
    sent = invited(doors)
    path = f"/api/invitations/{sent['invitation']['id']}"  # type: ignore[index]

    assert doors.client.delete(path, headers=doors.admin()).status_code == 204

    assert accept(doors, token_of(sent)).status_code == 403
    assert doors.client.delete(path, headers=doors.admin()).status_code == 404


def test_nobody_is_invited_twice_or_who_is_here_already(doors: Doors) -> None:
    invited(doors)
    admin = doors.admin()
    doors.add("Ana")

    for email, code in ((EMAIL.upper(), "already_invited"), ("ana@casa.test", "email_taken")):
        answer = doors.client.post("/api/invitations", json={"email": email}, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_who_comes_is_a_member_of_the_groups_that_were_chosen(doors: Doors) -> None:
    admin = doors.admin()
    group = doors.client.post("/api/groups", json={"name": "Sócios"}, headers=admin).json()["id"]
    gone = doors.client.post("/api/groups", json={"name": "Antigos"}, headers=admin).json()["id"]
    token = token_of(invited(doors, groups=[group, gone]))
    doors.client.delete(f"/api/groups/{gone}", headers=admin)

    person = accept(doors, token).json()["person"]

    members = doors.client.get(f"/api/groups/{group}", headers=admin).json()["members"]
    assert members == [person["id"]]


def test_a_group_that_does_not_exist_is_refused(doors: Doors) -> None:
    body = {"email": EMAIL, "groups": ["none"]}

    answer = doors.client.post("/api/invitations", json=body, headers=doors.admin())

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_group")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 1025}, "password_too_long"),
        ({"name": " "}, "bad_name"),
        ({"role": "admin"}, "unknown_field"),
        ({"email": "me@evil.test"}, "unknown_field"),
    ],
)
def test_a_refusal_leaves_the_link_as_good_as_it_was(
    doors: Doors, fields: dict[str, str], code: str
) -> None:
    token = token_of(invited(doors))

    refused = accept(doors, token, **fields)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert accept(doors, token).status_code == 201


def test_tokens_cannot_be_tried_for_ever(doors: Doors) -> None:
    token = token_of(invited(doors))

    tries = [
        doors.client.post("/api/invitations/open", json={"token": "x"}).status_code
        for _ in range(31)
    ]

    assert tries == [403] * 30 + [429]
    assert doors.client.post("/api/invitations/open", json={"token": token}).status_code == 429


@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
def test_only_administrators_invite(doors: Doors, role: str) -> None:
    mine = doors.cookie_of(doors.add("Caio", role=role))  # type: ignore[arg-type]

    refused = doors.client.post(
        "/api/invitations", json={"email": EMAIL, "role": "admin"}, headers=mine
    )

    assert refused.status_code == 403
    assert doors.client.get("/api/invitations", headers=mine).status_code == 403


def test_what_was_done_is_on_the_record_without_the_token(doors: Doors) -> None:
    token = token_of(invited(doors))
    accept(doors, token)

    rows = doors.database.rows("select act, details from audit order by id")

    assert [row["act"] for row in rows] == ["invitation.create", "invitation.accept"]
    assert token not in str(rows)
