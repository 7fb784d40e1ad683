"""Prefixes: what a site begins with, and what lies below it for every server there is."""

import pytest

from appliance.errors import BadRequest
from appliance.net import is_below, prefix, prefixes


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", set()),
        ("http://intranet.lan", {"http://intranet.lan"}),
        ("HTTP://Intranet.LAN:80/", {"http://intranet.lan"}),
        ("https://a.lan:8443/rh/ http://10.0.0.5/", {"https://a.lan:8443/rh", "http://10.0.0.5"}),
        ("http://[fd00::7]/wiki", {"http://[fd00::7]/wiki"}),
        ("http://a.lan/recursos%20humanos", {"http://a.lan/recursos humanos"}),
    ],
)
def test_prefixes_are_addresses_with_spaces_between(written: str, read: set[str]) -> None:
    assert prefixes(written) == read


@pytest.mark.parametrize(
    "written",
    ["intranet.lan", "ftp://a.lan", "http://", "http://*.lan", "http://u:p@a.lan", "http://a.lan/?x=1",
     "http://a.lan/#x", "http://a.lan/%2e%2e/b", "http://127.1", "http://0x7f.1",
     "http://2130706433", "http://0", "file:///etc", "http://a.lan,http://b.lan"],
)  # fmt: skip
def test_what_could_mean_two_things_is_no_prefix(written: str) -> None:
    with pytest.raises(BadRequest):
        prefixes(f"http://fine.lan {written}")


@pytest.mark.parametrize(
    "address",
    ["http://a.lan/rh", "http://a.lan/rh/", "http://a.lan/rh/x?y=../z", "http://a.lan:80/rh/x#y",
     "http://A.LAN/rh/%C3%A9", "http://a.lan/rh/.x/..y", "http://a.lan/%72h/x"],
)  # fmt: skip
def test_what_lies_below_a_prefix(address: str) -> None:
    assert is_below(address, prefix("http://a.lan/rh"))


@pytest.mark.parametrize(
    "address",
    ["http://a.lan/", "http://a.lan/rhx", "http://a.lan/RH", "https://a.lan/rh", "http://a.lan:81/rh",
     "http://b.lan/rh", "http://a.lan/rh/../x", "http://a.lan/rh/%2e%2e/x", "http://a.lan/rh/..%2fx",
     "http://a.lan/rh/%252e%252e%252fx", "http://a.lan/rh/..;a=1/x", "http://a.lan/rh/..\\x",
     "http://a.lan/rh/%2E%2E%5Cx", "http://a.lan.evil.test/rh"],
)  # fmt: skip
def test_what_does_not(address: str) -> None:
    assert not is_below(address, prefix("http://a.lan/rh"))


def test_an_address_that_hides_its_host_lies_nowhere() -> None:
    for address in ("http://a.lan@b.lan/rh", "http://a.lan\\@b.lan/rh", "gopher://a.lan/rh"):
        with pytest.raises(BadRequest):
            is_below(address, "http://a.lan/rh")
