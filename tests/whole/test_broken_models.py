"""A broken model takes away the written answers and nothing else (REL-07, REL-08).

Whatever is done to its file, the web process stays the same one, search goes on, the
status page says why, and a correct file is taken up without a restart.
"""

import math
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from appliance.errors import BadRequest
from appliance.models import Prompt, Sampling, Turn, catalogue
from appliance.models.client import RunnerClient
from appliance.models.weights import import_file, record_file
from tests.models.make_probe import make, misaligned
from tests.models.runners import MISTRAL, PROBE
from tests.models.test_grammars import KILLERS
from tests.whole.copied import copied
from tests.whole.running import Running, eventually, running
from tests.whole.test_generate import RUNNER, ask, library, stream

FILE = catalogue.find(MISTRAL).file
WHOLE = PROBE.read_bytes()
DAMAGES = {
    "missing": "não está no servidor",
    "truncated at 10 %": "soma de verificação",
    "truncated at 50 %": "soma de verificação",
    "truncated at 99 %": "soma de verificação",
    "flipped bytes": "soma de verificação",
    "another architecture": "não conseguiu ler",
    "imported noise": "não conseguiu ler",
    "imported alignment": "não conseguiu ler",
    "put there by hand": "Ninguém importou",
}
SECONDS = 120.0
pytestmark = pytest.mark.crash


