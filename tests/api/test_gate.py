"""The gate before publishing: a change counts once the golden questions pass with it."""

from typing import Any

import pytest

from appliance import audit, gates
from tests.house import House

FINE = "Qual é a multa por atraso na devolução de livros?"


@pytest.fixture
def gated(house: House) -> dict[str, Any]:
    """An assistant with a gate and a golden question that passes."""
    made = house.assistant()
    house.upload(made["collections"][0])
    asked = {"assistant": made["id"], "question": FINE, "phrases": ["R$ 1,50"]}
    assert house.client.post("/api/golden", json=asked).status_code == 201
    house.client.post("/api/golden/runs", json={"assistant": made["id"]})
    house.work()
    assert turn(house, made["id"], on=True)["on"]
    return made


def turn(house: House, assistant: str, *, on: bool) -> dict[str, Any]:
    told = house.client.patch(f"/api/assistants/{assistant}/gate", json={"on": on})
    assert told.status_code == 200, told.text
    return dict(told.json())


def gate(house: House, assistant: str) -> dict[str, Any]:
    told = house.client.get(f"/api/assistants/{assistant}/gate")
    assert told.status_code == 200, told.text
    return dict(told.json())


def change(house: House, assistant: str, **fields: Any) -> Any:
    return house.client.patch(f"/api/assistants/{assistant}", json=fields)


def judge(house: House) -> None:
    """The round that looks for held changes, and the job that it opens."""
    asking = house.parts.golden()
    asking.look()
    house.work()


def shown(house: House, assistant: str) -> dict[str, Any]:
    return dict(house.client.get(f"/api/assistants/{assistant}").json())


def elsewhere(house: House) -> str:
    """A collection in which nothing answers."""
    return str(house.client.post("/api/collections", json={"name": "Vazia"}).json()["id"])


def test_a_change_is_held_and_published_once_the_questions_pass(
    house: House, gated: dict[str, Any]
) -> None:
    told = change(house, gated["id"], strictness="helpful")

    assert told.status_code == 200
    assert told.json()["held"] is True
    assert told.json()["strictness"] == "balanced"
    held = gate(house, gated["id"])["held"]
    assert held["asking"]
    assert held["changes"] == [{"field": "strictness", "before": "balanced", "after": "helpful"}]
    judge(house)
    assert gate(house, gated["id"])["held"] is None
    assert shown(house, gated["id"])["strictness"] == "helpful"


def test_one_that_turns_a_question_red_stays_held_and_says_which(
    house: House, gated: dict[str, Any]
) -> None:
    change(house, gated["id"], collections=[elsewhere(house)])
    judge(house)

    held = gate(house, gated["id"])["held"]
    assert not held["asking"]
    assert [one["question"] for one in held["red"]] == [FINE]
    assert [one["field"] for one in held["changes"]] == ["collections"]
    assert shown(house, gated["id"])["collections"] == gated["collections"]
    assert "R$ 1,50" in house.ask(gated["id"], FINE)["answer"]


def test_it_is_published_anyway_and_that_is_on_record(house: House, gated: dict[str, Any]) -> None:
    other = elsewhere(house)
    change(house, gated["id"], collections=[other])
    judge(house)

    told = house.client.post(f"/api/assistants/{gated['id']}/gate/publish")

    assert told.status_code == 200
    assert told.json()["collections"] == [other]
    assert gate(house, gated["id"])["held"] is None
    acts = audit.newest(house.parts.database, audit.wanted(subject=gated["id"]), limit=2)
    assert [one.act for one in acts] == ["assistant.publish_anyway", "assistant.hold"]


def test_it_is_given_up_and_nothing_has_changed(house: House, gated: dict[str, Any]) -> None:
    change(house, gated["id"], instructions="Responda em versos.")

    assert house.client.delete(f"/api/assistants/{gated['id']}/gate/held").status_code == 204
    judge(house)

    assert gate(house, gated["id"])["held"] is None
    assert shown(house, gated["id"])["instructions"] == ""


