"""Golden questions over HTTP: who may, what is kept, the run, the table."""

from typing import Any

import pytest
from httpx import Response

from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"
FULL: dict[str, Any] = {
    "document": "regimento.md", "page": None, "phrases": ["R$ 1,50"], "must_refuse": False,
}  # fmt: skip


@pytest.fixture
def assistant(house: House) -> dict[str, Any]:
    made = house.assistant(mode="quote")
    house.upload(made["collections"][0])
    return made


def created(house: House, assistant: dict[str, Any], **fields: Any) -> Response:
    body = {"assistant": assistant["id"], "question": QUESTION} | FULL | fields
    return house.client.post("/api/golden", json=body)


def run(house: House, assistant: dict[str, Any]) -> dict[str, Any]:
    """Have them asked, and give the run."""
    ordered = house.client.post("/api/golden/runs", json={"assistant": assistant["id"]})
    assert ordered.status_code == 202, ordered.text
    assert ordered.headers["location"] == f"/api/jobs/{ordered.json()['job']['id']}"
    house.work()
    told = house.client.get("/api/golden/runs", params={"assistant": assistant["id"]})
    return dict(told.json()["items"][0])


def test_a_question_is_created_changed_and_removed(house: House, assistant: dict[str, Any]) -> None:
    made = created(house, assistant).json()
    assert {name: made[name] for name in FULL} == FULL
    path = f"/api/golden/{made['id']}"
    changed = house.client.patch(path, json={"phrases": ["1,50"], "page": 2}).json()
    assert (changed["phrases"], changed["page"], changed["document"]) == (
        ["1,50"], 2, "regimento.md",
    )  # fmt: skip
    asked = {"assistant": assistant["id"]}
    assert house.client.get("/api/golden", params=asked).json() == {
        "items": [changed],
        "next": None,
    }

    assert house.client.delete(path).status_code == 204
    assert house.client.get("/api/golden", params=asked).json()["items"] == []
    assert house.client.delete(path).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"question": " "}, {"question": "a" * 2001}, {"page": 0}, {"phrases": [""]},
        {"phrases": ["a"] * 21}, {"must_refuse": True}, {"colour": "red"}, {"document": "a" * 301},
    ],
)  # fmt: skip
def test_what_cannot_be_a_golden_question_is_refused(
    house: House, assistant: dict[str, Any], fields: dict[str, Any]
) -> None:
    refused = created(house, assistant, **fields)

    assert refused.status_code == 400
    assert refused.json()["detail"]
    asked = {"assistant": assistant["id"]}
    assert house.client.get("/api/golden", params=asked).json()["items"] == []


def test_the_same_question_twice_is_a_conflict(house: House, assistant: dict[str, Any]) -> None:
    created(house, assistant)

    assert created(house, assistant).json()["code"] == "golden_known"


def test_a_run_tells_question_by_question(house: House, assistant: dict[str, Any]) -> None:
    created(house, assistant)
    told = run(house, assistant)

    assert (told["passed"], told["failed"], told["changes"]) == (1, 0, [])
    (one,) = told["results"]
    assert (one["state"], one["rank"], one["page_hit"], one["passed"]) == (
        "answered", 1, None, True,
    )  # fmt: skip
    assert one["phrases_found"] == ["R$ 1,50"]
    assert "biblioteca" not in str(told).lower(), "a result holds no word of a document"


