"""The figures of the pretend appliance: the same every day, a little less at weekends."""

from datetime import date, timedelta

from tests.static.preview_house import Json
from tests.static.preview_server import Preview, route

NONE: Json = {
    "questions": 0, "answered": 0, "refused": 0, "stopped": 0, "failed": 0, "good": 0, "bad": 0,
    "passages_ms": None, "first_token_ms": None, "tokens": 0, "prompt_tokens": 0,
}  # fmt: skip
QUIET = "2026-01"  # a month in which nobody asked anything


def figures(times: int) -> Json:
    if not times:
        return dict(NONE)
    return {
        "questions": 6 * times, "answered": 4 * times, "refused": times, "stopped": times,
        "failed": 0, "good": 2 * times, "bad": times, "tokens": 480 * times,
        "prompt_tokens": 9000 * times, "passages_ms": {"median": 14.4, "p95": 41.5 + times},
        "first_token_ms": {"median": 830, "p95": 2140 + times},
    }  # fmt: skip


@route("GET", "/api/usage")
def index(self: Preview) -> None:
    first, last = (date.fromisoformat(self.query[name]) for name in ("from", "to"))
    if last < first:
        return self.problem(400, "usage_span", "Os dias vão de um anterior a um posterior.")
    names = {one["id"]: one["name"] for one in self.house.assistants.values()}
    wanted = [id for id in names if self.query.get("assistant", "") in ("", id)]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    quiet = not self.house.assistants or str(first).startswith(QUIET)
    busy = [0 if quiet else len(wanted) * (1 if day.weekday() > 4 else 3) for day in days]
    return self.json({
        "from": str(first), "to": str(last), "total": figures(sum(busy)), "rows": [],
        "days": [{"day": str(day)} | figures(n) for day, n in zip(days, busy, strict=True)],
        "assistants": [
            {"assistant": one, "name": names[one]} | figures(sum(busy) // len(wanted))
            for one in ([] if quiet else wanted)
        ],
    })  # fmt: skip


@route("GET", "/api/usage/export")
def export(self: Preview) -> None:
    disposition = 'attachment; filename="usage.csv"'
    self.send(b"\xef\xbb\xbfday,assistant\r\n", "text/csv", Content_Disposition=disposition)
