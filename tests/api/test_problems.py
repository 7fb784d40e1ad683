"""How a refusal reads: one shape, the caller's language, nothing leaked (SEC-44)."""

import logging
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import get, post
from litestar.params import JSONBody
from msgspec import Struct

from appliance.api import guards, problems
from appliance.errors import TooMany, Unavailable, sentences
from appliance.settings import Settings
from tests.api.doors import ADDRESS, Doors, doors

__all__ = ["doors"]

SHAPE = {"type", "title", "status", "code", "detail", "request_id"}


class Inner(Struct, forbid_unknown_fields=True):
    number: int


class Outer(Struct, forbid_unknown_fields=True):
    inner: Inner
    word: str = ""


@post("/api/outer", who=guards.anyone())
async def outer(data: JSONBody[Outer]) -> Outer:
    return data


@get("/api/slow", who=guards.anyone())
async def slow() -> None:
    raise TooMany("too_many", retry_after=12.2, minutes=1)


@get("/api/locked", who=guards.anyone())
async def locked() -> None:
    raise sqlite3.OperationalError("database is locked")


@get("/api/damaged", who=guards.anyone())
async def damaged() -> None:
    raise sqlite3.OperationalError("no such table: secrets")


@get("/api/strange", who=guards.anyone())
async def strange() -> None:
    raise Unavailable("a code that has no sentence")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Doors]:
    opened = Doors(
        Settings(data_dir=str(tmp_path), public_url=ADDRESS),
        outer, slow, locked, damaged, strange,
    )  # fmt: skip
    with opened.client:
        yield opened
    opened.database.close()


def send(house: Doors, body: bytes) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    answer = house.client.post("/api/outer", content=body, headers=headers)
    problem: dict[str, Any] = answer.json()
    assert answer.status_code == problem["status"] == 400
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nowhere", 404, "not_found"),
        ("GET", "/api/session", 401, "not_signed_in"),
        ("PUT", "/api/session", 405, "method_not_allowed"),
        ("TRACE", "/api/session", 405, "method_not_allowed"),
        ("GET", "/api/broken", 500, "unexpected"),
    ],
)
def test_every_refusal_has_one_shape(
    doors: Doors, method: str, path: str, status: int, code: str
) -> None:
    answer = doors.client.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == SHAPE
    assert (problem["type"], problem["status"], problem["code"]) == ("about:blank", status, code)
    assert problem["request_id"] == answer.headers["x-request-id"] != ""


def test_what_nobody_expected_is_logged_whole_and_told_without_its_text(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="appliance.api"):
        answer = doors.client.get("/api/broken")

    assert answer.status_code == 500
    assert "cardamom" not in answer.text
    assert "Traceback" not in answer.text
    [record] = [record for record in caplog.records if record.name == "appliance.api"]
    assert answer.json()["request_id"] in record.getMessage()
    assert record.exc_info is not None
    assert "cardamom" in str(record.exc_info[1])


def test_debugging_by_environment_leaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITESTAR_DEBUG", "1")
    debugged = Doors(Settings(data_dir=str(tmp_path), public_url=ADDRESS))
    with debugged.client as client:
        answer = client.get("/api/broken")
    debugged.database.close()

    assert "cardamom" not in answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"inner": {"number": 1}, "role": "admin"}', "role"),
        (b'{"inner": {"number": 1, "deep": 2}}', "inner.deep"),
    ],
)
def test_a_field_that_does_not_exist_is_named(house: Doors, body: bytes, field: str) -> None:
    problem = send(house, body)

    assert problem["code"] == "unknown_field"
    assert f": {field}." in problem["detail"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"inner": {"number": "one"}}', "number"),
        (b"{}", "inner"),
        (b'{"inner": ', ""),
        (b"[]", ""),
        (b"null", ""),
        (b"\xff\xfe", ""),
        (b'{"inner": {"number": 1}, "word": "\\ud800"}', ""),
        (b"[" * 5000, ""),
    ],
)
def test_a_body_that_does_not_fit_is_refused_with_the_reason(
    house: Doors, body: bytes, word: str
) -> None:
    problem = send(house, body)

    assert problem["code"] == "bad_request"
    assert word in problem["detail"]
    assert "appliance" not in problem["detail"]


