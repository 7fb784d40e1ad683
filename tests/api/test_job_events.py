"""All the work in one stream: its snapshot, each change, how one comes back to it, its end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from litestar import Request

from appliance.api import guards, job_events, streams
from appliance.api.job_events import Watch
from appliance.database import Database
from appliance.errors import TooMany
from appliance.jobs import ledger
from appliance.records import Caller, Problem, timestamp
from appliance.settings import Settings
from appliance.status import Asked, Standing
from tests.api.test_jobs import ANA, Desk, events

Told = list[tuple[str, Any]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(job_events, "LIFE_SECONDS", 0.0)
    desk = Desk(Settings(data_dir=str(tmp_path / "data")))
    with desk.client:
        yield desk
    desk.close()


def next_of(watch: Watch) -> Told:
    return events(b"".join(watch.next()).decode())


def first_of(watch: Watch) -> list[dict[str, Any]]:
    ((name, data),) = events(watch.first().decode())
    assert name == "jobs"
    return list(data["items"])


def test_the_stream_begins_with_what_runs_and_waits_by_name(desk: Desk) -> None:
    running, waiting = desk.running(), desk.job("Outra nota.")

    sent = desk.get("/api/jobs/events")

    assert sent.headers["content-type"].startswith("text/event-stream")
    assert sent.headers["cache-control"] == "no-store"
    ((name, data),) = events(sent.text)
    assert name == "jobs"
    assert [(job["id"], job["state"]) for job in data["items"]] == [
        (running.id, "running"),
        (waiting.id, "queued"),
    ]
    assert data["items"][0]["about"] == "Horários"


def test_the_list_of_jobs_names_what_they_are_about(desk: Desk) -> None:
    desk.job()
    ledger.open(desk.database, "upkeep", desk.collection)
    ledger.open(desk.database, "pull", "qwen")
    ledger.open(desk.database, "mail", "letter")

    listed = desk.get("/api/jobs").json()["items"]

    assert {job["kind"]: job["about"] for job in listed} == {
        "ingest": "Horários", "upkeep": "Regulations", "pull": "qwen", "mail": "",
    }  # fmt: skip


def test_each_change_is_told_once_and_nothing_else(desk: Desk) -> None:
    job, quiet = desk.running(), desk.job("Outra nota.")
    watch = Watch(desk.database, ANA)
    first_of(watch)

    assert next_of(watch) == []
    ledger.progress(desk.database, job, 3, 12, "pages")
    moved = next_of(watch)
    ledger.close(desk.database, job, "failed", Problem(code="wrong_credentials"))
    ended = next_of(watch)

    assert [(name, data["id"], data["done"]) for name, data in moved] == [("job", job.id, 3)]
    ((_, last),) = ended
    assert (last["state"], last["problem"]["code"]) == ("failed", "wrong_credentials")
    assert "senha" in last["problem"]["detail"]
    assert next_of(watch) == []
    assert quiet.id not in {data["id"] for _, data in moved + ended}


def test_work_that_begins_and_ends_between_two_looks_is_told(desk: Desk) -> None:
    watch = Watch(desk.database, ANA)
    assert first_of(watch) == []
    ledger.close(desk.database, desk.running(), "succeeded")

    assert [(name, data["state"]) for name, data in next_of(watch)] == [("job", "succeeded")]


def test_a_job_that_is_erased_is_gone(desk: Desk) -> None:
    job = desk.job()
    watch = Watch(desk.database, ANA)
    first_of(watch)
    with desk.database.write() as db:
        db.run("delete from jobs")

    assert next_of(watch) == [("gone", {"id": job.id})]


def ended_before(desk: Desk, **ago: float) -> str:
    """A job that ended so long ago."""
    job = desk.running()
    ledger.close(desk.database, job, "succeeded")
    with desk.database.write() as db:
        moment = timestamp(datetime.now(UTC) - timedelta(**ago))
        db.run("update jobs set ended_at = :at where id = :id", {"at": moment, "id": job.id})
    return job.id


def test_who_comes_back_hears_what_ended_meanwhile(desk: Desk) -> None:
    job = ended_before(desk, minutes=5)
    heard = timestamp(datetime.now(UTC) - timedelta(minutes=10))
    admin = desk.person("admin")

    fresh = desk.get("/api/jobs/events", admin)
    back = desk.get("/api/jobs/events", admin | {"last-event-id": heard})
    anew = desk.get("/api/jobs/events", admin, after=heard)

    assert events(fresh.text) == [("jobs", {"items": []})]
    for sent in (back, anew):
        assert [one["id"] for one in events(sent.text)[0][1]["items"]] == [job]


def test_an_event_s_id_is_the_moment_to_come_back_with(desk: Desk) -> None:
    sent = desk.get("/api/jobs/events").text

    moment = datetime.fromisoformat(sent.splitlines()[0].removeprefix("id: "))
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


@pytest.mark.parametrize("heard", ["", "yesterday", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00"])
def test_a_moment_that_cannot_be_reaches_back_an_hour_at_most(desk: Desk, heard: str) -> None:
    ended_before(desk, hours=2)

    sent = desk.get("/api/jobs/events", after=heard)

    assert events(sent.text) == [("jobs", {"items": []})]


def test_the_snapshot_is_bounded_and_what_runs_comes_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_events, "MOST_JOBS", 2)
    for number in range(3):
        desk.job(f"Nota {number}.")
    running = desk.running()

    assert [one["state"] for one in first_of(Watch(desk.database, ANA))] == ["running", "queued"]
    assert first_of(Watch(desk.database, ANA))[0]["id"] == running.id


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("editor", 200), ("member", 403), ("auditor", 403)]
)
def test_the_stream_is_for_those_who_look_after_documents(
    desk: Desk, role: Any, status: int
) -> None:
    assert desk.get("/api/jobs/events", desk.person(role)).status_code == status


def test_nobody_listens_without_signing_in(desk: Desk) -> None:
    assert desk.client.get("/api/jobs/events").status_code == 401


def test_an_editor_hears_of_their_own_documents_only(desk: Desk) -> None:
    theirs, secret = desk.job(), desk.job("Segredo.", desk.new_collection("Board"))
    editor = desk.person("editor")
    with desk.database.write() as db:
        db.run(
            "insert into collection_editors select :id, id from people where role = 'editor'",
            {"id": desk.collection},
        )

    told = events(desk.get("/api/jobs/events", editor).text)[0][1]["items"]

    assert [job["id"] for job in told] == [theirs.id]
    assert secret.id not in str(told)


def test_who_loses_a_collection_hears_no_more_of_its_jobs(desk: Desk) -> None:
    desk.person("editor")
    row = desk.database.row("select id from people where role = 'editor'")
    assert row is not None
    editor = Caller(kind="person", id=row["id"], name="Edu", role="editor", language="pt")
    job = desk.running()
    with desk.database.write() as db:
        db.run("insert into collection_editors values (:c, :p)",
               {"c": desk.collection, "p": editor.id})  # fmt: skip
    watch = Watch(desk.database, editor)
    assert len(first_of(watch)) == 1

    with desk.database.write() as db:
        db.run("delete from collection_editors")
    ledger.progress(desk.database, job, 3, 12, "pages")

    assert next_of(watch) == [("gone", {"id": job.id})]


def followed(desk: Desk, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What the stream tells after the snapshot, once ``act`` has happened."""
    monkeypatch.setattr(job_events, "LIFE_SECONDS", 30.0)
    monkeypatch.setattr(job_events, "LOOK_SECONDS", 0.01)

    async def second() -> bytes:
        told: AsyncIterator[bytes] = job_events._told(
            cast("Request[Any, Any, Any]", None), Watch(desk.database, ANA)
        )
        await anext(told)
        act()
        try:
            return await anext(told)
        finally:
            await told.aclose()  # type: ignore[attr-defined]

    return asyncio.run(second())


