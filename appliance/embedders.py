"""The embedders whose vectors there are: the one in force, one that comes, those that leave.

Vectors of different stamps never meet, so a new embedder is of no use before it has
read every chunk. Until then the old one answers, and one transaction makes the new one
count. Three promises: there is one in force at any moment; it changes only when no
chunk lacks a vector of the new one; and a change that was begun can be taken back at
any time, by setting the old name again.
"""

from typing import Literal

from appliance.database import Database, Writer
from appliance.records import Record

State = Literal["in_force", "coming", "leaving"]


class Known(Record, frozen=True):
    """An embedder by its name in the catalogue and its stamp, which names the version too."""

    stamp: str
    name: str
    dimensions: int


class EmbedderChange(Record, frozen=True):
    """A replacement under way. ``done`` of ``total`` chunks have their new vectors;
    ``by_keywords`` says that the old embedder is gone, and search goes without it."""

    old: str
    new: str
    by_keywords: bool
    job: str | None
    done: int
    total: int


class Embedders:
    """The table ``embedders``, and what of ``vectors`` belongs to each."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def in_force(self) -> Known | None:
        """The one that search uses; None before the first start of a worker."""
        return next(iter(self._of("in_force")), None)

    def coming(self) -> Known | None:
        """The one that is to take its place, if any."""
        return next(iter(self._of("coming")), None)

    def leaving(self) -> list[Known]:
        """Those whose vectors are of no use any more."""
        return self._of("leaving")

    def settle(self, wanted: Known) -> None:
        """Let the embedder that the settings name be in force, or come, and no other.

        For the holder of the worker's lock, at its start: no job may run meanwhile.
        """
        with self.database.write() as db:
            self._note_strays(db)
            held = self.in_force()
            db.run("update embedders set state = 'leaving' where state = 'coming'")
            if held is None:
                _put(db, wanted, "in_force")
            elif held.stamp != wanted.stamp:
                _put(db, wanted, "coming")

    def lacking(self, stamp: str, after: int, limit: int) -> list[tuple[int, str]]:
        """Number and text of chunks without a vector of this stamp, by number, those behind
        the chunk ``after``."""
        rows = self.database.rows(
            """
            select id, text from chunks
            where id > :after and not exists (
                select 1 from vectors where chunk = chunks.id and stamp = :stamp)
            order by id limit :limit
            """,
            {"stamp": stamp, "after": after, "limit": limit},
        )
        return [(row["id"], row["text"]) for row in rows]

    def progress(self, stamp: str) -> tuple[int, int]:
        """How many chunks have a vector of this stamp, and how many there are."""
        row = self.database.row(
            """
            select (select count(*) from vectors where stamp = :stamp) as done,
                (select count(*) from chunks) as total
            """,
            {"stamp": stamp},
        )
        return (int(row["done"]), int(row["total"])) if row else (0, 0)

    def enforce(self, stamp: str) -> bool:
        """Make the coming embedder the one in force, if every chunk has its vector and every
        vector is in a file.

        False when that is not so, or when the embedder is not the coming one any more.
        """
        # Looked through before, so that the transaction, in which nobody else can
        # write, only looks at what came since; a chunk never loses its vector.
        newest = self.database.row("select max(id) as id from chunks")
        if self.lacking(stamp, 0, 1):
            return False
        with self.database.write() as db:
            coming = self.coming()
            if coming is None or coming.stamp != stamp:
                return False
            if self.lacking(stamp, int((newest and newest["id"]) or 0), 1):
                return False
            if db.row(
                "select 1 from vectors where segment is null and stamp = :stamp limit 1",
                {"stamp": stamp},
            ):
                return False
            db.run("update embedders set state = 'leaving' where state = 'in_force'")
            _put(db, coming, "in_force")
        return True

    def collections(self) -> list[str]:
        """The ids of all collections: where vectors of a stamp may wait for a file."""
        return [row["id"] for row in self.database.rows("select id from collections")]

    def files(self, stamp: str) -> list[str]:
        """The names of all vector files of a stamp, those that were merged away too."""
        rows = self.database.rows(
            "select name from segments where stamp = :stamp", {"stamp": stamp}
        )
        return [row["name"] for row in rows]

    def discard(self, stamp: str, file: str | None, most: int) -> int:
        """Delete up to ``most`` vectors of a leaving stamp that are in a file, or in none;
        how many. None of an embedder that does not leave any more."""
        with self.database.write() as db:
            return db.run(
                """
                delete from vectors where id in (
                    select vectors.id from embedders
                    join vectors on vectors.stamp = embedders.stamp
                    where embedders.stamp = :stamp and embedders.state = 'leaving'
                        and vectors.segment is :file
                    limit :most)
                """,
                {"stamp": stamp, "file": file, "most": most},
            )

    def forget_files(self, names: list[str]) -> None:
        """Delete the rows of vector files that no vector names."""
        with self.database.write() as db:
            db.many("delete from segments where name = :name", [{"name": one} for one in names])

    def forget(self, stamp: str) -> bool:
        """Forget an embedder that leaves; False when it does not leave any more."""
        with self.database.write() as db:
            return bool(
                db.run(
                    "delete from embedders where stamp = :stamp and state = 'leaving'",
                    {"stamp": stamp},
                )
            )

    def _of(self, state: State) -> list[Known]:
        rows = self.database.rows(
            "select stamp, name, dimensions from embedders where state = :state order by stamp",
            {"state": state},
        )
        return [Known(**row) for row in rows]

    def _note_strays(self, db: Writer) -> None:
        """Files of a stamp that nobody knows, left by a document that was being embedded
        while its embedder left: theirs to be removed too."""
        if self.in_force() is None:
            return
        db.run(
            """
            insert or ignore into embedders (stamp, name, dimensions, state)
            select distinct stamp, substr(stamp, 1, instr(stamp, '@') - 1), dimensions, 'leaving'
            from segments
            """
        )


def _put(db: Writer, known: Known, state: State) -> None:
    db.run(
        """
        insert into embedders (stamp, name, dimensions, state)
        values (:stamp, :name, :dimensions, :state)
        on conflict (stamp) do update set state = :state
        """,
        {
            "stamp": known.stamp,
            "name": known.name,
            "dimensions": known.dimensions,
            "state": state,
        },
    )
