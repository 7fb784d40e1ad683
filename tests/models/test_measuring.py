"""The flags of llama.cpp are measured on this machine; a crash is an answer too."""

from pathlib import Path

import msgspec
import pytest

from appliance.errors import NotFound, Unavailable, sentence
from appliance.models import catalogue, hardware, measuring
from appliance.models.measuring import Measured, Task, Trial
from appliance.models.tuning import Tuning
from appliance.records import Problem
from tests.models.make_probe import make
from tests.models.runners import MISTRAL, PROBE

ENTRY = msgspec.structs.replace(catalogue.find(MISTRAL), ram_mb=1)
CRASHED = Problem(code="measuring_failed", facts={"reason": "SIGABRT"})


def trial(tuning: Tuning, written: float, *, read: float = 100.0) -> Trial:
    return Trial(tuning=tuning, depth=200, read=read, written={4: written})


def task(file: Path, **changed: object) -> Task:
    wanted = Task(
        entry=ENTRY,
        file=str(file),
        tuning=Tuning(threads=1),
        plain=False,
        seconds=0.5,
        people=(4,),
    )
    return msgspec.structs.replace(wanted, **changed)


class Attempts:
    """Trials that were asked for, each answered as its tuning says."""

    def __init__(self, **written: float) -> None:
        self.asked: list[tuple[Tuning, int]] = []
        self._written = written

    def __call__(self, tuning: Tuning, depth: int, people: tuple[int, ...]) -> Trial:
        self.asked.append((tuning, depth))
        name = ("flash" if tuning.flash_attention else "") + ("unified" if tuning.unified else "")
        return trial(tuning, self._written.get(name or f"threads{tuning.threads}", 10.0))


def test_a_typical_answer_is_the_reading_and_the_writing_of_four_people() -> None:
    assert trial(Tuning(), 64.0).seconds == pytest.approx((300 + 4 * 900) / 100 + 4 * 128 / 64)


@pytest.mark.parametrize(
    "failed",
    [Trial(tuning=Tuning()), Trial(tuning=Tuning(), read=9.0, written={4: 9.0}, problem=CRASHED)],
)
def test_what_cannot_be_used_takes_for_ever(failed: Trial) -> None:
    assert failed.seconds == float("inf")


def test_both_layouts_with_and_without_flash_attention_are_tried_at_the_same_depth() -> None:
    attempts = Attempts()

    measuring.tried(attempts, cores=1, threads=0, seconds=60)

    assert attempts.asked == [
        (Tuning(), 0),
        (Tuning(unified=True), 200),
        (Tuning(flash_attention=True), 200),
        (Tuning(flash_attention=True, unified=True), 200),
    ]


def test_fewer_threads_are_tried_with_the_best_layout() -> None:
    attempts = Attempts(flash=40.0)

    measuring.tried(attempts, cores=8, threads=0, seconds=60)

    assert [asked for asked, _ in attempts.asked[4:]] == [
        Tuning(flash_attention=True, threads=7),
        Tuning(flash_attention=True, threads=4),
    ]


def test_the_operators_threads_are_kept() -> None:
    attempts = Attempts()

    measuring.tried(attempts, cores=8, threads=6, seconds=60)

    assert {asked.threads for asked, _ in attempts.asked} == {6}


def test_when_no_time_is_left_only_the_default_was_tried() -> None:
    assert len(measuring.tried(Attempts(), cores=8, threads=0, seconds=0)) == 1


def test_a_machine_of_one_core_has_no_fewer_threads() -> None:
    assert measuring.fewer_threads(1) == []
    assert measuring.fewer_threads(2) == [1]
    assert measuring.fewer_threads(16) == [15, 8]


def test_the_default_stays_unless_another_gains_more_than_noise() -> None:
    default, other = trial(Tuning(), 10.0), trial(Tuning(unified=True), 10.5)

    best, because = measuring.chosen([default, other])

    assert best is default
    assert because.code == "tuning_default"
    assert because.facts["count"] == 2


