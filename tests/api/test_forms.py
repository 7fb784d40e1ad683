"""A form is offered in the chat, filled in, and read by the house's people."""

from typing import Any

import pytest

from tests.api.test_notices import SITE, Headers, agree, ask, send, visit
from tests.house import House

WHY = {"reason": "Pedido do titular 77"}
CPF = "529.982.247-25"
FORM = {
    "on": True,
    "title": "Pedir matrícula",
    "words": ["Quero me matricular"],
    "said": "Conte-nos quem é você.",
    "thanks": "Obrigada, ligamos amanhã.",
    "fields": [
        {"label": "Nome", "required": True},
        {"label": "CPF", "kind": "cpf"},
        {"label": "E-mail", "kind": "email", "required": True},
    ],
}
VALUES = {"Nome": "Zuleica Prado", "CPF": "52998224725", "E-mail": "zu@exemplo.com"}


@pytest.fixture
def made(house: House) -> dict[str, Any]:
    found = house.assistant(origins=[SITE], suggestions=["Quando abre?"])
    house.upload(found["collections"][0])
    switch(house, found)
    return found


def switch(house: House, made: dict[str, Any], **changes: Any) -> Any:
    path = f"/api/assistants/{made['id']}/flows"
    return house.client.patch(path, json={"form": FORM | changes})


def asked_for(house: House, made: dict[str, Any]) -> str:
    """A conversation in which the form was asked for."""
    return str(house.ask(made["id"], "Pedir matrícula")["conversation"])


def fill(house: House, conversation: str, **values: str) -> Any:
    path = f"/api/conversations/{conversation}/form"
    return house.client.post(path, json={"values": VALUES | values})


