"""What the record of acts forgets, and that its chain holds all the same (LGPD-06, LGPD-08)."""

import hashlib

from appliance import audit
from appliance.database import Database
from tests.audit.writing import ANA, BIA, everything, now, tamper, written


def test_a_persons_name_and_what_was_said_of_them_go_and_the_chain_holds(
    database: Database,
) -> None:
    with database.write() as db:
        audit.record(db, BIA, "session.begin", "p2")
        audit.record(db, ANA, "person.change", "p2", email="bia@casa.test")
        audit.record(db, BIA, "document.add", "d1", title="Plano")

    with database.write() as db:
        assert audit.blank(db, ANA, by="person:p2", about="p2") == 4

    begun, changed, added, blanked = everything(database)
    assert (begun.name, begun.details) == ("", {})
    assert (changed.name, changed.details) == ("Ana Prado", {})
    assert (added.name, added.details) == ("", {"title": "Plano"})
    assert (blanked.act, blanked.subject, blanked.details) == ("audit.blank", "p2", {"rows": 4})
    found = audit.verify(database)
    assert (found.intact, found.blanked) == (True, 3)


def test_nothing_that_is_left_of_an_erased_name_can_be_tried_against_names(
    database: Database,
) -> None:
    with database.write() as db:
        audit.record(db, BIA, "session.begin", "p2")
        audit.blank(db, ANA, by="person:p2")

    row = database.row("select * from audit where id = 1")

    assert row is not None
    assert row["name_salt"] == ""  # 128 random bits, and gone
    assert hashlib.sha256(BIA.name.encode()).hexdigest() != row["name_digest"]


def test_an_erased_name_is_found_no_more(database: Database) -> None:
    with database.write() as db:
        audit.record(db, BIA, "session.begin", "p2")
    wanted = audit.wanted(words="Bia")
    assert len(audit.newest(database, wanted, limit=9)) == 1

    with database.write() as db:
        audit.blank(db, ANA, by="person:p2")

    assert audit.newest(database, wanted, limit=9) == []


def test_an_erased_name_is_in_no_byte_of_the_file(database: Database) -> None:
    with database.write() as db:
        audit.record(db, BIA, "session.begin", "p2", word="zibelina")
        audit.blank(db, ANA, by="person:p2", about="p2")
        db.run("insert into audit_words(audit_words) values ('optimize')")
    with database.connection() as connection:
        connection.conn.execute("pragma wal_checkpoint(truncate)")
        connection.conn.execute("vacuum")
        connection.conn.execute("pragma wal_checkpoint(truncate)")

    kept = database.path.read_bytes().lower()

    assert b"zibelina" not in kept
    assert "bia sá".encode() not in kept


def test_to_erase_what_is_not_there_is_no_act(database: Database) -> None:
    written(database, 2)

    with database.write() as db:
        assert audit.blank(db, ANA, by="person:p9", about="p9") == 0
        assert audit.blank(db, ANA) == 0

    assert len(everything(database)) == 2


def test_a_name_that_was_changed_and_not_erased_shows(database: Database) -> None:
    with database.write() as db:
        audit.record(db, BIA, "session.begin", "p2")
        audit.blank(db, ANA, by="person:p2")

    tamper(database, "update audit set details = '{\"x\":1}' where id = 1")

    assert audit.verify(database).broken == 1


def test_old_rows_go_and_what_is_left_says_up_to_which(database: Database) -> None:
    written(database, 5)
    old = audit.head(database)
    moment = now()
    written(database, 2)

    with database.write() as db:
        assert audit.forget_before(db, ANA, moment) == 5

    *_, last = left = everything(database)
    assert [one.id for one in left] == ["6", "7", "8"]
    assert (last.act, last.subject) == ("audit.forget", str(old))
    assert last.details == {"before": moment, "rows": 5}
    found = audit.verify(database)
    assert (found.intact, found.rows, found.forgotten) == (True, 3, 5)


def test_old_rows_go_again_and_again(database: Database) -> None:
    for _ in range(3):
        written(database, 4)
        with database.write() as db:
            audit.forget_before(db, ANA, now())

    (left,) = everything(database)

    assert left.act == "audit.forget"
    assert audit.verify(database).intact


def test_where_nothing_is_old_nothing_goes_and_nothing_is_said(database: Database) -> None:
    written(database, 2)

    with database.write() as db:
        assert audit.forget_before(db, ANA, "2020-01-01T00:00:00.000Z") == 0

    assert len(everything(database)) == 2


def test_a_row_taken_from_behind_the_forgotten_ones_shows(database: Database) -> None:
    written(database, 4)
    moment = now()
    written(database, 3)
    with database.write() as db:
        audit.forget_before(db, ANA, moment)

    tamper(database, "delete from audit where id = 5")

    assert audit.verify(database).broken == 5


def test_a_head_from_among_the_forgotten_rows_is_no_breach(database: Database) -> None:
    written(database, 4)
    kept = audit.head(database)
    with database.write() as db:
        audit.forget_before(db, ANA, now())

    assert audit.verify(database, kept).intact


def test_what_was_forgotten_is_found_no_more(database: Database) -> None:
    written(database, 1)
    with database.write() as db:
        audit.forget_before(db, ANA, now())

    assert audit.newest(database, audit.wanted(words="robô"), limit=9) == []
