"""Other people's conversations: listed without a word, opened only for a reason (LGPD-08,
SEC-23)."""

from pathlib import Path
from typing import Any

import pytest

from appliance import audit
from appliance.records import Role
from tests.api.walls import QUESTION, Headers, World
from tests.house import House

pytestmark = pytest.mark.guarantee("LGPD-08")

REASON = "Reclamação 12/2026, a pedido do encarregado"
WORDS = ("multa", "1,50", "atraso")


class Asked:
    """A house in which a member has asked something, and people who would like to know."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.assistant = house.assistant()
        house.upload(self.assistant["collections"][0])
        with house.as_a("member") as client:
            told = client.post(
                f"/api/assistants/{self.assistant['id']}/ask",
                json={"question": "Qual é a multa por atraso?"},
            )
        self.id: str = told.json()["conversation"]
        self.member = house.parts.database.rows("select id from people where role = 'member'")

    def open(self, client: Any, reason: str | None = REASON) -> Any:
        body = {} if reason is None else {"reason": reason}
        return client.post(f"/api/conversations/{self.id}/open", json=body)

    def acts(self) -> list[audit.Entry]:
        wanted = audit.wanted(act="conversation.open")
        return audit.newest(self.house.parts.database, wanted, limit=9)


@pytest.fixture
def asked(house: House) -> Asked:
    return Asked(house)


def test_an_administrator_sees_that_there_are_conversations_and_none_of_their_words(
    asked: Asked,
) -> None:
    told = asked.house.client.get("/api/conversations/others")

    (one,) = told.json()["items"]
    assert (one["id"], one["assistant"]) == (asked.id, asked.assistant["id"])
    assert (one["name"], one["questions"], one["refused"]) == ("Bia", 1, 0)
    assert not [word for word in WORDS if word in told.text.lower()]


def test_they_are_listed_by_owner_and_by_assistant(asked: Asked) -> None:
    (member,) = asked.member
    listed = asked.house.client.get

    def ids(**wanted: str) -> list[str]:
        items = listed("/api/conversations/others", params=wanted).json()["items"]
        return [one["id"] for one in items]

    assert ids(owner=f"person:{member['id']}") == [asked.id]
    assert ids(assistant=asked.assistant["id"]) == [asked.id]
    assert ids(owner="person:nobody") == ids(assistant="none") == []


def test_they_are_listed_a_page_at_a_time(asked: Asked) -> None:
    later = asked.house.ask(asked.assistant["id"], "E o horário da secretaria?")
    first = asked.house.client.get("/api/conversations/others?limit=1").json()
    rest = asked.house.client.get(f"/api/conversations/others?cursor={first['next']}").json()

    assert [one["id"] for one in first["items"]] == [later["conversation"]]
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([asked.id], None)


def test_with_a_reason_it_is_read_and_that_is_on_record_with_the_reason(asked: Asked) -> None:
    told = asked.open(asked.house.client)

    assert told.status_code == 200
    (message,) = told.json()["messages"]
    assert message["question"] == "Qual é a multa por atraso?"
    assert "1,50" in message["answer"]["answer"]
    (member,) = asked.member
    (act,) = asked.acts()
    assert (act.name, act.subject) == ("Ana Prado", asked.id)
    assert act.details == {
        "reason": REASON,
        "owner": f"person:{member['id']}",
        "assistant": asked.assistant["id"],
    }


@pytest.mark.parametrize("reason", [None, "", "   ", "porque si", "\n\t" * 20, "a" + " " * 20])
def test_without_a_reason_it_is_refused_with_a_sentence(asked: Asked, reason: str | None) -> None:
    told = asked.open(asked.house.client, reason)

    assert (told.status_code, told.json()["code"]) == (403, "reason_needed")
    assert "pede um motivo" in told.json()["detail"]
    assert not [word for word in WORDS if word in told.text.lower()]
    assert asked.acts() == []


def test_each_reading_is_a_line_of_its_own(asked: Asked) -> None:
    asked.open(asked.house.client)
    asked.open(asked.house.client, "Ainda a reclamação 12/2026")

    assert [act.details["reason"] for act in asked.acts()] == [
        "Ainda a reclamação 12/2026",
        REASON,
    ]


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_editors_and_auditors_read_nobody_elses_words(asked: Asked, role: Role) -> None:
    with asked.house.as_a(role) as client:
        answers = [
            client.get("/api/conversations/others"),
            asked.open(client),
            client.get(f"/api/conversations/{asked.id}"),
        ]

    assert [one.status_code for one in answers[:2]] == [403, 403]
    assert answers[2].status_code in (403, 404)
    assert not [word for word in WORDS for one in answers if word in one.text.lower()]
    assert asked.acts() == []


def test_a_key_opens_nothing_even_for_an_administrator(asked: Asked) -> None:
    with asked.house.with_key(scopes=["admin"]) as client:
        assert client.get("/api/conversations/others").status_code == 403
        assert asked.open(client).status_code == 403


def test_an_administrators_own_way_stays_as_it_was(asked: Asked) -> None:
    """A conversation that is opened for a reason does not become one's own."""
    asked.open(asked.house.client)

    assert asked.house.client.get(f"/api/conversations/{asked.id}").status_code == 404
    assert asked.house.client.delete(f"/api/conversations/{asked.id}").status_code == 404


def test_a_conversation_that_never_was_is_opened_by_no_reason(asked: Asked) -> None:
    asked.id = "nothing"

    assert asked.open(asked.house.client).status_code == 404
    assert asked.acts() == []


def test_what_is_behind_a_wall_is_not_opened_through_the_questions_about_it(
    house: House, tmp_path: Path
) -> None:
    """Not even the question: whoever asks about the merger tells that there is one."""
    world = World(house, tmp_path)
    mixed = world.ask(world.insider, world.mixed["id"]).json()["conversation"]
    administrator = world.person("Rita", "admin")
    outside = world.callers["denied administrator"]

    def known(who: Headers) -> list[str]:
        listed = world.request("GET", "/api/conversations/others", who).json()["items"]
        return [one["id"] for one in listed]

    def opened(one: str, who: Headers) -> Any:
        path = f"/api/conversations/{one}/open"
        return world.request("POST", path, who, json={"reason": REASON})

    hidden = [world.hidden["conversation_id"], mixed]
    assert set(hidden) <= set(known(administrator))
    assert [opened(one, administrator).status_code for one in hidden] == [200, 200]
    assert known(outside) == []
    for one in hidden:
        told = opened(one, outside)
        assert told.status_code == 404
        assert QUESTION not in told.text


def test_that_it_was_opened_is_not_told_to_whoever_is_outside_the_wall(
    house: House, tmp_path: Path
) -> None:
    world = World(house, tmp_path)
    administrator = world.person("Rita", "admin")
    path = f"/api/conversations/{world.hidden['conversation_id']}/open"
    world.request("POST", path, administrator, json={"reason": "sobre o estanho, urgente"})

    told = world.request(
        "GET", "/api/audit?act=conversation.open", world.callers["denied administrator"]
    )

    assert told.json()["items"] == []
