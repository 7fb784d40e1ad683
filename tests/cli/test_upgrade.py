"""``appliance upgrade`` and ``appliance rollback``, as an administrator types them."""

import shutil
from pathlib import Path

import pytest

from appliance import audit, backups
from appliance import database as databases
from appliance.archive import upgrading
from appliance.backups import Backup
from appliance.cli.holding import alone
from appliance.database import Database
from tests.cli.doors import Terminal

pytestmark = pytest.mark.guarantee("INS-08")
RELEASED = 32
PROVEN = Backup(
    id="b1", file="/srv/proven.balcao", made_at="2026-11-20T02:00:00.000Z", bytes=9,
    documents=1, program="0.8.0", verified_at="2026-11-20T02:05:00.000Z",
)  # fmt: skip


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of this program over the data of the one before, which nobody has open."""
    every, before = databases._schema(), tmp_path / "schema"
    before.mkdir()
    for file in every.glob("*.sql"):
        if int(file.name[:4]) <= RELEASED:
            shutil.copy(file, before)
    monkeypatch.setattr(databases, "_schema", lambda: before)
    terminal = Terminal(tmp_path / "data")
    terminal.database.close()
    monkeypatch.setattr(databases, "_schema", lambda: every)
    return terminal


def people(terminal: Terminal) -> list[str]:
    database = Database(terminal.folder / "appliance.db")
    rows = database.rows("select name from people order by name")
    database.close()
    return [row["name"] for row in rows]


def test_up_and_back_in_one_command_each(older: Terminal) -> None:
    up = older.type("upgrade")
    again = older.type("upgrade")
    back = older.type("rollback")

    assert (up.exit_code, again.exit_code, back.exit_code) == (0, 0, 0), back.output + back.stderr
    assert "Going back" in up.output
    assert "nothing to do" in again.output
    assert "for the version that you had" in back.output
    assert "0 document(s)" in back.output
    (kept,) = older.folder.glob("rolled-back-*")
    assert str(kept) in back.output
    assert upgrading.pending(older.folder)


@pytest.mark.guarantee("REL-18")
def test_a_look_beforehand_changes_nothing_and_does_not_need_the_server_to_stop(
    older: Terminal,
) -> None:
    with alone(older.folder):
        looked = older.type("upgrade", "--check")
        steps = older.json("upgrade", "--check")["steps"]

    assert looked.exit_code == 0, looked.stderr
    assert f"{steps} step(s) to take" in looked.output
    assert steps == len(databases.known_steps()) - RELEASED == len(upgrading.pending(older.folder))
    assert upgrading.every(older.folder) == []
    older.type("upgrade")
    assert "nothing to do" in older.type("upgrade", "--check").output


def test_a_look_beforehand_refuses_what_an_upgrade_would(
    older: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = shutil.disk_usage(older.folder)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    full = older.type("upgrade", "--check")
    monkeypatch.undo()
    older.type("upgrade")
    behind = tmp_path / "schema"
    monkeypatch.setattr(databases, "_schema", lambda: behind)
    newer = older.type("upgrade", "--check")

    assert (full.exit_code, newer.exit_code) == (1, 1)
    assert "1 MB are free" in full.stderr
    assert "newer version" in newer.stderr


@pytest.mark.guarantee("REL-18")
def test_the_upgrade_stands_in_the_record(older: Terminal) -> None:
    told = older.json("upgrade")

    database = Database(older.folder / "appliance.db")
    (act,) = audit.newest(database, audit.wanted(act="data.upgrade"), limit=1)
    intact = audit.verify(database).intact
    database.close()
    assert act.subject == told["snapshot"]
    assert told["steps"] == len(databases.known_steps()) - RELEASED
    assert intact


@pytest.mark.guarantee("REL-18")
@pytest.mark.parametrize("words", [["person", "list"], ["golden", "list"]])
def test_any_command_on_older_data_takes_a_snapshot_first(
    older: Terminal, words: list[str]
) -> None:
    ran = older.type(*words)

    assert ran.exit_code == 0, ran.output + ran.stderr
    assert len(upgrading.every(older.folder)) == 1
    assert upgrading.pending(older.folder) == ()


@pytest.mark.parametrize("words", [["upgrade"], ["rollback"], ["person", "list"]])
def test_while_the_server_runs_each_is_refused(older: Terminal, words: list[str]) -> None:
    with alone(older.folder):
        refused = older.type(*words)

    assert refused.exit_code == 1
    assert "already uses the folder" in refused.stderr
    assert upgrading.pending(older.folder)


@pytest.mark.guarantee("REL-19")
def test_rollback_says_who_is_no_longer_there(older: Terminal) -> None:
    older.type("upgrade")
    database = Database(older.folder / "appliance.db")
    with database.write() as db:
        db.run(
            "insert into people (id, name, email, role, language, password_hash, created_at)"
            " values ('p1', 'Ana', 'ana@escola.example', 'member', 'pt', '', '2026')"
        )
    database.close()

    undone = older.json("rollback")

    assert undone["lost"]["people"] == 1
    assert "ana@escola.example" in (Path(undone["folder"]) / "people.csv").read_text()
    assert people(older) == []


def test_what_cannot_be_undone_is_one_sentence(older: Terminal, tmp_path: Path) -> None:
    nothing = older.type("rollback")
    older.environment["APPLIANCE_DATA_DIR"] = str(tmp_path / "empty")
    empty = older.type("upgrade")

    assert (nothing.exit_code, empty.exit_code) == (1, 1)
    assert "no snapshot of an older version" in nothing.stderr
    assert "There is no data" in empty.stderr
    assert nothing.stdout == ""


@pytest.mark.parametrize(
    "words", [("upgrade",), ("upgrade", "--check"), ("rollback",), ("backup", "new.balcao")]
)
def test_a_damaged_database_is_told_with_the_way_back(
    older: Terminal, words: tuple[str, ...]
) -> None:
    file = older.folder / "appliance.db"
    file.write_bytes(b"no database at all" * 500)
    older.environment["APPLIANCE_BACKUP_PASSPHRASE"] = "correct horse"
    backups.add(older.folder, PROVEN)

    told = older.type(*words)

    assert told.exit_code == 1
    assert "The database is damaged (file is not a database)" in told.stderr
    assert "appliance restore /srv/proven.balcao --aside" in told.stderr
    assert file.read_bytes() == b"no database at all" * 500
