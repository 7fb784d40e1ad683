"""In how many chunks a word occurs, for weighing it: exact for rare words, kept for frequent ones.

The keyword index answers by reading a word's whole list: nothing for a rare word, 60 ms for
the frequent ones of a question over a million chunks. So ``count`` keeps those of a large
collection, and ``of`` scales them to what the collection has grown to since. It is due
again when the collection is a tenth larger or smaller, so no count is off by much more than
a tenth, which moves an IDF by 0.1.
"""

import json
from collections.abc import Callable, Sequence

from appliance.database import Database

LARGE = 20_000  # chunks from which on a collection's frequent words are kept
FREQUENT = 1000  # chunks with a word from which on its count is kept; fewer read in 0.05 ms
DRIFT = 0.1  # of a collection's size; more than that, and it is counted again
_TOLD_EVERY = 20_000  # words


class Frequencies:
    """How often words occur in collections."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def total(self, collections: Sequence[str]) -> int:
        """How many chunks there are in these collections."""
        row = self.database.row(
            """
            select coalesce(sum(chunks), 0) as total from collections
            where id in (select value from json_each(:ids))
            """,
            {"ids": json.dumps(list(collections))},
        )
        return int(row["total"]) if row else 0

    def of(self, collections: Sequence[str], terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks of these collections each term occurs; those that occur in
        none are left out."""
        rows = self.database.rows(
            """
            select wanted.value as term, sum(coalesce(
                (select kept.chunks * collections.chunks / counted from frequent_terms as kept
                    where kept.collection = collections.id and kept.term = wanted.value),
                (select doc from term_counts
                    where term_counts.term = 'q' || number || 'q' || wanted.value))) as held
            from json_each(:terms) as wanted
            cross join collections
            where collections.id in (select value from json_each(:ids))
            group by wanted.value
            having held > 0
            """,
            {"terms": json.dumps(list(terms)), "ids": json.dumps(list(collections))},
        )
        return {row["term"]: row["held"] for row in rows}

    def due(self) -> list[str]:
        """The large collections whose words were never counted, or long ago; cheap."""
        rows = self.database.rows(
            """
            select id from collections
            where chunks >= :large and abs(chunks - counted) > :drift * counted
            """,
            {"large": LARGE, "drift": DRIFT},
        )
        return [row["id"] for row in rows]

    def count(self, collection: str, *, on_progress: Callable[[int], None]) -> None:
        """Keep the counts of a collection's frequent words; some seconds for a million chunks.

        ``on_progress`` hears how many words were looked at, and may raise to end it.
        """
        row = self.database.row(
            "select number, chunks from collections where id = :id", {"id": collection}
        )
        if row is None:
            return
        shelf = f"q{row['number']}q"
        kept = []
        with self.database.connection() as db:
            # Row by row: a million words as one list would be 250 MB.
            words = db.query(
                "select term, doc from term_counts where term >= :first and term < :behind",
                {"first": shelf, "behind": shelf[:-1] + "r"},
            )
            for looked_at, word in enumerate(words):
                if looked_at % _TOLD_EVERY == 0:
                    on_progress(looked_at)
                if word["doc"] >= FREQUENT:
                    term = word["term"].removeprefix(shelf)
                    kept.append({"collection": collection, "term": term, "chunks": word["doc"]})
        with self.database.write() as writer:
            writer.run("delete from frequent_terms where collection = :id", {"id": collection})
            writer.many(
                """
                insert into frequent_terms (collection, term, chunks)
                select id, :term, :chunks from collections where id = :collection
                """,
                kept,
            )
            writer.run(
                "update collections set counted = :chunks where id = :id",
                {"chunks": row["chunks"], "id": collection},
            )
