"""Which backups stay."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import backups
from appliance.archive import keeping
from appliance.archive.keeping import Keep
from appliance.backups import Backup
from appliance.errors import BadRequest
from appliance.records import Problem, timestamp

pytestmark = pytest.mark.guarantee("INS-07")
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)  # a Thursday


def made(days_ago: float, folder: Path = Path("/srv"), **fields: object) -> Backup:
    known = {
        "id": f"b{days_ago}", "file": str(folder / f"b{days_ago}"), "bytes": 1, "documents": 1,
        "made_at": timestamp(NOW - timedelta(days=days_ago)), "program": "0.7.0",
    }  # fmt: skip
    return Backup(**known | fields)  # type: ignore[arg-type]


def days_kept(days_ago: list[float], keep: Keep) -> list[float]:
    known = [made(days) for days in days_ago]
    gone = {one.id for one in keeping.spare(known, keep)}
    return [days for days in days_ago if f"b{days}" not in gone]


def test_the_newest_of_each_day_stays() -> None:
    assert days_kept([0, 0.1, 1, 1.05, 2, 3], Keep(days=3)) == [0, 1, 2]


def test_the_newest_of_each_week_and_month_stays_beside_them() -> None:
    every_day = [float(day) for day in range(70)]

    kept = days_kept(every_day, Keep(days=2, weeks=3, months=3))

    # Sundays 22 and 15 November; the last of October and of September.
    assert kept == [0, 1, 4, 11, 26, 57]


def test_days_without_a_backup_do_not_count() -> None:
    assert days_kept([0, 10, 200], Keep(days=3)) == [0, 10, 200]


def test_the_one_verified_last_stays_whatever_the_rule() -> None:
    known = [
        made(0),
        made(1, verified_at="t", problem=Problem(code="backup_damaged")),
        made(2, verified_at="t"),
        made(3, verified_at="t"),
    ]

    assert [one.id for one in keeping.spare(known, Keep(days=1))] == ["b1", "b3"]


def test_only_what_is_on_the_list_and_in_the_folder_is_removed(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    data = tmp_path / "data"
    for folder in (here, there):
        folder.mkdir()
        for days in (0, 1):
            (folder / f"b{days}").write_bytes(b"x")
            backups.add(data, made(days, folder, id=f"{folder.name}{days}"))
    (here / "somebody's").write_bytes(b"x")

    removed = keeping.clear(data, here, Keep(days=1))

    assert [one.id for one in removed] == ["here1"]
    assert {path.name for path in here.iterdir()} == {"b0", "somebody's"}
    assert len(list(there.iterdir())) == 2
    assert len(backups.every(data)) == 3


def test_one_whose_file_is_gone_already_leaves_the_list(tmp_path: Path) -> None:
    backups.add(tmp_path, made(0, tmp_path))
    backups.add(tmp_path, made(1, tmp_path))

    keeping.clear(tmp_path, tmp_path, Keep(days=1))

    assert [one.id for one in backups.every(tmp_path)] == ["b0"]


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("7", Keep(days=7)),
        ("7,4", Keep(days=7, weeks=4)),
        ("7,4,12", Keep(days=7, weeks=4, months=12)),
    ],
)
def test_a_rule_is_read(text: str, keep: Keep) -> None:
    assert keeping.read(text) == keep


@pytest.mark.parametrize("text", ["", "0", "a", "-1", "1,2,3,4", "7,-4", "1001", "7;4"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        keeping.read(text)

    assert refusal.value.code == "bad_keep"
