"""Where a site can be, and where none can be whatever anybody sets."""

import socket

import psutil
import pytest

from appliance.net.addresses import literal, may_hold_a_site, plain


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.16.9.9", "192.168.0.10", "93.184.216.34", "100.64.7.7", "fd12::7",
     "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:10.1.2.3"],
)  # fmt: skip
def test_a_site_is_on_the_network_or_on_the_internet(address: str) -> None:
    assert may_hold_a_site(plain(address))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "0.1.2.3", "169.254.169.254", "fe80::1%lo",
     "224.0.0.251", "ff02::1", "240.0.0.1", "255.255.255.255", "100.100.100.200", "fd00:ec2::254",
     "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1",
     "2002:7f00:1::", "2002:a9fe:a9fe::", "::7f00:1", "2001:0:7f00:1::", "2001:db8::5efe:7f00:1"],
)  # fmt: skip
def test_and_never_on_this_machine_nor_where_no_site_is(address: str) -> None:
    assert not may_hold_a_site(plain(address))


def test_nor_at_an_address_that_this_machine_has_on_a_network() -> None:
    cards = [address for card in psutil.net_if_addrs().values() for address in card]
    ours = [one.address for one in cards if one.family in (socket.AF_INET, socket.AF_INET6)]

    assert ours
    assert not any(may_hold_a_site(plain(address)) for address in ours)


def test_a_host_that_is_an_address_is_known_without_a_question() -> None:
    assert str(literal("10.1.2.3")) == "10.1.2.3"
    assert str(literal("::ffff:10.1.2.3")) == "10.1.2.3"
    assert literal("a.lan") is None
