"""The company's directory: signing in by it, and looking now and then who is still in it.

A directory that is away is asked again after some seconds only, so that who comes meanwhile
is told at once; and what it said last stands in the facts, for the status page. The people
of this house never wait for it; only whoever is refused does (``knock``), so that nobody
learns from a clock who is of which house.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from appliance import accounts, facts, groups, options, outgoing
from appliance.database import Database
from appliance.errors import NotSignedIn, Unavailable
from appliance.federation import contacts, joining
from appliance.federation.joining import Admission, Vouched
from appliance.records import Language, Person, Problem, Record, timestamp
from appliance.signin import identities, ldap, mapping
from appliance.signin.directory import Directory
from appliance.signin.ldap import Entry, Session
from appliance.vault import Vault

ASKED_AGAIN = timedelta(seconds=15)
CHECKED = "directory_checked"

log = logging.getLogger(__name__)


class Found(Record, frozen=True):
    """What a test of the directory found: how many could sign in, and the groups of the
    rules that this house does not have."""

    people: int
    unknown_groups: tuple[str, ...]


class Directories:
    """The directory of a house, by the settings of the moment."""

    def __init__(self, database: Database, vault: Vault, language: Language = "pt") -> None:
        self.database = database
        self.vault = vault
        self.language = language

    def is_on(self) -> bool:
        """Whether people sign in by it."""
        return self._section().enabled

    def sign_in(self, name: str, password: str) -> Person:
        """The person whose name and password these are over there.

        Raises ``NotSignedIn`` (``wrong_credentials``), ``Unavailable`` as ``ldap.opened``
        does, and as ``joining.join`` does.
        """
        section = self._section()
        if not section.enabled or not ldap.sayable(password):
            raise NotSignedIn("wrong_credentials")
        with self._open(section) as directory:
            entry = directory.find(name)
            if entry is None or entry.disabled or not directory.is_password(entry, password):
                raise NotSignedIn("wrong_credentials")
            vouched = _vouched(entry, directory)
        return joining.join(self.database, vouched, self._admission(section))

    def knock(self, password: str) -> None:
        """Go as far as the directory's door, where a sign-in with this password would have been
        asked about there, and say nothing. Raises ``Unavailable`` as ``ldap.opened`` does."""
        section = self._section()
        if section.enabled and ldap.sayable(password):
            with self._open(section):
                return

    def proves(self, person: Person, password: str) -> bool:
        """Whether this is the password of a person who is signed in. Raises ``Unavailable``."""
        section, known = self._section(), identities.of(self.database, person.id)
        if not section.enabled or not ldap.sayable(password) or known is None:
            return False
        with self._open(section) as directory:
            entry = directory.find(person.email)
            return (
                entry is not None
                and entry.subject == known.subject
                and not entry.disabled
                and directory.is_password(entry, password)
            )

    def look(self, *, now: datetime | None = None) -> bool:
        """Look whether everybody is still there, if that is due; whether it was done.

        A directory that is away, or in which there is nobody at all, says nothing about
        anybody.
        """
        section, now = self._section(), now or datetime.now(UTC)
        if not section.enabled or not self._is_due(section, now):
            return False
        with self.database.write() as writer:
            facts.put(writer, CHECKED, timestamp(now))
        try:
            self._look(section)
        except Unavailable as fault:
            log.warning("the directory could not be asked about its people: %s", fault)
            return False
        return True

    def test(self) -> Found:
        """Ask for everybody, now. Raises ``Unavailable`` as ``ldap.opened`` does, and
        (``ldap_nobody``) where nobody is found."""
        section = self._section()
        with self._open(section, patiently=True) as directory:
            people = sum(not one.disabled for one in directory.everybody())
        if not people:
            raise Unavailable("ldap_nobody", base=section.people)
        named = dict.fromkeys(rule.group for rule in mapping.read(section.rules) if rule.group)
        with self.database.write() as writer:
            known = groups.named(writer, named)
        unknown = tuple(one for one in named if one.casefold() not in known)
        return Found(people=people, unknown_groups=unknown)

    def problem(self) -> Problem | None:
        """What is wrong with the directory, or None: nothing, or nobody signs in by it."""
        contact = contacts.read(self.database, "directory")
        return contact.problem if contact.is_away and self.is_on() else None

    def checked_at(self) -> str | None:
        """When everybody was looked for last."""
        return facts.get(self.database, CHECKED)

    def _look(self, section: Directory) -> None:
        standing = identities.standing(self.database, "ldap")
        if not standing:
            return
        admission = self._admission(section)
        with self._open(section, patiently=True) as directory:
            there = {one.subject: one for one in directory.everybody()}
            if not there:
                raise Unavailable("ldap_nobody", base=section.people)
            for known in standing:
                self._settle(known, there.get(known.subject), directory, admission)

    def _settle(
        self,
        known: identities.Identity,
        entry: Entry | None,
        directory: Session,
        admission: Admission,
    ) -> None:
        if entry is None or entry.disabled:
            with self.database.write() as writer:
                joining.let_out(self.database, writer, known)
            return
        try:
            joining.settle(self.database, known, _vouched(entry, directory), admission)
        except NotSignedIn:
            return  # deactivated here since we began

    @contextmanager
    def _open(self, section: Directory, *, patiently: bool = False) -> Iterator[Session]:
        problem = None if patiently else self._fresh_problem()
        if problem:
            raise Unavailable(problem.code, **problem.facts)
        password = self.vault.open(section.password, purpose="ldap.password")
        try:
            with ldap.opened(section, password, self._record) as directory:
                contacts.worked(self.database, "directory")
                yield directory
        except Unavailable as fault:
            contacts.failed(self.database, "directory", fault.problem)
            raise

    def _record(self, origin: str, purpose: str) -> None:
        outgoing.record(self.database, origin, purpose)

    def _fresh_problem(self) -> Problem | None:
        """What was wrong a moment ago."""
        contact = contacts.read(self.database, "directory")
        if not contact.is_away or contact.failed_at is None:
            return None
        age = datetime.now(UTC) - datetime.fromisoformat(contact.failed_at)
        return contact.problem if age < ASKED_AGAIN else None

    def _is_due(self, section: Directory, now: datetime) -> bool:
        last = facts.get(self.database, CHECKED)
        every = timedelta(minutes=section.check_minutes)
        return last is None or now - datetime.fromisoformat(last) >= every

    def _section(self) -> Directory:
        return options.read(self.database, Directory)

    def _admission(self, section: Directory) -> Admission:
        return Admission(
            rules=mapping.read(section.rules),
            others="member" if section.others == "member" else None,
            language=self.language,
        )


def _vouched(entry: Entry, directory: Session) -> Vouched:
    return Vouched(
        origin="ldap",
        issuer="",
        subject=entry.subject,
        name=entry.name,
        email=entry.email,
        groups=tuple(sorted(directory.groups(entry))),
    )


def is_theirs(database: Database, name: str) -> bool:
    """Whether somebody who signs in by this name is not of this house: nobody is here by
    that address, or one whom the directory vouches for."""
    known = accounts.credentials(database, name)
    return known is None or known[0].origin == "ldap"


__all__ = ["Directories", "Found", "is_theirs"]
