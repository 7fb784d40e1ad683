"""Joining: what another server says of somebody becomes a person here, at each sign-in.

Known is who was here under the same identity, and nobody else: not by a name, not by an
address. Role and groups are what the rules say today.
"""

from collections.abc import Sequence
from typing import Any

from appliance import accounts, audit, groups
from appliance.database import Database, Writer
from appliance.errors import BadRequest, Conflict, NotAllowed, NotSignedIn
from appliance.records import Caller, Language, Origin, Person, Record, Role
from appliance.signin import identities, mapping
from appliance.signin.mapping import Rule, Standing


class Vouched(Record, frozen=True):
    """Somebody, in the words of another server; ``groups`` are as they are called there."""

    origin: Origin
    issuer: str
    subject: str
    name: str
    email: str
    groups: tuple[str, ...] = ()


class Admission(Record, frozen=True):
    """The rules of a house for the people of another server. ``others`` is the role of those
    to whom no rule gives one; None: they may not sign in."""

    rules: Sequence[Rule]
    others: Role | None
    language: Language

    def standing(self, vouched: Vouched) -> Standing:
        """What somebody is here."""
        found = mapping.standing(self.rules, vouched.groups)
        return Standing(role=found.role or self.others, groups=found.groups)


def join(database: Database, vouched: Vouched, admission: Admission) -> Person:
    """The person of somebody who has just shown who they are over there.

    Raises ``NotAllowed`` (``no_rule_fits``; whoever was here is let out), ``NotSignedIn``
    (``wrong_credentials``) for one who was deactivated here, ``Conflict``
    (``address_is_taken``) and ``BadRequest`` (``no_address``).
    """
    standing = admission.standing(vouched)
    with database.write() as writer:
        known = identities.find(
            writer, origin=vouched.origin, issuer=vouched.issuer, subject=vouched.subject
        )
        if standing.role is not None:
            if known is None:
                person = _new(writer, vouched, standing.role, admission.language)
            else:
                person = _returning(database, writer, known, vouched, standing.role)
            _place(writer, person, standing.groups, admission.rules)
            return person
        if known is not None:
            let_out(database, writer, known)
    raise NotAllowed("no_rule_fits", name=vouched.name)


def settle(
    database: Database, known: identities.Identity, vouched: Vouched, admission: Admission
) -> None:
    """Bring a person up to what another server says of them now, without their being here;
    where no rule gives them a role any more, they are let out."""
    standing = admission.standing(vouched)
    with database.write() as writer:
        if standing.role is None:
            let_out(database, writer, known)
            return
        person = _returning(database, writer, known, vouched, standing.role)
        _place(writer, person, standing.groups, admission.rules)


def let_out(database: Database, writer: Writer, known: identities.Identity) -> None:
    """Keep out somebody for whom nobody vouches any more: sessions, keys and streams end."""
    person = accounts.get(database, known.person)
    if not person.active:
        return
    accounts.change(writer, person.id, active=False, word_of=known.origin)
    identities.gone(writer, person.id)
    audit.record(writer, _server(known.origin), "person.gone", person.id, origin=known.origin)


def _new(writer: Writer, vouched: Vouched, role: Role, language: Language) -> Person:
    try:
        person = accounts.create(
            writer,
            name=_shown(vouched.name),
            email=vouched.email,
            password_hash=accounts.NO_PASSWORD,
            role=role,
            language=language,
            origin=vouched.origin,
        )
    except Conflict as fault:
        raise Conflict("address_is_taken", email=vouched.email) from fault
    except BadRequest as fault:
        raise BadRequest("no_address", name=_shown(vouched.name)) from fault
    identities.add(
        writer, person.id, origin=vouched.origin, issuer=vouched.issuer, subject=vouched.subject
    )
    audit.record(
        writer, _caller(person), "person.create", person.id, role=role, origin=person.origin
    )
    return person


def _returning(
    database: Database,
    writer: Writer,
    known: identities.Identity,
    vouched: Vouched,
    role: Role,
) -> Person:
    person = accounts.get(database, known.person)
    if not person.active and known.gone_at is None:
        raise NotSignedIn("wrong_credentials")  # an administrator of this house said so
    told: dict[str, Any] = {
        "name": _shown(vouched.name),
        "email": _address(database, person, vouched.email),
        "role": role,
        "active": True,
    }
    fresh = {name: value for name, value in told.items() if value != getattr(person, name)}
    if fresh:
        person = accounts.change(writer, person.id, word_of=vouched.origin, **fresh)
        audit.record(
            writer, _server(vouched.origin), "person.change", person.id, fields=sorted(fresh)
        )
    identities.seen(writer, person.id)
    return person


def _address(database: Database, person: Person, said: str) -> str:
    """The address that is said, if it is one and nobody else's; else the one before."""
    try:
        said = accounts.checked_email(said)
    except BadRequest:
        return person.email
    holder = accounts.credentials(database, said)
    return said if holder is None or holder[0].id == person.id else person.email


def _place(writer: Writer, person: Person, names: Sequence[str], rules: Sequence[Rule]) -> None:
    """Put a person into the groups that the rules give, and out of those that rules gave or
    could give and do not; groups that no rule names are the house's own matter."""
    wanted = set(groups.named(writer, names).values())
    ruled = set(groups.named(writer, [rule.group for rule in rules if rule.group]).values())
    before = groups.held(writer, person.id)
    for group_id in (ruled | identities.given(writer, person.id)) - wanted:
        groups.leave(writer, group_id, person.id)
    for group_id in wanted:
        groups.add(writer, group_id, person.id)
    identities.give(writer, person.id, wanted)
    after = groups.held(writer, person.id)
    if after != before:
        audit.record(
            writer,
            _server(person.origin),
            "person.groups",
            person.id,
            joined=sorted(after - before),
            left=sorted(before - after),
        )


def _shown(name: str) -> str:
    """A name as ``accounts`` takes it, whatever another server calls somebody."""
    clean = accounts.CONTROL.sub(" ", name)
    return " ".join(clean.split())[:200].strip() or "?"


def _caller(person: Person) -> Caller:
    return Caller(
        kind="person", id=person.id, name=person.name, language=person.language, role=person.role
    )


def _server(origin: Origin) -> Caller:
    """Who changes people without being one: the other server."""
    return Caller(kind="terminal", id=origin, name={"ldap": "LDAP"}.get(origin, "OpenID Connect"))
