"""SEC-08 to SEC-11: a crawler with an intranet to reach reaches nothing else.

Each test has a canary: a server on this machine that must never be asked, whatever a page, a
redirect, a name server or the environment says.
"""

import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from appliance.database import Database
from appliance.errors import BadRequest, NotAllowed, Refusal, TooLarge, Unavailable
from appliance.jobs import crawl, visits, walk
from tests.town import Reply, Seen, Town, Web, town

METADATA = "169.254.169.254"


@pytest.fixture
def here(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with town(tmp_path, database, monkeypatch) as opened:
        yield opened


@pytest.fixture
def web(here: Town) -> Web:
    return here.settle("intranet.lan", "10.1.2.3")


@pytest.fixture
def canary() -> Iterator[Web]:
    with Web() as server:
        server.invent = lambda path: "<p>canary</p>"
        threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True).start()
        yield server
        server.shutdown()
    assert server.asked == []


def ours() -> str:
    """An address of this machine on a network."""
    found = [
        address.address
        for card in psutil.net_if_addrs().values()
        for address in card
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]
    return found[0] if found else "127.0.0.2"


def outside(here: Town) -> list[str]:
    """The addresses that were connected to and are not the approved site's."""
    return [address for address in here.connected if address != "10.1.2.3"]


# ------------------------------------------------------------------ SEC-08: the first hop


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


def test_sec_08_what_was_not_approved_cannot_be_a_source(here: Town, web: Web, canary: Web) -> None:
    for address in addresses(canary.server_port):
        with pytest.raises((NotAllowed, BadRequest)) as refused:
            here.crawler().allowed(address)
        assert refused.value.code in ("site_not_approved", "bad_address"), address

    assert here.connected == []


@pytest.mark.parametrize("kind", ["page", "site"])
def test_sec_08_nor_is_it_looked_at_when_it_came_to_be_one_all_the_same(
    here: Town, web: Web, canary: Web, kind: Any
) -> None:
    for address in addresses(canary.server_port):
        with pytest.raises((NotAllowed, BadRequest)):
            here.crawl(address, kind)

    assert here.connected == []


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


