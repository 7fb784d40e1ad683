"""Where somebody stands: accounts, invitations, conversations, documents, the record of acts.

Everything is read through, line by line, and not asked of the index: an index knows stems,
and whoever is owed an answer is owed a complete one. 100,000 pages take seconds.
"""

from collections.abc import Iterator

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


class Mention(Record, frozen=True):
    """Where a document names the person. ``page`` is None for its title or its file's name;
    ``line`` is "" where the name runs over the end of one."""

    document: str
    title: str
    collection: str
    page: int | None
    line: str


class Act(Record, frozen=True):
    """A row of the record of acts, without its details."""

    id: int
    at: str
    act: str
    subject: str
    by: bool  # by the person; else about them


class Findings(Record, frozen=True):
    """What was found. ``withheld`` counts the documents behind a wall for the reader that
    name the person; ``cut`` names the places of which only the first ``MOST`` are told."""

    accounts: tuple[Account, ...]
    invitations: tuple[Invited, ...]
    conversations: tuple[Talk, ...]
    documents: tuple[Mention, ...]
    audit: tuple[Act, ...]
    withheld: int
    cut: tuple[str, ...]

    @property
    def nowhere(self) -> bool:
        """Whether the house knows nothing of the person."""
        told = (self.accounts, self.invitations, self.conversations, self.documents, self.audit)
        return not any(told) and not self.withheld


def find(database: Database, sought: Sought, *, closed: frozenset[str] = frozenset()) -> Findings:
    """All places that name the person. ``closed`` are collections that are not for the reader."""
    accounts = _accounts(database, sought)
    owners = _owners(database, [one.id for one in accounts])
    mentions = list(_mentions(database, sought))
    open_ones = [one for one in mentions if one.collection not in closed]
    withheld = {one.document for one in mentions if one.collection in closed}
    found = {
        "conversations": _talks(database, sought, owners),
        "documents": open_ones,
        "audit": _acts(database, sought, owners),
    }
    return Findings(
        accounts=tuple(accounts),
        invitations=tuple(_invited(database, sought)),
        conversations=tuple(found["conversations"][:MOST]),  # type: ignore[arg-type]
        documents=tuple(open_ones[:MOST]),
        audit=tuple(found["audit"][:MOST]),  # type: ignore[arg-type]
        withheld=len(withheld),
        cut=tuple(name for name, places in found.items() if len(places) > MOST),
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


def _is(sought: Sought, row: Row) -> bool:
    return row["email"].lower() == sought.email or sought.stands_in(row["name"])


def _owners(database: Database, people: list[str]) -> frozenset[str]:
    """The callers ("kind:id") that these people are, in person and by their keys."""
    keys = database.rows("select id, owner from keys where owner is not null")
    return frozenset(
        [f"person:{one}" for one in people]
        + [f"key:{row['id']}" for row in keys if row["owner"] in people]
    )


def _talks(database: Database, sought: Sought, owners: frozenset[str]) -> list[Talk]:
    named: dict[str, int] = {}
    for row in _through(database, "messages", "conversation, question, answer, comment"):
        if any(sought.stands_in(row[part]) for part in ("question", "answer", "comment")):
            named[row["conversation"]] = named.get(row["conversation"], 0) + 1
    return [
        Talk(
            id=row["id"], assistant=row["assistant"], owner=row["owner"],
            own=row["owner"] in owners, messages=named.get(row["id"], 0),
            created_at=row["created_at"],
        )
        for row in _through(database, "conversations", "id, assistant, owner, title, created_at")
        if row["owner"] in owners or row["id"] in named or sought.stands_in(row["title"])
    ]  # fmt: skip


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


def _documents(database: Database) -> list[Row]:
    return database.rows(
        """
        select id, title, file_name, collection from documents
        union all select id, title, file_name, collection from trash
        order by id
        """
    )


def _mention(document: Row, page: int | None, line: str) -> Mention:
    return Mention(
        document=document["id"],
        title=document["title"],
        collection=document["collection"],
        page=page,
        line=line.strip()[:LONGEST_LINE],
    )


def _lines(sought: Sought, text: str) -> list[str]:
    """The lines of a page that name the person; one empty one where none does by itself."""
    return [line for line in text.splitlines() if sought.stands_in(line)] or [""]


def _acts(database: Database, sought: Sought, owners: frozenset[str]) -> list[Act]:
    people = {owner.partition(":")[2] for owner in owners}
    found = []
    for row in _through(database, "audit", "id, at, act, subject, caller, name, details"):
        by = row["caller"] in owners or sought.stands_in(row["name"])
        if by or row["subject"] in people or sought.stands_in(row["details"]):
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
