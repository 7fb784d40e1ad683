"""The engines beside the built-in one: servers of the site, and hosted providers.

An engine's row says where it is and which model to ask for. Its API key is a file of its
own, ``secrets/engines/<id>``, readable by the appliance's user alone: it is in no table, no
backup of one, and nothing gives it back. What is not of kind ``site`` leaves the building.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import Record, new_id, timestamp

Kind = Literal["site", "openai", "anthropic", "mistral"]
CONTEXT = 8192
FIELDS = ("name", "addresses", "model", "context")
HOMES: dict[Kind, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "mistral": "https://api.mistral.ai/v1",
}

_ONE = "select * from engines where id = :id"


class Engine(Record, frozen=True):
    """``addresses`` are asked in turn; ``context`` counts tokens of prompt and answer."""

    id: str
    name: str
    kind: Kind
    addresses: tuple[str, ...]
    model: str
    context: int
    created_at: str

    @property
    def leaves_building(self) -> bool:
        """Whether what it is asked goes to somebody else's machines."""
        return self.kind != "site"


def new(
    *, name: str, kind: Kind, addresses: Sequence[str], model: str, context: int = CONTEXT
) -> Engine:
    """An engine that is nowhere yet; without ``addresses`` the provider's own."""
    given = tuple(addresses) or tuple(filter(None, [HOMES.get(kind)]))
    return Engine(
        id=new_id(),
        name=" ".join(name.split()),
        kind=kind,
        addresses=tuple(dict.fromkeys(one.strip().rstrip("/") for one in given)),
        model=model.strip(),
        context=context,
        created_at=timestamp(),
    )


def add(db: Writer, engine: Engine) -> None:
    """Keep a new engine. Raises ``Conflict`` (``engine_exists``)."""
    try:
        db.run(
            """
            insert into engines (id, name, kind, addresses, model, context, created_at)
            values (:id, :name, :kind, :addresses, :model, :context, :created_at)
            """,
            _values(engine),
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("engine_exists", name=engine.name) from fault


def changed(engine: Engine, changes: dict[str, Any]) -> Engine:
    """The engine with some of ``FIELDS`` as ``changes`` has them; kept by ``replace``."""
    fields = {name: changes.get(name, getattr(engine, name)) for name in FIELDS}
    fresh = new(kind=engine.kind, **fields)
    return msgspec.structs.replace(fresh, id=engine.id, created_at=engine.created_at)


def replace(db: Writer, engine: Engine) -> None:
    """Keep an engine as it is now. Raises ``NotFound``, ``Conflict`` (``engine_exists``)."""
    try:
        found = db.run(
            """
            update engines set name = :name, addresses = :addresses, model = :model,
                context = :context
            where id = :id
            """,
            _values(engine),
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("engine_exists", name=engine.name) from fault
    if not found:
        raise NotFound


def remove(db: Writer, data: Path, engine_id: str) -> Engine:
    """Remove an engine and its key. Raises ``NotFound``, and ``Conflict``
    (``engine_in_use``) with the ids of the assistants for which it writes in ``users``."""
    row = db.row(_ONE, {"id": engine_id})
    if row is None:
        raise NotFound
    engine = _engine(row)
    users = [one["id"] for one in db.rows("select id from assistants where engine = :id", row)]
    if users:
        raise Conflict("engine_in_use", name=engine.name, count=len(users), users=users)
    db.run("delete from engines where id = :id", {"id": engine_id})
    _key_file(data, engine_id).unlink(missing_ok=True)
    return engine


def get(database: Database, engine_id: str) -> Engine:
    """An engine by id. Raises ``NotFound``."""
    row = database.row(_ONE, {"id": engine_id})
    if row is None:
        raise NotFound
    return _engine(row)


def every(database: Database) -> list[Engine]:
    """All engines, oldest first."""
    return [_engine(row) for row in database.rows("select * from engines order by id", {})]


def key(data: Path, engine_id: str) -> str:
    """The key kept for an engine, "" where there is none."""
    try:
        return _key_file(data, engine_id).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def keep_key(data: Path, engine_id: str, secret: str) -> None:
    """Keep a key in place of the one before it; "" forgets it."""
    file = _key_file(data, engine_id)
    if not secret.strip():
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # Born with its mode: a file that is closed to others a moment later was open once.
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as open_file:
        open_file.write(secret.strip() + "\n")
    fresh.replace(file)


def _key_file(data: Path, engine_id: str) -> Path:
    return data / "secrets" / "engines" / engine_id


def _values(engine: Engine) -> Row:
    return msgspec.structs.asdict(engine) | {"addresses": json.dumps(engine.addresses)}


def _engine(row: Row) -> Engine:
    return msgspec.convert(row | {"addresses": json.loads(row["addresses"])}, Engine)
