"""The doctor names what is wrong, and what to do; nothing that is wrong does it call well.

Each test breaks one thing of an installation, as life does, and asks.
"""

import pytest

from appliance import doctor
from appliance.doctor import Finding, Patient
from appliance.doctor.checks import CHECKS
from appliance.errors import sentences
from tests.doctor.clinic import patient, person

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_there_are_at_least_twenty_checks_each_with_a_name_of_its_own() -> None:
    names = [name for name, _ in CHECKS]

    assert len(names) == len(set(names)) >= 20


def test_a_sound_house_that_does_not_run_lacks_only_its_processes(patient: Patient) -> None:
    person(patient, "ana")

    found = {one.check: one.state for one in doctor.examine(patient, CHECKS)}

    # The machine's own (its clock, its name servers, its memory) are what they are.
    ours = {name for name, _ in CHECKS} - {"processor", "memory", "disk", "clock", "resolver"}
    assert {name: state for name, state in found.items() if name in ours and state != "ok"} == {
        "worker": "failed",
        "backup": "warning",
        "administrators": "warning",
    }


def test_a_check_that_breaks_is_a_finding_and_the_next_one_goes_on(patient: Patient) -> None:
    def breaks(_: Patient) -> Finding:
        raise ZeroDivisionError

    found = doctor.examine(patient, [("one", breaks), ("two", lambda _: doctor.ok("doctor_wal"))])

    assert [(one.check, one.state) for one in found] == [("one", "failed"), ("two", "ok")]
    assert "ZeroDivisionError" in found[0].said("en")


def test_every_finding_has_its_sentence(patient: Patient) -> None:
    told = {code for code in sentences("pt") if code.startswith("doctor_")}

    assert {one.code for one in doctor.examine(patient, CHECKS)} <= told
