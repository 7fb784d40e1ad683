"""What the assistants were used for, for administrators: figures by day and assistant."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from appliance import cells, usage
from appliance.api import rights
from appliance.api.guards import ADMINISTRATORS
from appliance.database import Database
from appliance.records import Caller
from appliance.usage import Figures, Line, Usage

CSV = "text/csv"
TIMES = ("passages_ms", "first_token_ms")
COLUMNS = (
    "day", "assistant", "name", "questions", "answered", "refused", "stopped", "failed", "good",
    "bad", "passages_median_ms", "passages_p95_ms", "first_token_median_ms", "first_token_p95_ms",
    "tokens", "prompt_tokens",
)  # fmt: skip

From = Annotated[str, QueryParameter(name="from", max_length=10)]
To = Annotated[str, QueryParameter(name="to", max_length=10)]
Which = Annotated[str, QueryParameter(max_length=64)]


def provide_told(
    database: NamedDependency[Database],
    caller: NamedDependency[Caller],
    since: From = "", until: To = "", assistant: Which = "",
) -> Usage:  # fmt: skip
    """The dependency ``told``: the figures that the address asks for."""
    first, last = usage.span(since, until)
    if assistant:
        assistant = rights.assistant(database, caller, assistant).id
    reach = rights.reach(database, caller)
    return usage.between(database, first, last, reach=reach, assistant=assistant)


TOLD = {"told": Provide(provide_told, sync_to_thread=True)}


@get("/api/usage", who=ADMINISTRATORS, dependencies=TOLD, refuses=(400, 404), sync_to_thread=True)
def index(told: NamedDependency[Usage]) -> dict[str, Any]:
    """Questions, answers, refusals, thumbs, times and tokens ``from`` a day ``to`` a day of this
    server, the last week unless they are said: in all, by day, by assistant, and by both."""
    return {
        "from": told.first,
        "to": told.last,
        "total": told.total,
        "days": [_shown(line, "day") for line in told.days],
        "assistants": [_shown(line, "assistant", "name") for line in told.assistants],
        "rows": [_shown(line, "day", "assistant", "name") for line in told.rows],
    }


@get(
    "/api/usage/export",
    who=ADMINISTRATORS,
    dependencies=TOLD,
    gives={CSV: str},
    refuses=(400, 404),
    sync_to_thread=True,
)
def take_along(told: NamedDependency[Usage]) -> Response[str]:
    """The figures by day and assistant as a CSV file that a spreadsheet opens safely."""
    name = f"usage-{told.first}-{told.last}.csv"
    return Response(
        cells.BEGINNING + "".join(_lines(told)),
        media_type=CSV,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _lines(told: Usage) -> Iterator[str]:
    yield cells.line(COLUMNS)
    for line in told.rows:
        yield cells.line([line.day, line.assistant, line.name, *_cells(line.figures)])


def _cells(figures: Figures) -> Iterator[cells.Cell]:
    """The figures in the order of ``COLUMNS``, what was not measured left empty."""
    for name in Figures.__struct_fields__:
        if name not in TIMES:
            yield getattr(figures, name)
        else:
            times = getattr(figures, name)
            yield from (times.median, times.p95) if times else (None, None)


def _shown(line: Line, *names: str) -> dict[str, Any]:
    figures: dict[str, Any] = msgspec.to_builtins(line.figures)
    return {name: getattr(line, name) for name in names} | figures


routes = [index, take_along]
