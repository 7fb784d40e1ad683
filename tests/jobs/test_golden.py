"""The job that asks golden questions after whatever could change an answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from appliance import assistants, golden
from appliance.errors import Conflict, Unavailable
from appliance.golden import Wanted, runs
from appliance.golden.runs import Run
from appliance.jobs import golden as asking
from appliance.jobs import ledger
from appliance.jobs.golden import Golden
from appliance.reach import EVERYWHERE
from appliance.records import Assistant, Job
from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"
FINE = Wanted(question=QUESTION, document="regimento.md", phrases=("R$ 1,50",))
POOL = Wanted(question="Há piscina olímpica aquecida?", must_refuse=True)
DEARER = """# Aviso

A multa por atraso na devolução de livros é de R$ 9,00 por dia.
A multa por atraso na devolução de livros: R$ 9,00.
"""


class Engines:
    """What writes; tests change it."""

    name = ""
    away = False

    def model(self, assistant: Assistant) -> str:
        return self.name

    def wait(self, assistant: Assistant) -> None:
        if self.away:
            raise Unavailable("engine_loading")


class Desk:
    """An assistant with two golden questions, and the hand that has them asked."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.database = house.parts.database
        made = house.assistant("Secretaria", mode="quote")
        self.id, (self.shelf,) = made["id"], made["collections"]
        self.document = house.upload(self.shelf)
        with self.database.write() as db:
            golden.add(db, self.id, FINE)
            golden.add(db, self.id, POOL)
        self.engines = Engines()
        self.golden = self.hand()

    def hand(self, **facts: Any) -> Golden:
        parts = self.house.parts
        rehearse = parts.golden().rehearse
        return Golden(
            self.database, parts.queue, rehearse, self.engines, **{"look_every": 0.0} | facts
        )

    @property
    def assistant(self) -> Assistant:
        return assistants.get(self.database, self.id)

    def looked(self) -> list[Job]:
        """The jobs that wait after two looks: at the first of them something may move still."""
        self.golden.look()
        self.golden.look()
        return [
            job for job in ledger.entries(self.database, state="queued") if job.kind == "golden"
        ]

    def asked(self) -> Run:
        """The run of the job that waits."""
        (job,) = self.looked()
        worker = self.house.parts.worker()
        worker.work = worker.work | {"golden": self.golden}
        worker.run(job.id)
        assert ledger.get(self.database, job.id).state == "succeeded"
        return runs.every(self.database, self.id, reach=EVERYWHERE)[0]


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    return Desk(house)


def test_the_first_look_has_them_asked(desk: Desk) -> None:
    run = desk.asked()

    assert (run.passed, run.failed, run.changes) == (2, 0, ())
    fine, pool = run.results
    assert (fine.state, fine.rank, fine.phrases_found) == ("answered", 1, ("R$ 1,50",))
    assert pool.state == "refused"


def test_as_long_as_nothing_changes_they_are_not_asked_again(desk: Desk) -> None:
    desk.asked()

    assert desk.looked() == []


def test_a_bad_document_turns_them_red_and_its_removal_green(desk: Desk) -> None:
    desk.asked()
    bad = desk.house.upload(desk.shelf, DEARER, "aviso.md")
    red = desk.asked()

    assert [(one.kind, one.names) for one in red.changes] == [("documents_added", ("Aviso",))]
    assert (red.results[0].failing, red.results[0].passed_before) == (("phrase_missing",), True)

    desk.house.client.delete(f"/api/documents/{bad['id']}")
    green = desk.asked()
    assert [(one.kind, one.names) for one in green.changes] == [("documents_removed", ("Aviso",))]
    assert (green.failed, green.results[0].passed_before) == (0, False)


def test_without_the_expected_document_they_say_so(desk: Desk) -> None:
    desk.house.client.delete(f"/api/documents/{desk.document['id']}")

    assert desk.asked().results[0].failing == ("document_unknown", "refused")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"strictness": "strict"}, ("settings", ("strictness",))),
        ({"instructions": "Seja breve."}, ("settings", ("instructions",))),
    ],
)
def test_a_setting_that_bears_on_answers_has_them_asked(
    desk: Desk, change: dict[str, str], told: tuple[str, tuple[str, ...]]
) -> None:
    desk.asked()
    desk.house.client.patch(f"/api/assistants/{desk.id}", json=change)

    assert [(one.kind, one.names) for one in desk.asked().changes] == [told]


@pytest.mark.parametrize(
    "change", [{"accent": "#102030"}, {"greeting": "Oi!"}, {"access": "signed_in"}]
)
def test_how_it_looks_and_who_may_use_it_has_nothing_asked(
    desk: Desk, change: dict[str, str]
) -> None:
    desk.asked()
    assert desk.house.client.patch(f"/api/assistants/{desk.id}", json=change).status_code == 200

    assert desk.looked() == []


def test_another_model_has_them_asked(desk: Desk) -> None:
    desk.asked()
    desk.engines.name = "mistral-small"

    (change,) = desk.asked().changes
    assert (change.kind, change.names) == ("model", ("", "mistral-small"))


