"""The runs of the sources, and the log of what each did to which thing.

At most one run of a source waits or works at a time; the table itself sees to that. A run
that would have removed too much is ``held`` until somebody confirms or rejects it, or a
later run gets through. What a dry or a held run would do stands in its log as ``planned``.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.records import Problem, Record, new_id, timestamp

RunState = Literal["queued", "running", "done", "held", "rejected", "failed", "cancelled"]
Act = Literal["add", "change", "remove", "rename", "fail"]
COUNTS: dict[Act, str] = {
    "add": "added", "change": "changed", "remove": "removed", "rename": "renamed",
    "fail": "failed",
}  # fmt: skip
KEPT = 200  # runs of a source; their logs go with them


class Run(Record, frozen=True):
    """One run; the counts are of things. ``confirmed``: somebody wants what it removes."""

    id: str
    source: str
    state: RunState
    dry_run: bool
    confirmed: bool
    added: int
    changed: int
    removed: int
    renamed: int
    unchanged: int
    failed: int
    problem: Problem | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class LogLine(Record, frozen=True):
    """What a run did to a thing, or would do (``planned``). ``former`` is the key that a
    renamed one had; ``problem`` is the reason where there is one."""

    act: Act
    key: str
    name: str
    id: int = 0
    former: str | None = None
    document: str | None = None
    planned: bool = False
    problem: Problem | None = None


def open(db: Writer, source: str, *, dry_run: bool = False) -> Run:
    """A new run that waits. Raises ``Conflict`` (``source_already_running``)."""
    try:
        row = db.row(
            """
            insert into source_runs (id, source, state, dry_run, confirmed, created_at)
            values (:id, :source, 'queued', :dry_run, 0, :now) returning *
            """,
            {"id": new_id(), "source": source, "dry_run": dry_run, "now": timestamp()},
        )
    except sqlite3.IntegrityError as fault:
        raise Conflict("source_already_running") from fault
    return _got(row)


def get(database: Database, source: str, run_id: str) -> Run:
    """A run of the source; raises ``NotFound``."""
    return _got(
        database.row(
            "select * from source_runs where id = :id and source = :source",
            {"id": run_id, "source": source},
        )
    )


def entries(
    database: Database,
    source: str,
    *,
    states: Sequence[RunState] = (),
    before: str = "",
    limit: int = 50,
) -> list[Run]:
    """Runs of a source, newest first, of some states if so wished."""
    rows = database.rows(
        """
        select * from source_runs
        where source = :source and (:before = '' or id < :before)
          and (:states = '[]' or state in (select value from json_each(:states)))
        order by id desc limit :limit
        """,
        {
            "source": source,
            "before": before,
            "limit": limit,
            "states": msgspec.json.encode(list(states)).decode(),
        },
    )
    return [_run(row) for row in rows]


def newest(database: Database, source: str, *states: RunState) -> Run | None:
    """The last run of a source, in one of these states if there are any; None without one."""
    return next(iter(entries(database, source, states=states, limit=1)), None)


def begin(db: Writer, run: Run) -> Run:
    """The run works, from the start. What an interrupted attempt did stays in its log, and
    what somebody confirmed; what it could not look at is tried again."""
    values = {"run": run.id, "source": run.source}
    if not run.confirmed:
        db.run("delete from source_log where run = :run and planned", {"run": run.id})
    db.run(
        """
        delete from source_log where run = :run and act = 'fail' and key not in (
            select key from source_entries where source = :source and problem is not null)
        """,
        values,
    )
    started = run.started_at or timestamp()
    return _set(db, run.id, state="running", problem=None, started_at=started)


def wait(db: Writer, run: Run, problem: Problem) -> Run:
    """What the run needs is away; it goes on when that is back."""
    return _set(db, run.id, problem=msgspec.json.encode(problem, enc_hook=str).decode())


def confirm(db: Writer, run: Run) -> Run:
    """A held run may remove what it wanted to: it waits again, from now on.

    Raises ``Conflict`` (``source_not_held``, ``source_already_running``).
    """
    _expect_held(run)
    anew = dict.fromkeys(("problem", "started_at", "ended_at"))
    try:
        return _set(db, run.id, state="queued", confirmed=True, **anew)
    except sqlite3.IntegrityError as fault:
        raise Conflict("source_already_running") from fault


def reject(db: Writer, run: Run) -> Run:
    """A held run is to do nothing. Raises ``Conflict`` (``source_not_held``)."""
    _expect_held(run)
    return _set(db, run.id, state="rejected")


def end(
    db: Writer, run: Run, state: RunState, *, unchanged: int = 0, problem: Problem | None = None
) -> Run:
    """The run is over; its counts are those of its log. A held run before it is, too."""
    planned = state == "held" or (run.dry_run and state == "done")
    counts = dict.fromkeys(COUNTS.values(), 0) | {
        COUNTS[row["act"]]: row["n"]
        for row in db.rows(
            """
            select act, count(*) as n from source_log
            where run = :run and planned = :planned group by act
            """,
            {"run": run.id, "planned": planned},
        )
    }
    if not planned:
        db.run("delete from source_log where run = :run and planned", {"run": run.id})
    if not run.dry_run and state in ("done", "held"):
        db.run(
            "update source_runs set state = 'rejected' where source = :source and state = 'held'",
            {"source": run.source},
        )
    written = msgspec.json.encode(problem, enc_hook=str).decode() if problem else None
    return _set(
        db,
        run.id,
        state=state,
        problem=written,
        unchanged=unchanged,
        ended_at=timestamp(),
        **counts,
    )


def note(db: Writer, run: str, lines: Iterable[LogLine]) -> None:
    """Write lines into the run's log."""
    db.many(
        """
        insert into source_log (run, act, key, name, former, document, planned, problem)
        values (:run, :act, :key, :name, :former, :document, :planned, :problem)
        """,
        [_line_values(run, line) for line in lines],
    )


