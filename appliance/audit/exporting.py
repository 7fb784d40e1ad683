"""Acts as a file: JSON lines for programs, CSV for spreadsheets."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from appliance import cells
from appliance.audit import searching
from appliance.audit.searching import Entry, Wanted
from appliance.database import Database
from appliance.reach import EVERYWHERE, Reach

Format = Literal["jsonl", "csv"]
COLUMNS = Entry.__struct_fields__


def export(
    database: Database, wanted: Wanted, form: Format, *, reach: Reach = EVERYWHERE
) -> Iterator[str]:
    """The acts within reach, oldest first, as pieces of a file of this form."""
    if form == "csv":
        yield cells.BEGINNING + cells.line(COLUMNS)
    for entries in searching.walk(database, wanted, reach=reach):
        yield "".join(_csv(one) if form == "csv" else _json(one) for one in entries)


def _json(entry: Entry) -> str:
    return msgspec.json.encode(entry).decode() + "\n"


def _csv(entry: Entry) -> str:
    told = msgspec.structs.asdict(entry)
    told["details"] = msgspec.json.encode(entry.details).decode() if entry.details else ""
    return cells.line(told[name] for name in COLUMNS)
