"""The files that ended with their conversations go, however those were deleted."""

from pathlib import Path

from appliance.database import Database
from appliance.jobs import intake, leftovers
from appliance.settings import Settings
from tests.house import House


def keep(settings: Settings, database: Database, sha256: str) -> Path:
    """A file, and the word that its rows have gone."""
    file = intake.file_of(settings, sha256)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("conteúdo")
    with database.write() as db:
        db.run("insert into leftovers (sha256) values (:sha256)", {"sha256": sha256})
    return file


def test_a_file_that_nobody_stands_on_goes_and_is_forgotten(house: House) -> None:
    file = keep(house.settings, house.parts.database, "ab" * 32)

    assert leftovers.clear(house.parts.database, house.settings) == 1
    assert not file.exists()
    assert leftovers.clear(house.parts.database, house.settings) == 0


def test_one_that_a_document_stands_on_stays(house: House) -> None:
    made = house.assistant()
    document = house.upload(made["collections"][0])
    with house.parts.database.write() as db:
        db.run("insert into leftovers (sha256) values (:sha256)", {"sha256": document["sha256"]})

    leftovers.clear(house.parts.database, house.settings)

    assert intake.file_of(house.settings, document["sha256"]).exists()
    assert leftovers.clear(house.parts.database, house.settings) == 0


def test_a_file_that_is_gone_already_is_no_fault(house: House) -> None:
    keep(house.settings, house.parts.database, "cd" * 32).unlink()

    assert leftovers.clear(house.parts.database, house.settings) == 1
