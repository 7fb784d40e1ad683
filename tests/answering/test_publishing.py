"""Vector files: one document costs one document, and merging is for the background."""

import os
from collections.abc import Sequence

import pytest

from appliance.answering import publishing
from appliance.answering.publishing import FANOUT
from appliance.segments import Root, Segments
from tests.answering.shelf import Shelf
from tests.fakes import WordEmbedder

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."


class PowerCut(Exception):
    """The process ends here."""


class DyingBeforeTheRow(Segments):
    """The power goes after the file is written and before its row is."""

    def publish(
        self, root: Root, sha256: str, numbers: Sequence[int] = (), instead_of: Sequence[str] = ()
    ) -> bool:
        raise PowerCut


class DyingAfterTheRow(Segments):
    """The power goes after the row and before the files it replaces are deleted."""

    def publish(
        self, root: Root, sha256: str, numbers: Sequence[int] = (), instead_of: Sequence[str] = ()
    ) -> bool:
        super().publish(root, sha256, numbers, instead_of)
        raise PowerCut


def names(shelf: Shelf) -> set[str]:
    return {file.stem for file in shelf.files()}


def counting(shelf: Shelf) -> set[str]:
    """The files that rows speak of."""
    return shelf.chunks.segment_names()


def vectors(shelf: Shelf) -> int:
    """How many chunks the files of "Geral" hold together."""
    return sum(one.chunks for one in shelf.chunks.segments([shelf.collection()], stamp(shelf)))


def stamp(shelf: Shelf) -> str:
    return shelf.embedder.stamp if shelf.embedder else ""


def test_publishing_twice_is_harmless(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)
    before = names(shelf)

    shelf.finder.publish("regimento")
    shelf.finder.publish("regimento")

    assert names(shelf) == before
    assert vectors(shelf) == 1


def test_publishing_a_document_that_is_gone_does_nothing(shelf: Shelf) -> None:
    shelf.finder.publish("no-such-document")

    assert shelf.files() == []


def test_adding_a_document_leaves_the_files_of_the_others_alone(shelf: Shelf) -> None:
    shelf.put("a", FINE)
    first = {file: file.stat().st_mtime_ns for file in shelf.files()}

    shelf.put("b", FINE)

    assert {file: file.stat().st_mtime_ns for file in first} == first
    assert len(shelf.files()) == 2


def test_the_number_of_files_is_bounded_however_many_documents_come(shelf: Shelf) -> None:
    most = 0
    for number in range(3 * FANOUT):
        shelf.put(f"d{number}", FINE)
        for collection in shelf.indexer.mergeable():
            shelf.indexer.merge(collection)
        most = max(most, len(shelf.files()))

    assert most < 2 * FANOUT
    assert vectors(shelf) == 3 * FANOUT
    assert names(shelf) == counting(shelf)
    assert len(shelf.search("multa", limit=50).passages) == 3 * FANOUT


def test_a_file_that_is_mostly_dead_is_written_again(shelf: Shelf) -> None:
    for number in range(4):
        shelf.put(f"d{number}", FINE, publish=False)
    shelf.finder.refresh(shelf.collection())
    before = names(shelf)
    for number in range(3):
        shelf.remove(f"d{number}")

    assert shelf.indexer.mergeable() == []
    assert shelf.indexer.worn() == [shelf.collection()]
    shelf.indexer.merge(shelf.collection())

    assert vectors(shelf) == 1
    assert not names(shelf) & before
    assert shelf.indexer.worn() == []


def test_a_collection_that_loses_its_last_document_keeps_no_file(shelf: Shelf) -> None:
    shelf.put("d", FINE)
    shelf.remove("d")

    shelf.indexer.merge(shelf.collection())

    assert shelf.files() == []
    assert counting(shelf) == set()


