"""Which addresses of a site are its pages, and which of them are one and the same page.

A page has as many addresses as there are ways to link to it; its key is what they have in
common: no fragment, no session, nothing that only counts visitors, parameters in order.
"""

import mimetypes
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from appliance import net
from appliance.errors import BadRequest
from appliance.jobs import globs

LONGEST = 2_000
QUERIES = 100  # of one path, at least: a calendar has a page for every month to come
_COUNTED = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|_ga|_gl")
_SESSION = re.compile(r"phpsessid|jsessionid|aspsessionid\w*|cftoken|sess(ion)?_?id", re.I)
_TOKEN = re.compile(r"(?=.*\d)[0-9a-z]{20,}", re.I)  # what "sid" is when it is no section's number
_SESSION_STEP = re.compile(r";(jsessionid|phpsessid|sid)=[^/;?]*", re.I)
_UNREAD = ("image/", "audio/", "video/", "font/", "application/font", "application/javascript")
_UNREAD_TYPES = {
    *("text/css", "text/javascript", "application/zip", "application/x-tar"),
    *("application/x-gzip", "application/wasm", "application/x-msdownload"),
}


class Bounds:
    """The bounds of one crawl: pages lie at or below ``prefix``, a ``net.prefix``, and are
    kept off ``exclude``; only those that ``include`` names are taken (globs on the path
    beneath the prefix). One path may have half of so many ``pages``: news have a number each,
    and a calendar must leave room for them."""

    def __init__(
        self, prefix: str, include: tuple[str, ...], exclude: tuple[str, ...], pages: int = 0
    ) -> None:
        self.prefix = prefix
        self.include = include
        self.exclude = exclude
        self.queries = max(QUERIES, pages // 2)
        self._queries: dict[str, set[str]] = {}

    def has(self, address: str) -> bool:
        """Whether an address may be asked for: it lies within, and is not known to be a
        picture, a style or a program."""
        guessed, packed = mimetypes.guess_type(urlsplit(address).path)
        kind = guessed or ""
        if packed or kind.startswith(_UNREAD) or kind in _UNREAD_TYPES:
            return False
        return net.is_below(address, self.prefix) and globs.takes(
            self._path(address), (), self.exclude
        )

    def takes(self, address: str) -> bool:
        """Whether the page at an address is one of those that were asked for."""
        return globs.takes(self._path(address), self.include, self.exclude)

    def is_one_of_too_many(self, address: str) -> bool:
        """Whether its path was met with more parameters than a page for people has."""
        path, _, query = address.partition("?")
        met = self._queries.setdefault(path, set())
        if query not in met and len(met) >= self.queries:
            return True
        met.add(query)
        return False

    def _path(self, address: str) -> str:
        path = unquote(urlsplit(address).path)
        return path.removeprefix(unquote(urlsplit(self.prefix).path)).strip("/")


def prefix_of(address: str) -> str:
    """What the pages of a site begin with whose first page is at ``address``: the folder of a
    file ("…/norms/index.html"), else the address itself. Raises ``BadRequest``."""
    parts = urlsplit(address)
    folder, _, last = parts.path.rpartition("/")
    path = folder if "." in last else parts.path
    return net.prefix(urlunsplit((parts.scheme, parts.netloc, path, "", "")))


def cleaned(link: str, base: str) -> str | None:
    """The address that a link on the page ``base`` leads to, as it is asked for; None for one
    that leads to no page (``mailto:``, what is too long, what cannot be read)."""
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        origin = net.origin(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, BadRequest):
        return None
    path = quote(_SESSION_STEP.sub("", parts.path), safe="/%:@!$&'()*+,;=~")
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if _matters(*pair)]
    address = f"{origin}{path or '/'}{'?' if kept else ''}{urlencode(kept)}"
    return address if len(address) <= LONGEST else None


def key_of(address: str) -> str:
    """What all the addresses of a page have in common; ``address`` is a ``cleaned`` one."""
    parts = urlsplit(address)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path.rstrip("/") or "/"
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _matters(parameter: str, value: str) -> bool:
    if _COUNTED.fullmatch(parameter.lower()) or _SESSION.fullmatch(parameter):
        return False
    return not (parameter.lower() in ("sid", "s") and _TOKEN.fullmatch(value))
