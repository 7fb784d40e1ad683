"""The record of processing (LGPD, art. 37) and the technical annex of an impact report
(art. 38): both are read off the installation as it is now, and nobody keeps them up by hand.

What a program cannot know is set under "processing": who the controller is, whom to ask,
what for, and on what legal basis. All else follows from the assistants, the periods, the
mail server, the engines and the rest, so that record and settings cannot part.

``GET /api/processing`` → ``{"record": Record, "annex": Annex}``; ``GET
/api/processing/document?part=record|annex`` → the same as a file to hand over.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import msgspec

from appliance import flows, identities, keeping, options
from appliance.database import Database
from appliance.errors import sentence
from appliance.keeping import Retention
from appliance.mail import Mail
from appliance.records import Assistant, Language, Record
from appliance.sections import Line, Paragraph, Section
from appliance.settings import Settings
from appliance.signin.directory import Directory
from appliance.signin.policy import SignIn
from appliance.syslog import Syslog

# The bases of art. 7, in its order.
Basis = Literal[
    "undecided", "consent", "legal_obligation", "public_policy", "research", "contract",
    "legal_claims", "life", "health", "legitimate_interest", "credit",
]  # fmt: skip
Kind = Literal["accounts", "assistant", "audit", "jobs", "mail", "directory"]
Part = Literal["record", "annex"]


class Processing(Section, frozen=True):
    """What the house says of its processing; art. 41 wants the officer's name published."""

    SECTION: ClassVar[str] = "processing"

    controller: Line = ""
    controller_number: Line = ""
    controller_contact: Line = ""
    officer: Line = ""
    officer_contact: Line = ""
    purpose: Paragraph = ""
    basis: Basis = "undecided"
    basis_note: Paragraph = ""
    subjects: Paragraph = ""
    sensitive: Paragraph = ""
    risks: Paragraph = ""


class Activity(Record, frozen=True):
    """One operation: ``name`` is an assistant's, "" for those that every house has; ``days``
    is for how long the data are kept (0: an hour, None: as long as the account or the
    document is there). ``recipients`` are places outside this server; most have none."""

    kind: Kind
    name: str
    purpose: str
    subjects: str
    data: str
    basis: Basis
    days: int | None
    recipients: tuple[str, ...]
    open_to_visitors: bool = False


class ProcessingRecord(Record, frozen=True):
    """The record of art. 37; ``missing`` are the fields of the section that nobody filled."""

    house: Processing
    activities: tuple[Activity, ...]
    missing: tuple[str, ...]


class Annex(Record, frozen=True):
    """The technical annex: what stands where, who may do what, for how long, what leaves, and
    the ``risks`` that the settings of now leave open, by their codes."""

    language_model: str
    embedder: str
    address: str
    destinations: tuple[str, ...]
    people: dict[str, int]
    second_factor: str
    groups: int
    holds: int
    periods: dict[str, int]
    risks: tuple[str, ...]


def record(
    database: Database, settings: Settings, shown: Sequence[Assistant], language: Language
) -> ProcessingRecord:
    """The record as the installation stands now, with the assistants that are ``shown``."""
    house = options.read(database, Processing)
    named = ("controller", "officer", "officer_contact", "purpose")
    missing = [name for name in named if not getattr(house, name)]
    return ProcessingRecord(
        house=house,
        activities=tuple(_activities(database, house, settings, shown, language)),
        missing=tuple(missing + ["basis"] * (house.basis == "undecided")),
    )


def annex(
    database: Database, settings: Settings, shown: Sequence[Assistant], destinations: Sequence[str]
) -> Annex:
    """The annex as the installation stands now; ``destinations`` is what may be contacted."""
    counted = database.rows("select role, count(*) as n from people where active group by role")
    sums = database.row(
        "select (select count(*) from groups) as groups, (select count(*) from holds) as holds"
    )
    wanted = options.read(database, Retention)
    return Annex(
        language_model=settings.language_model,
        embedder=settings.embedder,
        address=settings.address,
        destinations=tuple(destinations),
        people={row["role"]: row["n"] for row in counted},
        second_factor=options.read(database, SignIn).second_factor,
        periods=_periods(wanted, settings),
        risks=tuple(_risks(database, settings, shown)),
        **(sums or {}),
    )


