"""What an owner switches on: opening hours, and a person who gets the conversation."""

from typing import Any

import pytest

from tests.api.visiting import accept
from tests.house import House

WEEK = [["00:00-23:59"]] * 7
NEVER: list[list[str]] = [[]] * 7
SITE = "https://escola.example"


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    found = house.assistant(origins=[SITE])
    house.upload(found["collections"][0])
    return found


def switch(house: House, made: dict[str, Any], **flows: Any) -> Any:
    return house.client.patch(f"/api/assistants/{made['id']}/flows", json=flows)


def refused(house: House, made: dict[str, Any]) -> dict[str, Any]:
    switch(house, made, person={"on": True})
    return house.ask(made["id"], "Há piscina na escola?")


def hand_over(house: House, answer: dict[str, Any], **fields: str) -> Any:
    return house.client.post(f"/api/conversations/{answer['conversation']}/handover", json=fields)


def test_flows_are_off_until_somebody_switches_them_on(house: House, made: Any) -> None:
    shown = house.client.get(f"/api/assistants/{made['id']}/flows").json()

    assert (shown["hours"]["on"], shown["person"]["on"]) == (False, False)
    assert house.ask(made["id"], "Vocês estão abertos agora?")["said_by"] == "documents"


def test_opening_hours_are_told_by_the_clock(house: House, made: Any) -> None:
    switch(house, made, hours={"on": True, "week": WEEK})
    assert "Estamos atendendo agora." in house.ask(made["id"], "Estão abertos?")["answer"]

    switch(house, made, hours={"on": True, "week": NEVER})

    answer = house.ask(made["id"], "Estão abertos?")
    assert "não há ninguém" in answer["answer"]
    assert (answer["said_by"], answer["passages"], answer["handover"]) == ("house", [], False)


