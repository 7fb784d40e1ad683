"""Vector files: written for one document, merged in the background.

The tables are the truth; the files are made from them. Three promises. ``publish``
costs one document, however many there are. After ``merge`` a collection has fewer than
``FANOUT`` files of each size class, so a vector is written again about as often as its
collection has grown eightfold. And wherever one of them is cut short, the files that
count are whole: one that no row speaks of is swept, and running it again goes on.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from appliance.chunks import Chunks
from appliance.database import Database
from appliance.index.vectors import Numbers, VectorFiles, Vectors, write
from appliance.records import new_id
from appliance.segments import Root, Segments

FANOUT = 8
LIVE_LEAST = 0.7  # a file with more dead in it is written again
AT_ONCE = 4000  # chunks of one new file: its transaction changes as many rows, in 0.1 s
WRITTEN_HERE = 20_000  # vectors of a lost file that ``refresh`` writes again, in about 0.2 s

Progress = Callable[[int, int], None]  # vectors written, of so many
Step = Callable[[str], None]


def unwatched(*_: object) -> None:
    """For those who do not ask how far it is."""


class Publisher:
    """Makes the vector files of one data folder, each for one embedder's stamp."""

    def __init__(self, database: Database, files: VectorFiles) -> None:
        self.database = database
        self.chunks = Chunks(database)
        self.segments = Segments(database)
        self.files = files

    def publish(self, document: str, stamp: str) -> None:
        """Put a document's new vectors into a file of their own."""
        row = self.database.row(
            "select collection from documents where id = :document", {"document": document}
        )
        if row is not None:
            numbers = self.chunks.unpublished(stamp, document=document)
            self._publish(str(row["collection"]), stamp, numbers)

    def refresh(self, collection: str, stamp: str) -> None:
        """Put all vectors that are in no file into files, and write small lost ones again."""
        self._publish(collection, stamp, self.chunks.unpublished(stamp, collection=collection))
        for root in self.segments.roots(stamp, collection):
            if not root.believed and root.count <= WRITTEN_HERE:
                self._merge([root], unwatched, unwatched)

    def mergeable(self, stamp: str) -> list[str]:
        """The collections that ``merge`` has something to do for; costs a row a file."""
        by_collection: dict[str, list[Root]] = {}
        for root in self.segments.roots(stamp):
            by_collection.setdefault(root.collection, []).append(root)
        return [name for name, roots in by_collection.items() if _crowded(roots)]

    def worn(self, stamp: str) -> list[str]:
        """The collections with a file that is mostly dead; counts every chunk in an index."""
        return sorted({root.collection for root in self.segments.roots(stamp) if self._worn(root)})

    def merge(
        self,
        collection: str,
        stamp: str,
        *,
        on_progress: Progress = unwatched,
        on_step: Step = unwatched,
    ) -> None:
        """Merge a collection's files until they are few, whole and alive.

        ``on_progress`` may raise to end it early; what was merged until then counts.
        ``on_step`` hears of each thing that a crash would leave behind.
        """
        while together := self._together(collection, stamp):
            self._merge(together, on_progress, on_step)

    def rewrite(self, collection: str, stamp: str) -> None:
        """Make one file of all, so that nothing deleted is left in any."""
        self.refresh(collection, stamp)
        if roots := self.segments.roots(stamp, collection):
            self._merge(roots, unwatched, unwatched)

    def stale(self, stamp: str) -> list[str]:
        """The collections with a file that holds anything deleted; counts every chunk."""
        roots = self.segments.roots(stamp)
        return sorted(
            {root.collection for root in roots if self.segments.living(root.name) < root.chunks}
        )

    def sweep(self) -> list[str]:
        """Delete files that a crash left without a row; their names."""
        return self.files.sweep(self.chunks.segment_names())

    def _together(self, collection: str, stamp: str) -> list[Root]:
        roots = self.segments.roots(stamp, collection)
        return _crowded(roots) or next(([root] for root in roots if self._worn(root)), [])

    def _worn(self, root: Root) -> bool:
        return self.segments.living(root.name) < root.chunks * LIVE_LEAST

    def _publish(self, collection: str, stamp: str, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            if written := self._written(collection, stamp, part, 0, unwatched):
                self.segments.publish(*written, numbers=part)

    def _merge(self, roots: Sequence[Root], on_progress: Progress, on_step: Step) -> None:
        """One file in place of these; no row of a vector is changed."""
        names = [root.name for root in roots]
        numbers = sorted(number for name in names for number in self.chunks.live(name))
        about = sum(root.count for root in roots)
        written = self._written(roots[0].collection, roots[0].stamp, numbers, about, on_progress)
        on_step("merged file written")
        if written is None:
            self.chunks.withdraw(names)
        elif not self.segments.publish(*written, instead_of=names):
            self.files.remove([written[0].name])
            return
        on_step("merged file published")
        self.files.remove(names)
        for name in names if written is None else [written[0].name]:
            self.segments.prune(name)
        on_step("merged files removed")

    def _written(
        self, collection: str, stamp: str, numbers: Sequence[int], about: int, told: Progress
    ) -> tuple[Root, str] | None:
        """A file of the vectors of these chunks, which no row speaks of yet, with its
        SHA-256; None when none of them exists any more."""
        held = {"chunks": 0, "vectors": 0}

        def batches(every: int) -> Iterator[tuple[Numbers, Vectors]]:
            held.update(chunks=0, vectors=0)
            for group in self.chunks.embeddings(stamp, numbers[::every]):
                if not group:
                    continue
                told(held["vectors"], max(about, held["vectors"]))
                marks = [np.full(len(one.vectors), one.chunk) for one in group]
                held["chunks"] += len(group)
                held["vectors"] += sum(map(len, marks))
                yield np.concatenate(marks), np.concatenate([one.vectors for one in group])

        first = next(batches(1), None)
        if first is None:
            return None
        name, dimensions = new_id(), int(first[1].shape[1])
        about = about or len(numbers) * len(first[0]) // max(held["chunks"], 1)
        sha256, count = write(self.files.path(name), batches, dimensions=dimensions, count=about)
        root = Root(
            name=name,
            collection=collection,
            stamp=stamp,
            dimensions=dimensions,
            count=count,
            chunks=held["chunks"],
        )
        return root, sha256


def _crowded(roots: Sequence[Root]) -> list[Root]:
    """The files of one collection to make one of: a lost one, or so many of a size class."""
    classes: dict[int, list[Root]] = {}
    for root in roots:
        if not root.believed:
            return [root]
        classes.setdefault(int(math.log(max(root.count, 1), FANOUT)), []).append(root)
    for _, group in sorted(classes.items()):
        if len(group) >= FANOUT:
            return group
    return []
