"""A change of an assistant's settings at the gate: tried without being made, held, published.

Promises: what is held changes no answer; it is published by itself once every golden question
that passed before passes with it, too; where one does not it stays held until somebody
publishes it anyway, which is on record, or drops it. Documents are not staged: one that came,
went or was read again counts at once, and the traffic light says what it did.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from appliance import accounts, assistants, audit, flows, gates, golden, keys, versions
from appliance.database import Database, Writer
from appliance.errors import NotFound
from appliance.gates import Act, Held
from appliance.golden import runs
from appliance.golden.judging import Result
from appliance.looks import Look
from appliance.reach import EVERYWHERE
from appliance.records import Assistant, Caller

# Fields that have no part in an answer: they are changed at once, gate or no gate.
NO_PART = frozenset({
    "id", "slug", "public_id", "created_at", "accent", "origins", "access", "groups", "editors",
    "greeting", "suggestions", "contact", "look", "name",
})  # fmt: skip


class _Tried(Exception):
    """Ends the transaction in which a change was tried, so that nothing of it is kept."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        self.assistant = assistant


def waits(database: Database, assistant: Assistant, changes: Mapping[str, Any]) -> bool:
    """Whether a change has to pass the golden questions first."""
    told = _plain(assistant)
    moved = {
        name
        for name, value in changes.items()
        if name not in NO_PART and name != "flows" and _plain(value) != told.get(name)
    }
    return (
        bool(moved)
        and gates.is_on(database, assistant.id)
        and bool(golden.every(database, assistant.id, limit=1))
    )


def tried(database: Database, assistant_id: str, changes: Mapping[str, Any]) -> Assistant:
    """The assistant as a change would make it; nothing is kept. Raises what the change does.
    Not to be called within a transaction, of which this would become a part."""
    wanted = {name: value for name, value in changes.items() if name != "flows"}
    try:
        with database.write() as db:
            raise _Tried(assistants.change(db, assistant_id, wanted))
    except _Tried as ended:
        return ended.assistant


def hold(
    database: Database, caller: Caller, assistant: Assistant, act: Act, changes: dict[str, Any]
) -> Held:
    """Hold a change that ``waits``. Raises what the change does, and as ``gates.hold``."""
    tried(database, assistant.id, changes)
    with database.write() as db:
        held = gates.hold(db, caller, assistant.id, act, msgspec.to_builtins(changes))
        audit.record(
            db, caller, "assistant.hold", assistant.id,
            collections=assistant.collections, fields=sorted(changes),
        )  # fmt: skip
    return held


def read(held: Held) -> dict[str, Any]:
    """What was wanted, as ``assistants.change`` takes it."""
    wanted = dict(held.changes)
    if "look" in wanted:
        wanted["look"] = msgspec.convert(wanted["look"], Look)
    return wanted


def turned_red(database: Database, assistant_id: str, results: Sequence[Result]) -> list[str]:
    """The questions (ids) that fail, of those that passed when they were asked last, or never
    were."""
    (last,) = runs.every(database, assistant_id, reach=EVERYWHERE, limit=1) or (None,)
    failed_before = {one.question for one in last.results if not one.passed} if last else set()
    return [one.question for one in results if not one.passed and one.question not in failed_before]


def publish(database: Database, held: Held, *, by: Caller | None = None) -> Assistant:
    """Make the change that is held; ``by`` is who does so although it did not pass. Raises what
    the change does."""
    wanted = read(held)
    kept = wanted.pop("flows", None)
    with database.write() as db:
        before = assistants.get(database, held.assistant)
        if kept is not None and (restored := flows.restored(kept)) != flows.of(database, before.id):
            flows.store(db, before.id, restored)
        changed = assistants.change(db, before.id, wanted)
        author = _author(database, held)
        versions.keep(db, author, held.act, changed, before)
        gates.release(db, before.id)
        _record(db, by or author, changed, sorted(held.changes), anyway=by is not None)
    return changed


def _plain(value: Any) -> Any:
    """As it would be read again from JSON: a tuple is as good as a list."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _record(
    db: Writer, caller: Caller, changed: Assistant, fields: list[str], *, anyway: bool
) -> None:
    act = "assistant.publish_anyway" if anyway else "assistant.publish"
    audit.record(db, caller, act, changed.id, collections=changed.collections, fields=fields)


def _author(database: Database, held: Held) -> Caller:
    kind, _, author = held.author.partition(":")
    try:
        if kind == "person":
            return Caller(kind="person", id=author, name=accounts.get(database, author).name)
        if kind == "key":
            return Caller(kind="key", id=author, name=keys.get(database, author).name)
    except NotFound:
        pass  # who wanted it is gone, and stands in the record by an id alone
    return Caller(kind="key" if kind == "key" else "person", id=author, name="")
