"""A damaged database: nothing pretends, nothing is written, and the way back is named."""

from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from appliance import backups
from appliance.api import maintenance
from appliance.backups import Backup
from appliance.database import Database, fault
from appliance.records import LANGUAGES, timestamp

pytestmark = pytest.mark.guarantee("REL-16")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that was closed, of many pages."""
    database = Database(tmp_path / "appliance.db")
    database.migrate()
    with database.write() as db:
        db.run("create table filling as select randomblob(3000) as some")
        for _ in range(6):
            db.run("insert into filling select randomblob(3000) from filling")
        db.run("create index by_some on filling(some)")
    database.close()
    return database.path


def damage(file: Path) -> bytes:
    """Overwrite the inside of many pages."""
    content = bytearray(file.read_bytes())
    for at in range(len(content) // 2 // 4096 * 4096, len(content), 4096):
        content[at : at + 200] = b"\xff" * 200
    file.write_bytes(bytes(content))
    return bytes(content)


def test_a_sound_one_is_sound_and_one_that_is_not_there_is_no_fault(file: Path) -> None:
    assert fault(file) is None
    assert fault(file.with_name("none.db")) is None


def test_a_sound_one_is_sound_while_somebody_has_it_open(file: Path) -> None:
    database = Database(file)
    with database.write() as db:
        db.run("delete from filling")
    assert fault(file) is None
    database.close()


def test_flipped_pages_are_found_and_the_file_stays_as_it_is(file: Path) -> None:
    content = damage(file)

    assert fault(file)
    assert file.read_bytes() == content


def test_a_file_that_is_no_database_is_found(file: Path) -> None:
    file.write_bytes(b"this is not a database, and never was" * 100)

    assert fault(file) == "file is not a database"


def test_a_log_of_changes_that_was_cut_off_is_no_damage(file: Path) -> None:
    """SQLite takes its whole frames and leaves the rest: an older state, and a sound one."""
    database = Database(file)
    with database.write() as db:
        db.run("insert into filling select randomblob(3000) from filling")
    wal = file.with_name("appliance.db-wal")
    kept = wal.read_bytes()
    database.close()
    wal.write_bytes(kept[: len(kept) // 2])

    assert fault(file) is None


def client(data: Path, language: str = "en") -> TestClient[Any]:
    problem = maintenance.said(data, "malformed")
    return TestClient(maintenance.application(problem, language))  # type: ignore[arg-type]


def test_everybody_is_told_the_last_verified_backup_and_the_command(tmp_path: Path) -> None:
    backups.add(
        tmp_path,
        Backup(
            id="b1", file="/srv/one.balcao", made_at="2026-11-25T10:00:00.000Z", bytes=1,
            documents=1, program="0.7.0", verified_at=timestamp(),
        ),
    )  # fmt: skip

    page = client(tmp_path).get("/")
    answer = client(tmp_path).post("/api/assistants/x/ask", json={})

    assert (page.status_code, answer.status_code) == (503, 503)
    assert "appliance restore /srv/one.balcao --aside" in page.text
    assert "2026-11-25T10:00:00.000Z" in answer.json()["detail"]
    assert answer.json()["code"] == "maintenance"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_verified_backup_it_says_so(tmp_path: Path, language: str) -> None:
    page = client(tmp_path, language).get("/")

    assert "appliance restore" in page.text
    assert f'lang="{language}"' in page.text


def test_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    asked = client(tmp_path)

    assert asked.get("/health/live").status_code == 200
    assert asked.get("/health/ready").status_code == 503


def test_what_sqlite_says_is_text_on_the_page(tmp_path: Path) -> None:
    problem = maintenance.said(tmp_path, "<script>alert(1)</script>")

    page = TestClient(maintenance.application(problem, "en")).get("/")  # type: ignore[arg-type]

    assert "<script>" not in page.text
