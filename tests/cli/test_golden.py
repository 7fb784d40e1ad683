"""``appliance golden``: listed and asked in a terminal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from appliance import golden
from appliance.app import Parts
from appliance.cli import appliance
from appliance.cli import golden as command
from appliance.golden import Wanted
from tests.house import House

QUESTION = "Qual é a multa por atraso na devolução de livros?"


@pytest.fixture
def asked(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with an assistant that passes one question, and fails another."""
    made = house.assistant("Secretaria", mode="quote")
    house.upload(made["collections"][0])
    with house.parts.database.write() as db:
        golden.add(db, made["id"], Wanted(question=QUESTION, document="regimento.md", page=None))
        golden.add(db, made["id"], Wanted(question="Há piscina?", phrases=("25 metros",)))

    @contextmanager
    def opened(**_: Any) -> Iterator[Parts]:
        yield house.parts

    monkeypatch.setattr(command, "opened", opened)
    return house


def typed(house: House, *words: str) -> Result:
    environment = {"APPLIANCE_DATA_DIR": str(house.settings.data), "APPLIANCE_LANGUAGE": "en"}
    return CliRunner().invoke(appliance, ["golden", *words], env=environment)


def test_they_are_listed_with_what_is_expected(asked: House) -> None:
    told = typed(asked, "list", "--assistant", "Secretaria")

    assert told.exit_code == 0
    assert QUESTION in told.output
    assert "regimento.md" in told.output
    assert "25 metros" in told.output
    assert len(json.loads(typed(asked, "list", "--json").stdout)) == 2


def test_one_that_does_not_pass_exits_1_and_says_why(asked: House) -> None:
    told = typed(asked, "run")

    assert told.exit_code == 1
    assert f"✓ {QUESTION}" in told.stdout
    assert "✗ Há piscina?" in told.stdout
    assert "1 pergunta" in told.stderr or "1 golden question" in told.stderr
    assert asked.parts.database.row("select count(*) as runs from golden_runs") == {"runs": 1}


def test_a_run_that_is_not_kept_leaves_nothing(asked: House) -> None:
    (told,) = json.loads(typed(asked, "run", "--no-keep", "--json").stdout)

    assert (told["passed"], told["failed"]) == (1, 1)
    assert asked.parts.database.row("select count(*) as runs from golden_runs") == {"runs": 0}


def test_a_name_that_nobody_has_is_refused(asked: House) -> None:
    assert typed(asked, "run", "--assistant", "Ninguém").exit_code == 1


def test_a_copy_of_the_data_is_examined_without_any_process(asked: House, tmp_path: Path) -> None:
    (told,) = command.examine(asked.settings)

    assert (told.name, told.passed, told.failed) == ("Secretaria", 1, 1)
    assert asked.parts.database.row("select count(*) as runs from golden_runs") == {"runs": 0}
