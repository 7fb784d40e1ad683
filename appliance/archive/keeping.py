"""Which backups stay: so many days, weeks and months, the newest of each.

Only files that this installation wrote down are ever removed, only in the folder that was
named, and never the one that was verified last.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from appliance import backups
from appliance.backups import Backup
from appliance.errors import BadRequest
from appliance.records import Record


class Keep(Record, frozen=True):
    """How many of each kind stay."""

    days: int
    weeks: int = 0
    months: int = 0


def read(text: str) -> Keep:
    """``"7,4,12"``: seven days, four weeks, twelve months; the later ones may be left out.

    Raises ``BadRequest`` (``bad_keep``).
    """
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 3 or numbers[0] < 1 or not all(0 <= n <= 1000 for n in numbers):
        raise BadRequest("bad_keep", keep=text[:40])
    return Keep(**dict(zip(("days", "weeks", "months"), numbers, strict=False)))


def spare(known: Iterable[Backup], keep: Keep) -> list[Backup]:
    """Those that no rule keeps, the newest first."""
    newest_first = sorted(known, key=lambda one: one.made_at, reverse=True)
    kept: set[str] = set()
    for count, period in ((keep.days, "%Y-%m-%d"), (keep.weeks, "%G-%V"), (keep.months, "%Y-%m")):
        newest: dict[str, str] = {}
        for one in newest_first:
            newest.setdefault(f"{datetime.fromisoformat(one.made_at):{period}}", one.id)
        kept.update(list(newest.values())[:count])
    proven = next((one.id for one in newest_first if one.verified_at and not one.problem), None)
    return [one for one in newest_first if one.id not in kept | {proven}]


def clear(data: Path, folder: Path, keep: Keep) -> list[Backup]:
    """Remove the spare ones of a folder, file and entry; what was removed."""
    here = [one for one in backups.every(data) if Path(one.file).parent == folder.resolve()]
    removed = spare(here, keep)
    for one in removed:
        with contextlib.suppress(FileNotFoundError):
            Path(one.file).unlink()
        backups.forget(data, one.id)
    return removed
