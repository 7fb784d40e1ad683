"""What installer/setup.sh promises: twice is harmless, and a failure says what to do."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.installer.conftest import CHECKOUT, Miniature, wheel

SCRIPTS = [*sorted((CHECKOUT / "installer").glob("*.sh")), CHECKOUT / ".ci" / "run"]


def tools(folder: Path, *without: str) -> str:
    """A folder for PATH that has the machine's everyday programs, but not those."""
    folder.mkdir()
    for place in (Path("/usr/bin"), Path("/bin"), Path("/usr/sbin")):
        for program in place.iterdir():
            if program.name not in without and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    return str(folder)


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_script_parses_and_can_be_executed(script: Path) -> None:
    first = script.read_text().splitlines()[0]
    is_read_in = not first.startswith("#!")  # by a script of bash
    shell = "bash" if is_read_in or "bash" in first else "sh"

    subprocess.run([shell, "-n", str(script)], check=True)

    assert os.access(script, os.X_OK) != is_read_in


def test_ci_runs_the_same_script_as_everybody() -> None:
    last_line = (CHECKOUT / ".ci" / "run").read_text().splitlines()[-1]

    assert last_line == 'exec "$(dirname "$0")/../installer/test.sh"'


def test_set_up_from_another_folder_leaves_a_command_that_works(house: Miniature) -> None:
    command = house.root / ".venv" / "bin" / "appliance"

    said = subprocess.run([command, "olá"], capture_output=True, text=True, check=True, cwd="/")

    assert said.stdout == "appliance olá\n"


def test_the_command_works_through_a_link(house: Miniature, tmp_path: Path) -> None:
    link = tmp_path / "balcao"
    link.symlink_to(house.root / ".venv" / "bin" / "appliance")

    said = subprocess.run([link, "version"], capture_output=True, text=True, check=True)

    assert said.stdout == "appliance version\n"


