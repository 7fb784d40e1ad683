"""``appliance egress-check``: the self-test, the signed report and its check (ZE-10)."""

import json
from pathlib import Path
from typing import Any

import pytest

from appliance import audit, outgoing
from appliance.egress import report, selftest
from appliance.settings import Settings
from appliance.vault import Vault
from tests.cli.doors import Terminal, terminal
from tests.egress.trials import failing, passing

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("ZE-10")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tests run, other tests do."""
    monkeypatch.setattr(selftest, "SECONDS", 400.0)


@pytest.fixture
def file(terminal: Terminal, tmp_path: Path) -> Path:
    """A signed report of this installation."""
    return written(terminal, tmp_path / "report.json")


def written(terminal: Terminal, file: Path, test: Any = passing) -> Path:
    settings = Settings(data_dir=str(terminal.folder))
    made = report.make(settings, terminal.database, Vault(terminal.folder), test=test)
    file.write_text(made.file, "utf-8")
    return file


def test_the_check_is_run_reported_and_verified(terminal: Terminal, tmp_path: Path) -> None:
    """The whole of it, with a real copy of the appliance."""
    out, page = tmp_path / "out.json", tmp_path / "out.html"

    typed = terminal.type("egress-check", "--json", "--out", str(out), "--html", str(page))

    assert typed.exit_code == 0, typed.output
    assert typed.stdout == out.read_text("utf-8")
    told = json.loads(typed.stdout)["report"]
    assert (told["passed"], told["test"]["answered"], told["test"]["attempts"]) == (True, True, [])
    assert "Network exit: report" in page.read_text("utf-8")
    assert audit.newest(terminal.database, limit=1)[0].act == "egress.check"
    assert terminal.type("egress-check", "--verify", str(out)).exit_code == 0


def test_what_was_contacted_outside_ends_it_with_1_and_is_named(terminal: Terminal) -> None:
    outgoing.record(terminal.database, "http://estranho.test", "crawl")

    typed = terminal.type("egress-check")

    assert typed.exit_code == 1
    assert "http://estranho.test" in typed.output
    assert "without a route" in typed.output
    assert "Not passed" in typed.output


def test_a_good_signature_is_said_to_be_good(terminal: Terminal, file: Path) -> None:
    typed = terminal.type("egress-check", "--verify", str(file))

    assert typed.exit_code == 0
    assert "signature is good" in typed.output

    told = terminal.json("egress-check", "--verify", str(file))
    assert told["valid"] is True
    assert told["fingerprint"] in typed.output


def test_a_good_signature_under_a_bad_result_says_so(terminal: Terminal, tmp_path: Path) -> None:
    typed = terminal.type(
        "egress-check", "--verify", str(written(terminal, tmp_path / "bad.json", failing))
    )

    assert (typed.exit_code, "NOT passed" in typed.output) == (0, True)


def test_one_changed_byte_is_refused(terminal: Terminal, file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace('"seconds": 12.5', '"seconds": 12.6'), "utf-8")

    typed = terminal.type("egress-check", "--verify", str(file))

    assert typed.exit_code == 1
    assert "not as it was signed" in typed.stderr


def test_elsewhere_the_fingerprint_decides(terminal: Terminal, file: Path, tmp_path: Path) -> None:
    key = terminal.json("egress-check", "--verify", str(file))["fingerprint"]
    elsewhere = Terminal(tmp_path / "elsewhere")

    refused = elsewhere.type("egress-check", "--verify", str(file))
    accepted = elsewhere.type("egress-check", "--verify", str(file), "--fingerprint", key.upper())
    mistaken = elsewhere.type("egress-check", "--verify", str(file), "--fingerprint", key[:-1])

    assert (refused.exit_code, key in refused.stderr) == (1, True)
    assert accepted.exit_code == 0
    assert mistaken.exit_code == 1
    elsewhere.database.close()


@pytest.mark.parametrize(
    "words",
    [("--fingerprint", "ab"), ("--verify", "FILE", "--out", "x.json"), ("--verify", "/none")],
)
def test_wrong_usage_ends_with_2(terminal: Terminal, file: Path, words: tuple[str, ...]) -> None:
    typed = [str(file) if word == "FILE" else word for word in words]

    assert terminal.type("egress-check", *typed).exit_code == 2
