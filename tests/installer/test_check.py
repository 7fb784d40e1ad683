"""What installer/check.sh promises: every check runs, and the last line is pytest's summary."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.installer.conftest import CHECKOUT


class Bench:
    """A folder with check.sh and checkers that note their calls and end as they are told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "installer").mkdir(parents=True)
        shutil.copy2(CHECKOUT / "installer" / "check.sh", root / "installer")
        for place in (".venv/bin", "tests/static/node_modules/.bin"):
            (root / place).mkdir(parents=True)
        for tool in ("ruff", "mypy"):
            self.ends(f".venv/bin/{tool}", 0)
        self.ends(".venv/bin/python", 0, "...\n7 passed in 1.00s")
        self.ends("tests/static/node_modules/.bin/tsc", 0)

    def ends(self, tool: str, status: int, words: str = "") -> None:
        script = f'#!/bin/sh\necho "$(basename "$0") $*" >>calls\necho \'{words}\'\nexit {status}\n'
        (self.root / tool).write_text(script)
        (self.root / tool).chmod(0o755)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.root / "installer" / "check.sh"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60)

    def calls(self) -> list[str]:
        return (self.root / "calls").read_text().splitlines()


SIDE_BY_SIDE = "--numprocesses auto --maxprocesses 4 --dist loadfile"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "área de teste")


def test_the_checks_run_in_their_order(bench: Bench) -> None:
    assert bench.run().returncode == 0
    assert bench.calls() == [
        "ruff format --check .",
        "ruff check .",
        "mypy ",
        f"python -m pytest {SIDE_BY_SIDE}",
        "tsc --project static/tsconfig.json",
    ]


def test_the_last_line_is_the_summary_of_the_tests(bench: Bench) -> None:
    assert bench.run().stdout.splitlines()[-1] == "7 passed in 1.00s"


def test_a_failing_check_is_named_and_the_others_still_run(bench: Bench) -> None:
    bench.ends(".venv/bin/mypy", 1, "two errors")

    outcome = bench.run()

    assert outcome.returncode == 1
    assert outcome.stdout.splitlines()[-2:] == ["failed: types", "7 passed in 1.00s"]
    assert len(bench.calls()) == 5


def test_failing_tests_fail_the_check(bench: Bench) -> None:
    bench.ends(".venv/bin/python", 1, "1 failed, 6 passed in 1.00s")

    outcome = bench.run()

    assert outcome.returncode == 1
    assert outcome.stdout.splitlines()[-1] == "1 failed, 6 passed in 1.00s"


def test_a_tool_that_is_not_there_is_a_failure_not_a_skip(bench: Bench) -> None:
    (bench.root / "tests/static/node_modules/.bin/tsc").unlink()

    outcome = bench.run()

    assert outcome.returncode == 1
    assert "failed: browser types" in outcome.stdout


def test_arguments_go_to_pytest(bench: Bench) -> None:
    bench.run("tests/test_docs.py", "-k", "two words")

    assert f"python -m pytest {SIDE_BY_SIDE} tests/test_docs.py -k two words" in bench.calls()
