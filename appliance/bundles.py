"""An assistant as one signed file: taken along to another server, or kept as it was.

The file holds how an assistant speaks and looks, its picture, whom it is for, its flows, its
approved answers and its golden questions. It never holds a document, a key, an engine's
address, where forms are sent on to, the sites that may embed it, or anybody's rights: where it
is taken in, it begins closed, with an empty collection of its own name. An approved answer
comes without the page that it cited.

``{"assistant": {form, made_at, made_by, program, settings, logo, flows, approved, golden},
"signature": …}`` as
``signatures`` lays it out. ``made_by`` is what the signing house calls itself; only the
fingerprint proves who it was. A file of a later ``form`` is refused with a sentence.
"""

import base64
import binascii
from typing import Annotated, Any

import msgspec

from appliance import (
    __version__,
    approved,
    assistants,
    facts,
    golden,
    library,
    logos,
    signatures,
    widgets,
)
from appliance import flows as flow_store
from appliance.approved import Approved, Draft
from appliance.database import Database, Writer
from appliance.errors import Conflict, TooLarge, Unreadable
from appliance.flows import Flows
from appliance.golden import GoldenQuestion
from appliance.looks import Accent, Line, Look, Name, Strictness, Suggestions, Text
from appliance.reach import EVERYWHERE, Reach
from appliance.records import Assistant, Language, Mode, Record, timestamp
from appliance.widgets import Audience

KIND = "assistant"
PURPOSE = b"balcao.assistant\n"
FORM = 1
MOST_BYTES = 700 * 1024
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


Question = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]


class Answer(Record, frozen=True, forbid_unknown_fields=True):
    """An approved answer, without what it cites."""

    questions: tuple[Question, ...]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    active: bool


class Golden(Record, frozen=True, forbid_unknown_fields=True):
    """A golden question, as ``golden.Wanted`` says it."""

    question: Question
    document: Annotated[str, msgspec.Meta(max_length=300)] = ""
    page: Annotated[int, msgspec.Meta(ge=1, le=999_999)] | None = None
    phrases: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)] = ()
    must_refuse: bool = False


class Contents(Record, frozen=True, forbid_unknown_fields=True):
    """``logo`` is a PNG in base64, "" for none."""

    form: int
    made_at: str
    made_by: str
    program: str
    settings: Settings
    logo: str
    flows: Flows = Flows()
    approved: tuple[Answer, ...] = ()
    golden: tuple[Golden, ...] = ()


class Opened(Record, frozen=True):
    """A file whose signature is good, and whose it is."""

    contents: Contents
    fingerprint: str


def packed(
    database: Database, assistant: Assistant, seed: str, *, reach: Reach = EVERYWHERE
) -> str:
    """The file of an assistant, signed with this installation's private key ``seed``. Approved
    answers that cite what is beyond ``reach`` stay. Raises ``TooLarge`` (``bundle_too_large``)."""
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
        flows=_bare(flow_store.of(database, assistant.id)),
        approved=tuple(
            Answer(questions=one.questions, text=one.text, active=one.active)
            for one in _approved(database, assistant.id, reach)
        ),
        golden=tuple(_golden(database, one) for one in golden.every(database, assistant.id)),
    )
    file = signatures.signed_file(KIND, contents, seed, purpose=PURPOSE)
    if len(file.encode()) > MOST_BYTES:
        raise TooLarge("bundle_too_large", most=MOST_BYTES // 1024)
    return file


def _bare(found: Flows, **kept: str) -> Flows:
    """The flows without where their form is sent on to: another house has other programs, and
    another assistant no secret yet."""
    form = msgspec.structs.replace(found.form, **{"mail_to": "", "webhook": ""} | kept)
    return msgspec.structs.replace(found, form=form)


def _approved(database: Database, assistant_id: str, reach: Reach) -> list[Approved]:
    """The approved answers, the oldest first."""
    found = approved.every(database, assistant_id, reach=reach, limit=approved.MOST_QUESTIONS)
    return found[::-1]


def _golden(database: Database, one: GoldenQuestion) -> Golden:
    """A golden question that names its document as people do, never by an id of this house."""
    named = library.find(database, one.document)
    return Golden(
        question=one.question,
        document=named.title if named else one.document,
        page=one.page,
        phrases=one.phrases,
        must_refuse=one.must_refuse,
    )


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
    flow_store.store(db, made.id, _bare(file.contents.flows))
    for answer in file.contents.approved:
        approved.create(db, made.id, Draft(**msgspec.structs.asdict(answer)))
    for asked in file.contents.golden:
        golden.add(db, made.id, golden.Wanted(**msgspec.structs.asdict(asked)))
    return made


def copied(
    db: Writer,
    database: Database,
    of: Assistant,
    name: str,
    *,
    reach: Reach = EVERYWHERE,
    **whose: Any,
) -> Assistant:
    """A new assistant like ``of`` under another name, open to the same people and to no site.
    ``whose`` are its collections, editors and engine. Approved answers that cite what is beyond
    ``reach`` stay with the first, and so does the program that its form is sent on to."""
    values = {one: getattr(of, one) for one in COPIED} | {"access": of.access, "groups": of.groups}
    digest = of.look.logo
    picture = logos.picture(database, of.id, digest) if digest else b""
    made = _dressed(db, name, values, picture, whose)
    widgets.set_limits(db, made.id, widgets.limits(database, of.id))
    widgets.keep(db, made.id, widgets.keep_days(database, of.id))
    widgets.address_to(db, made.id, widgets.audience(database, of.id))
    found = flow_store.of(database, of.id)
    flow_store.store(db, made.id, _bare(found, mail_to=found.form.mail_to))
    for answer in _approved(database, of.id, reach):
        approved.create(db, made.id, approved.draft(answer))
    for asked in golden.every(database, of.id):
        wanted = {one: getattr(asked, one) for one in golden.Wanted.__struct_fields__}
        golden.add(db, made.id, golden.Wanted(**wanted))
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
