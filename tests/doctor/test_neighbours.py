"""Other servers, and the way out."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import outgoing
from appliance.doctor import Patient
from appliance.records import Problem, timestamp
from appliance.settings import Settings
from tests.doctor.clinic import look, patient

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_the_reason_why_the_directory_is_away_is_told(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Problem(code="engine_down")
    monkeypatch.setattr("appliance.federation.directories.Directories.problem", lambda _: away)

    found = look(patient, "directory")

    assert (found.code, found.because) == ("doctor_directory_away", away)


def test_what_was_contacted_and_nothing_permits_is_named(patient: Patient) -> None:
    outgoing.record(patient.database, "https://estranho.example", "model")

    found = look(patient, "network_exit")

    assert found.state == "warning"
    assert "https://estranho.example" in found.said("pt")


def test_letters_that_wait_for_an_hour_count(patient: Patient) -> None:
    now = datetime.now(UTC)
    for name, age in (("new", 0), ("old", 2)):
        with patient.database.write() as db:
            db.run(
                "insert into letters values (:name, 'x', :at, :until)",
                {
                    "name": name,
                    "at": timestamp(now - timedelta(hours=age)),
                    "until": timestamp(now + timedelta(days=1)),
                },
            )

    assert look(patient, "mail").facts == {"count": 1}


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("https://balcao.escola.example", "ok"),
        ("http://127.0.0.1:8080", "ok"),
        ("http://localhost", "ok"),
        ("http://balcao.escola.example", "warning"),
        ("http://10.0.0.7:8080", "warning"),
    ],
)
def test_an_address_without_tls_is_for_this_machine_alone(
    patient: Patient, address: str, state: str
) -> None:
    shown = Patient(
        settings=Settings(data_dir=patient.settings.data_dir, public_url=address),
        database=patient.database,
        vault=patient.vault,
        client=patient.client,
    )

    assert look(shown, "address").state == state
