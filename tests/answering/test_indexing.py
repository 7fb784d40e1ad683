"""Indexing: what is done twice does no harm, what is cut short is made again."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest

from appliance.answering.indexing import BATCH, Indexer, prepared
from appliance.errors import Unavailable
from appliance.index import keywords
from appliance.models import Vectors
from appliance.records import Chunk
from tests.answering.shelf import Shelf
from tests.fakes import WordEmbedder

FINE = "A multa por atraso na devolução de livros é de R$ 1,50 por dia."


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


def chunks_of(count: int) -> list[Chunk]:
    text = "Uma frase curta."
    return [
        Chunk(ordinal=n, page=None, start=0, end=len(text), heading="", text=text)
        for n in range(count)
    ]


def test_storing_twice_replaces_the_chunks(shelf: Shelf) -> None:
    shelf.add("d", shelf.collection())

    shelf.indexer.store("d", "T", chunks_of(3))
    shelf.indexer.store("d", "T", chunks_of(2))

    (row,) = shelf.database.rows("select chunks from documents where id = 'd'")
    (counted,) = shelf.database.rows("select count(*) as chunks from chunks")
    assert row == counted == {"chunks": 2}


def test_storing_tells_how_far_it_is(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    shelf.add("d", shelf.collection())
    told: list[int] = []

    shelf.indexer.store("d", "T", chunks_of(5), on_progress=told.append)

    assert told == [2, 4, 5]


def test_storing_gives_way_before_each_chunk_while_anybody_may_write(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.chunks.AT_ONCE", 2)
    shelf.add("d", shelf.collection())
    asked: list[bool] = []

    def give_way() -> None:
        with closing(sqlite3.connect(shelf.database.path, timeout=0)) as other:
            other.execute("begin immediate")
            asked.append(other.in_transaction)

    shelf.indexer.store("d", "T", chunks_of(5), give_way=give_way)

    assert asked == [True] * 5


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

    assert (told, done) == ([BATCH, 40], 40)
    assert shelf.indexer.embed("d") == 0


def test_an_embedder_that_goes_away_leaves_what_was_done(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("d", shelf.collection())
    shelf.indexer.store("d", "T", chunks_of(40))
    tiring = Indexer(shelf.database, Tiring(BATCH), tmp_path)

    with pytest.raises(Unavailable):
        tiring.embed("d")

    assert shelf.indexer.embed("d") == 40 - BATCH


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


class Slow(WordEmbedder):
    """Notes what was already stored when each batch was asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.stored: list[int] = []

    def embed(
        self, texts: Sequence[str], *, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        (row,) = self.shelf.database.rows("select count(*) as n from vectors")
        self.stored.append(row["n"])
        return super().embed(texts, kind=kind)


def test_the_next_batch_is_with_the_embedder_before_the_last_one_is_stored(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("d", shelf.collection())
    shelf.indexer.store("d", "T", chunks_of(3 * BATCH))
    slow = Slow(shelf)
    handed: list[int] = []

    Indexer(shelf.database, slow, tmp_path).embed(
        "d", on_progress=lambda _: handed.append(len(slow.stored))
    )

    assert all(stored <= BATCH * place for place, stored in enumerate(slow.stored))
    assert handed[0] >= 1
    assert len(slow.stored) == 3


def test_who_ends_the_embedding_early_keeps_the_batches_stored(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("d", shelf.collection())
    shelf.indexer.store("d", "T", chunks_of(4 * BATCH))

    def enough(done: int) -> None:
        if done >= 2 * BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.indexer.embed("d", on_progress=enough)

    assert shelf.indexer.embed("d") == 2 * BATCH


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
