"""``appliance sources``: a folder is added, listed and brought in from a terminal."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import audit, collections, library
from tests.cli.doors import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal whose data folder lies beside the folders that were opened."""
    (tmp_path / "data").mkdir()
    opened = Terminal(tmp_path / "data")
    opened.environment["APPLIANCE_SOURCE_FOLDERS"] = str(tmp_path / "mnt")
    with opened.database.write() as db:
        collections.create(db, "Atas")
    yield opened
    opened.database.close()


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A folder with one file."""
    share = tmp_path / "mnt" / "atas"
    share.mkdir(parents=True)
    (share / "ata.txt").write_text("Ata da reunião.")
    os.utime(share / "ata.txt", (time.time() - 3600, time.time() - 3600))
    return share


def test_a_folder_is_added_and_listed(terminal: Terminal, share: Path) -> None:
    made = terminal.json(
        "sources", "add", str(share), "--collection", "Atas", "--schedule", "daily 03:00",
        "--exclude", "rascunhos",
    )  # fmt: skip

    (listed,) = terminal.json("sources", "list", "--collection", "Atas")
    assert listed == made
    assert (made["path"], made["schedule"], made["exclude"]) == (
        str(share),
        "daily 03:00",
        ["rascunhos"],
    )
    plain = terminal.type("sources", "list").stdout
    assert plain.split() == [made["id"], "folder", str(share), "daily", "03:00", "new"]
    (act,) = audit.newest(terminal.database, limit=9)
    assert (act.act, act.subject) == ("source.create", made["id"])


def test_a_source_says_what_to_do_with_it(terminal: Terminal, share: Path) -> None:
    said = terminal.type("sources", "add", str(share), "--collection", "Atas").stdout

    assert "appliance sources run" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("/etc", "--collection", "Atas"), "source_folders"),
        (("atas", "--collection", "Atas"), "from the root"),
        (("/etc", "--collection", "Nenhuma"), "Nenhuma"),
        (("/etc", "--collection", "Atas", "--schedule", "sometimes"), "sometimes"),
    ],
)
def test_what_cannot_be_a_source_is_refused_with_a_sentence(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    result = terminal.type("sources", "add", *words)

    assert result.exit_code == 1
    assert said in result.stderr


def test_a_source_is_brought_in_and_what_is_held_says_why(terminal: Terminal, share: Path) -> None:
    made = terminal.json("sources", "add", str(share), "--collection", "Atas")

    told = terminal.json("sources", "run", made["id"])
    assert (told["state"], told["dry_run"], told["added"]) == ("done", False, 1)
    (document,) = library.of_collection(terminal.database, made["collection"])
    assert document.file_name == "ata.txt"

    (share / "ata.txt").unlink()
    held = terminal.type("sources", "run", made["id"])
    assert held.exit_code == 1
    assert "Nothing was removed" in held.stdout
    assert "1 removed" in held.stdout
