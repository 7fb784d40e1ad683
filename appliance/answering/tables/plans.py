"""What a question asks of a table, once it is understood."""

from dataclasses import dataclass
from typing import Literal

from appliance.figures import Condition
from appliance.tables import StoredTable

Operation = Literal["count", "different", "sum", "average", "extreme", "first", "lookup"]


class Unclear(Exception):
    """Two readings, or none."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition, and how it is told: "Turma = 2º B"."""

    condition: Condition
    told: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compute. ``places`` are the columns asked for (of a lookup), or the one that is
    summed up; ``by`` the column of groups; ``greatest`` which end of an extreme or of groups
    ("first" is the first group); ``label`` the column that names the row of an extreme."""

    table: StoredTable
    operation: Operation
    filters: tuple[Filter, ...]
    places: tuple[int, ...] = ()
    by: int | None = None
    greatest: bool = True
    label: int | None = None
    weight: int = 0  # how much of the question this table explains

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What a row must fulfil."""
        return tuple(one.condition for one in self.filters)


@dataclass(frozen=True, slots=True)
class Beyond:
    """The question is about this table, and no template expresses it."""

    table: StoredTable
    weight: int
