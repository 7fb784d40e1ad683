"""Where pages and sitemaps lead, as the confined child tells it."""

import gzip
import io
from pathlib import Path

import pytest

from appliance.errors import Unreadable
from appliance.index.reading import child, kinds, leads
from appliance.index.reading.wire import Leads


def page(source: str) -> Leads:
    return leads.of(io.BytesIO(source.encode()), "a", is_map=False)


def sitemap(source: str | bytes) -> Leads:
    data = source.encode() if isinstance(source, str) else source
    return leads.of(io.BytesIO(data), "a", is_map=True)


def test_links_are_as_they_are_written_each_once() -> None:
    found = page(
        "<a href=' /a '>1</a><a href='/a'>2</a><a name='x'>3</a><a href='#topo'>4</a>"
        "<area href='b?x=1&amp;y=2'><a href='/c' rel='nofollow noopener'>5</a>"
    )

    assert found.links == ("/a", "b?x=1&y=2")


def test_a_page_says_its_base_its_canonical_address_and_its_rules() -> None:
    found = page(
        "<head><base href='/docs/'><link rel='canonical' href='/a'><title>A | B</title>"
        "<meta name='Robots' content='NoIndex'><meta name='balcao' content='nofollow'></head>"
    )

    assert (found.base, found.canonical, found.title) == ("/docs/", "/a", "A | B")
    assert found.robots == "noindex,nofollow"


@pytest.mark.parametrize(
    ("told", "there"),
    [
        ("0; url=/a", "/a"),
        ("5;URL='http://x.lan/b'", "http://x.lan/b"),
        ('1.5, url="c d"', "c d"),
        ("3; /e", "/e"),
        ("30", ""),
        ("", ""),
        ("x" * 10_000, ""),
    ],
)
def test_a_refresh_leads_on(told: str, there: str) -> None:
    assert leads.refresh(told) == there


def test_what_a_page_says_is_told_by_its_words_alone() -> None:
    first = page("<h1>A</h1><p>texto</p><nav>um</nav><script>1</script>")
    same = page("<h1 class='x'>A</h1>\n<p>texto</p><nav>dois</nav><script>2</script>")
    other = page("<h1>A</h1><p>textos</p>")

    assert first.words == same.words != other.words


def test_a_page_has_no_more_links_than_people_would_follow() -> None:
    links = "".join(f"<a href='/{number}'>" for number in range(leads.LINKS + 10))

    assert len(page(links).links) == leads.LINKS
    assert page(f"<a href='/{'x' * 5000}'>").links == ()


def test_what_is_no_text_is_no_page() -> None:
    with pytest.raises(Unreadable):
        leads.of(io.BytesIO(bytes(range(256))), "a", is_map=False)


SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def test_a_sitemap_names_pages_and_an_index_names_sitemaps() -> None:
    pages = sitemap(
        f"<?xml version='1.0'?><urlset xmlns='{SPACE}' xmlns:i='x'><url><loc> http://a/1 </loc>"
        "<i:image><i:loc>http://a/1.png</i:loc></i:image></url><url><loc>http://a/2?x&amp;y</loc>"
        "<lastmod>2026</lastmod></url></urlset>"
    )
    index = sitemap(
        f"<s:sitemapindex xmlns:s='{SPACE}'><s:sitemap><s:loc>http://a/m</s:loc></s:sitemap>"
        "</s:sitemapindex>"
    )

    assert pages.links == ("http://a/1", "http://a/2?x&y")
    assert (index.links, index.maps) == ((), ("http://a/m",))


@pytest.mark.guarantee("SEC-02", "SEC-11")
def test_a_sitemap_may_be_packed_and_a_bomb_is_not_unpacked() -> None:
    packed = gzip.compress(b"<urlset><url><loc>http://a/1</loc></url></urlset>")

    assert sitemap(packed).links == ("http://a/1",)
    with pytest.raises(Unreadable) as refused:
        sitemap(gzip.compress(b" " * (leads.MAP_BYTES + 1)))
    assert refused.value.code == "too_long"
    with pytest.raises(Unreadable):
        sitemap(packed[:12] + b"x" * 20)


@pytest.mark.guarantee("SEC-03")
def test_a_sitemap_that_declares_entities_is_refused() -> None:
    entities = "<!DOCTYPE u [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"

    with pytest.raises(Unreadable) as refused:
        sitemap(f"{entities}<urlset><url><loc>&b;</loc></url></urlset>")

    assert refused.value.code == "dangerous_content"


@pytest.mark.parametrize("source", ["", "<html><p>404", "{}", "<urlset><url>", "<loc>x</loc>x"])
def test_what_is_no_sitemap_leads_nowhere(source: str) -> None:
    with pytest.raises(Unreadable) as refused:
        sitemap(source)

    assert refused.value.code == "damaged"


def test_the_child_tells_the_same(tmp_path: Path) -> None:
    place = tmp_path / "0"
    place.write_text("<title>Capa</title><a href='/a'>x</a>", "utf-8")
    limits = {"name": "0", "memory_mb": 512, "seconds": 20}

    found = child.leads(place, kinds.HTML, **limits)  # type: ignore[arg-type]

    assert found == page("<title>Capa</title><a href='/a'>x</a>")
    with pytest.raises(Unreadable) as refused:
        child.leads(place, kinds.XML, **limits)  # type: ignore[arg-type]
    assert refused.value.code == "damaged"
