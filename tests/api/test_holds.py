"""Legal holds over HTTP: placed and released by administrators, each with a reason on record."""

from typing import Any

import pytest

from appliance.jobs import erasure
from tests.house import House

pytestmark = pytest.mark.guarantee("LGPD-06")


def placed(house: House, kind: str, subject: str, **fields: str) -> Any:
    body = {"kind": kind, "subject": subject, "name": "Ação 7", "reason": "Ofício do juízo"}
    return house.client.post("/api/holds", json=body | fields)


@pytest.fixture
def document(house: House) -> dict[str, Any]:
    return house.upload(house.assistant()["collections"][0])


def test_a_hold_is_placed_listed_and_released_and_each_is_on_record(
    house: House, document: dict[str, Any]
) -> None:
    made = placed(house, "document", document["id"])

    assert made.status_code == 201
    assert house.client.get("/api/holds").json() == {"items": [made.json()], "next": None}

    path = f"/api/holds/{made.json()['id']}"
    assert house.client.delete(path, params={"reason": "Transitou em julgado"}).status_code == 204
    assert house.client.get("/api/holds").json()["items"] == []
    acts = house.client.get("/api/audit", params={"act": "hold"}).json()["items"]
    assert [(one["act"], one["details"]["reason"]) for one in acts] == [
        ("hold.release", "Transitou em julgado"),
        ("hold.place", "Ofício do juízo"),
    ]


def test_a_release_without_a_reason_releases_nothing(
    house: House, document: dict[str, Any]
) -> None:
    made = placed(house, "document", document["id"]).json()

    refused = house.client.delete(f"/api/holds/{made['id']}")

    assert (refused.status_code, refused.json()["code"]) == (400, "hold_without_words")
    assert house.client.get("/api/holds").json()["items"] == [made]


def test_each_way_to_delete_something_held_is_refused_with_the_hold_s_name(
    house: House, document: dict[str, Any]
) -> None:
    assistant = house.client.get("/api/assistants").json()["items"][0]["id"]
    conversation = house.ask(assistant, "Qual é a multa por atraso?")["conversation"]
    made = {"name": "Bia", "email": "bia@escola.example", "role": "member"}
    person = house.client.post("/api/people", json=made | {"password": "três gatos na janela"})
    placed(house, "document", document["id"])
    placed(house, "conversation", conversation)
    placed(house, "person", person.json()["id"])

    for path in (
        f"documents/{document['id']}",
        f"collections/{document['collection']}",
        f"conversations/{conversation}",
        f"assistants/{assistant}",
        f"people/{person.json()['id']}",
    ):
        refused = house.client.delete(f"/api/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "on_hold"), path
        assert "Ação 7" in refused.json()["detail"]


def test_what_is_not_there_cannot_be_held(house: House, document: dict[str, Any]) -> None:
    for kind in ("document", "collection", "conversation", "person"):
        assert placed(house, kind, "never").status_code == 404


def test_a_hold_wants_a_known_kind_and_knows_no_other_field(
    house: House, document: dict[str, Any]
) -> None:
    assert placed(house, "planet", document["id"]).status_code == 400
    assert placed(house, "document", document["id"], until="2030").status_code == 400
    assert placed(house, "document", document["id"], reason=" ").status_code == 400


def test_a_wall_hides_a_hold_from_an_administrator_outside(
    house: House, document: dict[str, Any]
) -> None:
    made = placed(house, "document", document["id"]).json()
    me = house.client.get("/api/session").json()["person"]["id"]
    group = house.client.post("/api/groups", json={"name": "Fora", "members": [me]}).json()
    house.client.patch(
        f"/api/collections/{document['collection']}", json={"denied_groups": [group["id"]]}
    )

    assert house.client.get("/api/holds").json()["items"] == []
    path = f"/api/holds/{made['id']}"
    assert house.client.delete(path, params={"reason": "curiosidade"}).status_code == 404
    for kind, subject in (("document", document["id"]), ("collection", document["collection"])):
        assert placed(house, kind, subject, name="Ação 8").status_code == 404


def test_nobody_but_an_administrator_holds_anything(house: House, document: dict[str, Any]) -> None:
    with house.as_a("editor") as client:
        assert client.get("/api/holds").status_code == 403


def test_an_erasure_at_a_person_s_right_is_refused_with_the_hold_s_name(
    house: House, document: dict[str, Any]
) -> None:
    placed(house, "collection", document["collection"])
    body = {"kind": "document", "subject": document["id"], "reason": "Pedido do titular"}

    refused = house.client.post("/api/subjects/erasures", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    assert "Ação 7" in refused.json()["detail"]
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 200


def test_an_older_copy_that_has_a_hold_again_does_not_keep_the_house_closed(
    house: House, document: dict[str, Any]
) -> None:
    parts = house.parts
    body = {"kind": "document", "subject": document["id"], "reason": "Pedido do titular"}
    kept = parts.database.rows("select * from documents")
    assert house.client.post("/api/subjects/erasures", json=body).status_code == 202
    with parts.database.write() as db:  # as an older copy brings it back
        db.run("delete from erasures")
        columns = ", ".join(kept[0])
        db.many(f"insert into documents ({columns}) values (:{', :'.join(kept[0])})", kept)
    hold = placed(house, "document", document["id"]).json()

    erasure.adopt(parts.database, parts.settings, parts.queue)
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 200

    house.client.delete(f"/api/holds/{hold['id']}", params={"reason": "Transitou em julgado"})
    erasure.adopt(parts.database, parts.settings, parts.queue)
    assert house.client.get(f"/api/documents/{document['id']}").status_code == 404


@pytest.mark.guarantee("LGPD-02")
def test_a_document_is_not_erased_out_of_an_answer_in_a_held_conversation(house: House) -> None:
    assistant = house.assistant()
    document = house.upload(assistant["collections"][0])
    answer = house.ask(assistant["id"], "Qual é a multa por atraso?")
    hold = placed(house, "conversation", answer["conversation"]).json()
    path = f"/api/documents/{document['id']}?erase=true"

    refused = house.client.delete(path)

    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    talk = house.client.get(f"/api/conversations/{answer['conversation']}").json()
    assert talk["messages"][0]["answer"]["answer"] == answer["answer"]
    assert house.client.get(f"/api/documents/{document['id']}").json()["state"] == "ready"

    house.client.delete(f"/api/holds/{hold['id']}", params={"reason": "Transitou em julgado"})
    assert house.client.delete(path).status_code == 204


def test_a_question_asked_again_in_a_held_conversation_loses_no_answer(house: House) -> None:
    assistant = house.assistant()
    house.upload(assistant["collections"][0])
    first = house.ask(assistant["id"], "Qual é a multa por atraso?")
    placed(house, "conversation", first["conversation"])

    again = house.client.post(f"/api/messages/{first['message']}/regenerate", json={})

    assert again.status_code == 200, again.text
    talk = house.client.get(f"/api/conversations/{first['conversation']}").json()
    assert [one["id"] for one in talk["messages"]] == [first["message"], again.json()["message"]]
    assert talk["messages"][0]["answer"]["answer"] == first["answer"]
