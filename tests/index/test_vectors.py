"""Vector files: exact where small, refused when damaged, never believed without a row."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from appliance.index import vectors
from appliance.index.vectors import Batches, Damaged, VectorFile, VectorFiles, write

FIRST = 10**12  # numbers are 64-bit


def rows(count: int, dimensions: int = 16, seed: int = 7) -> npt.NDArray[np.float32]:
    made = np.random.default_rng(seed).standard_normal((count, dimensions)).astype("float32")
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def batches(made: npt.NDArray[np.float32], size: int = 500) -> Batches:
    numbers = np.arange(FIRST, FIRST + len(made), dtype=np.int64)

    def parts(every: int) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
        for start in range(0, len(made), size * every):
            some = slice(start, start + size * every, every)
            yield numbers[some], made[some]

    return parts


def opened(path: Path, made: npt.NDArray[np.float32]) -> VectorFile:
    sha256, count = write(path, batches(made), dimensions=made.shape[1], count=len(made))
    return VectorFile(path, sha256=sha256, dimensions=made.shape[1], count=count)


def test_the_nearest_row_comes_first_with_its_cosine(tmp_path: Path) -> None:
    made = rows(40)

    (best, *_) = opened(tmp_path / "a.faiss", made).nearest(made[7], 3)

    assert best == (FIRST + 7, pytest.approx(1.0))


def test_a_search_gives_no_more_than_there_is(tmp_path: Path) -> None:
    made = rows(3)

    assert len(opened(tmp_path / "a.faiss", made).nearest(made[0], 50)) == 3


def test_only_allowed_numbers_are_found(tmp_path: Path) -> None:
    made = rows(40)

    near = opened(tmp_path / "a.faiss", made).nearest(made[7], 40, allowed=[FIRST + 1, FIRST + 2])

    assert {number for number, _ in near} == {FIRST + 1, FIRST + 2}


@pytest.mark.parametrize(("flat", "scalar"), [(100, 10_000), (100, 200)])
def test_larger_files_find_nearly_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flat: int, scalar: int
) -> None:
    monkeypatch.setattr(vectors, "FLAT_MOST", flat)
    monkeypatch.setattr(vectors, "SCALAR_MOST", scalar)
    made = rows(4000)
    file = opened(tmp_path / "a.faiss", made)

    firsts = [file.nearest(made[row], 1)[0][0] for row in range(100)]
    allowed = file.nearest(made[5], 10, allowed=[FIRST + 9])

    assert sum(number == FIRST + row for row, number in enumerate(firsts)) >= 95
    assert [number for number, _ in allowed] in ([FIRST + 9], [])


@pytest.mark.guarantee("REL-06")
@pytest.mark.parametrize("harm", ["truncated", "flipped", "empty", "gone", "another"])
def test_a_file_that_is_not_what_was_published_is_refused(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "a.faiss"
    sha256, count = write(path, batches(rows(40)), dimensions=16, count=40)
    data = bytearray(path.read_bytes())
    if harm == "truncated":
        path.write_bytes(data[:-100])
    elif harm == "flipped":
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data)
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "gone":
        path.unlink()
    else:
        write(path, batches(rows(40, seed=8)), dimensions=16, count=40)

    with pytest.raises(Damaged, match=r"a\.faiss"):
        VectorFile(path, sha256=sha256, dimensions=16, count=count)


def test_a_file_that_goes_between_its_checksum_and_its_opening_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.faiss"
    sha256, count = write(path, batches(rows(40)), dimensions=16, count=40)

    def merged_away(path: Path) -> str:
        path.unlink()
        return sha256

    monkeypatch.setattr(vectors, "checksum", merged_away)

    with pytest.raises(Damaged, match=r"a\.faiss"):
        VectorFile(path, sha256=sha256, dimensions=16, count=count)


@pytest.mark.guarantee("REL-06")
def test_a_file_of_other_dimensions_or_count_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.faiss"
    sha256, count = write(path, batches(rows(40)), dimensions=16, count=40)

    with pytest.raises(Damaged):
        VectorFile(path, sha256=sha256, dimensions=8, count=count)
    with pytest.raises(Damaged):
        VectorFile(path, sha256=sha256, dimensions=16, count=count + 1)


def test_writing_leaves_no_half_file_beside(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "a.faiss", batches(rows(4)), dimensions=16, count=4)

    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.faiss"]


def test_no_more_files_stay_open_than_allowed(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path, most=2)
    for name in "abcd":
        sha256, count = write(files.path(name), batches(rows(4)), dimensions=16, count=4)
        files.open(name, sha256=sha256, dimensions=16, count=count)

    assert len(files._open) == 2


def test_sweeping_removes_what_no_row_speaks_of_once_it_is_old(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    for name in ("kept", "old", "young"):
        write(files.path(name), batches(rows(4)), dimensions=16, count=4)
    os.utime(files.path("old"), (0, 0))
    os.utime(files.path("kept"), (0, 0))

    assert files.sweep({"kept"}) == ["old"]
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["kept", "young"]


def test_sweeping_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert VectorFiles(tmp_path / "none").sweep(set()) == []


def test_a_removed_file_can_be_removed_again(tmp_path: Path) -> None:
    files = VectorFiles(tmp_path)
    write(files.path("a"), batches(rows(4)), dimensions=16, count=4)

    files.remove(["a"])
    files.remove(["a"])

    assert list(tmp_path.iterdir()) == []
