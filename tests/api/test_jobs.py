"""Jobs over HTTP: who sees them, how one is followed, cancelled and tried again."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.testing import TestClient

from appliance import accounts, assistants, audit, collections, keys
from appliance.api import guards, job_events, jobs, problems, rights, streams
from appliance.database import Database
from appliance.embedders import Embedders, Known
from appliance.jobs import intake, ledger
from appliance.jobs.queue import Queue
from appliance.records import Caller, Job, Problem, Role, Scope
from appliance.settings import Settings
from appliance.signin import sessions
from appliance.status import Status

Headers = dict[str, str]
ANA = Caller(kind="person", id="ana", name="Ana", role="admin", language="pt")
JOE = Caller(kind="person", id="joe", name="Joe", role="admin", language="en")


class Desk:
    """The routes of jobs over a real database, queue and guard."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.data / "appliance.db")
        self.database.migrate()
        self.queue = Queue(settings.data / "queue.db")
        self.status = Status(settings, None)
        parts = {"database": self.database, "settings": settings, "queue": self.queue}
        given = {name: provide(part) for name, part in (parts | {"status": self.status}).items()}
        self.app = Litestar(
            route_handlers=[*jobs.routes, *job_events.routes],
            guards=guards.GUARDS,
            exception_handlers=problems.EXCEPTION_HANDLERS,
            dependencies=guards.DEPENDENCIES | given,
            state=State(parts),
            openapi_config=None,
        )
        self.client = TestClient(self.app, base_url=settings.address)
        self.collection = self.new_collection("Regulations")

    def close(self) -> None:
        self.queue.close()
        self.database.close()

    def new_collection(self, name: str) -> str:
        with self.database.write() as db:
            return collections.create(db, name).id

    def person(self, role: Role, language: str = "pt") -> Headers:
        """The header of a browser in which a person of this role has signed in."""
        with self.database.write() as db:
            person = accounts.create(
                db,
                name=role,
                email=f"{role}-{language}@casa.test",
                password_hash="none",
                role=role,
                language=language,
            )
            token = sessions.begin(db, person.id, hours=12)
        return {"cookie": f"{guards.cookie_name(self.settings)}={token}"}

    def key(self, *scopes: Scope, assistants: list[str] | None = None) -> Headers:
        """The header of a program with a new key."""
        with self.database.write() as db:
            _, secret = keys.create(db, name="robot", scopes=scopes, assistants=assistants)
        return {"authorization": f"Bearer {secret}"}

    def job(self, text: str = "A casa abre às oito.", collection: str = "") -> Job:
        """The waiting job of a document that has just arrived."""
        _, job = intake.accept_text(
            self.database, self.settings, self.queue, collection or self.collection,
            title="Horários", text=text,
        )  # fmt: skip
        return job

    def running(self) -> Job:
        job = ledger.claim(self.database, self.job().id)
        assert job is not None
        return job

    def get(self, path: str, headers: Headers | None = None, **params: Any) -> Any:
        return self.client.get(path, headers=headers or self.person("admin"), params=params)


def provide(part: object) -> Provide:
    return Provide(lambda: part, sync_to_thread=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Settings(data_dir=str(tmp_path / "data")))
    with desk.client:
        yield desk
    desk.close()


@pytest.fixture
def admin(desk: Desk) -> Headers:
    return desk.person("admin")


def test_a_job_has_the_fields_of_the_contract(desk: Desk, admin: Headers) -> None:
    job = desk.running()
    ledger.progress(desk.database, job, 3, 12, "pages")

    shown = desk.get(f"/api/jobs/{job.id}", admin).json()

    assert shown == {
        "id": job.id,
        "kind": "ingest",
        "subject": job.subject,
        "state": "running",
        "done": 3,
        "total": 12,
        "unit": "pages",
        "attempts": 1,
        "problem": None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": None,
    }


@pytest.mark.parametrize(
    ("language", "words"), [("pt", "senha"), ("en", "password"), ("es", "contraseña")]
)
def test_a_problem_is_a_sentence_in_the_reader_s_language(
    desk: Desk, language: str, words: str
) -> None:
    job = desk.running()
    ledger.close(desk.database, job, "failed", Problem(code="wrong_credentials"))

    shown = desk.get(f"/api/jobs/{job.id}", desk.person("admin", language)).json()

    assert shown["problem"]["code"] == "wrong_credentials"
    assert words in shown["problem"]["detail"].lower()


def test_jobs_are_listed_newest_first_and_page_by_page(desk: Desk, admin: Headers) -> None:
    made = [desk.job(f"Nota {number}.").id for number in range(3)]

    first = desk.get("/api/jobs", admin, limit=2).json()
    second = desk.get("/api/jobs", admin, limit=2, cursor=first["next"]).json()

    listed = [job["id"] for job in first["items"] + second["items"]]
    assert listed == sorted(made, reverse=True)
    assert second["next"] is None


