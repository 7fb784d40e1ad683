"""What the ids in the record of acts are called today, for whoever reads it.

The record keeps ids: a name changes, and may have to be forgotten. So names are looked up
when the record is read, and what is gone has none.
"""

from typing import Any

import msgspec

from appliance.audit.searching import Entry
from appliance.database import Database
from appliance.reach import EVERYWHERE, Reach

_NAMES = """
    with wanted as (select value as id from json_each(:ids))
    select id, name from people where id in wanted
    union all select id, name from groups where id in wanted
    union all select id, name from keys where id in wanted
    union all select id, name from engines where id in wanted
    union all select id, name from assistants where id in wanted
    union all select id, name from collections where id in wanted
        and id not in (select value from json_each(:closed))
    union all select id, address as name from sources where id in wanted
        and collection not in (select value from json_each(:closed))
"""


class Told(Entry, frozen=True):
    """An act with ``names``: what the ids in it are called today."""

    names: dict[str, str]


def told(database: Database, entries: list[Entry], *, reach: Reach = EVERYWHERE) -> list[Told]:
    """The acts, with the names of whatever still has one and is within reach."""
    ids = [_ids(one) for one in entries]
    asked = msgspec.json.encode(sorted(set().union(*ids))).decode()
    rows = database.rows(_NAMES, {"ids": asked, "closed": reach.values["closed"]})
    names = {row["id"]: row["name"] for row in rows}
    return [
        Told(**msgspec.structs.asdict(one), names={id_: names[id_] for id_ in of if id_ in names})
        for one, of in zip(entries, ids, strict=True)
    ]


def _ids(entry: Entry) -> set[str]:
    """Whatever in an act may be an id: its subject, its caller, and texts in its details."""
    return {entry.subject, _bare(entry.caller), *_texts(entry.details)}


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {_bare(value)}
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*map(_texts, value)) if isinstance(value, list) else set()


def _bare(text: str) -> str:
    """The id of "person:ID"; anything else as it is."""
    kind, colon, rest = text.partition(":")
    return rest if colon and kind in {"person", "key"} else text
