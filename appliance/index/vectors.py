"""Vector files: small, immutable, search-only pieces of a collection's meaning.

A file is a cache of the table ``vectors`` and is never trusted for more: it is
written beside, fsynced, renamed, its folder fsynced, and only then does a row speak
of it, with its SHA-256. It is verified before FAISS sees one byte, because a
damaged FAISS file is memory-unsafe; one that does not agree is refused as
``Damaged`` and made again. Identifiers are the chunks' numbers; a chunk with several
windows has its number several times.
"""

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Batches = Callable[[int], Iterator[tuple[Numbers, Vectors]]]  # of every n-th chunk

FLAT_MOST = 10_000  # exact up to here: 1.5 ms
SCALAR_MOST = 60_000  # 8 bits a number up to here (recall@10 0.98); inverted lists beyond
PROBES = 32
_PER_LIST = 40  # vectors that each list is learned from; FAISS wants 39
_OPEN_MOST = 128  # files kept open: memory must not grow with the number of collections


class Damaged(Exception):
    """A vector file is missing or is not what its row says; it has to be made again."""


def _faiss() -> Any:
    # One thread: searches run side by side already, and on macOS FAISS's OpenMP and
    # torch's abort the process when both start threads. To be set before the import.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import faiss  # 0.1 s and its own BLAS: not on the way to the first page

    faiss.omp_set_num_threads(1)
    return faiss


def write(path: Path, batches: Batches, *, dimensions: int, count: int) -> tuple[str, int]:
    """Build a file from batches of (numbers, rows of length 1); its SHA-256 and its vectors.

    ``count`` is about how many vectors come: it decides the kind of index. ``batches``
    is called with 1 for all of them, and before that, for an index that has to learn,
    with n for a sample of every n-th chunk. One batch at a time is held beside the index.
    When this returns, the file survives a power cut.
    """
    faiss = _faiss()
    index = faiss.IndexIDMap(_kind(faiss, dimensions, count))
    if not index.is_trained:
        sample = [vectors for _, vectors in batches(max(1, count // (_PER_LIST * _lists(count))))]
        index.train(np.ascontiguousarray(np.concatenate(sample), "float32"))
        del sample
    for numbers, vectors in batches(1):
        index.add_with_ids(np.ascontiguousarray(vectors, "float32"), numbers.astype(np.int64))
    # Written beside, then renamed: a reader sees the whole file or none.
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    faiss.write_index(index, str(fresh))
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())
    digest = checksum(fresh)
    fresh.replace(path)
    _fsync_folder(path.parent)
    return digest, int(index.ntotal)


def _kind(faiss: Any, dimensions: int, count: int) -> Any:
    inner = faiss.METRIC_INNER_PRODUCT
    if count <= FLAT_MOST:
        return faiss.IndexFlatIP(dimensions)
    if count <= SCALAR_MOST:
        return faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, inner)
    return faiss.index_factory(dimensions, f"IVF{_lists(count)},SQ8", inner)


def _lists(count: int) -> int:
    """How many inverted lists so many vectors get: a power of two near 2 √count."""
    return 1 << int(np.log2(2 * np.sqrt(count)))


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class VectorFile:
    """An open vector file. It can be searched and nothing else.

    It is mapped, not read, and adding to a mapped index aborts the process.
    """

    def __init__(self, path: Path, *, sha256: str, dimensions: int, count: int) -> None:
        """Raises ``Damaged`` when the file is not exactly what was published."""
        try:
            agrees = checksum(path) == sha256
        except OSError as fault:
            raise Damaged(f"{path.name}: {fault.strerror}") from fault
        if not agrees:
            raise Damaged(f"{path.name}: its checksum is not the one published")
        self._faiss = _faiss()
        try:
            self._index = self._faiss.read_index(str(path), self._faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as fault:
            # Another process merged it away since its checksum was read.
            raise Damaged(f"{path.name}: it is gone") from fault
        if (self._index.d, self._index.ntotal) != (dimensions, count):
            raise Damaged(f"{path.name}: {self._index.ntotal} vectors of {self._index.d}")
        # Without this the base is freed with the wrapper that downcast_index makes.
        base = self._faiss.downcast_index(self._index.index)
        self._inverted = isinstance(base, self._faiss.IndexIVF)

    def nearest(
        self, question: Vectors, most: int, *, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Numbers and cosines of the ``most`` nearest rows, best first; a number may repeat.

        ``question`` is one row of length 1; ``allowed`` limits the search to these numbers.
        """
        selector = None
        if allowed is not None:
            selector = self._faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
        parameters = (
            self._faiss.SearchParametersIVF(sel=selector, nprobe=PROBES)
            if self._inverted
            else self._faiss.SearchParameters(sel=selector)
        )
        row = np.ascontiguousarray(question.reshape(1, -1), "float32")
        most = min(most, int(self._index.ntotal))
        cosines, numbers = self._index.search(row, most, params=parameters)
        pairs = zip(numbers[0].tolist(), cosines[0].tolist(), strict=True)
        return [(number, cosine) for number, cosine in pairs if number >= 0]


class VectorFiles:
    """The open vector files of a folder, the least recently searched closed first."""

    def __init__(self, folder: Path, *, most: int = _OPEN_MOST) -> None:
        self.folder = folder
        self._most = most
        self._open: OrderedDict[str, VectorFile] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, name: str) -> Path:
        """Where the file of this name lies."""
        return self.folder / f"{name}.faiss"

    def open(self, name: str, *, sha256: str, dimensions: int, count: int) -> VectorFile:
        """The file of this name, opened once. Raises ``Damaged``."""
        with self._lock:
            if (found := self._open.get(name)) is None:
                found = VectorFile(
                    self.path(name), sha256=sha256, dimensions=dimensions, count=count
                )
                self._open[name] = found
            self._open.move_to_end(name)
            while len(self._open) > self._most:
                self._open.popitem(last=False)
            return found

    def remove(self, names: Iterable[str]) -> None:
        """Delete files that no row speaks of any more.

        A process that still has one mapped goes on reading it: the name goes, not the file.
        """
        with self._lock:
            for name in names:
                self._open.pop(name, None)
                self.path(name).unlink(missing_ok=True)

    def sweep(self, wanted: set[str], *, older_than: float = 3600.0) -> list[str]:
        """Delete what a crash left behind: files that no row speaks of; their names.

        Younger ones (seconds) may be another process's, written and not yet published.
        """
        if not self.folder.exists():
            return []
        oldest = time.time() - older_than
        gone = [
            path
            for path in sorted(self.folder.iterdir())
            if path.suffix in {".faiss", ".fresh"}
            and path.stem not in wanted
            and path.stat().st_mtime <= oldest
        ]
        for path in gone:
            path.unlink(missing_ok=True)
        return [path.stem for path in gone]