def log(
    database: Database, run: str, *, act: Act | None = None, after: int = 0, limit: int = 50
) -> list[LogLine]:
    """Lines of a run's log, in the order of what happened."""
    rows = database.rows(
        """
        select * from source_log
        where run = :run and id > :after and (:act is null or act = :act)
        order by id limit :limit
        """,
        {"run": run, "act": act, "after": after, "limit": limit},
    )
    return [_line(row) for row in rows]


def may_remove(database: Database, run: str, key: str) -> bool:
    """Whether the run, when it was held, showed that it would remove this."""
    row = database.row(
        """
        select 1 from source_log
        where run = :run and planned and act = 'remove' and key = :key
        """,
        {"run": run, "key": key},
    )
    return row is not None


def prune(db: Writer, source: str, keep: int = KEPT) -> None:
    """Forget the oldest runs, but for so many."""
    db.run(
        """
        delete from source_runs where source = :source and ended_at is not null and id not in
            (select id from source_runs where source = :source order by id desc limit :keep)
        """,
        {"source": source, "keep": keep},
    )


_SETTABLE = {
    name: f"update source_runs set {name} = :value where id = :id"  # noqa: S608 -- fixed names
    for name in (
        *COUNTS.values(), "state", "unchanged", "confirmed", "problem", "started_at", "ended_at",
    )
}  # fmt: skip


def _set(db: Writer, run_id: str, **facts: Any) -> Run:
    for name, value in facts.items():
        db.run(_SETTABLE[name], {"value": value, "id": run_id})
    return _got(db.row("select * from source_runs where id = :id", {"id": run_id}))


def _expect_held(run: Run) -> None:
    if run.state != "held":
        raise Conflict("source_not_held")


def _got(row: Row | None) -> Run:
    if row is None:
        raise NotFound
    return _run(row)


def _run(row: Row) -> Run:
    problem = row["problem"] and msgspec.json.decode(row["problem"], type=Problem)
    flags = {name: bool(row[name]) for name in ("dry_run", "confirmed")}
    return Run(**row | flags | {"problem": problem or None})


def _line_values(run: str, line: LogLine) -> Row:
    problem = msgspec.json.encode(line.problem, enc_hook=str).decode() if line.problem else None
    return msgspec.structs.asdict(line) | {"run": run, "problem": problem}


def _line(row: Row) -> LogLine:
    problem = row["problem"] and msgspec.json.decode(row["problem"], type=Problem)
    known = {name: row[name] for name in ("id", "act", "key", "name", "former", "document")}
    return LogLine(**known, planned=bool(row["planned"]), problem=problem or None)
