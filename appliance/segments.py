"""The table of vector files: which there are, and which were merged into which.

Two promises. A file comes to count in one small transaction, in place of those it was
merged from, and only if those still counted: two processes that merge the same do not
both succeed. And no merge touches the rows of vectors: each names the file it was first
written to, and the way from there to the file that counts is a tree of a few rows.
"""

import json
from collections.abc import Sequence

from appliance.database import Database, Writer
from appliance.records import Record, timestamp

_PRUNED_AT_ONCE = 1000

# The file ``:name`` and, below it, all that were merged into it.
_TREE = """
    with recursive tree(name) as (
        select :name
        union all
        select segments.name from segments join tree on segments.merged_into = tree.name)
"""


class Root(Record, frozen=True):
    """A file that counts. ``believed`` is False while it has to be written again;
    ``count`` is its vectors, ``chunks`` those they belong to, both when it was written."""

    name: str
    collection: str
    stamp: str
    dimensions: int
    count: int
    chunks: int
    believed: bool = True


class Segments:
    """The table ``segments``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def roots(self, stamp: str, collection: str | None = None) -> list[Root]:
        """The files of an embedder's stamp that count or should, oldest first."""
        rows = self.database.rows(
            """
            select name, collection, stamp, dimensions, count, chunks, sha256 != '' as believed
            from segments
            where stamp = :stamp and merged_into is null
                and (:collection is null or collection = :collection)
            order by collection, generation
            """,
            {"stamp": stamp, "collection": collection},
        )
        return [Root(**row | {"believed": bool(row["believed"])}) for row in rows]

    def living(self, name: str) -> int:
        """How many chunks of a file still exist; counted in an index."""
        row = self.database.row(
            f"{_TREE} select count(*) as living from tree"  # noqa: S608 - a constant
            " cross join vectors on vectors.segment = tree.name",
            {"name": name},
        )
        return int(row["living"]) if row else 0

    def publish(
        self, root: Root, sha256: str, numbers: Sequence[int] = (), instead_of: Sequence[str] = ()
    ) -> bool:
        """Make a written file count: for the chunks of these numbers, whose vectors were in
        none, or in place of those it was merged from.

        False when one of those does not count any more: another was quicker.
        """
        with self.database.write() as db:
            if not _count(db, instead_of):
                return False
            _insert(db, root, sha256)
            db.run(
                """
                update segments set merged_into = :name
                where name in (select value from json_each(:merged))
                """,
                {"name": root.name, "merged": json.dumps(list(instead_of))},
            )
            db.run(
                """
                update vectors set segment = :name
                where stamp = :stamp and segment is null
                    and chunk in (select value from json_each(:numbers))
                """,
                {"name": root.name, "stamp": root.stamp, "numbers": json.dumps(list(numbers))},
            )
        return True

    def prune(self, name: str) -> None:
        """Remove the rows at the tips of a file's tree that no vector names any more, and
        its own where that leaves nothing."""
        while tips := self._tips(name):
            with self.database.write() as db:
                db.many(
                    """
                    delete from segments
                    where name = :name and not exists (select 1 from vectors where segment = :name)
                    """,
                    [{"name": tip} for tip in tips],
                )

    def _tips(self, name: str) -> list[str]:
        rows = self.database.rows(
            f"""
            {_TREE}
            select tree.name from tree join segments on segments.name = tree.name
            where not exists (select 1 from vectors where segment = tree.name)
                and not exists (select 1 from segments as tip where tip.merged_into = tree.name)
            limit :most
            """,  # noqa: S608 - a constant
            {"name": name, "most": _PRUNED_AT_ONCE},
        )
        return [row["name"] for row in rows]


def _count(db: Writer, names: Sequence[str]) -> bool:
    """Whether all of these files count."""
    row = db.row(
        """
        select count(*) as counting from segments
        where merged_into is null and name in (select value from json_each(:names))
        """,
        {"names": json.dumps(list(names))},
    )
    return row is not None and int(row["counting"]) == len(names)


def _insert(db: Writer, root: Root, sha256: str) -> None:
    db.run(
        """
        insert into segments
            (name, collection, stamp, dimensions, count, chunks, generation, sha256, created_at)
        select :name, :collection, :stamp, :dimensions, :count, :chunks,
            (select coalesce(max(generation), 0) + 1 from segments
                where collection = :collection), :sha256, :now
        """,
        {
            "name": root.name,
            "collection": root.collection,
            "stamp": root.stamp,
            "dimensions": root.dimensions,
            "count": root.count,
            "chunks": root.chunks,
            "sha256": sha256,
            "now": timestamp(),
        },
    )
