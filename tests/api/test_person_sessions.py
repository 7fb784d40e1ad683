"""Where one is signed in, and how to end it there."""

import pytest

from appliance.signin import browsers
from tests.api.doors import WORD, Doors, doors

__all__ = ["doors"]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_a_person_sees_where_they_are_signed_in(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    doors.cookie_of(bia)
    body = {"email": "bia@casa.test", "password": WORD}
    doors.client.post("/api/session", json=body, headers={"user-agent": FIREFOX})

    here, there = doors.client.get(f"/api/people/{bia.id}/sessions").json()["items"]

    assert (here["browser"], here["address"], here["current"]) == (
        "Firefox · Linux",
        "testclient",
        True,
    )
    assert there["current"] is False


def test_a_session_is_ended_from_another_one(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    old, mine = doors.cookie_of(bia), doors.cookie_of(bia)
    path = f"/api/people/{bia.id}/sessions"
    (other,) = [
        one["id"]
        for one in doors.client.get(path, headers=mine).json()["items"]
        if not one["current"]
    ]

    assert doors.client.delete(f"{path}/{other}", headers=mine).status_code == 204

    assert doors.client.get("/api/session", headers=old).status_code == 401
    assert doors.client.get("/api/session", headers=mine).status_code == 200
    assert doors.client.delete(f"{path}/{other}", headers=mine).status_code == 404


def test_signing_out_everywhere_ends_this_session_too(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    everywhere = [doors.cookie_of(bia) for _ in range(3)]

    doors.client.delete(f"/api/people/{bia.id}/sessions", headers=everywhere[0])

    assert {doors.client.get("/api/session", headers=one).status_code for one in everywhere} == {
        401
    }


def test_an_administrator_ends_the_sessions_of_others_and_a_member_does_not(doors: Doors) -> None:
    bia, caio = doors.add("Bia", role="member"), doors.add("Caio", role="member")
    theirs, mine = doors.cookie_of(bia), doors.cookie_of(caio)
    path = f"/api/people/{bia.id}/sessions"

    assert doors.client.get(path, headers=mine).status_code == 404
    assert doors.client.delete(path, headers=mine).status_code == 404
    assert doors.client.delete(path, headers=doors.admin()).status_code == 204
    assert doors.client.get("/api/session", headers=theirs).status_code == 401


def test_another_persons_session_is_not_ended_through_ones_own(doors: Doors) -> None:
    bia, caio = doors.add("Bia", role="member"), doors.add("Caio", role="member")
    theirs, mine = doors.cookie_of(bia), doors.cookie_of(caio)
    listed = doors.client.get(f"/api/people/{bia.id}/sessions", headers=theirs).json()["items"]

    answer = doors.client.delete(f"/api/people/{caio.id}/sessions/{listed[0]['id']}", headers=mine)

    assert answer.status_code == 404
    assert doors.client.get("/api/session", headers=theirs).status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        ("curl/8.0", ""),
        ("", ""),
        ("\x1b[31m<script>" * 1000, ""),
    ],
)
def test_a_browser_is_told_in_words(said: str, words: str) -> None:
    assert browsers.named(said) == words
