"""SEC-08 and SEC-10: a crawler with an intranet to reach reaches nothing else.

Each test has a canary: a server on this machine that must never be asked, whatever a page, a
redirect, a name server or the environment says.
"""

import socket
from typing import Any

import psutil
import pytest

from appliance.errors import BadRequest, NotAllowed
from tests.town import Town, Web, outside

METADATA = "169.254.169.254"


def ours() -> str:
    """An address of this machine on a network."""
    found = [
        address.address
        for card in psutil.net_if_addrs().values()
        for address in card
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]
    return found[0] if found else "127.0.0.2"


def addresses(port: int) -> list[str]:
    return [
        f"http://127.0.0.1:{port}/",
        f"http://localhost:{port}/",
        f"http://[::1]:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"http://0:{port}/",
        f"http://0.0.0.0:{port}/",
        f"http://2130706433:{port}/",
        f"http://0x7f000001:{port}/",
        f"http://0177.0.0.1:{port}/",
        f"http://127.1:{port}/",
        f"http://{METADATA}/",
        "http://[fe80::1]/",
        f"http://{ours()}:8443/",
        f"http://intranet.lan@127.0.0.1:{port}/",
        f"http://intranet.lan\\@127.0.0.1:{port}/",
        f"http://intranet.lan:80@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}#@intranet.lan/",
        f"http://127.0.0.1.nip.io:{port}/",
        "file:///etc/passwd",
        "gopher://intranet.lan/",
        "ftp://intranet.lan/",
        "dict://intranet.lan:11211/",
        "javascript:alert(1)",
        "//intranet.lan/",
        "http://10.1.2.4/",
        "http://other.lan/",
        "http://intranet.lan.evil.example/",
        "http://intranet.lan:8080/",
        "https://intranet.lan/",
        "",
    ]


