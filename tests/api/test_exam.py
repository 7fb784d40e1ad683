"""Exam time: nothing is said but what the owner approved, by whatever way one asks."""

from typing import Any

import pytest

from appliance import assistants
from appliance.answering.rehearsing import Rehearsal
from tests.api.test_notices import QUESTION, SITE, agree, ask, visit
from tests.house import House

RUNS = {"on": True, "begins": "2000-01-01T00:00", "ends": "2999-01-01T00:00", "said": "Boa prova!"}


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    found = house.assistant(origins=[SITE])
    house.upload(found["collections"][0])
    house.client.post(
        f"/api/assistants/{found['id']}/approved-answers",
        json={"questions": ["Onde é a prova?"], "text": "Na sala 3."},
    )
    return found


def exam(house: House, made: dict[str, Any], **changes: Any) -> Any:
    path = f"/api/assistants/{made['id']}/flows"
    return house.client.patch(path, json={"exam": RUNS | changes})


def test_only_what_was_approved_is_answered(house: House, made: Any) -> None:
    assert house.ask(made["id"], QUESTION)["citations"] != []
    exam(house, made)

    refused = house.ask(made["id"], QUESTION)
    assert (refused["answer"], refused["said_by"]) == ("Boa prova!", "house")
    assert (refused["passages"], refused["citations"]) == ([], [])
    approved = house.ask(made["id"], "Onde é a prova?")
    assert (approved["answer"], approved["said_by"]) == ("Na sala 3.", "office")
    assert house.ask(made["id"], "Olá")["said_by"] == "house"


def test_no_other_way_of_asking_leads_round_it(house: House, made: Any) -> None:
    first = house.ask(made["id"], QUESTION)
    exam(house, made)
    path = f"/api/assistants/{made['id']}"

    search = house.client.post(f"{path}/search", json={"query": QUESTION})
    assert (search.status_code, search.json()["code"]) == (403, "exam_now")
    again = house.client.post(f"/api/messages/{first['message']}/regenerate", json={}).json()
    follow_up = house.ask(made["id"], QUESTION, conversation=first["conversation"])
    another_day = house.ask(made["id"], QUESTION, as_of="2024-05-01")
    model = {"model": made["slug"], "messages": [{"role": "user", "content": QUESTION}]}
    openai = house.client.post("/v1/chat/completions", json=model).json()
    visitor = visit(house, made)
    agree(house, made, visitor)
    visited = ask(house, made, visitor).json()

    told = [one["answer"] for one in (again, follow_up, another_day, visited)]
    assert told == ["Boa prova!"] * 4
    if "choices" in openai:
        assert openai["choices"][0]["message"]["content"] == "Boa prova!"


def test_it_ends_by_the_clock_and_by_its_owner(house: House, made: Any) -> None:
    exam(house, made, ends="2001-01-01T00:00")
    assert house.ask(made["id"], QUESTION)["said_by"] == "documents"

    exam(house, made, said="")
    assert "só respondo ao que a equipe aprovou" in house.ask(made["id"], QUESTION)["answer"]

    exam(house, made, on=False)
    assert house.ask(made["id"], QUESTION)["said_by"] == "documents"


def test_golden_questions_are_asked_as_ever(house: House, made: Any) -> None:
    exam(house, made)
    assistant = assistants.get(house.parts.database, made["id"])

    answer = Rehearsal(house.parts.answering)(assistant, QUESTION)

    assert answer.said_by == "documents"


def test_it_is_a_version_that_can_be_undone(house: House, made: Any) -> None:
    path = f"/api/assistants/{made['id']}"
    exam(house, made)
    newest = house.client.get(f"{path}/versions").json()["items"][0]
    assert "flows.exam.said" in [one["field"] for one in newest["changes"]]

    house.client.post(f"{path}/versions/{newest['number'] - 1}/restore")

    assert house.client.get(f"{path}/flows").json()["exam"]["on"] is False


def test_a_period_that_cannot_be_changes_nothing(house: House, made: Any) -> None:
    exam(house, made)

    refused = exam(house, made, ends="1999-01-01T00:00")

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_exam")
    kept = house.client.get(f"/api/assistants/{made['id']}/flows").json()["exam"]
    assert kept == RUNS
