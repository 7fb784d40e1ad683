"""The line at the door: short, counted, and no weapon against the people of the house (SEC-35)."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient

from appliance import throttle
from appliance.api import entrance
from appliance.errors import Unavailable
from appliance.settings import Settings
from appliance.signin import password
from tests.api.doors import ADDRESS, WORD, Doors, doors

__all__ = ["doors"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords compared in no time, for the tests that try many."""
    monkeypatch.setattr(password, "matches", lambda word, stored: word == WORD and bool(stored))


def sign_in(client: TestClient[Any], name: str = "ana", word: str = WORD) -> Response:
    return client.post("/api/session", json={"email": f"{name}@casa.test", "password": word})


def full(doors: Doors, act: str, subject: str, times: int) -> None:
    """Tries of strangers that happened a moment ago."""
    for _ in range(times):
        throttle.take(doors.database, throttle.bucket(act, subject, limit=10_000))


@pytest.mark.guarantee("SEC-35")
def test_who_was_here_before_gets_in_although_strangers_guess_at_the_account(
    doors: Doors, quick: None
) -> None:
    doors.add("Ana")
    here = doors.new_client()
    sign_in(here)
    full(doors, "sign-in-as", "ana@casa.test", 10)
    full(doors, "sign-in-from", "testclient", 30)

    assert sign_in(here).status_code == 200
    assert sign_in(doors.new_client()).status_code == 429


@pytest.mark.guarantee("SEC-35")
def test_a_browser_that_was_here_before_buys_no_more_tries(doors: Doors, quick: None) -> None:
    doors.add("Ana")
    here = doors.new_client()
    sign_in(here)

    answers = [sign_in(here, word="wrong").status_code for _ in range(11)]

    assert answers == [401] * 10 + [429]
    assert sign_in(here).status_code == 429


def test_the_browser_of_one_person_says_nothing_for_another(doors: Doors, quick: None) -> None:
    doors.add("Ana")
    doors.add("Eva", role="member")
    evas = doors.new_client()
    sign_in(evas, "eva")
    full(doors, "sign-in-as", "ana@casa.test", 10)

    assert sign_in(evas, "ana").status_code == 429


def test_what_a_browser_is_known_by_is_sent_with_sign_ins_alone(doors: Doors) -> None:
    doors.add("Ana")

    session, device = sign_in(doors.new_client()).headers.get_list("set-cookie")

    assert session.startswith("balcao=")
    assert device.startswith("balcao-device=")
    parts = {part.strip().lower() for part in device.split(";")}
    assert {"httponly", "samesite=strict", "path=/api/session", "max-age=15552000"} <= parts


def test_a_wrong_password_makes_no_browser_known(doors: Doors, quick: None) -> None:
    doors.add("Ana")

    assert "set-cookie" not in sign_in(doors.new_client(), word="wrong").headers
    assert doors.database.rows("select * from devices") == []


@pytest.mark.guarantee("SEC-35")
def test_the_limits_and_the_known_browsers_survive_a_restart(tmp_path: Path, quick: None) -> None:
    settings = Settings(data_dir=str(tmp_path), public_url=ADDRESS)
    before = Doors(settings)
    before.add("Ana")
    here = before.new_client()
    sign_in(here)
    full(before, "sign-in-as", "ana@casa.test", 10)
    before.database.close()

    after = Doors(settings)
    stranger, known = after.new_client(), after.new_client()
    known.cookies.update(here.cookies)
    outcomes = sign_in(stranger).status_code, sign_in(known).status_code
    after.database.close()

    assert outcomes == (429, 200)


@pytest.mark.guarantee("SEC-35")
def test_refusals_at_the_door_are_in_the_log_with_the_address_and_no_password(
    doors: Doors, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(doors.client, word="my very wrong password")

    assert "sign-in refused from testclient" in caplog.text
    assert "my very wrong password" not in caplog.text


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """One clerk, and a line for two."""
    monkeypatch.setattr(entrance, "DESK", ThreadPoolExecutor(1))
    monkeypatch.setattr(entrance, "_places", threading.BoundedSemaphore(3))


async def crowd(number: int, seconds: float = 0.05) -> list[Any]:
    """What comes of so many who come at once, each of them some work."""
    work = [entrance.at_the_desk(lambda: time.sleep(seconds)) for _ in range(number)]
    return await asyncio.gather(*work, return_exceptions=True)


def test_who_finds_the_line_full_is_told_when_to_come_back(desk: None) -> None:
    outcomes = asyncio.run(crowd(10))

    refused = [one for one in outcomes if isinstance(one, Unavailable)]
    assert (outcomes.count(None), len(refused)) == (3, 7)
    assert {(one.code, one.retry_after) for one in refused} == {("door_busy", entrance.COME_BACK)}


def test_after_the_crowd_there_is_place_again(desk: None) -> None:
    asyncio.run(crowd(10))

    assert asyncio.run(crowd(3)) == [None] * 3


def test_whose_turn_comes_too_late_is_not_worked_for(
    desk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "LONGEST_WAIT", 0.0)
    done: list[int] = []

    async def late() -> list[Any]:
        first = entrance.at_the_desk(lambda: done.append(1))
        return await asyncio.gather(first, return_exceptions=True)

    (outcome,) = asyncio.run(late())

    assert isinstance(outcome, Unavailable)
    assert done == []


def test_who_leaves_the_line_gives_their_place_back(desk: None) -> None:
    async def leaving() -> list[Any]:
        held = asyncio.create_task(entrance.at_the_desk(lambda: time.sleep(0.1)))
        gone = [asyncio.create_task(entrance.at_the_desk(lambda: None)) for _ in range(2)]
        await asyncio.sleep(0.02)
        for one in gone:
            one.cancel()
        await asyncio.sleep(0)
        return await asyncio.gather(held, entrance.at_the_desk(lambda: None))

    assert asyncio.run(leaving()) == [None, None]


def test_over_http_a_full_line_is_503_with_how_long(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = threading.BoundedSemaphore(1)
    nobody.acquire()
    monkeypatch.setattr(entrance, "_places", nobody)

    answer = sign_in(doors.client)

    assert (answer.status_code, answer.json()["code"]) == (503, "door_busy")
    assert answer.headers["retry-after"] == "5"
