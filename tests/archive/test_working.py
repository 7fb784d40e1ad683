"""Backups made by the worker: proven at once, cancelled within a piece, whole or not at all."""

import itertools
import multiprocessing
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import audit, backups, options
from appliance.archive import making, opening, working
from appliance.archive.working import Backups
from appliance.database import Database
from appliance.errors import Unavailable, Unreadable
from appliance.jobs import backup, ledger, outcomes
from appliance.jobs.watch import Cancelled, Watch
from appliance.records import Job
from appliance.routine import Routine
from appliance.settings import Settings
from appliance.vault import Vault
from tests.archive import working_process
from tests.archive.conftest import PASSPHRASE
from tests.house import House

MOST_STEPS = 60
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.archive.working_process"])


def keep(house: House, phrase: str = PASSPHRASE) -> None:
    """Keep a passphrase."""
    with house.parts.database.write() as writer:
        options.store(writer, Routine(**backup.sealed(house.parts.vault, phrase)))


def ordered(house: House) -> Job:
    with house.parts.database.write():
        return backup.order(house.parts.database)


def state(house: House, job: Job) -> Job:
    return ledger.get(house.parts.database, job.id)


def left(settings: Settings) -> list[str]:
    """What a backup or a proof that was broken off would leave."""
    home = backups.folder(settings.data)
    return [path.name for path in home.iterdir() if path.name.startswith((".making", ".proof"))]


@pytest.mark.guarantee("REL-20")
def test_a_backup_that_was_ordered_is_made_and_proven(library: House) -> None:
    keep(library)
    job = ordered(library)

    library.work()

    (made,) = backups.every(library.settings.data)
    ended = state(library, job)
    assert (ended.state, ended.unit, ended.problem) == ("succeeded", "bytes", None)
    assert made.verified_at
    assert made.problem is None
    assert Path(made.file).parent == library.settings.data / "backups"
    assert opening.verify(library.settings.data, Path(made.file), PASSPHRASE)[0].documents == 2


def test_what_it_did_stands_in_the_record(library: House) -> None:
    keep(library)
    ordered(library)
    library.work()

    (made,) = backups.every(library.settings.data)
    wanted = audit.wanted(subject=made.id)
    acts = [(one.act, one.name) for one in audit.newest(library.parts.database, wanted, limit=9)]
    assert acts == [("backup.verify", "Balcão"), ("backup.make", "Balcão")]


