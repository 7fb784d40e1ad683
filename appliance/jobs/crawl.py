"""Web pages and sites as sources: who may be visited, and by which rules.

Promises. No request leaves the prefixes that the administrator approved (``source_sites``),
nor the source's own, whatever a page, a redirect or a name server says (``net``). What the
site asks is done: robots.txt, noindex, nofollow, its pauses. The walk itself is ``walk``.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from appliance import net, outgoing, sources
from appliance.database import Database
from appliance.errors import BadRequest, NotAllowed, TooLarge
from appliance.index.reading import child
from appliance.index.reading.kinds import Kind
from appliance.index.reading.wire import Leads
from appliance.jobs import bounds
from appliance.jobs.bounds import Bounds
from appliance.jobs.listing import Entry, Gap, Known, Way
from appliance.jobs.pages import LookInto, Pages
from appliance.jobs.recall import Recall
from appliance.jobs.robots import Robots, robots
from appliance.jobs.visits import Visits
from appliance.jobs.walk import Walk
from appliance.net import Gate
from appliance.settings import Settings
from appliance.sources import Source

PURPOSE = "crawl"
PAGE_BYTES = 20_000_000
LOOK_SECONDS = 30  # at one page, to see where it leads


def way(settings: Settings, database: Database) -> Way:
    """How pages and sites are reached, by whoever may edit a collection: where they may be,
    the administrator said."""
    crawler = Crawler(settings, database)
    return Way(allowed=crawler.allowed, look=crawler.look)


class Crawler:
    """Looks at pages and sites; its ``look`` is a ``listing.Look``. ``pause`` waits some
    seconds, ``clock`` counts them, ``look_into`` stands in for the confined child."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        look_into: LookInto | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.pause = pause
        self.clock = clock
        self.look_into = look_into or self._in_a_child

    def allowed(self, address: str) -> str:
        """The address as it is kept, if a source may be there. Raises ``BadRequest``
        (``bad_address``), ``NotAllowed`` (``site_not_approved``, ``site_address``)."""
        self._gate(net.prefixes(self.settings.source_sites)).check(address)
        return bounds.cleaned(address, address) or address

    def look(
        self,
        source: Source,
        *,
        known: Callable[[str], Known | None],
        check: Callable[[], None],
        scratch: Path,
    ) -> Iterator[Entry | Gap]:
        """The pages and files of the source, the first page first.

        Raises ``Missing`` (``site_page_gone``) where its first page is not there any more,
        ``Unavailable`` where that cannot be had or the site stops answering, ``NotAllowed``
        (as ``allowed``; ``site_redirected``, ``robots_disallow``), and what ``check`` raises.
        """
        start = self.allowed(source.address)
        prefix = self._prefix(source, start)
        origin = net.origin(start)
        within = {prefix, f"{origin}/robots.txt", f"{origin}/sitemap.xml"}
        visits = Visits(
            self._gate(frozenset(within)), check=check, pause=self.pause, clock=self.clock
        )
        rules = _robots(visits, origin)
        visits.delay = max(visits.delay, rules.delay)
        recall = Recall(self.settings.data / "crawls", source.id)
        recall.forget_others(lambda other: sources.find(self.database, other) is not None)
        walk = Walk(
            source,
            start,
            Bounds(prefix, source.options.include, source.options.exclude, source.options.pages),
            rules,
            Pages(visits, recall, scratch, self.look_into),
            known=known,
            clock=self.clock,
        )
        yield from walk.run()

    def _prefix(self, source: Source, start: str) -> str:
        """What a walk keeps to: a site's own prefix; for a page, the approved one it is in."""
        approved = net.prefixes(self.settings.source_sites)
        widest = max((one for one in approved if net.is_below(start, one)), key=len)
        own = bounds.prefix_of(start) if source.kind == "site" else widest
        return own if net.is_below(own, widest) else widest

    def _gate(self, sites: frozenset[str]) -> Gate:
        return Gate(
            purpose=PURPOSE,
            sites=sites,
            limit=PAGE_BYTES,
            record=lambda origin, purpose: outgoing.record(self.database, origin, purpose),
            refuse=lambda origin, purpose: outgoing.refuse(self.database, origin, purpose),
        )

    def _in_a_child(self, path: Path, kind: Kind) -> Leads:
        return child.leads(
            path,
            kind,
            name=path.name,
            memory_mb=self.settings.reader_memory_mb,
            seconds=min(self.settings.reader_seconds, LOOK_SECONDS),
        )


def _robots(visits: Visits, origin: str) -> Robots:
    try:
        return robots(visits, origin)
    except (BadRequest, NotAllowed, TooLarge) as refusal:
        if refusal.code == "site_address":
            raise
        return Robots("")  # it leads somewhere else, or is something else
