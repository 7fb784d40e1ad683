"""A backup is made while everything runs: whole, private, and never half."""

import shutil
import sqlite3
import stat
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from appliance import backups, collections
from appliance.archive import making, opening, snapshot
from appliance.backups import Backup
from appliance.database import Database
from appliance.errors import Conflict, NoSpace, NotFound, Unreadable
from appliance.settings import Settings
from tests.archive.conftest import PASSPHRASE
from tests.house import House

pytestmark = pytest.mark.guarantee("REL-20")


def unpacked(file: Path, folder: Path) -> Path:
    folder.mkdir()
    opening.unpack(file, PASSPHRASE, folder)
    return folder


def test_it_holds_database_queue_originals_and_secrets(made: Backup, tmp_path: Path) -> None:
    folder = unpacked(Path(made.file), tmp_path / "open")

    names = {path.name for path in folder.iterdir()}
    assert names == {"appliance.db", "queue.db", "files", "secrets"}
    assert sum(path.is_file() for path in (folder / "files").rglob("*")) == 2
    assert (folder / "secrets" / "master.key").exists()
    assert made.documents == 2


def test_the_vector_files_go_in_where_they_are_asked_for(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    made = making.make(settings, PASSPHRASE, tmp_path, with_index=True)

    folder = unpacked(Path(made.file), tmp_path / "open")

    kept, live = (
        {path.name for path in (one / "index").rglob("*")} for one in (folder, settings.data)
    )
    assert kept == live != set()


def test_the_file_is_for_its_owner_alone_and_shows_nothing(made: Backup) -> None:
    file = Path(made.file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_bytes()
    assert b"financeiro" not in content
    assert b"SQLite format" not in content


def test_in_a_folder_it_gets_a_name_with_its_time(library: House, settings: Settings) -> None:
    home = backups.folder(settings.data)

    first, second = (making.make(settings, PASSPHRASE, home) for _ in range(2))

    assert first.file != second.file
    assert [one.id for one in backups.every(settings.data)] == [second.id, first.id]
    assert Path(first.file).name.startswith("balcao-20")


def test_a_file_that_is_there_is_never_overwritten(made: Backup, settings: Settings) -> None:
    before = Path(made.file).read_bytes()

    with pytest.raises(Conflict) as refusal:
        making.make(settings, PASSPHRASE, Path(made.file))

    assert refusal.value.code == "backup_exists"
    assert Path(made.file).read_bytes() == before


def test_a_folder_that_is_not_there_is_named(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(NotFound) as refusal:
        making.make(settings, PASSPHRASE, tmp_path / "nowhere" / "one.balcao")

    assert refusal.value.facts == {"folder": str(tmp_path / "nowhere")}


def test_without_data_there_is_nothing_to_copy(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refusal:
        making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    assert refusal.value.code == "backup_no_data"
    assert not settings.data.exists()


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_that_does_not_suffice_is_named_before_anything_is_written(
    library: House, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 30, 1 << 30, 5 << 20))

    with pytest.raises(NoSpace) as refusal:
        making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    assert refusal.value.facts["free_mb"] == 5
    assert refusal.value.facts["need_mb"] > 64
    assert not list(tmp_path.glob("*one.balcao*"))


def test_one_backup_at_a_time(library: House, settings: Settings, tmp_path: Path) -> None:
    with backups.alone(settings.data), pytest.raises(Conflict) as refusal:
        making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    assert refusal.value.code == "backup_running"


def test_what_fails_on_the_way_leaves_nothing(
    library: House, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_into_place", full)
    with pytest.raises(OSError, match="No space"):
        making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    assert not list(tmp_path.glob("*.balcao*"))
    assert not list(tmp_path.glob(".*.part"))
    assert not list(backups.folder(settings.data).glob(".making-*"))
    assert backups.every(settings.data) == []


def test_what_a_killed_one_left_goes_with_the_next(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    left = backups.folder(settings.data) / ".making-1"
    left.mkdir()
    half = tmp_path / ".one.balcao.1.part"
    half.write_bytes(b"half")
    (left / "beside").write_text(str(half))

    making.make(settings, PASSPHRASE, tmp_path / "two.balcao")

    assert not left.exists()
    assert not half.exists()


def test_a_copy_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    """Every write adds two rows; a copy of a moment has a whole number of pairs."""
    stop, written = threading.Event(), threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with database.write() as db:
                collections.create(db, "a")
                collections.create(db, "b")
            written.set()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        assert written.wait(30)
        snapshot.copy(database.path, tmp_path / "copy.db")
    finally:
        stop.set()
        thread.join()

    copied = Database(tmp_path / "copy.db")
    counted = copied.rows("select name, count(*) as n from collections group by name order by name")
    copied.close()
    assert counted[0]["n"] == counted[1]["n"] > 0


def test_an_original_that_goes_meanwhile_is_in_it_all_the_same(
    library: House, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = snapshot.hold

    def held_then_gone(data: Path, scratch: Path, wanted: list[str]) -> list[str]:
        missing = hold(data, scratch, wanted)
        for path in (data / "files").glob("??/*"):
            path.unlink()
        return missing

    monkeypatch.setattr(snapshot, "hold", held_then_gone)
    made = making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    _, manifest = opening.verify(settings.data, Path(made.file), PASSPHRASE)
    assert manifest.missing == ()


def test_an_original_that_was_gone_before_is_told(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    gone = next((settings.data / "files").glob("??/*"))
    gone.unlink()

    made = making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    _, manifest = opening.verify(settings.data, Path(made.file), PASSPHRASE)
    assert manifest.missing == (gone.name,)


def test_of_a_damaged_database_no_backup_is_made(
    library: House, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(making.references, "taken", damaged)

    with pytest.raises(Unreadable) as refusal:
        making.make(settings, PASSPHRASE, tmp_path / "one.balcao")

    assert refusal.value.code == "backup_source_damaged"


def test_the_bytes_done_are_told_up_to_all(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    heard: list[tuple[int, int]] = []

    making.make(
        settings, PASSPHRASE, tmp_path / "one.balcao", told=lambda *pair: heard.append(pair)
    )

    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1][0] <= heard[-1][1]
