"""A gate for a crawl: prefixes rather than hosts, a clock for each page, never by the proxy."""

from typing import Any

import pytest

from appliance.errors import BadRequest, NotAllowed, TooLarge, Unavailable
from appliance.net import Gate
from tests.town import Reply, Town, Web

RH = "http://intranet.lan/rh"


def gate(*sites: str, **rest: Any) -> Gate:
    written: list[tuple[str, str]] = rest.pop("written", [])
    return Gate(
        purpose="crawl",
        sites=frozenset(sites),
        record=lambda *contact: written.append(contact),
        **rest,
    )


def test_what_lies_below_the_prefix_is_fetched_and_written_down(here: Town, web: Web) -> None:
    web.pages["/rh/a"] = Reply(status=302, headers={"Location": "b"})
    web.pages["/rh/b"] = Reply(body="b", headers={"X-Tag": "1"})
    written: list[tuple[str, str]] = []

    answer = gate(RH, written=written).fetch(f"{RH}/a", headers={"X-We": "2"}, seconds=5)

    assert (answer.status, answer.body, answer.address) == (200, b"b", f"{RH}/b")
    assert answer.headers["x-tag"] == "1"
    assert web.asked[1][1]["x-we"] == "2"
    assert written == [("http://intranet.lan", "crawl")] * 2


def test_what_lies_beside_it_is_not(here: Town, web: Web) -> None:
    for address in ("http://intranet.lan/", "http://intranet.lan/rhx", "http://other.lan/rh"):
        with pytest.raises(NotAllowed) as refused:
            gate(RH).fetch(address, headers={}, seconds=5)
        assert refused.value.code == "site_not_approved"
        assert refused.value.facts == {"address": address}

    assert here.connected == []


def test_without_a_prefix_nothing_is_a_site(here: Town, web: Web) -> None:
    with pytest.raises(NotAllowed):
        gate().check("http://intranet.lan/")
    with pytest.raises(BadRequest):
        gate(RH).check("ftp://intranet.lan/rh")


def test_sites_are_reached_past_the_proxy_and_no_other_gate_is(here: Town, web: Web) -> None:
    proxy = "http://proxy.lan:3128"

    assert gate(RH, proxy=proxy).way is None
    assert Gate(purpose="pull", proxy=proxy, record=lambda *_: None).way == proxy


def test_what_was_opened_for_engines_is_not_opened_for_sites(here: Town, canary: Web) -> None:
    address = f"http://127.0.0.1:{canary.server_port}"

    assert Gate(purpose="x", opened=frozenset((address,)), record=lambda *_: None).check(address)
    with pytest.raises(NotAllowed):
        gate(address).check(address)


def test_a_page_has_its_time_and_its_size(here: Town, web: Web) -> None:
    web.pages["/rh"] = Reply(body="x" * 500, drip=0.05)
    web.pages["/rh/a"] = Reply(body="x" * 5000)

    with pytest.raises(Unavailable) as slow:
        gate(RH).fetch(RH, headers={}, seconds=0.2)
    with pytest.raises(TooLarge):
        gate(RH, limit=4000).fetch(f"{RH}/a", headers={}, seconds=5)
    assert slow.value.code == "host_too_slow"


def test_a_site_that_is_not_there_says_so(here: Town) -> None:
    here.names["intranet.lan"] = [["10.9.9.9"]]

    with pytest.raises(Unavailable) as failed:
        gate(RH).fetch(RH, headers={}, seconds=5)

    assert failed.value.code == "host_not_reached"
