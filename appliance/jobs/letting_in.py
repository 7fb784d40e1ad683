"""The links by which people come in: made, put on record, and mailed where mail is set.

The console and the terminal let people in by the same steps. Each is one transaction;
deliver ``Told.job`` after the commit, or the worker's sweep finds it.
"""

from collections.abc import Sequence

from appliance import accounts, audit
from appliance.database import Database
from appliance.errors import Conflict
from appliance.jobs import post
from appliance.jobs.post import Told
from appliance.records import Caller, Language, Person, Role, timestamp
from appliance.settings import Settings
from appliance.signin import invitations, resets
from appliance.signin.invitations import Invitation
from appliance.vault import Vault


class LettingIn:
    """Makes links for a house, by the settings of it."""

    def __init__(self, database: Database, vault: Vault, settings: Settings) -> None:
        self.database = database
        self.vault = vault
        self.settings = settings

    def invite(
        self,
        caller: Caller,
        *,
        email: str,
        role: Role,
        name: str = "",
        language: Language | None = None,
        groups: Sequence[str] = (),
    ) -> tuple[Invitation, Told]:
        """Invite somebody. Raises ``Conflict`` (``email_taken``) and ``BadRequest``
        (``bad_email``, ``bad_name``)."""
        email = accounts.checked_email(email)
        if accounts.credentials(self.database, email):
            raise Conflict("email_taken", email=email)
        with self.database.write() as writer:
            made, token = invitations.create(
                writer,
                email=email,
                role=role,
                language=language or self.settings.language,
                name=accounts.checked_name(name) if name else "",
                groups=list(groups),
                invited_by=caller.name,
            )
            audit.record(
                writer, caller, "invitation.create", made.id, email=made.email, role=made.role
            )
            return made, self._invited(made, token)

    def invite_again(self, caller: Caller, invitation_id: str) -> tuple[Invitation, Told]:
        """A fresh link; the one before opens nothing any more. Raises ``NotFound``."""
        with self.database.write() as writer:
            made, token = invitations.renew(writer, invitation_id)
            audit.record(writer, caller, "invitation.resend", made.id, email=made.email)
            return made, self._invited(made, token)

    def reset(self, caller: Caller, person: Person) -> Told:
        """Let a person choose a new password. Raises ``Conflict`` (``person_inactive``,
        ``said_elsewhere`` for people of another server)."""
        if person.origin != "local":
            raise Conflict("said_elsewhere", name=person.name)
        if not person.active:
            raise Conflict("person_inactive", name=person.name)
        with self.database.write() as writer:
            token, until = resets.begin(writer, person.id)
            audit.record(writer, caller, "reset.begin", person.id)
            return post.tell(
                self.database,
                self.vault,
                self.settings,
                "reset",
                token,
                to=person.email,
                language=person.language,
                until=timestamp(until),
                name=person.name,
            )

    def _invited(self, made: Invitation, token: str) -> Told:
        return post.tell(
            self.database,
            self.vault,
            self.settings,
            "invitation",
            token,
            to=made.email,
            language=made.language,
            until=made.expires_at,
            by=made.invited_by,
        )
