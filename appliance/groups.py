"""The groups: people who belong together. What they may read because of it is in ``reach``."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.records import Group, new_id, timestamp

_COLUMNS = """
    g.*, (select json_group_array(person) from
            (select person from group_members where group_id = g.id order by person)) as members
"""
_ONE = f"select {_COLUMNS} from groups g where g.id = :id"  # noqa: S608 -- constant columns
_ALL = (
    f"select {_COLUMNS} from groups g"  # noqa: S608 -- constant columns
    " where g.id > :after order by g.id limit :limit"
)


def create(writer: Writer, *, name: str, members: Iterable[str] = ()) -> Group:
    """A new group of these people (ids).

    Raises ``BadRequest`` (``bad_name``, ``unknown_person``) and ``Conflict``
    (``group_exists``).
    """
    group_id = new_id()
    values = {"id": group_id, "name": _name(name), "now": timestamp()}
    try:
        writer.run("insert into groups (id, name, created_at) values (:id, :name, :now)", values)
    except sqlite3.IntegrityError as fault:
        raise Conflict("group_exists", name=values["name"]) from fault
    _fill(writer, group_id, members)
    return _got(writer.row(_ONE, {"id": group_id}))


def get(database: Database, group_id: str) -> Group:
    """A group by id. Raises ``NotFound``."""
    return _got(database.row(_ONE, {"id": group_id}))


def listing(database: Database, *, limit: int, after: str = "") -> list[Group]:
    """Groups in the order they were made; ``after`` is the id to go on from."""
    return [_group(row) for row in database.rows(_ALL, {"after": after, "limit": limit})]


def change(
    writer: Writer, group_id: str, *, name: str | None = None, members: Sequence[str] | None = None
) -> Group:
    """Give it another name, or other members; what is None stays.

    Raises ``NotFound`` and as ``create`` does.
    """
    before = _got(writer.row(_ONE, {"id": group_id}))
    values = {"id": group_id, "name": before.name if name is None else _name(name)}
    try:
        writer.run("update groups set name = :name where id = :id", values)
    except sqlite3.IntegrityError as fault:
        raise Conflict("group_exists", name=values["name"]) from fault
    if members is not None:
        writer.run("delete from group_members where group_id = :id", {"id": group_id})
        _fill(writer, group_id, members)
    return _got(writer.row(_ONE, {"id": group_id}))


def add(writer: Writer, group_id: str, person_id: str) -> None:
    """Make a person a member; where the group is gone meanwhile, nobody becomes one."""
    writer.run(
        """
        insert or ignore into group_members (group_id, person)
        select id, :person from groups where id = :id
        """,
        {"id": group_id, "person": person_id},
    )


def leave(writer: Writer, group_id: str, person_id: str) -> None:
    """Make a person no longer a member; where they were none, nothing happens."""
    writer.run(
        "delete from group_members where group_id = :group and person = :person",
        {"group": group_id, "person": person_id},
    )


def held(writer: Writer, person_id: str) -> set[str]:
    """The groups (ids) that a person is in."""
    rows = writer.rows(
        "select group_id from group_members where person = :person", {"person": person_id}
    )
    return {str(row["group_id"]) for row in rows}


def named(writer: Writer, names: Iterable[str]) -> dict[str, str]:
    """The ids of groups by their names, in small letters; what is no group is left out."""
    rows = writer.rows("select id, name from groups")
    known = {str(row["name"]).casefold(): str(row["id"]) for row in rows}
    wanted = {name.strip().casefold() for name in names}
    return {name: known[name] for name in wanted if name in known}


def remove(writer: Writer, group_id: str) -> Group:
    """Remove a group; which it was. Raises ``NotFound``, and ``Conflict``
    (``group_in_use``) while a collection or an assistant names it: without its only allowed
    group, that collection would be open to everybody, and that assistant to nobody."""
    group = _got(writer.row(_ONE, {"id": group_id}))
    if writer.row(
        """
        select 1 from collection_groups join collections on collections.id = collection
        where group_id = :id
        union all select 1 from assistant_groups where group_id = :id
        """,
        {"id": group_id},
    ):
        raise Conflict("group_in_use", name=group.name)
    writer.run("delete from groups where id = :id", {"id": group_id})
    return group


def _fill(writer: Writer, group_id: str, members: Iterable[str]) -> None:
    for person in dict.fromkeys(members):
        if not writer.row("select 1 from people where id = :id", {"id": person}):
            raise BadRequest("unknown_person", person=person[:60])
        writer.run(
            "insert into group_members (group_id, person) values (:group, :person)",
            {"group": group_id, "person": person},
        )


def _name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise BadRequest("bad_name")
    return name


def _got(row: Row | None) -> Group:
    if row is None:
        raise NotFound
    return _group(row)


def _group(row: Row) -> Group:
    return msgspec.convert(row | {"members": msgspec.json.decode(row["members"])}, Group)
