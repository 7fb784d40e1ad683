"""What a gate keeps back is counted, and looking whether it would is not (ZE-10)."""

from collections.abc import Callable, Iterator

import pytest

from appliance.errors import NotAllowed
from appliance.net import Gate, addresses
from tests.hosting import Site, site

Contact = tuple[str, str]
pytestmark = pytest.mark.guarantee("ZE-10")


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as opened:
        yield opened


def gate(
    *opened: str,
    refuse: Callable[[Contact], None],
    record: Callable[[Contact], None] = lambda contact: None,
) -> Gate:
    return Gate(
        purpose="test",
        opened=frozenset(opened),
        record=lambda *contact: record(contact),
        refuse=lambda *contact: refuse(contact),
    )


def test_what_is_kept_back_is_told_once_and_not_as_a_request() -> None:
    sent: list[tuple[str, str]] = []
    kept_back: list[tuple[str, str]] = []
    shut = gate(refuse=kept_back.append, record=sent.append)

    with pytest.raises(NotAllowed):
        shut.send("GET", "http://evil.test/a")
    with pytest.raises(NotAllowed):
        shut.fetch("http://evil.test/b", headers={}, seconds=5)
    with pytest.raises(NotAllowed), shut.stream("http://evil.test/c", {}):
        pass
    with shut.client() as client, pytest.raises(NotAllowed):
        client.get("http://evil.test/d")

    assert kept_back == [("http://evil.test", "test")] * 4
    assert sent == []


def test_to_look_whether_an_address_may_be_asked_counts_nothing() -> None:
    kept_back: list[tuple[str, str]] = []

    with pytest.raises(NotAllowed):
        gate(refuse=kept_back.append).check("http://evil.test/")

    assert kept_back == []


def test_a_redirect_that_leads_out_is_told_as_kept_back(host) -> None:
    kept_back: list[tuple[str, str]] = []
    host.redirects["/away"] = "http://evil.test/"

    with pytest.raises(NotAllowed):
        gate(host.origin, refuse=kept_back.append).send("GET", f"{host.origin}/away")

    assert kept_back == [("http://evil.test", "test")]


def test_a_name_that_leads_inside_this_machine_is_told_as_kept_back(monkeypatch) -> None:
    kept_back: list[tuple[str, str]] = []
    monkeypatch.setattr(addresses, "looked_up", lambda url: ["127.0.0.1"])

    with pytest.raises(NotAllowed):
        gate("http://good.test", refuse=kept_back.append).send("GET", "http://good.test/")

    assert kept_back == [("http://good.test", "test")]
