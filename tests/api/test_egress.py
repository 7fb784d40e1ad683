"""The network exit over HTTP: what may leave, what did, for administrators alone (ZE-10)."""

from typing import Any

import msgspec
import pytest

from appliance import audit, outgoing
from appliance.egress import report, selftest, signing
from appliance.settings import Settings
from tests.egress.trials import failing, passing
from tests.fakes import WordEmbedder
from tests.house import House

pytestmark = pytest.mark.guarantee("ZE-10")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tests run, other tests do."""
    monkeypatch.setattr(selftest, "SECONDS", 400.0)


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


def reported(house: House, test=passing) -> None:
    parts = house.parts
    report.make(parts.settings, parts.database, parts.vault, test=test)


def taken(house: House, **params: str) -> Any:
    """The latest report, downloaded."""
    latest = house.client.get("/api/egress").json()["test"]["id"]
    return house.client.get(f"/api/egress/reports/{latest}", params=params)


def test_before_the_first_report_there_is_none(house) -> None:
    told = house.client.get("/api/egress").json()

    assert (told["test"], told["job"]) == (None, None)
    assert house.client.get("/api/egress/reports/none").status_code == 404


def test_the_self_test_is_a_job_that_ends_with_a_signed_report(house) -> None:
    """The whole of it: a real copy of the appliance, in a namespace without a route."""
    ordered = house.client.post("/api/egress/test")
    assert ordered.status_code == 202
    assert house.client.get("/api/egress").json()["job"]["id"] == ordered.json()["job"]["id"]
    assert house.client.post("/api/egress/test").status_code == 409

    house.work()

    told = house.client.get("/api/egress").json()
    assert (told["job"], told["test"]["passed"], told["test"]["message"]) == (None, True, "")
    checked = signing.check(taken(house).content)
    assert checked.report["test"]["answered"] is True
    assert checked.fingerprint == told["fingerprint"]
    acts = [one.act for one in audit.newest(house.parts.database, limit=2)]
    assert acts == ["egress.report", "egress.check"]


def test_the_report_comes_as_it_was_signed_and_as_a_page(house) -> None:
    reported(house)

    file = taken(house)
    page = taken(house, format="html")

    assert file.headers["content-disposition"].startswith('attachment; filename="network-exit-')
    assert signing.check(file.content).report["passed"] is True
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "attachment" in page.headers["content-disposition"]
    assert "Saída de rede: relatório" in page.text


def test_why_a_self_test_did_not_pass_is_said(house) -> None:
    reported(house, failing)

    test = house.client.get("/api/egress").json()["test"]

    assert test["passed"] is False
    assert "192.0.2.1" in test["message"]
    assert test["attempts"] == [{"host": "192.0.2.1", "port": 9, "by": "connect", "times": 3}]
