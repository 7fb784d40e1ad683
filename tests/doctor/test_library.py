"""The database: whole, of this form, its work done."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from appliance import backups, doctor
from appliance.audit import chain
from appliance.database import Database
from appliance.doctor import Patient
from appliance.doctor.checks import CHECKS
from appliance.jobs import ledger, outcomes
from appliance.records import timestamp
from tests.doctor.clinic import document, job, look, patient, person

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_a_damaged_database_is_found_and_hides_nothing_else(patient: Patient) -> None:
    for number in range(200):
        document(patient, f"d{number}")
    patient.database.close()
    file = patient.settings.data / "appliance.db"
    with file.open("r+b") as stream:
        stream.seek(4096 * 20)
        stream.write(os.urandom(4096 * 60))
    hurt = Database(file)
    try:
        found = doctor.examine(
            Patient(
                settings=patient.settings,
                database=hurt,
                vault=patient.vault,
                client=patient.client,
            ),
            CHECKS,
        )
    finally:
        hurt.close()

    states = {one.check: one.state for one in found}
    assert len(found) == len(CHECKS)
    assert states["database"] == "failed"
    assert states["key"] == "ok"


def test_a_database_that_cannot_be_read_at_all_names_the_way_back(
    patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    patient.database.close()
    with (patient.settings.data / "appliance.db").open("r+b") as stream:
        stream.seek(100)
        stream.write(os.urandom(4096 * 40))

    found = {one.check: one for one in doctor.examine(patient, CHECKS)}

    assert found["database"].code == found["originals"].code == "doctor_database_damaged_alone"
    assert "appliance restore ARQUIVO --aside" in found["database"].said("pt")
    assert "doctor_broke" not in {one.code for one in found.values()}
    assert caplog.records == []

    proven = backups.Backup(
        id="b", file="/srv/one.balcao", made_at=timestamp(), verified_at=timestamp(),
        bytes=1, documents=1, program="0.8.0",
    )  # fmt: skip
    backups.add(patient.settings.data, proven)
    assert "appliance restore /srv/one.balcao --aside" in look(patient, "database").said("en")


def test_a_row_that_refers_to_nothing_is_found(patient: Patient) -> None:
    with sqlite3.connect(patient.database.path) as raw:
        raw.execute(
            "insert into pages (document, number, how, text, notes, headings)"
            " values ('nobody', 1, 'digital', '', '[]', '[]')"
        )

    found = look(patient, "database")

    assert (found.code, found.facts["table"]) == ("doctor_database_references", "pages")


def test_a_database_of_a_newer_program_is_refused_by_name(patient: Patient) -> None:
    with patient.database.write() as db:
        db.run(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('appliance', '9999_future', '2030-01-01')"
        )

    found = look(patient, "schema")

    assert (found.state, found.facts) == ("failed", {"name": "9999_future"})


def test_an_older_database_only_waits_for_the_next_start(patient: Patient) -> None:
    with patient.database.write() as db:
        db.run("delete from _sqlite_migrations where name like '003%'")

    assert look(patient, "schema").code == "doctor_schema_older"


def test_a_write_ahead_log_that_nobody_takes_in_is_named(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.doctor.library._WAL_LARGE", -1)

    assert look(patient, "wal").code == "doctor_wal_large"


def test_a_record_that_was_changed_is_named_with_its_row(patient: Patient) -> None:
    with patient.database.write() as db:
        for act in ("person.create", "person.remove"):
            chain.append(
                db,
                {
                    "at": timestamp(), "caller": "p", "name": "Ana", "act": act, "subject": "x",
                    "details": "{}", "collections": "[]",
                },
            )  # fmt: skip
    assert look(patient, "record").facts == {"rows": 2}

    with sqlite3.connect(patient.database.path) as raw:
        for (trigger,) in raw.execute(
            "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'"
        ).fetchall():
            raw.execute(f"drop trigger {trigger}")
        raw.execute("update audit set act = 'nothing' where id = 1")

    found = look(patient, "record")
    assert (found.code, found.facts) == ("doctor_record_broken", {"row": 1})


def test_jobs_that_failed_this_week_count_and_older_ones_do_not(patient: Patient) -> None:
    now = datetime.now(UTC)
    job(patient, state="failed", ended=now - timedelta(days=8))
    assert look(patient, "jobs").state == "ok"

    job(patient, state="failed", ended=now - timedelta(days=6))

    assert look(patient, "jobs").facts == {"count": 1}


@pytest.mark.guarantee("REL-10")
def test_a_job_whose_row_cannot_be_read_is_named(patient: Patient) -> None:
    broken = ledger.open(patient.database, "ingest", "d")
    with sqlite3.connect(patient.database.path) as raw:
        raw.execute("update jobs set attempts = 'three'")

    found = look(patient, "jobs")

    assert (found.state, found.code) == ("failed", "doctor_job_damaged")
    assert broken.id in found.said("pt")


@pytest.mark.guarantee("REL-10")
def test_a_job_that_ends_the_worker_again_and_again_is_named(patient: Patient) -> None:
    deadly = ledger.open(patient.database, "measure", "d")
    states = []
    for _ in range(ledger.ATTEMPTS):
        assert ledger.claim(patient.database, deadly.id)
        outcomes.recover(patient.database, all_running=True)  # the next worker, at its start
        states.append(look(patient, "jobs").code)

    assert states == ["doctor_jobs", "doctor_job_deadly", "doctor_job_deadly"]
    assert ledger.get(patient.database, deadly.id).state == "failed", "it is not tried for ever"
    found = look(patient, "jobs")
    assert (found.state, found.facts["attempts"]) == ("failed", 3)
    assert deadly.id in found.said("es")


def test_documents_that_could_not_be_read_count(patient: Patient) -> None:
    document(patient, "torto", state="failed")

    assert look(patient, "documents").facts == {"count": 1}


@pytest.mark.parametrize(("state", "code"), [("held", "held"), ("failed", "failed")])
def test_a_source_whose_last_run_failed_or_waits_is_named(
    patient: Patient, state: str, code: str
) -> None:
    document(patient, "d")
    with patient.database.write() as db:
        db.run(
            """
            insert into sources (id, collection, kind, address, schedule, options, created_at)
            values ('s', 'c', 'folder', '/mnt/escola', 'manual', '{}', :now)
            """,
            {"now": timestamp()},
        )
        for run, ended in (("r1", state), ("r2", "done")):
            db.run(
                """
                insert into source_runs (id, source, state, dry_run, confirmed, created_at)
                values (:run, 's', :state, 0, 0, :run)
                """,
                {"run": run, "state": ended},
            )
    assert look(patient, "sources").state == "ok", "the run after it went well"

    with patient.database.write() as db:
        db.run("delete from source_runs where id = 'r2'")

    found = look(patient, "sources")
    assert found.code == f"doctor_sources_{code}"
    assert "/mnt/escola" in found.said("es")


def test_what_waits_for_an_administrator_is_named(patient: Patient) -> None:
    with patient.database.write() as db:
        db.run("insert into retention values ('audit', 1, :now, 0, 'many')", {"now": timestamp()})

    assert look(patient, "retention").facts == {"lot": "audit"}


def test_a_house_without_an_administrator_of_its_own_depends_on_others(patient: Patient) -> None:
    person(patient, "bia", origin="ldap")
    person(patient, "caio", role="member")

    assert look(patient, "administrators").code == "doctor_administrators_none"
