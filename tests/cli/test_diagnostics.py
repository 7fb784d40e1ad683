"""``appliance diagnostics``: listed, asked, saved; nothing of anybody's, and never over a file."""

import json
import stat
import zipfile
from pathlib import Path

import pytest

from appliance import audit
from appliance.vault import Vault
from tests.cli.doors import Terminal, terminal
from tests.diagnostics.canaries import WORD, plant

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("INS-12")


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere") / "bundle.zip"


def acts(terminal: Terminal) -> list[str]:
    return [one.act for one in audit.newest(terminal.database, audit.wanted(), limit=100)]


def test_what_it_holds_is_listed_before_anything_is_saved(terminal: Terminal, place: Path) -> None:
    typed = terminal.type("diagnostics", str(place), typed="n\n")

    assert typed.exit_code == 1
    assert "doctor.json" in typed.output
    assert "nothing is sent" in typed.output
    assert f"Save to {place}?" in typed.output
    assert not place.exists()
    assert acts(terminal) == []


def test_with_a_yes_it_is_saved_for_its_owner_alone_and_written_down(
    terminal: Terminal, place: Path
) -> None:
    typed = terminal.type("diagnostics", str(place), typed="y\n")

    assert typed.exit_code == 0, typed.output
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    with zipfile.ZipFile(place) as bundle:
        assert bundle.testzip() is None
        assert [one for one in bundle.namelist()[1:] if one not in typed.output] == []
        assert "balcao_disk_free_bytes" in bundle.read("metrics.txt").decode()
    assert acts(terminal) == ["diagnostics.save"]


def test_nobody_is_in_it(terminal: Terminal, place: Path) -> None:
    Vault(terminal.folder).prepare()
    plant(terminal.database)

    assert terminal.type("diagnostics", str(place), "--yes").exit_code == 0

    with zipfile.ZipFile(place) as bundle:
        text = " ".join(bundle.read(name).decode() for name in bundle.namelist())
    assert WORD not in text.lower()
    assert str(terminal.folder) not in text
    assert Vault(terminal.folder).file.read_text().strip() not in text


def test_for_programs_it_asks_nothing_and_prints_what_it_saved(
    terminal: Terminal, place: Path
) -> None:
    told = terminal.json("diagnostics", str(place))

    assert told["file"] == str(place)
    assert told["bytes"] == place.stat().st_size
    with zipfile.ZipFile(place) as bundle:
        sizes = {one.filename: one.file_size for one in bundle.infolist()}
    assert sizes == {"README.txt": sizes["README.txt"]} | told["files"]


def test_no_file_is_written_over(terminal: Terminal, place: Path) -> None:
    place.write_text("mine")

    typed = terminal.type("diagnostics", str(place), "--yes")

    assert typed.exit_code == 1
    assert "exists already" in typed.stderr
    assert place.read_text() == "mine"


def test_a_folder_that_is_not_there_is_said(terminal: Terminal, place: Path) -> None:
    typed = terminal.type("diagnostics", str(place.parent / "no" / "x.zip"), "--yes")

    assert typed.exit_code == 1
    assert "cannot be written" in typed.stderr
    assert acts(terminal) == []


def test_a_folder_without_data_is_said_to_be_one(terminal: Terminal, place: Path) -> None:
    terminal.environment["APPLIANCE_DATA_DIR"] = str(place.parent / "nowhere")

    typed = terminal.type("diagnostics", str(place), "--yes")

    assert typed.exit_code == 1
    assert "APPLIANCE_DATA_DIR" in typed.stderr
    assert not place.exists()


def test_where_the_database_is_damaged_it_is_saved_all_the_same(
    terminal: Terminal, place: Path
) -> None:
    terminal.database.close()
    file = terminal.folder / "appliance.db"
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    file.write_bytes(b"no database at all" * 1000)

    typed = terminal.type("diagnostics", str(place), "--yes")

    assert typed.exit_code == 0, typed.output
    assert "could not be written" in typed.output
    with zipfile.ZipFile(place) as bundle:
        assert json.loads(bundle.read("database.json")) == {"fault": "DatabaseError"}
        assert json.loads(bundle.read("versions.json"))["appliance"]