def test_jobs_are_listed_by_state_and_by_subject(desk: Desk, admin: Headers) -> None:
    running, waiting = desk.running(), desk.job("Outra nota.")

    by_state = desk.get("/api/jobs", admin, state="running").json()["items"]
    by_subject = desk.get("/api/jobs", admin, subject=waiting.subject).json()["items"]

    assert [job["id"] for job in by_state] == [running.id]
    assert [job["id"] for job in by_subject] == [waiting.id]


def test_a_state_that_does_not_exist_is_refused(desk: Desk, admin: Headers) -> None:
    assert desk.get("/api/jobs", admin, state="dancing").status_code == 400


def test_a_job_that_does_not_exist_is_not_found(desk: Desk, admin: Headers) -> None:
    for path in ("/api/jobs/nothing", "/api/jobs/nothing/events"):
        assert desk.get(path, admin).status_code == 404
    for act in ("cancel", "retry"):
        assert desk.client.post(f"/api/jobs/nothing/{act}", headers=admin).status_code == 404


def test_work_on_the_whole_appliance_is_for_administrators_to_see_and_to_end(
    desk: Desk, admin: Headers
) -> None:
    embedders = Embedders(desk.database)
    for name in ("old", "new"):
        embedders.settle(Known(stamp=f"{name}@1", name=name, dimensions=2))
    job = ledger.open(desk.database, "reembed", "new@1")

    assert [one["id"] for one in desk.get("/api/jobs", admin).json()["items"]] == [job.id]
    for others in (desk.person("editor"), desk.key("documents:read", "documents:write")):
        assert desk.get("/api/jobs", others).json()["items"] == []
        assert desk.get(f"/api/jobs/{job.id}", others).status_code == 404
        assert desk.client.post(f"/api/jobs/{job.id}/cancel", headers=others).status_code == 404

    for act, state in (("cancel", "cancelled"), ("retry", "queued")):
        sent = desk.client.post(f"/api/jobs/{job.id}/{act}", headers=admin)
        assert sent.is_success, sent.text
        assert desk.get(f"/api/jobs/{job.id}", admin).json()["state"] == state
    done = audit.newest(desk.database, limit=2)
    assert [(entry.act, entry.subject) for entry in done] == [
        ("job.retry", job.id),
        ("job.cancel", job.id),
    ]


def test_a_collections_upkeep_is_seen_and_ended_by_those_who_look_after_it(desk: Desk) -> None:
    job = ledger.open(desk.database, "upkeep", desk.collection)
    editor, other = desk.person("editor"), desk.person("editor", "en")
    with desk.database.write() as db:
        db.run(
            "insert into collection_editors select :id, id from people where language = 'pt'",
            {"id": desk.collection},
        )

    assert [one["id"] for one in desk.get("/api/jobs", editor).json()["items"]] == [job.id]
    assert desk.client.post(f"/api/jobs/{job.id}/cancel", headers=editor).status_code == 200
    assert desk.get(f"/api/jobs/{job.id}", editor).json()["state"] == "cancelled"
    assert desk.get("/api/jobs", other).json()["items"] == []
    assert desk.get(f"/api/jobs/{job.id}", other).status_code == 404


def test_cancelling_a_waiting_job_ends_it(desk: Desk, admin: Headers) -> None:
    job = desk.job()

    sent = desk.client.post(f"/api/jobs/{job.id}/cancel", headers=admin)

    assert (sent.status_code, sent.json()["state"]) == (200, "cancelled")
    (record,) = desk.database.rows("select act, subject from audit")
    assert record == {"act": "job.cancel", "subject": job.id}


def test_retrying_a_cancelled_job_queues_and_delivers_it(desk: Desk, admin: Headers) -> None:
    job = desk.job()
    desk.client.post(f"/api/jobs/{job.id}/cancel", headers=admin)
    delivered = desk.queue.length

    sent = desk.client.post(f"/api/jobs/{job.id}/retry", headers=admin)

    assert sent.status_code == 202
    assert sent.json()["job"]["state"] == "queued"
    assert sent.headers["location"] == f"/api/jobs/{job.id}"
    assert desk.queue.length == delivered + 1


def test_retrying_what_has_not_ended_is_refused_with_a_sentence(desk: Desk, admin: Headers) -> None:
    job = desk.job()

    sent = desk.client.post(f"/api/jobs/{job.id}/retry", headers=admin)

    assert (sent.status_code, sent.json()["code"]) == (409, "job_not_ended")
    assert "cancele" in sent.json()["detail"]


