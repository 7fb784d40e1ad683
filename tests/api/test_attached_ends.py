"""A file beside a conversation ends with it; the desk finds it, and a hold keeps it."""

from typing import Any

from appliance.jobs.keeping import Keeping
from tests.api.test_attached import CONTRACT, QUESTION, files, laid, office
from tests.house import House

__all__ = ["office"]


def test_it_ends_with_the_conversation_and_so_does_its_file(
    house: House, office: dict[str, Any]
) -> None:
    conversation, document = laid(house, office["id"])
    assert house.file_count() == 2

    assert house.client.delete(f"/api/conversations/{conversation}").status_code == 204

    assert house.client.get(f"/api/documents/{document}").status_code == 404
    assert house.file_count() == 1
    assert house.parts.database.rows("select 1 from collections where conversation != ''") == []


def test_the_same_content_in_the_library_keeps_its_file(
    house: House, office: dict[str, Any]
) -> None:
    house.upload(office["collections"][0], CONTRACT, "contrato.md")
    conversation, _ = laid(house, office["id"])

    house.client.delete(f"/api/conversations/{conversation}")

    assert house.file_count() == 2
    assert house.ask(office["id"], QUESTION)["state"] == "answered"


def test_an_assistant_that_goes_takes_it_along(house: House, office: dict[str, Any]) -> None:
    _, document = laid(house, office["id"])

    assert house.client.delete(f"/api/assistants/{office['id']}").status_code == 204

    assert house.client.get(f"/api/documents/{document}").status_code == 404


def test_a_conversation_that_ends_in_the_retention_takes_the_file_along(
    house: House, office: dict[str, Any]
) -> None:
    conversation, document = laid(house, office["id"])
    with house.parts.database.write() as db:
        db.run(
            "update conversations set updated_at = '2001-01-01T00:00:00Z' where id = :id",
            {"id": conversation},
        )

    Keeping(house.parts.database, house.settings).run(confirmed=1000)

    assert house.client.get(f"/api/documents/{document}").status_code == 404
    assert house.file_count() == 1


def test_the_desk_finds_what_it_says_and_erases_it_for_good(
    house: House, office: dict[str, Any]
) -> None:
    with house.as_a("member"):
        conversation, document = laid(house, office["id"])
    sought = {"name": "Zeferino Quaresma", "reason": "pedido do titular"}

    found = house.client.post("/api/subjects/search", json=sought).json()

    mentions = [one for one in found["documents"] if one["document"] == document]
    assert [one["conversation"] for one in mentions] == [conversation]
    assert "Zeferino" in mentions[0]["line"]
    erased = house.client.post(
        "/api/subjects/erasures",
        json={"kind": "document", "subject": document, "reason": "pedido do titular"},
    )
    assert erased.status_code == 202, erased.text
    assert house.file_count() == 1
    assert house.client.post("/api/subjects/search", json=sought).json()["documents"] == []


def test_an_erased_conversation_has_its_file_on_the_receipt(
    house: House, office: dict[str, Any]
) -> None:
    conversation, _ = laid(house, office["id"])

    erased = house.client.post(
        "/api/subjects/erasures",
        json={"kind": "conversation", "subject": conversation, "reason": "pedido do titular"},
    ).json()["erasure"]

    assert erased["removed"]["documents"] == 1
    assert erased["removed"]["files"] == 1
    assert house.file_count() == 1


def test_an_erased_person_leaves_no_file(house: House, office: dict[str, Any]) -> None:
    with house.as_a("member"):
        laid(house, office["id"])
    (me,) = (
        one["id"]
        for one in house.client.get("/api/people").json()["items"]
        if one["email"] == "member@escola.example"
    )

    erased = house.client.post(
        "/api/subjects/erasures",
        json={"kind": "person", "subject": me, "reason": "pedido do titular"},
    )

    assert erased.status_code == 202, erased.text
    assert erased.json()["erasure"]["removed"]["documents"] == 1
    assert house.file_count() == 1


def test_a_hold_on_the_conversation_keeps_its_files(house: House, office: dict[str, Any]) -> None:
    conversation, document = laid(house, office["id"])
    hold = {"kind": "conversation", "subject": conversation, "name": "Autos 1", "reason": "prova"}
    assert house.client.post("/api/holds", json=hold).status_code == 201

    tried = house.client.delete(f"/api/conversations/{conversation}/files/{document}")

    assert (tried.status_code, tried.json()["code"]) == (409, "on_hold")
    assert len(files(house, conversation)) == 1


def test_a_file_is_held_with_its_conversation_and_not_by_itself(
    house: House, office: dict[str, Any]
) -> None:
    _, document = laid(house, office["id"])
    hold = {"kind": "document", "subject": document, "name": "Autos 1", "reason": "prova"}

    assert house.client.post("/api/holds", json=hold).status_code == 404


def test_whoever_opens_the_conversation_for_a_reason_reads_the_answer_and_not_the_file(
    house: House, office: dict[str, Any]
) -> None:
    with house.as_a("member"):
        conversation, document = laid(house, office["id"])
        house.ask(office["id"], QUESTION, conversation=conversation)

    opened = house.client.post(
        f"/api/conversations/{conversation}/open", json={"reason": "apuração de um incidente"}
    )

    assert opened.status_code == 200, opened.text
    (message,) = opened.json()["messages"]
    assert not message["withheld"]
    assert "2.750,00" in message["answer"]["answer"]
    assert house.client.get(f"/api/documents/{document}").status_code == 404
