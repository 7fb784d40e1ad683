"""What is wrong is corrected: a person's own profile, and a document by its successor (LGPD-05)."""

from typing import Any

import pytest

from tests.house import House

pytestmark = pytest.mark.guarantee("LGPD-05")

FINE = "Qual é a multa por atraso na devolução de livros?"
OLD = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
NEW = "A multa por atraso na devolução de livros é de R$ 2,75 por dia."


def cited(house: House, assistant: str) -> set[str]:
    """The documents that an answer stands on."""
    answer = house.ask(assistant, FINE)
    return {one["document"]["id"] for one in answer["citations"]}


def replaced(house: House, old: dict[str, Any]) -> dict[str, Any]:
    """The document that takes the place of another, once it is read."""
    sent = house.client.post(
        f"/api/collections/{old['collection']}/documents",
        files={"file": ("regimento-2.txt", NEW.encode())},
        data={"supersedes": old["id"]},
    )
    assert sent.status_code == 202, sent.text
    house.work()
    return dict(sent.json()["documents"][0])


def test_a_replaced_document_is_not_cited_any_more(house: House) -> None:
    assistant = house.assistant()
    old = house.upload(assistant["collections"][0], OLD, "regimento.txt")
    assert cited(house, assistant["id"]) == {old["id"]}

    new = replaced(house, old)

    assert cited(house, assistant["id"]) == {new["id"]}
    assert "2,75" in house.ask(assistant["id"], FINE)["answer"]


def test_a_person_corrects_their_own_name_and_it_is_told_so_from_then_on(house: House) -> None:
    me = house.client.get("/api/session").json()["person"]["id"]

    corrected = house.client.patch(f"/api/people/{me}", json={"name": "Ana Prado Lima"})

    assert corrected.status_code == 200
    assert house.client.get("/api/session").json()["person"]["name"] == "Ana Prado Lima"
    listed = house.client.get("/api/people").json()["items"]
    assert [one["name"] for one in listed] == ["Ana Prado Lima"]
    house.assistant()
    acts = house.client.get("/api/audit", params={"act": "assistant"}).json()["items"]
    assert acts[0]["name"] == "Ana Prado Lima"


def test_a_name_that_is_none_is_refused_and_the_old_one_stays(house: House) -> None:
    me = house.client.get("/api/session").json()["person"]["id"]

    assert house.client.patch(f"/api/people/{me}", json={"name": " "}).status_code == 400

    assert house.client.get("/api/session").json()["person"]["name"] == "Ana Prado"
