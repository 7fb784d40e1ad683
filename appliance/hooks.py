"""The hooks: where a form that was filled in is sent besides the inbox, and what signs it.

One secret for each assistant, told once, when it is made, and kept sealed. A payload is signed
with its moment, so that whoever kept one cannot send it again later: the header
``X-Balcao-Signature`` is ``sha256=`` and the HMAC-SHA256, in hexadecimal, of the header
``X-Balcao-Timestamp`` (seconds since 1970), a dot and the body.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Protocol

from appliance.database import Database, Writer
from appliance.errors import Conflict
from appliance.records import Record, timestamp

PURPOSE = "form.hook"
PREFIX = "bh_"


class _Sealing(Protocol):
    def seal(self, plain: str, *, purpose: str) -> str: ...

    def open(self, sealed: str, *, purpose: str) -> str: ...


class HookSecret(Record, frozen=True):
    """A new secret; it is told only now."""

    secret: str
    made_at: str


def made_at(database: Database, assistant_id: str) -> str | None:
    """When an assistant's secret was made; None where there is none."""
    row = database.row(
        "select made_at from hook_secrets where assistant = :assistant",
        {"assistant": assistant_id},
    )
    return row["made_at"] if row else None


def renew(writer: Writer, vault: _Sealing, assistant_id: str) -> HookSecret:
    """Make a secret, in the place of the one there was."""
    made = HookSecret(secret=PREFIX + secrets.token_urlsafe(32), made_at=timestamp())
    writer.run(
        """
        insert into hook_secrets (assistant, sealed, made_at) values (:assistant, :sealed, :now)
        on conflict (assistant) do update set sealed = :sealed, made_at = :now
        """,
        {
            "assistant": assistant_id,
            "sealed": vault.seal(made.secret, purpose=PURPOSE),
            "now": made.made_at,
        },
    )
    return made


def signed(
    database: Database, vault: _Sealing, assistant_id: str, body: bytes, moment: int
) -> dict[str, str]:
    """The headers that vouch for a payload. Raises ``Conflict`` (``form_hook_without_secret``),
    and ``Unavailable`` as the vault does."""
    row = database.row(
        "select sealed from hook_secrets where assistant = :assistant", {"assistant": assistant_id}
    )
    if row is None:
        raise Conflict("form_hook_without_secret")
    secret = vault.open(row["sealed"], purpose=PURPOSE)
    return {
        "X-Balcao-Timestamp": str(moment),
        "X-Balcao-Signature": f"sha256={signature(secret, body, moment)}",
    }


def signature(secret: str, body: bytes, moment: int) -> str:
    """What signs a body that leaves at a moment (seconds since 1970), in hexadecimal."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()


def sealed_secrets(writer: Writer) -> dict[str, str]:
    """Every sealed secret by its assistant, for sealing them anew."""
    rows = writer.rows("select assistant, sealed from hook_secrets")
    return {row["assistant"]: row["sealed"] for row in rows}


def seal_again(writer: Writer, assistant_id: str, sealed: str) -> None:
    """Keep the same secret under another seal."""
    writer.run(
        "update hook_secrets set sealed = :sealed where assistant = :assistant",
        {"sealed": sealed, "assistant": assistant_id},
    )
