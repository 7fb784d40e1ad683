"""A site is walked link by link: what is met, given, left out, and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.database import Database
from appliance.errors import NotAllowed, Unavailable
from appliance.jobs import bounds, recall, visits, walk
from appliance.jobs.listing import Known, Missing
from tests.town import Reply, Town, Web, town

PDF = Reply(body=b"%PDF-1.4 x", type="application/pdf")


@pytest.fixture
def here(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with town(tmp_path, database, monkeypatch) as opened:
        yield opened


@pytest.fixture
def web(here: Town) -> Web:
    return here.settle("intranet.lan", "10.1.2.3")


def page(*links: str, title: str = "", text: str = "", head: str = "") -> str:
    anchors = "".join(f"<p><a href='{link}'>{link}</a></p>" for link in links)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><p>{text}</p>{anchors}</body></html>"
    )


def held(*seen: walk.Entry) -> dict[str, Known]:
    """A library that has what a crawl gave."""
    return {entry.key: Known(changed=entry.changed, sha256="x") for entry in seen}


def memory(tmp_path: Path) -> Path:
    """The file in which the crawl's memory lies."""
    return recall.Recall(tmp_path / "data" / "crawls", "s1").file


# ------------------------------------------------------------------ what is given


def test_pages_come_in_the_order_of_their_distance(here: Town, web: Web) -> None:
    web.pages = {
        "/": page("/a", "/b"),
        "/a": page("/a/1"),
        "/b": page("/b/1"),
        "/a/1": page(),
        "/b/1": page(),
    }

    assert here.crawl().paths == ["/", "/a", "/b", "/a/1", "/b/1"]


def test_an_entry_has_the_page_its_title_and_a_file_name_of_its_kind(here: Town, web: Web) -> None:
    web.pages["/"] = page("/normas/f%C3%A9rias", "/ata.pdf", "/baixar?id=3")
    web.pages["/normas/f%C3%A9rias"] = page(title="Férias", text="Trinta dias.")
    web.pages["/ata.pdf"] = PDF
    web.pages["/baixar?id=3"] = PDF

    seen = here.crawl()
    entry = seen.entry("/normas/f%C3%A9rias")
    file, content = here.fetched(entry)

    assert (entry.name, entry.media_type) == ("Férias", "text/html")
    assert (file.file_name, file.title) == ("férias.html", "Férias")
    assert file.bytes == len(content)
    assert b"Trinta dias." in content
    assert here.fetched(seen.entry("/ata.pdf"))[0].file_name == "ata.pdf"
    assert here.fetched(seen.entry("/baixar?id=3"))[0].file_name == "baixar.pdf"


def test_files_of_an_office_are_given_and_pictures_styles_and_feeds_are_not(
    here: Town, web: Web
) -> None:
    web.pages["/"] = page("/a.docx", "/b", "/logo.png", "/x.css", "/feed", "/c.zip", "/photo")
    web.pages["/a.docx"] = Reply(body=b"PK", type="application/octet-stream")
    web.pages["/b"] = Reply(body=b"a;b", type="text/csv")
    web.pages["/feed"] = Reply(body="<rss/>", type="application/rss+xml")
    web.pages["/photo"] = Reply(body=b"\x89PNG", type="image/png")

    seen = here.crawl()

    assert seen.paths == ["/", "/a.docx", "/b"]
    assert "/logo.png" not in web.paths  # nor asked for: its name says what it is
    assert seen.gaps == []


def test_globs_name_what_is_taken_and_where_not_to_go(here: Town, web: Web) -> None:
    web.pages = {
        "/": page("/atas/", "/privado/"),
        "/atas/": page("/atas/1.pdf"),
        "/atas/1.pdf": PDF,
        "/privado/": page("/privado/2.pdf"),
        "/privado/2.pdf": PDF,
    }

    seen = here.crawl(include=("*.pdf",), exclude=("privado",))

    assert seen.paths == ["/atas/1.pdf"]
    assert "/privado/" not in web.paths


