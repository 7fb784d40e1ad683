"""A forgotten password: an administrator starts, the person chooses, and the link says nothing
to anybody else."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from appliance import options
from appliance.api import resets as routes
from appliance.mail import Mail
from appliance.signin import password, resets
from tests.api.doors import ADDRESS, WORD, Doors, doors

__all__ = ["doors"]

NEW = "quatro patos no lago"


def begun(doors: Doors, person: str) -> str:
    answer = doors.new_client().post(f"/api/people/{person}/reset", headers=doors.admin())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"]).rpartition("/")[2]


def use(doors: Doors, token: str, word: str = NEW) -> Response:
    return doors.new_client().post("/api/resets/use", json={"token": token, "password": word})


def signs_in(doors: Doors, word: str) -> bool:
    body = {"email": "bia@casa.test", "password": word}
    return doors.new_client().post("/api/session", json=body).status_code == 200


def with_mail(doors: Doors) -> None:
    with doors.database.write() as writer:
        options.store(writer, Mail(host="correio.casa.test", sender="balcao@casa.test"))


def forget(doors: Doors, email: str, **headers: str) -> Response:
    answer = doors.new_client().post("/api/resets", json={"email": email}, headers=headers)
    routes.LATER.submit(lambda: None).result()  # what is done after the answer
    return answer


@pytest.mark.guarantee("SEC-39")
def test_an_administrator_starts_a_reset_and_the_person_chooses(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    session = doors.cookie_of(bia)
    token = begun(doors, bia.id)

    whose = doors.client.post("/api/resets/open", json={"token": token})
    used = use(doors, token)

    assert whose.json() == {"name": "Bia", "email": "bia@casa.test"}
    assert (used.status_code, used.content) == (204, b"")
    assert "set-cookie" not in used.headers  # it signs nobody in: a second factor stays required
    assert (signs_in(doors, WORD), signs_in(doors, NEW)) == (False, True)
    assert doors.client.get("/api/session", headers=session).status_code == 401


@pytest.mark.guarantee("SEC-39")
def test_a_reset_is_good_once(doors: Doors) -> None:
    token = begun(doors, doors.add("Bia", role="member").id)

    assert use(doors, token).status_code == 204
    again = use(doors, token, "cinco gansos na grama")

    assert (again.status_code, again.json()["code"]) == (403, "reset_void")
    assert signs_in(doors, NEW)


@pytest.mark.guarantee("SEC-39")
def test_a_reset_is_good_for_thirty_minutes(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    now = datetime.now(UTC)
    with doors.database.write() as writer:
        token, until = resets.begin(writer, bia.id, now=now - timedelta(minutes=31))

    assert until == now - timedelta(minutes=1)
    assert use(doors, token).status_code == 403


@pytest.mark.guarantee("SEC-39")
@pytest.mark.parametrize("event", ["newer", "sign-in", "password", "deactivated", "removed"])
def test_what_makes_a_reset_needless_voids_it(doors: Doors, event: str) -> None:
    bia = doors.add("Bia", role="member")
    token, path, admin = begun(doors, bia.id), f"/api/people/{bia.id}", doors.admin()
    body = {"password": NEW, "current_password": WORD}
    {
        "newer": lambda: begun(doors, bia.id),
        "sign-in": lambda: signs_in(doors, WORD),
        "password": lambda: doors.client.patch(path, json=body, headers=doors.cookie_of(bia)),
        "deactivated": lambda: doors.client.patch(path, json={"active": False}, headers=admin),
        "removed": lambda: doors.client.delete(path, headers=admin),
    }[event]()

    assert use(doors, token, "cinco gansos na grama").status_code == 403


@pytest.mark.guarantee("SEC-39")
def test_a_reset_is_for_the_person_it_was_made_for(doors: Doors) -> None:
    bia, caio = doors.add("Bia", role="member"), doors.add("Caio", role="member")
    body = {"token": begun(doors, bia.id), "password": NEW, "person": caio.id}

    assert doors.client.post("/api/resets/use", json=body).json()["code"] == "unknown_field"


@pytest.mark.guarantee("SEC-39")
def test_the_token_is_nowhere_but_in_the_administrators_own_link(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    with_mail(doors)
    with caplog.at_level(logging.DEBUG):
        token = begun(doors, doors.add("Bia", role="member").id)
        use(doors, token[:-1])
        use(doors, token)

    data = doors.settings.data
    kept = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    assert token.encode() not in kept
    assert token not in caplog.text
    assert len(token) == 43  # 256 bits


@pytest.mark.guarantee("SEC-34", "SEC-39")
def test_the_link_is_of_the_configured_address(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    headers = doors.admin() | {"x-forwarded-host": "evil.test", "x-forwarded-proto": "https"}

    link = doors.client.post(f"/api/people/{bia.id}/reset", headers=headers).json()["link"]

    assert link.startswith(f"{ADDRESS}/#/reset/")


@pytest.mark.guarantee("SEC-39")
def test_nobody_chooses_a_password_for_somebody_else(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")

    for headers in (doors.admin(), doors.key("admin")):
        refused = doors.client.patch(
            f"/api/people/{bia.id}", json={"password": NEW}, headers=headers
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "password_is_theirs")
    assert signs_in(doors, WORD)


@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
def test_only_administrators_start_a_reset_for_others(doors: Doors, role: str) -> None:
    bia = doors.add("Bia", role="member")
    mine = doors.cookie_of(doors.add("Caio", role=role))  # type: ignore[arg-type]

    assert doors.client.post(f"/api/people/{bia.id}/reset", headers=mine).status_code == 403


def test_there_is_no_reset_for_whoever_may_not_sign_in(doors: Doors) -> None:
    bia, admin = doors.add("Bia", role="member"), doors.admin()
    doors.client.patch(f"/api/people/{bia.id}", json={"active": False}, headers=admin)

    refused = doors.client.post(f"/api/people/{bia.id}/reset", headers=admin)

    assert (refused.status_code, refused.json()["code"]) == (409, "person_inactive")


def test_a_password_that_is_refused_leaves_the_link_as_good_as_it_was(doors: Doors) -> None:
    token = begun(doors, doors.add("Bia", role="member").id)

    assert use(doors, token, "password123").json()["code"] == "password_common"
    assert use(doors, token).status_code == 204


def test_without_mail_nobody_can_ask_by_mail(doors: Doors) -> None:
    assert doors.client.get("/api/resets").json() == {"by_mail": False}
    assert forget(doors, "bia@casa.test").json()["code"] == "reset_not_by_mail"


@pytest.mark.guarantee("SEC-36")
def test_who_asks_by_mail_learns_nothing_of_who_has_an_account(doors: Doors) -> None:
    with_mail(doors)
    doors.add("Bia", role="member")
    gone = doors.add("Caio", role="member")
    body = {"active": False}
    doors.client.patch(f"/api/people/{gone.id}", json=body, headers=doors.admin())

    answers = [forget(doors, f"{name}@casa.test") for name in ("bia", "caio", "nobody")]

    assert [one.status_code for one in answers] == [202] * 3
    assert {one.content for one in answers} == {b'{"by_mail":true}'}
    assert len({tuple(sorted(set(one.headers))) for one in answers}) == 1
    rows = doors.database.rows("select person from resets")
    assert len(rows) == len(doors.database.rows("select * from letters")) == 1


def test_the_letter_goes_to_the_person_in_their_language(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(doors)
    bia = doors.add("Bia", role="member")
    doors.client.patch(
        f"/api/people/{bia.id}", json={"language": "en"}, headers=doors.cookie_of(bia)
    )
    written: list[dict[str, Any]] = []
    real = routes.post_office.write

    def write(*parts: Any, **letter: Any) -> Any:
        written.append(letter)
        return real(*parts, **letter)

    monkeypatch.setattr(routes.post_office, "write", write)

    forget(doors, " BIA@casa.test ", **{"x-forwarded-host": "evil.test"})

    (letter,) = written
    assert letter["to"] == "bia@casa.test"
    assert "Hello Bia" in letter["text"].text
    assert f"{ADDRESS}/#/reset/" in letter["text"].text


def test_nobody_is_flooded_with_letters(doors: Doors) -> None:
    with_mail(doors)
    doors.add("Bia", role="member")

    for name in ("bia", "nobody"):
        answers = [forget(doors, f"{name}@casa.test").status_code for _ in range(4)]
        assert answers == [202] * 3 + [429]


def test_one_address_asks_for_ten_at_most(doors: Doors) -> None:
    with_mail(doors)

    answers = [forget(doors, f"{n}@casa.test").status_code for n in range(11)]

    assert answers == [202] * 10 + [429]


@pytest.mark.guarantee("SEC-39")
def test_a_stranger_without_a_link_buys_no_hashing(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> str:
        raise AssertionError("hashed")

    monkeypatch.setattr(password, "hashed", never)

    assert use(doors, "x" * 43).status_code == 403
