"""The chunks of a long document come and go in parts, and nobody waits for all of them."""

import pytest

from appliance.chunks import Chunks, Terms
from appliance.records import Chunk
from tests.test_chunks import chunks, geral, put, sound

__all__ = ["chunks"]  # the fixture


@pytest.mark.guarantee("REL-14")
def test_a_long_document_is_stored_in_parts_so_that_others_can_write_in_between(
    chunks: Chunks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    words = ["um", "dois", "três", "quatro", "cinco"]
    made = [
        Chunk(ordinal=n, page=None, start=0, end=len(one), heading="", text=one)
        for n, one in enumerate(words)
    ]
    told: list[tuple[int, dict[str, int] | None]] = []

    def further(done: int) -> None:
        told.append((done, chunks.database.row("select chunks from documents where id = 'd1'")))

    terms = (Terms(language="pt", heading_terms="", terms=one, words=f" {one} ") for one in words)
    numbers = chunks.replace("d1", made, terms, on_progress=further)

    assert told == [(2, {"chunks": 0}), (4, {"chunks": 0}), (5, {"chunks": 5})]
    assert [one.text for one in chunks.fetch([geral(chunks)], numbers)] == words


def test_a_long_document_leaves_whole_when_a_short_one_takes_its_place(
    chunks: Chunks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    put(chunks, "d1", *["multa"] * 7)

    put(chunks, "d1", "taxa")

    assert chunks.matching([geral(chunks)], ["multa"], 10) == []
    assert chunks.database.row("select count(*) as n from chunks") == {"n": 1}
    assert sound(chunks.database)