def test_another_version_has_them_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.asked()
    monkeypatch.setattr(asking, "__version__", "9.0.0")

    assert [one.kind for one in desk.asked().changes] == ["version"]


def test_a_question_that_was_changed_has_them_asked(desk: Desk) -> None:
    desk.asked()
    with desk.database.write() as db:
        (one, _) = golden.every(desk.database, desk.id)
        golden.change(db, one.id, Wanted(question=QUESTION, phrases=("R$ 2",)))

    run = desk.asked()
    assert [(one.kind, one.count) for one in run.changes] == [("questions", 1)]
    assert run.results[0].failing == ("phrase_missing",)


def test_a_document_that_ends_with_a_day_has_them_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = desk.house.client.patch(
        f"/api/documents/{desk.document['id']}", json={"valid_to": "2999-01-01"}
    )
    assert sent.status_code == 200
    desk.asked()
    monkeypatch.setattr(asking.lifetime, "today", lambda: "2999-01-02")

    (job,) = desk.looked()
    assert job.subject == desk.id


def test_many_changes_are_one_run_once_nothing_moves(desk: Desk) -> None:
    desk.asked()
    for number in range(3):
        desk.house.upload(desk.shelf, f"# Aviso {number}\n\nNada.", f"a{number}.md")
        desk.golden.look()
        assert list(ledger.entries(desk.database, state="queued")) == []

    (change,) = desk.asked().changes
    assert change.count == 3


def test_a_document_on_its_way_is_waited_for(desk: Desk) -> None:
    desk.house.send(desk.shelf, "# Aviso\n\nNada.", "aviso.md")

    assert desk.looked() == []
    desk.house.work()
    assert len(desk.looked()) == 1


def test_while_another_job_waits_none_is_opened(desk: Desk) -> None:
    ledger.open(desk.database, "check", "some-model")

    assert desk.looked() == []


def test_a_look_costs_nothing_before_its_time(desk: Desk) -> None:
    desk.golden = desk.hand(look_every=1000.0)
    desk.golden.look()
    (job,) = [one for one in ledger.entries(desk.database) if one.kind == "golden"]
    ledger.cancel(desk.database, job.id)
    desk.golden.look()

    assert len([one for one in ledger.entries(desk.database) if one.kind == "golden"]) == 1


def test_it_stands_still_while_somebody_is_answered(desk: Desk) -> None:
    busy = iter([True, True, False, False])
    seen: list[bool] = []

    def pace() -> bool:
        seen.append(next(busy))
        return seen[-1]

    assert len(desk.hand(pace=pace).results(desk.assistant)) == 2
    assert seen == [True, True, False, False]


def test_while_the_model_loads_the_job_waits_and_counts_no_attempt(desk: Desk) -> None:
    desk.engines.away = True
    (job,) = desk.looked()
    worker = desk.house.parts.worker()
    worker.work = worker.work | {"golden": desk.golden}
    worker.run(job.id)

    after = ledger.get(desk.database, job.id)
    assert (after.state, after.attempts) == ("queued", 0)
    assert after.problem is not None
    assert after.problem.code == "engine_loading"


def test_a_person_may_order_it_once(desk: Desk) -> None:
    job = asking.order(desk.database, desk.id)

    assert (job.kind, job.subject) == ("golden", desk.id)
    with pytest.raises(Conflict) as twice:
        asking.order(desk.database, desk.id)
    assert twice.value.code == "job_already_queued"
    assert desk.looked() == [job]


def test_where_there_is_nothing_to_ask_nobody_may_order_it(house: House) -> None:
    empty = house.assistant("Vazio")

    with pytest.raises(Conflict) as refused:
        asking.order(house.parts.database, empty["id"])
    assert refused.value.code == "golden_none"


def test_one_that_is_removed_meanwhile_has_its_job_cancelled(desk: Desk) -> None:
    (job,) = desk.looked()
    desk.house.client.delete(f"/api/assistants/{desk.id}")
    desk.house.parts.worker().run(job.id)

    assert ledger.get(desk.database, job.id).state == "cancelled"


def test_one_that_was_cancelled_can_be_retried_unless_another_waits(desk: Desk) -> None:
    (job,) = desk.looked()
    desk.house.client.post(f"/api/jobs/{job.id}/cancel")
    again = desk.house.client.post(f"/api/jobs/{job.id}/retry")
    assert again.status_code == 202
    desk.house.client.post(f"/api/jobs/{job.id}/cancel")
    asking.order(desk.database, desk.id)

    assert (
        desk.house.client.post(f"/api/jobs/{job.id}/retry").json()["code"] == "job_already_queued"
    )


def test_its_progress_is_told_in_questions(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    desk.golden.results(desk.assistant, told=lambda done, total: told.append((done, total)))

    assert told == [(0, 2), (1, 2), (2, 2)]


def test_results_alone_keep_nothing(desk: Desk) -> None:
    assert len(desk.golden.results(desk.assistant)) == 2
    assert runs.every(desk.database, desk.id, reach=EVERYWHERE) == []
