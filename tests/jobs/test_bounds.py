"""Which addresses are pages of a site, and which of them are the same page."""

import pytest

from appliance.errors import BadRequest
from appliance.jobs import bounds
from appliance.jobs.bounds import Bounds, cleaned, key_of, prefix_of

BASE = "http://a.lan/docs/index.html"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("b", "http://a.lan/docs/b"),
        ("../b/", "http://a.lan/b/"),
        ("//b.lan/x", "http://b.lan/x"),
        ("HTTP://A.LAN:80/B#c", "http://a.lan/B"),
        ("https://a.lan:443", "https://a.lan/"),
        ("?p=2", "http://a.lan/docs/index.html?p=2"),
        ("/ação?q=é é", "http://a.lan/a%C3%A7%C3%A3o?q=%C3%A9+%C3%A9"),
        ("/a%C3%A7", "http://a.lan/a%C3%A7"),
        ("/x?utm_source=a&b=&utm_medium=c&gclid=1", "http://a.lan/x?b="),
        ("/x;jsessionid=12AB?PHPSESSID=3&sid=1f2e3d4c5b6a79881f2e3d4c", "http://a.lan/x"),
        ("/x?sid=12&s=busca", "http://a.lan/x?sid=12&s=busca"),  # the number of a section
        (" \n/x ", "http://a.lan/x"),
    ],
)
def test_a_link_is_the_address_that_it_asks_for(link: str, address: str) -> None:
    assert cleaned(link, BASE) == address


@pytest.mark.parametrize(
    "link",
    ["mailto:a@b.c", "tel:123", "javascript:void(0)", "data:text/html,x", "ftp://a.lan/",
     "http://u:p@a.lan/", "http://[::1", "http://a b/", "/" + "x" * 3000],
)  # fmt: skip
def test_what_leads_to_no_page_has_no_address(link: str) -> None:
    assert cleaned(link, BASE) is None


def test_a_key_is_what_the_addresses_of_a_page_have_in_common() -> None:
    assert key_of("http://a.lan/b/?y=2&x=1") == key_of("http://a.lan/b?x=1&y=2")
    assert key_of("http://a.lan/") == "http://a.lan/"
    assert key_of("http://a.lan/b") != key_of("http://a.lan/B")


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("http://a.lan/", "http://a.lan"),
        ("http://a.lan/rh/", "http://a.lan/rh"),
        ("http://a.lan/rh", "http://a.lan/rh"),
        ("http://a.lan/rh/index.php?id=3", "http://a.lan/rh"),
        ("http://a.lan/index.html", "http://a.lan"),
    ],
)
def test_a_site_is_what_begins_like_its_first_page(address: str, prefix: str) -> None:
    assert prefix_of(address) == prefix
    with pytest.raises(BadRequest):
        prefix_of("http://u@a.lan/")


def test_bounds_are_the_prefix_and_what_is_kept_out() -> None:
    site = Bounds("http://a.lan/rh", ("*.pdf", "normas/*"), ("rascunhos", "**/velho/*"))

    assert site.has("http://a.lan/rh")
    assert site.has("http://a.lan/rh/x?y=1")
    assert not site.has("http://a.lan/rhx")
    assert not site.has("http://b.lan/rh/x")
    assert not site.has("http://a.lan/rh/rascunhos/x")
    assert not site.has("http://a.lan/rh/a/velho/x")
    assert not site.has("http://a.lan/rh/logo.PNG")
    assert site.takes("http://a.lan/rh/atas/1.pdf")
    assert site.takes("http://a.lan/rh/normas/f%C3%A9rias")
    assert not site.takes("http://a.lan/rh/atas/1.html")


@pytest.mark.parametrize(
    "name", ["a.png", "a.jpg", "a.mp4", "a.mp3", "a.css", "a.js", "a.zip", "a.tar.gz", "a.woff2"]
)
def test_pictures_films_styles_and_archives_are_not_asked_for(name: str) -> None:
    assert not Bounds("http://a.lan", (), ()).has(f"http://a.lan/{name}")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.htm", "a.php", "a", "a.csv", "v1.2/b"])
def test_pages_and_documents_are(name: str) -> None:
    assert Bounds("http://a.lan", (), ()).has(f"http://a.lan/{name}")


def test_a_path_may_have_half_of_the_pages() -> None:
    site = Bounds("http://a.lan", (), (), 1000)

    assert site.queries == 500
    assert Bounds("http://a.lan", (), (), 20).queries == bounds.QUERIES


def test_a_path_has_so_many_pages_and_no_more() -> None:
    site = Bounds("http://a.lan", (), ())
    keys = [f"http://a.lan/agenda?dia={day}" for day in range(bounds.QUERIES + 5)]

    assert [site.is_one_of_too_many(key) for key in keys].count(True) == 5
    assert not site.is_one_of_too_many(keys[0])  # one of those that were met before
    assert not site.is_one_of_too_many("http://a.lan/outra?dia=1")
