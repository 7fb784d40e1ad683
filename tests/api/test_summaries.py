"""A document in a few of its own sentences, for whoever may read it."""

from typing import Any

import pytest

from appliance import audit, library
from tests.answering.test_condensing import text
from tests.house import House


def shown(house: House, document: str) -> Any:
    return house.client.get(f"/api/documents/{document}/summary")


@pytest.fixture
def document(house: House) -> str:
    made = house.assistant()
    return str(house.upload(made["collections"][0], text(), "regimento.md")["id"])


def test_each_line_stands_at_its_place(house: House, document: str) -> None:
    told = shown(house, document).json()
    whole = library.text(house.parts.database, document)

    assert told["read"] == "Resumo de “Regimento”, lido inteiro."
    assert len(told["lines"]) >= 3
    for one in told["lines"]:
        assert " ".join(whole[one["start"] : one["end"]].split()) == one["text"]
        assert one["page"] is None


def test_reading_it_is_on_record(house: House, document: str) -> None:
    shown(house, document)

    acts = audit.newest(house.parts.database, audit.wanted(subject=document), limit=9)
    assert "document.read" in [one.act for one in acts]


def test_one_that_is_not_ready_is_none_yet(house: House) -> None:
    made = house.assistant()
    sent = house.send(made["collections"][0], text(), "regimento.md").json()["documents"][0]["id"]

    told = shown(house, sent)

    assert (told.status_code, told.json()["code"]) == (409, "being_read")


def test_one_that_tells_nothing_has_no_line(house: House) -> None:
    made = house.assistant()
    empty = house.upload(made["collections"][0], "Por quê?\n", "pergunta.md")["id"]

    told = shown(house, str(empty))

    assert (told.status_code, told.json()["lines"]) == (200, [])


def test_whoever_may_not_read_the_document_gets_none(house: House, document: str) -> None:
    group = house.client.post("/api/groups", json={"name": "Sócios", "members": []}).json()["id"]
    collection = house.client.get(f"/api/documents/{document}").json()["collection"]
    house.client.patch(f"/api/collections/{collection}", json={"groups": [group]})

    with house.as_a("member"):
        assert shown(house, document).status_code == 404
