"""Pages of the web as a crawl gets them: asked for, kept in its folder, looked into.

What they are and where they lead is told by the confined child; what is to follow from that,
by ``walk``.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from appliance.errors import BadRequest, NotAllowed, NotFound, TooLarge, Unavailable, Unreadable
from appliance.index.reading import kinds, leads
from appliance.index.reading.kinds import Kind
from appliance.index.reading.wire import Leads
from appliance.jobs import bounds
from appliance.jobs.listing import FetchedFile
from appliance.jobs.recall import Recall, Seen
from appliance.jobs.robots import rules_of_page
from appliance.jobs.visits import NotAnswering, Visits
from appliance.net import Answer
from appliance.records import Record

GONE = (404, 410)
_PAGES = ("text/html", "application/xhtml+xml")
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "text/plain")
_NOT_DOCUMENTS = (kinds.XML, kinds.JSON)  # feeds, and what programs tell each other

LookInto = Callable[[Path, Kind], Leads]


class Found(Record, frozen=True):
    """A page that was got: what it is, where it really is (a cleaned address), its content
    (None: not sent again, because it is as it was) and a way to have that as a file."""

    seen: Seen
    address: str
    file_name: str
    fetch: Callable[[Path], FetchedFile]


class Pages:
    """Gets pages and sitemaps by ``visits``. ``folder`` holds what came, ``look_into`` says
    where it leads. ``asked`` and ``bytes`` count the pages."""

    def __init__(self, visits: Visits, recall: Recall, folder: Path, look_into: LookInto) -> None:
        self.visits = visits
        self.recall = recall
        self.folder = folder
        self.look_into = look_into
        self.asked = 0
        self.bytes = 0

    def get(self, address: str, *, unless: Seen | None) -> Found | None:
        """The page at an address; None for what is not read from the web. ``unless`` is the
        page as it was, where it need not be sent again.

        Raises ``NotFound`` (``site_page_gone``), ``Unavailable`` (``site_page_refused``) for
        any other status, ``Unreadable`` where the page cannot be parsed, and what
        ``Visits.get`` raises.
        """
        self.asked += 1
        answer = self.visits.get(
            address,
            headers=unless.condition if unless else {},
            wanted=lambda status, headers: status == 200 and bool(kind_of(headers, address)),
        )
        self.bytes += len(answer.body)
        if answer.status == 304 and unless:
            return self._found(unless, answer, None)
        _check(answer, address)
        kind = kind_of(answer.headers, address)
        if kind is None:
            return None
        place = self._stored(answer)
        return self._found(self._seen(answer, kind, place), answer, place)

    def sitemap(self, address: str) -> Leads:
        """Where a sitemap leads, or led the last time where it cannot be had now; to nowhere
        if there is none."""
        try:
            answer = self.visits.get(address)
            _check(answer, address)
            found = self.look_into(self._stored(answer), kinds.XML)
        except NotAnswering:
            raise
        except (BadRequest, NotAllowed, NotFound):  # it lies beyond the prefix, or nowhere
            return Leads()
        except (TooLarge, Unavailable, Unreadable):
            before = self.recall.again(address)
            return before.leads if before else Leads()
        self.recall.now[address] = Seen(
            etag="", modified="", media_type="", changed="", leads=found
        )
        return found

    def _found(self, seen: Seen, answer: Answer, place: Path | None) -> Found:
        here = bounds.cleaned(answer.address, answer.address) or answer.address
        file_name = file_name_of(here, kinds.by_media_type(seen.media_type))
        return Found(
            seen=seen,
            address=here,
            file_name=file_name,
            fetch=partial(self._fetch, place, here, file_name, seen.leads.title),
        )

    def _seen(self, answer: Answer, kind: Kind, place: Path) -> Seen:
        found = Leads()
        if kind == kinds.HTML:
            found = self.look_into(place, kind)
            if there := leads.refresh(answer.headers.get("refresh", "")):
                found = msgspec.structs.replace(found, links=(*found.links, there))
        return Seen(
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            media_type=kind.media_type,
            changed=found.words or hashlib.sha256(answer.body).hexdigest(),
            leads=found,
            rules=rules_of_page(answer.headers, found.robots),
        )

    def _stored(self, answer: Answer) -> Path:
        place = self.folder / hashlib.sha256(answer.address.encode()).hexdigest()
        place.write_bytes(answer.body)
        return place

    def _fetch(
        self, place: Path | None, address: str, file_name: str, title: str, path: Path
    ) -> FetchedFile:
        """Write a page's content to ``path``; what was not sent again is asked for now."""
        if place is None:
            answer = self.visits.get(address)
            _check(answer, address)
            place = self._stored(answer)
        shutil.copyfile(place, path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        return FetchedFile(file_name=file_name, bytes=size, sha256=digest, title=title)


def kind_of(headers: Mapping[str, str], address: str) -> Kind | None:
    """What an answer is, by what its server says and, where that says little, its name; None
    for what is not read from the web (pictures, feeds)."""
    told = headers.get("content-type", "").partition(";")[0].strip().lower()
    if told in _PAGES:
        return kinds.HTML
    found = {kind.media_type: kind for kind in kinds.KINDS}.get(told)
    if told in _UNSAID:
        suffix = PurePosixPath(urlsplit(address).path).suffix.lower()
        found = kinds.SUFFIXES.get(suffix) or found
    if found is None or found in _NOT_DOCUMENTS:
        return None
    return found if found == kinds.PDF or not found.pictured else None


def file_name_of(address: str, kind: Kind) -> str:
    """The name of the file that an address becomes; it ends as its kind does."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    name = "".join(letter for letter in last if letter.isprintable() and letter not in "\\/:")
    name = name[-120:].strip(". ") or parts.hostname or "page"
    if kinds.SUFFIXES.get(PurePosixPath(name).suffix.lower()) == kind:
        return name
    return name + next(suffix for suffix, other in kinds.SUFFIXES.items() if other == kind)


def _check(answer: Answer, address: str) -> None:
    if answer.status in GONE:
        raise NotFound("site_page_gone", address=address)
    if answer.status != 200:
        raise Unavailable("site_page_refused", address=address, status=answer.status)