def test_rewriting_leaves_nothing_deleted_in_the_files(shelf: Shelf) -> None:
    for number in range(3):
        shelf.put(f"d{number}", FINE)
    shelf.remove("d0")

    shelf.indexer.rewrite(shelf.collection())

    assert vectors(shelf) == 2
    assert len(shelf.files()) == 1


def test_collections_have_files_of_their_own(shelf: Shelf) -> None:
    shelf.put("a", FINE, collection="Alunos")
    shelf.put("b", FINE, collection="Diretoria")

    (alunos,) = shelf.chunks.segments([shelf.collection("Alunos")], WordEmbedder.stamp)
    (diretoria,) = shelf.chunks.segments([shelf.collection("Diretoria")], WordEmbedder.stamp)

    assert alunos.name != diretoria.name


def test_a_crash_between_file_and_row_is_mended_by_running_again(shelf: Shelf) -> None:
    shelf.put("regimento", FINE, publish=False)
    dying = shelf.reopened()
    dying.indexer.publisher.segments = DyingBeforeTheRow(shelf.database)

    with pytest.raises(PowerCut):
        dying.finder.publish("regimento")
    orphans = names(shelf)
    by_keywords = shelf.search("multa").passages
    shelf.finder.publish("regimento")

    assert len(orphans) == 1
    assert by_keywords[0].found_by == ("keywords",)
    assert shelf.search("multa").passages[0].found_by == ("keywords", "meaning")
    assert counting(shelf).isdisjoint(orphans)


def test_a_crash_between_row_and_clearing_leaves_a_state_that_finds(shelf: Shelf) -> None:
    for number in range(FANOUT):
        shelf.put(f"d{number}", FINE)
    dying = shelf.reopened()
    dying.indexer.publisher.segments = DyingAfterTheRow(shelf.database)

    with pytest.raises(PowerCut):
        dying.indexer.merge(shelf.collection())

    assert len(shelf.reopened().search("multa", limit=50).passages) == FANOUT
    assert names(shelf) > counting(shelf)


def test_files_a_crash_left_behind_are_swept_once_they_are_old(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)
    folder = shelf.data / "index"
    (folder / "orphan.faiss").write_bytes(b"x")
    (folder / "young.fresh").write_bytes(b"x")
    os.utime(folder / "orphan.faiss", (1, 1))

    assert shelf.indexer.sweep() == ["orphan"]
    assert {file.name for file in folder.iterdir()} == {
        "young.fresh",
        *(f"{name}.faiss" for name in counting(shelf)),
    }


def test_merging_changes_no_row_of_a_vector(shelf: Shelf) -> None:
    for number in range(FANOUT):
        shelf.put(f"d{number}", FINE)
    before = shelf.database.rows("select id, chunk, segment from vectors order by id")

    shelf.indexer.merge(shelf.collection())

    assert shelf.database.rows("select id, chunk, segment from vectors order by id") == before
    (merged,) = shelf.chunks.segments([shelf.collection()], stamp(shelf))
    assert sorted(shelf.chunks.live(merged.name)) == [row["chunk"] for row in before]
    assert len(shelf.search("multa", limit=50).passages) == FANOUT


def test_merges_of_merges_keep_every_vector(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "FANOUT", 2)
    for number in range(11):
        shelf.put(f"d{number}", FINE)
        shelf.indexer.merge(shelf.collection())

    assert vectors(shelf) == 11
    held = [
        number
        for file in shelf.chunks.segments([shelf.collection()], stamp(shelf))
        for number in shelf.chunks.live(file.name)
    ]
    assert len(held) == len(set(held)) == 11


def test_merging_tells_how_far_it_is_and_can_be_ended(shelf: Shelf) -> None:
    for number in range(FANOUT):
        shelf.put(f"d{number}", FINE)
    before = names(shelf)
    told: list[tuple[int, int]] = []

    def enough(done: int, total: int) -> None:
        told.append((done, total))
        raise PowerCut

    with pytest.raises(PowerCut):
        shelf.indexer.merge(shelf.collection(), on_progress=enough)

    assert told == [(0, FANOUT)]
    assert names(shelf) == before == counting(shelf)