def test_how_far_it_is_is_told_in_bytes_of_making_and_proving(
    library: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, int]] = []
    telling = Watch.telling

    def listening(watch: Watch, unit: str) -> Callable[[int, int], None]:
        told = telling(watch, unit)

        def both(done: int, total: int) -> None:
            heard.append((done, total))
            told(done, total)

        return both

    monkeypatch.setattr(Watch, "telling", listening)
    keep(library)
    ordered(library)
    library.work()

    shares = [done / total for done, total in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert any(0 < one <= 0.5 for one in shares)
    assert shares[-1] == 1


class Cancelling(Watch):
    """The eye on a job that somebody cancels at its n-th look."""

    looks = 0

    def __init__(self, *arguments: Any, at: int) -> None:
        super().__init__(*arguments)
        self.at = at

    def check(self) -> None:
        self.looks += 1
        if self.looks >= self.at:
            raise Cancelled
        super().check()


@pytest.mark.parametrize("at", [1, 4, 9, 30])
def test_a_cancelled_one_ends_at_the_next_look_and_leaves_nothing(
    library: House, settings: Settings, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(opening, "_INSTRUCTIONS", 50)
    keep(library)
    job = ledger.claim(library.parts.database, ordered(library).id)
    assert job
    watch = Cancelling(library.parts.database, job, threading.Event(), at=at)
    backed_up = Backups(settings, library.parts.database, library.parts.vault)

    with pytest.raises(Cancelled):
        backed_up.make(job, watch)

    assert watch.looks == at
    assert left(settings) == []
    files = {one.file for one in backups.every(settings.data)}
    assert {str(path) for path in (settings.data / "backups").glob("*.balcao")} == files


def test_without_a_passphrase_no_backup_is_ordered_and_one_that_waits_says_what_to_do(
    library: House,
) -> None:
    keep(library)
    job = ordered(library)
    with library.parts.database.write() as writer:
        options.store(writer, Routine())

    library.work()

    ended = state(library, job)
    assert ended.state == "failed"
    assert ended.problem
    assert ended.problem.code == "backup_passphrase_not_kept"
    assert backups.every(library.settings.data) == []


def test_one_that_is_being_made_in_a_terminal_is_waited_for(
    library: House, settings: Settings
) -> None:
    keep(library)
    job = ordered(library)

    with backups.alone(settings.data):
        library.work()
    waiting = state(library, job)
    with library.parts.database.write() as writer:
        writer.run("update jobs set not_before = '2000-01-01T00:00:00.000Z'")
    library.work()

    assert (waiting.state, waiting.problem and waiting.problem.code) == ("queued", "backup_running")
    assert state(library, job).state == "succeeded"


def test_two_jobs_do_not_make_backups_at_once(library: House, settings: Settings) -> None:
    backed_up = Backups(settings, library.parts.database, library.parts.vault)
    keep(library)
    job = ordered(library)
    watch = Watch(library.parts.database, job, threading.Event())

    with backed_up._alone(), pytest.raises(Unavailable):
        backed_up.make(job, watch)


def test_a_disk_that_fails_ends_it_with_a_sentence(
    library: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(making, "_into_place", gone)
    keep(library)
    job = ordered(library)
    library.work()

    ended = state(library, job)
    assert ended.state == "failed"
    assert ended.problem
    assert ended.problem.code == "backup_not_written"
    assert "Stale file handle" in str(Unreadable(ended.problem.code, **ended.problem.facts))
    assert left(library.settings) == []


def test_one_that_does_not_pass_its_proof_fails_and_stays_on_the_list(
    library: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening.references, "otherwise", lambda *_, **__: [1])
    keep(library)
    job = ordered(library)
    library.work()

    (made,) = backups.every(library.settings.data)
    ended = state(library, job)
    assert (ended.state, ended.problem and ended.problem.code) == (
        "failed",
        "backup_finds_otherwise",
    )
    assert made.problem == ended.problem
    assert made.verified_at is None


def test_tried_again_it_makes_another(library: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(opening.references, "otherwise", lambda *_, **__: [1])
        keep(library)
        job = ordered(library)
        library.work()
    (first,) = backups.every(library.settings.data)
    claimed = state(library, job).started_at
    outcomes.retry(library.parts.database, job.id)
    with library.parts.database.write() as writer:  # a second later, by its name
        writer.run(
            "update jobs set started_at = :later",
            {"later": str(claimed).replace("20", "21", 1)},
        )

    library.work()

    assert state(library, job).state == "succeeded"
    (second,) = backups.every(library.settings.data)  # the first is not kept beside a whole one
    assert second.id != first.id
    assert second.verified_at


def test_a_second_one_is_refused_while_one_waits(library: House) -> None:
    keep(library)
    ordered(library)

    answer = library.client.post("/api/backups")

    assert answer.status_code == 409
    assert answer.json()["code"] == "backup_under_way"


def test_a_proof_that_is_ordered_says_what_it_found(library: House, settings: Settings) -> None:
    keep(library)
    ordered(library)
    library.work()
    (made,) = backups.every(settings.data)
    file = Path(made.file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-40] + bytes(40))

    ordered_proof = library.client.post(f"/api/backups/{made.id}/verify")
    library.work()
    (damaged,) = backups.every(settings.data)
    file.write_bytes(whole)
    library.client.post(f"/api/backups/{made.id}/verify")
    library.work()

    assert ordered_proof.status_code == 202
    assert damaged.problem
    assert damaged.verified_at == made.verified_at
    assert backups.every(settings.data)[0].problem is None


def test_one_whose_file_is_gone_cannot_be_proven(library: House, settings: Settings) -> None:
    keep(library)
    ordered(library)
    library.work()
    (made,) = backups.every(settings.data)
    Path(made.file).unlink()

    told = library.client.post(f"/api/backups/{made.id}/verify").json()["job"]
    library.work()

    ended = ledger.get(library.parts.database, told["id"])
    assert (ended.state, ended.problem and ended.problem.code) == ("failed", "backup_not_there")


def test_another_proof_that_goes_on_is_not_swept_away(
    library: House, settings: Settings, tmp_path: Path
) -> None:
    made = making.make(settings, PASSPHRASE, tmp_path / "one.balcao")
    home = backups.folder(settings.data)

    def told(_: int, __: int) -> None:
        making.sweep(home)

    proven, _ = opening.verify(settings.data, Path(made.file), PASSPHRASE, told=told)

    assert proven.verified_at
    assert left(settings) == []


def life(data: Path, crash_at: int = 0) -> tuple[int, str]:
    """A worker's whole life: its exit status and what it said."""
    said = data / "said"
    process = FORKS.Process(target=working_process.run, args=(data, crash_at, said))
    process.start()
    process.join(120)
    status = process.exitcode
    process.close()
    assert status is not None
    return status, said.read_text()


@pytest.mark.crash
@pytest.mark.guarantee("REL-20")
@pytest.mark.timeout(600)
def test_a_job_killed_at_any_step_is_done_again_and_leaves_one_whole_backup(
    tmp_path: Path,
) -> None:
    passed = set()
    for n in itertools.count(1):
        assert n < MOST_STEPS
        data = tmp_path / f"house{n}"
        _house_of(data)
        status, said = life(data, crash_at=n)
        passed.add(said.rpartition(": ")[2].strip())
        if status == 0:
            break
        assert status == -signal.SIGKILL, said
        assert life(data)[0] == 0

        database = Database(data / "appliance.db")
        (job,) = ledger.entries(database)
        made = audit.newest(database, audit.wanted(act="backup.make"), limit=9)
        database.close()
        (listed,) = backups.every(data)
        assert job.state == "succeeded", said
        assert [str(path) for path in (data / "backups").glob("*.balcao")] == [listed.file]
        assert (listed.verified_at is not None, listed.problem) == (True, None), said
        assert len(made) == 1
        assert left(Settings(data_dir=str(data))) == []
        assert not list((data / "backups").glob(".*.part"))
    assert passed >= {"job claimed", "in place", "listed", "backup made", "backup proven"}


def _house_of(data: Path) -> None:
    """A data folder with a passphrase and an ordered backup."""
    database = Database(data / "appliance.db")
    database.migrate()
    vault = Vault(data)
    vault.prepare()
    with database.write() as writer:
        options.store(writer, Routine(**backup.sealed(vault, PASSPHRASE)))
        backup.order(database)
    database.close()


def test_the_name_is_the_same_for_all_attempts_of_a_job(library: House) -> None:
    keep(library)
    job = ordered(library)
    begun = msgspec.structs.replace(job, started_at="2026-11-26T02:30:00.000Z")

    assert working.name_of(begun) == f"balcao-20261126T023000Z-{job.id[-4:]}.balcao"
    again = msgspec.structs.replace(begun, attempts=2)
    assert working.name_of(again) == working.name_of(begun)
