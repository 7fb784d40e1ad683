"""The routine of backups: what administrators set about those that the appliance makes itself.

It has the passphrase, or it could seal nothing while nobody is there. That is kept sealed by
the master key and never comes out again: whoever restores has to have it from elsewhere.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec

from appliance import schedules
from appliance.errors import BadRequest
from appliance.schedules import DAYS
from appliance.sections import Line, Secret, Section

PURPOSE = "backups.passphrase"  # what the vault seals it for
LEAST = 12  # characters of a passphrase that is kept
SLACK_DAYS = 1  # a backup that fails once is made good by the next before it is missed

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Time = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class Routine(Section, frozen=True):
    """``passphrase`` is the sealed one, "" where none is kept. Backups are made on ``days`` at
    ``at``, a time of the server; into ``folder``, "" for the data folder's own, which was on
    ``mount`` when it was chosen. So many stay: the newest of each day, week and month."""

    SECTION: ClassVar[str] = "backups"

    passphrase: Secret = ""
    days: Annotated[tuple[Day, ...], msgspec.Meta(max_length=7)] = ()
    at: Time = "02:30"
    folder: Line = ""
    mount: Line = ""
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 7
    keep_weeks: Count = 4
    keep_months: Count = 2

    def check(self) -> None:
        """Raise ``BadRequest`` (``backup_days_without_passphrase``)."""
        if self.days and not self.passphrase:
            raise BadRequest("backup_days_without_passphrase")


def next_due(routine: Routine, now: datetime) -> datetime | None:
    """When the next backup makes itself; None where none does. ``now`` has a zone."""
    moments = [schedules.next_due(f"weekly {day} {routine.at}", now) for day in routine.days]
    return min(filter(None, moments), default=None)


def promised_days(routine: Routine) -> int | None:
    """How old the last verified backup may become, in days; None where nothing is promised."""
    days = sorted({DAYS.index(one) for one in routine.days})
    gaps = [(later - day) % 7 or 7 for day, later in zip(days, days[1:] + days[:1], strict=True)]
    return max(gaps) + SLACK_DAYS if gaps else None


def kept_days(routine: Routine) -> int:
    """For how many days a backup may stay by the rule, a month being 31 days."""
    return max(routine.keep_days, 7 * routine.keep_weeks, 31 * routine.keep_months)
