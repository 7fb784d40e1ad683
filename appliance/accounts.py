"""The people table: who may sign in, in which role and language.

Passwords come in as hashes (``signin.password`` makes them) and never go out with a
person. Three promises: an e-mail address belongs to one person, there is always a
local administrator who may sign in once there was one (other servers are away some day), and
whoever gets a new password, loses rights or is deactivated is signed out everywhere in the
same transaction.
"""

import re
import sqlite3

from appliance.database import Database, Row, Writer
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.folding import plain
from appliance.records import Language, Origin, Person, Role, new_id, timestamp

# No check beyond this: only a letter that arrives proves an address.
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

NO_PASSWORD = "!"  # noqa: S105 - the hash of nothing: who has it signs in elsewhere
# What another server says of its people is said there.
THEIRS = ("name", "email", "role", "password_hash")


def create(
    writer: Writer,
    *,
    name: str,
    email: str,
    password_hash: str,
    role: Role,
    language: Language = "pt",
    origin: Origin = "local",
) -> Person:
    """Add a person.

    Raises ``BadRequest`` (``bad_email``, ``bad_name``) and ``Conflict`` (``email_taken``).
    """
    person = Person(
        id=new_id(),
        name=checked_name(name),
        email=checked_email(email),
        role=role,
        language=language,
        created_at=timestamp(),
        origin=origin,
    )
    try:
        writer.run(
            """
            insert into people
                (id, name, email, role, language, password_hash, created_at, origin)
            values (:id, :name, :email, :role, :language, :password_hash, :created_at, :origin)
            """,
            {
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "language": person.language,
                "password_hash": password_hash,
                "created_at": person.created_at,
                "origin": person.origin,
            },
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("email_taken", email=person.email) from fault
    return person


def create_first(
    writer: Writer, *, name: str, email: str, password_hash: str, language: Language
) -> Person:
    """Add the first administrator; the writer's transaction makes that one, however many try.

    Raises ``Conflict`` (``already_set_up``) when there are people, else as ``create``.
    """
    if writer.row("select 1 as one from people limit 1"):
        raise Conflict("already_set_up")
    return create(
        writer,
        name=name,
        email=email,
        password_hash=password_hash,
        role="admin",
        language=language,
    )


def none_yet(database: Database) -> bool:
    """Whether the appliance still waits for its first administrator."""
    return database.row("select 1 as one from people limit 1") is None


def get(database: Database, person_id: str) -> Person:
    """A person by id. Raises ``NotFound``."""
    row = database.row("select * from people where id = :id", {"id": person_id})
    if row is None:
        raise NotFound
    return _person(row)


def credentials(database: Database, email: str) -> tuple[Person, str] | None:
    """A person and their password's hash by e-mail, for signing in; None if unknown."""
    row = database.row(
        "select * from people where email = :email collate nocase", {"email": email.strip()}
    )
    return (_person(row), str(row["password_hash"])) if row else None


def listing(database: Database, *, limit: int, after: str = "", search: str = "") -> list[Person]:
    """People in the order they were added; ``after`` is the id to go on from.

    ``search`` is part of a name or an address, in whatever case and without its accents.
    """
    rows = database.rows(
        "select * from people where id > :after order by id limit :limit",
        # What is searched is folded here, for SQLite knows no accents: 8 ms of 5,000 people.
        {"after": after, "limit": -1 if search else limit},
    )
    wanted = plain(search)
    found = (row for row in rows if wanted in plain(f"{row['name']} {row['email']}"))
    return [_person(row) for row, _ in zip(found, range(limit), strict=False)]


def change(
    writer: Writer,
    person_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    role: Role | None = None,
    language: Language | None = None,
    password_hash: str | None = None,
    active: bool | None = None,
    word_of: Origin = "local",
) -> Person:
    """Change what is given. A new password, address or role ends the person's sessions and
    the links by which they could choose a password; so does ``active`` False.

    ``word_of`` is who says so: name, address, role and password of a person of another
    server are for that server to say. Who is gone from there comes back with it, but not
    once an administrator has said whether they are ``active``.

    Raises ``NotFound``, ``BadRequest`` (``bad_email``, ``bad_name``) and ``Conflict``
    (``email_taken``, ``last_administrator``, ``said_elsewhere``).
    """
    row = _row(writer, person_id)
    said = dict(zip(THEIRS, (name, email, role, password_hash), strict=True))
    if row["origin"] != word_of and any(value is not None for value in said.values()):
        raise Conflict("said_elsewhere", name=row["name"])
    after = row | {
        "name": row["name"] if name is None else checked_name(name),
        "email": row["email"] if email is None else checked_email(email),
        "role": role or row["role"],
        "language": language or row["language"],
        "password_hash": password_hash or row["password_hash"],
        "active": row["active"] if active is None else int(active),
    }
    try:
        writer.run(
            """
            update people set name = :name, email = :email, role = :role,
                language = :language, password_hash = :password_hash, active = :active
            where id = :id
            """,
            {field: after[field] for field in after if field not in ("created_at", "origin")},
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("email_taken", email=after["email"]) from fault
    if active is not None and word_of == "local":
        writer.run("update identities set gone_at = null where person = :id", {"id": person_id})
    if row["role"] == "admin":
        _an_administrator_remains(writer)
    if any(after[field] != row[field] for field in ("email", "role", "password_hash", "active")):
        writer.run("delete from sessions where person = :id", {"id": person_id})
        writer.run("delete from resets where person = :id", {"id": person_id})
    return _person(after)


def store_hash(writer: Writer, person_id: str, password_hash: str) -> None:
    """Keep the same password under newer hashing parameters; sessions go on."""
    writer.run(
        "update people set password_hash = :hash where id = :id",
        {"hash": password_hash, "id": person_id},
    )


def remove(writer: Writer, person_id: str) -> Person:
    """Remove a person and their sessions; who it was.

    Raises ``NotFound`` and ``Conflict`` (``last_administrator``).
    """
    person = _person(_row(writer, person_id))
    writer.run("delete from people where id = :id", {"id": person_id})
    if person.role == "admin":
        _an_administrator_remains(writer)
    return person


def _an_administrator_remains(writer: Writer) -> None:
    # Asked after the change, inside its transaction: two administrators who
    # remove each other at the same moment cannot both succeed.
    if not writer.row(
        "select 1 from people where role = 'admin' and active and origin = 'local' limit 1"
    ):
        raise Conflict("last_administrator")


def _row(writer: Writer, person_id: str) -> Row:
    row = writer.row("select * from people where id = :id", {"id": person_id})
    if row is None:
        raise NotFound
    return row


def _person(row: Row) -> Person:
    known = {field: row[field] for field in Person.__struct_fields__}
    return Person(**known | {"active": bool(row["active"])})


def checked_name(name: str) -> str:
    """A name as it may be shown and logged: trimmed, 1 to 200 characters, no control or
    direction marks. Raises ``BadRequest`` (``bad_name``)."""
    name = name.strip()
    if not 1 <= len(name) <= 200 or CONTROL.search(name):
        raise BadRequest("bad_name")
    return name


def checked_email(email: str) -> str:
    """An e-mail address as it is kept. Raises ``BadRequest`` (``bad_email``)."""
    email = email.strip()
    if len(email) > 254 or not EMAIL.fullmatch(email) or CONTROL.search(email):
        raise BadRequest("bad_email")
    return email
