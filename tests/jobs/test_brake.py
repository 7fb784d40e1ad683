"""The brake: a run that would remove too much stops, and a person decides."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import trash
from appliance.errors import Conflict
from appliance.jobs import brake, folders, sync
from appliance.jobs.comparing import Plan
from appliance.sources.entries import SourceEntry
from appliance.sources.runs import Run
from tests.jobs.office import Office, counts


def reason(run: Run) -> str:
    assert run.state == "held"
    assert run.problem is not None
    return run.problem.code


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Folders, by the end of their paths, that cannot be looked into any more: tests run as
    root, whom no permission stops."""
    closed: set[str] = set()
    scandir = os.scandir

    def guarded(path: Any) -> Any:
        if any(str(path).endswith(name) for name in closed):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", guarded)
    return closed


def test_a_share_that_is_not_there_is_held_and_nothing_is_removed(office: Office) -> None:
    office.fill(5)
    office.run()
    office.share.rename(office.share.parent / "unmounted")

    run = office.run()

    assert reason(run) == "source_folder_missing"
    assert run.removed == 5  # it would
    assert len(office.documents()) == 5


def test_a_share_that_is_not_mounted_is_an_empty_folder_and_is_held(office: Office) -> None:
    office.fill(5)
    office.run()
    shutil.rmtree(office.share)
    office.share.mkdir()

    run = office.run()

    assert reason(run) == "source_empty"
    assert len(office.documents()) == 5


def test_an_empty_folder_that_was_always_empty_is_no_reason_to_stop(office: Office) -> None:
    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 0, 0, 0))


def test_more_than_a_fifth_of_twenty_files_is_held(office: Office) -> None:
    office.fill(20)
    office.run()
    for number in range(5):
        (office.share / f"ata-{number:02}.txt").unlink()

    run = office.run()

    assert reason(run) == "source_many_gone"
    assert run.problem is not None
    assert run.problem.facts == {"gone": 5, "known": 20}
    assert len(office.documents()) == 20


def test_a_fifth_and_no_more_is_done(office: Office) -> None:
    office.fill(20)
    office.run()
    for number in range(4):
        (office.share / f"ata-{number:02}.txt").unlink()

    run = office.run()

    assert (run.state, run.removed) == ("done", 4)


def test_of_a_few_files_most_may_go(office: Office) -> None:
    office.fill(10)
    office.run()
    for number in range(8):
        (office.share / f"ata-{number:02}.txt").unlink()

    assert office.run().removed == 8


def test_a_held_run_does_nothing_else_either(office: Office) -> None:
    office.fill(20)
    office.run()
    for number in range(10):
        (office.share / f"ata-{number:02}.txt").unlink()
    office.write("nova.txt", "Nova.")
    before = office.census()

    run = office.run()

    assert (reason(run), run.added) == ("source_many_gone", 1)
    assert office.census() == before


def test_files_missing_from_another_disk_in_the_same_place_are_held(office: Office) -> None:
    office.fill(5)
    office.run()
    with office.database.write() as db:
        db.run("update sources set mark = 'another'")
    (office.share / "ata-00.txt").unlink()

    assert reason(office.run()) == "source_other_disk"


def test_a_share_with_a_new_number_after_a_restart_is_no_reason_to_stop(office: Office) -> None:
    office.fill(5)
    office.run()
    with office.database.write() as db:
        db.run("update sources set mark = 'another'")

    assert counts(office.run()) == (0, 0, 0, 0, 5, 0)
    (office.share / "ata-00.txt").unlink()
    assert office.run().removed == 1


def test_a_folder_that_cannot_be_looked_into_any_more_loses_nothing(
    office: Office, shut: set[str]
) -> None:
    for number in range(5):
        office.write(f"aberta/{number}.txt", f"Aberta {number}.")
    office.write("fechada/1.txt", "Fechada um.")
    office.write("fechada/funda/2.txt", "Fechada dois.")
    office.run()
    shut.add("fechada")
    (office.share / "aberta" / "0.txt").unlink()

    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 1, 0, 4, 1))
    assert {line.key: line.act for line in office.log(run)} == {
        "fechada": "fail",
        "aberta/0.txt": "remove",
    }
    assert {"1.txt", "2.txt"} <= set(office.names())


