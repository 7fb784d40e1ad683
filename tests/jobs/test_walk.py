"""A site is walked link by link: what is met, given, left out, and why."""

import pytest

from appliance.errors import NotAllowed, Unavailable
from tests.town import Reply, Town, Web, page

PDF = Reply(body=b"%PDF-1.4 x", type="application/pdf")


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
