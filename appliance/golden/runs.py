"""The runs of golden questions: what each found, and the traffic light of an assistant.

Only the newest run keeps what it stood on whole; of the others stays what had changed.
"""

import json
from collections.abc import Sequence
from typing import Literal

import msgspec

from appliance.database import Database, Row
from appliance.golden.basis import Basis, Change, differences
from appliance.golden.judging import Result
from appliance.reach import Reach
from appliance.records import Record, new_id, timestamp

KEPT = 50  # runs of an assistant
Colour = Literal["none", "waiting", "green", "red"]


class Run(Record, frozen=True):
    """``changes`` is what was another than in the run before; none for the first one."""

    id: str
    assistant: str
    changes: tuple[Change, ...]
    results: tuple[Result, ...]
    passed: int
    failed: int
    started_at: str
    ended_at: str


class Light(Record, frozen=True):
    """An assistant's traffic light: ``none`` without golden questions, ``waiting`` until they
    were asked once, ``red`` where the last run failed in any."""

    assistant: str
    name: str
    questions: int
    colour: Colour
    passed: int
    failed: int
    run: str | None
    ended_at: str | None


def store(
    database: Database,
    assistant_id: str,
    *,
    token: str,
    basis: Basis,
    collections: Sequence[str],
    results: Sequence[Result],
    started_at: str,
) -> Run:
    """Keep what a run found, beside what has changed since the one before."""
    with database.write() as db:
        before = db.row(_LATEST, {"assistant": assistant_id})
        former = _passed(before)
        told = tuple(
            msgspec.structs.replace(one, passed_before=former.get(one.question)) for one in results
        )
        run = Run(
            id=new_id(),
            assistant=assistant_id,
            changes=tuple(differences(_basis(before), basis)) if before else (),
            results=told,
            passed=sum(one.passed for one in told),
            failed=sum(not one.passed for one in told),
            started_at=started_at,
            ended_at=timestamp(),
        )
        db.run(
            "update golden_runs set basis = '' where assistant = :assistant",
            {"assistant": assistant_id},
        )
        db.run(
            """
            insert into golden_runs (id, assistant, token, basis, collections, changes, results,
                passed, failed, started_at, ended_at)
            values (:id, :assistant, :token, :basis, :collections, :changes, :results,
                :passed, :failed, :started_at, :ended_at)
            """,
            msgspec.structs.asdict(run)
            | {
                "token": token,
                "basis": msgspec.json.encode(basis).decode(),
                "collections": json.dumps(list(collections)),
                "changes": msgspec.json.encode(run.changes).decode(),
                "results": msgspec.json.encode(run.results).decode(),
            },
        )
        db.run(
            """
            delete from golden_runs where assistant = :assistant and id not in (
                select id from golden_runs where assistant = :assistant
                order by id desc limit :kept)
            """,
            {"assistant": assistant_id, "kept": KEPT},
        )
    return run


def latest_token(database: Database, assistant_id: str) -> tuple[str, str] | None:
    """What the last run stood on, in short, and when it ended; None before the first."""
    row = database.row(_LATEST, {"assistant": assistant_id})
    return (row["token"], row["ended_at"]) if row else None


def every(
    database: Database, assistant_id: str, *, reach: Reach, before: str = "", limit: int = 50
) -> list[Run]:
    """Runs of an assistant, newest first. One that read a collection which is closed to the
    reader by now is left out: it names documents."""
    rows = database.rows(
        """
        select * from golden_runs r
        where assistant = :assistant and (:before = '' or id < :before)
            and not exists (select 1 from json_each(r.collections)
                where value in (select value from json_each(:closed)))
        order by id desc limit :limit
        """,
        {
            "assistant": assistant_id,
            "before": before,
            "closed": reach.values["closed"],
            "limit": limit,
        },
    )
    return [_run(row) for row in rows]


def lights(database: Database, assistants: Sequence[str]) -> list[Light]:
    """The traffic lights of these assistants, oldest first."""
    rows = database.rows(
        """
        select a.id as assistant, a.name,
            (select count(*) from golden_questions where assistant = a.id) as questions,
            coalesce(r.passed, 0) as passed, coalesce(r.failed, 0) as failed,
            r.id as run, r.ended_at
        from assistants a left join golden_runs r on r.id = (
            select max(id) from golden_runs where assistant = a.id)
        where a.id in (select value from json_each(:these)) order by a.id
        """,
        {"these": json.dumps(list(assistants))},
    )
    return [Light(**row | {"colour": _colour(row)}) for row in rows]


_LATEST = "select * from golden_runs where assistant = :assistant order by id desc limit 1"


def _colour(row: Row) -> Colour:
    if not row["questions"]:
        return "none"
    if row["run"] is None:
        return "waiting"
    return "red" if row["failed"] else "green"


def _passed(row: Row | None) -> dict[str, bool]:
    return {one.question: one.passed for one in _run(row).results} if row else {}


def _basis(row: Row | None) -> Basis:
    if row is None or not row["basis"]:
        return Basis(documents={}, settings={}, questions={})
    return msgspec.json.decode(row["basis"], type=Basis)


def _run(row: Row) -> Run:
    lists = {name: msgspec.json.decode(row[name]) for name in ("changes", "results")}
    return msgspec.convert(row | lists, Run)
