"""The data folder: its rights, its key, its files."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance import backups, certificates
from appliance.backups import Backup
from appliance.doctor import Patient
from appliance.jobs.intake import file_of
from appliance.records import Problem, timestamp
from tests.authority import Authority, pem
from tests.doctor.clinic import document, look, patient

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_a_data_folder_that_others_may_enter_is_named_with_the_command(patient: Patient) -> None:
    patient.settings.data.chmod(0o755)

    found = look(patient, "rights")

    assert found.state == "failed"
    assert f"chmod 700 {patient.settings.data}" in found.said("es")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda file: file.unlink(), "doctor_key_missing"),
        (lambda file: file.chmod(0o644), "doctor_key_open"),
        (lambda file: file.write_text("nada"), "doctor_refused"),
    ],
)
def test_a_master_key_that_is_gone_open_or_damaged_is_named(
    patient: Patient, harm: object, code: str
) -> None:
    harm(patient.vault.file)  # type: ignore[operator]

    found = look(patient, "key")

    assert (found.state, found.code) == ("failed", code)
    assert patient.vault.file.name in found.said("pt")
    if code == "doctor_key_missing":
        assert not patient.vault.file.exists(), "the doctor makes nothing"


def test_an_original_that_is_gone_is_named_by_its_title(patient: Patient) -> None:
    document(patient, "Regimento", sha256="ab" * 32)
    kept = file_of(patient.settings, "ab" * 32)
    assert look(patient, "originals").facts == {"count": 1, "titles": "Regimento"}

    kept.parent.mkdir(parents=True)
    kept.write_text("x")

    assert look(patient, "originals").state == "ok"


def test_a_vector_file_that_changed_is_found_by_its_hash(patient: Patient) -> None:
    document(patient, "d")
    with patient.database.write() as db:
        db.run(
            """
            insert into segments (name, collection, stamp, dimensions, count, chunks, generation,
                sha256, created_at)
            values ('s1.faiss', 'c', 'm', 2, 1, 1, 1, 'other', :now)
            """,
            {"now": timestamp()},
        )
    (patient.settings.data / "index").mkdir()

    found = look(patient, "index")

    assert (found.code, found.facts) == ("doctor_index_damaged", {"count": 1, "names": "s1.faiss"})


def backup(**fields: object) -> Backup:
    known = {
        "id": "b1", "file": "/srv/one.balcao", "made_at": timestamp(), "bytes": 9, "documents": 1,
        "program": "0.7.0",
    }  # fmt: skip
    return Backup(**known | fields)  # type: ignore[arg-type]


def test_a_house_without_a_verified_backup_is_told_what_to_type(patient: Patient) -> None:
    backups.add(patient.settings.data, backup())

    found = look(patient, "backup")

    assert (found.state, found.code) == ("warning", "doctor_backup_none")
    assert "appliance backup --verify" in found.said("es")


def test_a_verified_backup_is_well_for_a_week_and_then_old(patient: Patient) -> None:
    backups.add(patient.settings.data, backup(verified_at=timestamp()))
    assert look(patient, "backup").facts == {"days": 0}

    made_at = timestamp(datetime.now(UTC) - timedelta(days=9))
    backups.add(patient.settings.data, backup(made_at=made_at, verified_at=timestamp()))

    found = look(patient, "backup")
    assert (found.state, found.facts["days"]) == ("warning", 9)


def test_a_newest_backup_that_failed_its_proof_is_red(patient: Patient) -> None:
    backups.add(patient.settings.data, backup(problem=Problem(code="backup_damaged")))

    found = look(patient, "backup")

    assert found.state == "failed"
    assert "/srv/one.balcao" in found.said("en")
    assert "damaged or incomplete" in found.said("en")


@pytest.mark.guarantee("INS-04")
@pytest.mark.parametrize(
    ("days", "state", "code"),
    [
        (60, "ok", "doctor_certificate"),
        (29, "warning", "certificate_ends"),
        (7, "failed", "certificate_ends"),
        (1, "failed", "certificate_ends"),
        (-2, "failed", "certificate_over"),
    ],
)
def test_a_certificate_is_told_in_time_and_then_with_weight(
    patient: Patient, days: int, state: str, code: str
) -> None:
    authority = Authority()
    key, one = authority.issue(begins=-90, ends=days + 0.5)
    file = certificates.file(patient.settings.data)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pem(key, one))
    secured = msgspec.structs.replace(patient.settings, tls=True)

    found = look(msgspec.structs.replace(patient, settings=secured), "certificate")

    assert (found.state, found.code, found.facts["days"]) == (state, code, days)
    assert look(patient, "certificate").code == "doctor_certificate_elsewhere"


@pytest.mark.guarantee("INS-04")
def test_where_tls_wants_a_certificate_and_none_is_there_that_is_said(patient: Patient) -> None:
    secured = msgspec.structs.replace(patient.settings, tls=True)

    found = look(msgspec.structs.replace(patient, settings=secured), "certificate")

    assert (found.state, found.code) == ("failed", "certificate_missing")
