"""One walk along the links of a site, breadth first: what is met, given, left out, and why.

A walk ends, at the budgets of pages, depth, bytes and time, and says which of them ended it.
What could not be looked at is unknown, not gone: where a page fails, the links that it had
the last time are followed, so that what lies behind it is still met.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from appliance import net
from appliance.errors import NotAllowed, NotFound, Refusal
from appliance.index.reading.wire import Leads
from appliance.jobs import bounds
from appliance.jobs.bounds import Bounds
from appliance.jobs.listing import Entry, Gap, Known, Missing
from appliance.jobs.pages import Found, Pages
from appliance.jobs.recall import Seen
from appliance.jobs.robots import Robots
from appliance.jobs.visits import NotAnswering
from appliance.records import Problem
from appliance.sources import Source

WALK_BYTES = 2_000_000_000
WALK_SECONDS = 3 * 3600.0
WAITING = 50_000  # addresses that are known and were not asked for yet
MAPS = 50  # sitemaps of one site
_OUTSIDE = ("site_not_approved", "bad_address")  # where a redirect led


class Walk:
    """A walk from ``start``. ``known`` tells what the library has of a key, ``clock`` counts
    seconds."""

    def __init__(
        self,
        source: Source,
        start: str,
        bounds: Bounds,
        robots: Robots,
        pages: Pages,
        *,
        known: Callable[[str], Known | None],
        clock: Callable[[], float],
    ) -> None:
        self.start = start
        self.bounds = bounds
        self.robots = robots
        self.pages = pages
        self.recall = pages.recall
        self.known = known
        self.clock = clock
        self.alone = source.kind == "page"  # somebody named exactly this one
        self.deepest = 0 if self.alone else source.options.depth
        self.most = 1 if self.alone else source.options.pages
        self.ends_at = clock() + WALK_SECONDS
        self.waiting: deque[tuple[str, int]] = deque()
        self.met: set[str] = set()  # keys that were asked for, or wait
        self.given: set[str] = set()  # keys of entries
        self.contents: set[str] = set()  # what the content of those is called
        self.copies: list[tuple[Entry, str]] = []  # pages that say they are another's copy
        self.limit: Problem | None = None  # the budget that was used up

    def run(self) -> Iterator[Entry | Gap]:
        """Entries and gaps as they are met; raises as ``crawl.Crawler.look``."""
        if not self.robots.allow(self.start):
            raise NotAllowed("robots_disallow", address=self.start)
        self._await(self.start, 0)
        if self.deepest:
            self._await_all(self._mapped(), 1)
        while self.waiting and not self._is_used_up():
            yield from self._visit(*self.waiting.popleft())
        for entry, content in self.copies:
            if content not in self.contents:  # of none that was met: themes say it of all
                self.contents.add(content)
                yield entry
        yield from self._ended()

    def _visit(self, address: str, depth: int) -> Iterator[Entry | Gap]:
        key = bounds.key_of(address)
        try:
            found = self.pages.get(address, unless=self._held(key))
        except NotAnswering:
            raise
        except Refusal as refusal:
            if address == self.start:
                raise self._at_start(refusal) from refusal
            yield self._failed(key, refusal, address, depth)
            return
        if found is None or not self._is_new(found, key):
            return
        self.recall.now[bounds.key_of(found.address)] = found.seen
        self._follow(found.address, found.seen, depth)
        yield from self._entry(found, depth)

    def _is_new(self, found: Found, asked: str) -> bool:
        """Whether a page is where it was asked for, or was sent on to one not met before."""
        key = bounds.key_of(found.address)
        if key == asked:
            return True
        if key in self.met or not self.bounds.has(found.address):
            return False
        self.met.add(key)
        return self.robots.allow(found.address)

    def _held(self, key: str) -> Seen | None:
        """The page as it was, if the library has it so and its server can tell versions."""
        before = self.recall.before.get(key)
        if before is None or not before.condition:
            return None
        known = self.known(self._key(key, before.leads))
        return before if known and known.changed == before.changed else None

    def _entry(self, found: Found, depth: int) -> Iterator[Entry]:
        """The page as an entry, unless it is none, or waits for the one it is a copy of."""
        here, seen = found.address, found.seen
        if not self.alone and ("noindex" in seen.rules or not self.bounds.takes(here)):
            return
        key = self._key(here, seen.leads)
        if key in self.given:
            return
        self.given.add(key)
        entry = Entry(
            key=key,
            name=seen.leads.title or found.file_name,
            media_type=seen.media_type,
            changed=seen.changed,
            fetch=found.fetch,
        )
        other = self._canonical(here, seen.leads)
        if other and not self.alone and bounds.key_of(other) != key and self.bounds.has(other):
            self._await(other, depth, first=True)
            self.copies.append((entry, seen.changed))
            return
        self.contents.add(seen.changed)
        yield entry

    def _key(self, here: str, found: Leads) -> str:
        """The key of a page: that of its canonical address where it differs in parameters."""
        other, key = self._canonical(here, found), bounds.key_of(here)
        same = other and bounds.key_of(other).partition("?")[0] == key.partition("?")[0]
        return bounds.key_of(other) if other and same else key

    def _canonical(self, here: str, found: Leads) -> str | None:
        if not found.canonical:
            return None
        other = bounds.cleaned(found.canonical, _base(here, found))
        return other if other and net.is_below(other, self.bounds.prefix) else None

    def _follow(self, here: str, seen: Seen, depth: int) -> None:
        if depth < self.deepest and "nofollow" not in seen.rules:
            base = _base(here, seen.leads)
            self._await_all((bounds.cleaned(link, base) for link in seen.leads.links), depth + 1)

    def _await_all(self, addresses: Iterable[str | None], depth: int) -> None:
        for address in addresses:
            if address and self.bounds.has(address):
                self._await(address, depth)

    def _await(self, address: str, depth: int, *, first: bool = False) -> None:
        """Ask for an address later, if it was not met yet and the site lets us."""
        key = bounds.key_of(address)
        if key in self.met or not self.robots.allow(address):
            return
        if self.bounds.is_one_of_too_many(key):
            path = key.partition("?")[0]
            self._limit("crawl_queries", address=path, queries=self.bounds.queries)
        elif len(self.waiting) >= WAITING:
            self._limit("crawl_links", links=WAITING)
        else:
            self.met.add(key)
            add = self.waiting.appendleft if first else self.waiting.append
            add((address, depth))

    def _mapped(self) -> Iterator[str | None]:
        """The addresses in the site's sitemaps, as far as those lie within reach."""
        maps = deque(self.robots.sitemaps or [f"{net.origin(self.start)}/sitemap.xml"])
        met: set[str] = set()
        while maps and len(met) < MAPS:
            address = bounds.cleaned(maps.popleft(), self.start)
            if address and address not in met:
                met.add(address)
                found = self.pages.sitemap(address)
                maps.extend(found.maps)
                yield from (bounds.cleaned(link, address) for link in found.links)

    def _failed(self, key: str, refusal: Refusal, address: str, depth: int) -> Gap:
        """The gap that a page leaves; what lay behind it is looked at all the same."""
        gap = self._gap(key, refusal)
        if gap.kind == "gone":
            self.recall.gone.add(key)
            return gap
        before = self.recall.again(key)
        if before:
            self._follow(address, before, depth)
        return gap

    def _at_start(self, refusal: Refusal) -> Refusal:
        """Why the whole source cannot be looked at."""
        if isinstance(refusal, NotFound):
            return Missing(refusal.code, **refusal.facts)
        if refusal.code in _OUTSIDE:
            there = refusal.facts.get("address", "")
            return NotAllowed("site_redirected", address=self.start, there=there)
        return refusal

    def _gap(self, key: str, refusal: Refusal) -> Gap:
        if isinstance(refusal, NotFound):
            return Gap(key=key, problem=refusal.problem, kind="gone")
        if refusal.code in _OUTSIDE:
            facts = {"address": key, "there": refusal.facts.get("address", "")}
            return Gap(key=key, problem=Problem(code="site_redirected", facts=facts))
        if refusal.code in ("answer_too_large", "host_too_slow"):
            # A budget like the others: no failure, and left out the next time as well.
            return Gap(key=key, problem=refusal.problem, kind="busy")
        return Gap(key=key, problem=refusal.problem)

    def _is_used_up(self) -> bool:
        """Whether a budget of the walk as a whole is."""
        if self.pages.asked >= self.most:
            self.limit = Problem(code="crawl_pages", facts={"pages": self.most})
        elif self.clock() > self.ends_at:
            hours = round(WALK_SECONDS / 3600)
            self.limit = Problem(code="crawl_time", facts={"hours": hours})
        elif self.pages.bytes > WALK_BYTES:
            megabytes = WALK_BYTES // 1_000_000
            self.limit = Problem(code="crawl_bytes", facts={"limit_mb": megabytes})
        else:
            return False
        return True

    def _limit(self, code: str, **facts: str | int) -> None:
        """Something is left out, and the walk goes on; a budget that ends it says more."""
        self.limit = self.limit or Problem(code=code, facts=facts)

    def _ended(self) -> Iterator[Gap]:
        """What this walk did not come to see, anywhere: budgets are no failures."""
        if not self.recall.was_there and not any(self.known(key) for key in self.given):
            self.recall.unknown.clear()  # the first time: the library has nothing of this site
        self.recall.keep(whole=self.limit is None)
        problem = self.limit or (Problem(code="crawl_blind") if self.recall.unknown else None)
        if problem:
            yield Gap(key="", problem=problem, kind="busy")


def _base(here: str, found: Leads) -> str:
    return (bounds.cleaned(found.base, here) if found.base else None) or here