def _periods(wanted: Retention, settings: Settings) -> dict[str, int]:
    return {
        keeping.CONVERSATIONS: wanted.conversation_days if wanted.keep_conversations else 0,
        keeping.AUDIT: 365 * wanted.audit_years,
        keeping.LOG: wanted.log_days,
        keeping.ADDRESSES: wanted.address_days,
        keeping.TRASH: settings.trash_days,
    }


def _activities(
    database: Database,
    house: Processing,
    settings: Settings,
    shown: Sequence[Assistant],
    language: Language,
) -> list[Activity]:
    days = _periods(options.read(database, Retention), settings)
    mail, directory = options.read(database, Mail), options.read(database, Directory)
    syslog = options.read(database, Syslog)

    def activity(kind: Kind, kept: int | None, *recipients: str) -> Activity:
        words = _words(kind, language)
        return Activity(
            kind=kind,
            name="",
            purpose=words["purpose"],
            subjects=words["subjects"],
            data=words["data"],
            basis=house.basis,
            days=kept,
            recipients=recipients,
        )

    return [
        activity("accounts", None),
        *(_of(database, house, one, days[keeping.CONVERSATIONS], language) for one in shown),
        activity("audit", days[keeping.AUDIT], *([syslog.host] if syslog.enabled else [])),
        activity("jobs", days[keeping.LOG]),
        *([activity("mail", None, mail.host)] if mail.is_set else []),
        *([activity("directory", None, directory.origin)] if directory.enabled else []),
    ]


def _of(
    database: Database, house: Processing, one: Assistant, days: int, language: Language
) -> Activity:
    row = database.row(
        """
        select keep_days, (select addresses from engines where id = assistants.engine) as engine
        from assistants where id = :id
        """,
        {"id": one.id},
    )
    kept = row["keep_days"] if row and row["keep_days"] and days else days
    outside = (
        msgspec.json.decode(row["engine"], type=tuple[str, ...]) if row and row["engine"] else ()
    )
    words = _words("assistant", language)
    is_told_whom = identities.of(database, one.id).made_at is not None
    vouched = sentence("processing_assistant_vouched", {}, language) if is_told_whom else ""
    return Activity(
        kind="assistant",
        name=one.name,
        purpose=house.purpose or words["purpose"],
        subjects=house.subjects or words["subjects"],
        data=" ".join(filter(None, (words["data"], vouched, house.sensitive))),
        basis=house.basis,
        days=kept,
        recipients=(*(outside if one.leaves_building else ()), *_form_goes_to(database, one)),
        open_to_visitors=bool(one.origins),
    )


def _form_goes_to(database: Database, one: Assistant) -> list[str]:
    """Who is told what is filled in: the address of its letters, the origin of its program."""
    form = flows.of(database, one.id).form
    if not form.on:
        return []
    program = urlsplit(form.webhook)
    origin = f"{program.scheme}://{program.netloc}" if program.netloc else ""
    return [told for told in (form.mail_to, origin) if told]


def _words(kind: Kind, language: Language) -> dict[str, str]:
    return {
        name: sentence(f"processing_{kind}_{name}", {}, language)
        for name in ("purpose", "subjects", "data")
    }


def _risks(database: Database, settings: Settings, shown: Sequence[Assistant]) -> list[str]:
    """What the settings leave open, as codes that have a sentence each."""
    policy, wanted = options.read(database, SignIn), options.read(database, Retention)
    mail = options.read(database, Mail)
    found = {
        "engine_outside": any(one.leaves_building for one in shown),
        "open_widget": any(one.origins for one in shown),
        "no_second_factor": policy.second_factor == "optional",
        "not_encrypted": not settings.address.startswith("https://"),
        "mail_not_encrypted": mail.is_set and mail.safety == "none",
        "kept_long": wanted.keep_conversations and wanted.conversation_days > 365,
    }
    return [name for name, holds in found.items() if holds]
