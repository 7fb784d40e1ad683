"""The database: whole, of this program's form, its record of acts unbroken, its work done."""

from datetime import UTC, datetime, timedelta

from appliance import doctor
from appliance.audit import chain
from appliance.database import Database, steps
from appliance.doctor import Finding, Patient, failed, ok, warning
from appliance.jobs import damaged
from appliance.records import timestamp

_WAL_LARGE = 256 * 2**20  # bytes; a checkpoint keeps it at 4 MB unless somebody reads for hours
_LATELY = timedelta(days=7)
_DEADLY = """
    select id as job, kind, subject, attempts from jobs
    where problem like '{"code":"job_worker_died"%' and attempts > 1
        and (state in ('queued', 'running') or ended_at >= :since)
    order by id desc
"""


def whole(patient: Patient) -> Finding:
    """Whether SQLite finds its pages and indexes in order, and every row that is referred to."""
    (row,) = patient.database.rows("pragma quick_check(1)")
    said = str(next(iter(row.values())))
    if said != "ok":
        return doctor.damaged(patient, said)
    broken = patient.database.rows("pragma foreign_key_check")
    if broken:
        return failed("doctor_database_references", count=len(broken), table=broken[0]["table"])
    return ok("doctor_database")


def form(patient: Patient) -> Finding:
    """Whether the database has the form that this program knows."""
    known, applied = steps(patient.database)
    if newer := sorted(set(applied) - set(known)):
        return failed("doctor_schema_newer", name=newer[-1])
    if set(known) - set(applied):
        return warning("doctor_schema_older")
    return ok("doctor_schema", number=len(applied))


def log_ahead(patient: Patient) -> Finding:
    """Whether what was written is taken into the database's file."""
    file = patient.database.path.with_name(patient.database.path.name + "-wal")
    size = file.stat().st_size if file.exists() else 0
    if size > _WAL_LARGE:
        return warning("doctor_wal_large", mb=size >> 20)
    return ok("doctor_wal")


def record(patient: Patient) -> Finding:
    """Whether the record of acts is the one that was written."""
    verdict = chain.verify(patient.database)
    if not verdict.intact:
        return failed("doctor_record_broken", row=verdict.broken)
    return ok("doctor_record", rows=verdict.rows)


def jobs(patient: Patient) -> Finding:
    """Whether work was given up lately, and whether one piece of it stops all the rest."""
    if rows := damaged.found(patient.database):
        return failed("doctor_job_damaged", job=rows[0], count=len(rows))
    deadly = patient.database.row(_DEADLY, {"since": timestamp(datetime.now(UTC) - _LATELY)})
    if deadly:
        return failed("doctor_job_deadly", **deadly)
    count = _count(
        patient.database,
        "select count(*) as n from jobs where state = 'failed' and ended_at >= :since",
        since=timestamp(datetime.now(UTC) - _LATELY),
    )
    return warning("doctor_jobs_failed", count=count) if count else ok("doctor_jobs")


def documents(patient: Patient) -> Finding:
    """Whether documents could not be read."""
    count = _count(patient.database, "select count(*) as n from documents where state = 'failed'")
    return warning("doctor_documents_failed", count=count) if count else ok("doctor_documents")


def sources(patient: Patient) -> Finding:
    """Whether a source's last run failed, or waits for somebody."""
    rows = patient.database.rows(
        """
        select sources.address, runs.state from sources join source_runs runs on runs.id = (
            select id from source_runs where source = sources.id and not dry_run
            order by created_at desc, id desc limit 1)
        where runs.state in ('failed', 'held')
        """
    )
    held = [row["address"] for row in rows if row["state"] == "held"]
    if held:
        return warning("doctor_sources_held", count=len(held), address=held[0])
    if rows:
        return warning("doctor_sources_failed", count=len(rows), address=rows[0]["address"])
    return ok("doctor_sources")


def retention(patient: Patient) -> Finding:
    """Whether what is over its time waits for an administrator."""
    row = patient.database.row("select lot from retention where waits is not null")
    return warning("doctor_retention_waits", lot=row["lot"]) if row else ok("doctor_retention")


def administrators(patient: Patient) -> Finding:
    """Whether somebody of this house can administer it, when every other server is away."""
    (row,) = patient.database.rows(
        """
        select count(*) as people, count(second_factors.person) as with_two from people
        left join second_factors on person = people.id and confirmed_at is not null
        where role = 'admin' and active and origin = 'local'
        """
    )
    if not row["people"]:
        return failed("doctor_administrators_none")
    if alone := row["people"] - row["with_two"]:
        return warning("doctor_administrators_one_factor", count=alone)
    return ok("doctor_administrators", count=row["people"])


def _count(database: Database, sql: str, **values: str) -> int:
    (row,) = database.rows(sql, values)
    return int(row["n"])
