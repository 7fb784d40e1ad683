"""The stock of models: how each stands here, what is used, and what may go."""

from pathlib import Path

import msgspec
import pytest

from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.errors import Conflict, NotFound
from appliance.jobs import ledger, pull, stock
from appliance.models import catalogue, hardware, weights
from appliance.models.hardware import Memory
from appliance.records import Problem
from appliance.settings import Settings
from tests.models.runners import PROBE

NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
E5 = catalogue.find("multilingual-e5-small")


def held(settings: Settings, database: Database, name: str = NAME) -> stock.Held:
    return stock.one(name, settings, database, "en")


@pytest.fixture
def imported(settings: Settings) -> Path:
    weights.import_file(PROBE, NAME, pull.folder_of(settings))
    return pull.folder_of(settings) / ENTRY.file


def test_every_model_but_those_for_tests_is_listed_in_the_readers_language(
    settings: Settings, database: Database
) -> None:
    english = stock.listing(settings, database, "en")
    spanish = stock.listing(settings, database, "es")

    assert "copyist" not in [model.name for model in english]
    assert {model.kind for model in english} == {"language", "embedder"}
    assert english[0].description != spanish[0].description


def test_a_model_that_was_imported_says_since_when_and_with_which_checksum(
    settings: Settings, database: Database, imported: Path
) -> None:
    model = held(settings, database)

    assert model.state == "ready"
    assert model.size == PROBE.stat().st_size
    assert model.sha256 == weights.sha256(PROBE)
    assert model.imported_at is not None


def test_what_an_unfinished_pull_has_is_counted(settings: Settings, database: Database) -> None:
    part = pull.partial(ENTRY, pull.folder_of(settings)) / ENTRY.file
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(1234))
    part.with_name(part.name + ".note").write_text("{}")
    (part.parent / "lock").touch()

    model = held(settings, database)

    assert (model.state, model.fetched) == ("partial", 1234)


def test_an_embedder_is_there_only_with_all_its_files(
    settings: Settings, database: Database
) -> None:
    home = E5.home(pull.folder_of(settings))
    (home / "1_Pooling").mkdir(parents=True)
    (home / E5.file).touch()
    assert held(settings, database, E5.name).state == "absent"

    for file in E5.files:
        (home / file).touch()
    assert held(settings, database, E5.name).state == "damaged"  # complete, and nobody imported it


def test_a_model_that_needs_more_than_the_machine_has_says_so(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        hardware, "memory", lambda: Memory(total_mb=ENTRY.ram_mb - 1, available_mb=100)
    )

    assert not held(settings, database).fits
    assert held(settings, database, "minilm").fits


def test_hosts_are_the_sources_or_the_mirrors(settings: Settings, database: Database) -> None:
    mirrored = msgspec.structs.replace(
        settings, model_mirrors="http://mirror.lan:8000/hf https://other.lan"
    )

    assert held(settings, database).hosts == ("https://huggingface.co",)
    assert held(mirrored, database).hosts == ("http://mirror.lan:8000", "https://other.lan")
    assert held(settings, database, "bge-m3").hosts == ()


def test_the_last_job_is_told_until_it_succeeds(settings: Settings, database: Database) -> None:
    job = pull.order(database, pull.PULL, NAME)
    assert held(settings, database).job == job

    running = ledger.claim(database, job.id)
    assert running is not None
    ledger.close(database, running, "failed", Problem(code="source_cut", facts={}))
    told = held(settings, database).job
    assert told is not None
    assert told.state == "failed"

    ledger.retry(database, job.id)
    again = ledger.claim(database, job.id)
    assert again is not None
    ledger.close(database, again, "succeeded")
    assert held(settings, database).job is None


def test_in_use_are_those_of_the_settings_and_the_embedders_with_vectors(
    settings: Settings, database: Database
) -> None:
    chosen = msgspec.structs.replace(settings, language_model=f"{NAME}=/srv/m.gguf")
    Embedders(database).settle(Known(stamp="e5@1", name=E5.name, dimensions=384))

    assert stock.in_use(chosen, database) == {"minilm", NAME, E5.name}


def test_what_is_in_use_is_not_removed(
    settings: Settings, database: Database, imported: Path
) -> None:
    chosen = msgspec.structs.replace(settings, language_model=NAME)

    with pytest.raises(Conflict) as refused:
        stock.remove(NAME, chosen, database)

    assert refused.value.code == "model_in_use"
    assert imported.exists()


def test_a_removed_model_takes_what_was_measured_of_it_along(
    settings: Settings, database: Database, imported: Path
) -> None:
    measured = imported.with_name(imported.name + ".tuning.json")
    measured.write_text("{}")
    other = imported.with_name("other.gguf")
    other.touch()

    assert stock.remove(NAME, settings, database)
    assert list(imported.parent.iterdir()) == [other]
    assert not stock.remove(NAME, settings, database)


def test_an_unknown_model_is_refused_by_name(settings: Settings, database: Database) -> None:
    for act in (
        lambda: held(settings, database, "gpt-17"),
        lambda: stock.remove("gpt-17", settings, database),
    ):
        with pytest.raises(NotFound):
            act()


def test_files_are_verified_one_by_one(settings: Settings, imported: Path) -> None:
    assert [(one.name, one.problem) for one in stock.verified(settings)] == [(NAME, None)]

    imported.write_bytes(imported.read_bytes()[:-1])

    (found,) = stock.verified(settings)
    assert found.problem is not None
    assert found.problem.code == "model_checksum"


def test_the_machine_says_what_models_care_for() -> None:
    machine = stock.machine()

    assert machine.cores >= 1
    assert 0 < machine.available_mb <= machine.total_mb
