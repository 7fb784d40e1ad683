"""The machine: memory, disk, file system, clock, name servers."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from appliance.doctor import Patient, machine
from appliance.settings import Settings
from tests.doctor.clinic import job, look, patient

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("doctor_memory_model", "memory"),
        ("doctor_memory_small", "memory"),
    ],
)
def test_too_little_memory_is_said_with_both_figures(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, code: str, check: str
) -> None:
    monkeypatch.setattr(
        machine.hardware, "memory", lambda: SimpleNamespace(total_mb=3000, available_mb=900)
    )
    if code == "doctor_memory_model":
        model = Settings(
            data_dir=patient.settings.data_dir, language_model="mistral-7b-instruct-v0.3"
        )
        patient = Patient(
            settings=model, database=patient.database, vault=patient.vault, client=patient.client
        )

    found = look(patient, check)

    assert found.code == code
    assert "3000" in found.said("pt")


@pytest.mark.parametrize(
    ("free", "total", "code"),
    [
        (500 * 2**20, 4 * 2**30, "doctor_disk_full"),
        (1 * 2**30, 100 * 2**30, "doctor_disk_full"),
        (3 * 2**30, 100 * 2**30, "doctor_disk_low"),
        (8 * 2**30, 100 * 2**30, "doctor_disk"),
    ],
)
def test_the_disk_is_called_low_before_it_is_full(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, free: int, total: int, code: str
) -> None:
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=free, total=total)
    )

    assert look(patient, "disk").code == code


def test_few_inodes_are_a_full_disk_too(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    few = SimpleNamespace(f_files=1000, f_favail=20)
    monkeypatch.setattr(machine.os, "statvfs", lambda _: few)

    assert look(patient, "inodes").code == "doctor_inodes_few"


def test_a_file_system_without_a_number_of_inodes_has_enough(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.os, "statvfs", lambda _: SimpleNamespace(f_files=0, f_favail=0))

    assert look(patient, "inodes").state == "ok"


@pytest.mark.guarantee("REL-24")
def test_data_on_a_network_share_is_refused_by_name(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = SimpleNamespace(mountpoint=str(patient.settings.data.parent), fstype="nfs4")
    monkeypatch.setattr(machine.psutil, "disk_partitions", lambda **_: [share])

    found = look(patient, "filesystem")

    assert (found.code, found.facts["kind"]) == ("doctor_filesystem_networked", "nfs4")


def test_a_clock_that_went_back_behind_the_record_is_named(patient: Patient) -> None:
    job(patient, state="succeeded", ended=datetime.now(UTC) + timedelta(days=30))

    assert look(patient, "clock").code == "doctor_clock_back"


def test_name_servers_outside_are_named(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = [SimpleNamespace(address="8.8.8.8", public=True)]
    monkeypatch.setattr(machine.allowed, "resolvers", lambda: outside)

    found = look(patient, "resolver")

    assert found.state == "warning"
    assert "8.8.8.8" in found.said("en")
