"""The collections: documents that one or more assistants may read."""

import msgspec

from appliance.database import Database, Writer
from appliance.errors import NotFound
from appliance.records import Collection, new_id, timestamp

_COLUMNS = "c.*, (select count(*) from documents where collection = c.id) as documents"
_ONE = f"select {_COLUMNS} from collections c where c.id = :id"  # noqa: S608 -- constant columns
_NAMED = (
    f"select {_COLUMNS} from collections c"  # noqa: S608 -- constant columns
    " where c.id = :name or c.name = :name order by c.id = :name desc, c.id"
)
_ALL = (
    f"select {_COLUMNS} from collections c"  # noqa: S608 -- constant columns
    " where c.id > :after order by c.id limit :limit"
)


def create(db: Writer, name: str) -> Collection:
    """A new, empty collection, inside the caller's transaction."""
    made = Collection(id=new_id(), name=name, documents=0, created_at=timestamp())
    db.run(
        "insert into collections (id, name, created_at) values (:id, :name, :created_at)",
        msgspec.structs.asdict(made),
    )
    return made


def rename(db: Writer, collection_id: str, name: str) -> None:
    """Give it another name; raises ``NotFound``."""
    if not db.run(
        "update collections set name = :name where id = :id", {"name": name, "id": collection_id}
    ):
        raise NotFound


def remove(db: Writer, collection_id: str) -> bool:
    """Remove the collection with all its documents; False when it was not there."""
    return db.run("delete from collections where id = :id", {"id": collection_id}) > 0


def get(database: Database, collection_id: str) -> Collection:
    """The collection with this id; raises ``NotFound``."""
    return _first(database, _ONE, id=collection_id)


def named(database: Database, name: str) -> Collection:
    """The collection with this id or name; raises ``NotFound``."""
    return _first(database, _NAMED, name=name)


def every(database: Database, *, after: str = "", limit: int = 50) -> list[Collection]:
    """Collections, oldest first, those after the cursor ``after``."""
    rows = database.rows(_ALL, {"after": after, "limit": limit})
    return [msgspec.convert(row, Collection) for row in rows]


def _first(database: Database, sql: str, **values: str) -> Collection:
    row = database.row(sql, values)
    if row is None:
        raise NotFound
    return msgspec.convert(row, Collection)
