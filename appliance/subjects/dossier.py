"""What the house holds about a person, as it is handed over to them (LGPD art. 19).

The person's own account and conversations in whole; of what others wrote, only where the
person is named: of documents the line, of others' conversations that there is one.
"""

from typing import Any

import msgspec

from appliance.database import Database
from appliance.errors import sentence
from appliance.records import Language, Record, timestamp
from appliance.subjects.finding import Findings
from appliance.subjects.paper import Section, written
from appliance.subjects.sought import Sought


class Dossier(Record, frozen=True):
    """``account`` has a dictionary for each account, ``conversations`` those that the person
    had, with all messages; ``named_in`` are conversations of others, ids and dates alone."""

    person: Sought
    made_at: str
    accounts: list[dict[str, Any]]
    invitations: list[dict[str, Any]]
    conversations: list[dict[str, Any]]
    named_in: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    approved: list[dict[str, Any]]
    golden: list[dict[str, Any]]
    acts: list[dict[str, Any]]


def dossier(database: Database, sought: Sought, found: Findings) -> Dossier:
    """The statement about a person, from what was found of them."""
    return Dossier(
        person=sought,
        made_at=timestamp(),
        accounts=[_account(database, one.id) for one in found.accounts],
        invitations=[msgspec.to_builtins(one) for one in found.invitations],
        conversations=[_talk(database, one.id) for one in found.conversations if one.own],
        named_in=[
            {"conversation": one.id, "created_at": one.created_at, "messages": one.messages}
            for one in found.conversations
            if not one.own
        ],
        documents=[
            {"title": one.title, "page": one.page, "line": one.line} for one in found.documents
        ],
        approved=[{"assistant": one.assistant, "line": one.line} for one in found.approved],
        golden=[{"assistant": one.assistant, "line": one.line} for one in found.golden],
        acts=[{"at": one.at, "act": one.act, "by": one.by} for one in found.audit],
    )


def _account(database: Database, person: str) -> dict[str, Any]:
    account = database.row(
        "select id, name, email, role, language, active, created_at from people where id = :id",
        {"id": person},
    )
    more = {
        "groups": """
            select groups.name from groups join group_members on groups.id = group_members.group_id
            where group_members.person = :id order by groups.name
            """,
        "sessions": """
            select created_at, seen_at, address, browser from sessions where person = :id
            order by created_at
            """,
        "keys": "select name, created_at, last_used_at from keys where owner = :id order by id",
    }
    return (account or {}) | {
        name: database.rows(sql, {"id": person}) for name, sql in more.items()
    }


def _talk(database: Database, conversation: str) -> dict[str, Any]:
    talk = database.row(
        "select id, title, created_at, asked_by, asked_name from conversations where id = :id",
        {"id": conversation},
    )
    rows = database.rows(
        """
        select question, state, json_extract(answer, '$.answer') as answer, good, reason,
            comment, created_at
        from messages where conversation = :id order by id
        """,
        {"id": conversation},
    )
    given = database.rows(
        """
        select reach_by, note, form, answers, created_at from handovers
        where conversation = :id order by id
        """,
        {"id": conversation},
    )
    given = [one | {"answers": msgspec.json.decode(one["answers"])} for one in given]
    return (talk or {}) | {"messages": rows} | ({"handed_over": given} if given else {})


def _said(talk: dict[str, Any]) -> list[list[str]]:
    """What was asked and answered in a conversation, and what was handed to people from it."""
    asked = [[one["created_at"], one["question"], one["answer"] or ""] for one in talk["messages"]]
    return asked + [
        [one["created_at"], "\n".join(line for line in _written(one) if line), ""]
        for one in talk.get("handed_over", ())
    ]


def _written(handed: dict[str, Any]) -> list[str]:
    filled = [f"{one['label']}: {one['value']}" for one in handed["answers"]]
    return [handed["form"], handed["reach_by"], handed["note"], *filled]


def as_paper(dossier: Dossier, language: Language) -> bytes:
    """The statement as a document to read (DOCX)."""

    def says(code: str, **facts: Any) -> str:
        return sentence(f"dossier_{code}", facts, language)

    person = dossier.person
    named = " · ".join(one for one in (person.name, person.cpf, person.email) if one)
    messages = [line for talk in dossier.conversations for line in _said(talk)]
    account_rows = [
        [one["name"], one["email"], one["role"], one["created_at"]] for one in dossier.accounts
    ]
    return written(
        says("title"),
        says("lead", person=named, at=dossier.made_at),
        [
            Section(says("accounts"), says("columns_accounts").split("|"), account_rows),
            Section(
                says("invitations"),
                says("columns_invitations").split("|"),
                [[one["email"], one["created_at"]] for one in dossier.invitations],
            ),
            Section(says("conversations"), says("columns_conversations").split("|"), messages),
            Section(
                says("named_in"),
                says("columns_named_in").split("|"),
                [[one["conversation"], one["created_at"]] for one in dossier.named_in],
            ),
            Section(
                says("documents"),
                says("columns_documents").split("|"),
                [[one["title"], str(one["page"] or ""), one["line"]] for one in dossier.documents],
            ),
            Section(
                says("approved"),
                says("columns_approved").split("|"),
                [[one["line"]] for one in dossier.approved],
            ),
            Section(
                says("golden"),
                says("columns_golden").split("|"),
                [[one["line"]] for one in dossier.golden],
            ),
            Section(
                says("acts"),
                says("columns_acts").split("|"),
                [[one["at"], one["act"]] for one in dossier.acts],
            ),
        ],
        none=says("none"),
    )
