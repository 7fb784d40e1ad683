"""The embedder in force: one at a time for search, both for what is new."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from appliance.answering.in_force import InForce, Pinned
from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.errors import Unavailable
from appliance.models import Embedder, Vectors
from tests.answering.shelf import Shelf
from tests.fakes import StemEmbedder, WordEmbedder

WORDS = Known(stamp="words@1", name="words", dimensions=256)
STEMS = Known(stamp="stems@1", name="stems", dimensions=96)
FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."
FAKES: dict[str, Embedder] = {"words@1": WordEmbedder(), "stems@1": StemEmbedder()}


def in_force(
    database: Database, wanted: Known = STEMS, fakes: dict[str, Embedder] = FAKES
) -> InForce:
    return InForce(database, wanted, lambda known: fakes.get(known.stamp))


@pytest.fixture
def changing(database: Database) -> InForce:
    """An appliance whose embedder of words is to be replaced by that of stems."""
    Embedders(database).settle(WORDS)
    Embedders(database).settle(STEMS)
    return in_force(database)


def bring_in_force(shelf: Shelf) -> None:
    shelf.indexer.embed_coming(on_progress=lambda _: None)
    assert Embedders(shelf.database).enforce(STEMS.stamp)


def test_it_keeps_the_contract_of_an_embedder(database: Database) -> None:
    embedder: Embedder = in_force(database)

    assert (embedder.stamp, embedder.dimensions) == ("stems@1", 96)
    assert embedder.embed(["a"]).shape == (1, 96)
    assert embedder.embed([]).shape == (0, 96)


def test_before_any_worker_started_the_wanted_one_is_in_force(database: Database) -> None:
    assert in_force(database).known == STEMS


def test_while_another_comes_the_old_one_embeds_questions(changing: InForce) -> None:
    assert changing.embed(["multa"], kind="query").shape == (1, 256)
    assert changing.stamp == "words@1"
    assert changing.stamps() == ["words@1", "stems@1"]
    assert [one.stamp for one in changing.all()] == ["words@1", "stems@1"]
    coming = changing.coming()
    assert coming is not None
    assert coming.stamp == "stems@1"


def test_a_change_in_the_middle_of_a_search_does_not_mix_the_two(
    changing: InForce, database: Database
) -> None:
    changing.embed(["multa"], kind="query")

    assert Embedders(database).enforce(STEMS.stamp)

    assert changing.stamp == "words@1"  # as long as this thread works on that question
    assert changing.known == STEMS
    assert changing.embed(["multa"], kind="query").shape == (1, 96)
    assert changing.stamp == "stems@1"


def test_an_embedder_that_the_catalogue_lost_is_no_embedder_for_questions(
    database: Database,
) -> None:
    Embedders(database).settle(WORDS)
    Embedders(database).settle(STEMS)
    orphaned = in_force(database, fakes={"stems@1": StemEmbedder()})

    assert not orphaned.usable
    assert [one.stamp for one in orphaned.all()] == ["stems@1"]
    with pytest.raises(Unavailable) as refusal:
        orphaned.embed(["multa"], kind="query")
    assert refusal.value.code == "embedder_gone"
    assert refusal.value.facts == {"name": "words", "wanted": "stems"}


class Another(WordEmbedder):
    """A runner that was started with another version."""

    stamp = "words@2"


def test_vectors_of_another_version_are_refused() -> None:
    pinned = Pinned(WORDS, Another())

    with pytest.raises(Unavailable) as refusal:
        pinned.embed(["multa"])
    assert refusal.value.code == "embedder_changed"


# --- the flow -----------------------------------------------------------------------------


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    """Documents embedded with words, on a shelf that is to change to stems."""
    Embedders(database).settle(WORDS)
    shelf = Shelf(database, tmp_path, in_force(database, WORDS))
    for number in range(3):
        shelf.put(f"d{number}", f"{FINE} Regra {number}.")
    Embedders(database).settle(STEMS)
    return shelf.reopened(in_force(database))


def dimensions_found(shelf: Shelf) -> set[int]:
    """Of the vectors that a search weighs its candidates by."""
    findings = shelf.finder.find([shelf.collection()], "multa")
    return {
        one.vectors.shape[1] for one in findings.candidates if one.vectors is not None
    }  # fmt: skip


def test_search_goes_on_with_the_old_vectors_until_all_new_ones_are_there(shelf: Shelf) -> None:
    assert dimensions_found(shelf) == {256}
    shelf.indexer.embed_coming(on_progress=lambda _: None)
    assert dimensions_found(shelf) == {256}

    assert Embedders(shelf.database).enforce(STEMS.stamp)

    assert dimensions_found(shelf) == {96}
    first, *_ = shelf.search("multa").passages
    assert first.found_by == ("keywords", "meaning")


def test_a_document_that_arrives_meanwhile_gets_both(shelf: Shelf) -> None:
    shelf.put("novo", FINE)

    rows = shelf.database.rows(
        """
        select vectors.stamp, vectors.segment from vectors
        join chunks on chunks.id = vectors.chunk where chunks.document = 'novo' order by stamp
        """
    )
    assert [row["stamp"] for row in rows] == ["stems@1", "words@1"]
    assert all(row["segment"] for row in rows)
    bring_in_force(shelf)
    assert "novo" in shelf.found("multa")


class Away(StemEmbedder):
    """Not there."""

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        raise Unavailable("engine_down")


def test_a_new_embedder_that_is_away_holds_no_document_up(shelf: Shelf) -> None:
    fakes: dict[str, Embedder] = {"words@1": WordEmbedder(), "stems@1": Away()}
    without = shelf.reopened(in_force(shelf.database, fakes=fakes))

    without.put("novo", FINE)

    assert "novo" in without.found("multa")
    with pytest.raises(Unavailable):
        without.indexer.embed_coming(on_progress=lambda _: None)
    assert not Embedders(shelf.database).enforce(STEMS.stamp)


def test_an_old_embedder_that_is_away_is_waited_for(shelf: Shelf) -> None:
    fakes: dict[str, Embedder] = {"words@1": Away(), "stems@1": StemEmbedder()}
    without = shelf.reopened(in_force(shelf.database, fakes=fakes))

    with pytest.raises(Unavailable):
        without.put("novo", FINE)


def test_without_the_old_embedder_search_goes_by_keywords_until_the_new_one_is_done(
    shelf: Shelf,
) -> None:
    orphaned = shelf.reopened(in_force(shelf.database, fakes={"stems@1": StemEmbedder()}))
    orphaned.put("novo", FINE)

    assert orphaned.search("multa").passages[0].found_by == ("keywords",)
    bring_in_force(orphaned)

    assert orphaned.search("multa").passages[0].found_by == ("keywords", "meaning")
    assert len(orphaned.search("multa", limit=50).passages) == 4


def test_new_vectors_are_filed_as_they_come(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.answering.indexing.AT_ONCE", 1)
    monkeypatch.setattr("appliance.answering.indexing.BATCH", 1)
    files: list[int] = []

    def look(_: int) -> None:
        files.append(len(shelf.chunks.segments([shelf.collection()], STEMS.stamp)))

    shelf.indexer.embed_coming(on_progress=look)

    assert files == [1, 2, 3]


def test_files_of_both_are_merged(shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(f"n{number}", FINE)
    assert sorted(set(shelf.indexer.mergeable())) == [shelf.collection()]

    shelf.indexer.merge(shelf.collection())

    for stamp in (WORDS.stamp, STEMS.stamp):
        files = shelf.chunks.segments([shelf.collection()], stamp)
        assert len(files) < 8
        assert len({chunk for file in files for chunk in shelf.chunks.live(file.name)}) >= 8


def test_where_nothing_comes_there_is_nothing_to_embed(database: Database, tmp_path: Path) -> None:
    plain = Shelf(database, tmp_path)
    plain.put("d", FINE)

    plain.indexer.embed_coming(on_progress=lambda _: pytest.fail("nothing comes"))

    assert database.rows("select distinct stamp from vectors") == [{"stamp": "words@1"}]
