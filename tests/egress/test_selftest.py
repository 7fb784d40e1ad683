"""The self-test does the main job where nothing can leave, and sees what tries (ZE-01, ZE-02)."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.egress import selftest
from appliance.models import choice
from appliance.models.hardware import Memory
from appliance.settings import Settings

REACHES = """
import contextlib, socket
with contextlib.suppress(OSError), socket.socket() as tried:
    tried.settimeout(1)
    tried.connect(("192.0.2.1", 9))
"""
ANSWERS = """print('{"answered": true, "model": ""}')"""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tests run, other tests do."""
    monkeypatch.setattr(selftest, "SECONDS", 400.0)


def program(tmp_path: Path, code: str) -> tuple[str, ...]:
    """What stands in for the copy of the appliance."""
    file = tmp_path / "program.py"
    file.write_text(code)
    return sys.executable, str(file)


def run(settings: Settings, tmp_path: Path, code: str, **rest: Any) -> selftest.Trial:
    return selftest.run(settings, program=program(tmp_path, code), **rest)


@pytest.mark.guarantee("ZE-01", "ZE-02", "ZE-10")
@pytest.mark.parametrize("tracer", ["strace", "hook"])
def test_the_main_job_is_done_without_a_route_and_without_a_try(settings, tracer) -> None:
    trial = selftest.run(settings, tracer=tracer)

    assert (trial.problem, trial.attempts) == (None, ())
    assert (trial.passed, trial.answered, trial.isolated) == (True, True, True)
    assert (trial.tracer, trial.model) == (tracer, "")
    assert 0 < trial.seconds < selftest.SECONDS


@pytest.mark.guarantee("ZE-02")
@pytest.mark.parametrize("tracer", ["strace", "hook"])
def test_whoever_tries_to_leave_fails_it(settings, tmp_path, tracer) -> None:
    trial = run(settings, tmp_path, REACHES + ANSWERS, tracer=tracer)

    assert (trial.passed, trial.answered) == (False, True)
    assert [(one.host, one.port) for one in trial.attempts] == [("192.0.2.1", 9)]
    assert trial.problem is not None
    assert (trial.problem.code, trial.problem.facts) == ("egress_tried", {"hosts": "192.0.2.1"})


def test_without_an_answer_it_fails(settings, tmp_path) -> None:
    trial = run(settings, tmp_path, """print('{"answered": false, "model": ""}')""")

    assert trial.problem is not None
    assert (trial.passed, trial.problem.code) == (False, "egress_no_answer")


@pytest.mark.parametrize("printed", ["print('nada')", "print('{}')", "pass"])
def test_what_says_nothing_has_not_answered(settings, tmp_path, printed) -> None:
    trial = run(settings, tmp_path, printed)

    assert (trial.passed, trial.answered) == (False, False)


def test_what_breaks_says_why(settings, tmp_path) -> None:
    trial = run(settings, tmp_path, f"{ANSWERS}; import sys; sys.exit('O disco está cheio.')")

    assert trial.problem is not None
    assert trial.problem.code == "egress_broke"
    assert trial.problem.facts == {"reason": "O disco está cheio."}


def test_what_does_not_end_is_ended(settings, tmp_path) -> None:
    began = time.monotonic()

    trial = run(settings, tmp_path, "import time; time.sleep(600)", seconds=1)

    assert trial.problem is not None
    assert trial.problem.code == "egress_slow"
    assert time.monotonic() - began < 60


def test_it_can_be_called_off(settings, tmp_path) -> None:
    class CalledOff(Exception):
        pass

    def look() -> None:
        raise CalledOff

    with pytest.raises(CalledOff):
        run(settings, tmp_path, "import time; time.sleep(600)", look=look)


@pytest.mark.guarantee("ZE-10")
def test_where_no_room_can_be_had_that_is_said(settings, tmp_path) -> None:
    trial = run(settings, tmp_path, ANSWERS, isolated=False)

    assert (trial.passed, trial.isolated) == (True, False)


SHOWS = """
import json, os, pathlib, sys
data = pathlib.Path(os.environ["APPLIANCE_DATA_DIR"])
told = {
    "canary": sys.argv[1], "data": str(data), "wanted": os.environ["APPLIANCE_LANGUAGE_MODEL"],
    "models": sorted(one.name for one in (data / "models").iterdir()),
    "embedder": os.environ["APPLIANCE_EMBEDDER"],
}
pathlib.Path(__file__).with_name("told.json").write_text(json.dumps(told))
"""


def told(settings: Settings, tmp_path: Path) -> dict[str, Any]:
    run(settings, tmp_path, SHOWS)
    return dict(msgspec.json.decode((tmp_path / "told.json").read_bytes()))


def test_the_copy_has_a_folder_of_its_own_that_is_gone_afterwards(settings, tmp_path) -> None:
    first = told(settings, tmp_path)
    second = told(settings, tmp_path)

    assert first["data"] != str(settings.data)
    assert not Path(first["data"]).exists()
    assert first["canary"] != second["canary"]
    assert not settings.data.exists()


def test_the_copy_has_the_models_of_this_one_but_not_its_choice(settings, tmp_path) -> None:
    models = settings.data / "models"
    models.mkdir(parents=True)
    (models / "file.gguf").write_bytes(b"x")
    choice.choose(models, "qwen2.5-0.5b-instruct")

    shown = told(settings, tmp_path)

    assert shown["models"] == ["file.gguf"]
    assert shown["wanted"] == ""  # its file is not here: the copy quotes


def test_the_model_in_use_is_named_with_its_file(settings, tmp_path) -> None:
    file = tmp_path / "small.gguf"
    file.write_bytes(b"x")
    chosen = msgspec.structs.replace(settings, language_model=f"qwen2.5-0.5b-instruct={file}")

    assert told(chosen, tmp_path)["wanted"] == f"qwen2.5-0.5b-instruct={file}"


def test_a_model_too_big_to_be_here_twice_is_left_out(settings, tmp_path, monkeypatch) -> None:
    file = tmp_path / "small.gguf"
    file.write_bytes(b"x")
    chosen = msgspec.structs.replace(settings, language_model=f"qwen2.5-0.5b-instruct={file}")
    monkeypatch.setattr(
        "appliance.models.hardware.memory", lambda: Memory(total_mb=64, available_mb=64)
    )

    assert told(chosen, tmp_path)["wanted"] == ""


def test_the_environment_of_the_house_is_that_of_the_copy(settings, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("APPLIANCE_EMBEDDER", "other")

    assert told(settings, tmp_path)["embedder"] == settings.embedder
    assert os.environ["APPLIANCE_EMBEDDER"] == "other"
