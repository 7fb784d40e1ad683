"""What a site asks is done: its rules, its pauses, and the rules of single pages."""

import pytest

from appliance.jobs.robots import LONGEST_DELAY, Robots, rules_of_page


def test_the_rules_for_us_go_before_those_for_everybody() -> None:
    rules = Robots("User-agent: *\nDisallow: /\n\nUser-agent: balcao\nDisallow: /x*y$\nAllow: /\n")

    assert rules.allow("http://a.lan/z")
    assert not rules.allow("http://a.lan/x/1/y")
    assert rules.allow("http://a.lan/x/1/y/2")


def test_without_rules_everything_is_allowed() -> None:
    rules = Robots("")

    assert rules.allow("http://a.lan/x")
    assert (rules.delay, rules.sitemaps) == (0.0, [])


def test_pauses_and_maps_are_read_and_pauses_bounded() -> None:
    rules = Robots("User-agent: *\nCrawl-delay: 2.5\nSitemap: http://a.lan/m.xml\n")

    assert (rules.delay, rules.sitemaps) == (2.5, ["http://a.lan/m.xml"])
    assert Robots("User-agent: *\nCrawl-delay: 86400\n").delay == LONGEST_DELAY


@pytest.mark.parametrize("text", ["\0" * 100, "<html>404</html>", "Disallow\n:::\n", "é" * 1000])
def test_nonsense_is_no_rule(text: str) -> None:
    assert Robots(text).allow("http://a.lan/x")


@pytest.mark.guarantee("SEC-45")
def test_a_hostile_pattern_takes_no_time() -> None:
    rules = Robots("User-agent: *\n" + "Disallow: /" + "a*" * 200 + "b\n")

    assert rules.allow("http://a.lan/" + "a" * 1900)


@pytest.mark.parametrize(
    ("header", "written", "rules"),
    [
        ("", "", set()),
        ("", "noindex, follow", {"noindex"}),
        ("noindex", "nofollow", {"noindex", "nofollow"}),
        ("none", "", {"noindex", "nofollow"}),
        ("googlebot: noindex, nofollow", "", set()),
        ("googlebot: noindex, balcao: nofollow", "", {"nofollow"}),
        ("unavailable_after: 25 Jun 2026 15:00:00 PST, noindex", "", {"noindex"}),
        ("max-snippet: 20, nofollow", "all", {"nofollow"}),
        ("noarchive", "index,follow", set()),
    ],
)
def test_a_pages_own_rules(header: str, written: str, rules: set[str]) -> None:
    headers = {"x-robots-tag": header} if header else {}

    assert rules_of_page(headers, written) == rules
