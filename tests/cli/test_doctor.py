"""``appliance doctor``: what is wrong, and what to do, in a terminal."""

import json
import os
from pathlib import Path

import pytest

from appliance.doctor.checks import CHECKS
from appliance.vault import Vault
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("INS-09")


def test_only_what_needs_something_is_printed_unless_all_is_asked_for(terminal: Terminal) -> None:
    Vault(terminal.folder).prepare()

    short, long = terminal.type("doctor"), terminal.type("doctor", "--all")

    assert short.exit_code == long.exit_code == 1  # nothing runs here
    assert "The process that reads documents is not running" in short.output
    assert "The database is whole." not in short.output
    assert "✓ The database is whole." in long.output
    assert len(long.output.splitlines()) == len(CHECKS) + 1


def test_as_json_each_finding_has_a_state_and_a_sentence(terminal: Terminal) -> None:
    typed = terminal.type("doctor", "--json")

    found = {one["check"]: one for one in json.loads(typed.stdout)["findings"]}
    assert found.keys() == {name for name, _ in CHECKS}
    assert found["worker"]["state"] == "failed"
    assert found["database"] == {
        "check": "database",
        "state": "ok",
        "code": "doctor_database",
        "said": "The database is whole.",
    }


def test_whose_data_is_not_the_services_is_told_how_to_give_it_back(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by hand: whoever runs the tests may be root, who enters everywhere."""
    file, may = terminal.folder / "appliance.db", os.access
    monkeypatch.setattr(os, "access", lambda place, right: place != file and may(place, right))

    typed = terminal.type("doctor")

    assert typed.exit_code == 1
    assert f"chown -R balcao: {file}" in typed.stderr


def test_a_damaged_database_is_said_once(terminal: Terminal) -> None:
    terminal.database.close()
    with (terminal.folder / "appliance.db").open("r+b") as stream:
        stream.seek(100)
        stream.write(os.urandom(4096 * 40))

    typed = terminal.type("doctor")

    assert typed.output.count("The database is damaged") == 1
    assert "Traceback" not in typed.output + typed.stderr


def test_a_folder_without_data_is_said_to_be_one(terminal: Terminal, tmp_path: Path) -> None:
    terminal.environment["APPLIANCE_DATA_DIR"] = str(tmp_path / "nowhere")

    typed = terminal.type("doctor")

    assert typed.exit_code == 1
    assert "APPLIANCE_DATA_DIR" in typed.stderr
    assert not (tmp_path / "nowhere").exists()