def test_the_stream_ends_with_the_session(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session = {"cookie"}
    monkeypatch.setattr(guards, "still_stands", lambda _: bool(session))

    told = followed(desk, session.clear, monkeypatch)

    ((name, data),) = events(told.decode())
    assert (name, data["code"]) == ("problem", "not_signed_in")


def test_a_window_that_only_listens_keeps_no_session_alive(desk: Desk) -> None:
    headers = desk.person("admin")
    request = Request[Any, Any, Any](
        {"type": "http", "litestar_app": desk.app, "state": {}, "path": "/", "query_string": b"",
         "headers": [(b"cookie", headers["cookie"].encode())]}
    )  # fmt: skip
    seen = timestamp(datetime.now(UTC) - timedelta(minutes=5))
    with desk.database.write() as db:
        db.run("update sessions set seen_at = :seen", {"seen": seen})

    assert guards.still_stands(request)
    guards.NOTING.submit(lambda: None).result()
    assert desk.database.rows("select seen_at from sessions") == [{"seen_at": seen}]


def test_whoever_hears_nothing_hears_that_the_line_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "still_stands", lambda _: True)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)

    assert followed(desk, lambda: None, monkeypatch).startswith(b":")


def test_a_window_too_many_is_refused_and_a_closed_one_makes_room(desk: Desk) -> None:
    line = job_events.Open()
    with line.counted(ANA):
        for _ in range(job_events.MOST_STREAMS - 1):
            line._streams[ANA.id] += 1
        with pytest.raises(TooMany) as refused:
            line.check(ANA)
        assert refused.value.code == "too_many_streams"
    line.check(ANA)


def test_the_look_costs_little_however_many_jobs_there_were(database: Database) -> None:
    plan = database.rows(
        """
        explain query plan select count(*) from jobs
        where state in ('queued', 'running') or ended_at >= 'x'
        """
    )

    assert "jobs_by_end" in str(plan)
    assert "SCAN jobs" not in str(plan)


def test_how_the_language_model_stands_is_told_at_once_and_whenever_it_changes(desk: Desk) -> None:
    stands = [Standing("qwen", "loading"), Standing("qwen", "loading"), Standing("qwen", "ready")]
    watch = Watch(desk.database, ANA, standing=lambda: stands.pop(0))

    assert events(watch.first().decode())[1:] == [
        ("language_model", {"name": "qwen", "state": "loading"})
    ]
    assert next_of(watch) == []
    assert next_of(watch) == [("language_model", {"name": "qwen", "state": "ready"})]


def test_only_who_looks_after_the_appliance_hears_of_the_language_model(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.status, "standing", lambda: Standing("qwen", "ready"))

    heard = [desk.get("/api/jobs/events", desk.person(role)) for role in ("admin", "editor")]

    assert [[name for name, _ in events(sent.text)] for sent in heard] == [
        ["jobs", "language_model"],
        ["jobs"],
    ]


def test_the_runner_is_asked_once_a_second_however_many_listen() -> None:
    asked: list[int] = []

    def ask() -> Standing:
        asked.append(1)
        return Standing("qwen", "ready")

    told = Asked(ask)

    assert [told() for _ in range(5)] == [Standing("qwen", "ready")] * 5
    assert len(asked) == 1
