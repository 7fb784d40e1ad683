"""The collections: documents that one or more assistants may read, and for which groups."""

from collections.abc import Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, NotFound
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Collection, Originals, new_id, timestamp

_COLUMNS = """
    c.*, (select count(*) from documents where collection = c.id) as documents,
    (select json_group_array(group_id) from
        (select group_id from collection_groups where collection = c.id and not denied
         order by group_id)) as groups,
    (select json_group_array(group_id) from
        (select group_id from collection_groups where collection = c.id and denied
         order by group_id)) as denied_groups
"""
_ONE = f"select {_COLUMNS} from collections c where c.id = :id"  # noqa: S608 -- constant columns
_NAMED = (
    f"select {_COLUMNS} from collections c"  # noqa: S608 -- constant columns
    " where c.conversation is null and (c.id = :name or c.name = :name)"
    " order by c.id = :name desc, c.id"
)
_ALL = (
    f"select {_COLUMNS} from collections c"  # noqa: S608 -- constant columns
    " where c.conversation is null"
    " and c.id > :after and c.id not in (select value from json_each(:closed))"
    " and (:within is null or c.id in (select value from json_each(:within)))"
    " order by c.id limit :limit"
)

_THESE = (
    f"select {_COLUMNS} from collections c"  # noqa: S608 -- constant columns
    " where c.id in (select value from json_each(:ids))"
)


def create(
    db: Writer,
    name: str,
    *,
    groups: Sequence[str] = (),
    denied_groups: Sequence[str] = (),
    originals: Originals = "everyone",
    editor: str | None = None,
) -> Collection:
    """A new, empty collection, inside the caller's transaction. ``editor`` is the person who
    looks after it while no assistant reads it.

    Raises ``BadRequest`` (``unknown_group``).
    """
    collection_id = new_id()
    db.run(
        """
        insert into collections (id, name, originals, created_at)
        values (:id, :name, :originals, :now)
        """,
        {"id": collection_id, "name": name, "originals": originals, "now": timestamp()},
    )
    if editor:
        db.run(
            "insert into collection_editors (collection, person) values (:id, :editor)",
            {"id": collection_id, "editor": editor},
        )
    _name_groups(db, collection_id, groups, denied=False)
    _name_groups(db, collection_id, denied_groups, denied=True)
    return _got(db.row(_ONE, {"id": collection_id}))


def change(
    db: Writer,
    collection_id: str,
    *,
    name: str | None = None,
    groups: Sequence[str] | None = None,
    denied_groups: Sequence[str] | None = None,
    originals: Originals | None = None,
) -> Collection:
    """Change what is given; raises ``NotFound`` and ``BadRequest`` (``unknown_group``)."""
    if not db.run(
        """
        update collections
        set name = coalesce(:name, name), originals = coalesce(:originals, originals)
        where id = :id
        """,
        {"name": name, "originals": originals, "id": collection_id},
    ):
        raise NotFound
    for named, denied in ((groups, False), (denied_groups, True)):
        if named is not None:
            db.run(
                "delete from collection_groups where collection = :id and denied = :denied",
                {"id": collection_id, "denied": denied},
            )
            _name_groups(db, collection_id, named, denied=denied)
    return _got(db.row(_ONE, {"id": collection_id}))


def remove(db: Writer, collection_id: str) -> bool:
    """Remove the collection with all its documents; False when it was not there."""
    return db.run("delete from collections where id = :id", {"id": collection_id}) > 0


def find(database: Database, collection_id: str) -> Collection | None:
    """The collection with this id, or None."""
    row = database.row(_ONE, {"id": collection_id})
    return _collection(row) if row else None


def these(database: Database, ids: Sequence[str]) -> list[Collection]:
    """The collections with these ids, as far as there are such."""
    rows = database.rows(_THESE, {"ids": msgspec.json.encode(list(ids)).decode()})
    return [_collection(row) for row in rows]


def get(database: Database, collection_id: str) -> Collection:
    """The collection with this id; raises ``NotFound``."""
    return _got(database.row(_ONE, {"id": collection_id}))


def named(database: Database, name: str) -> Collection:
    """The collection with this id or name; raises ``NotFound``."""
    return _got(database.row(_NAMED, {"name": name}))


def every(
    database: Database, *, reach: Reach = EVERYWHERE, after: str = "", limit: int = 50
) -> list[Collection]:
    """Collections within reach, oldest first, those after the cursor ``after``."""
    rows = database.rows(_ALL, reach.values | {"after": after, "limit": limit})
    return [_collection(row) for row in rows]


def known(database: Database, ids: Sequence[str], reach: Reach) -> set[str]:
    """Those of these ids that are collections within reach."""
    rows = database.rows(
        """
        select id from collections
        where conversation is null and id in (select value from json_each(:ids))
        """,
        {"ids": msgspec.json.encode(list(ids)).decode()},
    )
    return {row["id"] for row in rows if reach.reads(row["id"])}


def _name_groups(db: Writer, collection_id: str, named: Sequence[str], *, denied: bool) -> None:
    for group in dict.fromkeys(named):
        if not db.row("select 1 from groups where id = :id", {"id": group}):
            raise BadRequest("unknown_group", group=group[:60])
        db.run(
            """
            insert into collection_groups (collection, group_id, denied)
            values (:collection, :group, :denied)
            """,
            {"collection": collection_id, "group": group, "denied": denied},
        )


def _got(row: Row | None) -> Collection:
    if row is None:
        raise NotFound
    return _collection(row)


def _collection(row: Row) -> Collection:
    lists = {name: msgspec.json.decode(row[name]) for name in ("groups", "denied_groups")}
    return msgspec.convert(row | lists, Collection)
