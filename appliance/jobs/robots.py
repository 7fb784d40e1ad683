"""What a site asks of those who crawl it: robots.txt, and the rules of single pages.

robots.txt as RFC 9309 has it: without one everything may be read, and one that cannot be
had for now means that nothing may.
"""

from collections.abc import Mapping

from protego import Protego

from appliance.errors import Unavailable
from appliance.jobs.visits import USER_AGENT, Visits

BYTES = 500 * 1024  # RFC 9309: what lies beyond need not be read
LONGEST_DELAY = 5.0  # a site that asks for a minute between pages would be read for days


class Robots:
    """The rules of one site's robots.txt."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    @property
    def delay(self) -> float:
        """The seconds that the site wants between two requests, within reason."""
        return min(float(self._rules.crawl_delay(USER_AGENT) or 0.0), LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of sitemaps that the site names."""
        return list(self._rules.sitemaps)

    def allow(self, address: str) -> bool:
        """Whether we may read the page at an address."""
        return bool(self._rules.can_fetch(address, USER_AGENT))


def robots(visits: Visits, origin: str) -> Robots:
    """The rules of the site at ``origin``. Raises ``Unavailable`` (``robots_not_read``) where
    they cannot be had, and what ``Visits.get`` raises."""
    answer = visits.get(f"{origin}/robots.txt")
    if answer.status == 200:
        return Robots(answer.body[:BYTES].decode("utf-8", "replace"))
    if 400 <= answer.status < 500 and answer.status != 429:
        return Robots("")
    raise Unavailable("robots_not_read", address=f"{origin}/robots.txt", status=answer.status)


def rules_of_page(headers: Mapping[str, str], written: str) -> frozenset[str]:
    """What a page asks by its header X-Robots-Tag and in itself: of "noindex", "nofollow"."""
    found = {word.strip() for word in written.lower().split(",")}
    meant = True
    for rule in headers.get("x-robots-tag", "").lower().split(","):
        name, colon, rest = rule.partition(":")
        if colon and name.strip() not in ("unavailable_after", "max-snippet"):
            meant = name.strip() in (USER_AGENT.lower(), "*", "robots")
        if meant:
            found.add((rest if colon else rule).strip())
    if "none" in found:
        return frozenset(("noindex", "nofollow"))
    return frozenset(found & {"noindex", "nofollow"})