def test_a_walk_keeps_to_the_folder_of_its_first_page(here: Town, web: Web) -> None:
    web.pages["/rh/index.html"] = page("/rh/a", "/financeiro/", "../")
    web.pages["/rh/a"] = page()

    assert here.crawl("http://intranet.lan/rh/index.html").paths == ["/rh/index.html", "/rh/a"]
    assert web.paths == ["/rh/index.html", "/rh/a"]


def test_a_page_as_a_source_is_that_page_alone(here: Town, web: Web) -> None:
    web.pages["/aviso"] = page("/outro", head="<meta name='robots' content='noindex'>")

    seen = here.crawl("http://intranet.lan/aviso", "page")

    assert seen.paths == ["/aviso"]  # somebody named it: to be found here
    assert web.paths == ["/aviso"]


def test_links_are_followed_as_deep_as_was_said(here: Town, web: Web) -> None:
    web.invent = lambda path: page(f"{path.rstrip('/')}/x")

    assert here.crawl(depth=2).paths == ["/", "/x", "/x/x"]
    assert here.crawl(depth=0).paths == ["/"]


def test_frames_maps_and_refreshes_are_links(here: Town, web: Web) -> None:
    web.pages["/"] = "<frameset><frame src='menu.html'></frameset>"
    web.pages["/menu.html"] = (
        "<map><area href='/b'></map><meta http-equiv='Refresh' content='5; url=/c'>"
    )
    web.pages["/c"] = Reply(body=page(), headers={"Refresh": "0;URL='/d'"})
    web.invent = lambda path: page(text=path)

    assert set(here.crawl().paths) == {"/", "/menu.html", "/b", "/c", "/d"}


# ------------------------------------------------------------------ one page, many addresses


def test_a_page_is_given_once_whatever_its_addresses_are(here: Town, web: Web) -> None:
    web.pages["/"] = page(
        "/a?x=1&y=2", "/a?y=2&x=1#fim", "/a?x=1&y=2&utm_source=mail&fbclid=9",
        "http://INTRANET.lan:80/b/", "/b", "/b;jsessionid=AB12", "/b?PHPSESSID=1f",
        "mailto:x@y.z", "javascript:void(0)", "#topo",
    )  # fmt: skip
    web.invent = lambda path: page(text=path)

    assert here.crawl().paths == ["/", "/a?x=1&y=2", "/b"]


def test_a_page_that_was_sent_on_is_where_it_arrived(here: Town, web: Web) -> None:
    web.pages["/"] = page("/velho", "/novo/")
    web.pages["/velho"] = Reply(status=301, headers={"Location": "/novo/"})
    web.pages["/novo/"] = page("rel", text="novo")
    web.pages["/novo/rel"] = page()

    assert here.crawl().paths == ["/", "/novo", "/novo/rel"]


def test_a_canonical_address_joins_a_pages_variants(here: Town, web: Web) -> None:
    same = "<link rel='canonical' href='/a'>"
    web.pages["/"] = page("/a?ordem=1", "/a?ordem=2", "/imprimir")
    web.pages |= {f"/a?ordem={n}": page(head=same, text="a") for n in (1, 2)}
    web.pages["/imprimir"] = page(head="<link rel='canonical' href='/a'>", text="a")
    web.pages["/a"] = page(head=same, text="a")

    assert here.crawl().paths == ["/", "/a"]


def test_a_theme_that_calls_every_page_a_copy_of_the_first_loses_none(here: Town, web: Web) -> None:
    wrong = "<link rel='canonical' href='/'>"
    web.pages = {
        "/": page("/a", "/b", head=wrong),
        "/a": page(head=wrong, text="um"),
        "/b": page(head=wrong, text="dois"),
    }

    assert here.crawl().paths == ["/", "/a", "/b"]


