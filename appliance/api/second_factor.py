"""The second factor over HTTP: one's own is set up, renewed and taken away here.

Whatever weakens the door asks for the password and a code once more: a browser left open
at a desk must not be enough. A new token takes the session's place whenever the factor
changes, and every other session of the person ends.
"""

import msgspec
import segno
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from appliance import accounts, audit, facts, throttle
from appliance.api import guards, own_password, second_proof, sessions
from appliance.api.problems import AnyRequest
from appliance.database import Database, Writer
from appliance.errors import Conflict, NotAllowed, NotFound
from appliance.records import Caller, Record
from appliance.settings import Settings
from appliance.signin import second_factor
from appliance.vault import Vault

PRODUCT = "Balcão"


class Password(msgspec.Struct, forbid_unknown_fields=True):
    """One's own, once more."""

    password: str


class Code(msgspec.Struct, forbid_unknown_fields=True):
    code: str


class Proof(msgspec.Struct, forbid_unknown_fields=True):
    """One's own password and a code, once more."""

    password: str
    code: str


class SecondFactor(Record, frozen=True):
    """One's own second factor. ``required``: the house wants this person to have one."""

    enabled: bool
    required: bool
    since: str | None
    codes_left: int


class Begun(Record, frozen=True):
    """What an authenticator reads: as an address, as a picture (a data: address), by hand."""

    secret: str
    address: str
    picture: str


class RecoveryCodes(Record, frozen=True):
    """Each is good once, instead of a code of the authenticator. They are told only now."""

    codes: list[str]


@get("/api/second-factor", who=guards.person(), before_second_factor=True, sync_to_thread=True)
def read(caller: NamedDependency[Caller], database: NamedDependency[Database]) -> SecondFactor:
    """How one's own stands."""
    found = second_factor.standing(database, caller.id)
    on = found if found and found.confirmed_at else None
    return SecondFactor(
        enabled=on is not None,
        required=guards.second_factor_required(database, caller),
        since=on.confirmed_at if on else None,
        codes_left=on.codes_left if on else 0,
    )


@post(
    "/api/second-factor",
    who=guards.person(),
    before_second_factor=True,
    status_code=200,
    sync_to_thread=True,
)
def begin(
    data: JSONBody[Password],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
) -> Begun:
    """Begin: a secret for the authenticator, which has to be confirmed by a code of it."""
    own_password.check(database, vault, caller, data.password)
    secret = second_factor.new_secret()
    with database.write() as writer:
        second_factor.begin(writer, caller.id, vault.seal(secret, purpose=second_factor.PURPOSE))
    house = facts.get(database, "organization")
    address = second_factor.address(
        secret,
        name=accounts.get(database, caller.id).email,
        house=f"{PRODUCT} {house}" if house else PRODUCT,
    )
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    return Begun(secret=secret, address=address, picture=picture)


@post(
    "/api/second-factor/confirm",
    who=guards.person(),
    before_second_factor=True,
    status_code=200,
    sync_to_thread=True,
)
def confirm(
    data: JSONBody[Code],
    request: AnyRequest,
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
) -> Response[RecoveryCodes]:
    """Confirm by a code; from now on one is asked for at the door."""
    found = second_factor.standing(database, caller.id)
    if found is None or found.confirmed_at:
        raise Conflict("second_factor_not_begun")
    secret = vault.open(found.sealed, purpose=second_factor.PURPOSE)
    places = throttle.take(database, second_proof.bucket(caller.id))
    with database.write() as writer:
        codes = second_factor.confirm(writer, caller.id, secret, data.code)
        cookie = _fresh(request, writer, settings, caller)
        audit.record(writer, caller, "second_factor.enable", caller.id)
    throttle.give_back(database, places)
    return Response(RecoveryCodes(codes=codes), cookies=[cookie])


@post("/api/second-factor/codes", who=guards.person(), status_code=200, sync_to_thread=True)
def renew_codes(
    data: JSONBody[Proof],
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
) -> RecoveryCodes:
    """New recovery codes; those before are no longer good."""
    _proves(database, vault, caller, data)
    with database.write() as writer:
        codes = second_factor.new_codes(writer, caller.id)
        audit.record(writer, caller, "second_factor.codes", caller.id)
    return RecoveryCodes(codes=codes)


@post("/api/second-factor/remove", who=guards.person(), status_code=200, sync_to_thread=True)
def remove(
    data: JSONBody[Proof],
    request: AnyRequest,
    caller: NamedDependency[Caller],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    vault: NamedDependency[Vault],
) -> Response[SecondFactor]:
    """Do without, where the house allows it."""
    if guards.second_factor_required(database, caller):
        raise Conflict("second_factor_wanted")
    _proves(database, vault, caller, data)
    with database.write() as writer:
        second_factor.remove(writer, caller.id)
        cookie = _fresh(request, writer, settings, caller)
        audit.record(writer, caller, "second_factor.remove", caller.id)
    off = SecondFactor(enabled=False, required=False, since=None, codes_left=0)
    return Response(off, cookies=[cookie])


@delete("/api/people/{person_id:str}/second-factor", who=guards.ADMINISTRATORS, sync_to_thread=True)
def take_away(
    person_id: FromPath[str], caller: NamedDependency[Caller], database: NamedDependency[Database]
) -> None:
    """Take away that of somebody who lost their telephone and their codes; they are signed
    out. One's own goes by ``remove``, which asks for a code."""
    if caller.kind == "person" and caller.id == person_id:
        raise Conflict("second_factor_own")
    accounts.get(database, person_id)
    with database.write() as writer:
        if not second_factor.remove(writer, person_id):
            raise NotFound
        audit.record(writer, caller, "second_factor.take_away", person_id)


def _proves(database: Database, vault: Vault, caller: Caller, proof: Proof) -> None:
    """Raise where a person does not show once more who they are."""
    found = second_factor.standing(database, caller.id)
    if found is None or found.confirmed_at is None:
        raise Conflict("second_factor_not_begun")
    own_password.check(database, vault, caller, proof.password)
    if not second_proof.accepted(database, vault, caller.id, found.sealed, proof.code):
        raise NotAllowed("wrong_code")


def _fresh(request: AnyRequest, writer: Writer, settings: Settings, caller: Caller) -> Cookie:
    """The cookie of a session that takes the place of the one that asks."""
    token = sessions.begun(writer, settings, request, caller.id)
    return sessions.cookie(request, settings, token)


routes = [read, begin, confirm, renew_codes, remove, take_away]
