"""Vector files in the tables: which count, which were merged into which."""

import pytest

from appliance import collections
from appliance.chunks import Chunks
from appliance.database import Database
from appliance.segments import Root, Segments
from tests.test_chunks import STAMP, chunks, embedding, geral, put

__all__ = ["chunks"]  # the fixture


@pytest.fixture
def segments(database: Database) -> Segments:
    return Segments(database)


def root(chunks: Chunks, name: str, count: int = 1) -> Root:
    return Root(
        name=name,
        collection=geral(chunks),
        stamp=STAMP,
        dimensions=2,
        count=count,
        chunks=count,
    )


def stored(chunks: Chunks, document: str, *texts: str) -> list[int]:
    """Chunks with a vector each; their numbers."""
    numbers = put(chunks, document, *texts)
    chunks.store(STAMP, [embedding(number, 1, 0) for number in numbers])
    return numbers


def test_a_published_file_holds_its_chunks_and_no_other_waits(
    chunks: Chunks, segments: Segments
) -> None:
    one, two = stored(chunks, "d1", "um", "dois")

    assert segments.publish(root(chunks, "s1"), "aa", [one])

    assert chunks.live("s1") == [one]
    assert chunks.unpublished(STAMP, document="d1") == [two]
    assert chunks.unpublished(STAMP, collection=geral(chunks)) == [two]
    assert chunks.unpublished("model@2", document="d1") == []


def test_a_file_made_from_others_counts_in_their_place(chunks: Chunks, segments: Segments) -> None:
    one, two, three = stored(chunks, "d1", "um", "dois", "três")
    segments.publish(root(chunks, "s1"), "aa", [one])
    segments.publish(root(chunks, "s2"), "bb", [two])
    segments.publish(root(chunks, "s3"), "cc", [three])

    segments.publish(root(chunks, "s4", 2), "dd", instead_of=["s1", "s2"])
    segments.publish(root(chunks, "s5", 3), "ee", instead_of=["s4", "s3"])

    assert chunks.segment_names() == {"s5"}
    assert [one.name for one in chunks.segments([geral(chunks)], STAMP)] == ["s5"]
    assert chunks.live("s5") == [one, two, three]
    assert segments.living("s5") == 3
    assert chunks.live("s4") == [one, two]


def test_of_two_merges_of_the_same_files_the_second_does_not_count(
    chunks: Chunks, segments: Segments
) -> None:
    one, two = stored(chunks, "d1", "um", "dois")
    segments.publish(root(chunks, "s1"), "aa", [one])
    segments.publish(root(chunks, "s2"), "bb", [two])

    assert segments.publish(root(chunks, "s3"), "cc", instead_of=["s1", "s2"])
    assert not segments.publish(root(chunks, "s4"), "dd", instead_of=["s1", "s2"])
    assert not segments.publish(root(chunks, "s5"), "ee", instead_of=["no-such-file"])

    assert chunks.segment_names() == {"s3"}


def test_a_chunk_belongs_to_the_file_that_was_first(chunks: Chunks, segments: Segments) -> None:
    (one,) = stored(chunks, "d1", "um")

    segments.publish(root(chunks, "s1"), "aa", [one])
    segments.publish(root(chunks, "s2"), "bb", [one])

    assert (chunks.live("s1"), chunks.live("s2")) == ([one], [])


def test_a_file_that_is_believed_no_more_waits_to_be_written_again(
    chunks: Chunks, segments: Segments
) -> None:
    (one,) = stored(chunks, "d1", "um")
    segments.publish(root(chunks, "s1"), "aa", [one])

    chunks.withdraw(["s1", "no-such-file"])

    assert chunks.segment_names() == set()
    assert chunks.segments([geral(chunks)], STAMP) == []
    (lost,) = segments.roots(STAMP)
    assert (lost.name, lost.believed) == ("s1", False)
    assert chunks.live("s1") == [one]


def test_files_are_listed_by_collection_and_stamp_oldest_first(
    chunks: Chunks, segments: Segments
) -> None:
    segments.publish(root(chunks, "b"), "aa")
    segments.publish(root(chunks, "a"), "bb")
    with chunks.database.write() as db:
        other = collections.create(db, "Outra").id

    assert [one.name for one in chunks.segments([geral(chunks)], STAMP)] == ["b", "a"]
    assert [one.name for one in segments.roots(STAMP, geral(chunks))] == ["b", "a"]
    assert [one.name for one in segments.roots(STAMP)] == ["b", "a"]
    assert segments.roots("model@2") == segments.roots(STAMP, other) == []
    assert chunks.segments([geral(chunks)], "model@2") == []
    assert chunks.segments([other], STAMP) == []


def test_the_living_are_counted_through_all_merges(chunks: Chunks, segments: Segments) -> None:
    one, _ = stored(chunks, "d1", "um", "dois")
    (three,) = stored(chunks, "d2", "três")
    segments.publish(root(chunks, "s1", 2), "aa", chunks.unpublished(STAMP, document="d1"))
    segments.publish(root(chunks, "s2"), "bb", [three])
    segments.publish(root(chunks, "s3", 3), "cc", instead_of=["s1", "s2"])
    assert segments.living("s3") == 3

    chunks.forget("d1")

    assert segments.living("s3") == 1
    assert one not in chunks.live("s3")
    assert segments.living("no-such-file") == 0


def test_pruning_removes_rows_that_nothing_names_and_keeps_the_way_to_the_rest(
    chunks: Chunks, segments: Segments
) -> None:
    (one,) = stored(chunks, "d1", "um")
    (two,) = stored(chunks, "d2", "dois")
    segments.publish(root(chunks, "s1"), "aa", [one])
    segments.publish(root(chunks, "s2"), "bb", [two])
    segments.publish(root(chunks, "s3", 2), "cc", instead_of=["s1", "s2"])
    segments.publish(root(chunks, "s4", 2), "dd", instead_of=["s3"])
    chunks.forget("d1")

    segments.prune("s4")
    assert {row["name"] for row in chunks.database.rows("select name from segments")} == {
        "s2", "s3", "s4",
    }  # fmt: skip
    assert chunks.live("s4") == [two]

    chunks.forget("d2")
    segments.prune("s4")
    assert chunks.database.rows("select name from segments") == []


def test_a_collection_that_goes_takes_its_files_along(chunks: Chunks, segments: Segments) -> None:
    (one,) = stored(chunks, "d1", "um")
    segments.publish(root(chunks, "s1"), "aa", [one])
    segments.publish(root(chunks, "s2"), "bb", instead_of=["s1"])

    with chunks.database.write() as db:
        db.run("delete from collections")

    assert chunks.database.rows("select * from segments") == []
    assert chunks.database.rows("pragma foreign_key_check") == []
