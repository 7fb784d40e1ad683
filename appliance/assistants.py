"""The assistants: what each is called, how it speaks, which collections it reads, and who may
use and change it."""

import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, NotFound
from appliance.looks import Look
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Assistant, Language, new_id, timestamp

ACCENT = "#1f5c4d"
FIELDS = (
    "name", "language", "instructions", "greeting", "suggestions", "refusal", "contact",
    "mode", "strictness", "accent", "origins", "engine", "access", "look",
)  # fmt: skip
_COLUMNS = """
    a.*, (select json_group_array(collection) from
            (select collection from assistant_collections where assistant = a.id
             order by collection)) as collections,
    (select json_group_array(group_id) from
        (select group_id from assistant_groups where assistant = a.id order by group_id)) as groups,
    (select json_group_array(person) from
        (select person from assistant_editors where assistant = a.id order by person)) as editors,
    exists (select 1 from engines where id = a.engine and kind != 'site') as leaves_building
"""


def create(
    db: Writer,
    *,
    name: str,
    language: Language,
    collections: Sequence[str],
    groups: Sequence[str] = (),
    editors: Sequence[str] = (),
    **settings: Any,
) -> Assistant:
    """A new assistant over existing collections, inside the caller's transaction.

    ``settings`` may hold any of ``FIELDS``. Raises ``BadRequest`` for an unknown
    collection (``unknown_collection``), engine (``unknown_engine``) or group
    (``unknown_group``), for an editor who is none (``not_an_editor``), and for a picture that
    it has not (``unknown_logo``).
    """
    values: dict[str, Any] = {
        "id": new_id(),
        "slug": _free_slug(db, name),
        "public_id": secrets.token_urlsafe(12),
        "name": name,
        "language": language,
        "instructions": "",
        "greeting": "",
        "suggestions": (),
        "refusal": "",
        "contact": "",
        "mode": None,
        "strictness": "balanced",
        "accent": ACCENT,
        "origins": (),
        "engine": None,
        "access": "everyone",
        "look": Look(),
        "created_at": timestamp(),
    } | settings
    _known_engine(db, values["engine"])
    _known_logo(db, values["id"], values["look"])
    db.run(
        """
        insert into assistants (id, slug, public_id, name, language, instructions, greeting,
            suggestions, refusal, contact, mode, strictness, accent, origins, engine, access,
            look, created_at)
        values (:id, :slug, :public_id, :name, :language, :instructions, :greeting,
            :suggestions, :refusal, :contact, :mode, :strictness, :accent, :origins, :engine,
            :access, :look, :created_at)
        """,
        _as_values(values),
    )
    _read(db, values["id"], collections)
    _open_to(db, values["id"], groups)
    _entrust(db, values["id"], editors)
    return _get(db.rows(_ONE, {"id": values["id"]}))


def change(db: Writer, assistant_id: str, changes: dict[str, Any]) -> Assistant:
    """Change some of ``FIELDS``, or all its ``collections``, ``groups`` or ``editors``.

    Raises ``NotFound``, and as ``create`` does.
    """
    before = msgspec.structs.asdict(_get(db.rows(_ONE, {"id": assistant_id})))
    _known_engine(db, changes.get("engine"))
    if "look" in changes:
        _known_logo(db, assistant_id, changes["look"])
    db.run(
        """
        update assistants set name = :name, language = :language, instructions = :instructions,
            greeting = :greeting, suggestions = :suggestions, refusal = :refusal,
            contact = :contact, mode = :mode, strictness = :strictness, accent = :accent,
            origins = :origins, engine = :engine, access = :access, look = :look
        where id = :id
        """,
        _as_values({"id": assistant_id} | {f: changes.get(f, before[f]) for f in FIELDS}),
    )
    if "collections" in changes:
        _leave(db, assistant_id)
        db.run("delete from assistant_collections where assistant = :id", {"id": assistant_id})
        _read(db, assistant_id, changes["collections"])
    if "groups" in changes:
        db.run("delete from assistant_groups where assistant = :id", {"id": assistant_id})
        _open_to(db, assistant_id, changes["groups"])
    if "editors" in changes:
        db.run("delete from assistant_editors where assistant = :id", {"id": assistant_id})
        _entrust(db, assistant_id, changes["editors"])
    return _get(db.rows(_ONE, {"id": assistant_id}))


def remove(db: Writer, assistant_id: str) -> bool:
    """Remove the assistant and its conversations; its collections stay."""
    _leave(db, assistant_id)
    return db.run("delete from assistants where id = :id", {"id": assistant_id}) > 0


_ONE = f"select {_COLUMNS} from assistants a where a.id = :id"  # noqa: S608 -- constant columns
_NAMED = (
    f"select {_COLUMNS} from assistants a"  # noqa: S608 -- constant columns
    " where a.id = :name or a.slug = :name or a.public_id = :name or a.name = :name"
    " order by a.id = :name desc, a.slug = :name desc, a.id"
)
_ALL = (
    f"select {_COLUMNS} from assistants a"  # noqa: S608 -- constant columns
    " where a.id > :after"
    " and (:these is null or a.id in (select value from json_each(:these)))"
    " and (not exists (select 1 from assistant_collections where assistant = a.id)"
    " or exists (select 1 from assistant_collections where assistant = a.id"
    " and collection not in (select value from json_each(:closed))))"
    " order by a.id limit :limit"
)

