"""Chunks: numbers never given again, terms that go with their text, vectors as they were."""

import sqlite3
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance import collections
from appliance.chunks import Chunks, Terms
from appliance.database import Database
from appliance.errors import NotFound
from appliance.frequencies import Frequencies
from appliance.records import Chunk, timestamp
from appliance.segments import Root, Segments
from appliance.windows import Embedding

STAMP = "model@1"
SCHEMA = Path(__file__).parents[1] / "appliance" / "schema"


@pytest.fixture
def chunks(database: Database) -> Chunks:
    """The tables, with the documents ``d1`` and ``d2`` in one collection."""
    with database.write() as db:
        collection = collections.create(db, "Geral").id
        for document in ("d1", "d2"):
            db.run(
                """
                insert into documents (id, collection, title, file_name, media_type, bytes,
                    sha256, state, created_at)
                values (:id, :collection, :id, :id, 'text/plain', 1, :id, 'ready', :now)
                """,
                {"id": document, "collection": collection, "now": timestamp()},
            )
    return Chunks(database)


def geral(chunks: Chunks) -> str:
    return collections.named(chunks.database, "Geral").id


def put(chunks: Chunks, document: str, *texts: str) -> list[int]:
    """Chunks whose terms are their own words; their numbers."""
    made, at = [], 0
    for ordinal, text in enumerate(texts):
        made.append(
            Chunk(
                ordinal=ordinal,
                page=ordinal + 1,
                start=at,
                end=at + len(text),
                heading="Parte",
                text=text,
            )
        )
        at += len(text) + 1
    prepared = [
        Terms(language="pt", heading_terms="parte", terms=text.lower(), words=f" {text.lower()} ")
        for text in texts
    ]
    return chunks.replace(document, made, prepared)


def row(*values: float) -> npt.NDArray[np.float32]:
    return np.array([values], dtype=np.float32)


def embedding(number: int, *values: float) -> Embedding:
    return Embedding(chunk=number, spans=((0, 5),), vectors=row(*values))