@pytest.mark.parametrize(("role", "status"), [("editor", 200), ("member", 403), ("auditor", 403)])
def test_jobs_are_for_administrators_and_editors(desk: Desk, role: Role, status: int) -> None:
    assert desk.get("/api/jobs", desk.person(role)).status_code == status


def test_nobody_sees_jobs_without_signing_in(desk: Desk) -> None:
    assert desk.client.get("/api/jobs").status_code == 401


def test_a_key_that_reads_documents_sees_jobs_and_changes_none(desk: Desk) -> None:
    job = desk.job()
    reader = desk.key("documents:read")

    assert desk.get(f"/api/jobs/{job.id}", reader).status_code == 200
    assert desk.client.post(f"/api/jobs/{job.id}/cancel", headers=reader).status_code == 403


def test_a_key_that_writes_documents_cancels_jobs(desk: Desk) -> None:
    job = desk.job()

    sent = desk.client.post(f"/api/jobs/{job.id}/cancel", headers=desk.key("documents:write"))

    assert sent.json()["state"] == "cancelled"


def test_for_a_key_of_one_assistant_other_documents_jobs_do_not_exist(desk: Desk) -> None:
    secret = desk.job("Segredo.", desk.new_collection("Board"))
    own = desk.job()
    assistant = new_assistant(desk, desk.collection)
    narrow = desk.key("documents:read", assistants=[assistant])

    listed = desk.get("/api/jobs", narrow).json()["items"]

    assert [job["id"] for job in listed] == [own.id]
    assert desk.get(f"/api/jobs/{own.id}", narrow).status_code == 200
    for path in (f"/api/jobs/{secret.id}", f"/api/jobs/{secret.id}/events"):
        assert desk.get(path, narrow).status_code == 404


def test_for_a_key_whose_assistant_is_gone_there_are_no_jobs(desk: Desk) -> None:
    desk.job()
    assistant = new_assistant(desk, desk.collection)
    narrow = desk.key("documents:read", assistants=[assistant])
    with desk.database.write() as db:
        assistants.remove(db, assistant)

    assert desk.get("/api/jobs", narrow).json() == {"items": [], "next": None}


def test_an_ended_job_is_told_once_and_the_stream_ends(desk: Desk, admin: Headers) -> None:
    job = desk.running()
    ledger.close(desk.database, job, "succeeded")

    sent = desk.get(f"/api/jobs/{job.id}/events", admin)

    assert sent.headers["content-type"].startswith("text/event-stream")
    assert sent.headers["cache-control"] == "no-store"
    assert [(name, data["state"]) for name, data in events(sent.text)] == [("job", "succeeded")]


def test_a_job_is_followed_from_change_to_change_until_it_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
    job = desk.running()

    async def follow() -> list[tuple[str, int]]:
        told = jobs._told(partial(rights.job, desk.database, ANA, job.id), job, ANA.language)
        seen = [await state(told)]
        ledger.progress(desk.database, job, 5, 12, "pages")
        seen.append(await state(told))
        ledger.close(desk.database, job, "succeeded")
        seen.append(await state(told))
        with pytest.raises(StopAsyncIteration):
            await anext(told)
        return seen

    assert asyncio.run(follow()) == [("running", 0), ("running", 5), ("succeeded", 5)]


def test_a_watcher_of_a_quiet_job_hears_that_the_line_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    job = desk.running()

    async def second() -> bytes:
        told = jobs._told(partial(rights.job, desk.database, ANA, job.id), job, ANA.language)
        await anext(told)
        return await anext(told)

    assert asyncio.run(second()).startswith(b":")


def test_a_stream_whose_job_is_gone_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
    job = desk.running()

    async def second() -> bytes:
        told = jobs._told(partial(rights.job, desk.database, JOE, job.id), job, JOE.language)
        await anext(told)
        with desk.database.write() as db:
            db.run("delete from jobs")
        return await anext(told)

    ((name, data),) = events(asyncio.run(second()).decode())
    assert (name, data["code"]) == ("problem", "not_found")


def test_whoever_leaves_the_stream_leaves_nothing_running(desk: Desk) -> None:
    job = desk.running()

    async def leave() -> None:
        told = jobs._told(partial(rights.job, desk.database, ANA, job.id), job, ANA.language)
        await anext(told)
        await told.aclose()  # type: ignore[attr-defined]

    before = threading.active_count()
    asyncio.run(leave())
    assert threading.active_count() == before


async def state(told: AsyncIterator[bytes]) -> tuple[str, int]:
    ((_, data),) = events((await anext(told)).decode())
    return data["state"], data["done"]


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a ``text/event-stream`` body."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((fields["event"], msgspec.json.decode(fields["data"])))
    return found


def new_assistant(desk: Desk, collection: str) -> str:
    """An assistant that reads one collection; its id."""
    with desk.database.write() as db:
        return assistants.create(db, name="Secretaria", language="pt", collections=[collection]).id
