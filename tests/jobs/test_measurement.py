"""A model measured by a job: what is kept, what it means in words, and what is refused."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound, Unavailable, sentence
from appliance.jobs import ledger, measurement, outcomes, pull, stock
from appliance.jobs.measurement import Measurements
from appliance.jobs.queue import Queue
from appliance.jobs.watch import Cancelled, Watch
from appliance.jobs.worker import Worker
from appliance.models import advice, catalogue, choice, hardware, measuring, tuning
from appliance.models.client import RunnerClient
from appliance.models.hardware import Memory
from appliance.models.measuring import Measured
from appliance.models.tuning import Figures, Tuning
from appliance.models.weights import import_file
from appliance.models.wire import Condition, Part
from appliance.records import Job, Problem
from appliance.settings import Settings
from tests.models.runners import MISTRAL, PROBE

NAME = "qwen2.5-0.5b-instruct"
ENTRY = catalogue.find(NAME)
FIGURES = Figures(
    read=100.0, written={1: 9.0, 4: 24.0, 8: 30.0}, memory_mb=512, measured_at="2026-01-01"
)


@pytest.fixture(autouse=True)
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: Memory(total_mb=64_000, available_mb=64_000))


@pytest.fixture
def imported(settings: Settings) -> Path:
    import_file(PROBE, NAME, pull.folder_of(settings))
    return pull.folder_of(settings) / ENTRY.file


class Runner(RunnerClient):
    """A runner that is away, or tells of so many tokens each time it is asked."""

    def __init__(self, *tokens: int) -> None:
        super().__init__(Path("/nowhere"))
        self.tokens = list(tokens)

    def health(self) -> Condition:
        if not self.tokens:
            raise Unavailable("engine_down")
        return Condition(pid=1, embedder=Part(), language=Part(), tokens=self.tokens.pop(0))


def measured_as(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Let a measurement come to an end at once."""

    def measure(entry: Any, file: Path, folder: Path, **options: Any) -> Measured:
        options["told"](0, 7)
        found = Measured(
            model=entry.name,
            file=file.name,
            size_mb=1,
            read=100.0,
            written={1: 9.0, 4: 24.0, 8: 30.0},
            memory_mb=512,
            tuning=Tuning(unified=True),
            because=Problem(code="tuning_found", facts={}),
            trials=(),
        )
        return msgspec.structs.replace(found, **changed)

    monkeypatch.setattr(measuring, "measure", measure)


def work(
    database: Database, queue: Queue, settings: Settings, *tokens: int, name: str = NAME
) -> Job:
    """Order a measurement and do it."""
    job = measurement.order(database, settings, name)
    jobs = Measurements(settings, database, Runner(*tokens))
    Worker(database, queue, {measurement.CHECK: jobs.check}).run(job.id)
    return ledger.get(database, job.id)


def kept(settings: Settings) -> Figures | None:
    return measurement.figures(ENTRY, settings)


