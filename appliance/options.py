"""The options table: what administrators set in the console, a row for each section.

What a section is and how it changes stands in ``sections``; here they are kept.
"""

from typing import Any, TypeVar

import msgspec

from appliance import sections
from appliance.database import Database, Writer
from appliance.records import timestamp
from appliance.sections import Section

Some = TypeVar("Some", bound=Section)


def read(database: Database, kind: type[Some]) -> Some:
    """A section as it stands; its defaults where nobody has set it.

    A value that this version no longer takes stands at its default: one that was dropped
    by an upgrade must not close the house.
    """
    row = database.row("select value from options where section = :name", {"name": kind.SECTION})
    stored: dict[str, Any] = msgspec.json.decode(row["value"]) if row else {}
    try:
        return msgspec.convert(stored, kind)
    except msgspec.ValidationError:
        return sections.what_still_fits(kind, stored)


def store(writer: Writer, section: Section) -> None:
    """Keep a section whole, secrets sealed by the caller. Raises as its ``check`` does."""
    section.check()
    writer.run(
        """
        insert into options (section, value, changed_at) values (:name, :value, :now)
        on conflict (section) do update
            set value = excluded.value, changed_at = excluded.changed_at
        """,
        {
            "name": section.SECTION,
            "value": msgspec.json.encode(section).decode(),
            "now": timestamp(),
        },
    )
