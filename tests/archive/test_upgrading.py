"""Data of an older version is brought to this one, or stays as it was; and the way back."""

import csv
import itertools
import multiprocessing
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from appliance import backups
from appliance import database as databases
from appliance.archive import making, opening, restoring, undoing, upgrading
from appliance.database import Database
from appliance.errors import Conflict, NoSpace, NotFound, Unavailable
from appliance.settings import Settings
from tests.archive import upgrade_process
from tests.archive.conftest import PASSPHRASE

pytestmark = pytest.mark.guarantee("REL-18")
RELEASED = 32  # the last step of the version before
HELLO = sha256(b"hello").hexdigest()
MOST_STEPS = 40
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.archive.upgrade_process"])
Program = Callable[[int | None], None]


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Be the program that knows the schema up to a step; None for this one."""
    every = databases._schema()

    def become(last: int | None) -> None:
        known = every
        if last is not None:
            known = tmp_path_factory.mktemp("schema")
            for file in every.glob("*.sql"):
                if int(file.name[:4]) <= last:
                    shutil.copy(file, known)
        monkeypatch.setattr(databases, "_schema", lambda: known)

    return become


@pytest.fixture
def old(tmp_path: Path, program: Program) -> Path:
    """The data folder of the version before, with a document that can be found."""
    data = tmp_path / "data"
    data.mkdir()
    fill(data, program, RELEASED)
    return data


def fill(data: Path, program: Program, last: int) -> None:
    program(last)
    database = Database(data / "appliance.db")
    database.migrate()
    with database.write() as db:
        db.run("insert into collections (id, name, created_at) values ('c1', 'Normas', '2026')")
    database.close()
    add_document(data, "d1", b"hello")
    with_term(data)
    program(None)


def add_document(data: Path, identity: str, content: bytes) -> None:
    name = sha256(content).hexdigest()
    place = data / "files" / name[:2] / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    run(
        data,
        "insert into documents (id, collection, title, file_name, media_type, bytes, sha256,"
        " state, created_at) values (?, 'c1', 'Normas', ?, 'text/plain', 5, ?, 'ready', '2026')",
        [identity, f"{identity}.txt", name],
    )


def with_term(data: Path) -> None:
    db = sqlite3.connect(data / "appliance.db")
    columns = [row[1] for row in db.execute("pragma table_info(chunk_terms)")]
    db.execute(f"insert into chunk_terms (rowid, {columns[0]}) values (1, 'multa atraso')")
    db.commit()
    db.close()


def run(data: Path, sql: str, values: list[Any] | None = None) -> list[Any]:
    db = sqlite3.connect(data / "appliance.db", isolation_level=None)
    try:
        return db.execute(sql, values or []).fetchall()
    finally:
        db.close()


def finds(data: Path) -> bool:
    return run(data, "select rowid from chunk_terms where chunk_terms match 'multa'") == [(1,)]


def documents(data: Path) -> list[str]:
    return [name for (name,) in run(data, "select id from documents order by id")]


def opens(data: Path) -> None:
    """What every start does; raises where the data is not for this program."""
    database = Database(data / "appliance.db")
    try:
        database.migrate()
    finally:
        database.close()


def copied(data: Path, to: Path) -> Path:
    shutil.copytree(data, to)
    return to


def life(target: Callable[..., None], *arguments: object) -> int | None:
    process = FORKS.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def test_a_snapshot_is_kept_and_everything_is_there_and_found(old: Path) -> None:
    made = upgrading.upgrade(old)

    assert made is not None
    assert made.steps[-1].startswith(f"{RELEASED:04}")
    assert upgrading.every(old) == [made]
    assert upgrading.pending(old) == ()
    assert documents(old) == ["d1"]
    assert finds(old)
    assert not list(old.glob("appliance.db-*"))
    held = old / "snapshots" / made.id / "files" / HELLO[:2] / HELLO
    assert held.samefile(old / "files" / HELLO[:2] / HELLO)
    assert (old / "appliance.db").stat().st_mode & 0o777 == 0o600
    assert not (old / upgrading.WORKSHOP).exists()


def test_what_still_stood_in_the_log_of_changes_comes_along(old: Path) -> None:
    """As after a power cut: the -wal holds what the database file does not."""
    database = Database(old / "appliance.db")
    with database.write() as db:
        db.run("insert into collections (id, name, created_at) values ('c2', 'Atas', '2026')")
    for name in ("appliance.db", "appliance.db-wal"):
        shutil.copy(old / name, old / f"kept-{name}")
    database.close()
    for name in ("appliance.db", "appliance.db-wal"):
        (old / f"kept-{name}").replace(old / name)
    (old / "appliance.db-shm").unlink(missing_ok=True)

    upgrading.upgrade(old)

    assert run(old, "select id from collections order by id") == [("c1",), ("c2",)]


def test_data_of_this_version_and_a_new_folder_need_nothing(old: Path, tmp_path: Path) -> None:
    upgrading.upgrade(old)

    assert upgrading.upgrade(old) is None
    assert upgrading.upgrade(tmp_path) is None
    assert len(upgrading.every(old)) == 1


def test_killed_at_any_step_the_old_or_the_new_works_and_the_next_ends_it(
    old: Path, tmp_path: Path, program: Program
) -> None:
    ended = set()
    for step in itertools.count(1):
        assert step < MOST_STEPS
        data = copied(old, tmp_path / f"crash-{step}")
        status = life(upgrade_process.run, "upgrade", data, step)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert (documents(data), finds(data)) == (["d1"], True)
        now = "old" if upgrading.pending(data) else "new"
        ended.add(now)
        program(RELEASED if now == "old" else None)
        opens(data)
        program(None)
        upgrading.upgrade(data)
        opens(data)
        assert (documents(data), finds(data)) == (["d1"], True)
        assert len(upgrading.every(data)) == 1
        assert not (data / upgrading.WORKSHOP).exists()
    assert step > 7
    assert ended == {"old", "new"}


def test_a_disk_that_is_full_is_told_before_anything(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(old)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(NoSpace) as refusal:
        upgrading.upgrade(old)

    assert refusal.value.code == "upgrade_no_space"
    assert upgrading.every(old) == []
    assert upgrading.pending(old)


def test_a_disk_that_fills_meanwhile_leaves_the_old(old: Path, program: Program) -> None:
    # The copy grows while it is migrated, and may not.
    most = (old / "appliance.db").stat().st_size

    status = life(upgrade_process.run_on_a_full_disk, old, most)

    assert status == 7
    assert not (old / upgrading.WORKSHOP).exists()
    program(RELEASED)
    opens(old)
    assert documents(old) == ["d1"]


def test_a_step_that_loses_something_is_not_put_in_place(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate = Database.migrate

    def losing(self: Database) -> None:
        migrate(self)
        with self.write() as db:
            db.run("delete from documents")

    monkeypatch.setattr(Database, "migrate", losing)

    with pytest.raises(Unavailable) as refusal:
        upgrading.upgrade(old)

    assert refusal.value.code == "upgrade_failed"
    assert refusal.value.facts["reason"] == "documents: 1 -> 0"
    assert documents(old) == ["d1"]
    assert upgrading.pending(old)


def test_a_step_that_breaks_search_is_not_put_in_place(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate = Database.migrate

    def forgetting(self: Database) -> None:
        migrate(self)
        with self.write() as db:
            db.run("drop table term_counts")
            db.run("drop table chunk_terms")
            db.run("create virtual table chunk_terms using fts5(terms)")

    monkeypatch.setattr(Database, "migrate", forgetting)

    with pytest.raises(Unavailable) as refusal:
        upgrading.upgrade(old)

    assert refusal.value.facts["reason"] == "search"
    assert finds(old)


def test_who_has_the_database_open_is_not_robbed_of_it(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "_BUSY_SECONDS", 0.1)
    other = sqlite3.connect(old / "appliance.db", isolation_level=None)
    other.execute("pragma journal_mode = wal")
    other.execute("select count(*) from documents").fetchone()

    with pytest.raises(Conflict) as refusal:
        upgrading.upgrade(old)
    other.close()

    assert refusal.value.code == "upgrade_in_use"
    assert upgrading.every(old) == []
    assert upgrading.upgrade(old) is not None


def test_an_older_program_refuses_what_this_one_has_upgraded(old: Path, program: Program) -> None:
    upgrading.upgrade(old)
    program(RELEASED)

    with pytest.raises(Unavailable) as pending:
        upgrading.pending(old)
    with pytest.raises(Unavailable) as started:
        opens(old)

    assert pending.value.code == started.value.code == "data_newer"


def test_two_snapshots_are_kept(tmp_path: Path, program: Program) -> None:
    fill(tmp_path, program, 30)
    made = []
    for last in (31, 32, 33, None):
        program(last)
        made.append(upgrading.upgrade(tmp_path))

    assert upgrading.every(tmp_path) == [made[3], made[2]]
    assert len(list((tmp_path / "snapshots").iterdir())) == 2


@pytest.mark.guarantee("INS-08")
@pytest.mark.parametrize("last", [15, RELEASED])
def test_data_and_backups_of_earlier_versions_come_up_to_this_one(
    tmp_path: Path, program: Program, last: int
) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    fill(data, program, last)
    program(last)
    settings = Settings(data_dir=str(data))
    archive = making.make(settings, PASSPHRASE, tmp_path / "old.balcao")
    program(None)

    assert upgrading.upgrade(data)
    assert (documents(data), finds(data)) == (["d1"], True)
    restoring.restore(other, Path(archive.file), PASSPHRASE)
    opens(other)
    assert (documents(other), finds(other)) == (["d1"], True)
    opening.verify(data, Path(archive.file), PASSPHRASE)
    assert backups.last_verified(data)


@pytest.mark.guarantee("REL-19")
class TestRollback:
    def test_the_version_before_works_and_what_came_since_is_kept(
        self, old: Path, program: Program
    ) -> None:
        upgrading.upgrade(old)
        opens(old)
        for identity in ("d2", "d3", "d4"):
            add_document(old, identity, identity.encode())
        run(old, "delete from documents where id = 'd1'")
        (old / "files" / HELLO[:2] / HELLO).unlink()

        undone = undoing.undo(old)

        folder = Path(undone.folder)
        assert undone.lost == {"people": 0, "documents": 3, "conversations": 0, "messages": 0}
        with (folder / "documents.csv").open(newline="") as file:
            assert [row["id"] for row in csv.DictReader(file)] == ["d2", "d3", "d4"]
        assert (folder / "documents" / "d3" / "d3.txt").read_bytes() == b"d3"
        assert documents(folder) == ["d2", "d3", "d4"]
        program(RELEASED)
        opens(old)
        assert (documents(old), finds(old)) == (["d1"], True)
        assert (old / "files" / HELLO[:2] / HELLO).read_bytes() == b"hello"

    def test_without_a_snapshot_it_is_refused(self, old: Path) -> None:
        with pytest.raises(NotFound) as never:
            undoing.undo(old)
        upgrading.upgrade(old)
        undoing.undo(old)
        with pytest.raises(NotFound) as twice:
            undoing.undo(old)

        assert never.value.code == twice.value.code == "rollback_nothing"

    def test_a_damaged_snapshot_is_not_put_back(self, old: Path) -> None:
        made = upgrading.upgrade(old)
        assert made is not None
        file = old / "snapshots" / made.id / "appliance.db"
        file.write_bytes(os.urandom(8192))

        with pytest.raises(Unavailable) as refusal:
            undoing.undo(old)

        assert refusal.value.code == "rollback_failed"
        assert upgrading.pending(old) == ()
        assert documents(old) == ["d1"]

    def test_killed_at_any_step_the_old_or_the_new_works_and_the_next_ends_it(
        self, old: Path, tmp_path: Path, program: Program
    ) -> None:
        upgrading.upgrade(old)
        add_document(old, "d2", b"later")
        ended = set()
        for step in itertools.count(1):
            assert step < MOST_STEPS
            data = copied(old, tmp_path / f"crash-{step}")
            status = life(upgrade_process.run, "rollback", data, step)
            if status == 0:
                break
            assert status == -signal.SIGKILL
            now = "old" if upgrading.pending(data) else "new"
            ended.add(now)
            if now == "new":
                assert documents(data) == ["d1", "d2"]
                opens(data)
                undoing.undo(data)
            assert (documents(data), finds(data)) == (["d1"], True)
            program(RELEASED)
            opens(data)
            program(None)
            kept = next(data.glob("rolled-back-*"))
            assert documents(kept) == ["d1", "d2"]
        assert step > 5
        assert ended == {"old", "new"}
