"""An assistant as one signed file: taken along to another server, or kept as it was.

The file holds how an assistant speaks and looks, its picture, and whom it is for. It never
holds a document, a key, an engine's address, the sites that may embed it, or anybody's
rights: where it is taken in, it begins closed, with an empty collection of its own name.

``{"assistant": {form, made_at, made_by, program, settings, logo}, "signature": …}`` as
``signatures`` lays it out. ``made_by`` is what the signing house calls itself; only the
fingerprint proves who it was. A file of a later ``form`` is refused with a sentence.
"""

import base64
import binascii
from typing import Any

import msgspec

from appliance import __version__, assistants, facts, logos, signatures, widgets
from appliance.database import Database, Writer
from appliance.errors import Conflict, Unreadable
from appliance.looks import Accent, Line, Look, Name, Strictness, Suggestions, Text
from appliance.records import Assistant, Language, Mode, Record, timestamp
from appliance.widgets import Audience

KIND = "assistant"
PURPOSE = b"balcao.assistant\n"
FORM = 1
MOST_BYTES = 512 * 1024
COPIED = (
    "language", "instructions", "greeting", "suggestions", "refusal", "contact", "mode",
    "strictness", "accent", "look",
)  # fmt: skip


class Settings(Record, frozen=True, forbid_unknown_fields=True):
    """What travels of an assistant, within the bounds of the API."""

    name: Name
    language: Language
    instructions: Text
    greeting: Text
    suggestions: Suggestions
    refusal: Text
    contact: Line
    mode: Mode | None
    strictness: Strictness
    accent: Accent
    look: Look
    audience: Audience


class Contents(Record, frozen=True, forbid_unknown_fields=True):
    """``logo`` is a PNG in base64, "" for none."""

    form: int
    made_at: str
    made_by: str
    program: str
    settings: Settings
    logo: str


class Opened(Record, frozen=True):
    """A file whose signature is good, and whose it is."""

    contents: Contents
    fingerprint: str


def packed(database: Database, assistant: Assistant, seed: str) -> str:
    """The file of an assistant, signed with this installation's private key ``seed``."""
    settings = {name: getattr(assistant, name) for name in COPIED}
    digest = assistant.look.logo
    picture = logos.picture(database, assistant.id, digest) if digest else b""
    contents = Contents(
        form=FORM,
        made_at=timestamp(),
        made_by=facts.get(database, "organization") or "",
        program=__version__,
        settings=Settings(
            name=assistant.name, audience=widgets.audience(database, assistant.id), **settings
        ),
        logo=base64.b64encode(picture).decode(),
    )
    return signatures.signed_file(KIND, contents, seed, purpose=PURPOSE)


def opened(file: bytes) -> Opened:
    """What is in a file, if it is as it was signed, by whomever.

    Raises ``Unreadable``: ``bundle_no_assistant`` for something else, ``bundle_changed``,
    ``bundle_newer``.
    """
    try:
        read, signature = signatures.read_file(KIND, file, purpose=PURPOSE)
    except signatures.NotSigned as fault:
        raise Unreadable("bundle_no_assistant") from fault
    except signatures.Broken as fault:
        raise Unreadable("bundle_changed") from fault
    if isinstance(read.get("form"), int) and read["form"] > FORM:
        raise Unreadable("bundle_newer", program=str(read.get("program", ""))[:40])
    try:
        contents = msgspec.convert(read, Contents)
    except msgspec.ValidationError as fault:
        raise Unreadable("bundle_no_assistant") from fault
    return Opened(contents=contents, fingerprint=signature.fingerprint)


def recognise(file: Opened, *, own: str, confirmed: str) -> None:
    """Raise ``Conflict`` (``bundle_unknown_signer``) for a file that was signed elsewhere,
    unless somebody compared and ``confirmed`` the fingerprint. ``own`` is this installation's."""
    if file.fingerprint not in (own, confirmed):
        name = file.contents.made_by or "?"
        raise Conflict("bundle_unknown_signer", name=name[:120], fingerprint=file.fingerprint)


def take_in(db: Writer, file: Opened, **whose: Any) -> Assistant:
    """A new assistant as the file describes it, in the caller's transaction. ``whose`` are its
    collections and editors. Raises as ``assistants.create`` does, and ``Unreadable``
    (``logo_unreadable``)."""
    settings = file.contents.settings
    values = {name: getattr(settings, name) for name in COPIED}
    picture = _picture(file.contents.logo)
    made = _dressed(db, settings.name, values, picture, whose)
    widgets.address_to(db, made.id, settings.audience)
    return made


def copied(db: Writer, database: Database, of: Assistant, name: str, **whose: Any) -> Assistant:
    """A new assistant like ``of`` under another name, open to the same people and to no site.
    ``whose`` are its collections, editors and engine."""
    values = {one: getattr(of, one) for one in COPIED} | {"access": of.access, "groups": of.groups}
    digest = of.look.logo
    picture = logos.picture(database, of.id, digest) if digest else b""
    made = _dressed(db, name, values, picture, whose)
    widgets.set_limits(db, made.id, widgets.limits(database, of.id))
    widgets.keep(db, made.id, widgets.keep_days(database, of.id))
    widgets.address_to(db, made.id, widgets.audience(database, of.id))
    return made


def _dressed(
    db: Writer, name: str, values: dict[str, Any], picture: bytes, whose: dict[str, Any]
) -> Assistant:
    """A new assistant with its picture, which is kept once there is somebody to wear it."""
    bare = msgspec.structs.replace(values["look"], logo="")
    made = assistants.create(db, name=name, **values | whose | {"look": bare})
    if not picture:
        return made
    worn = msgspec.structs.replace(bare, logo=logos.keep(db, made.id, picture))
    return assistants.change(db, made.id, {"look": worn})


def _picture(text: str) -> bytes:
    """A picture out of a file is drawn anew like any other."""
    try:
        sent = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Unreadable("logo_unreadable") from fault
    return logos.drawn(sent) if sent else b""
