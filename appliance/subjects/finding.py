"""Where somebody stands: accounts, invitations, conversations, documents, the record of acts.

Everything is read through, line by line, and not asked of the index: an index knows stems,
and whoever is owed an answer is owed a complete one. 100,000 pages take seconds.
"""

from collections import Counter
from collections.abc import Iterator, Sized

import msgspec

from appliance.database import Database, Row
from appliance.records import Record
from appliance.subjects.sought import Sought

MOST = 500  # of each place that are told one by one
LONGEST_LINE = 300  # characters of a line that are shown
_AT_ONCE = 500  # rows read at a time


class Account(Record, frozen=True):
    id: str
    name: str
    email: str
    role: str
    active: bool
    created_at: str
    conversations: int  # that it began, by itself or by its keys
    sessions: int
    keys: int


class Invited(Record, frozen=True):
    id: str
    name: str
    email: str
    created_at: str


class Talk(Record, frozen=True):
    """A conversation that names the person, or that is the person's own."""

    id: str
    assistant: str
    owner: str  # kind:id
    own: bool
    messages: int  # of it that name the person
    created_at: str


class Visiting(Record, frozen=True):
    """A session of a widget's visitor whose site said that they are the person."""

    id: str
    assistant: str
    expires_at: str


class Mention(Record, frozen=True):
    """Where a document names the person. ``page`` is None for its title or its file's name;
    ``line`` is "" where the name runs over the end of one; ``conversation`` is the one that
    the document lies beside, "" for those of the library."""

    document: str
    title: str
    collection: str
    page: int | None
    line: str
    conversation: str = ""


class Taught(Record, frozen=True):
    """What an assistant was taught, an approved answer or a golden question, that names the
    person: ``line`` is where."""

    id: str
    assistant: str
    line: str


class Act(Record, frozen=True):
    """A row of the record of acts, without its details."""

    id: int
    at: str
    act: str
    subject: str
    by: bool  # by the person; else about them


class Findings(Record, frozen=True):
    """What was found. ``cut`` names the places of which only the first ``MOST`` are told."""

    accounts: tuple[Account, ...]
    invitations: tuple[Invited, ...]
    visitors: tuple[Visiting, ...]
    conversations: tuple[Talk, ...]
    documents: tuple[Mention, ...]
    approved: tuple[Taught, ...]
    golden: tuple[Taught, ...]
    audit: tuple[Act, ...]
    cut: tuple[str, ...]


def find(database: Database, sought: Sought, *, closed: frozenset[str] = frozenset()) -> Findings:
    """All places that name the person. Collections in ``closed`` do not exist for the reader:
    not even a count tells of them."""
    accounts = _accounts(database, sought)
    owners = _owners(database, [one.id for one in accounts])
    talks = _talks(database, sought, owners, closed)
    readable = [one for one in _mentions(database, sought) if one.collection not in closed]
    approved = _taught(database, sought, closed, _APPROVED)
    golden = _taught(database, sought, closed, _GOLDEN)
    acts = _acts(database, sought, owners, closed)
    places: dict[str, Sized] = {
        "conversations": talks,
        "documents": readable,
        "approved": approved,
        "golden": golden,
        "audit": acts,
    }
    return Findings(
        accounts=tuple(accounts),
        invitations=tuple(_invited(database, sought)),
        visitors=tuple(_visiting(database, sought)),
        conversations=tuple(talks[:MOST]),
        documents=tuple(readable[:MOST]),
        approved=tuple(approved[:MOST]),
        golden=tuple(golden[:MOST]),
        audit=tuple(acts[:MOST]),
        cut=tuple(name for name, found in places.items() if len(found) > MOST),
    )


def _accounts(database: Database, sought: Sought) -> list[Account]:
    rows = database.rows(
        """
        select id, name, email, role, active, created_at,
            (select count(*) from conversations where owner = 'person:' || people.id
                or owner in (select 'key:' || keys.id from keys where keys.owner = people.id))
                as conversations,
            (select count(*) from sessions where person = people.id) as sessions,
            (select count(*) from keys where owner = people.id) as keys
        from people order by id
        """
    )
    return [
        Account(**row | {"active": bool(row["active"])}) for row in rows if _is(sought, row)
    ]  # fmt: skip


def _invited(database: Database, sought: Sought) -> list[Invited]:
    rows = database.rows("select id, name, email, created_at from invitations order by id")
    return [Invited(**row) for row in rows if _is(sought, row)]


def _visiting(database: Database, sought: Sought) -> list[Visiting]:
    rows = database.rows(
        """
        select id, assistant, max(expires_at) as expires_at, asked_by, asked_name
        from visitors where asked_by != '' group by id order by id
        """
    )
    return [
        Visiting(id=row["id"], assistant=row["assistant"], expires_at=row["expires_at"])
        for row in rows
        if _is_asker(sought, row)
    ]


def _is_asker(sought: Sought, row: Row) -> bool:
    """Whether a visitor's site said that they are the person, by name, e-mail or CPF."""
    return sought.stands_in(row["asked_name"]) or sought.stands_in(row["asked_by"])


def _is(sought: Sought, row: Row) -> bool:
    return row["email"].lower() == sought.email or sought.stands_in(row["name"])