def flipped() -> bytes:
    """The model with three bytes of its weights turned round."""
    damaged = bytearray(WHOLE)
    for place in (len(WHOLE) // 3, len(WHOLE) // 2, len(WHOLE) - 9):
        damaged[place] ^= 0xFF
    return bytes(damaged)


def damage(kind: str, models: Path) -> None:
    """Do to the imported model what happens to files."""
    file = models / FILE
    if kind == "missing":
        file.unlink(missing_ok=True)
    elif kind == "another architecture":
        # Imported as it is, so that its checksum is right and llama.cpp has to read it.
        foreign = models / "foreign.gguf"
        foreign.write_bytes(WHOLE.replace(b"llama", b"lhama"))
        import_file(foreign, MISTRAL, models)
    elif kind == "imported noise":
        noise = models / "noise.gguf"
        noise.write_bytes(WHOLE[:8] + random.Random(7).randbytes(100_000))
        import_file(noise, MISTRAL, models)
    elif kind == "imported alignment":
        import_file(misaligned(models / "misaligned.gguf", 2**31), MISTRAL, models)
    elif kind == "put there by hand":
        file.write_bytes(WHOLE)
        record_file(file).unlink()
    elif kind == "flipped bytes":
        file.write_bytes(flipped())
    else:
        file.write_bytes(WHOLE[: len(WHOLE) * int(kind.split()[2]) // 100])


def model(appliance: Running, state: str, saying: str = "") -> dict[str, Any]:
    """The language model on the status page, once it is in this state and its reason says so."""

    def look() -> dict[str, Any] | None:
        told = appliance.system()["language_model"]
        right = told and told["state"] == state and saying in (told["reason"] or "")
        return dict(told) if right else None

    return eventually(look, f"the model is not {state} ({saying})", SECONDS)


def console(appliance: Running) -> int:
    """The status with which the console answers."""
    return appliance.client.get("/").status_code


class Told(NamedTuple):
    """What was seen while the model was broken: the reason given and an answer."""

    reason: str
    answer: dict[str, Any]
    console: int


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """One appliance whose model is broken in each way in turn, and repaired at the end."""
    data = tmp_path_factory.mktemp("broken") / "data"
    models = data / "models"
    import_file(PROBE, MISTRAL, models)
    damage("missing", models)
    seen = {}
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        assert appliance.process
        assistant = library(appliance)
        for kind, saying in DAMAGES.items():
            damage("missing", models)  # so that one reason is not taken for the next
            model(appliance, "failed", DAMAGES["missing"])
            damage(kind, models)
            reason = model(appliance, "failed", saying)["reason"]
            seen[kind] = Told(reason, ask(appliance, assistant), console(appliance))
        import_file(PROBE, MISTRAL, models)
        model(appliance, "ready")
        assert appliance.part("runner")["restarts"] == 0
        assert appliance.process.poll() is None
        yield seen


@pytest.mark.guarantee("REL-07")
@pytest.mark.guarantee("SEC-42")
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_broken_file_leaves_answers_in_quotes_and_its_reason(
    told: dict[str, Told], kind: str
) -> None:
    assert FILE in told[kind].reason
    assert told[kind].answer["mode"] == "quote"
    assert "R$ 2,00" in told[kind].answer["answer"]
    assert told[kind].console == 200


@pytest.mark.guarantee("REL-07")
def test_a_model_cut_off_while_it_writes_kills_the_runner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    slow = make(tmp_path / "slow.gguf", context=4096, layers=60, endless=True)
    import_file(slow, MISTRAL, data / "models")
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        assert appliance.process
        assistant = library(appliance)
        model(appliance, "ready")

        assert FILE not in Path(f"/proc/{appliance.process.pid}/maps").read_text()
        events = []
        for name, event in stream(appliance, assistant):
            events.append((name, event))
            if name == "token":
                os.truncate(data / "models" / FILE, 4096)

        assert events[-1][0] == "problem"
        assert events[-1][1]["code"] == "engine_down"
        assert "soma de verificação" in model(appliance, "failed")["reason"]
        assert "SIGBUS" in appliance.part("runner")["reason"]
        assert "R$ 2,00" in ask(appliance, assistant)["answer"]
        import_file(slow, MISTRAL, data / "models")
        model(appliance, "ready")
        assert appliance.process.poll() is None


@pytest.mark.guarantee("REL-07")
def test_a_model_that_aborts_the_runner_is_tried_three_times_and_no_more(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_file(make(tmp_path / "kills.gguf", epsilon=-1.0), MISTRAL, data / "models")
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        assert appliance.process
        assistant = library(appliance)

        reason = model(appliance, "failed", "3 vezes")["reason"]

        assert FILE in reason
        runner = appliance.part("runner")
        assert (runner["state"], runner["restarts"]) == ("running", 3)
        assert "SIGABRT" in runner["reason"]
        assert "R$ 2,00" in ask(appliance, assistant)["answer"]
        import_file(PROBE, MISTRAL, data / "models")
        model(appliance, "ready")
        assert appliance.part("runner")["restarts"] == 3
        assert appliance.process.poll() is None


@pytest.mark.guarantee("REL-08")
def test_a_model_too_large_for_the_memory_is_refused_with_figures(tmp_path: Path) -> None:
    def larger(listed: str) -> str:
        assert "ram_mb = 6500" in listed
        return listed.replace("ram_mb = 6500", "ram_mb = 90000000")

    data = tmp_path / "data"
    import_file(PROBE, MISTRAL, data / "models")
    appliance = Running(
        data, folder=copied(tmp_path / "copy", larger), APPLIANCE_LANGUAGE_MODEL=MISTRAL
    )
    try:
        appliance.start()
        appliance.with_key()
        assistant = library(appliance)
        reason = model(appliance, "failed")["reason"]
        answer = ask(appliance, assistant)
        restarts = appliance.part("runner")["restarts"]
        shown = console(appliance)
    finally:
        appliance.stop()

    assert "90000000 MB" in reason
    assert answer["mode"] == "quote"
    assert shown == 200
    assert restarts == 0


def test_sampling_out_of_bounds_is_refused_and_the_engine_lives(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_file(PROBE, MISTRAL, data / "models")
    asked = Prompt(system="", turns=(Turn(role="user", text="Qual é o prazo?"),))
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        model(appliance, "ready")
        client = RunnerClient(data / "runner.sock")
        before, generator = client.health().pid, client.generator
        assert generator is not None
        for sampling in (
            Sampling(temperature=math.nan),
            Sampling(top_k=0),
            Sampling(max_tokens=-1),
            Sampling(max_tokens=10**6),
            Sampling(seed=2**40),
        ):
            with pytest.raises(BadRequest) as refusal:
                "".join(generator.generate(asked, sampling))
            assert refusal.value.code == "bad_sampling"

        assert "".join(generator.generate(asked, Sampling(max_tokens=5, temperature=1.0)))
        assert client.health().pid == before


def test_a_bad_grammar_is_refused_while_another_answer_is_written(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_file(make(tmp_path / "m.gguf", context=4096, endless=True), MISTRAL, data / "models")
    asked = Prompt(system="", turns=(Turn(role="user", text="Qual é o prazo?"),))
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        model(appliance, "ready")
        client = RunnerClient(data / "runner.sock")
        before, generator = client.health().pid, client.generator
        assert generator is not None
        other = generator.generate(asked, Sampling(max_tokens=3000))
        assert next(other)
        for grammar, code in KILLERS.items():
            with pytest.raises(BadRequest) as refusal:
                "".join(generator.generate(asked, Sampling(max_tokens=9, grammar=grammar)))
            assert refusal.value.code == code

        assert next(other)
        other.close()
        held = generator.generate(asked, Sampling(max_tokens=5, grammar='root ::= "sim"'))
        assert "".join(held) == "sim"
        assert client.health().pid == before
        assert appliance.part("runner")["restarts"] == 0
        assert console(appliance) == 200
        # Each kind once, the newest first.
        unread, looping, large = appliance.system()["notices"]
        assert "não pode ser lida na linha 1, coluna" in unread
        assert "“root” volta a si mesma" in looping
        assert "grande demais" in large


@pytest.mark.guarantee("REL-08")
def test_when_memory_runs_out_the_kernel_ends_a_child_and_not_the_web_process(
    tmp_path: Path,
) -> None:
    def score(pid: int) -> int:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())

    with running(tmp_path / "data") as appliance:
        assert appliance.process
        runner = eventually(lambda: appliance.child(RUNNER), "no runner")

        eventually(lambda: score(runner.pid) > score(appliance.process.pid), "no worse score")


def test_a_damaged_state_file_is_no_state_and_the_engine_lives(tmp_path: Path) -> None:
    data = tmp_path / "data"
    states = data / "models" / "prefixes"
    import_file(make(tmp_path / "m.gguf", context=4096, endless=True), MISTRAL, data / "models")
    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        assistant = library(appliance)
        model(appliance, "ready")
        assert ask(appliance, assistant)["mode"] == "generate"
        saved = eventually(lambda: list(states.glob("[!.]*")), "no state was saved")
    for file in saved:
        damaged = bytearray(file.read_bytes())
        damaged[len(damaged) // 2] ^= 0xFF
        file.write_bytes(damaged)

    with running(data, APPLIANCE_LANGUAGE_MODEL=MISTRAL) as appliance:
        model(appliance, "ready")

        assert ask(appliance, assistant)["mode"] == "generate"
        assert appliance.part("runner")["restarts"] == 0
        assert console(appliance) == 200
        (reason,) = appliance.system()["notices"]
        assert any(file.name[:12] in reason for file in saved)
        assert "danificado e foi lido de novo" in reason