def test_a_real_model_is_measured_by_a_job_and_its_figures_and_flags_are_kept(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = msgspec.structs.replace(settings, threads=1)
    real, folder = catalogue.find(MISTRAL), pull.folder_of(settings)
    import_file(PROBE, MISTRAL, folder)
    whole = measuring.measure
    monkeypatch.setattr(
        measuring, "measure", lambda *these, **options: whole(*these, **options | {"seconds": 0.6})
    )

    job = work(database, queue, quick, name=MISTRAL)

    assert job.state == "succeeded", job.problem
    assert (job.unit, job.total) == (measurement.UNIT, 5)
    found = stock.one(MISTRAL, quick, database, "pt").figures
    assert found is not None
    assert found.read > 0
    assert set(found.written) == {1, 4, 8}
    key = tuning.key(real, folder / real.file)
    flags = tuning.kept(folder, folder / real.file, key)
    assert flags is not None
    assert (flags.tuning.threads, flags.figures) == (1, found)


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(("tokens", "disturbed"), [((), False), ((5, 5), False), ((5, 6), True)])
def test_answers_that_were_written_meanwhile_are_told(
    settings: Settings,
    database: Database,
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    tokens: tuple[int, ...],
    disturbed: bool,
) -> None:
    measured_as(monkeypatch)

    assert work(database, queue, settings, *tokens).state == "succeeded"

    found = kept(settings)
    assert found is not None
    assert found.disturbed is disturbed


@pytest.mark.usefixtures("imported")
def test_other_jobs_at_work_are_told_too(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured_as(monkeypatch)
    ledger.claim(database, ledger.open(database, "ingest", "d1").id)

    work(database, queue, settings)

    found = kept(settings)
    assert found is not None
    assert found.disturbed


def test_a_file_that_was_replaced_has_no_figures(
    settings: Settings,
    database: Database,
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    imported: Path,
) -> None:
    measured_as(monkeypatch)
    work(database, queue, settings)
    assert kept(settings)

    imported.with_name(imported.name + ".json").unlink()
    imported.write_bytes(PROBE.read_bytes() + b"x")

    assert kept(settings) is None


@pytest.mark.parametrize(
    ("read", "written", "said"),
    [
        (
            100.0,
            {1: 9.0, 4: 24.0, 8: 30.0},
            "Atende bem até 4 pessoas ao mesmo tempo, com cerca de 3 ",
        ),
        (30.0, {1: 9.0, 4: 24.0, 8: 30.0}, "Atende bem uma pessoa de cada vez, com cerca de 4 "),
        (10.0, {1: 9.0}, "Lento demais aqui, até para uma pessoa."),
    ],
)
def test_the_figures_in_words(read: float, written: dict[int, float], said: str) -> None:
    figures = msgspec.structs.replace(FIGURES, read=read, written=written)
    problem = advice.in_words(figures)

    assert sentence(problem.code, problem.facts, "pt").startswith(said)


@pytest.mark.usefixtures("imported")
def test_what_was_measured_says_how_many_the_other_models_should_serve(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outlooks() -> dict[str, str]:
        return {
            held.name: sentence(held.outlook.code, held.outlook.facts, "pt")
            for held in stock.listing(settings, database, "pt")
            if held.outlook
        }

    assert outlooks() == {}, "nothing was measured yet"
    measured_as(monkeypatch, memory_mb=ENTRY.ram_mb, written={1: 90.0, 4: 240.0, 8: 300.0})
    work(database, queue, settings)

    found = outlooks()
    assert found[NAME].startswith("Atende bem até 4 pessoas ao mesmo tempo")
    assert (
        found["qwen2.5-1.5b-instruct"] == "Pelo tamanho, deve atender bem uma pessoa de cada vez."
    )
    assert found["qwen2.5-7b-instruct"].startswith("Pelo tamanho, deve ser lento demais")
    assert "minilm" not in found


def test_the_last_measurement_counts(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = iter(["2026-01-02", "2026-01-01"])
    monkeypatch.setattr(measurement, "timestamp", lambda: next(days))
    for name, read in ((NAME, 100.0), ("qwen2.5-1.5b-instruct", 50.0)):
        import_file(PROBE, name, pull.folder_of(settings))
        measured_as(monkeypatch, read=read)
        work(database, queue, settings, name=name)

    last = measurement.latest(settings)
    assert last is not None
    assert last.read == 100.0


def test_the_model_in_use_is_measured_with_the_file_that_is_run(
    settings: Settings, tmp_path: Path
) -> None:
    fixed = msgspec.structs.replace(settings, language_model=f"{NAME}={tmp_path}/m.gguf")

    assert measurement.place(NAME, fixed)[1] == tmp_path / "m.gguf"
    assert measurement.place(NAME, settings)[1] == pull.folder_of(settings) / ENTRY.file


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("gpt-17", NotFound, "unknown_model"),
        ("minilm", BadRequest, "not_a_language_model"),
        (NAME, Conflict, "model_not_here"),
    ],
)
def test_only_language_models_that_are_here_are_measured(
    settings: Settings, database: Database, name: str, kind: type, code: str
) -> None:
    with pytest.raises(kind) as refused:
        measurement.order(database, settings, name)
    assert refused.value.code == code


@pytest.mark.usefixtures("imported")
def test_two_at_once_are_refused(settings: Settings, database: Database) -> None:
    shutil.copy(PROBE, pull.folder_of(settings) / catalogue.find("qwen2.5-1.5b-instruct").file)
    first = measurement.order(database, settings, NAME)

    with pytest.raises(Conflict) as refused:
        measurement.order(database, settings, "qwen2.5-1.5b-instruct")
    assert (refused.value.code, refused.value.facts) == ("check_already_running", {"name": NAME})

    outcomes.cancel(database, first.id)
    second = measurement.order(database, settings, "qwen2.5-1.5b-instruct")
    with pytest.raises(Conflict):
        outcomes.retry(database, first.id)
    outcomes.cancel(database, second.id)
    assert outcomes.retry(database, first.id).state == "queued"


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(("total", "code"), [(64_000, "check_no_memory"), (500, "model_too_big")])
def test_what_has_no_room_beside_the_model_in_use_is_refused_with_what_to_do(
    settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    total: int,
    code: str,
) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: Memory(total_mb=total, available_mb=400))

    with pytest.raises(Unavailable) as refused:
        measurement.order(database, settings, NAME)

    assert refused.value.code == code
    assert (refused.value.facts["need_mb"], refused.value.facts["has_mb"]) == (ENTRY.ram_mb, 400)


@pytest.mark.usefixtures("imported")
def test_a_model_that_is_being_measured_is_not_removed(
    settings: Settings, database: Database
) -> None:
    measurement.order(database, settings, NAME)

    with pytest.raises(Conflict) as refused:
        stock.remove(NAME, settings, database)
    assert refused.value.code == "model_being_measured"


@pytest.mark.usefixtures("imported")
def test_a_measurement_that_is_cancelled_leaves_what_was_known_before(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured_as(monkeypatch)
    work(database, queue, settings)
    before = kept(settings)

    def check(self: Watch) -> None:
        raise Cancelled

    monkeypatch.setattr(Watch, "check", check)

    assert work(database, queue, settings).state == "cancelled"
    assert kept(settings) == before


@pytest.mark.usefixtures("imported")
def test_a_model_that_cannot_be_measured_fails_with_its_reason_at_once(
    settings: Settings, database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(*_: Any, **__: Any) -> Measured:
        raise Unavailable("measuring_failed", reason="SIGABRT")

    monkeypatch.setattr(measuring, "measure", measure)

    job = work(database, queue, settings)

    assert (job.state, job.attempts) == ("failed", 1)
    assert job.problem is not None
    assert job.problem.code == "measuring_failed"


@pytest.mark.usefixtures("imported")
def test_a_choice_does_not_change_what_is_measured_of_another(settings: Settings) -> None:
    choice.choose(pull.folder_of(settings), "copyist")

    assert measurement.place(NAME, settings)[0].name == NAME
    assert measurement.figures(catalogue.find("minilm"), settings) is None