def test_two_that_merge_the_same_do_not_both_succeed(shelf: Shelf) -> None:
    for number in range(FANOUT):
        shelf.put(f"d{number}", FINE)
    slow, quick = shelf.reopened(), shelf.reopened()
    overtaken: list[str] = []

    def meanwhile(step: str) -> None:
        if not overtaken:
            overtaken.append(step)
            quick.indexer.merge(shelf.collection())

    slow.indexer.merge(shelf.collection(), on_step=meanwhile)

    assert overtaken == ["merged file written"]
    assert len(names(shelf)) == 1
    assert names(shelf) == counting(shelf)
    assert len(shelf.reopened().search("multa", limit=50).passages) == FANOUT


def test_a_lost_file_is_written_again_by_the_next_merge(shelf: Shelf) -> None:
    shelf.put("d", FINE)
    (file,) = shelf.chunks.segments([shelf.collection()], stamp(shelf))

    shelf.chunks.withdraw([file.name])

    assert shelf.chunks.segments([shelf.collection()], stamp(shelf)) == []
    assert shelf.indexer.mergeable() == [shelf.collection()]
    shelf.indexer.merge(shelf.collection())
    assert shelf.search("multa").passages[0].found_by == ("keywords", "meaning")
    assert names(shelf) == counting(shelf)


def test_a_large_lost_file_waits_for_the_background(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "WRITTEN_HERE", 0)
    shelf.put("d", FINE)
    shelf.chunks.withdraw(list(names(shelf)))

    shelf.finder.refresh(shelf.collection())
    assert counting(shelf) == set()

    shelf.indexer.merge(shelf.collection())
    assert len(counting(shelf)) == 1


def test_many_new_vectors_come_in_files_of_a_bounded_size(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "AT_ONCE", 2)
    for number in range(5):
        shelf.put(f"d{number}", FINE, publish=False)

    shelf.finder.refresh(shelf.collection())

    sizes = [one.chunks for one in shelf.chunks.segments([shelf.collection()], stamp(shelf))]
    assert sizes == [2, 2, 1]


def test_rows_of_files_that_nobody_names_any_more_are_removed_with_the_merge(
    shelf: Shelf,
) -> None:
    for number in range(2 * FANOUT):
        shelf.put(f"d{number}", FINE)
        shelf.indexer.merge(shelf.collection())
    for number in range(FANOUT, 2 * FANOUT):
        shelf.remove(f"d{number}")

    shelf.indexer.merge(shelf.collection())

    rows = shelf.database.rows("select name, merged_into from segments")
    tips = {row["segment"] for row in shelf.database.rows("select segment from vectors")}
    above = {row["merged_into"] for row in rows}
    assert all(row["name"] in tips | above for row in rows)
    assert len(shelf.search("multa", limit=50).passages) == FANOUT


def test_the_vectors_of_one_document_cost_no_look_at_the_others(shelf: Shelf) -> None:
    shelf.put("a", FINE, publish=False)
    shelf.put("b", FINE)

    (file,) = shelf.chunks.segments([shelf.collection()], stamp(shelf))

    assert file.chunks == 1
    waiting = shelf.chunks.unpublished(stamp(shelf), collection=shelf.collection())
    assert waiting == shelf.chunks.unpublished(stamp(shelf), document="a")
    assert len(waiting) == 1


def test_merging_needs_no_embedder_that_answers(shelf: Shelf) -> None:
    class Away(WordEmbedder):
        @property
        def dimensions(self) -> int:  # type: ignore[override]
            raise AssertionError("asked")

    for number in range(FANOUT):
        shelf.put(f"d{number}", FINE)

    shelf.reopened(Away()).indexer.merge(shelf.collection())

    assert len(names(shelf)) == 1
