"""SEC-09: no page, redirect, rule or map leads a crawl out of its prefix.

Each test has a canary: a server on this machine that must never be asked, whatever a page, a
redirect, a name server or the environment says.
"""

import pytest

from appliance.database import Database
from appliance.errors import NotAllowed
from tests.town import Reply, Town, Web, outside

METADATA = "169.254.169.254"


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


@pytest.mark.guarantee("SEC-09")
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


@pytest.mark.guarantee("SEC-09")
def test_sec_09_a_first_page_that_sends_us_away_says_where_to(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(status=302, headers={"Location": "http://other.lan/x"})

    with pytest.raises(NotAllowed) as refused:
        here.crawl()

    assert refused.value.code == "site_redirected"
    assert refused.value.facts["there"] == "http://other.lan/x"


@pytest.mark.guarantee("SEC-09")
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


@pytest.mark.guarantee("SEC-09")
def test_sec_09_a_refresh_by_header_is_no_way_out(here: Town, web: Web, canary: Web) -> None:
    there = f"http://127.0.0.1:{canary.server_port}/"
    web.pages["/"] = Reply(body="<p>x</p>", headers={"Refresh": f"0; url={there}", "Link": there})

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


@pytest.mark.guarantee("SEC-09")
def test_sec_09_robots_and_sitemaps_are_no_way_out(here: Town, web: Web, canary: Web) -> None:
    there = f"http://127.0.0.1:{canary.server_port}"
    web.pages["/"] = "<p>x</p>"
    web.pages["/robots.txt"] = f"Sitemap: {there}/m.xml\nSitemap: http://intranet.lan/m.xml\n"
    web.pages["/m.xml"] = Reply(status=302, headers={"Location": f"{there}/m.xml"})
    here.crawl()
    web.pages["/robots.txt"] = Reply(status=302, headers={"Location": f"{there}/robots.txt"})

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


@pytest.mark.guarantee("SEC-09")
def test_sec_09_the_sixth_hop_is_not_made(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/1'>x</a>"
    for number in range(1, 10):
        web.pages[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})
    web.pages["/10"] = "<p>fim</p>"

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert seen.reasons == {"http://intranet.lan/1": "host_not_reached"}
    assert web.paths == ["/", *(f"/{number}" for number in range(1, 7))]


@pytest.mark.guarantee("SEC-09")
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


@pytest.mark.guarantee("SEC-09")
def test_sec_09_a_crawl_sends_no_cookies_at_all(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(body="<a href='/a'>x</a>", headers={"Set-Cookie": "sid=1"})
    web.pages["/a"] = "<p>x</p>"

    here.crawl()

    assert all(not {"cookie", "authorization", "referer"} & h.keys() for _, h in web.asked)
