"""Search everywhere: by name, to what the asker's own lists would show them, and no further."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.walls import FILE, TITLE, World, canaries
from tests.house import House


@pytest.fixture
def world(house: House, tmp_path: Path) -> World:
    return World(house, tmp_path)


def found(client: Any, q: str, **more: Any) -> list[dict[str, Any]]:
    told = client.get("/api/search/everywhere", params={"q": q} | more)
    assert told.status_code == 200, told.text
    assert told.json()["next"] is None
    return list(told.json()["items"])


def kinds(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["kind"], one["name"]) for one in items]


def test_an_administrator_finds_each_kind_by_its_name(house: House) -> None:
    made = house.assistant("Secretaria da Ação")
    document = house.upload(made["collections"][0], name="acao-social.md")
    asked = house.ask(made["id"], "Onde fica a ação social?")
    house.client.post("/api/people", json={
        "name": "Ação Maria", "email": "maria@escola.example", "role": "member",
        "password": "três gatos na janela"})  # fmt: skip

    items = found(house.client, "acao")

    assert kinds(items) == [
        ("assistant", "Secretaria da Ação"),
        ("collection", "Secretaria da Ação"),
        ("document", document["title"]),
        ("person", "Ação Maria"),
        ("conversation", "Onde fica a ação social?"),
    ]
    assistant, collection, paper, person, talk = items
    assert assistant["id"] == collection["assistant"] == talk["assistant"] == made["id"]
    assert (collection["id"], paper["id"]) == (made["collections"][0], document["id"])
    assert (paper["within"], person["within"]) == ("Secretaria da Ação", "maria@escola.example")
    assert talk["id"] == asked["conversation"]


def test_a_member_finds_no_people_and_nobody_elses_conversations(house: House) -> None:
    made = house.assistant("Secretaria")
    house.ask(made["id"], "Quem é a secretaria?")
    with house.as_a("member") as client:
        items = found(client, "secretaria") + found(client, "ana") + found(client, "escola")

    assert {one["kind"] for one in items} == {"assistant", "collection"}


def test_a_few_of_each_and_no_more_than_were_asked_for(house: House) -> None:
    for number in range(7):
        house.assistant(f"Turma {number}")

    def counted(**more: int) -> list[int]:
        told = [kind for kind, _ in kinds(found(house.client, "turma", **more))]
        return [told.count("assistant"), told.count("collection")]

    assert counted() == [5, 5]
    assert counted(limit=2) == [2, 2]
    assert found(house.client, "  ") == []


@pytest.mark.parametrize("params", [{}, {"q": "a" * 201}, {"q": "a", "limit": 21}])
def test_what_cannot_be_meant_is_refused(house: House, params: dict[str, Any]) -> None:
    assert house.client.get("/api/search/everywhere", params=params).status_code == 400


@pytest.mark.guarantee("SEC-22")
@pytest.mark.parametrize("who", ["member", "editor", "denied administrator", "denied partner"])
def test_nothing_behind_a_wall_has_a_name_for_whoever_is_outside(world: World, who: str) -> None:
    for word in (TITLE, FILE, "fusão", "e"):
        params: dict[str, Any] = {"q": word, "limit": 20}
        told = world.request("GET", "/api/search/everywhere", world.callers[who], params=params)

        assert told.status_code == 200
        assert canaries(told) == []
        assert not [name for name, one in world.hidden.items() if one in told.text]
        inside = world.request("GET", "/api/search/everywhere", world.insider, params=params)
        assert inside.json()["items"], f"{word}: or this proves nothing"


@pytest.mark.parametrize("who", ["auditor", "key", "key of the assistant", "visitor"])
def test_it_is_for_people_who_use_the_console(world: World, who: str) -> None:
    told = world.request("GET", "/api/search/everywhere", world.callers[who], params={"q": "a"})

    assert told.status_code == 403
