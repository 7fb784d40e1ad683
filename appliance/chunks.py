"""The chunks of documents: their text, their terms, their vectors, and the vector files.

Three promises: a chunk's number is never given again; a document that is deleted,
however it goes, is found by nobody from the moment the transaction commits; and
what the vector files hold can always be made again from ``vectors``.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import structs

from appliance.database import Database, Writer
from appliance.errors import NotFound
from appliance.records import Chunk, Language, Record
from appliance.windows import Embedding, StoredChunk, spans_of, stored, vectors_of

AT_ONCE = 64  # chunks that one transaction puts or removes: 30 ms in which nobody else writes


class Terms(Record, frozen=True):
    """A chunk's terms as ``index.keywords`` prepared them."""

    language: Language
    heading_terms: str
    terms: str
    words: str


class Segment(Record, frozen=True):
    """A vector file that counts, and what it must hold to be believed."""

    name: str
    collection: str
    stamp: str
    dimensions: int
    count: int  # vectors
    chunks: int
    generation: int
    sha256: str


class Chunks:
    """The tables ``chunks``, ``vectors`` and ``segments``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # --- writing ------------------------------------------------------------------

    def replace(
        self,
        document: str,
        chunks: Sequence[Chunk],
        terms: Iterable[Terms],
        *,
        on_progress: Callable[[int], object] = lambda done: None,
    ) -> list[int]:
        """Store the chunks of a document in place of its former ones; their numbers, in order.

        Up to ``AT_ONCE`` chunks in one transaction; of a longer document each ``AT_ONCE`` in
        one of its own, so that whoever asks meanwhile is not kept from writing, and the
        document knows how many it has with the last. ``terms`` are taken between two
        transactions; ``on_progress`` hears of the chunks done. Raises ``NotFound`` when the
        document is gone.
        """
        pairs, numbers, last = zip(chunks, terms, strict=True), list[int](), False
        while not last:
            batch = list(islice(pairs, AT_ONCE))
            last = len(numbers) + len(batch) >= len(chunks)
            if last:
                batch += pairs  # raises where there are more terms than chunks
            if not numbers:
                self._thin_out(document)
            with self.database.write() as db:
                if not numbers:
                    db.run("delete from chunks where document = :document", {"document": document})
                numbers += [_put(db, document, *one) for one in batch]
                if last:
                    db.run(
                        "update documents set chunks = :count where id = :document",
                        {"count": len(numbers), "document": document},
                    )
            on_progress(len(numbers))
        return numbers

    def _thin_out(self, document: str) -> None:
        """Remove chunks of a document in small transactions until one more can take the rest."""
        while True:
            with self.database.write() as db:
                gone = db.run(
                    """
                    delete from chunks where id in (
                        select id from chunks where document = :document
                        order by id limit :most offset :most)
                    """,
                    {"document": document, "most": AT_ONCE},
                )
            if gone < AT_ONCE:
                return

    def forget(self, document: str) -> None:
        """Remove the chunks of a document, with their terms and vectors."""
        self.replace(document, [], [])

    def store(self, stamp: str, embeddings: Sequence[Embedding]) -> None:
        """Keep the vectors of a batch of chunks; chunks that went meanwhile are passed over."""
        with self.database.write() as db:
            for one in embeddings:
                db.run(
                    """
                    insert or replace into vectors (chunk, stamp, spans, vectors)
                    select id, :stamp, :spans, :vectors from chunks where id = :chunk
                    """,
                    {
                        "chunk": one.chunk,
                        "stamp": stamp,
                        "spans": json.dumps(one.spans),
                        "vectors": one.vectors.astype("<f2").tobytes(),
                    },
                )

    def without_vectors(
        self, document: str, stamp: str, limit: int = 64, after: int = 0
    ) -> list[tuple[int, str]]:
        """Number and text of chunks of a document that have no vector of this stamp yet, in
        the order of the text; those behind the chunk with the number ``after``."""
        rows = self.database.rows(
            """
            select id, text from chunks
            where document = :document
                and ordinal > coalesce((select ordinal from chunks where id = :after), -1)
                and not exists (select 1 from vectors where chunk = chunks.id and stamp = :stamp)
            order by ordinal limit :limit
            """,
            {"document": document, "stamp": stamp, "limit": limit, "after": after},
        )
        return [(row["id"], row["text"]) for row in rows]

    # --- finding ------------------------------------------------------------------

    def matching(
        self,
        collections: Sequence[str],
        terms: Sequence[str],
        limit: int,
        *,
        beside: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> list[tuple[int, float]]:
        """The chunks that hold any of the terms (and any of those ``beside``, where there are
        some), of ready documents in these collections, ``without`` some of those: numbers and
        BM25, best first."""
        shelves = self._shelves(collections)
        wanted, also = (_any_of(shelves, one) for one in (terms, beside))
        if not wanted:
            return []
        rows = self.database.rows(
            """
            select chunk_terms.rowid as id, -rank as score
            from chunk_terms
            cross join chunks on chunks.id = chunk_terms.rowid
            cross join documents on documents.id = chunks.document
            where chunk_terms match :match and rank match 'bm25(2.0, 1.0)'
                and documents.state = 'ready'
                and documents.id not in (select value from json_each(:without))
            order by rank limit :limit
            """,
            {
                "match": f"({wanted}) AND ({also})" if also else wanted,
                "limit": limit,
                "without": json.dumps(list(without)),
            },
        )
        return [(row["id"], row["score"]) for row in rows]

    def _shelves(self, collections: Sequence[str]) -> list[str]:
        """What the terms of these collections' chunks begin with; see ``0004_shelves.sql``."""
        rows = self.database.rows(
            "select number from collections where id in (select value from json_each(:ids))",
            {"ids": json.dumps(list(collections))},
        )
        return [f"q{row['number']}q" for row in rows]

    def fetch(
        self,
        collections: Sequence[str],
        numbers: Sequence[int],
        stamp: str = "",
        *,
        without: Sequence[str] = (),
    ) -> list[StoredChunk]:
        """The chunks of these numbers that still exist, in ready documents of these collections,
        ``without`` some of those.

        With a ``stamp``, their vectors of that stamp come along. The order is not promised.
        """
        rows = self.database.rows(
            """
            select chunks.*, documents.title, vectors.spans, vectors.vectors
            from json_each(:numbers) as wanted
            cross join chunks on chunks.id = wanted.value
            cross join documents on documents.id = chunks.document
            left join vectors on vectors.chunk = chunks.id and vectors.stamp = :stamp
            where documents.state = 'ready'
                and documents.collection in (select value from json_each(:collections))
                and documents.id not in (select value from json_each(:without))
            """,
            {
                "numbers": json.dumps([int(number) for number in numbers]),
                "collections": json.dumps(list(collections)),
                "stamp": stamp,
                "without": json.dumps(list(without)),
            },
        )
        return [stored(row) for row in rows]

    def at(self, document: str, places: Sequence[int]) -> list[StoredChunk]:
        """The chunks of a document that hold these places of its text, in order, each once."""
        rows = self.database.rows(
            """
            select distinct chunks.*, documents.title, '' as spans, null as vectors
            from json_each(:places) as place
            join chunks on chunks.document = :document
                and chunks.start <= place.value and place.value < chunks.stop
            join documents on documents.id = chunks.document
            order by chunks.ordinal
            """,
            {"document": document, "places": json.dumps(list(places))},
        )
        return [stored(row) for row in rows]

    def of_document(self, document: str, *, limit: int) -> list[StoredChunk]:
        """The first ``limit`` chunks of a document in the order of its text, without vectors."""
        rows = self.database.rows(
            """
            select chunks.*, documents.title, '' as spans, null as vectors
            from chunks join documents on documents.id = chunks.document
            where chunks.document = :document order by ordinal limit :limit
            """,
            {"document": document, "limit": limit},
        )
        return [stored(row) for row in rows]

    # --- vector files -------------------------------------------------------------

    def segments(self, collections: Sequence[str], stamp: str) -> list[Segment]:
        """The vector files of these collections that count for an embedder's stamp, oldest
        first."""
        rows = self.database.rows(
            """
            select name, collection, stamp, dimensions, count, chunks, generation, sha256
            from segments
            where stamp = :stamp and merged_into is null and sha256 != ''
                and collection in (select value from json_each(:collections))
            order by generation
            """,
            {"stamp": stamp, "collections": json.dumps(list(collections))},
        )
        return [Segment(**row) for row in rows]

    def segment_names(self) -> set[str]:
        """The names of all vector files that rows speak of."""
        rows = self.database.rows(
            "select name from segments where merged_into is null and sha256 != ''"
        )
        return {row["name"] for row in rows}

    def alive(self, numbers: Iterable[int], *, without: Sequence[str] = ()) -> set[int]:
        """Those of the numbers whose chunks still exist, ``without`` those of some documents."""
        rows = self.database.rows(
            """
            select chunks.id from json_each(:numbers) as wanted
            cross join chunks on chunks.id = wanted.value
            where chunks.document not in (select value from json_each(:without))
            """,
            {
                "numbers": json.dumps([int(number) for number in numbers]),
                "without": json.dumps(list(without)),
            },
        )
        return {row["id"] for row in rows}

    def live(self, segment: str, *, without: Sequence[str] = ()) -> list[int]:
        """Numbers of the chunks of a vector file that still exist, ascending, ``without`` those
        of some documents."""
        # Row by row: as one list of dictionaries a million would be 250 MB.
        with self.database.connection() as db:
            rows = db.query(
                """
                with recursive tree(name) as (
                    select :segment
                    union all
                    select segments.name
                    from segments join tree on segments.merged_into = tree.name)
                select vectors.chunk from tree cross join vectors on vectors.segment = tree.name
                """,
                {"segment": segment},
            )
            alive = sorted(row["chunk"] for row in rows)
        if not without:
            return alive
        left_out = self.database.rows(
            "select id from chunks where document in (select value from json_each(:without))",
            {"without": json.dumps(list(without))},
        )
        return sorted(set(alive).difference(row["id"] for row in left_out))

    def unpublished(
        self, stamp: str, *, collection: str | None = None, document: str | None = None
    ) -> list[int]:
        """Numbers of the chunks of a collection or a document whose vectors are in no file."""
        with self.database.connection() as db:
            rows = db.query(
                """
                select vectors.chunk from vectors
                join chunks on chunks.id = vectors.chunk
                join documents on documents.id = chunks.document
                where vectors.stamp = :stamp and vectors.segment is null
                    and (:document is null or chunks.document = :document)
                    and (:collection is null or documents.collection = :collection)
                """,
                {"stamp": stamp, "collection": collection, "document": document},
            )
            return sorted(row["chunk"] for row in rows)

    def embeddings(
        self, stamp: str, numbers: Sequence[int], batch: int = 500
    ) -> Iterator[list[Embedding]]:
        """The vectors of those of the chunks that still exist, batch by batch."""
        for start in range(0, len(numbers), batch):
            rows = self.database.rows(
                """
                select vectors.chunk, vectors.spans, vectors.vectors
                from json_each(:numbers) as wanted
                cross join vectors on vectors.chunk = wanted.value and vectors.stamp = :stamp
                """,
                {"numbers": json.dumps(numbers[start : start + batch]), "stamp": stamp},
            )
            yield [
                Embedding(
                    chunk=row["chunk"], spans=spans, vectors=vectors_of(row["vectors"], len(spans))
                )
                for row in rows
                for spans in (spans_of(row["spans"]),)
            ]

    def withdraw(self, names: Sequence[str]) -> None:
        """Stop believing in vector files; they wait to be written again."""
        with self.database.write() as db:
            db.many(
                "update segments set sha256 = '' where name = :name",
                [{"name": name} for name in names],
            )

    def tidy(self) -> None:
        """Merge the keyword index into one piece, after bulk loads and before a VACUUM."""
        with self.database.write() as db:
            db.run("insert into chunk_terms(chunk_terms) values ('optimize')")


def _any_of(shelves: Sequence[str], terms: Sequence[str]) -> str:
    """A MATCH expression; each term is a quoted string, so that nothing in it is syntax."""
    quoted = [term.replace('"', '""') for term in terms]
    return " OR ".join(f'"{shelf}{term}"' for shelf in shelves for term in quoted)


def _put(db: Writer, document: str, chunk: Chunk, prepared: Terms) -> int:
    """One chunk; its number. Raises ``NotFound`` when the document is gone."""
    row = db.row(
        """
        insert into chunks (document, shelf, ordinal, page, start, stop, heading,
            text, language, heading_terms, terms, words)
        select documents.id, collections.number, :ordinal, :page, :start, :end,
            :heading, :text, :language, :heading_terms, :terms, :words
        from documents join collections on collections.id = documents.collection
        where documents.id = :document
        returning id
        """,
        {"document": document} | structs.asdict(chunk) | structs.asdict(prepared),
    )
    if row is None:
        raise NotFound
    return int(row["id"])