def test_without_questions_there_is_nothing_to_run(house: House, assistant: dict[str, Any]) -> None:
    refused = house.client.post("/api/golden/runs", json={"assistant": assistant["id"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "golden_none")


def test_lights_are_told_for_every_assistant_one_may_change(
    house: House, assistant: dict[str, Any]
) -> None:
    house.assistant("Outra")
    created(house, assistant)
    (first, second) = house.client.get("/api/golden/lights").json()["items"]
    assert (first["name"], first["colour"], first["questions"]) == ("Secretaria", "waiting", 1)
    assert second["colour"] == "none"
    assert (first["asking"], first["asked_this_week"]) == (False, 0)
    house.client.post("/api/golden/runs", json={"assistant": assistant["id"]})
    house.client.post(
        f"/api/assistants/{second['assistant']}/ask", json={"question": "E a piscina?"}
    )
    (first, second) = house.client.get("/api/golden/lights").json()["items"]
    assert [(one["asking"], one["asked_this_week"]) for one in (first, second)] == [
        (True, 0), (False, 1),
    ]  # fmt: skip
    house.work()

    page = house.client.get("/api/golden/lights", params={"limit": 1}).json()
    assert [one["colour"] for one in page["items"]] == ["green"]
    page = house.client.get("/api/golden/lights", params={"cursor": page["next"]}).json()
    assert [one["name"] for one in page["items"]] == ["Outra"]


def test_an_editor_has_those_of_their_assistants_alone(
    house: House, assistant: dict[str, Any]
) -> None:
    with house.as_a("editor") as client:
        body = {"assistant": assistant["id"], "question": QUESTION}
        assert client.post("/api/golden", json=body).status_code == 201
    other = house.assistant("Outra")
    golden = created(house, other).json()["id"]
    bia = house.client.get("/api/people").json()["items"][-1]["id"]
    with house.parts.database.write() as db:
        from appliance.api import guards
        from appliance.signin import sessions

        token = sessions.begin(db, bia, hours=1)
    with house.as_nobody() as client:
        client.cookies.set(guards.cookie_name(house.settings), token)
        lights = client.get("/api/golden/lights").json()["items"]
        assert [one["name"] for one in lights] == ["Secretaria"]
        assert client.get("/api/golden", params={"assistant": other["id"]}).status_code == 403
        assert client.patch(f"/api/golden/{golden}", json={"question": "Oi?"}).status_code == 403
        client.cookies.clear()


@pytest.mark.parametrize("role", ["member", "auditor"])
def test_others_have_no_part_in_it(house: House, assistant: dict[str, Any], role: Any) -> None:
    with house.as_a(role) as client:
        assert client.get("/api/golden/lights").status_code == 403
        assert client.get("/api/golden", params={"assistant": assistant["id"]}).status_code == 403


@pytest.mark.guarantee("SEC-46")
def test_they_come_out_as_a_table_and_go_in_again(house: House, assistant: dict[str, Any]) -> None:
    created(house, assistant, question='=HYPERLINK("http://canary.test")')
    created(house, assistant, question="Há piscina?", document="", phrases=[], must_refuse=True)
    sent = house.client.get("/api/golden/export", params={"assistant": assistant["id"]})
    assert sent.headers["content-type"].startswith("text/csv")
    assert "\n'=HYPERLINK" in sent.text.replace('"', "")
    other = house.assistant("Outra")

    body = {"assistant": other["id"], "csv": sent.text}
    assert house.client.post("/api/golden/import", json=body).json() == {"added": 2, "changed": 0}
    assert house.client.post("/api/golden/import", json=body).json() == {"added": 0, "changed": 2}
    told = house.client.get("/api/golden", params={"assistant": other["id"]}).json()["items"]
    assert [one["question"] for one in told] == ['=HYPERLINK("http://canary.test")', "Há piscina?"]
    assert told[1]["must_refuse"] is True


def test_of_a_table_with_a_bad_line_nothing_is_taken(
    house: House, assistant: dict[str, Any]
) -> None:
    body = {"assistant": assistant["id"], "csv": "question,page\nA?,1\nB?,x\n"}
    refused = house.client.post("/api/golden/import", json=body)

    assert (refused.status_code, refused.json()["code"]) == (400, "golden_bad_line")
    assert "linha 3" in refused.json()["detail"]
    contradicting = {"csv": "question,page,must_refuse\nA?,1,sim\n"}
    refused = house.client.post("/api/golden/import", json=body | contradicting)
    assert refused.json()["code"] == "golden_contradicts"
    asked = {"assistant": assistant["id"]}
    assert house.client.get("/api/golden", params=asked).json()["items"] == []


def test_each_act_is_on_record(house: House, assistant: dict[str, Any]) -> None:
    made = created(house, assistant).json()
    house.client.patch(f"/api/golden/{made['id']}", json={"page": 1})
    run(house, assistant)
    house.client.post(
        "/api/golden/import", json={"assistant": assistant["id"], "csv": "question\nOi?\n"}
    )
    house.client.delete(f"/api/golden/{made['id']}")

    acts = house.client.get("/api/audit", params={"act": "golden"}).json()["items"]
    assert [one["act"] for one in acts][::-1] == [
        "golden.create", "golden.change", "golden.run", "golden.import", "golden.remove",
    ]  # fmt: skip
    assert {one["subject"] for one in acts} == {assistant["id"]}
    assert QUESTION not in str(acts), "what people ask is not in the record"


def test_its_job_is_seen_by_whoever_looks_after_what_is_read(
    house: House, assistant: dict[str, Any]
) -> None:
    created(house, assistant)
    run(house, assistant)
    with house.as_a("editor") as client:
        jobs = client.get("/api/jobs", params={"subject": assistant["id"]}).json()["items"]

    assert [(one["kind"], one["state"], one["unit"]) for one in jobs] == [
        ("golden", "succeeded", "questions")
    ]
