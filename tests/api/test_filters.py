"""Conversations listed by filters over HTTP, one's own and everybody's."""

from typing import Any

import pytest

from tests.house import House

LISTS = ("/api/conversations", "/api/conversations/others")


@pytest.fixture
def asked(house: House) -> dict[str, str]:
    """Two conversations of the administrator: one with an answer, one without."""
    made = house.assistant()
    house.upload(made["collections"][0])
    fine = house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")
    house.client.post(f"/api/messages/{fine['message']}/feedback", json={"good": True})
    none = house.ask(made["id"], "Quem descobriu o rádio?")
    assert (fine["state"], none["state"]) == ("answered", "refused")
    return {"assistant": made["id"], "fine": fine["conversation"], "none": none["conversation"]}


def ids(house: House, path: str, **params: Any) -> list[str]:
    told = house.client.get(path, params=params)
    assert told.status_code == 200, told.text
    return [one["id"] for one in told.json()["items"]]


@pytest.mark.parametrize("path", LISTS)
def test_they_are_listed_by_each_filter_and_by_all_at_once(
    house: House, asked: dict[str, str], path: str
) -> None:
    fine, none = asked["fine"], asked["none"]

    assert ids(house, path, outcome="answered") == [fine]
    assert ids(house, path, outcome="refused") == [none]
    assert ids(house, path, thumb="good") == [fine]
    assert ids(house, path, thumb="bad") == []
    assert ids(house, path, **{"from": "2020-01-01", "to": "2099-12-31"}) == [none, fine]
    assert ids(house, path, to="2020-01-01") == ids(house, path, **{"from": "2099-01-01"}) == []
    assert ids(house, path, assistant=asked["assistant"], outcome="answered", thumb="good",
               **{"from": "2020-01-01"}) == [fine]  # fmt: skip


def test_ones_own_are_found_by_words(house: House, asked: dict[str, str]) -> None:
    assert ids(house, "/api/conversations", q="DEVOLUCAO multa") == [asked["fine"]]
    assert ids(house, "/api/conversations", q="piscina") == []


@pytest.mark.guarantee("LGPD-08")
def test_words_of_others_are_not_looked_for(house: House, asked: dict[str, str]) -> None:
    """The address is told that it asks for what there is not, and nothing gets shorter."""
    told = house.client.get("/api/conversations/others", params={"q": "multa"})

    assert told.status_code == 400 or len(told.json()["items"]) == len(asked) - 1


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "params", [{"outcome": "maybe"}, {"thumb": "up"}, {"from": "ontem"}, {"to": "2026-13-01"}]
)
def test_what_cannot_be_meant_is_refused(house: House, path: str, params: dict[str, str]) -> None:
    told = house.client.get(path, params=params)

    assert told.status_code == 400
    assert told.json()["detail"]
