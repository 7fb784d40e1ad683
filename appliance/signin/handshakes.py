"""The handshakes table: sign-ins that were begun here and go on at an OpenID provider.

Each is known by its state, 256 random bits that the provider sends back, and belongs to the
browser in which it began. It is good once, for ten minutes; state and browser are kept as digests.
"""

from datetime import UTC, datetime, timedelta

from appliance.database import Writer
from appliance.errors import NotSignedIn
from appliance.records import timestamp
from appliance.signin.sessions import digest

GOOD_FOR = timedelta(minutes=10)


def begin(
    writer: Writer, *, state: str, browser: str, following: str, now: datetime | None = None
) -> None:
    """Note a sign-in that goes on elsewhere, and where somebody goes after it."""
    now = now or datetime.now(UTC)
    writer.run("delete from handshakes where expires_at <= :now", {"now": timestamp(now)})
    writer.run(
        """
        insert into handshakes (state_hash, browser_hash, following, expires_at)
        values (:state, :browser, :following, :until)
        """,
        {
            "state": digest(state),
            "browser": digest(browser),
            "following": following,
            "until": timestamp(now + GOOD_FOR),
        },
    )


def spend(writer: Writer, *, state: str, browser: str, now: datetime | None = None) -> str:
    """Use a state up, in the browser that it began in; where somebody goes after.

    Raises ``NotSignedIn`` (``oidc_state``).
    """
    row = writer.row(
        """
        delete from handshakes where state_hash = :state and browser_hash = :browser
            and expires_at > :now
        returning following
        """,
        {
            "state": digest(state),
            "browser": digest(browser),
            "now": timestamp(now or datetime.now(UTC)),
        },
    )
    if row is None:
        raise NotSignedIn("oidc_state")
    return str(row["following"])
