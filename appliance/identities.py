"""The identities that sites vouch for: each widget's secret, and whether there has to be one.

The secret is told once, when it is made, and kept sealed: the server has to sign with it to
compare. A new one takes the place of the old at once.
"""

import secrets
from typing import Protocol

from appliance.database import Database, Writer
from appliance.errors import Conflict
from appliance.records import Record, timestamp

PURPOSE = "widget.identity"
PREFIX = "bi_"


class _Sealing(Protocol):
    def seal(self, plain: str, *, purpose: str) -> str: ...

    def open(self, sealed: str, *, purpose: str) -> str: ...


class Identity(Record, frozen=True):
    """How a widget's visitors are vouched for: when its secret was made (None: there is none),
    and whether others are let in, too."""

    made_at: str | None = None
    required: bool = False


class Secret(Record, frozen=True):
    """A new secret; it is told only now."""

    secret: str
    made_at: str


def of(database: Database, assistant_id: str) -> Identity:
    """How an assistant's visitors are vouched for."""
    row = database.row(
        "select made_at, required from widget_identities where assistant = :assistant",
        {"assistant": assistant_id},
    )
    return Identity(made_at=row["made_at"], required=bool(row["required"])) if row else Identity()


def secret(database: Database, vault: _Sealing, assistant_id: str) -> str:
    """The secret in force. Raises ``Conflict`` (``identity_without_secret``) where there is none,
    and ``Unavailable`` as the vault does."""
    row = database.row(
        "select sealed from widget_identities where assistant = :assistant",
        {"assistant": assistant_id},
    )
    if row is None:
        raise Conflict("identity_without_secret")
    return vault.open(row["sealed"], purpose=PURPOSE)


def renew(writer: Writer, vault: _Sealing, assistant_id: str) -> Secret:
    """Make a secret, in the place of the one there was."""
    made = Secret(secret=PREFIX + secrets.token_urlsafe(32), made_at=timestamp())
    writer.run(
        """
        insert into widget_identities (assistant, sealed, made_at)
        values (:assistant, :sealed, :now)
        on conflict (assistant) do update set sealed = :sealed, made_at = :now
        """,
        {
            "assistant": assistant_id,
            "sealed": vault.seal(made.secret, purpose=PURPOSE),
            "now": made.made_at,
        },
    )
    return made


def require(writer: Writer, assistant_id: str, *, required: bool) -> None:
    """Let only those in whom the site vouches for, or others too. Raises ``Conflict``
    (``identity_without_secret``): nobody could come in."""
    changed = writer.run(
        "update widget_identities set required = :required where assistant = :assistant",
        {"required": required, "assistant": assistant_id},
    )
    if required and not changed:
        raise Conflict("identity_without_secret")


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """Every sealed secret by its assistant, for sealing them anew."""
    rows = writer.rows("select assistant, sealed from widget_identities")
    return {row["assistant"]: row["sealed"] for row in rows}


def seal_again(writer: Writer, assistant_id: str, sealed: str) -> None:
    """Keep the same secret under another seal."""
    writer.run(
        "update widget_identities set sealed = :sealed where assistant = :assistant",
        {"sealed": sealed, "assistant": assistant_id},
    )
