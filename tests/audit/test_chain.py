"""The chain through the record of acts: what was changed, removed or cut off shows (LGPD-08)."""

import hashlib
import json
import sqlite3
import threading
from pathlib import Path

import pytest

from appliance import audit
from appliance.audit import chain
from appliance.database import Database
from appliance.errors import BadRequest
from tests.audit.writing import ANA, everything, tamper, written

pytestmark = pytest.mark.guarantee("LGPD-08")


def verdict(database: Database, kept: audit.Head | None = None) -> tuple[int | None, str | None]:
    found = audit.verify(database, kept)
    assert found.intact is (found.broken is None)
    return found.broken, found.fault


def head(database: Database) -> audit.Head:
    found = audit.head(database)
    assert found is not None
    return found


def test_a_record_that_nobody_touched_is_whole(database: Database) -> None:
    written(database, 5)

    found = audit.verify(database)

    assert (found.intact, found.rows, found.blanked, found.forgotten) == (True, 5, 0, 0)
    assert found.head == audit.head(database)


def test_a_record_without_acts_is_whole_and_has_no_head(database: Database) -> None:
    found = audit.verify(database)

    assert (found.intact, found.rows, found.head) == (True, 0, None)


def test_an_outsider_computes_the_chain_from_what_the_manual_says(database: Database) -> None:
    written(database, 3)
    previous = ""

    for row in database.rows("select * from audit order by id"):
        for name in ("name", "details"):
            text = row[f"{name}_salt"] + row[name]
            assert row[f"{name}_digest"] == hashlib.sha256(text.encode()).hexdigest()
        said = [
            previous, row["id"], row["at"], row["caller"], row["act"], row["subject"],
            row["collections"], row["name_digest"], row["details_digest"],
        ]  # fmt: skip
        text = json.dumps(said, separators=(",", ":"))
        assert row["hash"] == hashlib.sha256(text.encode()).hexdigest()
        previous = row["hash"]


