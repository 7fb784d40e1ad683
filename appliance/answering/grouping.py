"""Questions without a good answer, sorted into groups by meaning.

Each question is compared with the first question of a few groups and joins the likest, or
founds one. Which few: those that share two words with it, or a part of space (random
hyperplanes, Charikar, "Similarity estimation techniques from rounding algorithms", 2002: two
vectors fall on the same side with a chance of 1 − angle/π). So a question costs the same
whether there are ten groups or ten thousand, the same questions make the same groups in the
same order, and nothing is ever sorted twice.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import cast

import numpy as np
import numpy.typing as npt

from appliance import gaps
from appliance.answering import alike
from appliance.answering.finding import Finder
from appliance.database import Database, Writer
from appliance.errors import Unavailable
from appliance.gaps import Leader, Unsorted
from appliance.records import Language

LIKE = 0.75  # likeness of questions of one group: benchmarks/gaps.py
AT_ONCE = 100  # questions that are embedded together
TOGETHER = 10  # of them that are written together: 20 ms in which nobody else writes
_STEMS = 5  # of a question that make keys
_BANDS = 8
_BITS = 12  # hyperplanes of a band
_SEED = 20261126
_LEAST_COSINE = 2 * LIKE - 1  # below it not even all words together are enough

Vector = npt.NDArray[np.float32]


class Grouping:
    """Sorts what is unsorted; ``look`` is called by the worker's rounds and by whoever wants
    to see the groups as they are now."""

    def __init__(self, database: Database, finder: Finder) -> None:
        self.database = database
        self.finder = finder

    def look(self, most: int = AT_ONCE) -> int:
        """Sort up to ``most`` questions; how many there were. Without the embedder by words."""
        with self.database.write(fleeting=True) as db:
            gaps.release(db)
        self._lead_again(most)
        found = gaps.unsorted(self.database, most)
        vectors, stamp = self._embedded([one.question for one in found])
        pairs = list(zip(found, vectors, strict=True))
        for start in range(0, len(pairs), TOGETHER):
            with self.database.write(fleeting=True) as db:
                for one, vector in pairs[start : start + TOGETHER]:
                    self._sort(db, one, vector, stamp)
        return len(found)

    def _sort(self, db: Writer, one: Unsorted, vector: Vector | None, stamp: str | None) -> None:
        language = cast(Language, one.language)
        wording = alike.wording(one.question, language)
        keys = _keys(wording, vector, stamp)
        best: tuple[float, str] | None = None
        for leader in gaps.near(self.database, one.assistant, keys):
            cosine = _cosine(leader, vector, stamp)
            if cosine is not None and cosine < _LEAST_COSINE:
                continue
            likeness = alike.likeness(_wording(leader.question, language), wording, cosine)
            if likeness >= LIKE and (best is None or likeness > best[0]):
                best = (likeness, leader.gap)
        gaps.put(
            db,
            one,
            best[1] if best else None,
            keys=keys,
            stamp=stamp if vector is not None else None,
            vector=vector.tobytes() if vector is not None else None,
        )

    def _lead_again(self, most: int) -> None:
        """Give groups whose first question was erased another one."""
        for gap, one, kept in gaps.leaderless(self.database, most):
            wording = alike.wording(one.question, cast(Language, one.language))
            vector = np.frombuffer(kept["vector"], np.float32) if kept["vector"] else None
            with self.database.write(fleeting=True) as db:
                gaps.lead(db, gap, one, _keys(wording, vector, kept["stamp"]))

    def _embedded(self, texts: Sequence[str]) -> tuple[list[Vector | None], str | None]:
        embedder = self.finder.embedder
        if embedder is None or not texts:
            return [None] * len(texts), None
        try:
            rows = embedder.embed(texts, kind="query")
        except Unavailable:
            return [None] * len(texts), None
        return [row.astype(np.float32) for row in rows], embedder.stamp


def _keys(wording: alike.Wording, vector: Vector | None, stamp: str | None) -> list[str]:
    """By what a question finds groups: pairs of its words, or its one word, and its places
    in the space of its embedder."""
    stems = sorted(set(wording.stems[:_STEMS])) or [wording.plain]
    words = [f"{a} {b}" for a, b in combinations(stems, 2)] if len(stems) > 1 else stems
    if vector is None:
        return words
    sides = _planes(len(vector)) @ vector > 0
    places = sides.reshape(_BANDS, _BITS) @ (1 << np.arange(_BITS))
    return words + [f"{stamp}:{band}:{place:x}" for band, place in enumerate(places.tolist())]


@cache
def _planes(dimensions: int) -> npt.NDArray[np.float32]:
    drawn = np.random.default_rng(_SEED).standard_normal((_BANDS * _BITS, dimensions))
    return drawn.astype(np.float32)


def _cosine(leader: Leader, vector: Vector | None, stamp: str | None) -> float | None:
    """Of vectors of one embedder; None where there are none."""
    if vector is None or leader.vector is None or leader.stamp != stamp:
        return None
    return float(np.frombuffer(leader.vector, np.float32) @ vector)


@lru_cache(maxsize=8192)
def _wording(text: str, language: Language) -> alike.Wording:
    return alike.wording(text, language)
