"""SEC-11: a site without end ends a crawl at its budgets, and nothing else.

Each test has a canary: a server on this machine that must never be asked, whatever a page, a
redirect, a name server or the environment says.
"""

import gzip
import threading
from typing import Any

import pytest

from appliance.errors import Refusal, TooLarge, Unavailable
from appliance.jobs import crawl, visits, walk
from tests.town import Reply, Seen, Town, Web, outside

METADATA = "169.254.169.254"


def limited(seen: Seen) -> set[str]:
    """The reasons that are limits: they are no failures, and nothing follows from them."""
    return {gap.problem.code for gap in seen.gaps if gap.kind == "busy"}


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_calendar_without_end_stops_at_the_budget_of_pages(here: Town, web: Web) -> None:
    web.invent = lambda path: f"<a href='/dia/{len(web.asked)}'>amanhã</a>"

    seen = here.crawl(pages=12, depth=1000)

    assert len(seen.entries) == 12
    assert limited(seen) == {"crawl_pages"}
    assert seen.reasons[""] == "crawl_pages"  # what was not seen stays as it is


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_site_without_end_stops_at_the_budget_of_time(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WALK_SECONDS", 2.0)
    web.invent = lambda path: f"<a href='/dia/{len(web.asked)}'>amanhã</a>"

    seen = here.crawl(pages=1000, depth=1000)

    assert limited(seen) == {"crawl_time"}
    assert 3 < len(seen.entries) < 20


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_site_of_large_files_stops_at_the_budget_of_bytes(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WALK_BYTES", 50_000)
    web.pages["/"] = "".join(f"<a href='/{n}.pdf'>x</a>" for n in range(50))
    web.invent = lambda path: Reply(body=b"%PDF" + b"x" * 10_000, type="application/pdf")

    seen = here.crawl()

    assert limited(seen) == {"crawl_bytes"}
    assert len(seen.entries) == 6


@pytest.mark.guarantee("SEC-11")
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


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_byte_now_and_then_is_not_waited_for(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "PAGE_SECONDS", 1.0)
    web.pages = {"/": "<a href='/a'>x</a>", "/a": Reply(body="x" * 1000, drip=0.05)}

    seen = here.crawl()

    assert seen.paths == ["/"]
    assert limited(seen) == {"host_too_slow"}


@pytest.mark.guarantee("SEC-11")
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


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_bomb_is_not_unpacked(here: Town, web: Web) -> None:
    bomb = gzip.compress(b"<loc>" * 20_000_000)
    web.pages["/"] = "<a href='/a'>x</a>"
    web.pages["/a"] = Reply(body=bomb, headers={"Content-Encoding": "gzip"})
    web.pages["/sitemap.xml"] = Reply(body=bomb, type="application/x-gzip")

    seen = here.crawl(crawler=here.crawler(look_into=None))

    assert seen.paths == ["/"]
    assert seen.reasons.keys() == {"http://intranet.lan/a"}
    assert all(headers["accept-encoding"] == "identity" for _, headers in web.asked)


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_circle_of_redirects_ends(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/a'>x</a>"
    web.pages["/a"] = Reply(status=302, headers={"Location": "/b"})
    web.pages["/b"] = Reply(status=302, headers={"Location": "/a"})

    assert here.crawl().paths == ["/"]
    assert len(web.paths) <= 7


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_million_links_are_more_than_a_page_has(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "WAITING", 1000)
    web.pages["/"] = "".join(f"<a href='/{n}'>" for n in range(60_000))
    web.invent = lambda path: "<p>x</p>"

    short = here.crawl(pages=5, crawler=here.crawler(look_into=None))
    monkeypatch.setattr(walk, "WAITING", 10)
    full = here.crawl(pages=50)

    assert (len(short.entries), limited(short)) == (5, {"crawl_pages"})
    assert (len(full.entries), limited(full)) == (11, {"crawl_links"})


@pytest.mark.guarantee("SEC-11")
def test_sec_11_pictures_are_not_taken(here: Town, web: Web) -> None:
    web.pages["/"] = "<a href='/foto'>x</a>"
    web.pages["/foto"] = Reply(body=b"x" * 1000, type="image/jpeg", endless=True)

    seen = here.crawl()

    assert (seen.paths, seen.gaps) == (["/"], [])


@pytest.mark.guarantee("SEC-11")
def test_sec_11_a_proxy_of_the_environment_is_not_used(
    here: Town, web: Web, canary: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.server_port}")
    web.pages["/"] = "<p>x</p>"

    assert here.crawl().paths == ["/"]
    assert outside(here) == []


@pytest.mark.guarantee("SEC-11")
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
