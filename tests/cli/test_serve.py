"""What ``appliance serve`` puts on record before it answers anybody."""

from pathlib import Path

import msgspec
import pytest

from appliance import audit
from appliance.cli import serve
from appliance.database import Database
from appliance.settings import Settings

NAME = "mistral-7b-instruct-v0.3"


def named(settings: Settings, database: Database, language_model: str) -> list[tuple[str, str]]:
    """The acts on record after a start with this model in the settings, the newest first."""
    serve.note_named_file(
        database, msgspec.structs.replace(settings, language_model=language_model)
    )
    return [(row.act, row.subject) for row in audit.newest(database, limit=9)]


@pytest.mark.guarantee("SEC-42")
def test_a_models_file_that_the_settings_name_is_on_record(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"GGUF")

    assert named(settings, database, f"{NAME} = {file}") == [("model.name_file", NAME)]
    (row,) = audit.newest(database, limit=1)
    assert row.details == {"file": str(file), "size": 4}
    assert row.caller.startswith("terminal:")


def test_it_is_on_record_once_for_each_file_as_it_lies_there(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "m.gguf"
    assert len(named(settings, database, f"{NAME}={file}")) == 1
    assert len(named(settings, database, f"{NAME}={file}")) == 1

    file.write_bytes(b"GGUF")
    assert len(named(settings, database, f"{NAME}={file}")) == 2
    assert len(named(settings, database, f"{NAME}={tmp_path / 'other.gguf'}")) == 3


@pytest.mark.parametrize("imported", ["", NAME])
def test_a_model_that_was_imported_was_put_on_record_then(
    settings: Settings, database: Database, imported: str
) -> None:
    assert named(settings, database, imported) == []
