"""A bundle tells how an installation is and nothing about anybody (INS-12, ZE-11)."""

import io
import json
import zipfile
from typing import Any

import msgspec
import pytest

from appliance import diagnostics
from appliance.diagnostics import contents
from appliance.doctor import Patient
from appliance.doctor.checks import CHECKS
from appliance.models.wire import Part as Model
from appliance.records import LANGUAGES, Problem
from appliance.settings import Settings
from tests.diagnostics.canaries import WORD, plant, strew
from tests.doctor.clinic import patient, person, running

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("INS-12")


def figures() -> bytes:
    return b"balcao_info 1\n"


def opened(patient: Patient) -> dict[str, Any]:
    """The parts of a bundle by their names, JSON decoded."""
    packed = diagnostics.packed(diagnostics.gather(patient, figures), "en")
    with zipfile.ZipFile(io.BytesIO(packed)) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    return {name: json.loads(t) if name.endswith(".json") else t for name, t in texts.items()}


def ill(patient: Patient) -> Patient:
    """One with canaries wherever somebody writes something: tables, files, settings, models."""
    texts = {
        name: f"{WORD}-{name}"
        for name in Settings.__struct_fields__
        if isinstance(getattr(patient.settings, name), str)
        and name not in ("data_dir", *contents.PLAIN_SETTINGS)
    }
    problem = Problem(code="model_unreadable", facts={"file": f"/srv/{WORD}", "reason": WORD})
    client: Any = running(
        embedder=Model(name=f"{WORD}-model", state="failed", problem=problem),
        language=Model(name=f"/home/{WORD}/x.gguf", state="failed", problem=problem),
    )
    settings = msgspec.structs.replace(patient.settings, **texts)
    return msgspec.structs.replace(patient, settings=settings, client=client)


def test_no_word_that_anybody_wrote_is_in_it(patient: Patient) -> None:
    planted = plant(patient.database)
    strew(patient.settings.data)

    told = opened(ill(patient))

    assert len(planted) > 150
    text = json.dumps(told, ensure_ascii=False).lower()
    assert WORD not in text
    assert str(patient.settings.data) not in text
    for row in told["doctor.json"]:  # each looked at what was planted, and did not give up
        assert row["code"] != "doctor_broke", row
    assert [one for one in told.values() if isinstance(one, dict) and "fault" in one] == []


def test_what_was_planted_would_be_seen_by_the_doctor_himself(patient: Patient) -> None:
    plant(patient.database)

    said = " ".join(one.said("en") for one in diagnostics.contents.examine(ill(patient), CHECKS))

    assert said.count(WORD) > 5  # so that what is hidden above was there to be told


def test_it_says_what_is_wrong_without_names(patient: Patient) -> None:
    plant(patient.database)

    found = {one["check"]: one for one in opened(patient)["doctor.json"]}

    assert found.keys() == {name for name, _ in CHECKS}
    assert found["documents"]["facts"] == {"count": 1}
    assert "•••" in found["originals"]["said"]
    assert found["disk"]["facts"]["free"].split()[0].isdigit()


def test_it_tells_the_versions_and_the_models_of_the_catalogue(patient: Patient) -> None:
    told = opened(patient)["versions.json"]

    assert told["models"]["embedder"] == {"name": "minilm", "state": "ready", "problem": None}
    assert told["libraries"]["litestar"]
    assert told["memory_mb"] > 0
    assert told["sqlite"].startswith("3.")


def test_settings_are_numbers_switches_and_defaults(patient: Patient) -> None:
    plant(patient.database)
    changed = msgspec.structs.replace(
        patient.settings, public_url="https://escola.example", port=9000, language="es"
    )

    told = opened(msgspec.structs.replace(patient, settings=changed))["settings.json"]

    assert told["settings"]["public_url"] == "•••"
    assert told["settings"]["port"] == 9000
    assert told["settings"]["language"] == "es"
    assert told["settings"]["host"] == "127.0.0.1"
    assert told["settings"].keys() == set(Settings.__struct_fields__)
    assert told["console"] == {"mail": {"host": "•••", "port": 25, "password": "•••"}}


def test_the_database_is_told_by_its_rows_and_sizes(patient: Patient) -> None:
    person(patient, "Ana")
    (patient.settings.data / "files").mkdir()
    (patient.settings.data / "files" / "one").write_bytes(b"12345")

    told = opened(patient)["database.json"]

    assert told["rows"]["people"] == 1
    assert told["folders"]["files"] == {"files": 1, "bytes": 5}
    assert told["schema"]["missing"] == []
    assert told["schema"]["applied"] > 30
    assert told["bytes"] > 100_000


def test_jobs_are_told_by_kind_state_and_the_code_of_their_error(patient: Patient) -> None:
    plant(patient.database)

    (job,) = opened(patient)["jobs.json"]

    assert (job["kind"], job["state"], job["problem"]) == ("ingest", "failed", "reader_slow")
    assert "subject" not in job


@pytest.mark.parametrize("broken", ["jobs", "options", "people"])
def test_a_part_that_cannot_be_made_hides_no_other(patient: Patient, broken: str) -> None:
    with patient.database.write() as db:
        db.run("pragma defer_foreign_keys = on")
        db.run(f"alter table {broken} rename to gone")

    told = opened(patient)

    assert len(told) == 8
    assert told["versions.json"]["appliance"]
    assert {one["check"] for one in told["doctor.json"]} == {name for name, _ in CHECKS}


def test_its_first_file_says_in_words_what_is_in_each_other(patient: Patient) -> None:
    parts = diagnostics.gather(patient, figures)
    for language in LANGUAGES:
        packed = diagnostics.packed(parts, language)
        with zipfile.ZipFile(io.BytesIO(packed)) as bundle:
            first, *others = bundle.namelist()
            text = bundle.read(first).decode()
        assert first == "README.txt"
        assert [one for one in others if f"{one}\n    " not in text] == []
        assert len(others) == len(parts) == 7