def test_what_is_given_is_changed_and_the_rest_stays(house: House, made: Any) -> None:
    switch(house, made, hours={"on": True, "week": WEEK})

    after = switch(house, made, person={"on": True, "said": "Chame a Ana."}).json()

    assert after["hours"]["week"] == WEEK
    assert after["person"] == {"on": True, "said": "Chame a Ana."}


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ({"week": [["17:00-08:00"], *NEVER[1:]]}, "bad_span"),
        ({"closed": ["2026-02-30"]}, "bad_closed_day"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_nothing_is_lost(
    house: House, made: Any, hours: Any, code: str
) -> None:
    switch(house, made, hours={"on": True, "week": WEEK})

    sent = switch(house, made, hours={"on": True} | hours)

    assert (sent.status_code, sent.json()["code"]) == (400, code)
    kept = house.client.get(f"/api/assistants/{made['id']}/flows").json()
    assert kept["hours"]["week"] == WEEK


def test_a_refusal_offers_a_person_where_the_flow_is_on(house: House, made: Any) -> None:
    assert house.ask(made["id"], "Há piscina na escola?")["handover"] is False

    assert refused(house, made)["handover"] is True


def test_a_conversation_is_handed_over_and_read_by_an_editor(house: House, made: Any) -> None:
    switch(house, made, person={"on": True})
    with house.as_nobody() as client:
        token = client.post(
            f"/api/widget/{made['public_id']}/session", headers={"origin": SITE}
        ).json()["token"]
        headers = accept(client, made["public_id"], token)
        answer = client.post(
            f"/api/assistants/{made['id']}/ask", json={"question": "Há piscina?"}, headers=headers
        ).json()
        sent = client.post(
            f"/api/conversations/{answer['conversation']}/handover",
            json={"reach_by": "ramal 12", "note": "É urgente."},
            headers=headers,
        )
    assert sent.json() == {"said": "Sua conversa foi entregue à equipe."}

    (found,) = house.client.get("/api/handovers").json()["items"]
    shown = house.client.get(f"/api/handovers/{found['id']}").json()

    assert (shown["reach_by"], shown["note"]) == ("ramal 12", "É urgente.")
    assert [one["question"] for one in shown["messages"]] == ["Há piscina?"]
    acts = house.client.get("/api/audit", params={"subject": made["id"]}).json()["items"]
    assert [one["act"] for one in acts][:2] == ["handover.read", "handover.ask"]
    assert "piscina" not in str(acts)


def test_it_is_settled_and_found_under_its_state(house: House, made: Any) -> None:
    hand_over(house, refused(house, made))
    (found,) = house.client.get("/api/handovers").json()["items"]

    settled = house.client.patch(f"/api/handovers/{found['id']}", json={"state": "done"})

    assert settled.json()["state"] == "done"
    assert house.client.get("/api/handovers").json()["items"] == []
    listed = house.client.get("/api/handovers", params={"state": "done"}).json()["items"]
    assert [one["id"] for one in listed] == [found["id"]]


def test_nobody_is_handed_over_where_the_flow_is_off(house: House, made: Any) -> None:
    answer = refused(house, made)
    switch(house, made, person={"on": False})

    sent = hand_over(house, answer)

    assert (sent.status_code, sent.json()["code"]) == (403, "handover_off")


def test_it_says_when_people_are_back(house: House, made: Any) -> None:
    answer = refused(house, made)
    switch(house, made, hours={"on": True, "week": WEEK})

    assert hand_over(house, answer).json()["said"].endswith("Estamos atendendo agora.")
    again = hand_over(house, answer)
    assert (again.status_code, again.json()["code"]) == (409, "handed_over_already")


def test_an_editor_of_another_assistant_reads_nothing(house: House, made: Any) -> None:
    hand_over(house, refused(house, made))
    (found,) = house.client.get("/api/handovers").json()["items"]
    with house.as_a("editor") as client:
        with house.parts.database.write() as db:
            db.run("delete from assistant_editors")
        assert client.get("/api/handovers").json()["items"] == []
        assert client.get(f"/api/handovers/{found['id']}").status_code == 404
        sent = client.patch(f"/api/handovers/{found['id']}", json={"state": "done"})
        assert sent.status_code == 404


@pytest.mark.guarantee("LGPD-11")
def test_of_a_child_nothing_that_is_typed_is_kept(house: House, made: Any) -> None:
    switch(house, made, person={"on": True})
    house.client.patch(f"/api/assistants/{made['id']}/visitors", json={"audience": "minors"})
    with house.as_nobody() as client:
        token = client.post(
            f"/api/widget/{made['public_id']}/session", headers={"origin": SITE}
        ).json()["token"]
        headers = accept(client, made["public_id"], token)
        answer = client.post(
            f"/api/assistants/{made['id']}/ask", json={"question": "Há piscina?"}, headers=headers
        ).json()
        client.post(
            f"/api/conversations/{answer['conversation']}/handover",
            json={"reach_by": "11 5555-0199", "note": "Sou o Rafael."},
            headers=headers,
        )

    (found,) = house.client.get("/api/handovers").json()["items"]
    assert (found["reach_by"], found["note"]) == ("", "")


def test_the_desk_finds_and_erases_what_was_written_to_the_team(house: House, made: Any) -> None:
    answer = refused(house, made)
    hand_over(house, answer, note="Fale com Joaquim Sá de Souza.")
    wanted = {"name": "Joaquim Sá de Souza", "reason": "Pedido do titular, protocolo 77"}

    (talk,) = house.client.post("/api/subjects/search", json=wanted).json()["conversations"]
    assert talk["id"] == answer["conversation"]
    house.client.post(
        "/api/subjects/erasures",
        json={"kind": "conversation", "subject": talk["id"], "reason": wanted["reason"]},
    )
    house.work()

    assert house.client.get("/api/handovers", params={"state": ""}).json()["items"] == []
    data = [file for file in house.settings.data.rglob("*") if file.is_file()]
    assert [file for file in data if "Joaquim Sá".encode() in file.read_bytes()] == []
