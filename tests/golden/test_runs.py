"""The runs of golden questions and the traffic lights."""

from typing import Any

import msgspec
import pytest

from appliance import assistants, collections, golden
from appliance.database import Database
from appliance.golden import Wanted, runs
from appliance.golden.basis import Basis
from appliance.golden.judging import Result, judge
from appliance.golden.runs import KEPT, Run
from appliance.reach import EVERYWHERE
from tests.golden.shelf import answer
from tests.golden.shelf import golden as question

STOOD = Basis(documents={"d1": ("Regimento", "t1")}, settings={}, questions={})


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as db:
        shelf = collections.create(db, "Secretaria").id
        made = assistants.create(db, name="Secretaria", language="pt", collections=[shelf])
        golden.add(db, made.id, Wanted(question="Qual é a multa?"))
    return made.id


def result(*, passed: bool = True, **facts: Any) -> Result:
    found = judge(question(**facts), answer(), {"d1"})
    return msgspec.structs.replace(found, passed=passed)


def stored(database: Database, assistant: str, *results: Result, **facts: Any) -> Run:
    told: dict[str, Any] = {"token": "t", "basis": STOOD, "collections": ["c1"]}
    return runs.store(
        database, assistant, results=results or [result()], started_at="", **told | facts
    )


def told(database: Database, assistant: str, **limits: Any) -> list[Run]:
    return runs.every(database, assistant, **{"reach": EVERYWHERE} | limits)


def test_a_run_is_kept_with_its_results(database: Database, assistant: str) -> None:
    run = stored(database, assistant, result(), result(id="g2", passed=False))

    assert told(database, assistant) == [run]
    assert (run.passed, run.failed, run.changes) == (1, 1, ())
    assert [one.passed_before for one in run.results] == [None, None]
    assert runs.latest_token(database, assistant) == ("t", run.ended_at)


def test_the_next_run_tells_what_changed_and_what_turned(
    database: Database, assistant: str
) -> None:
    stored(database, assistant, result(), result(id="g2", passed=False))
    now = msgspec.structs.replace(STOOD, documents={})
    run = stored(database, assistant, result(passed=False), result(id="g3"), basis=now, token="u")

    assert [(one.kind, one.names) for one in run.changes] == [("documents_removed", ("Regimento",))]
    assert [one.passed_before for one in run.results] == [True, None]
    assert next(one.id for one in told(database, assistant)) == run.id
    assert runs.latest_token(database, assistant) == ("u", run.ended_at)


def test_only_the_newest_run_keeps_what_it_stood_on(database: Database, assistant: str) -> None:
    for _ in range(3):
        stored(database, assistant)

    rows = database.rows("select basis from golden_runs order by id")
    assert [bool(row["basis"]) for row in rows] == [False, False, True]


def test_old_runs_make_room(database: Database, assistant: str) -> None:
    made = [stored(database, assistant).id for _ in range(KEPT + 2)]

    assert [one.id for one in told(database, assistant, limit=100)] == made[2:][::-1]


def test_runs_are_told_in_pages(database: Database, assistant: str) -> None:
    first, second = stored(database, assistant), stored(database, assistant)

    assert told(database, assistant, limit=1) == [second]
    assert told(database, assistant, before=second.id) == [first]


def test_a_run_that_read_a_closed_collection_is_not_told(
    database: Database, assistant: str
) -> None:
    stored(database, assistant, collections=["c1", "c2"])
    open_run = stored(database, assistant, collections=["c1"])
    behind = msgspec.structs.replace(EVERYWHERE, closed=frozenset({"c2"}))

    assert told(database, assistant, reach=behind) == [open_run]


def test_a_light_waits_then_is_green_or_red(database: Database, assistant: str) -> None:
    def colour() -> str:
        (light,) = runs.lights(database, [assistant])
        return light.colour

    assert colour() == "waiting"
    stored(database, assistant)
    assert colour() == "green"
    run = stored(database, assistant, result(passed=False))
    assert colour() == "red"
    (light,) = runs.lights(database, [assistant])
    assert (light.name, light.questions, light.passed, light.failed) == ("Secretaria", 1, 0, 1)
    assert (light.run, light.ended_at) == (run.id, run.ended_at)
    with database.write() as db:
        for one in golden.every(database, assistant):
            golden.remove(db, one.id)
    assert colour() == "none"


def test_runs_go_with_their_assistant(database: Database, assistant: str) -> None:
    stored(database, assistant)
    with database.write() as db:
        assistants.remove(db, assistant)

    assert told(database, assistant) == []
    assert runs.latest_token(database, assistant) is None
    assert runs.lights(database, [assistant]) == []
