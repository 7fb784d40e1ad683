"""What a caller reaches: the assistants they may use and change, the collections they may
read and look after. Worked out here, once for each request, from what holds at that moment.

Who uses an assistant (``access``):

- ``everyone``: the widget's visitors too, from the sites that it lists;
- ``signed_in``: people with an account, and programs;
- ``groups``: members of its groups, its editors, and keys that are made for it by name.

Who reads a collection:

- a denied group beats everything, also an administrator's role (an ethical wall);
- with allowed groups, it exists for their members alone;
- without, for whoever uses an assistant that reads it;
- programs and visitors are members of nothing: any allowed group closes a collection to
  them, and a key that is not made for named assistants reads nothing that only assistants
  of groups read. Denied groups concern only people.

Who changes things: administrators (and keys with the scope ``admin``) everything within
those walls; an editor the assistants that name them, and the collections that no other
assistant reads, for what is put there speaks through every one of them. A collection that
no assistant reads is looked after by whoever did before.

Auditors use, read and change nothing: theirs is the record of acts.

What lies beside somebody's conversation (``attached``) exists for its owner alone, is in no
list, and is nobody's to look after: it is read by who asks in that conversation.

What a wall cannot do is hold an administrator who takes it down: they may leave the
group, or make a key that sees everything. The record of acts tells of both.
"""

from typing import Any

import msgspec

from appliance.database import Database
from appliance.records import Caller, Record

Ids = frozenset[str]
NOTHING: Ids = frozenset()

# A wall in front of any collection that the assistant reads, or that an answer stands on, is in
# front of a whole conversation ``c``: the questions themselves may tell what is behind it.
BEFORE_THE_WALLS = """
        not exists (
            select 1 from assistant_collections a
            where a.assistant = c.assistant
                and a.collection in (select value from json_each(:closed)))
        and not exists (
            select 1 from messages m, json_each(m.collections) stood_on
            where m.conversation = c.id
                and stood_on.value in (select value from json_each(:closed)))
"""


class Reach(Record, frozen=True):
    """What exists for a caller, as ids; None stands for all.

    ``closed`` are the collections that groups keep from them, ``within`` those that they
    may read otherwise, ``tended`` those of them that they may change; ``assistants`` they
    may use and ``edited`` they may change. ``house`` says that the work on the appliance as
    a whole exists for them too. ``own`` are the shelves beside their own conversations, which
    no query by ``values`` lists.
    """

    closed: Ids
    within: Ids | None
    house: bool = False
    assistants: Ids | None = None
    edited: Ids | None = None
    tended: Ids | None = None
    own: Ids = NOTHING

    def sees(self, assistant: str) -> bool:
        """Whether the caller may use the assistant."""
        return self.assistants is None or assistant in self.assistants

    def edits(self, assistant: str) -> bool:
        """Whether the caller may change the assistant."""
        return self.sees(assistant) and (self.edited is None or assistant in self.edited)

    def reads(self, collection: str) -> bool:
        """Whether the caller may read the collection."""
        return collection in self.own or self._open(collection)

    def tends(self, collection: str) -> bool:
        """Whether the caller may change the collection and what lies in it."""
        return self._open(collection) and (self.tended is None or collection in self.tended)

    def _open(self, collection: str) -> bool:
        return collection not in self.closed and (self.within is None or collection in self.within)

    @property
    def tending(self) -> "Reach":
        """The same, without the collections that the caller may only read."""
        if self.tended is None:
            return msgspec.structs.replace(self, own=NOTHING)
        within = self.tended if self.within is None else self.tended & self.within
        return msgspec.structs.replace(self, within=within, own=NOTHING)

    @property
    def values(self) -> dict[str, str | None]:
        """``closed`` and ``within`` as a query takes them: lists as JSON text."""
        return {"closed": _listed(self.closed), "within": _listed(self.within)}


EVERYWHERE = Reach(closed=NOTHING, within=None, house=True)


def reach_of(database: Database, caller: Caller) -> Reach:
    """What exists for the caller, by the rules above.

    It is the same work whatever is asked for afterwards, so that no clock tells a
    thing that is hidden from one that never was.
    """
    closed = _closed(database, caller) | _beside(database)
    own = _own(database, caller)
    if administers(caller) and caller.assistants is None:
        return Reach(closed=closed, within=None, house=True, own=own)
    if caller.role == "auditor":
        return Reach(
            closed=closed, within=NOTHING, assistants=NOTHING, edited=NOTHING, tended=NOTHING
        )
    used = _used(database, caller)
    if caller.kind == "person":
        edited, tended = _edited(database, caller)
        within = _read(database, used, caller) | tended
        return Reach(
            closed=closed,
            within=within,
            assistants=used,
            edited=edited,
            tended=tended,
            own=own,
        )
    if caller.assistants is None:
        closed |= _shut(database, used)
        return Reach(closed=closed, within=None, assistants=used, edited=NOTHING)
    within = _read(database, used, caller)
    return Reach(closed=closed, within=within, assistants=used, edited=NOTHING)


