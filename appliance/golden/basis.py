"""What a run of golden questions stands on, and what of it is another than the last time.

A basis holds ids, titles and marks, no contents: of a document when it became ready, of a
setting a few digits of its hash.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Literal

from appliance.database import Database
from appliance.records import Record

MOST_NAMED = 20  # documents that a change names; all are counted
Kind = Literal[
    "documents_added", "documents_removed", "documents_changed", "settings", "questions",
    "model", "embedder", "version",
]  # fmt: skip


class Change(Record, frozen=True):
    """``names`` are titles of documents, fields of the assistant, or a name before and after."""

    kind: Kind
    names: tuple[str, ...]
    count: int


class Basis(Record, frozen=True):
    """``documents`` gives title and mark of each by its id; ``settings`` and ``questions``
    a mark for each name or id."""

    documents: dict[str, tuple[str, str]]
    settings: dict[str, str]
    questions: dict[str, str]
    model: str = ""
    embedder: str = ""
    version: str = ""


def mark(value: object) -> str:
    """A few digits that are others when the value is another."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def documents(
    database: Database, collections: Sequence[str], without: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """The ready documents of these collections but for some ids: title and mark."""
    rows = database.rows(
        """
        select id, title, ready_at from documents
        where state = 'ready' and collection in (select value from json_each(:collections))
            and id not in (select value from json_each(:without))
        """,
        {"collections": json.dumps(list(collections)), "without": json.dumps(list(without))},
    )
    return {row["id"]: (row["title"], row["ready_at"] or "") for row in rows}


def outline(database: Database, collections: Sequence[str]) -> dict[str, object]:
    """What of the documents moves when one comes, goes or is read again, and whether any is
    on its way: one row, however many there are."""
    row = database.row(
        """
        select count(*) filter (where state = 'ready') as ready,
            max(ready_at) filter (where state = 'ready') as latest,
            total(rowid) filter (where state = 'ready') as rows,
            count(*) filter (where state in ('queued', 'reading', 'indexing')) as coming
        from documents where collection in (select value from json_each(:collections))
        """,
        {"collections": json.dumps(list(collections))},
    )
    return dict(row or {})


def differences(before: Basis, now: Basis) -> list[Change]:
    """What is another than before, documents first."""
    found = [
        _change("documents_added", _titles(now, now.documents.keys() - before.documents.keys())),
        _change("documents_removed", _titles(before, before.documents.keys() - now.documents)),
        _change("documents_changed", _titles(now, _moved(before.documents, now.documents))),
        _change("settings", sorted(_others(before.settings, now.settings))),
        _change("questions", sorted(_others(before.questions, now.questions)), named=False),
    ]
    kinds: tuple[Literal["model", "embedder", "version"], ...] = ("model", "embedder", "version")
    for kind in kinds:
        names = getattr(before, kind), getattr(now, kind)
        if names[0] != names[1]:
            found.append(Change(kind=kind, names=names, count=1))
    return [one for one in found if one.count]


def _change(kind: Kind, names: Sequence[str], *, named: bool = True) -> Change:
    return Change(kind=kind, names=tuple(names[:MOST_NAMED] if named else ()), count=len(names))


def _titles(basis: Basis, ids: "set[str]") -> list[str]:
    return sorted(basis.documents[one][0] for one in ids)


def _moved(before: Mapping[str, tuple[str, str]], now: Mapping[str, tuple[str, str]]) -> set[str]:
    return {one for one in before.keys() & now.keys() if before[one][1] != now[one][1]}


def _others(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    return {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}
