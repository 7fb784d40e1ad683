"""How often words occur: read for rare ones, kept for the frequent ones of a large collection."""

import pytest

from appliance import collections, frequencies
from appliance.chunks import Chunks
from appliance.frequencies import Frequencies
from tests.test_chunks import chunks, geral, put

__all__ = ["chunks"]


@pytest.fixture
def kept(chunks: Chunks, monkeypatch: pytest.MonkeyPatch) -> Frequencies:
    """Counts of a house in which three chunks are many and two with a word make it frequent."""
    monkeypatch.setattr(frequencies, "LARGE", 3)
    monkeypatch.setattr(frequencies, "FREQUENT", 2)
    return Frequencies(chunks.database)


def words(chunks: Chunks) -> dict[str, int]:
    """What is kept."""
    rows = chunks.database.rows("select term, chunks from frequent_terms")
    return {row["term"]: row["chunks"] for row in rows}


def told(_: int) -> None:
    """For counting that nobody watches."""


def test_frequencies_count_chunks_and_leave_out_what_occurs_nowhere(chunks: Chunks) -> None:
    counts = Frequencies(chunks.database)
    put(chunks, "d1", "multa multa", "multa taxa")

    assert counts.of([geral(chunks)], ["multa", "taxa", "nada"]) == {
        "multa": 2,
        "taxa": 1,
    }
    assert counts.of([geral(chunks)], []) == {}


def test_the_total_counts_the_chunks_of_these_collections(chunks: Chunks) -> None:
    counts = Frequencies(chunks.database)
    assert counts.total([geral(chunks)]) == 0

    put(chunks, "d1", "um", "dois", "três")
    chunks.forget("d1")
    put(chunks, "d2", "quatro")

    assert counts.total([geral(chunks)]) == 1
    assert counts.total([]) == 0


def test_a_large_collection_is_due_until_it_was_counted(chunks: Chunks, kept: Frequencies) -> None:
    put(chunks, "d1", "multa", "multa taxa")
    assert kept.due() == []

    put(chunks, "d2", "prazo")
    collection = geral(chunks)
    assert kept.due() == [collection]

    kept.count(collection, on_progress=told)
    assert kept.due() == []


def test_it_is_due_again_when_it_grew_or_shrank_by_more_than_a_tenth(
    chunks: Chunks, kept: Frequencies
) -> None:
    put(chunks, "d1", *["multa"] * 20)
    collection = geral(chunks)
    kept.count(collection, on_progress=told)

    put(chunks, "d2", "taxa", "taxa")
    assert kept.due() == []
    put(chunks, "d2", "taxa", "taxa", "taxa")
    assert kept.due() == [collection]

    kept.count(collection, on_progress=told)
    chunks.forget("d2")
    assert kept.due() == [collection]


def test_a_frequent_word_grows_with_its_collection_and_a_rare_one_is_counted(
    chunks: Chunks, kept: Frequencies
) -> None:
    put(chunks, "d1", "multa", "multa", "taxa", "prazo")
    collection = geral(chunks)
    kept.count(collection, on_progress=told)
    put(chunks, "d2", "taxa", "nada", "nada", "nada")

    # 2 of 4 chunks held "multa" when they were counted; now there are 8.
    assert kept.of([collection], ["multa", "taxa", "outra"]) == {"multa": 4, "taxa": 2}


def test_nothing_is_kept_of_a_word_that_is_not_frequent_any_more(
    chunks: Chunks, kept: Frequencies
) -> None:
    put(chunks, "d1", "multa", "multa", "multa")
    collection = geral(chunks)
    kept.count(collection, on_progress=told)
    put(chunks, "d1", "taxa", "taxa", "multa")

    kept.count(collection, on_progress=told)

    assert words(chunks) == {"parte": 3, "taxa": 2}  # "Parte" is the heading of each


def test_what_is_kept_of_one_collection_says_nothing_of_another(
    chunks: Chunks, kept: Frequencies
) -> None:
    put(chunks, "d1", "multa", "multa", "multa")
    collection = geral(chunks)
    with chunks.database.write() as db:
        other = collections.create(db, "Sigilo").id
        db.run("update documents set collection = :other where id = 'd2'", {"other": other})
    put(chunks, "d2", "multa")
    kept.count(collection, on_progress=told)

    assert kept.of([other], ["multa"]) == {"multa": 1}
    assert kept.of([collection, other], ["multa"]) == {"multa": 4}


def test_what_is_kept_goes_with_its_collection(chunks: Chunks, kept: Frequencies) -> None:
    put(chunks, "d1", "multa", "multa", "multa")
    collection = geral(chunks)
    kept.count(collection, on_progress=told)

    with chunks.database.write() as db:
        db.run("delete from collections")
    kept.count(collection, on_progress=told)

    assert words(chunks) == {}


def test_counting_can_be_ended_and_leaves_what_was_kept(chunks: Chunks, kept: Frequencies) -> None:
    put(chunks, "d1", "multa", "multa", "multa")
    collection = geral(chunks)
    kept.count(collection, on_progress=told)
    put(chunks, "d1", "taxa", "taxa", "taxa")

    def cancel(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        kept.count(collection, on_progress=cancel)

    assert words(chunks) == {"parte": 3, "multa": 3}