def test_a_folder_that_breaks_off_in_the_middle_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.fill(9)
    office.run()
    seen: list[str] = []

    class Broken:
        """A directory of which the disk gives three names and then an error."""

        def __init__(self, path: Path) -> None:
            self.found = scandir(path)

        def __enter__(self) -> "Broken":
            return self

        def __exit__(self, *reason: object) -> None:
            self.found.close()

        def __iter__(self) -> Iterator[Any]:
            for item in self.found:
                if len(seen) == 3:
                    raise OSError(5, "Input/output error")
                seen.append(item.name)
                yield item

    scandir = os.scandir
    monkeypatch.setattr(folders.os, "scandir", Broken)

    run = office.run()

    assert reason(run) == "source_mostly_failed"
    assert run.removed == 0
    assert len(office.documents()) == 9


def test_a_share_whose_root_is_closed_is_held(office: Office, shut: set[str]) -> None:
    office.fill(5)
    office.run()
    shut.add("share")

    run = office.run()

    assert reason(run) == "source_mostly_failed"
    assert run.removed == 0


def test_a_file_that_is_still_being_written_is_left_for_the_next_run(office: Office) -> None:
    office.write("ata.txt", "Ata.")
    office.run()
    (office.share / "ata.txt").write_text("Ata, ainda em ")  # just now

    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 0, 0, 1))
    (line,) = office.log(run)
    assert line.problem is not None
    assert line.problem.code == "source_file_busy"
    assert office.names() == ["ata.txt"]


def test_a_confirmed_run_removes_what_it_showed(office: Office) -> None:
    office.fill(20)
    office.run()
    for number in range(10):
        (office.share / f"ata-{number:02}.txt").unlink()
    held = office.run()

    sync.confirm(office.database, office.queue, office.source)
    run = office.work()

    assert run.id == held.id
    assert (run.state, counts(run)) == ("done", (0, 0, 10, 0, 10, 0))
    assert len(office.documents()) == 10
    assert len(trash.of_collection(office.database, office.collection)) == 10


def test_a_confirmed_run_removes_nothing_that_it_did_not_show(office: Office) -> None:
    office.fill(20)
    office.run()
    for number in range(10):
        (office.share / f"ata-{number:02}.txt").unlink()
    office.run()
    for number in range(10, 20):  # the rest goes while the person thinks
        (office.share / f"ata-{number:02}.txt").unlink()

    sync.confirm(office.database, office.queue, office.source)
    run = office.work()

    assert (run.state, run.removed) == ("done", 10)
    assert len(office.documents()) == 10


def test_a_folder_that_is_gone_for_good_can_be_confirmed(office: Office) -> None:
    office.fill(3)
    office.run()
    shutil.rmtree(office.share)
    office.run()

    sync.confirm(office.database, office.queue, office.source)
    run = office.work()

    assert (run.state, run.removed) == ("done", 3)
    assert office.documents() == []


def test_a_rejected_run_stays_what_it_is_and_the_next_one_asks_again(office: Office) -> None:
    office.fill(3)
    office.run()
    shutil.rmtree(office.share)
    held = office.run()

    assert sync.reject(office.database, office.source).state == "rejected"

    with pytest.raises(Conflict):
        sync.confirm(office.database, office.queue, office.source)
    assert reason(office.run()) == "source_folder_missing"
    assert office.last().id != held.id


def test_a_share_that_is_there_again_needs_nobody(office: Office) -> None:
    office.fill(3)
    office.run()
    office.share.rename(office.share.parent / "away")
    office.run()

    (office.share.parent / "away").rename(office.share)
    run = office.run()

    assert (run.state, counts(run)) == ("done", (0, 0, 0, 0, 3, 0))
    with pytest.raises(Conflict) as refusal:
        sync.confirm(office.database, office.queue, office.source)
    assert refusal.value.code == "source_not_held"


def missed(count: int) -> list[SourceEntry]:
    return [
        SourceEntry(
            source="s", key=f"{number}", name="", document=None, former=None, owned=True,
            bytes=1, changed="", sha256="", problem=None,
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "held"),
    [
        (Plan(known=0, listed=0, errors=9), None),
        (Plan(known=19, listed=1, removals=missed(18)), None),
        (Plan(known=1, listed=0, removals=missed(1)), "source_empty"),
        (Plan(known=100, listed=80, removals=missed(20)), None),
        (Plan(known=100, listed=79, removals=missed(21)), "source_many_gone"),
        (Plan(known=10, listed=5, errors=5), None),
        (Plan(known=11, listed=5, errors=6), "source_mostly_failed"),
    ],
)
def test_the_brake_knows_its_limits(plan: Plan, held: str | None) -> None:
    problem = brake.held(plan, other_disk=False)

    assert (problem and problem.code) == held