def sound(database: Database) -> bool:
    """Whether the keyword index agrees with the table; SQLite raises where it does not."""
    try:
        with database.write() as db:
            db.run("insert into chunk_terms(chunk_terms, rank) values ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


# --- chunks and their terms -----------------------------------------------------------


def test_a_chunk_comes_back_as_it_was_stored(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "Multa diária")

    (found,) = chunks.fetch([geral(chunks)], [number])

    assert (found.id, found.document.id, found.page) == (number, "d1", 1)
    assert (found.start, found.end, found.text) == (0, 12, "Multa diária")
    assert (found.heading, found.heading_terms) == ("Parte", "parte")
    assert (found.terms, found.words, found.language) == ("multa diária", " multa diária ", "pt")
    assert (found.spans, found.vectors) == ((), None)


def test_the_document_knows_how_many_chunks_it_has(chunks: Chunks) -> None:
    put(chunks, "d1", "um", "dois")

    assert chunks.database.row("select chunks from documents where id = 'd1'") == {"chunks": 2}


def test_storing_again_takes_the_place_of_the_former_chunks(chunks: Chunks) -> None:
    put(chunks, "d1", "multa antiga")
    put(chunks, "d1", "taxa nova")

    assert chunks.matching([geral(chunks)], ["multa"], 10) == []
    assert len(chunks.matching([geral(chunks)], ["taxa"], 10)) == 1
    assert sound(chunks.database)


def test_a_number_is_never_given_again(chunks: Chunks) -> None:
    before = put(chunks, "d1", "um", "dois")
    chunks.forget("d1")

    after = put(chunks, "d1", "um", "dois")

    assert min(after) > max(before)


def test_chunks_and_terms_that_do_not_pair_are_stored_not_at_all(chunks: Chunks) -> None:
    chunk = Chunk(ordinal=0, page=None, start=0, end=2, heading="", text="um")
    put(chunks, "d1", "multa")

    with pytest.raises(ValueError, match="zip"):
        chunks.replace("d1", [chunk], [])

    assert len(chunks.matching([geral(chunks)], ["multa"], 10)) == 1


def test_a_deleted_document_takes_its_chunks_terms_and_vectors_along(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa")
    put(chunks, "d2", "multa")
    chunks.store(STAMP, [embedding(number, 1, 0)])

    with chunks.database.write() as db:
        db.run("delete from documents where id = 'd1'")

    assert Frequencies(chunks.database).of([geral(chunks)], ["multa"]) == {"multa": 1}
    assert chunks.fetch([geral(chunks)], [number]) == []
    assert chunks.alive([number]) == set()
    assert chunks.database.rows("select id from vectors") == []
    assert sound(chunks.database)


def test_a_deleted_collection_takes_everything_along(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa")
    chunks.store(STAMP, [embedding(number, 1, 0)])
    root = Root(name="s1", collection=geral(chunks), stamp=STAMP, dimensions=2, count=1, chunks=1)
    Segments(chunks.database).publish(root, "0" * 64, [number])

    with chunks.database.write() as db:
        db.run("delete from collections")

    for table in ("documents", "chunks", "vectors", "segments"):
        assert chunks.database.rows(f"select * from {table}") == []
    assert chunks.database.rows("select term from term_counts") == []
    assert sound(chunks.database)


def test_a_removal_that_is_rolled_back_leaves_everything_found(chunks: Chunks) -> None:
    put(chunks, "d1", "multa")

    with pytest.raises(RuntimeError), chunks.database.write() as db:
        db.run("delete from documents where id = 'd1'")
        raise RuntimeError

    assert len(chunks.matching([geral(chunks)], ["multa"], 10)) == 1
    assert sound(chunks.database)


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        'a" OR 1=1 --',
        "NEAR(a b)",
        "terms:x",
        "*",
        "'; drop table chunks",
        "a AND",
        "^x",
        "-",
        "",
    ],
)
def test_what_is_typed_is_never_syntax(chunks: Chunks, typed: str) -> None:
    put(chunks, "d1", "multa")

    assert chunks.matching([geral(chunks)], [typed, "multa"], 10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_no_text_at_all_is_syntax(chunks: Chunks, typed: str) -> None:
    chunks.matching([geral(chunks)], [typed], 10)


def test_another_collection_is_neither_found_nor_counted(chunks: Chunks) -> None:
    put(chunks, "d1", "multa")
    with chunks.database.write() as db:
        other = collections.create(db, "Sigilo").id
        db.run("update documents set collection = :other where id = 'd2'", {"other": other})
    put(chunks, "d2", "multa", "canario")

    assert len(chunks.matching([geral(chunks)], ["multa", "canario"], 10)) == 1
    assert Frequencies(chunks.database).of([geral(chunks)], ["multa", "canario"]) == {"multa": 1}
    assert Frequencies(chunks.database).of([other], ["multa", "canario"]) == {
        "multa": 1,
        "canario": 1,
    }
    assert Frequencies(chunks.database).of([geral(chunks), other], ["multa"]) == {"multa": 2}
    assert sound(chunks.database)


def test_what_is_stored_for_a_document_that_is_gone_is_refused(chunks: Chunks) -> None:
    with chunks.database.write() as db:
        db.run("delete from documents where id = 'd1'")

    with pytest.raises(NotFound):
        put(chunks, "d1", "multa")


def run(database: Database, script: Path) -> None:
    with database.connection() as db:
        db.conn.executescript(script.read_text("utf-8"))


def test_a_house_of_the_first_schema_is_put_on_shelves(tmp_path: Path) -> None:
    """Terms, counts and removal work for chunks that were there before the shelves were."""
    database = Database(tmp_path / "appliance.db")
    for file in sorted(SCHEMA.glob("000[12]_*.sql")):
        run(database, file)
    with database.write() as db:
        db.run("insert into collections (id, name, created_at) values ('c', 'Geral', '')")
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values ('d1', 'c', 'd1', 'd1', 'text/plain', 1, '1', 'ready', '')
            """
        )
        db.run(
            """
            insert into chunks (document, ordinal, start, stop, heading, text, language,
                heading_terms, terms, words)
            values ('d1', 0, 0, 1, '', 'Multa', 'pt', 'parte', 'multa' || char(10) || 'taxa', '')
            """
        )
    for file in ("0004_shelves.sql", "0006_frequencies.sql"):
        run(database, SCHEMA / file)
    chunks = Chunks(database)

    assert Frequencies(chunks.database).of(["c"], ["multa", "taxa", "parte"]) == {
        "multa": 1,
        "taxa": 1,
        "parte": 1,
    }
    assert Frequencies(chunks.database).total(["c"]) == 1
    chunks.forget("d1")
    assert Frequencies(chunks.database).total(["c"]) == 0
    assert sound(database)
    database.close()


def test_the_best_match_comes_first_and_there_are_no_more_than_asked(chunks: Chunks) -> None:
    weak, strong = put(chunks, "d1", "multa e outras coisas que constam daqui", "multa taxa")

    found = chunks.matching([geral(chunks)], ["multa", "taxa"], 10)

    assert [number for number, _ in found] == [strong, weak]
    assert found[0][1] > found[1][1] > 0
    assert chunks.matching([geral(chunks)], ["multa", "taxa"], 1) == found[:1]


@pytest.mark.parametrize(("match", "named"), [("", True), (["multa"], False)])
def test_nothing_to_match_or_nowhere_to_look_finds_nothing(
    chunks: Chunks, match: str, named: bool
) -> None:
    put(chunks, "d1", "multa")

    assert chunks.matching([geral(chunks)] if named else [], match, 10) == []


def test_chunks_are_fetched_only_from_the_collections_named_and_ready(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa")

    assert chunks.fetch([], [number]) == []
    assert chunks.fetch(["another"], [number]) == []
    with chunks.database.write() as db:
        db.run("update documents set state = 'indexing'")
    assert chunks.fetch([geral(chunks)], [number]) == []


def test_tidying_changes_nothing_that_is_found(chunks: Chunks) -> None:
    put(chunks, "d1", "multa")
    put(chunks, "d2", "multa taxa")
    before = chunks.matching([geral(chunks)], ["multa"], 10)

    chunks.tidy()

    assert chunks.matching([geral(chunks)], ["multa"], 10) == before
    assert sound(chunks.database)


# --- vectors --------------------------------------------------------------------------


def test_vectors_come_back_with_their_spans_nearly_as_they_were(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa diária")
    kept = Embedding(
        chunk=number, spans=((0, 5), (6, 12)), vectors=np.concatenate([row(0.6, 0.8), row(1, 0)])
    )

    chunks.store(STAMP, [kept])
    (found,) = chunks.fetch([geral(chunks)], [number], STAMP)

    assert found.spans == ((0, 5), (6, 12))
    assert found.vectors is not None
    assert found.vectors == pytest.approx(kept.vectors, abs=1e-3)  # sixteen bits a number
    assert found.vectors.dtype == np.float32


def test_vectors_of_another_stamp_do_not_come_along(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa")
    chunks.store(STAMP, [embedding(number, 1, 0)])

    (found,) = chunks.fetch([geral(chunks)], [number], "model@2")

    assert found.vectors is None
    assert chunks.without_vectors("d1", "model@2") == [(number, "multa")]


def test_chunks_wait_for_vectors_in_the_order_of_the_text(chunks: Chunks) -> None:
    first, second, third = put(chunks, "d1", "um", "dois", "três")
    chunks.store(STAMP, [embedding(second, 1, 0)])

    assert chunks.without_vectors("d1", STAMP) == [(first, "um"), (third, "três")]
    assert chunks.without_vectors("d1", STAMP, limit=1) == [(first, "um")]


def test_vectors_of_a_chunk_that_went_meanwhile_are_passed_over(chunks: Chunks) -> None:
    gone, _ = put(chunks, "d1", "um", "dois")
    (kept,) = put(chunks, "d2", "três")
    chunks.forget("d1")

    chunks.store(STAMP, [embedding(gone, 1, 0), embedding(kept, 0, 1)])

    stored = chunks.database.rows("select chunk from vectors")
    assert stored == [{"chunk": kept}]


def test_vectors_stored_again_take_the_place_of_the_former(chunks: Chunks) -> None:
    (number,) = put(chunks, "d1", "multa")

    chunks.store(STAMP, [embedding(number, 1, 0)])
    chunks.store(STAMP, [embedding(number, 0, 1)])

    (found,) = chunks.fetch([geral(chunks)], [number], STAMP)
    assert found.vectors is not None
    assert found.vectors.tolist() == [[0.0, 1.0]]


def test_embeddings_are_read_in_batches_and_each_once(chunks: Chunks) -> None:
    numbers = put(chunks, "d1", *(f"texto {n}" for n in range(7)))
    chunks.store(STAMP, [embedding(number, 1, 0) for number in numbers])

    batches = list(chunks.embeddings(STAMP, numbers, batch=3))

    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert sorted(one.chunk for batch in batches for one in batch) == numbers


def test_embeddings_of_chunks_that_went_are_passed_over(chunks: Chunks) -> None:
    (gone,) = put(chunks, "d1", "um")
    (kept,) = put(chunks, "d2", "dois")
    chunks.store(STAMP, [embedding(gone, 1, 0), embedding(kept, 0, 1)])
    chunks.forget("d1")

    (batch,) = chunks.embeddings(STAMP, [gone, kept])

    assert [one.chunk for one in batch] == [kept]


def test_chunks_behind_another_wait_in_the_order_of_the_text(chunks: Chunks) -> None:
    first, second, third = put(chunks, "d1", "um", "dois", "três")

    assert chunks.without_vectors("d1", STAMP, after=first) == [(second, "dois"), (third, "três")]
    assert chunks.without_vectors("d1", STAMP, after=third) == []
