"""``appliance subjects``: a person is found, handed over and erased in a terminal."""

import json
from pathlib import Path

import docx
import pytest

from appliance import accounts, audit
from appliance.jobs import erasure, ledger
from appliance.subjects import tombstones
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

BY = ("--reason", "Pedido do titular 77")


@pytest.fixture
def person(terminal: Terminal) -> str:
    with terminal.database.write() as db:
        accounts.create_first(
            db, name="Ana Prado", email="ana@casa.test", password_hash="", language="pt"
        )
        made = accounts.create(
            db, name="Zélia Couto", email="zelia@casa.test", password_hash="", role="member"
        )
    return made.id


def test_somebody_is_found_by_name_and_it_is_on_record(terminal: Terminal, person: str) -> None:
    typed = terminal.type("subjects", "find", "--name", "zelia couto", *BY)

    assert typed.exit_code == 0
    assert f"{person}: Zélia Couto <zelia@casa.test>" in typed.output
    (act,) = audit.newest(terminal.database, audit.wanted(act="subject.search"), limit=2)
    assert act.caller.startswith("terminal:")


def test_what_is_found_comes_as_json(terminal: Terminal, person: str) -> None:
    typed = terminal.type("subjects", "find", "--email", "zelia@casa.test", *BY, "--json")

    assert [one["id"] for one in json.loads(typed.output)["accounts"]] == [person]


def test_the_statement_is_written_to_a_file(
    terminal: Terminal, person: str, tmp_path: Path
) -> None:
    typed = terminal.type(
        "subjects", "export", str(tmp_path / "z.docx"), "--name", "Zélia Couto", *BY
    )

    assert typed.exit_code == 0
    cells = [cell.text for table in docx.Document(str(tmp_path / "z.docx")).tables
             for row in table.rows for cell in row.cells]  # fmt: skip
    assert "zelia@casa.test" in cells


def test_erasing_says_what_went_and_leaves_the_traces_to_the_appliance(
    terminal: Terminal, person: str
) -> None:
    typed = terminal.type("subjects", "erase", "person", person, *BY, "--json")

    told = json.loads(typed.output)
    assert told["removed"]["accounts"] == 1
    (job,) = [ledger.get(terminal.database, one) for one in ledger.due(terminal.database)]
    assert (job.kind, job.subject) == (erasure.KIND, told["id"])
    (stone,) = tombstones.read(terminal.database.path.parent)
    assert stone.subject == person


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("find", *BY), 1),
        (("find", "--cpf", "12", *BY), 1),
        (("find", "--name", "Ana Prado"), 2),
        (("erase", "person", "nobody", *BY), 1),
        (("erase", "dog", "x", *BY), 2),
    ],
)
def test_what_cannot_be_done_is_said(
    terminal: Terminal, person: str, words: tuple[str, ...], code: int
) -> None:
    typed = terminal.type("subjects", *words)

    assert typed.exit_code == code
    assert typed.stderr


def test_the_last_administrator_stays(terminal: Terminal, person: str) -> None:
    (ana,) = terminal.database.rows("select id from people where role = 'admin'")

    assert terminal.type("subjects", "erase", "person", ana["id"], *BY).exit_code == 1
    assert accounts.get(terminal.database, ana["id"]).name == "Ana Prado"
