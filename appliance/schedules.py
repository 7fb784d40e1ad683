"""When something is due: "manual", "hourly", "daily 03:00", "weekly mon 03:00".

Times are the server's local ones, as the office's clock shows them. A moment that summer
time leaves out comes an hour earlier.
"""

import re
from datetime import datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT = r"([01]\d|2[0-3]):[0-5]\d"
PATTERN = rf"^(manual|hourly|daily {_AT}|weekly ({'|'.join(DAYS)}) {_AT})\Z"


def is_one(text: str) -> bool:
    """Whether a text is a schedule."""
    return re.match(PATTERN, text) is not None


def next_due(schedule: str, now: datetime) -> datetime | None:
    """The first moment after ``now`` at which it is due; None for "manual".

    ``now`` has a zone, and so has what comes back. Raises ``ValueError`` for what is no
    schedule.
    """
    if not is_one(schedule):
        raise ValueError(f"no such schedule: {schedule!r}")
    if schedule == "manual":
        return None
    if schedule == "hourly":
        return now + timedelta(hours=1)
    *day, at = schedule.split()[1:]
    local = now.astimezone()
    wait = (DAYS.index(day[0]) - local.weekday()) % 7 if day else 0
    step = timedelta(days=7 if day else 1)
    # Without a zone while days are counted: a day is not always 24 hours.
    found = datetime.combine(local.date(), time.fromisoformat(at)) + timedelta(days=wait)
    while found.astimezone() <= local:
        found += step
    return found.astimezone()
