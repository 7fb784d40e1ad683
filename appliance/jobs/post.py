"""The post: letters that leave when the mail server takes them, and wait while it does not.

``write`` puts a letter into the tables in the transaction of what it is about, and opens the
job that sends it. While the server is away the job waits, as every job does whose engine is
away: the console goes on, and the list of jobs says why. A letter that came too late for
its link, or that the server refuses for good, is not tried again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from appliance import accounts, facts, letters, mail, options, outgoing
from appliance.database import Database
from appliance.errors import sentence
from appliance.jobs import ledger
from appliance.jobs.watch import SubjectGone, Watch
from appliance.letters import Text
from appliance.mail import Letter, Mail
from appliance.records import Job, Language, Problem, Record, timestamp
from appliance.settings import Settings
from appliance.signin import links
from appliance.vault import Vault

KIND = "mail"


def is_set(database: Database) -> bool:
    """Whether letters can be sent at all."""
    return options.read(database, Mail).is_set


def write(database: Database, vault: Vault, *, to: str, text: Text, until: datetime) -> Job:
    """Let a letter wait and open its job, within the caller's transaction; deliver the job
    after the commit. After ``until`` nobody needs it."""
    letter = Letter(to=to, subject=text.subject, text=text.text)
    content = vault.seal(msgspec.json.encode(letter).decode(), purpose=letters.PURPOSE)
    with database.write() as writer:
        letters.sweep(writer)
        letter_id = letters.put(writer, content, expires_at=timestamp(until))
        return ledger.open(database, KIND, letter_id)


def to_administrators(
    database: Database,
    vault: Vault,
    settings: Settings,
    kind: str,
    known: Mapping[str, Any],
    *,
    page: str,
    until: datetime,
) -> list[Job]:
    """A letter to each administrator in their language, within the caller's transaction; none
    where no mail is set. Its link leads to a page of the console; a ``reason`` is a problem."""
    if not is_set(database):
        return []
    about = {
        "organization": facts.get(database, "organization") or "Balcão",
        "link": f"{settings.address}/#/{page}",
    }
    jobs = []
    for person in accounts.listing(database, limit=1_000_000):
        if person.role != "admin" or not person.active:
            continue
        told = dict(known) | about | {"name": person.name}
        if reason := known.get("reason"):
            told["reason"] = sentence(reason.code, reason.facts, person.language)
        text = letters.written(kind, told, person.language)
        jobs.append(write(database, vault, to=person.email, text=text, until=until))
    return jobs


def send_now(database: Database, vault: Vault, letter: Letter) -> None:
    """Send a letter now. Raises as ``mail.send`` does, and ``Unavailable``
    (``secret_unreadable``)."""
    section = options.read(database, Mail)
    mail.send(
        section,
        vault.open(section.password, purpose="mail.password"),
        letter,
        sender_name=facts.get(database, "organization") or "Balcão",
        record=lambda origin, purpose: outgoing.record(database, origin, purpose),
    )


def give_up(database: Database, letter_id: str, _: Problem) -> None:
    """A job that ended without success leaves no letter behind."""
    with database.write() as writer:
        letters.remove(writer, letter_id)


def begin_again(database: Database, job: Job) -> bool:
    """Whether a retried job has something to do: its letter is still there and needed."""
    return letters.waiting(database, job.subject) is not None


class Told(Record, frozen=True):
    """A link as it was made: shown to whoever made it, and mailed where mail is set."""

    link: str
    expires_at: str
    job: Job | None

    @property
    def mailed(self) -> bool:
        """Whether it is on its way by mail, too."""
        return self.job is not None


def tell(
    database: Database,
    vault: Vault,
    settings: Settings,
    kind: Literal["invitation", "reset"],
    token: str,
    *,
    to: str,
    language: Language,
    until: str,
    **more: str,
) -> Told:
    """The link of a token, and its letter where mail is set, within the caller's transaction;
    deliver the job after the commit."""
    link = links.link(settings, kind, token)
    if not is_set(database):
        return Told(link=link, expires_at=until, job=None)
    organization = facts.get(database, "organization") or "Balcão"
    text = letters.written(kind, {"link": link, "organization": organization} | more, language)
    job = write(database, vault, to=to, text=text, until=datetime.fromisoformat(until))
    return Told(link=link, expires_at=until, job=job)


class Post:
    """Does the jobs of the kind "mail", whose subject is a letter."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self.vault = vault

    def __call__(self, job: Job, watch: Watch) -> None:
        """Send a letter. Raises ``SubjectGone`` where nobody needs it any more, and as
        ``send_now`` does."""
        watch.check()
        found = letters.waiting(self.database, job.subject)
        if found is None:
            raise SubjectGone
        content = self.vault.open(found.content, purpose=letters.PURPOSE)
        send_now(self.database, self.vault, msgspec.json.decode(content, type=Letter))
        with self.database.write() as writer:
            letters.remove(writer, job.subject)
