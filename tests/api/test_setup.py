"""The first day over HTTP: the code's holder, once, and nobody else (SEC-28)."""

import threading
from typing import Any

import pytest
from httpx import Response

from appliance.signin import setup_code
from tests.api.doors import WORD, Doors, doors

__all__ = ["doors"]


def code_of(doors: Doors) -> str:
    code = setup_code.prepare(doors.database, doors.settings.data)
    assert code is not None
    return code


def set_up(doors: Doors, code: str, **facts: Any) -> Response:
    body = {"code": code, "name": "Ana", "email": "ana@casa.test", "password": WORD} | facts
    return doors.new_client().post("/api/setup", json=body)


def test_a_new_appliance_says_that_it_waits_for_its_first_person(doors: Doors) -> None:
    assert doors.client.get("/api/setup").json() == {"needed": True}
    doors.add()
    assert doors.client.get("/api/setup").json() == {"needed": False}


def test_the_holder_of_the_code_becomes_administrator_and_signs_in(doors: Doors) -> None:
    answer = set_up(doors, code_of(doors), language="es", organization="Condomínio Aurora")

    assert answer.status_code == 201
    person = answer.json()["person"]
    assert (person["role"], person["language"]) == ("admin", "es")
    signed_in = doors.client.post("/api/session", json={"email": "ana@casa.test", "password": WORD})
    assert signed_in.status_code == 200
    row = doors.database.row("select value from facts where name = 'organization'")
    assert row == {"value": "Condomínio Aurora"}


def test_without_a_language_the_appliances_own_is_taken(doors: Doors) -> None:
    assert set_up(doors, code_of(doors)).json()["person"]["language"] == "pt"


@pytest.mark.guarantee("SEC-28")
def test_a_wrong_code_is_refused_with_what_to_do(doors: Doors) -> None:
    code_of(doors)

    answer = set_up(doors, "AAAA-BBBB-CCCC-DDDD")

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_setup_code")
    assert "appliance setup-code" in answer.json()["detail"]


@pytest.mark.guarantee("SEC-28")
def test_after_five_wrong_codes_one_has_to_wait(doors: Doors) -> None:
    code = code_of(doors)
    answers = [set_up(doors, "wrong") for _ in range(5)]

    last = set_up(doors, code)

    assert [answer.status_code for answer in answers] == [403] * 5
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


@pytest.mark.guarantee("SEC-28")
def test_the_second_setup_is_too_late(doors: Doors) -> None:
    code = code_of(doors)
    set_up(doors, code)

    answer = set_up(doors, code, email="eva@casa.test")

    assert (answer.status_code, answer.json()["code"]) == (409, "already_set_up")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 1025}, "password_too_long"),
        ({"password": "senha123"}, "password_common"),
        ({"email": "ana"}, "bad_email"),
        ({"name": " "}, "bad_name"),
        ({"organization": "a\nb"}, "bad_name"),
        ({"role": "member"}, "unknown_field"),
        ({"language": "fr"}, "bad_request"),
    ],
)
def test_a_first_person_that_makes_no_sense_is_refused_and_the_code_stays_good(
    doors: Doors, facts: dict[str, str], code: str
) -> None:
    word = code_of(doors)

    answer = set_up(doors, word, **facts)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert set_up(doors, word).status_code == 201


@pytest.mark.guarantee("SEC-28")
def test_however_many_try_at_once_there_is_one_administrator(doors: Doors) -> None:
    code = code_of(doors)
    statuses: list[int] = []

    def attempt(number: int) -> None:
        statuses.append(set_up(doors, code, email=f"a{number}@casa.test").status_code)

    crowd = [threading.Thread(target=attempt, args=(number,)) for number in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 429}
    assert len(doors.database.rows("select id from people where role = 'admin'")) == 1


def test_another_sites_page_cannot_set_the_appliance_up(doors: Doors) -> None:
    body = {"code": code_of(doors), "name": "Eva", "email": "e@evil.test", "password": WORD}

    answer = doors.client.post("/api/setup", json=body, headers={"origin": "https://evil.test"})

    assert answer.status_code == 403
    assert doors.client.get("/api/setup").json() == {"needed": True}


def test_the_setup_is_on_the_record(doors: Doors) -> None:
    person = set_up(doors, code_of(doors)).json()["person"]

    [row] = doors.database.rows("select act, subject, caller from audit")

    assert row == {"act": "setup", "subject": person["id"], "caller": f"person:{person['id']}"}
