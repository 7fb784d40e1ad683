"""The record of processing and the technical annex over HTTP, and as a file to hand over."""

from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from appliance import assistants, audit, processing
from appliance.api import rights
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.egress import allowed
from appliance.errors import sentence
from appliance.processing import Annex, Part, ProcessingRecord
from appliance.records import Assistant, Caller, Language, Record
from appliance.settings import Settings
from appliance.subjects import paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Wanted = Annotated[Part, QueryParameter()]


class ProcessingSheet(Record, frozen=True):
    """Both, as the installation stands now."""

    record: ProcessingRecord
    annex: Annex


@get("/api/processing", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
) -> ProcessingSheet:
    """The record of processing activities and the technical annex, read off the settings."""
    return sheet(database, settings, _shown(database, caller), caller.language)


@get("/api/processing/document", who=ADMINISTRATORS, gives={DOCX: bytes}, sync_to_thread=True)
def document(
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    part: Wanted = "record",
) -> Response[bytes]:
    """The record, or the annex, as a document (DOCX)."""
    made = sheet(database, settings, _shown(database, caller), caller.language)
    with database.write() as writer:
        audit.record(writer, caller, "processing.export", part)
    return Response(
        written(made, part, caller.language),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{part}.docx"'},
    )


def sheet(
    database: Database, settings: Settings, shown: list[Assistant], language: Language
) -> ProcessingSheet:
    """Record and annex, about the assistants that are shown."""
    places = [one.origin for one in allowed.destinations(settings, database)]
    return ProcessingSheet(
        record=processing.record(database, settings, shown, language),
        annex=processing.annex(database, settings, shown, list(dict.fromkeys(places))),
    )


class Told(NamedTuple):
    """One of the two in words: a title, what it is, and its chapters."""

    title: str
    lead: str
    chapters: list[paper.Section]
    none: str


def written(made: ProcessingSheet, part: Part, language: Language) -> bytes:
    """One of the two as a DOCX file."""
    words = told(made, part, language)
    return paper.written(words.title, words.lead, words.chapters, none=words.none)


def told(made: ProcessingSheet, part: Part, language: Language) -> Told:
    """One of the two in words."""

    def word(name: str) -> str:
        return sentence(f"processing_word_{name}", {}, language)

    lead = sentence(f"processing_word_{part}_lead", {"day": _today()}, language)
    chapters = _record(made.record, word, language) if part == "record" else None
    chapters = chapters or _annex(made.annex, word, language)
    return Told(word(part), lead, chapters, word("none"))


def _record(record: ProcessingRecord, word: Any, language: Language) -> list[paper.Section]:
    house = record.house
    rows = [
        [one.name or one.kind, one.purpose, one.subjects, one.data,
         sentence(f"processing_basis_{one.basis}", {}, language),
         "" if one.days is None else str(one.days), ", ".join(one.recipients) or "–"]
        for one in record.activities
    ]  # fmt: skip
    columns = ("name", "purpose", "subjects", "data", "basis", "days", "recipients")
    said = [house.controller, house.controller_number, house.controller_contact]
    said += [house.officer, house.officer_contact, house.basis_note, house.risks]
    return [
        paper.Section(word("house"), [word("value")], [[one] for one in said if one]),
        paper.Section(word("activities"), [word(name) for name in columns], rows),
    ]


def _annex(annex: Annex, word: Any, language: Language) -> list[paper.Section]:
    facts = [
        ["embedder", annex.embedder],
        ["language_model", annex.language_model or "–"],
        ["public_url", annex.address],
        ["second_factor", annex.second_factor],
        *([role, str(count)] for role, count in annex.people.items()),
    ]
    pair = [word("field"), word("value")]
    risks = [[sentence(f"processing_risk_{one}", {}, language)] for one in annex.risks]
    return [
        paper.Section(word("technical"), pair, facts),
        paper.Section(word("periods"), pair, [[n, str(d)] for n, d in annex.periods.items()]),
        paper.Section(word("leaves"), [word("place")], [[one] for one in annex.destinations]),
        paper.Section(word("risks"), [word("risk")], risks),
    ]


def _today() -> str:
    return datetime.now(UTC).astimezone().date().isoformat()


def _shown(database: Database, caller: Caller) -> list[Assistant]:
    reached = rights.reach(database, caller)
    every: list[Assistant] = []
    while page := assistants.every(
        database, reach=reached, after=every[-1].id if every else "", limit=200
    ):
        every += page
    return every


routes = [index, document]