def test_a_canonical_address_elsewhere_counts_for_nothing(here: Town, web: Web) -> None:
    web.pages["/"] = page(head="<link rel='canonical' href='https://outro.example/'>")

    assert here.crawl().paths == ["/"]


# ------------------------------------------------------------------ the site's rules


def test_robots_txt_is_kept(here: Town, web: Web) -> None:
    web.pages["/robots.txt"] = "User-agent: *\nDisallow: /a\n\nUser-agent: Balcao\nDisallow: /b\n"
    web.pages["/"] = page("/a", "/b", "/b/1")
    web.invent = lambda path: page()

    assert here.crawl().paths == ["/", "/a"]
    assert web.asked[0][1]["user-agent"] == "Balcao"


def test_a_site_that_may_not_be_read_says_so(here: Town, web: Web) -> None:
    web.pages["/robots.txt"] = "User-agent: *\nDisallow: /\n"

    with pytest.raises(NotAllowed) as refused:
        here.crawl()

    assert refused.value.code == "robots_disallow"
    assert web.paths == []


def test_rules_that_cannot_be_had_mean_that_nothing_may_be_read_for_now(
    here: Town, web: Web
) -> None:
    web.pages["/robots.txt"] = Reply(status=500)

    with pytest.raises(Unavailable) as refused:
        here.crawl()

    assert refused.value.code == "robots_not_read"
    assert web.paths == []


def test_noindex_is_followed_and_not_given_and_nofollow_the_other_way_round(
    here: Town, web: Web
) -> None:
    web.pages = {
        "/": page("/a", "/b", "/c"),
        "/a": page("/a/1", head="<meta name='ROBOTS' content='NOINDEX, follow'>"),
        "/b": page("/b/1", head="<meta name='robots' content='nofollow'>"),
        "/c": Reply(body=page("/c/1"), headers={"X-Robots-Tag": "none"}),
        "/a/1": page("/a/2"),
        "/a/2": "<a rel='external nofollow' href='/a/3'>x</a>",
    }

    assert here.crawl().paths == ["/", "/b", "/a/1", "/a/2"]


def test_a_sitemap_and_an_index_of_them_lead_to_pages_that_nothing_links_to(
    here: Town, web: Web
) -> None:
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    web.pages["/robots.txt"] = "Sitemap: http://intranet.lan/mapa.xml\n"
    web.pages["/mapa.xml"] = Reply(
        body=f"<sitemapindex {space}><sitemap><loc>http://intranet.lan/m1.xml</loc></sitemap>"
        "<sitemap><loc>http://fora.example/m2.xml</loc></sitemap></sitemapindex>",
        type="application/xml",
    )
    web.pages["/m1.xml"] = Reply(
        body=f"<urlset {space}><url><loc>http://intranet.lan/so</loc></url>"
        "<url><loc>http://fora.example/x</loc></url></urlset>",
        type="text/xml",
    )
    web.pages |= {"/": page(), "/so": page("/so/1"), "/so/1": page()}

    assert here.crawl().paths == ["/", "/so", "/so/1"]
    assert here.connected == ["10.1.2.3"] * len(here.connected)


def test_a_map_that_is_none_is_no_failure(here: Town, web: Web) -> None:
    web.pages["/"] = page()
    web.pages["/sitemap.xml"] = "<html>404</html>"

    assert here.crawl().gaps == []


# ------------------------------------------------------------------ what fails


def test_what_is_gone_is_told_from_what_fails(here: Town, web: Web) -> None:
    web.pages = {
        "/": page("/a", "/b", "/c", "/d"),
        "/b": Reply(status=410),
        "/c": Reply(status=500),
        "/d": Reply(status=403),
    }

    gaps = {gap.key.rpartition("/")[2]: gap for gap in here.crawl().gaps}

    assert {key: gap.kind for key, gap in gaps.items() if key} == {
        "a": "gone", "b": "gone", "c": "unseen", "d": "unseen",
    }  # fmt: skip
    assert gaps["c"].problem.facts["status"] == 500