def administers(caller: Caller) -> bool:
    """Whether the caller looks after the appliance as a whole."""
    return caller.kind == "terminal" or caller.role == "admin" or caller.may("admin")


def _closed(database: Database, caller: Caller) -> Ids:
    # As one row of JSON: two thousand walls take 2.3 ms so, and 4.7 ms as rows.
    return _ids(
        database,
        """
        select json_group_array(collection) as ids from (
            select wall.collection from collection_groups wall
            left join group_members mine
                on mine.group_id = wall.group_id and mine.person = :person
            group by wall.collection
            having max(wall.denied and mine.person is not null)
                or not (:everything
                        or min(wall.denied)  -- no group is named that alone may read
                        or max(not wall.denied and mine.person is not null)))
        """,
        person=_person(caller),
        everything=administers(caller),
    )


def _used(database: Database, caller: Caller) -> Ids:
    """The assistants that the caller may use; those of an editor count as used."""
    return _ids(
        database,
        """
        select json_group_array(id) as ids from assistants a
        where (:named is null or id in (select value from json_each(:named)))
            and case :kind
                when 'visitor' then access = 'everyone'
                when 'person' then access != 'groups'
                    or exists (
                        select 1 from assistant_groups g
                        join group_members m on m.group_id = g.group_id and m.person = :person
                        where g.assistant = a.id)
                    or exists (
                        select 1 from assistant_editors e
                        where e.assistant = a.id and e.person = :editor)
                else access != 'groups' or :named is not null
            end
        """,
        kind=caller.kind,
        person=_person(caller),
        editor=_editor(caller),
        named=_listed(caller.assistants),
    )


def _read(database: Database, used: Ids, caller: Caller) -> Ids:
    """What these assistants read, and what the caller's groups open to them."""
    return _ids(
        database,
        """
        select json_group_array(collection) as ids from (
            select collection from assistant_collections
            where assistant in (select value from json_each(:used))
            union
            select wall.collection from collection_groups wall
            join group_members mine on mine.group_id = wall.group_id
            where mine.person = :person and not wall.denied)
        """,
        used=_listed(used),
        person=_person(caller),
    )


def _edited(database: Database, caller: Caller) -> tuple[Ids, Ids]:
    """The assistants that a person may change, and the collections."""
    editor = _editor(caller)
    edited = _ids(
        database,
        "select json_group_array(assistant) as ids from assistant_editors where person = :editor",
        editor=editor,
    )
    tended = _ids(
        database,
        """
        select json_group_array(collection) as ids from (
            select collection from assistant_collections c
            left join assistant_editors e on e.assistant = c.assistant and e.person = :editor
            group by collection having count(e.person) = count(*)
            union
            select collection from collection_editors former
            where person = :editor and not exists (
                select 1 from assistant_collections c where c.collection = former.collection))
        """,
        editor=editor,
    )
    return edited, tended


def _shut(database: Database, used: Ids) -> Ids:
    """The collections that are read by assistants, and by none of these."""
    return _ids(
        database,
        """
        select json_group_array(collection) as ids from (
            select collection from assistant_collections group by collection
            having not max(assistant in (select value from json_each(:used))))
        """,
        used=_listed(used),
    )


def _beside(database: Database) -> Ids:
    """The shelves beside all conversations."""
    return _ids(
        database,
        """
        select json_group_array(id) as ids from collections where conversation is not null
        """,
    )


def _own(database: Database, caller: Caller) -> Ids:
    return _ids(
        database,
        """
        select json_group_array(shelf.id) as ids
        from conversations c join collections shelf on shelf.conversation = c.id
        where c.owner = 'person:' || :person
        """,
        person=_person(caller),
    )


def _person(caller: Caller) -> str | None:
    return caller.id if caller.kind == "person" else None


def _editor(caller: Caller) -> str | None:
    """A member who was an editor may be named by assistants still; it counts for nothing."""
    return caller.id if caller.kind == "person" and caller.role == "editor" else None


def _ids(database: Database, sql: str, **values: Any) -> Ids:
    (row,) = database.rows(sql, values)
    return msgspec.json.decode(row["ids"], type=frozenset[str])


def _listed(ids: Ids | None) -> str | None:
    return None if ids is None else msgspec.json.encode(sorted(ids)).decode()
