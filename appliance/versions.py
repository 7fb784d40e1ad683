"""The versions of an assistant's settings: who changed what, and the way back.

A version is what the settings and the flows were after a change, whole. Which collections an
assistant reads, who may use it and who may change it are no part of one: going back never
opens a wall, and never takes back a right that was given since. The newest ``KEPT`` stay, and
go with the assistant. Who made one is kept as an id alone, so that whoever is erased leaves
no name in it.
"""

from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import NotFound
from appliance.looks import Look
from appliance.records import Assistant, Caller, Record, timestamp

KEPT = 100
SETTINGS = (
    "name", "language", "instructions", "greeting", "suggestions", "refusal", "contact",
    "mode", "strictness", "accent", "origins", "engine", "look",
)  # fmt: skip
Act = Literal["made", "changed", "restored"]


class Difference(Record, frozen=True):
    """One setting ("greeting", "look.position") before and after."""

    field: str
    before: Any
    after: Any


class Version(Record, frozen=True):
    """``by`` is a name, "" where nobody knows it any more; ``changes`` are those since the
    version before, none for the oldest that is kept."""

    number: int
    created_at: str
    by: str
    act: Act
    changes: tuple[Difference, ...]


def keep(
    db: Writer, caller: Caller, act: Act, after: Assistant, before: Assistant | None = None
) -> None:
    """Keep what an assistant's settings are now, inside the caller's transaction; nothing
    where they are what the newest version says. ``before`` becomes the first version of an
    assistant that has none."""
    newest = db.row(_NEWEST, {"assistant": after.id})
    if newest is None and before is not None:
        _add(db, before.id, 1, "", "made", _settings(db, before))
        newest = db.row(_NEWEST, {"assistant": after.id})
    settings = _settings(db, after)
    if newest and _read(newest["settings"]) == settings:
        return
    number = newest["number"] + 1 if newest else 1
    _add(db, after.id, number, f"{caller.kind}:{caller.id}", act, settings)
    db.run(
        "delete from assistant_versions where assistant = :assistant and number <= :old",
        {"assistant": after.id, "old": number - KEPT},
    )


def every(database: Database, assistant_id: str, *, before: int, limit: int) -> list[Version]:
    """The versions, newest first, those before the number ``before`` (0: all)."""
    rows = database.rows(
        f"select * from ({_TOLD}) where :before = 0 or number < :before"  # noqa: S608 -- constant query
        " order by number desc limit :limit",
        {"assistant": assistant_id, "before": before, "limit": limit},
    )
    return [_version(row) for row in rows]


def settings(database: Database, assistant_id: str, number: int) -> dict[str, Any]:
    """What the settings were in a version, as ``assistants.change`` takes them, and ``flows``,
    as ``flows.restored`` does, where there were any. Raises ``NotFound``."""
    row = database.row(
        "select settings from assistant_versions where assistant = :assistant and number = :number",
        {"assistant": assistant_id, "number": number},
    )
    if row is None:
        raise NotFound
    read = _read(row["settings"])
    return read | {"look": msgspec.convert(read.get("look", {}), Look)}


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    """The settings that are not the same, each by its whole name."""
    old, new = _flat(before), _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        Difference(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if (old.get(name) or None) != (new.get(name) or None)
    )


_NEWEST = """
    select number, settings from assistant_versions where assistant = :assistant
    order by number desc limit 1
"""
_TOLD = """
    select number, created_at, author, act, settings,
        coalesce(
            (select name from people where 'person:' || id = author),
            (select name from keys where 'key:' || id = author),
            case when author like 'terminal:%' then substr(author, 10) end, '') as name,
        lag(settings) over (order by number) as earlier
    from assistant_versions where assistant = :assistant
"""


def _add(
    db: Writer, assistant_id: str, number: int, author: str, act: Act, settings: dict[str, Any]
) -> None:
    db.run(
        """
        insert into assistant_versions (assistant, number, created_at, author, act, settings)
        values (:assistant, :number, :now, :author, :act, :settings)
        """,
        {
            "assistant": assistant_id,
            "number": number,
            "now": timestamp(),
            "author": author,
            "act": act,
            "settings": msgspec.json.encode(settings).decode(),
        },
    )


def _settings(db: Writer, assistant: Assistant) -> dict[str, Any]:
    """What an assistant's settings are now; ``flows`` once somebody said anything of them."""
    kept = _read(msgspec.json.encode(assistant))  # as it will be read again, lists and all
    row = db.row(
        "select hours, person, form, exam from flows where assistant = :id", {"id": assistant.id}
    )
    flows = {"flows": {name: _read(text) for name, text in row.items()}} if row else {}
    return {name: kept[name] for name in SETTINGS} | flows


def _read(text: str | bytes) -> dict[str, Any]:
    return dict(msgspec.json.decode(text))


def _flat(settings: dict[str, Any], under: str = "") -> dict[str, Any]:
    """The settings with those inside others beside them: ``look.words.en.greeting``."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        inside = isinstance(value, dict)
        flat |= _flat(value, f"{under}{name}.") if inside else {f"{under}{name}": value}
    return flat


def _version(row: Row) -> Version:
    earlier = _read(row["earlier"]) if row["earlier"] else None
    changes = differences(earlier, _read(row["settings"])) if earlier is not None else ()
    return Version(
        number=row["number"],
        created_at=row["created_at"],
        by=row["name"],
        act=row["act"],
        changes=changes,
    )