def test_what_has_no_part_in_an_answer_is_changed_at_once(
    house: House, gated: dict[str, Any]
) -> None:
    told = change(house, gated["id"], greeting="Olá!", accent="#123456")

    assert "held" not in told.json()
    assert shown(house, gated["id"])["greeting"] == "Olá!"


def test_the_same_settings_again_are_no_change(house: House, gated: dict[str, Any]) -> None:
    told = change(house, gated["id"], strictness="balanced", collections=gated["collections"])

    assert "held" not in told.json()


def test_only_one_change_is_held_at_a_time(house: House, gated: dict[str, Any]) -> None:
    change(house, gated["id"], strictness="helpful")

    second = change(house, gated["id"], strictness="strict")

    assert (second.status_code, second.json()["code"]) == (409, "change_waits")


def test_an_unsound_change_is_refused_at_once_and_not_held(
    house: House, gated: dict[str, Any]
) -> None:
    told = change(house, gated["id"], engine="gone")

    assert told.status_code == 400
    assert gate(house, gated["id"])["held"] is None


def test_without_a_gate_or_without_questions_a_change_counts_at_once(
    house: House, gated: dict[str, Any]
) -> None:
    turn(house, gated["id"], on=False)
    assert "held" not in change(house, gated["id"], strictness="helpful").json()
    bare = house.assistant("Biblioteca")
    assert turn(house, bare["id"], on=True)["questions"] == 0
    assert "held" not in change(house, bare["id"], strictness="helpful").json()


def test_a_question_that_failed_before_holds_nothing_back(
    house: House, gated: dict[str, Any]
) -> None:
    hopeless = {"assistant": gated["id"], "question": "Há piscina?", "phrases": ["sim"]}
    house.client.post("/api/golden", json=hopeless)
    house.client.post("/api/golden/runs", json={"assistant": gated["id"]})
    house.work()

    change(house, gated["id"], strictness="helpful")
    judge(house)

    assert gate(house, gated["id"])["held"] is None


def test_the_way_back_to_a_version_passes_the_gate_too(house: House, gated: dict[str, Any]) -> None:
    change(house, gated["id"], strictness="helpful")
    judge(house)

    told = house.client.post(f"/api/assistants/{gated['id']}/versions/1/restore")

    assert told.json()["held"] is True
    judge(house)
    assert shown(house, gated["id"])["strictness"] == "balanced"
    (newest, *_) = house.client.get(f"/api/assistants/{gated['id']}/versions").json()["items"]
    assert newest["act"] == "restored"


def test_a_published_change_is_a_version_of_who_wanted_it(
    house: House, gated: dict[str, Any]
) -> None:
    change(house, gated["id"], strictness="helpful")
    judge(house)

    (newest, *_) = house.client.get(f"/api/assistants/{gated['id']}/versions").json()["items"]
    assert (newest["by"], newest["act"]) == ("Ana Prado", "changed")


def test_trying_a_change_keeps_nothing_of_it(house: House, gated: dict[str, Any]) -> None:
    change(house, gated["id"], name="Outro nome", strictness="helpful")

    assert shown(house, gated["id"])["name"] == "Secretaria"
    held = gates.get(house.parts.database, gated["id"])
    assert held.changes == {"name": "Outro nome", "strictness": "helpful"}


def test_nothing_is_published_or_given_up_where_nothing_is_held(
    house: House, gated: dict[str, Any]
) -> None:
    assert house.client.post(f"/api/assistants/{gated['id']}/gate/publish").status_code == 404
    assert house.client.delete(f"/api/assistants/{gated['id']}/gate/held").status_code == 404


def test_a_member_sees_no_gate(house: House, gated: dict[str, Any]) -> None:
    with house.as_a("member"):
        assert house.client.get(f"/api/assistants/{gated['id']}/gate").status_code == 403
