"""Where a page of the web leads, and a sitemap: what the crawler asks for next.

Runs in the confined child: pages and sitemaps are as untrusted as any document.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from appliance.errors import Unreadable
from appliance.index.reading import html, titles
from appliance.index.reading.sheet import contents
from appliance.index.reading.wire import Leads

LINKS = 5_000  # of one page; more is no page for people
MAP_LINKS = 50_000  # what the protocol of sitemaps allows in one, as the next line
MAP_BYTES = 50 * 2**20
LINK_LENGTH = 2_000
_GZIP = b"\x1f\x8b"
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?(.+?)[\"']?\s*$", re.I)


def of(file: BinaryIO, name: str, *, is_map: bool) -> Leads:
    """The leads of a page, or of a sitemap.

    Raises ``Unreadable``: too_long, type_mismatch (no text), and for a sitemap damaged and
    dangerous_content (it declares entities).
    """
    return _of_map(file.read(MAP_BYTES + 1), name) if is_map else _of_page(file, name)


def refresh(told: str) -> str:
    """The address in a "5; url=/there" of a page or a header, or ""."""
    found = _REFRESH.match(told[:LINK_LENGTH])
    return found.group(1) if found else ""


def _of_page(file: BinaryIO, name: str) -> Leads:
    tree = html.parsed(contents(file, name), name)
    title = titles.title(tree)
    text = html.written(tree, name, title).text
    return Leads(
        links=_each_once(_links(tree), LINKS),
        base=_attribute(tree.css_first("base[href]"), "href"),
        canonical=_attribute(tree.css_first("link[rel=canonical][href]"), "href"),
        robots=",".join(
            _attribute(rule, "content").lower()
            for rule in tree.css("meta[name=robots i], meta[name=balcao i]")
        ),
        title=title,
        words=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _links(tree: Any) -> Iterator[str]:
    for node in tree.css("a[href], area[href], frame[src], iframe[src], meta[http-equiv]"):
        if node.tag == "meta":
            if _attribute(node, "http-equiv").lower() == "refresh":
                yield refresh(_attribute(node, "content"))
        elif "nofollow" not in _attribute(node, "rel").lower().split():
            yield _attribute(node, "href" if node.tag in ("a", "area") else "src")


def _attribute(node: Any, name: str) -> str:
    return ((node.attributes.get(name) or "") if node is not None else "").strip()


def _each_once(links: Iterator[str], most: int) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for link in links:
        if link and len(link) <= LINK_LENGTH and not link.startswith("#"):
            kept[link] = None
            if len(kept) == most:
                break
    return tuple(kept)


def _of_map(data: bytes, name: str) -> Leads:
    if data.startswith(_GZIP):
        try:
            # A kilobyte can become a gigabyte: what is longer than allowed is not unpacked.
            data = zlib.decompressobj(31).decompress(data, MAP_BYTES + 1)
        except zlib.error as fault:
            raise Unreadable("damaged", name=name) from fault
    if len(data) > MAP_BYTES:
        raise Unreadable("too_long", name=name, limit=MAP_BYTES)
    places = _Places(name)
    try:
        places.parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise Unreadable("damaged", name=name) from fault
    return Leads(
        links=_each_once(iter(places.found["url"]), MAP_LINKS),
        maps=_each_once(iter(places.found["sitemap"]), LINKS),
    )


class _Places:
    """The <loc> of each <url> and <sitemap>; those of pictures are in elements of their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: dict[str, list[str]] = {"url": [], "sitemap": []}
        self._around: list[str] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add

    def _refuse(self, *_: object) -> None:
        raise Unreadable("dangerous_content", name=self.name, reason="DOCTYPE")

    def _begin(self, tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "loc" and self._around and self._around[-1] in self.found:
            self._text = []
        self._around.append(tag.rpartition(":")[2])

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, _: str) -> None:
        self._around.pop()
        if self._text is not None:
            self.found[self._around[-1]].append("".join(self._text).strip())
            self._text = None