def _owners(database: Database, people: list[str]) -> frozenset[str]:
    """The callers ("kind:id") that these people are, in person and by their keys."""
    keys = database.rows("select id, owner from keys where owner is not null")
    return frozenset(
        [f"person:{one}" for one in people]
        + [f"key:{row['id']}" for row in keys if row["owner"] in people]
    )


def _talks(
    database: Database, sought: Sought, owners: frozenset[str], closed: frozenset[str]
) -> list[Talk]:
    named: Counter[str] = Counter()
    hidden: set[str] = set()
    columns = "conversation, question, answer, comment, collections"
    for row in _through(database, "messages", columns):
        words = (row["question"], row["answer"], row["comment"])
        named[row["conversation"]] += any(map(sought.stands_in, words))
        if _behind(row["collections"], closed):
            hidden.add(row["conversation"])
    for row in _through(database, "handovers", "conversation, reach_by, note, answers"):
        filled = [one["value"] for one in msgspec.json.decode(row["answers"])]
        words = (row["reach_by"], row["note"], *filled)
        named[row["conversation"]] += any(map(sought.stands_in, words))
    assistants = _closed_assistants(database, closed)
    columns = "id, assistant, owner, title, created_at, asked_by, asked_name"
    return [
        Talk(
            id=row["id"],
            assistant=row["assistant"],
            owner=row["owner"],
            own=row["owner"] in owners or _is_asker(sought, row),
            messages=named[row["id"]],
            created_at=row["created_at"],
        )
        for row in _through(database, "conversations", columns)
        if row["id"] not in hidden
        and row["assistant"] not in assistants
        and (
            row["owner"] in owners
            or _is_asker(sought, row)
            or named[row["id"]]
            or sought.stands_in(row["title"])
        )
    ]


def _closed_assistants(database: Database, closed: frozenset[str]) -> set[str]:
    rows = database.rows("select assistant, collection from assistant_collections")
    return {row["assistant"] for row in rows if row["collection"] in closed}


def _behind(collections: str, closed: frozenset[str]) -> bool:
    """Whether any of the collections (JSON) is closed."""
    return bool(closed) and not closed.isdisjoint(msgspec.json.decode(collections, type=list[str]))


def _mentions(database: Database, sought: Sought) -> Iterator[Mention]:
    known = {row["id"]: row for row in _documents(database)}
    for row in known.values():
        if sought.stands_in(row["title"]) or sought.stands_in(row["file_name"]):
            yield _mention(row, None, row["file_name"])
    for table in ("pages", "reviews"):
        for page in _through(database, table, "document, number, text"):
            if page["document"] in known and sought.stands_in(page["text"]):
                for line in _lines(sought, page["text"]):
                    yield _mention(known[page["document"]], page["number"], line)


_APPROVED = """
    select a.id, a.assistant, a.text || char(10) || (
        select group_concat(text, char(10)) from approved_questions where answer = a.id) as text
    from approved_answers a order by a.id
"""
_GOLDEN = """
    select id, assistant, question || char(10) || document || (
        select coalesce(group_concat(char(10) || value, ''), '')
        from json_each(golden_questions.phrases)) as text
    from golden_questions order by id
"""


def _taught(
    database: Database, sought: Sought, closed: frozenset[str], wanted: str
) -> list[Taught]:
    assistants = _closed_assistants(database, closed)
    return [
        Taught(id=row["id"], assistant=row["assistant"], line=line.strip()[:LONGEST_LINE])
        for row in database.rows(wanted)
        if row["assistant"] not in assistants and sought.stands_in(row["text"])
        for line in _lines(sought, row["text"])
    ]


def _documents(database: Database) -> list[Row]:
    return database.rows(
        """
        select d.id, title, file_name, collection, coalesce(c.conversation, '') as conversation
        from documents d join collections c on c.id = d.collection
        union all select id, title, file_name, collection, '' from trash
        order by 1
        """
    )


def _mention(document: Row, page: int | None, line: str) -> Mention:
    return Mention(
        document=document["id"],
        title=document["title"],
        collection=document["collection"],
        page=page,
        line=line.strip()[:LONGEST_LINE],
        conversation=document["conversation"],
    )


def _lines(sought: Sought, text: str) -> list[str]:
    """The lines of a page that name the person; one empty one where none does by itself."""
    return [line for line in text.splitlines() if sought.stands_in(line)] or [""]


def _acts(
    database: Database, sought: Sought, owners: frozenset[str], closed: frozenset[str]
) -> list[Act]:
    people = {owner.partition(":")[2] for owner in owners}
    found = []
    columns = "id, at, act, subject, caller, name, details, collections"
    for row in _through(database, "audit", columns):
        by = row["caller"] in owners or sought.stands_in(row["name"])
        about = row["subject"] in people or sought.stands_in(row["details"])
        if (by or about) and not _behind(row["collections"], closed):
            told = {name: row[name] for name in ("id", "at", "act", "subject")}
            found.append(Act(**told, by=by))
    return found[::-1]


def _through(database: Database, table: str, columns: str) -> Iterator[Row]:
    """The rows of a table, some hundred at a time: nobody who writes waits for a reader."""
    after = -1
    while rows := database.rows(
        f"select rowid as at_row, {columns} from {table}"  # noqa: S608 - constants
        " where rowid > :after order by rowid limit :most",
        {"after": after, "most": _AT_ONCE},
    ):
        yield from rows
        after = rows[-1]["at_row"]
