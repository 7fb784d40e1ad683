"""An installation for the doctor to look at, and what tests put into it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from appliance import doctor
from appliance.database import Database
from appliance.doctor import Finding, Patient
from appliance.doctor.checks import CHECKS
from appliance.errors import Unavailable
from appliance.models.wire import Condition, Part
from appliance.records import LANGUAGES, timestamp
from appliance.settings import Settings
from appliance.vault import Vault


class Runner:
    """A model runner that answers as it is told, or is away."""

    def __init__(self, condition: Condition | None = None) -> None:
        self.condition = condition

    def health(self) -> Condition:
        if self.condition is None:
            raise Unavailable("engine_down", retry_after=2)
        return self.condition


def running(**parts: Part) -> Runner:
    none = Part()
    found = {"embedder": Part(name="minilm", state="ready"), "language": none, **parts}
    return Runner(Condition(pid=1, **found))


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings = Settings(data_dir=str(folder))
    database = Database(folder / "appliance.db")
    database.migrate()
    vault = Vault(folder)
    vault.prepare()
    yield Patient(settings=settings, database=database, vault=vault, client=running())  # type: ignore[arg-type]
    database.close()


def look(patient: Patient, check: str) -> Finding:
    """The finding of one check."""
    (found,) = doctor.examine(patient, [one for one in CHECKS if one[0] == check])
    assert found.check == check
    for language in LANGUAGES:
        assert "…" not in found.said(language), "a fact is missing in the sentence"
    return found


def person(patient: Patient, name: str, *, role: str = "admin", origin: str = "local") -> None:
    with patient.database.write() as db:
        db.run(
            """
            insert into people (id, name, email, role, language, password_hash, created_at, origin)
            values (:name, :name, :name || '@escola.example', :role, 'pt', '', :now, :origin)
            """,
            {"name": name, "role": role, "origin": origin, "now": timestamp()},
        )


def document(patient: Patient, title: str, *, state: str = "ready", sha256: str = "") -> None:
    with patient.database.write() as db:
        db.run(
            "insert or ignore into collections (id, name, created_at) values ('c', 'C', :now)",
            {"now": timestamp()},
        )
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values (:title, 'c', :title, 'a.txt', 'text/plain', 1, :sha256, :state, :now)
            """,
            {"title": title, "sha256": sha256 or title, "state": state, "now": timestamp()},
        )


def job(patient: Patient, *, state: str, ended: datetime) -> None:
    with patient.database.write() as db:
        db.run(
            """
            insert into jobs (id, kind, subject, state, not_before, created_at, ended_at)
            values (:at, 'ingest', 'd', :state, :at, :at, :at)
            """,
            {"state": state, "at": timestamp(ended)},
        )
