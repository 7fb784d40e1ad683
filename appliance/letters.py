"""The letters table: e-mails that wait to be sent, and what they say.

A letter is here from the moment it is due until it was sent, was refused for good, or
nobody needs it any more; then it is gone. What it holds is sealed by whoever puts it here:
it has a link in it that opens the house. The texts stand in ``sentences/*/letters.toml``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from appliance.database import Database, Writer
from appliance.errors import sentence
from appliance.records import Language, Record, new_id, timestamp

PURPOSE = "letters.content"  # what contents are sealed for


class Text(Record, frozen=True):
    """What a letter says."""

    subject: str
    text: str


class Waiting(Record, frozen=True):
    """A letter that waits; its content as it was sealed."""

    id: str
    content: str
    created_at: str
    expires_at: str


def written(kind: str, facts: Mapping[str, Any], language: Language) -> Text:
    """The words of a letter: "invitation", "reset", "test". A person's text enters as a fact."""
    known = dict(facts)
    return Text(
        subject=sentence(f"letter_{kind}_subject", known, language),
        text=sentence(f"letter_{kind}", known, language) + "\n",
    )


def put(writer: Writer, content: str, *, expires_at: str) -> str:
    """Let a letter wait; its id."""
    letter = Waiting(id=new_id(), content=content, created_at=timestamp(), expires_at=expires_at)
    writer.run(
        """
        insert into letters (id, content, created_at, expires_at)
        values (:id, :content, :created_at, :expires_at)
        """,
        msgspec.structs.asdict(letter),
    )
    return letter.id


def waiting(database: Database, letter_id: str, *, now: datetime | None = None) -> Waiting | None:
    """A letter that waits and is still needed; None for any other."""
    row = database.row(
        "select * from letters where id = :id and expires_at > :now",
        {"id": letter_id, "now": timestamp(now or datetime.now(UTC))},
    )
    return Waiting(**row) if row else None


def remove(writer: Writer, letter_id: str) -> None:
    """Forget a letter; one that is not there is no error."""
    writer.run("delete from letters where id = :id", {"id": letter_id})


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """Every sealed content by its letter, for sealing them anew."""
    return {row["id"]: row["content"] for row in writer.rows("select id, content from letters")}


def seal_again(writer: Writer, letter_id: str, sealed: str) -> None:
    """Keep the same content under another seal."""
    writer.run(
        "update letters set content = :sealed where id = :id",
        {"id": letter_id, "sealed": sealed},
    )


def sweep(writer: Writer, *, now: datetime | None = None) -> int:
    """Forget the letters that nobody needs any more; how many those were."""
    return writer.run(
        "delete from letters where expires_at <= :now",
        {"now": timestamp(now or datetime.now(UTC))},
    )