def test_the_command_is_not_fooled_by_a_folder_called_appliance(
    house: Miniature, tmp_path: Path
) -> None:
    (tmp_path / "appliance").mkdir()
    (tmp_path / "appliance" / "__main__.py").write_text("print('somebody else')")
    command = house.root / ".venv" / "bin" / "appliance"

    said = subprocess.run([command, "x"], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert said.stdout == "appliance x\n"


def test_llama_cpp_is_installed_without_its_own_build(house: Miniature) -> None:
    (note,) = (house.root / ".venv").glob("lib/python*/site-packages/llama_cpp_built_with.txt")

    assert note.read_text() == "-DLLAMA_BUILD=OFF"


def test_a_second_set_up_does_nothing_and_is_quick(house: Miniature) -> None:
    before, began = house.engine_builds(), time.monotonic()

    outcome = house.run("setup.sh", PIP_FIND_LINKS="/nowhere")

    assert outcome.returncode == 0
    assert "now:" not in outcome.stdout
    assert outcome.stdout.count("already:") == 8
    assert house.engine_builds() == before
    assert time.monotonic() - began < 10


def test_only_what_changed_is_done_again(house: Miniature) -> None:
    before = house.engine_builds()
    (house.root / "installer" / "amx_tiles.h").write_text("/* other tiles */\n")

    outcome = house.run("setup.sh")

    assert outcome.returncode == 0
    assert [line for line in outcome.stdout.splitlines() if "now:" in line] == [
        "  now:     llama.cpp for this machine's processor (usually 4 to 10 minutes of compiling)"
    ]
    assert house.engine_builds() == before + 1


def test_a_moved_checkout_is_set_up_again(house: Miniature, tmp_path: Path) -> None:
    moved = Miniature(tmp_path / "new place")
    shutil.copytree(house.root / ".venv", moved.root / ".venv", symlinks=True)

    outcome = moved.run("setup.sh")

    assert outcome.returncode == 0
    assert "belongs to another place" in outcome.stdout
    assert str(moved.root) in (moved.root / ".venv" / "bin" / "activate").read_text()


def test_a_failure_shows_its_cause_and_the_next_run_goes_on_from_there(house: Miniature) -> None:
    engine = house.root / "installer" / "engine.sh"
    good = engine.read_text()
    engine.write_text("#!/bin/sh\necho 'cc1plus: out of memory'\nexit 4\n")

    failed = house.run("setup.sh")

    assert failed.returncode == 1
    assert "    cc1plus: out of memory" in failed.stderr
    assert "check that g++ and cmake work, then run this again" in failed.stderr

    engine.write_text(good + "# repaired\n")
    resumed = house.run("setup.sh", PIP_FIND_LINKS="/nowhere")

    assert resumed.returncode == 0, resumed.stderr
    assert "already: torch for CPUs" in resumed.stdout
    assert "now:     llama.cpp for this machine's processor" in resumed.stdout


def test_an_interrupted_set_up_goes_on_where_it_stopped(house: Miniature) -> None:
    engine = house.root / "installer" / "engine.sh"
    good = engine.read_text()
    reached = house.root / "compiling"
    engine.write_text('#!/bin/sh\ntouch "$(dirname "$0")/../compiling"\nexec sleep 60\n')
    running = subprocess.Popen(
        [house.root / "installer" / "setup.sh"],
        env=house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while not reached.exists() and time.monotonic() < until:
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C does
    _, words = running.communicate(timeout=30)

    assert running.returncode == 130
    assert "it goes on where it stopped" in words

    engine.write_text(good + "# this time to the end\n")
    resumed = house.run("setup.sh", PIP_FIND_LINKS="/nowhere")

    assert resumed.returncode == 0, resumed.stderr


def test_a_package_that_is_not_the_pinned_one_is_refused(house: Miniature) -> None:
    house.pin("requirements-build.txt", f"tools==1 \\\n    --hash=sha256:{'0' * 64}\n")
    unpinned = house.root / ".venv/lib/python3.11/site-packages/tools-1.dist-info"
    unpinned.rename(unpinned.with_name("gone"))

    outcome = house.run("setup.sh")

    assert outcome.returncode == 1
    assert "pip and build tools did not work" in outcome.stderr
    assert "sha256" in outcome.stderr


def test_a_torch_for_graphics_cards_is_refused(house: Miniature) -> None:
    house.pin(
        "requirements-torch.txt",
        wheel(house.packages, "torch", "2.1", {"torch/version.py": "cuda = '13.0'\n"}),
    )

    outcome = house.run("setup.sh")

    assert outcome.returncode == 1
    assert "built for CUDA 13.0" in outcome.stderr
    assert "BALCAO_TORCH_INDEX" in outcome.stderr


def test_torch_can_come_from_an_index_of_its_own(empty_house: Miniature) -> None:
    shelf = empty_house.root.parent / "index" / "torch"
    shelf.mkdir(parents=True)
    file = "torch-2.0-py3-none-any.whl"
    (empty_house.packages / file).rename(shelf / file)
    (shelf / "index.html").write_text(f'<a href="{file}">{file}</a>')
    index = shelf.parent.as_uri()
    del empty_house.environment["PIP_NO_INDEX"]

    outcome = empty_house.run("setup.sh", PIP_INDEX_URL=index, BALCAO_TORCH_INDEX=index)

    assert outcome.returncode == 0, outcome.stderr


def test_a_missing_compiler_is_named_where_there_is_no_apt(
    empty_house: Miniature, tmp_path: Path
) -> None:
    path = tools(tmp_path / "bin", "g++", "apt-get")

    outcome = empty_house.run("setup.sh", PATH=path)

    assert outcome.returncode == 1
    assert "missing on this machine: g++ (names as in Debian)" in outcome.stderr


def test_only_missing_packages_are_installed_and_the_list_is_refreshed_once(
    house: Miniature, tmp_path: Path
) -> None:
    folder = Path(tools(tmp_path / "bin", "g++", "cmake", "apt-get", "sudo"))
    calls = tmp_path / "calls"
    program(folder, "sudo", 'shift; [[ $1 == *=* ]] && shift; "$@"')
    program(
        folder,
        "apt-get",
        f'echo "$@" >>"{calls}"\n[[ " $* " != *" install "* ]] || for tool in g++ cmake; do\n'
        f'ln -s "$(PATH=/usr/bin:/bin command -v true)" "{folder}/$tool"; done',
    )

    outcome = house.run("setup.sh", PATH=str(folder))

    assert outcome.returncode == 0, outcome.stderr
    assert "installing Debian packages with apt-get: g++ cmake" in outcome.stdout
    refreshed, installed = calls.read_text().splitlines()
    assert refreshed.endswith("update")
    assert installed.endswith("install --no-install-recommends g++ cmake")


def test_a_machine_without_python_3_11_is_told_so(empty_house: Miniature, tmp_path: Path) -> None:
    folder = Path(tools(tmp_path / "bin", "python3.11", "python3", "apt-get"))
    program(folder, "python3", 'echo "Python 3.13.5"; exit 1')
    program(folder, "apt-get", "exit 0")
    program(folder, "sudo", "exit 0")

    outcome = empty_house.run("setup.sh", PATH=str(folder), BALCAO_PYTHON="")

    assert outcome.returncode == 1
    assert "needs Python 3.11" in outcome.stderr
    assert "this machine's python3 is Python 3.13.5" in outcome.stderr


def test_an_incomplete_copy_is_noticed_first(empty_house: Miniature) -> None:
    (empty_house.root / "installer" / "engine.sh").unlink()

    outcome = empty_house.run("setup.sh")

    assert outcome.returncode == 1
    assert "incomplete: installer/engine.sh is not there" in outcome.stderr


def test_a_full_disk_is_noticed_before_anything_is_fetched(
    empty_house: Miniature, tmp_path: Path
) -> None:
    folder = Path(tools(tmp_path / "bin", "df"))
    program(folder, "df", "echo header; echo /dev/sda 100 50 512000 50% /")

    outcome = empty_house.run("setup.sh", PATH=str(folder))

    assert outcome.returncode == 1
    assert "has 500 MB free and the set-up needs about 3000 MB" in outcome.stderr


def test_a_small_tmp_is_left_alone(house: Miniature, tmp_path: Path) -> None:
    folder = Path(tools(tmp_path / "bin", "df"))
    program(
        folder,
        "df",
        "echo header; [[ ${@: -1} == /tmp ]] && echo tmpfs 9 9 512000 1% /tmp && exit\n"
        "echo disk 9 9 90000000 1% /",
    )
    engine = house.root / "installer" / "engine.sh"
    engine.write_text(f'#!/bin/sh\necho "$TMPDIR" >"{tmp_path}/used"\n')

    outcome = house.run("setup.sh", PATH=str(folder))

    assert outcome.returncode == 0, outcome.stderr
    assert (tmp_path / "used").read_text() == f"{house.root}/.venv/tmp\n"
    assert not (house.root / ".venv" / "tmp").exists()


def test_two_set_ups_at_once_take_turns(house: Miniature) -> None:
    command = [house.root / "installer" / "setup.sh"]
    pair = [
        subprocess.Popen(command, env=house.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    words = [one.communicate(timeout=60)[0] for one in pair]

    assert [one.returncode for one in pair] == [0, 0]
    assert all("already: Python libraries" in word for word in words)


def test_a_wrong_option_is_answered_with_the_right_ones(house: Miniature) -> None:
    outcome = house.run("setup.sh", "--tests")

    assert outcome.returncode == 2
    assert outcome.stderr == "usage: installer/setup.sh [--test]\n"


def test_in_this_checkout_everything_is_there_already() -> None:
    if not (CHECKOUT / ".venv" / "stamps" / "type-checker").exists():
        pytest.skip("this environment was not made by installer/setup.sh --test")

    began = time.monotonic()
    outcome = subprocess.run(
        [CHECKOUT / "installer" / "setup.sh", "--test"],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert outcome.returncode == 0, outcome.stderr
    assert "now:" not in outcome.stdout
    assert time.monotonic() - began < 15
