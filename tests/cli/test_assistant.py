"""``appliance assistant duplicate|export|import``: an assistant once more."""

import json
from pathlib import Path

from appliance import audit
from tests.cli.doors import Terminal, terminal
from tests.test_assistants import created

__all__ = ["terminal"]


def test_an_assistant_is_taken_along_and_taken_in(terminal: Terminal, tmp_path: Path) -> None:
    created(terminal.database, "Portaria", greeting="Bom dia!")
    file = tmp_path / "portaria.json"

    written = terminal.type("assistant", "export", "portaria", "--out", str(file))
    taken = terminal.json("assistant", "import", str(file))

    assert written.exit_code == 0, written.output
    assert (taken["name"], taken["greeting"], taken["slug"]) == (
        "Portaria", "Bom dia!", "portaria-2",
    )  # fmt: skip
    assert [one.act for one in audit.newest(terminal.database, limit=2)] == [
        "assistant.import", "assistant.export",
    ]  # fmt: skip


def test_without_a_file_it_is_written_to_standard_output(terminal: Terminal) -> None:
    created(terminal.database, "Portaria")

    typed = terminal.type("assistant", "export", "Portaria")

    assert json.loads(typed.stdout)["assistant"]["settings"]["name"] == "Portaria"


def test_a_file_of_another_house_wants_its_fingerprint(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there = Terminal(tmp_path / "there")
    created(there.database, "Portaria")
    file = tmp_path / "portaria.json"
    there.type("assistant", "export", "portaria", "--out", str(file))
    there.database.close()
    fingerprint = json.loads(file.read_text())["signature"]["fingerprint"]

    refused = terminal.type("assistant", "import", str(file))
    taken = terminal.type("assistant", "import", str(file), "--fingerprint", fingerprint)

    assert (refused.exit_code, taken.exit_code) == (1, 0)
    assert fingerprint in refused.stderr


def test_a_changed_file_is_refused_with_a_sentence(terminal: Terminal, tmp_path: Path) -> None:
    created(terminal.database, "Portaria", greeting="Bom dia!")
    file = tmp_path / "portaria.json"
    terminal.type("assistant", "export", "portaria", "--out", str(file))
    file.write_text(file.read_text("utf-8").replace("Bom dia", "Boa tarde"), "utf-8")

    refused = terminal.type("assistant", "import", str(file))

    assert refused.exit_code == 1
    assert "not as it was exported" in refused.stderr


def test_a_copy_is_named_or_called_a_copy(terminal: Terminal) -> None:
    created(terminal.database, "Portaria")

    names = [
        terminal.json("assistant", "duplicate", "portaria", *more)["name"]
        for more in ((), ("--name", "Guarita"))
    ]

    assert names == ["Portaria (cópia)", "Guarita"]


def test_an_assistant_that_is_not_there_is_named(terminal: Terminal) -> None:
    refused = terminal.type("assistant", "export", "Ninguém")

    assert refused.exit_code == 1
    assert "Ninguém" in refused.stderr