def test_a_missing_body_is_refused(house: Doors) -> None:
    answer = house.client.post("/api/outer")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_waiting_time_is_told_in_whole_seconds_rounded_up(house: Doors) -> None:
    assert house.client.get("/api/slow").headers["retry-after"] == "13"


def test_a_locked_database_is_busy_and_a_damaged_one_is_unexpected(house: Doors) -> None:
    busy, damaged_answer = house.client.get("/api/locked"), house.client.get("/api/damaged")

    assert (busy.status_code, busy.json()["code"]) == (503, "database_busy")
    assert busy.headers["retry-after"] == "2"
    assert (damaged_answer.status_code, damaged_answer.json()["code"]) == (500, "unexpected")
    assert "secrets" not in damaged_answer.text


def test_a_code_without_a_sentence_still_says_something(house: Doors) -> None:
    answer = house.client.get("/api/strange")

    assert answer.status_code == 503
    assert answer.json()["detail"] == sentences("pt")["unexpected"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None), ("en", "en"), ("es-MX,es;q=0.9", "es"), ("fr, de;q=0.5", None),
        ("fr;q=1, en;q=0.2, pt;q=0.7", "pt"), ("en;q=0, es;q=0.1", "es"), ("*", None),
        ("EN-us", "en"), ("en;q=x", None), (",,;;q==", None), ("en, pt", "en"),
    ],
)  # fmt: skip
def test_a_browsers_wishes_are_weighed(header: str, language: str | None) -> None:
    assert problems.accepted_language(header) == language


def test_a_refusal_speaks_the_browsers_language_or_the_appliances(doors: Doors) -> None:
    def detail(wish: str) -> str:
        answer = doors.client.get("/api/session", headers={"accept-language": wish})
        return str(answer.json()["detail"])

    assert detail("es-AR, en;q=0.5") == sentences("es")["not_signed_in"]
    assert detail("fr") == sentences("pt")["not_signed_in"]


def test_a_refusal_speaks_the_persons_language_before_the_browsers(doors: Doors) -> None:
    bia = doors.add("Bia", role="member")
    with doors.database.write() as writer:
        writer.run("update people set language = 'es'")
    headers = doors.cookie_of(bia) | {"accept-language": "en"}

    answer = doors.client.get("/api/people", headers=headers)

    assert answer.json()["detail"] == sentences("es")["not_allowed"]


def test_the_three_languages_have_the_same_sentences_with_the_same_holes() -> None:
    folder = Path(problems.__file__).parents[1] / "sentences"
    doors_of = {
        language: tomllib.loads((folder / language / "doors.toml").read_text("utf-8"))
        for language in ("pt", "en", "es")
    }

    def holes(text: str) -> list[str]:
        return sorted(part.partition("}")[0] for part in text.split("{")[1:])

    portuguese = doors_of["pt"]
    for words in doors_of.values():
        assert list(words) == list(portuguese)
        assert {code: holes(words[code]) for code in words} == {
            code: holes(portuguese[code]) for code in portuguese
        }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "invalid_request_error"),
        (429, "rate_limit_error"),
        (503, "server_error"),
    ],
)
def test_openais_clients_are_told_in_the_shape_they_know(status: int, kind: str) -> None:
    body, media_type = problems.written("/v1/models", status, "not_found", {}, "en", "7")

    assert media_type == "application/json"
    assert msgspec.json.decode(body) == {
        "error": {
            "message": sentences("en")["not_found"],
            "type": kind,
            "param": None,
            "code": "not_found",
        }
    }


def test_everybody_else_is_told_a_problem() -> None:
    body, media_type = problems.written("/api/v1/x", 404, "not_found", {}, "en", "7")

    assert media_type == problems.MEDIA_TYPE
    assert set(msgspec.json.decode(body)) == SHAPE
