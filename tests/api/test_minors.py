"""An assistant for minors: one switch changes all that goes with it (LGPD-11)."""

from typing import Any

import pytest

from appliance.widgets import FEWEST, MINORS_KEPT_DAYS
from tests.api.test_notices import QUESTION, SITE, Headers, agree, ask, send, visit
from tests.fakes import ScriptedGenerator, WordEmbedder
from tests.house import House


@pytest.fixture
def writer() -> ScriptedGenerator:
    return ScriptedGenerator()


@pytest.fixture
def house(settings, writer):
    with House(settings, embedder=WordEmbedder(), generator=writer) as opened:
        yield opened


@pytest.fixture
def assistant(house: House) -> dict[str, Any]:
    made = house.assistant(origins=[SITE], instructions="Seja breve.")
    house.upload(made["collections"][0])
    return made


def change(house: House, assistant: dict[str, Any], **fields: Any) -> Any:
    return house.client.patch(f"/api/assistants/{assistant['id']}/visitors", json=fields)


def came(house: House, assistant: dict[str, Any]) -> tuple[Headers, dict[str, Any]]:
    """A visitor who has asked, and the answer."""
    visitor = visit(house, assistant)
    agree(house, assistant, visitor)
    return visitor, ask(house, assistant, visitor).json()


def thumb(house: House, visitor: Headers, answer: dict[str, Any]) -> None:
    body = {"good": False, "reason": "wrong", "comment": "Sou a Lia, do 5º B."}
    sent = send(house, "POST", f"/api/messages/{answer['message']}/feedback", visitor, json=body)
    assert sent.status_code == 200


def typed(house: House) -> list[tuple[str, str]]:
    rows = house.parts.database.rows("select reason, comment from messages order by id")
    return [(row["reason"], row["comment"]) for row in rows]


@pytest.mark.guarantee("LGPD-11")
def test_the_switch_changes_everything_at_once(house, assistant, writer) -> None:
    thumb(house, *came(house, assistant))
    assert typed(house) == [("wrong", "Sou a Lia, do 5º B.")]

    told = change(house, assistant, audience="minors").json()

    assert (told["audience"], told["keep_days"]) == ("minors", MINORS_KEPT_DAYS)
    assert "responsáveis" in told["notice"]["guardian"]
    assert told["notice"]["version"] == 2, "everybody is asked again"
    assert f"{MINORS_KEPT_DAYS} dias" in told["notice"]["retention"]
    assert typed(house) == [("", "")]
    came(house, assistant)
    assert "Seja breve." in writer.prompts[-1].system
    assert "Recuse com gentileza" in writer.prompts[-1].system
    acts = house.client.get("/api/audit", params={"act": "widget.audience"}).json()["items"]
    assert [one["details"] for one in acts] == [{"audience": "minors"}]


@pytest.mark.guarantee("LGPD-11")
def test_nothing_that_a_minor_types_beside_a_thumb_is_kept(house, assistant) -> None:
    change(house, assistant, audience="minors")

    thumb(house, *came(house, assistant))

    assert typed(house) == [("", "")]
    assert house.parts.database.row("select good from messages") == {"good": 0}


@pytest.mark.guarantee("LGPD-11")
def test_numbers_are_told_of_five_or_more_and_never_of_one(house, assistant) -> None:
    change(house, assistant, audience="minors")
    path = f"/api/assistants/{assistant['id']}/visitors"

    told = []
    for _ in range(FEWEST):
        came(house, assistant)
        told.append(house.client.get(path).json()["today"]["questions"])
    (*_, last) = house.client.get("/api/conversations/others").json()["items"]

    assert told == [None] * (FEWEST - 1) + [FEWEST]
    assert [last[name] for name in ("questions", "refused", "good", "bad")] == [None] * 4


@pytest.mark.guarantee("LGPD-11")
def test_minors_are_not_kept_longer_and_are_asked_for_no_address(house, assistant) -> None:
    change(house, assistant, keep_days=10)
    assert change(house, assistant, audience="minors").json()["keep_days"] == 10

    for days in (31, None):
        refused = change(house, assistant, keep_days=days)
        assert (refused.status_code, refused.json()["code"]) == (400, "minors_kept_long")
    with house.as_nobody() as client:
        shown = client.get(f"/api/widget/{assistant['public_id']}/config").json()
    assert "e-mail" in shown["notice"]["guardian"]


def test_adults_are_counted_and_kept_as_ever(house, assistant) -> None:
    change(house, assistant, audience="minors")
    told = change(house, assistant, audience="adults", keep_days=None).json()

    assert (told["audience"], told["keep_days"]) == ("adults", None)
    assert told["notice"]["guardian"] == ""
    came(house, assistant)
    (one,) = house.client.get("/api/conversations/others").json()["items"]
    assert one["questions"] == 1
    assert QUESTION not in str(one)