@pytest.mark.guarantee("SEC-08")
def test_sec_08_what_was_not_approved_cannot_be_a_source(here: Town, web: Web, canary: Web) -> None:
    for address in addresses(canary.server_port):
        with pytest.raises((NotAllowed, BadRequest)) as refused:
            here.crawler().allowed(address)
        assert refused.value.code in ("site_not_approved", "bad_address"), address

    assert here.connected == []


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize("kind", ["page", "site"])
def test_sec_08_nor_is_it_looked_at_when_it_came_to_be_one_all_the_same(
    here: Town, web: Web, canary: Web, kind: Any
) -> None:
    for address in addresses(canary.server_port):
        with pytest.raises((NotAllowed, BadRequest)):
            here.crawl(address, kind)

    assert here.connected == []


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", METADATA, "[fe80::1]",
        "[::]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "100.100.100.200", "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
        "[::127.0.0.1]", "[fe80::5efe:7f00:1]", "[2001:db8::5efe:7f00:1]", "ours",
    ],
)  # fmt: skip
def test_sec_08_the_floor_is_lifted_by_no_setting(here: Town, canary: Web, host: str) -> None:
    host = ours() if host == "ours" else host
    address = f"http://{host}:{canary.server_port}/"
    here.approved = address

    with pytest.raises(NotAllowed) as refused:
        here.crawl(address)

    assert refused.value.code == "site_address"
    assert here.connected == []


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize("host", ["0", "2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_sec_08_a_number_for_a_host_cannot_even_be_approved(here: Town, host: str) -> None:
    here.approved = f"http://{host}"

    with pytest.raises(BadRequest):
        here.crawler().allowed(f"http://{host}/")


@pytest.mark.guarantee("SEC-08")
def test_sec_08_a_name_that_leads_to_this_machine_leads_nowhere(
    here: Town, web: Web, canary: Web
) -> None:
    for inside in ("127.0.0.1", METADATA, ours(), "::1", "::ffff:127.0.0.1", "fe80::1"):
        here.approved = f"http://127.0.0.1.nip.io:{canary.server_port}"
        here.names["127.0.0.1.nip.io"] = [[inside]]

        with pytest.raises(NotAllowed) as refused:
            here.crawl(f"{here.approved}/")
        assert refused.value.code == "site_address"

    assert here.connected == []


@pytest.mark.guarantee("SEC-08")
def test_sec_08_the_approved_page_of_the_intranet_is_crawled(here: Town, web: Web) -> None:
    web.pages["/"] = "<p>Bem-vindo</p>"
    here.approved = "http://10.1.2.3 http://intranet.lan"

    assert here.crawl("http://10.1.2.3/").paths == ["/"]
    assert here.crawl().paths == ["/"]


@pytest.mark.guarantee("SEC-08")
def test_sec_08_links_lead_nowhere_else_either(here: Town, web: Web, canary: Web) -> None:
    links = "".join(f"<a href='{address}'>x</a>" for address in addresses(canary.server_port))
    web.pages["/"] = f"<base href='http://intranet.lan/'>{links}"

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


@pytest.mark.guarantee("SEC-08")
@pytest.mark.parametrize(
    "path",
    ["/rh/../x", "/rh/%2e%2e/x", "/rh/..%2fx", "/rh/%252e%252e/x", "/rh/..;/x", "/rh/..%5cx",
     "/rh/..\\x", "/rhx", "/x"],
)  # fmt: skip
def test_sec_08_no_path_climbs_out_of_its_prefix(here: Town, web: Web, path: str) -> None:
    here.approved = "http://intranet.lan/rh"
    web.pages["/rh"] = f"<a href='{path}'>x</a><a href='/rh/ok'>y</a>"
    web.invent = lambda path: "<p>x</p>"

    here.crawl("http://intranet.lan/rh")

    assert web.paths == ["/rh", "/rh/ok"]
    with pytest.raises(NotAllowed):
        here.crawler().allowed(f"http://intranet.lan{path}")


# ------------------------------------------------------------------ SEC-10: names that change


@pytest.mark.guarantee("SEC-10")
def test_sec_10_the_connection_goes_to_the_address_that_was_checked(
    here: Town, web: Web, canary: Web
) -> None:
    """Each answer is good for one request: the second, which lies, is never asked for by it."""
    web.pages["/"] = "<p>x</p>"
    here.names["intranet.lan"] = [["10.1.2.3"], ["127.0.0.1"]]
    gate = here.crawler()._gate(frozenset(("http://intranet.lan",)))

    answer = gate.fetch("http://intranet.lan/", headers={}, seconds=5)

    assert answer.status == 200
    assert here.connected == ["10.1.2.3"]
    assert web.asked[0][1]["host"] == "intranet.lan"
    with pytest.raises(NotAllowed):  # the next request asks anew, and is told the lie
        gate.fetch("http://intranet.lan/", headers={}, seconds=5)
    assert here.connected == ["10.1.2.3"]


@pytest.mark.guarantee("SEC-10")
def test_sec_10_a_name_that_changes_during_a_crawl_ends_in_gaps(
    here: Town, web: Web, canary: Web
) -> None:
    here.approved = address = f"http://intranet.lan:{canary.server_port}"
    web.pages["/"] = "<a href='/a'>x</a>"
    good = ["10.1.2.3"]
    here.names["intranet.lan"] = [good, good, good, ["127.0.0.1"]]

    seen = here.crawl(f"{address}/")

    assert seen.paths == ["/"]
    assert seen.reasons == {f"{address}/a": "site_address"}
    assert outside(here) == []


@pytest.mark.guarantee("SEC-10")
@pytest.mark.parametrize(
    "answer",
    [
        ["10.1.2.3", "127.0.0.1"],
        ["127.0.0.1", "10.1.2.3"],
        ["10.1.2.3", "::1"],
        ["10.1.2.3", "::ffff:127.0.0.1"],
        ["10.1.2.3", "fe80::1"],
        ["10.1.2.3", METADATA],
        ["10.1.2.3", "64:ff9b::7f00:1"],
    ],
)
def test_sec_10_one_bad_answer_among_good_ones_refuses_them_all(
    here: Town, web: Web, canary: Web, answer: list[str]
) -> None:
    here.names["intranet.lan"] = [answer]

    with pytest.raises(NotAllowed) as refused:
        here.crawl()

    assert refused.value.code == "site_address"
    assert here.connected == []


@pytest.mark.guarantee("SEC-10")
def test_sec_10_another_name_for_this_machine_is_this_machine(
    here: Town, web: Web, canary: Web
) -> None:
    """What a resolver answers where a CNAME leads to localhost."""
    here.names["intranet.lan"] = [["127.0.0.1", "::1"]]

    with pytest.raises(NotAllowed):
        here.crawl()
    assert here.connected == []
