"""The network exit, for administrators: what may leave by the settings, and what did."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from appliance import attestations, audit
from appliance.api.guards import ADMINISTRATORS
from appliance.api.jobs import job_json
from appliance.attestations import Attestation
from appliance.database import Database
from appliance.egress import allowed, report, signing
from appliance.egress.allowed import DAYS, Destination, Judged, Resolver
from appliance.egress.sheet import Sheet
from appliance.errors import Conflict, sentence
from appliance.jobs import ledger
from appliance.jobs.queue import Queue
from appliance.records import Caller, Language, Problem, Record
from appliance.settings import Settings
from appliance.vault import Vault

Form = Annotated[Literal["json", "html"], QueryParameter(name="format")]
MEDIA_TYPES = {"json": "application/json", "html": "text/html"}


class Tested(Record, frozen=True):
    """What came of a self-test: ``report_passed`` counts what was contacted besides it.
    ``message`` says why it did not pass; ``attempts`` are what was tried, as it was."""

    id: str
    made_at: str
    report_passed: bool
    passed: bool
    isolated: bool
    tracer: str
    model: str
    seconds: float
    message: str
    attempts: list[dict[str, Any]]


class Exit(Record, frozen=True):
    """The network exit on one page; ``outside`` counts the contacts that nothing permits,
    ``test`` is the latest self-test, ``job`` the one that waits or runs, and ``fingerprint``
    that of the key which signs."""

    days: int
    destinations: list[Destination]
    contacts: list[Judged]
    outside: int
    resolvers: list[Resolver]
    fingerprint: str
    test: Tested | None
    job: dict[str, Any] | None


@get("/api/egress", who=ADMINISTRATORS, sync_to_thread=True)
def index(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
) -> Exit:
    """What may be contacted, what was in the last 30 days, and the latest self-test."""
    made = allowed.made(settings, database)
    latest = attestations.latest(database)
    job = ledger.current(database, report.KIND, report.SUBJECT)
    return Exit(
        days=DAYS,
        destinations=allowed.destinations(settings, database),
        contacts=made,
        outside=sum(one.outside for one in made),
        resolvers=allowed.resolvers(),
        fingerprint=signing.fingerprint(database, vault),
        test=_tested(latest, caller.language) if latest else None,
        job=job_json(job, caller.language) if job else None,
    )


@post("/api/egress/test", who=ADMINISTRATORS, status_code=202, sync_to_thread=True)
def order(
    database: NamedDependency[Database],
    queue: NamedDependency[Queue],
    caller: NamedDependency[Caller],
) -> Response[dict[str, Any]]:
    """Run the self-test in a job, which ends with a new signed report."""
    with database.write() as db:
        if ledger.current(database, report.KIND, report.SUBJECT):
            raise Conflict("egress_running")
        job = ledger.open(database, report.KIND, report.SUBJECT)
        audit.record(db, caller, "egress.check", job.id)
    queue.deliver(job.id)  # after the commit: the worker must find the row
    return Response(
        {"job": job_json(job, caller.language)},
        status_code=202,
        headers={"Location": f"/api/jobs/{job.id}"},
    )


@get(
    "/api/egress/reports/{report_id:str}",
    who=ADMINISTRATORS,
    gives=dict.fromkeys(MEDIA_TYPES.values(), str),
    sync_to_thread=True,
)
def take_along(
    report_id: FromPath[str],
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    form: Form = "json",
) -> Response[bytes]:
    """A report: as it was signed (``json``), or as a page to read (``html``)."""
    kept = attestations.get(database, report_id)
    with database.write() as db:
        audit.record(db, caller, "egress.report", kept.id, format=form)
    text = kept.file if form == "json" else _page(kept, caller.language)
    day = datetime.fromisoformat(kept.made_at).astimezone(UTC).date().isoformat()
    return Response(
        text.encode(),
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="network-exit-{day}.{form}"',
            "Cache-Control": "no-store",
        },
    )


def _page(kept: Attestation, language: Language) -> str:
    return Sheet(msgspec.json.decode(kept.file), language).page()


def _tested(kept: Attestation, language: Language) -> Tested:
    test = msgspec.json.decode(kept.file)["report"]["test"]
    problem = msgspec.convert(test["problem"], Problem | None)
    return Tested(
        id=kept.id,
        made_at=kept.made_at,
        report_passed=kept.passed,
        message=sentence(problem.code, problem.facts, language) if problem else "",
        **{name: test[name] for name in ("passed", "isolated", "tracer", "model", "seconds")},
        attempts=test["attempts"],
    )


routes = [index, order, take_along]