def test_the_quickest_is_chosen_with_its_gain() -> None:
    default = trial(Tuning(), 10.0)
    other = trial(Tuning(flash_attention=True, threads=3), 60.0)

    best, because = measuring.chosen([default, other])

    assert best is other
    assert because.code == "tuning_found"
    assert because.facts["gain"] == f"{default.seconds / other.seconds:.2f}"
    assert because.facts["flags"] == "--flash-attn on --no-kv-unified --threads 3"


def test_where_the_default_crashes_what_works_is_chosen() -> None:
    crashed = Trial(tuning=Tuning(), problem=CRASHED)
    other = trial(Tuning(unified=True), 1.0)

    best, because = measuring.chosen([crashed, other])

    assert best is other
    assert because.code == "tuning_only"


def test_where_nothing_works_the_reason_is_that_of_the_default() -> None:
    with pytest.raises(Unavailable) as refusal:
        measuring.chosen([Trial(tuning=Tuning(), problem=CRASHED)])

    assert refusal.value.code == "measuring_failed"
    assert "SIGABRT" in sentence(refusal.value.code, refusal.value.facts, "pt")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    file = tmp_path_factory.mktemp("measured") / "m.gguf"
    file.write_bytes(PROBE.read_bytes())
    return measuring.measure(ENTRY, file, file.parent / "models", seconds=0.6, threads=1)


def test_a_real_model_is_read_and_written_for_one_four_and_eight_people(
    measured: Measured,
) -> None:
    assert measured.read > 0
    assert set(measured.written) == {1, 4, 8}
    assert all(rate > 0 for rate in measured.written.values())
    assert measured.memory_mb > 0
    assert measured.trials[0].tuning == Tuning(threads=1)
    assert measured.because.code.startswith("tuning_")


def test_a_measurement_survives_json(measured: Measured) -> None:
    assert msgspec.json.decode(msgspec.json.encode(measured), type=Measured) == measured


def test_each_child_reads_as_much_as_it_is_told() -> None:
    assert measuring.in_child(task(PROBE, depth=100)).depth == 100


def test_a_prompt_leaves_room_for_what_is_written() -> None:
    found = measuring.try_out(task(PROBE, seconds=60.0, people=(1,)))

    assert found.problem is None
    assert found.depth == 512 - measuring.MOST_STEPS - 1


def test_no_more_people_are_measured_than_there_are_slots() -> None:
    found = measuring.try_out(task(PROBE, tuning=Tuning(threads=1, slots=2), people=(1, 4)))

    assert set(found.written) == {1}


def test_a_model_that_aborts_is_a_trial_with_the_signal(tmp_path: Path) -> None:
    file = make(tmp_path / "kills.gguf", epsilon=-1.0)

    found = measuring.in_child(task(file))

    assert found.problem == CRASHED


def test_a_model_that_llama_cpp_refuses_is_a_trial_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(PROBE.read_bytes()[:5000])

    found = measuring.in_child(task(file))

    assert found.problem is not None
    assert found.problem.code == "model_unreadable"


def test_a_file_that_is_not_there_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refusal:
        measuring.measure(ENTRY, tmp_path / "nowhere.gguf", tmp_path)

    assert refusal.value.code == "model_file_missing"


def test_a_model_too_large_for_the_memory_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "memory", lambda: hardware.Memory(total_mb=9, available_mb=0))

    with pytest.raises(Unavailable) as refusal:
        measuring.measure(ENTRY, PROBE, tmp_path)

    assert refusal.value.code == "model_too_big"


def test_who_waits_hears_of_each_trial_and_may_end_it(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(PROBE.read_bytes())
    heard: list[tuple[int, int]] = []

    measuring.measure(
        ENTRY,
        file,
        tmp_path / "models",
        seconds=0.3,
        threads=1,
        told=lambda *step: heard.append(step),
    )

    assert heard == sorted(heard)
    assert {total for _, total in heard} == {5}
    assert heard[0] == (0, 5)

    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        measuring.measure(ENTRY, file, tmp_path / "models", seconds=0.3, threads=1, told=cancel)
