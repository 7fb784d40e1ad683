"""How the appliance starts: light, quick, alone, and without the heavy libraries."""

import os
import subprocess
import sys

import psutil
import pytest

from tests.whole.running import Running, running

MOST_RESIDENT = 250 * 2**20  # bytes, of the web process before the first question
MOST_SECONDS = 5.0


def test_importing_the_edge_loads_neither_torch_nor_llama_cpp() -> None:
    heavy = ("torch", "llama_cpp", "sentence_transformers", "faiss", "langchain", "pypdf")
    script = (
        "import sys, pkgutil, importlib, appliance.api as edge\n"
        "for module in pkgutil.iter_modules(edge.__path__):\n"
        "    importlib.import_module(f'appliance.api.{module.name}')\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == "[]"


def test_the_web_process_is_light_and_answers_soon(tmp_path) -> None:
    appliance = Running(tmp_path / "data")
    try:
        seconds = appliance.start()
        assert appliance.process
        resident = psutil.Process(appliance.process.pid).memory_info().rss
        print(f"ready after {seconds:.1f} s, {resident / 2**20:.0f} MB resident")  # noqa: T201
    finally:
        appliance.stop()

    assert resident < MOST_RESIDENT


@pytest.mark.guarantee("REL-24")
def test_a_second_appliance_on_the_same_folder_is_refused(tmp_path) -> None:
    with running(tmp_path / "data") as appliance:
        second = subprocess.run(
            [sys.executable, "-m", "appliance", "serve"],
            env=os.environ | appliance.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert second.returncode == 1
    assert str(tmp_path / "data") in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("APPLIANCE_PORT", "ninety"), ("APPLIANCE_PASAGES", "7")]
)
def test_a_setting_that_is_none_is_named(tmp_path, name: str, value: str) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "appliance", "serve"],
        env=os.environ | {"APPLIANCE_DATA_DIR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode == 1
    assert name.removeprefix("APPLIANCE_").lower() in started.stderr
    assert "Traceback" not in started.stderr


def test_nothing_of_it_is_left_running_when_it_is_stopped(tmp_path) -> None:
    with running(tmp_path / "data") as appliance:
        assert appliance.process
        family = psutil.Process(appliance.process.pid).children(recursive=True)

    gone, alive = psutil.wait_procs(family, timeout=10)

    assert alive == []
    assert len(gone) >= 2
