"""A database that another process holds: who waits, how long, and what is not lost (REL-15)."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance import assistants, conversations
from appliance.answering import flow
from appliance.answering.events import Done, Event, Token
from appliance.database import Database
from appliance.doctor import Patient
from appliance.jobs.queue import Queue
from appliance.jobs.worker import Worker
from appliance.records import Caller
from tests.doctor.clinic import look, patient
from tests.fakes import ScriptedGenerator
from tests.house import House

__all__ = ["patient"]

pytestmark = pytest.mark.guarantee("REL-15")

ANA = Caller(kind="person", id="ana", name="Ana")
QUESTION = "Qual é a multa por atraso na devolução de livros?"
MB = 1 << 20


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> float:
    """Writers give up after this many seconds; ask for it before what opens a database."""
    monkeypatch.setattr("appliance.database.BUSY_SECONDS", 0.3)
    monkeypatch.setattr("appliance.database.BUSY_MS", 300)
    return 0.3


@contextlib.contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """The database in the hands of another connection, which writes and does not end."""
    with closing(
        sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30)
    ) as other:
        other.execute("begin immediate")
        yield other


def test_those_in_line_behind_one_who_waits_are_told_as_soon_as_that_one(
    hurried: float, database: Database
) -> None:
    told: list[tuple[str, float]] = []

    def write() -> None:
        began = time.monotonic()
        try:
            with database.write() as db:
                db.run("insert into facts (name, value) values ('a', '1')")
        except sqlite3.OperationalError as fault:
            told.append((str(fault), time.monotonic() - began))

    with held(database.path):
        writers = [threading.Thread(target=write) for _ in range(30)]
        for one in writers:
            one.start()
        for one in writers:
            one.join()

    assert {said for said, _ in told} == {"database is locked"}
    assert len(told) == 30
    # One after the other they would have waited for nine seconds.
    assert max(seconds for _, seconds in told) < 10 * hurried
    assert database.rows("select * from facts") == []


def test_a_refused_question_leaves_nothing_and_can_be_asked_again(
    hurried: float, house: House
) -> None:
    assistant = house.assistant()
    house.upload(assistant["collections"][0])
    with held(house.parts.database.path):
        refused = house.client.post(
            f"/api/assistants/{assistant['id']}/ask", json={"question": QUESTION}
        )
        upload = house.send(assistant["collections"][0], "Outro papel.", "outro.txt")
        files = house.file_count()

    assert {(one.status_code, one.json()["code"]) for one in (refused, upload)} == {
        (503, "database_busy")
    }
    assert refused.headers["retry-after"] == "2"
    assert house.parts.database.rows("select * from messages") == []
    assert files == 1
    assert list((house.settings.data / "incoming").glob("*")) == []
    assert house.ask(assistant["id"], QUESTION)["state"] == "answered"


def being_written(house: House) -> Iterator[Event]:
    """The events of an answer of which the first word is there."""
    made = house.assistant()
    house.upload(made["collections"][0])
    assistant = assistants.get(house.parts.database, made["id"])
    events = house.parts.answering.stream(ANA, assistant, QUESTION)
    assert any(isinstance(event, Token) for event in events)
    return events


def test_an_answer_that_is_being_written_meanwhile_waits_and_is_kept(
    hurried: float, writing_house: House, writer: ScriptedGenerator
) -> None:
    database = writing_house.parts.database
    events = being_written(writing_house)

    with held(database.path) as other:
        # Longer than a writer waits: the first try to store it is refused.
        threading.Timer(4 * hurried, lambda: other.execute("commit")).start()
        *_, last = events

    assert isinstance(last, Done)
    (message,) = conversations.messages(database, last.answer.conversation)
    assert (message.state, message.answer) == (last.answer.state, last.answer)


def test_of_a_reader_who_left_meanwhile_the_answer_so_far_is_kept_too(
    hurried: float, writing_house: House, writer: ScriptedGenerator
) -> None:
    database = writing_house.parts.database
    events = being_written(writing_house)

    with held(database.path) as other:
        threading.Timer(4 * hurried, lambda: other.execute("commit")).start()
        events.close()  # type: ignore[attr-defined]

    (row,) = database.rows("select state, answer from messages")
    assert row["state"] == "stopped"
    assert row["answer"]


def test_the_patience_of_an_answer_has_an_end(
    hurried: float, writing_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "PATIENCE_SECONDS", 0.0)
    database = writing_house.parts.database
    events = being_written(writing_house)

    with held(database.path), pytest.raises(sqlite3.OperationalError, match="locked"):
        list(events)

    assert conversations.recover(database) == 1, "at the next start it can be asked again"


def grown(database: Database, megabytes: int) -> None:
    """Writes of so much, while nobody takes the log in."""
    with database.write(fleeting=True) as db:
        db.run("create table if not exists large (held blob)")
    for _ in range(megabytes // 60):
        with database.write(fleeting=True) as db:
            db.run("insert into large values (zeroblob(:size))", {"size": 60 * MB})


def test_a_log_that_a_long_reader_holds_is_told_and_taken_in_when_it_ends(
    patient: Patient, tmp_path: Path
) -> None:
    database = patient.database
    worker = Worker(database, Queue(tmp_path / "queue.db"), {})
    with closing(sqlite3.connect(database.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from facts").fetchone()

        grown(database, 300)
        worker.sweep()

        assert look(patient, "wal").code == "doctor_wal_large"
        assert reader.execute("select count(*) from sqlite_master where name = 'large'").fetchone()
    worker.sweep()

    assert database.log_bytes() == 0
    assert look(patient, "wal").state == "ok"
    assert database.row("select count(*) as n from large") == {"n": 5}
    worker.queue.close()


def test_the_size_of_the_log_is_a_figure_for_monitoring(house: House) -> None:
    with closing(sqlite3.connect(house.parts.database.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from facts").fetchone()
        grown(house.parts.database, 60)
        told = house.client.get("/metrics").text

    (line,) = [one for one in told.splitlines() if one.startswith("balcao_wal_bytes ")]
    assert float(line.split()[1]) > 60 * MB


def test_a_writer_at_work_is_not_disturbed_by_who_takes_the_log_in(database: Database) -> None:
    grown(database, 60)
    with held(database.path):
        assert not database.take_in_log(0)

    assert database.take_in_log(0)
    assert database.log_bytes() == 0
