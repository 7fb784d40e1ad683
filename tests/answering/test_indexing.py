"""Indexing: what is done twice does no harm, what is cut short is made again."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from appliance.answering.indexing import FANOUT, Indexer, prepared
from appliance.chunks import Chunks, Segment
from appliance.errors import Unavailable
from appliance.index import keywords
from appliance.models import Vectors
from appliance.records import Chunk
from tests.answering.shelf import Shelf
from tests.fakes import WordEmbedder

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."


class PowerCut(Exception):
    """The process ends here."""


class DyingBeforeTheRow(Chunks):
    """The power goes after the file is written and before its row is."""

    def publish(
        self, segment: Segment, numbers: Sequence[int], instead_of: Sequence[str] = ()
    ) -> None:
        raise PowerCut


class DyingAfterTheRow(Chunks):
    """The power goes after the row and before the files it replaces are deleted."""

    def publish(
        self, segment: Segment, numbers: Sequence[int], instead_of: Sequence[str] = ()
    ) -> None:
        super().publish(segment, numbers, instead_of)
        raise PowerCut


class Tiring(WordEmbedder):
    """Embeds so many texts and is away from then on."""

    def __init__(self, texts: int) -> None:
        self.left = texts

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise Unavailable("engine_down")
        return super().embed(texts, kind=kind)


def names(shelf: Shelf) -> set[str]:
    return {file.stem for file in shelf.files()}


def vectors(shelf: Shelf) -> int:
    """How many chunks the files of "Geral" hold together."""
    stamp = shelf.embedder.stamp if shelf.embedder else ""
    return sum(one.chunks for one in shelf.chunks.segments([shelf.collection()], stamp))


def chunks_of(count: int) -> list[Chunk]:
    text = "Uma frase curta."
    return [
        Chunk(ordinal=n, page=None, start=0, end=len(text), heading="", text=text)
        for n in range(count)
    ]


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


def test_storing_twice_replaces_the_chunks(shelf: Shelf) -> None:
    shelf.add("d", shelf.collection())

    shelf.indexer.store("d", "T", chunks_of(3))
    shelf.indexer.store("d", "T", chunks_of(2))

    (row,) = shelf.database.rows("select chunks from documents where id = 'd'")
    (counted,) = shelf.database.rows("select count(*) as chunks from chunks")
    assert row == counted == {"chunks": 2}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("O prazo de entrega dos documentos é de trinta dias úteis.", "pt"),
        ("The documents are due within thirty working days.", "en"),
        ("El plazo de entrega de los documentos es de treinta días hábiles.", "es"),
    ],
)
def test_the_language_of_a_document_is_detected_unless_it_is_given(
    shelf: Shelf, text: str, language: str
) -> None:
    shelf.add("d", shelf.collection())
    chunk = Chunk(ordinal=0, page=None, start=0, end=len(text), heading="", text=text)

    assert shelf.indexer.store("d", "", [chunk]) == language
    assert shelf.indexer.store("d", "", [chunk], language="es") == "es"


def test_embedding_tells_how_far_it_is(shelf: Shelf) -> None:
    shelf.add("d", shelf.collection())
    shelf.indexer.store("d", "T", chunks_of(40))
    told: list[int] = []

    done = shelf.indexer.embed("d", on_progress=told.append)

    assert (told, done) == ([16, 32, 40], 40)
    assert shelf.indexer.embed("d") == 0


def test_an_embedder_that_goes_away_leaves_what_was_done(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("d", shelf.collection())
    shelf.indexer.store("d", "T", chunks_of(40))
    tiring = Indexer(shelf.database, Tiring(20), tmp_path)

    with pytest.raises(Unavailable):
        tiring.embed("d")

    assert shelf.indexer.embed("d") == 24


def test_without_an_embedder_a_document_is_stored_for_keywords_alone(shelf: Shelf) -> None:
    blind = shelf.reopened(blind=True)

    blind.put("regimento", FINE)
    blind.finder.publish("regimento")
    blind.indexer.rewrite(blind.collection())

    assert blind.files() == []
    assert blind.indexer.embed("regimento") == 0
    assert blind.found("multa") == ["regimento"]


def test_documents_stored_for_keywords_alone_are_embedded_when_an_embedder_comes(
    shelf: Shelf,
) -> None:
    shelf.reopened(blind=True).put("regimento", FINE)

    shelf.indexer.embed("regimento")
    shelf.finder.publish("regimento")

    assert shelf.search("multa").passages[0].found_by == ("keywords", "meaning")


def test_every_vector_stands_for_a_span_of_its_chunk(shelf: Shelf) -> None:
    text = " ".join(f"A regra número {n} vale para todos os alunos da escola." for n in range(20))
    shelf.put("regras", text)
    stamp = WordEmbedder.stamp

    numbers = [row["id"] for row in shelf.database.rows("select id from chunks")]
    found = shelf.chunks.fetch([shelf.collection()], numbers, stamp)

    for chunk in found:
        assert chunk.vectors is not None
        assert len(chunk.vectors) == len(chunk.spans) > 1
        for (start, end), row in zip(chunk.spans, chunk.vectors, strict=True):
            (meant,) = WordEmbedder().embed([chunk.text[start:end]])
            assert row == pytest.approx(meant, abs=1e-3)


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
        most = max(most, len(shelf.files()))

    assert most < 2 * FANOUT
    assert vectors(shelf) == 3 * FANOUT
    assert names(shelf) == shelf.chunks.segment_names()
    assert len(shelf.search("multa", limit=50).passages) == 3 * FANOUT


def test_a_file_that_is_mostly_dead_is_written_again(shelf: Shelf) -> None:
    for number in range(4):
        shelf.put(f"d{number}", FINE, publish=False)
    shelf.finder.refresh(shelf.collection())
    before = names(shelf)
    for number in range(3):
        shelf.remove(f"d{number}")

    shelf.finder.refresh(shelf.collection())

    assert vectors(shelf) == 1
    assert not names(shelf) & before


def test_a_collection_that_loses_its_last_document_keeps_no_file(shelf: Shelf) -> None:
    shelf.put("d", FINE)
    shelf.remove("d")

    shelf.finder.refresh(shelf.collection())

    assert shelf.files() == []
    assert shelf.chunks.segment_names() == set()


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
    dying.indexer.chunks = DyingBeforeTheRow(shelf.database)

    with pytest.raises(PowerCut):
        dying.finder.publish("regimento")
    orphans = names(shelf)
    by_keywords = shelf.search("multa").passages
    shelf.finder.publish("regimento")

    assert len(orphans) == 1
    assert by_keywords[0].found_by == ("keywords",)
    assert shelf.search("multa").passages[0].found_by == ("keywords", "meaning")
    assert shelf.chunks.segment_names().isdisjoint(orphans)


def test_a_crash_between_row_and_clearing_leaves_a_state_that_finds(shelf: Shelf) -> None:
    for number in range(FANOUT - 1):
        shelf.put(f"d{number}", FINE)
    shelf.put("last", FINE, publish=False)
    dying = shelf.reopened()
    dying.finder.publish("last")  # merges: what it replaced is deleted
    dying.indexer.chunks = DyingAfterTheRow(shelf.database)

    with pytest.raises(PowerCut):
        dying.indexer.rewrite(shelf.collection())

    assert len(shelf.reopened().search("multa", limit=50).passages) == FANOUT
    assert names(shelf) > shelf.chunks.segment_names()


def test_files_a_crash_left_behind_are_swept_once_they_are_old(shelf: Shelf) -> None:
    shelf.put("regimento", FINE)
    folder = shelf.data / "index"
    (folder / "orphan.faiss").write_bytes(b"x")
    (folder / "young.fresh").write_bytes(b"x")
    os.utime(folder / "orphan.faiss", (1, 1))

    assert shelf.indexer.sweep() == ["orphan"]
    assert {file.name for file in folder.iterdir()} == {
        "young.fresh",
        *(f"{name}.faiss" for name in shelf.chunks.segment_names()),
    }


def test_a_piece_is_found_by_what_stands_above_it() -> None:
    chunk = Chunk(
        ordinal=1,
        page=None,
        start=900,
        end=930,
        heading="Art. 9º › § 1º",
        text="V - o empregado doméstico.",
        lead="São segurados obrigatórios:",
    )

    terms = prepared("Lei 8.213/1991", chunk, "pt")

    assert keywords.stem("segurados", "pt") in terms.heading_terms.split()
    assert " segurados " in terms.words


def test_a_piece_is_found_by_the_places_that_it_is() -> None:
    chunk = Chunk(
        ordinal=1, page=None, start=0, end=26, heading="Art. 9º › § 1º", text="V - o empregado."
    )

    own = prepared("Lei 8.213/1991", chunk, "pt").heading_terms.split()

    asked = keywords.Question("art. 9º, § 1º, V, da Lei nº 8.213/91", "pt").codes
    assert set(asked) <= set(own)
    assert len(own) == len(set(own))


def test_the_law_that_amended_a_heading_is_not_the_law_of_its_articles() -> None:
    heading = "Seção II (Redação dada pela Lei nº 13.165, de 2015) › Art. 3º"
    chunk = Chunk(ordinal=1, page=None, start=0, end=14, heading=heading, text="Art. 3º Vigora.")

    own = prepared("Lei 9.504", chunk, "pt").heading_terms.split()

    assert "lei9504art3" in own
    assert "lei13165art3" not in own
