"""The figures of use over HTTP: for administrators, by day and assistant, and as a file."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from appliance.records import Role
from tests.house import House

FINE = "Qual é a multa por atraso na devolução de livros?"
TODAY = datetime.now().astimezone().date()


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    """An assistant that answered one question and refused another, whose answer was disliked."""
    found = house.assistant("=Secretaria")
    house.upload(found["collections"][0])
    assert house.ask(found["id"], FINE)["state"] == "answered"
    refused = house.ask(found["id"], "A piscina da escola abre quando?")
    house.client.post(f"/api/messages/{refused['message']}/feedback", json={"good": False})
    return found


def told(house: House, **which: str) -> dict[str, Any]:
    sent = house.client.get("/api/usage", params=which)
    assert sent.status_code == 200, sent.text
    return dict(sent.json())


def lines(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_week_is_told_in_all_by_day_and_by_assistant(house: House, made: Any) -> None:
    week = told(house)

    assert (week["from"], week["to"]) == (str(TODAY - timedelta(days=6)), str(TODAY))
    total = week["total"]
    assert (total["questions"], total["answered"], total["refused"], total["bad"]) == (2, 1, 1, 1)
    assert 0 < total["passages_ms"]["median"] <= total["passages_ms"]["p95"]
    assert [day["questions"] for day in week["days"]] == [0, 0, 0, 0, 0, 0, 2]
    assert [(one["name"], one["questions"]) for one in week["assistants"]] == [("=Secretaria", 2)]
    assert [(one["day"], one["assistant"]) for one in week["rows"]] == [(str(TODAY), made["id"])]


def test_it_is_told_of_some_days_and_of_one_assistant(house: House, made: Any) -> None:
    other = house.assistant("Biblioteca")

    before = told(house, **{"from": "2026-01-01", "to": "2026-01-31"})

    assert (before["total"]["questions"], len(before["days"])) == (0, 31)
    assert told(house, assistant=other["id"])["total"]["questions"] == 0
    assert told(house, assistant=made["id"])["total"]["questions"] == 2


def test_an_assistant_that_is_not_there_is_not_found(house: House) -> None:
    assert house.client.get("/api/usage", params={"assistant": "nada"}).status_code == 404


def test_days_that_cannot_be_are_refused_with_a_sentence(house: House) -> None:
    sent = house.client.get("/api/usage", params={"from": "2026-02-01", "to": "2026-01-01"})

    assert (sent.status_code, sent.json()["code"]) == (400, "usage_span")
    assert "366" in sent.json()["detail"]


def test_the_file_has_a_line_for_each_day_and_assistant_and_runs_nothing(
    house: House, made: Any
) -> None:
    sent = house.client.get("/api/usage/export")

    assert sent.headers["content-type"].startswith("text/csv")
    assert sent.headers["content-disposition"].endswith(f'-{TODAY}.csv"')
    (line,) = lines(sent.text)
    assert (line["day"], line["name"]) == (str(TODAY), "'=Secretaria")
    assert (line["questions"], line["answered"], line["refused"]) == ("2", "1", "1")
    assert float(line["passages_median_ms"]) > 0
    assert line["first_token_p95_ms"] == ""


def test_the_file_of_nothing_has_its_columns(house: House) -> None:
    sent = house.client.get("/api/usage/export")

    assert lines(sent.text) == []
    assert sent.text.startswith("\ufeffday,assistant,name,questions,answered,refused")


@pytest.mark.parametrize("address", ["/api/usage", "/api/usage/export"])
@pytest.mark.parametrize("role", ["editor", "member", "auditor"])
def test_the_figures_are_for_administrators(house: House, address: str, role: Role) -> None:
    with house.as_a(role) as client:
        assert client.get(address).status_code == 403