_READERS = (
    f"select {_COLUMNS} from assistants a"  # noqa: S608 -- constant columns
    " where exists (select 1 from assistant_collections where assistant = a.id"
    " and collection in (select value from json_each(:these))) order by a.id"
)


def get(database: Database, assistant_id: str) -> Assistant:
    """The assistant with this id; raises ``NotFound``."""
    return _get(database.rows(_ONE, {"id": assistant_id}))


def named(database: Database, name: str) -> Assistant:
    """The assistant with this id, slug, public id or name; raises ``NotFound``."""
    return _get(database.rows(_NAMED, {"name": name}))


def find(database: Database, name: str) -> Assistant | None:
    """As ``named``, or None."""
    row = database.row(_NAMED, {"name": name})
    return _record(row) if row else None


def every(
    database: Database,
    *,
    these: Iterable[str] | None = None,
    reach: Reach = EVERYWHERE,
    after: str = "",
    limit: int = 50,
) -> list[Assistant]:
    """Assistants, oldest first, those after the cursor ``after``.

    ``these`` keeps the ones with these ids, ``reach`` the ones of which something may be
    read, or that read nothing yet.
    """
    values = {
        "these": None if these is None else json.dumps(sorted(these)),
        "closed": reach.values["closed"],
        "after": after,
        "limit": limit,
    }
    return [_record(row) for row in database.rows(_ALL, values)]


def readers(database: Database, collections: Sequence[str]) -> list[Assistant]:
    """The assistants that read any of these collections."""
    rows = database.rows(_READERS, {"these": json.dumps(list(collections))})
    return [_record(row) for row in rows]


def instructed(database: Database, most: int) -> list[tuple[Language, str]]:
    """What assistants tell the built-in language model, each language and instructions once,
    those of the newest assistants first; never of one that only quotes."""
    rows = database.rows(
        """
        select language, instructions from assistants
        where mode is not 'quote' and engine is null
        group by language, instructions order by max(id) desc limit :most
        """,
        {"most": most},
    )
    return [(row["language"], row["instructions"]) for row in rows]


def slug(name: str) -> str:
    """A name for addresses and programs: ``Secretaria Acadêmica`` → ``secretaria-academica``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "assistant"


def _free_slug(db: Writer, name: str) -> str:
    wanted = slug(name)
    taken = {
        row["slug"]
        for row in db.rows(
            "select slug from assistants where slug = :s or slug like :s || '-%'", {"s": wanted}
        )
    }
    number = 2
    free = wanted
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free


def _read(db: Writer, assistant_id: str, collections: Sequence[str]) -> None:
    for collection in dict.fromkeys(collections):
        known = db.row("select 1 from collections where id = :id", {"id": collection})
        if not known:
            raise BadRequest("unknown_collection", collection=collection)
        db.run(
            "insert into assistant_collections (assistant, collection) values (:a, :c)",
            {"a": assistant_id, "c": collection},
        )


def _open_to(db: Writer, assistant_id: str, groups: Sequence[str]) -> None:
    for group in dict.fromkeys(groups):
        if not db.row("select 1 from groups where id = :id", {"id": group}):
            raise BadRequest("unknown_group", group=group[:60])
        db.run(
            "insert into assistant_groups (assistant, group_id) values (:assistant, :group)",
            {"assistant": assistant_id, "group": group},
        )


def _entrust(db: Writer, assistant_id: str, editors: Sequence[str]) -> None:
    for person in dict.fromkeys(editors):
        if not db.row("select 1 from people where id = :id and role = 'editor'", {"id": person}):
            raise BadRequest("not_an_editor", person=person[:60])
        db.run(
            "insert into assistant_editors (assistant, person) values (:assistant, :person)",
            {"assistant": assistant_id, "person": person},
        )


def _leave(db: Writer, assistant_id: str) -> None:
    """Let its editors look after the collections that no assistant may read after it."""
    db.run(
        """
        insert or ignore into collection_editors (collection, person)
        select collection, person from assistant_collections
        join assistant_editors using (assistant) where assistant = :id
        """,
        {"id": assistant_id},
    )


def _known_engine(db: Writer, engine: str | None) -> None:
    if engine and not db.row("select 1 as one from engines where id = :id", {"id": engine}):
        raise BadRequest("unknown_engine", engine=engine)


def _known_logo(db: Writer, assistant_id: str, look: Look) -> None:
    kept = "select 1 from logos where assistant = :assistant and sha256 = :sha256"
    if look.logo and not db.row(kept, {"assistant": assistant_id, "sha256": look.logo}):
        raise BadRequest("unknown_logo")


def _as_values(values: dict[str, Any]) -> Row:
    return values | {
        "suggestions": json.dumps(list(values["suggestions"]), ensure_ascii=False),
        "origins": json.dumps(list(values["origins"])),
        "look": msgspec.json.encode(values["look"]).decode(),
    }


def _get(rows: Sequence[Row]) -> Assistant:
    if not rows:
        raise NotFound
    return _record(rows[0])


def _record(row: Row) -> Assistant:
    names = ("suggestions", "origins", "collections", "groups", "editors", "look")
    lists = {name: json.loads(row[name]) for name in names}
    leaves = {"leaves_building": bool(row["leaves_building"])}
    return msgspec.convert(row | lists | leaves, Assistant)
