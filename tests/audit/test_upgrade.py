"""A record written by version 0.5.0 becomes a chain at the first start of this one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import app, audit
from appliance import database as databases
from appliance.database import Database
from appliance.settings import Settings
from tests.audit.writing import ANA, everything, tamper
from tests.fakes import WordEmbedder

RELEASED = 15  # the last schema file of 0.5.0


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of a 0.5.0 in which three things were done, opened by this version."""
    before, all_steps = tmp_path / "schema", databases._schema()
    before.mkdir()
    for file in all_steps.glob("*.sql"):
        if int(file.name[:4]) <= RELEASED:
            shutil.copy(file, before)
    (tmp_path / "data").mkdir()
    opened = Database(tmp_path / "data" / "appliance.db")
    monkeypatch.setattr(databases, "_schema", lambda: before)
    opened.migrate()
    with opened.write() as db:
        for number in range(1, 4):
            db.run(
                """
                insert into audit (at, caller, name, act, subject, details, collections)
                values ('2026-11-01T00:00:00.000Z', 'person:p1', 'Ana', 'key.create', :subject,
                    '{"name":"robô"}', '[]')
                """,
                {"subject": f"k{number}"},
            )
    monkeypatch.setattr(databases, "_schema", lambda: all_steps)
    opened.migrate()
    yield opened
    opened.close()


def test_the_first_start_takes_the_old_rows_into_the_chain(old: Database, tmp_path: Path) -> None:
    parts = app.build(Settings(data_dir=str(tmp_path / "data")), embedder=WordEmbedder())
    parts.close()

    found = audit.verify(old)

    assert (found.intact, found.rows) == (True, 3)
    assert [one.subject for one in everything(old)] == ["k1", "k2", "k3"]


def test_an_act_before_that_start_takes_them_in_as_well(old: Database) -> None:
    with old.write() as db:
        audit.record(db, ANA, "key.remove", "k1")

    found = audit.verify(old)

    assert (found.intact, found.rows) == (True, 4)


def test_once_in_the_chain_they_stay_as_they_are(old: Database) -> None:
    for _ in range(2):
        with old.write() as db:
            first = audit.complete(db)
    assert first == audit.head(old)

    tamper(old, "update audit set subject = 'k9' where id = 2")

    assert audit.verify(old).broken == 2


def test_what_old_rows_say_is_found_by_its_words(old: Database) -> None:
    assert len(audit.newest(old, audit.wanted(words="robo"), limit=9)) == 3


def test_a_row_that_is_in_no_chain_is_no_sound_row(old: Database) -> None:
    assert audit.verify(old).broken == 1