def test_behind_a_page_that_fails_for_once_the_walk_goes_on(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": page("/a/1"), "/a/1": page("/a/2"), "/a/2": page()}
    here.crawl()
    web.pages["/a"] = Reply(status=500)

    again = here.crawl()

    assert again.paths == ["/", "/a/1", "/a/2"]
    assert again.reasons == {"http://intranet.lan/a": "site_page_refused"}
    assert here.crawl().paths == ["/", "/a/1", "/a/2"]  # and the next time as well


def test_without_a_memory_a_failure_hides_what_lies_behind_it(
    here: Town, web: Web, tmp_path: Path
) -> None:
    web.pages = {"/": page("/a"), "/a": page("/a/1"), "/a/1": page()}
    library = held(*here.crawl().entries)
    memory(tmp_path).unlink()
    web.pages["/a"] = Reply(status=500)

    for _ in range(2):
        seen = here.crawl(known=library)
        assert seen.reasons[""] == "crawl_blind"  # a gap that covers everything
    web.pages["/a"] = page("/a/1")
    assert here.crawl(known=library).gaps == []


def test_a_page_that_never_could_be_read_hides_nothing(here: Town, web: Web) -> None:
    web.pages = {"/": page("/entrar"), "/entrar": Reply(status=403)}
    first = here.crawl()

    assert first.reasons == {"http://intranet.lan/entrar": "site_page_refused"}
    assert here.crawl(known=held(*first.entries)).reasons == first.reasons


def test_a_map_that_fails_for_once_leads_where_it_led(here: Town, web: Web) -> None:
    web.pages = {"/": page(), "/so": page()}
    web.pages["/sitemap.xml"] = "<urlset><url><loc>http://intranet.lan/so</loc></url></urlset>"
    assert here.crawl().paths == ["/", "/so"]
    web.pages["/sitemap.xml"] = Reply(status=500)

    assert here.crawl().paths == ["/", "/so"]


def test_a_first_page_that_is_gone_is_for_a_person_to_decide(here: Town, web: Web) -> None:
    with pytest.raises(Missing) as missed:
        here.crawl("http://intranet.lan/nada")

    assert missed.value.code == "site_page_gone"


def test_a_first_page_that_fails_is_tried_again_later(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(status=502)

    with pytest.raises(Unavailable):
        here.crawl()


def test_rel_23_a_site_that_is_down_is_left_alone_and_nothing_follows(here: Town, web: Web) -> None:
    web.pages["/"] = page(*(f"/{n}" for n in range(20)))
    web.invent = lambda path: None if path.endswith((".xml", ".txt")) else Reply(status=503)

    with pytest.raises(Unavailable) as failed:
        here.crawl()

    assert failed.value.code == "site_not_answering"
    assert len({path for path in web.paths if path != "/"}) == visits.GIVEN_UP_AFTER
    here.names["intranet.lan"] = [["10.9.9.9"]]  # nobody is there
    with pytest.raises(Unavailable):
        here.crawl()


def test_a_page_that_cannot_be_parsed_is_a_gap(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": Reply(body=bytes(range(256)) * 10)}

    assert here.crawl().reasons["http://intranet.lan/a"] == "type_mismatch"


# ------------------------------------------------------------------ the second time


def test_a_page_that_did_not_change_is_not_sent_again_and_leads_where_it_led(
    here: Town, web: Web
) -> None:
    web.pages["/"] = Reply(body=page("/a", title="Capa"), headers={"ETag": '"1"'})
    web.pages["/a"] = Reply(
        body=page(text="texto"), headers={"Last-Modified": "Mon, 02 Mar 2026 10:00:00 GMT"}
    )
    first = here.crawl()
    web.asked.clear()

    second = here.crawl(known=held(*first.entries))
    sent = dict(web.asked)

    assert second.keys == first.keys
    assert [one.changed for one in second.entries] == [one.changed for one in first.entries]
    assert sent["/"]["if-none-match"] == '"1"'
    assert sent["/a"]["if-modified-since"] == "Mon, 02 Mar 2026 10:00:00 GMT"
    file, content = here.fetched(second.entries[0])  # asked for now, if somebody wants it
    assert (file.title, b"href='/a'" in content) == ("Capa", True)


def test_a_page_that_the_library_does_not_have_is_asked_for_whole(here: Town, web: Web) -> None:
    web.pages["/"] = Reply(body=page(), headers={"ETag": '"1"'})
    here.crawl()

    here.crawl(known={"http://intranet.lan/": Known(changed="another", sha256=None)})
    here.crawl()

    assert all("if-none-match" not in headers for _, headers in web.asked)


def test_a_page_changes_with_its_words_and_not_with_its_furniture(here: Town, web: Web) -> None:
    def version(visits: int, text: str) -> str:
        return f"<h1>A</h1><p>{text}</p><footer>Visitas: {visits}</footer><!-- {visits} -->"

    changed = []
    for number, text in enumerate(["um", "um", "dois"]):
        web.pages["/"] = version(number, text)
        changed.append(here.crawl().entries[0].changed)

    assert changed[0] == changed[1] != changed[2]


def test_a_memory_that_cannot_be_read_is_none(here: Town, web: Web, tmp_path: Path) -> None:
    web.pages["/"] = page()
    here.crawl()
    memory(tmp_path).write_bytes(b"{")

    assert here.crawl().paths == ["/"]


# ------------------------------------------------------------------ manners


def test_there_is_a_pause_between_two_requests(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a"), "/a": page()}

    here.crawl()

    assert here.paused == pytest.approx([visits.DELAY_SECONDS] * (len(web.asked) - 1))


def test_a_pause_that_the_site_asks_for_is_kept_within_reason(here: Town, web: Web) -> None:
    web.pages |= {"/": page(), "/robots.txt": "User-agent: *\nCrawl-delay: 3\n"}
    here.crawl()
    assert here.now() == pytest.approx(3 + visits.DELAY_SECONDS, abs=0.01)

    web.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 3600\n"
    here.paused.clear()
    here.crawl()
    assert here.now() < 6


def test_a_walk_that_has_to_end_ends_between_two_requests(here: Town, web: Web) -> None:
    web.invent = lambda path: page(f"{path}x")

    def check() -> None:
        if len(web.paths) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        here.crawl(check=check, depth=50)
    assert len(web.paths) == 3


def test_every_request_is_counted(here: Town, web: Web, database: Database) -> None:
    web.pages = {"/": page("/a"), "/a": page()}

    here.crawl()
    (row,) = database.rows("select origin, purpose, requests from outgoing")

    assert row == {"origin": "http://intranet.lan", "purpose": "crawl", "requests": len(web.asked)}


def test_a_real_child_looks_into_the_pages(here: Town, web: Web) -> None:
    web.pages = {"/": page("/a", title="Capa"), "/a": page()}

    seen = here.crawl(crawler=here.crawler(look_into=None))

    assert (seen.paths, seen.entries[0].name) == (["/", "/a"], "Capa")


def test_a_calendar_does_not_crowd_out_the_rest(
    here: Town, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "QUERIES", 5)
    web.pages["/"] = page("/agenda?mes=1", "/regimento")
    web.invent = lambda path: (
        page(f"/agenda?mes={int(path.rpartition('=')[2]) + 1}") if "=" in path else page()
    )

    seen = here.crawl(depth=50)

    assert len([path for path in seen.paths if path.startswith("/agenda")]) == 5
    assert "/regimento" in seen.paths
    assert seen.reasons == {"http://intranet.lan/agenda": "crawl_queries"}