def in_the_inbox(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.client.get("/api/handovers").json()["items"]
    return found


@pytest.mark.parametrize("question", ["pedir matrícula?", "Bom dia, quero me matricular"])
def test_its_title_and_its_words_open_it(house: House, made: Any, question: str) -> None:
    answer = house.ask(made["id"], question)

    assert (answer["answer"], answer["form"], answer["said_by"], answer["passages"]) == (
        "Conte-nos quem é você.", True, "house", [],
    )  # fmt: skip
    shown = house.client.get(f"/api/conversations/{answer['conversation']}/form").json()
    assert (shown["title"], shown["sent"]) == ("Pedir matrícula", False)
    assert [one["label"] for one in shown["fields"]] == ["Nome", "CPF", "E-mail"]


def test_the_greeting_offers_it(house: House, made: Any) -> None:
    assert house.ask(made["id"], "Olá")["offers"] == ["Quando abre?", "Pedir matrícula"]
    path = f"/api/assistants/{made['id']}"
    assert house.client.get(path).json()["form"] == "Pedir matrícula"
    config = house.client.get(f"/api/widget/{made['public_id']}/config").json()
    assert config["assistant"]["suggestions"] == ["Quando abre?", "Pedir matrícula"]

    switch(house, made, on=False)

    assert house.ask(made["id"], "Olá")["offers"] == ["Quando abre?"]
    assert house.client.get(path).json()["form"] == ""
    assert house.ask(made["id"], "Pedir matrícula")["form"] is False


def test_what_was_filled_in_is_in_the_inbox_for_whoever_reads_it(house: House, made: Any) -> None:
    assert fill(house, asked_for(house, made)).json() == {"said": "Obrigada, ligamos amanhã."}

    (found,) = in_the_inbox(house)
    assert (found["form"], found["answers"]) == ("Pedir matrícula", [])
    read = house.client.get(f"/api/handovers/{found['id']}").json()
    assert {one["label"]: one["value"] for one in read["answers"]} == VALUES | {"CPF": CPF}
    settled = house.client.patch(f"/api/handovers/{found['id']}", json={"state": "done"}).json()
    assert (settled["state"], settled["answers"]) == ("done", [])
    acts = house.client.get("/api/audit", params={"subject": made["id"]}).json()["items"]
    assert [one["act"] for one in acts][:3] == ["handover.settle", "handover.read", "form.send"]
    assert "Zuleica" not in str(acts)


def test_where_a_field_does_not_fit_nothing_is_kept(house: House, made: Any) -> None:
    conversation = asked_for(house, made)

    refused = fill(house, conversation, CPF="1", Nome="")

    told = refused.json()
    assert (refused.status_code, told["code"]) == (400, "form_unfit")
    assert told["detail"] == "Nada foi enviado ainda. Confira: Nome, CPF."
    assert told["fields"] == {
        "Nome": "Preencha este campo.",
        "CPF": "Este CPF não existe. Confira os onze números.",
    }
    assert in_the_inbox(house) == []
    assert fill(house, conversation).status_code == 201


def test_a_form_is_sent_once_until_somebody_took_it(house: House, made: Any) -> None:
    conversation = asked_for(house, made)
    fill(house, conversation)

    again = fill(house, conversation)

    assert (again.status_code, again.json()["code"]) == (409, "form_sent_already")
    assert house.client.get(f"/api/conversations/{conversation}/form").json()["sent"] is True
    path = f"/api/handovers/{in_the_inbox(house)[0]['id']}"
    house.client.patch(path, json={"state": "done"})
    assert fill(house, conversation).status_code == 201
    assert house.client.patch(path, json={"state": "open"}).status_code == 409


def test_a_form_and_the_conversation_itself_are_handed_over_side_by_side(
    house: House, made: Any
) -> None:
    conversation = asked_for(house, made)
    fill(house, conversation)
    house.client.patch(f"/api/assistants/{made['id']}/flows", json={"person": {"on": True}})

    sent = house.client.post(f"/api/conversations/{conversation}/handover", json={})

    assert sent.status_code == 201
    assert [one["form"] for one in in_the_inbox(house)] == ["", "Pedir matrícula"]


def test_a_form_that_is_off_or_changed_takes_nothing(house: House, made: Any) -> None:
    conversation = asked_for(house, made)
    changed = fill(house, conversation, Turno="Manhã")
    assert (changed.status_code, changed.json()["code"]) == (400, "form_changed")

    switch(house, made, on=False)

    off = fill(house, conversation)
    assert (off.status_code, off.json()["code"]) == (403, "form_off")
    assert in_the_inbox(house) == []


def test_nobody_fills_in_a_form_within_anothers_conversation(house: House, made: Any) -> None:
    conversation = asked_for(house, made)
    with house.as_a("member") as client:
        path = f"/api/conversations/{conversation}/form"
        assert client.get(path).status_code == 404
        assert client.post(path, json={"values": VALUES}).status_code == 404


def filled_by_a_visitor(house: House, made: dict[str, Any]) -> tuple[Headers, Any]:
    visitor = visit(house, made)
    agree(house, made, visitor)
    answer = ask(house, made, visitor, question="Pedir matrícula").json()
    path = f"/api/conversations/{answer['conversation']}/form"
    return visitor, send(house, "POST", path, visitor, json={"values": VALUES})


def test_a_visitor_fills_it_in(house: House, made: Any) -> None:
    _, sent = filled_by_a_visitor(house, made)

    assert sent.status_code == 201
    assert [one["form"] for one in in_the_inbox(house)] == ["Pedir matrícula"]


@pytest.mark.guarantee("LGPD-11")
def test_where_minors_ask_no_visitor_is_asked_who_they_are(house: House, made: Any) -> None:
    house.client.patch(f"/api/assistants/{made['id']}/visitors", json={"audience": "minors"})

    _, sent = filled_by_a_visitor(house, made)

    assert (sent.status_code, sent.json()["code"]) == (403, "form_off")
    config = house.client.get(f"/api/widget/{made['public_id']}/config").json()
    assert config["assistant"]["suggestions"] == ["Quando abre?"]
    assert in_the_inbox(house) == []


def test_the_data_subjects_desk_finds_hands_over_and_ends_it(house: House, made: Any) -> None:
    conversation = asked_for(house, made)
    fill(house, conversation, Nome="Zuleica\tPrado")
    for sought in ({"name": "zuleica prado"}, {"cpf": "52998224725"}, {"email": "zu@exemplo.com"}):
        found = house.client.post("/api/subjects/search", json=sought | WHY).json()
        assert [one["id"] for one in found["conversations"]] == [conversation]

    house.client.delete(f"/api/conversations/{conversation}")

    found = house.client.post("/api/subjects/search", json={"name": "Zuleica Prado"} | WHY).json()
    assert found["conversations"] == []
    assert house.parts.database.rows("select * from handovers") == []


def test_every_change_of_the_flows_is_a_version_that_can_be_undone(house: House, made: Any) -> None:
    path = f"/api/assistants/{made['id']}"
    switch(house, made, title="Pedir vaga")

    newest = house.client.get(f"{path}/versions").json()["items"][0]
    assert newest["changes"] == [
        {"field": "flows.form.title", "before": "Pedir matrícula", "after": "Pedir vaga"}
    ]
    back = house.client.post(f"{path}/versions/{newest['number'] - 1}/restore")

    assert back.status_code == 200
    assert house.client.get(f"{path}/flows").json()["form"]["title"] == "Pedir matrícula"
    first = house.client.post(f"{path}/versions/1/restore")
    assert first.status_code == 200
    assert house.client.get(f"{path}/flows").json()["form"]["on"] is False
    newest = house.client.get(f"{path}/versions").json()["items"][0]
    assert newest["act"] == "restored"


def test_what_changes_nothing_makes_no_version(house: House, made: Any) -> None:
    path = f"/api/assistants/{made['id']}/versions"
    before = house.client.get(path).json()["items"]

    switch(house, made)

    assert house.client.get(path).json()["items"] == before
