"""What a source holds now, thing by thing: the contract between the sync and whoever looks.

A listing never says that something is gone. It gives an ``Entry`` for each thing that is
there and a ``Gap`` for each that could not be looked at; what is in neither is missed, and
what is to follow from that the sync decides.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, Protocol

from appliance.errors import BadRequest, Refusal
from appliance.records import Problem, Record
from appliance.sources import Source, SourceKind


class FetchedFile(Record, frozen=True):
    """A thing's content, written whole to the path that was asked for.

    ``sha256`` in hexadecimal. ``file_name`` ends as its kind of file does; ``title`` is
    for people, empty: made from the file's name. ``changed`` is the entry's mark as it was
    while the content was read, where the fetch knows it better than the listing did.
    """

    file_name: str
    bytes: int
    sha256: str
    title: str = ""
    changed: str | None = None


class Entry(Record, frozen=True):
    """One thing that is there: a file, a page.

    ``key`` names it within its source for ever (a path, an address) and is valid UTF-8;
    ``name`` is for people. ``changed`` moves when its content may have (an etag, the time
    of its last change): a thing whose ``changed`` and ``bytes`` are as they were is not
    fetched. None always fetches. ``fetch(path)`` writes the content to a new file at
    ``path``; it may be called twice or never, until the listing is closed. It raises
    ``Refusal`` or ``OSError``.
    """

    key: str
    name: str
    fetch: Callable[[Path], FetchedFile]
    media_type: str | None = None
    bytes: int | None = None
    changed: str | None = None


class Gap(Record, frozen=True):
    """Something that could not be looked at: what was known of it stays as it is.

    It covers ``key`` itself and all that begins with ``key + "/"``; "" covers everything.
    ``problem`` says why, as a sentence's code and facts. Of the kinds, "unseen" is an error;
    "busy" is none (a file that is still being written), and is left for the next run; "gone"
    was asked for and is not there (404, 410): it counts as an error where errors are
    counted, but ``key`` itself is missed like what no listing named, whatever other gap it
    lies in.
    """

    key: str
    problem: Problem
    kind: Literal["unseen", "busy", "gone"] = "unseen"


class Known(Record, frozen=True):
    """What the last run knew of a key; ``changed`` may be sent along as ``If-None-Match``."""

    changed: str | None
    sha256: str | None


class Missing(Refusal):
    """The whole source is not where it was: the run is held, and nothing is removed.

    A source that is only out of reach for now (a server that does not answer) raises
    ``Unavailable`` instead, and is tried again.
    """


class Look(Protocol):
    """Looks at a source of one kind. ``folders.Folders.look`` is one."""

    def __call__(
        self,
        source: Source,
        *,
        known: Callable[[str], Known | None],
        check: Callable[[], None],
        scratch: Path,
    ) -> Iterable[Entry | Gap]:
        """The source's things as they are found; a generator, closed when it is not needed.

        ``known`` tells what is known of a key. ``check`` is called often, and raises when
        the run has to end. ``scratch`` is an empty folder that is removed afterwards.
        Raises ``Missing``, ``Unavailable``, ``NotAllowed`` and other refusals for the
        source as a whole.
        """
        ...


class Way(Record, frozen=True):
    """How sources of one kind are reached; ``app.build`` names one for each kind.

    ``allowed`` gives an address as it is kept, if a source may be there: asked when somebody
    adds a source, never instead of asking again when it is looked at. It raises
    ``BadRequest`` and ``NotAllowed``. ``people``: who may look after such sources.
    """

    allowed: Callable[[str], str]
    look: Look
    people: Literal["editors", "administrators"] = "editors"


Ways = Mapping[SourceKind, Way]


def way_to(ways: Ways, kind: SourceKind) -> Way:
    """How sources of a kind are reached here. Raises ``BadRequest`` (``source_kind_unknown``)."""
    if kind not in ways:
        raise BadRequest("source_kind_unknown")
    return ways[kind]


def problem_of(fault: OSError | Refusal) -> Problem:
    """Why a thing could not be looked at or fetched."""
    if isinstance(fault, Refusal):
        return fault.problem
    if isinstance(fault, PermissionError):
        return Problem(code="source_no_permission")
    if isinstance(fault, FileNotFoundError):
        return Problem(code="source_file_went")
    return Problem(code="source_not_read", facts={"reason": fault.strerror or str(fault)})
