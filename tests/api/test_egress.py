"""The network exit over HTTP: what may leave, what did, for administrators alone (ZE-10)."""

import msgspec
import pytest

from appliance import outgoing
from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House

pytestmark = pytest.mark.guarantee("ZE-10")


@pytest.fixture
def house(settings: Settings):
    chosen = msgspec.structs.replace(settings, source_sites="http://intranet.lan/rh")
    with House(chosen, embedder=WordEmbedder()) as opened:
        yield opened


def test_the_page_says_what_may_be_contacted_and_what_opens_it(house) -> None:
    told = house.client.get("/api/egress").json()

    crawled = [one for one in told["destinations"] if one["purpose"] == "crawl"]
    assert crawled == [
        {
            "origin": "http://intranet.lan",
            "purpose": "crawl",
            "address": "http://intranet.lan/rh",
            "because": "source_sites",
        }
    ]
    assert (told["days"], told["contacts"], told["outside"]) == (30, [], 0)


def test_it_says_what_was_contacted_how_often_and_when(house) -> None:
    for _ in range(2):
        outgoing.record(house.parts.database, "http://intranet.lan", "crawl")
    outgoing.refuse(house.parts.database, "http://intranet.lan", "crawl")

    told = house.client.get("/api/egress").json()

    (contact,) = told["contacts"]
    assert (contact["requests"], contact["refused"], contact["allowed"]) == (2, 1, True)
    assert contact["first_at"] <= contact["last_at"]
    assert told["outside"] == 0


def test_what_went_where_nothing_may_go_is_counted(house) -> None:
    outgoing.record(house.parts.database, "http://estranho.test", "crawl")

    told = house.client.get("/api/egress").json()

    assert told["outside"] == 1
    assert told["contacts"][0]["outside"] is True