CHANGES = {
    "who": "update audit set caller = 'person:p9' where id = 3",
    "what": "update audit set act = 'key.remove' where id = 3",
    "on what": "update audit set subject = 'k9' where id = 3",
    "when": "update audit set at = '2020-01-01T00:00:00.000Z' where id = 3",
    "the name": "update audit set name = 'Bia' where id = 3",
    "the details": "update audit set details = '{}' where id = 3",
    "behind which wall": "update audit set collections = '[\"c1\"]' where id = 3",
    "the hash": "update audit set hash = replace(hash, substr(hash, 1, 1), 'x') where id = 3",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.guarantee("INS-10")
def test_one_changed_word_shows_at_its_row(database: Database, change: str) -> None:
    written(database, 5)

    tamper(database, CHANGES[change])

    assert verdict(database) == (3, "changed")


def test_a_row_that_was_taken_out_shows(database: Database) -> None:
    written(database, 5)

    tamper(database, "delete from audit where id = 3")

    assert verdict(database) == (3, "missing")


def test_a_row_that_was_taken_out_shows_when_the_others_close_the_gap(database: Database) -> None:
    written(database, 5)

    tamper(
        database,
        "delete from audit where id = 3",
        "update audit set id = 3 where id = 4",
        "update audit set id = 4 where id = 5",
    )

    assert verdict(database) == (3, "changed")


def test_a_row_that_was_slipped_in_shows(database: Database) -> None:
    written(database, 3)
    row = "4, '2026-01-01T00:00:00.000Z', 'person:p2', 'Bia', 'key.create', 'k', '{}'"

    tamper(
        database,
        "insert into audit (id, at, caller, name, act, subject, details, hash)"
        f" values ({row}, hex(randomblob(32)))",
    )

    assert verdict(database) == (4, "changed")


def test_two_rows_that_changed_places_show(database: Database) -> None:
    written(database, 4)

    tamper(
        database,
        "update audit set id = 99 where id = 2",
        "update audit set id = 2 where id = 3",
        "update audit set id = 3 where id = 99",
    )

    assert verdict(database) == (2, "changed")


def test_old_rows_that_were_removed_without_a_word_show(database: Database) -> None:
    written(database, 4)

    tamper(database, "delete from audit where id <= 2")

    assert verdict(database) == (1, "missing")


def test_an_end_that_was_cut_off_shows_to_whoever_kept_the_head(database: Database) -> None:
    written(database, 5)
    kept = head(database)

    tamper(database, "delete from audit where id >= 4")

    assert verdict(database) == (None, None)  # a chain does not know its own length
    assert verdict(database, kept) == (4, "cut")


def test_a_record_that_was_written_anew_shows_to_whoever_kept_the_head(
    database: Database, tmp_path: Path
) -> None:
    written(database, 5)
    kept = head(database)

    tamper(database, "delete from audit")
    written(database, 7)

    assert verdict(database) == (None, None)
    assert verdict(database, kept) == (5, "rewritten")


def test_the_chain_still_runs_through_a_head_kept_long_ago(database: Database) -> None:
    written(database, 3)
    kept = head(database)
    written(database, 3)

    assert verdict(database, kept) == (None, None)


def test_a_head_is_kept_as_one_word(database: Database) -> None:
    written(database, 2)
    kept = head(database)

    assert audit.read_head(f"  {kept} \n") == kept
    assert str(kept) == f"2:{kept.hash}"


@pytest.mark.parametrize("text", ["", "2", "2:", "2:abc", "x:" + "0" * 64, "0:" + "0" * 64, "²"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="not the head of a chain"):
        audit.read_head(text)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set name = 'Bia' where id = 2",
        "update audit set details = '{}' where id = 2",
        "update audit set act = 'x' where id = 2",
        "update audit set id = 9 where id = 2",
        "update audit set hash = '' where id = 2",
        "update audit set name_salt = '' where id = 2",
        "delete from audit where id = 2",
        "delete from audit",
        "insert into audit (at, caller, name, act, subject, details)"
        " values ('', '', '', '', '', '')",
        "insert or replace into audit (id, at, caller, name, act, subject, details, hash)"
        " values (2, '', '', '', '', '', '{}', 'x')",
        "update or replace audit set id = 1 where id = 2",
    ],
)
def test_the_file_itself_refuses_a_change(database: Database, statement: str) -> None:
    written(database, 3)

    with (
        pytest.raises(sqlite3.IntegrityError, match="only appended to"),
        database.write() as db,
    ):
        db.run(statement)

    assert [one.subject for one in everything(database)] == ["k1", "k2", "k3"]


def test_only_the_record_itself_touches_its_table() -> None:
    home = Path(chain.__file__).parent
    verbs = ("update audit", "delete from audit", "insert into audit", "replace into audit")

    offenders = [
        str(file.relative_to(home.parent))
        for file in home.parent.rglob("*.py")
        if home not in file.parents and any(verb in file.read_text("utf-8") for verb in verbs)
    ]

    assert offenders == []


def test_acts_written_by_many_threads_form_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=written, args=(database, 20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = audit.verify(database)

    assert (found.intact, found.rows) == (True, 80)


def test_an_act_whose_change_failed_leaves_no_gap(database: Database) -> None:
    written(database, 2)
    with pytest.raises(ZeroDivisionError), database.write() as db:
        audit.record(db, ANA, "key.create", "k9")
        _ = 1 / 0
    written(database, 1)

    assert [one.id for one in everything(database)] == ["1", "2", "3"]
    assert verdict(database) == (None, None)


def test_a_chain_longer_than_a_page_is_looked_through_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "PAGE", 4)
    written(database, 10)

    assert audit.verify(database).rows == 10
    tamper(database, "update audit set subject = 'x' where id = 9")
    assert verdict(database) == (9, "changed")
