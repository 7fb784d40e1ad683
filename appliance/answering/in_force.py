"""The embedder that search uses, also while another one takes its place.

``InForce`` is an ``Embedder`` like any other: it embeds with whichever is in force when
a question comes, and its stamp is then that one's. New documents are embedded with
``all``: the one in force, and the one that is coming, so that it never falls behind.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.errors import Unavailable
from appliance.models import Embedder, Vectors

Named = Callable[[Known], Embedder | None]  # None: the catalogue does not have it (any more)
Kind = Literal["passage", "query"]


class Pinned:
    """One version of one embedder: vectors of another are refused, whatever answers."""

    def __init__(self, known: Known, embedder: Embedder) -> None:
        self.known = known
        self.stamp = known.stamp
        self.dimensions = known.dimensions
        self._embedder = embedder

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """As ``Embedder.embed``. Raises ``Unavailable`` (``embedder_changed``) too."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        rows = self._embedder.embed(texts, kind=kind)
        if self._embedder.stamp != self.stamp:
            raise Unavailable("embedder_changed", name=self.known.name)
        return rows


class InForce:
    """An ``Embedder`` over the table of embedders. Thread-safe.

    ``wanted`` is the one that the settings name; ``named`` finds the others.
    """

    def __init__(self, database: Database, wanted: Known, named: Named) -> None:
        self.embedders = Embedders(database)
        self.wanted = wanted
        self._named = named
        self._asked = threading.local()

    @property
    def known(self) -> Known:
        """The one in force now; the wanted one before there is any."""
        return self.embedders.in_force() or self.wanted

    @property
    def stamp(self) -> str:
        """The stamp in force. In a thread that embedded a question it stays that of the
        question until the next one, so that no search compares what must never meet."""
        asked: str | None = getattr(self._asked, "stamp", None)
        return asked or self.known.stamp

    @property
    def dimensions(self) -> int:
        """The length of a vector of the one in force."""
        return self.known.dimensions

    @property
    def usable(self) -> bool:
        """Whether questions can be embedded: the catalogue still has the one in force."""
        return self._named(self.known) is not None

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """With the one in force. Raises ``Unavailable``: ``embedder_gone`` when the
        catalogue does not have it any more, and what its own ``embed`` raises."""
        pinned = self._pinned(self.known)
        if pinned is None:
            raise Unavailable("embedder_gone", name=self.known.name, wanted=self.wanted.name)
        if kind == "query":
            self._asked.stamp = pinned.stamp
        return pinned.embed(texts, kind=kind)

    def all(self) -> list[Pinned]:
        """Those that a new document needs, the one in force first; each as it is now."""
        known = [self.known, *filter(None, [self.embedders.coming()])]
        return [pinned for one in known if (pinned := self._pinned(one)) is not None]

    def stamps(self) -> list[str]:
        """The stamp in force and the coming one: those whose vectors are looked after."""
        coming = self.embedders.coming()
        return [self.known.stamp, *([coming.stamp] if coming else [])]

    def coming(self) -> Pinned | None:
        """The one that is to take the place of the one in force."""
        known = self.embedders.coming()
        return self._pinned(known) if known else None

    def _pinned(self, known: Known) -> Pinned | None:
        embedder = self._named(known)
        return Pinned(known, embedder) if embedder is not None else None