@pytest.mark.parametrize("host", ["0", "2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_sec_08_a_number_for_a_host_cannot_even_be_approved(here: Town, host: str) -> None:
    here.approved = f"http://{host}"

    with pytest.raises(BadRequest):
        here.crawler().allowed(f"http://{host}/")


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


def test_sec_08_the_approved_page_of_the_intranet_is_crawled(here: Town, web: Web) -> None:
    web.pages["/"] = "<p>Bem-vindo</p>"
    here.approved = "http://10.1.2.3 http://intranet.lan"

    assert here.crawl("http://10.1.2.3/").paths == ["/"]
    assert here.crawl().paths == ["/"]


def test_sec_08_links_lead_nowhere_else_either(here: Town, web: Web, canary: Web) -> None:
    links = "".join(f"<a href='{address}'>x</a>" for address in addresses(canary.server_port))
    web.pages["/"] = f"<base href='http://intranet.lan/'>{links}"

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


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


# ------------------------------------------------------------------ SEC-09: redirects


def targets(port: int) -> list[str]:
    return [
        f"http://127.0.0.1:{port}/",
        f"http://localhost:{port}/",
        "http://10.1.2.4/",
        "http://other.lan/",
        "//other.lan/x",
        f"http://intranet.lan@127.0.0.1:{port}/",
        "https://intranet.lan/",
        "file:///etc/passwd",
        f"http://{METADATA}/latest/meta-data/",
    ]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_sec_09_a_redirect_leads_to_no_place_outside_the_prefix(
    here: Town, web: Web, canary: Web, status: int
) -> None:
    here.settle("other.lan", "10.1.2.4")
    there = targets(canary.server_port)
    web.pages["/"] = "".join(f"<a href='/{number}'>x</a>" for number in range(len(there)))
    for number, target in enumerate(there):
        web.pages[f"/{number}"] = Reply(status=status, headers={"Location": target})

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert outside(here) == []
    assert set(seen.reasons.values()) <= {"site_redirected", "host_not_reached"}
    assert list(seen.reasons.values()).count("site_redirected") >= 7
    (first,) = [gap for gap in seen.gaps if gap.key.endswith("/0")]
    assert str(first.problem.facts["there"]).startswith("http://127.0.0.1")


def test_sec_09_a_first_page_that_sends_us_away_says_where_to(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(status=302, headers={"Location": "http://other.lan/x"})

    with pytest.raises(NotAllowed) as refused:
        here.crawl()

    assert refused.value.code == "site_redirected"
    assert refused.value.facts["there"] == "http://other.lan/x"


@pytest.mark.parametrize(
    "how",
    [
        "<meta http-equiv='refresh' content='0; url={}'>",
        "<script>location = '{}'</script>",
        "<link rel='canonical' href='{}'>",
        "<iframe src='{}'></iframe>",
        "<base href='{}'><a href='x'>x</a>",
        "<form action='{}'><button>x</button></form>",
        "<img src='{}'><link rel='stylesheet' href='{}'>",
    ],
)
def test_sec_09_nor_does_anything_else_that_a_page_can_say(
    here: Town, web: Web, canary: Web, how: str
) -> None:
    other = here.settle("other.lan", "10.1.2.4")
    web.pages["/"] = "".join(f"<a href='/{number}'>x</a>" for number in range(9))
    for number, target in enumerate(targets(canary.server_port)):
        web.pages[f"/{number}"] = how.replace("{}", target) + "<p>texto</p>"

    assert len(here.crawl().entries) == 10
    assert outside(here) == []
    assert other.asked == []


def test_sec_09_a_refresh_by_header_is_no_way_out(here: Town, web: Web, canary: Web) -> None:
    there = f"http://127.0.0.1:{canary.server_port}/"
    web.pages["/"] = Reply(body="<p>x</p>", headers={"Refresh": f"0; url={there}", "Link": there})

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


def test_sec_09_robots_and_sitemaps_are_no_way_out(here: Town, web: Web, canary: Web) -> None:
    there = f"http://127.0.0.1:{canary.server_port}"
    web.pages["/"] = "<p>x</p>"
    web.pages["/robots.txt"] = f"Sitemap: {there}/m.xml\nSitemap: http://intranet.lan/m.xml\n"
    web.pages["/m.xml"] = Reply(status=302, headers={"Location": f"{there}/m.xml"})
    here.crawl()
    web.pages["/robots.txt"] = Reply(status=302, headers={"Location": f"{there}/robots.txt"})

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


def test_sec_09_the_sixth_hop_is_not_made(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/1'>x</a>"
    for number in range(1, 10):
        web.pages[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})
    web.pages["/10"] = "<p>fim</p>"

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert seen.reasons == {"http://intranet.lan/1": "host_not_reached"}
    assert web.paths == ["/", *(f"/{number}" for number in range(1, 7))]


def test_sec_09_neither_keys_nor_cookies_travel_to_another_host(
    here: Town, web: Web, database: Database
) -> None:
    other = here.settle("other.lan", "10.1.2.4")
    here.approved = "http://intranet.lan http://other.lan"
    other.pages["/b"] = "<p>b</p>"
    web.pages["/a"] = Reply(
        status=302,
        headers={"Location": "http://other.lan/b", "Set-Cookie": "a=1; Domain=lan; Path=/"},
    )
    gate = here.crawler()._gate(frozenset(("http://intranet.lan", "http://other.lan")))
    secrets = {"Authorization": "Basic eDp5", "Cookie": "s=1"}

    gate.fetch("http://intranet.lan/a", headers=secrets, seconds=5)

    (_, headers), *_ = other.asked
    assert not {"authorization", "cookie", "proxy-authorization"} & headers.keys()


def test_sec_09_a_crawl_sends_no_cookies_at_all(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(body="<a href='/a'>x</a>", headers={"Set-Cookie": "sid=1"})
    web.pages["/a"] = "<p>x</p>"

    here.crawl()

    assert all(not {"cookie", "authorization", "referer"} & h.keys() for _, h in web.asked)


# ------------------------------------------------------------------ SEC-10: names that change


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


def test_sec_10_another_name_for_this_machine_is_this_machine(
    here: Town, web: Web, canary: Web
) -> None:
    """What a resolver answers where a CNAME leads to localhost."""
    here.names["intranet.lan"] = [["127.0.0.1", "::1"]]

    with pytest.raises(NotAllowed):
        here.crawl()
    assert here.connected == []


# ------------------------------------------------------------------ SEC-11: exhaustion


def limited(seen: Seen) -> set[str]:
    """The reasons that are limits: they are no failures, and nothing follows from them."""
    return {gap.problem.code for gap in seen.gaps if gap.kind == "busy"}


def test_sec_11_a_calendar_without_end_stops_at_the_budget_of_pages(here: Town, web: Web) -> None:
    web.invent = lambda path: f"<a href='/dia/{len(web.asked)}'>amanhã</a>"

    seen = here.crawl(pages=12, depth=1000)

    assert len(seen.entries) == 12
    assert limited(seen) == {"crawl_pages"}
    assert seen.reasons[""] == "crawl_pages"  # what was not seen stays as it is


def test_sec_11_a_site_without_end_stops_at_the_budget_of_time(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WALK_SECONDS", 2.0)
    web.invent = lambda path: f"<a href='/dia/{len(web.asked)}'>amanhã</a>"

    seen = here.crawl(pages=1000, depth=1000)

    assert limited(seen) == {"crawl_time"}
    assert 3 < len(seen.entries) < 20


def test_sec_11_a_site_of_large_files_stops_at_the_budget_of_bytes(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WALK_BYTES", 50_000)
    web.pages["/"] = "".join(f"<a href='/{n}.pdf'>x</a>" for n in range(50))
    web.invent = lambda path: Reply(body=b"%PDF" + b"x" * 10_000, type="application/pdf")

    seen = here.crawl()

    assert limited(seen) == {"crawl_bytes"}
    assert len(seen.entries) == 6


def test_sec_11_ten_gigabytes_are_not_taken(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawl, "PAGE_BYTES", 1_000_000)
    web.pages = {"/": "<a href='/a'>x</a>", "/a": Reply(body=b"x" * 100_000, endless=True)}

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert limited(seen) == {"answer_too_large"}
    web.pages["/"] = Reply(body=b"x" * 100_000, endless=True)
    with pytest.raises(TooLarge):
        here.crawl()


def test_sec_11_a_byte_now_and_then_is_not_waited_for(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "PAGE_SECONDS", 0.3)
    web.pages = {"/": "<a href='/a'>x</a>", "/a": Reply(body="x" * 1000, drip=0.05)}

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert limited(seen) == {"host_too_slow"}


def test_sec_11_nor_are_headers_that_never_end(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "PAGE_SECONDS", 0.3)
    web = here.settle("intranet.lan", "10.1.2.3")

    def drip(handler: Any) -> None:
        try:
            for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
                threading.Event().wait(0.02)
                handler.wfile.write(bytes([letter]))
                handler.wfile.flush()
        except OSError:
            return

    monkeypatch.setattr(web.RequestHandlerClass, "do_GET", drip)

    with pytest.raises(Unavailable) as failed:
        here.crawl()

    assert failed.value.code == "host_too_slow"


def test_sec_11_a_bomb_is_not_unpacked(here: Town, web: Web) -> None:
    bomb = gzip.compress(b"<loc>" * 20_000_000)
    web.pages["/"] = "<a href='/a'>x</a>"
    web.pages["/a"] = Reply(body=bomb, headers={"Content-Encoding": "gzip"})
    web.pages["/sitemap.xml"] = Reply(body=bomb, type="application/x-gzip")

    seen = here.crawl(crawler=here.crawler(look_into=None))

    assert seen.paths == ["/"]
    assert seen.reasons.keys() == {"http://intranet.lan/a"}
    assert all(headers["accept-encoding"] == "identity" for _, headers in web.asked)


def test_sec_11_a_circle_of_redirects_ends(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/a'>x</a>"
    web.pages["/a"] = Reply(status=302, headers={"Location": "/b"})
    web.pages["/b"] = Reply(status=302, headers={"Location": "/a"})

    assert here.crawl().paths == ["/"]
    assert len(web.paths) <= 7


def test_sec_11_a_million_links_are_more_than_a_page_has(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WAITING", 1000)
    web.pages["/"] = "".join(f"<a href='/{n}'>" for n in range(60_000))
    web.invent = lambda path: "<p>x</p>"

    seen = here.crawl(pages=5, crawler=here.crawler(look_into=None))

    assert len(seen.entries) == 5
    assert limited(seen) == {"crawl_pages"}


def test_sec_11_pictures_are_not_taken(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/foto'>x</a>"
    web.pages["/foto"] = Reply(body=b"x" * 1000, type="image/jpeg", endless=True)

    seen = here.crawl()

    assert (seen.paths, seen.gaps) == (["/"], [])


def test_sec_11_a_proxy_of_the_environment_is_not_used(
    here: Town, web: Web, canary: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.server_port}")
    web.pages["/"] = "<p>x</p>"

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


def test_sec_11_the_worker_lives_on_whatever_a_site_answers(here: Town, web: Web) -> None:
    """Not a single answer of these ends a crawl in anything but a refusal."""
    strange = [
        Reply(status=200, type=""),
        Reply(status=204),
        Reply(status=206, body="x"),
        Reply(status=304),
        Reply(status=301),
        Reply(status=302, headers={"Location": "http://["}),
        Reply(status=302, headers={"Location": ""}),
        Reply(status=418),
        Reply(status=599),
        Reply(body="<a href='http://[::1'>x</a><a href='\x01'>y</a><base href='///'>"),
        Reply(body="x", type="text/html; charset=nonsense"),
        Reply(body="x", headers={"Retry-After": "9" * 400}, status=503),
        Reply(body="x", headers={"Retry-After": "Mon, 99 Foo 2026"}, status=429),
        Reply(body="x", headers={"X-Robots-Tag": ":,,:" * 100}),
    ]
    web.pages["/"] = "".join(f"<a href='/{number}'>x</a>" for number in range(len(strange)))
    web.pages |= {f"/{number}": reply for number, reply in enumerate(strange)}

    try:
        assert "/" in here.crawl().paths
    except Refusal as refusal:
        pytest.fail(refusal.code)
