"""What a person decides about a held run, late, twice, or while something else goes on."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance import sources, trash
from appliance.errors import Conflict, Unavailable
from appliance.jobs import folders, sync
from appliance.jobs.listing import Entry, Gap, Way
from appliance.sources import SourceOptions, runs
from tests.jobs.office import Office, counts


@pytest.fixture
def held(office: Office) -> Office:
    """An office of which half of twenty files are gone, and a run that asks about it."""
    office.fill(20)
    office.run()
    for number in range(10):
        (office.share / f"ata-{number:02}.txt").unlink()
    assert office.run().state == "held"
    return office


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Files that cannot be opened any more: tests run as root, whom no permission stops."""
    names: set[str] = set()
    fetch = folders._fetch

    def guarded(root: Path, path: str, place: Path) -> folders.FetchedFile:
        if path in names:
            raise PermissionError(13, "Permission denied", path)
        return fetch(root, path, place)

    monkeypatch.setattr(folders, "_fetch", guarded)
    return names


def away(*_: Any, **__: Any) -> Iterator[Entry | Gap]:
    raise Unavailable("host_silent", host="arquivo.lan")
    yield  # it is a generator


def test_a_decision_that_comes_days_later_still_waits_for_a_server_that_is_away(
    held: Office,
) -> None:
    held.clock = datetime.now(UTC)
    with held.database.write() as db:
        db.run("update source_runs set started_at = '2026-01-01T00:00:00.000Z'")
    held.sync = held.syncing({"folder": Way(allowed=str, look=away)})
    sync.confirm(held.database, held.queue, held.source)

    run = held.work()
    assert (run.state, run.confirmed, held.job().state) == ("running", True, "queued")
    assert run.problem is not None
    assert run.problem.code == "host_silent"


def test_a_decision_is_taken_once(held: Office) -> None:
    sync.confirm(held.database, held.queue, held.source)

    for decide in (
        lambda: sync.confirm(held.database, held.queue, held.source),
        lambda: sync.reject(held.database, held.source),
    ):
        with pytest.raises(Conflict) as refusal:
            decide()
        assert refusal.value.code == "source_not_held"


def test_no_decision_is_carried_out_beside_a_run_that_waits(held: Office) -> None:
    sync.order(held.database, held.queue, held.source)

    with pytest.raises(Conflict) as refusal:
        sync.confirm(held.database, held.queue, held.source)

    assert refusal.value.code == "source_already_running"
    assert runs.newest(held.database, held.source.id, "held") is not None
    assert len(held.documents()) == 20


def test_a_dry_run_leaves_the_question_open(held: Office) -> None:
    assert held.run(dry_run=True).removed == 10

    sync.confirm(held.database, held.queue, held.source)
    held.work()

    done = runs.newest(held.database, held.source.id, "done")
    assert done is not None
    assert len(held.documents()) == 10


def test_what_came_back_while_a_person_thought_is_not_removed(held: Office) -> None:
    held.write("ata-03.txt", "Ata da reunião número 3.")
    held.write("ata-04.txt", "Ata corrigida da reunião número 4.")
    sync.confirm(held.database, held.queue, held.source)

    run = held.work()

    assert counts(run) == (0, 1, 8, 0, 11, 0)
    assert {"ata-03.txt", "ata-04.txt"} <= set(held.names())


def test_a_confirmed_run_removes_nothing_in_a_folder_that_was_closed_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        office.write(f"{number % 2}/ata-{number:02}.txt", f"Ata {number}.")
    office.run()
    shutil.rmtree(office.share / "0")
    (office.share / "0").mkdir()
    assert office.run().state == "held"
    scandir = os.scandir

    def guarded(path: Any) -> Any:
        if str(path).endswith("/0"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", guarded)
    sync.confirm(office.database, office.queue, office.source)

    run = office.work()

    assert (run.state, run.removed, run.failed) == ("done", 0, 1)
    assert len(office.documents()) == 20


def test_a_rejected_run_that_is_ordered_again_can_be_confirmed(held: Office) -> None:
    sync.reject(held.database, held.source)
    assert held.run().state == "held"

    sync.confirm(held.database, held.queue, held.source)

    assert held.work().removed == 10
    assert len(trash.of_collection(held.database, held.collection)) == 10


def test_an_unmounted_share_is_held_even_where_only_one_file_was_known(office: Office) -> None:
    office.fill(1)
    office.run()
    (office.share / "ata-00.txt").unlink()

    run = office.run()

    assert run.state == "held"
    assert run.problem is not None
    assert (run.problem.code, run.problem.facts) == ("source_empty", {"gone": 1, "known": 1})


def test_a_known_file_that_may_not_be_read_any_more_keeps_its_document(
    office: Office, locked: set[str]
) -> None:
    office.fill(4)
    office.run()
    office.read()
    os.utime(office.share / "ata-01.txt", (1_700_000_000, 1_700_000_000))
    locked.add("ata-01.txt")

    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 0, 3, 1))
    (line,) = office.log(run)
    assert (line.key, line.problem and line.problem.code) == ("ata-01.txt", "source_no_permission")
    assert "ata-01.txt" in office.names()


def test_a_new_file_that_may_not_be_read_is_tried_again_by_each_run(
    office: Office, locked: set[str]
) -> None:
    office.fill(2)
    office.write("sigilo.txt", "Só para a direção.")
    locked.add("sigilo.txt")

    assert counts(office.run()) == (2, 0, 0, 0, 0, 1)
    assert counts(office.run()) == (0, 0, 0, 0, 2, 1)
    locked.clear()
    assert counts(office.run()) == (1, 0, 0, 0, 2, 0)


def test_what_new_patterns_leave_out_is_missed_like_anything_else_and_held(
    office: Office,
) -> None:
    office.fill(20)
    office.write("nota.md", "Uma nota.")
    office.run()
    with office.database.write() as db:
        sources.change(db, office.source.id, options=SourceOptions(include=("*.md",)))

    run = office.run()

    assert run.state == "held"
    assert run.problem is not None
    assert run.problem.facts == {"gone": 20, "known": 21}
