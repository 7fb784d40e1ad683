"""``appliance audit``: the record of acts is checked and taken along in a terminal."""

import csv
import io
import json

import pytest

from appliance import audit
from tests.audit.writing import tamper, written
from tests.cli.doors import Terminal, terminal

__all__ = ["terminal"]

pytestmark = pytest.mark.guarantee("LGPD-08")


def test_a_whole_record_is_said_to_be_whole_with_the_head_to_keep(terminal: Terminal) -> None:
    written(terminal.database, 3)

    typed = terminal.type("audit", "verify")

    assert typed.exit_code == 0
    assert "intact" in typed.output
    assert typed.output.split()[-1] == str(audit.head(terminal.database))


def test_a_record_without_acts_says_so(terminal: Terminal) -> None:
    typed = terminal.type("audit", "verify")

    assert (typed.exit_code, "no rows" in typed.output) == (0, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update audit set subject = 'x' where id = 2", "row 2 is no longer"),
        ("delete from audit where id = 2", "row 2 is missing"),
    ],
)
def test_the_first_broken_row_is_named_and_the_exit_says_so(
    terminal: Terminal, change: str, said: str
) -> None:
    written(terminal.database, 3)
    tamper(terminal.database, change)

    typed = terminal.type("audit", "verify")

    assert typed.exit_code == 1
    assert said in typed.output


def test_a_head_kept_elsewhere_shows_what_the_chain_cannot(terminal: Terminal) -> None:
    written(terminal.database, 3)
    kept = str(audit.head(terminal.database))
    tamper(terminal.database, "delete from audit where id = 3")

    cut = terminal.type("audit", "verify", "--head", kept)
    written(terminal.database, 2)
    rewritten = terminal.type("audit", "verify", "--head", kept)

    assert (cut.exit_code, "from 3 on are gone" in cut.output) == (1, True)
    assert (rewritten.exit_code, "row 3 is not the one" in rewritten.output) == (1, True)


def test_what_is_no_head_is_refused_in_a_sentence(terminal: Terminal) -> None:
    typed = terminal.type("audit", "verify", "--head", "3:abc")

    assert typed.exit_code == 1
    assert "not the head of a chain" in typed.output


def test_a_program_reads_the_verdict_as_json(terminal: Terminal) -> None:
    written(terminal.database, 3)
    tamper(terminal.database, "update audit set name = 'Bia' where id = 2")

    told = json.loads(terminal.type("audit", "verify", "--json").output)

    assert (told["intact"], told["broken"], told["fault"]) == (False, 2, "changed")


def test_the_record_is_written_out_and_that_is_on_record(terminal: Terminal) -> None:
    written(terminal.database, 2)

    lines = terminal.type("audit", "export", "--act", "key.create").output.splitlines()
    text = terminal.type("audit", "export", "--format", "csv").output.removeprefix("\ufeff")

    assert [json.loads(line)["subject"] for line in lines] == ["k1", "k2"]
    names, *rows = csv.reader(io.StringIO(text, newline=""))
    assert names[0] == "id"
    assert [row[4] for row in rows] == ["key.create", "key.create", "audit.export", "audit.export"]
