"""Acts are found by who, what, on what, when, and any word."""

from datetime import UTC, datetime, timedelta

import pytest

from appliance import audit
from appliance.audit import acts, searching
from appliance.database import Database
from appliance.errors import BadRequest
from appliance.reach import Reach
from appliance.records import Caller, timestamp
from tests.audit.writing import ANA, BIA

ROBOT = Caller(kind="key", id="k7", name="robô")


@pytest.fixture
def told(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Five acts, an hour apart, the first at noon of the last day of March."""
    moment = datetime(2026, 3, 31, 12, tzinfo=UTC)

    def hour_by_hour() -> str:
        nonlocal moment
        moment += timedelta(hours=1)
        return timestamp(moment - timedelta(hours=1))

    monkeypatch.setattr(acts, "timestamp", hour_by_hour)
    with database.write() as db:
        audit.record(db, ANA, "person.create", "p2", role="editor")
        audit.record(db, BIA, "document.add", "d1", title="Convenção coletiva de trabalho")
        audit.record(db, BIA, "document.remove", "d1", title="Convenção coletiva de trabalho")
        audit.record(db, ROBOT, "document.add", "d2", collections=["walled"], title="Cessão")
        moment += timedelta(hours=9)
        audit.record(db, ANA, "documents.export", "", count=2)
    return database


def found(database: Database, **wanted: str) -> list[str]:
    """Acts and subjects, oldest first."""
    entries = audit.newest(database, audit.wanted(**wanted), limit=50)[::-1]
    return [f"{one.act} {one.subject}".strip() for one in entries]


def test_without_a_wish_all_of_them_are_found(told: Database) -> None:
    assert len(found(told)) == 5


@pytest.mark.parametrize("who", ["Bia", "bia sa", "BIA SÁ", "sá", "person:p2", " Bia "])
def test_by_who_did_it(told: Database, who: str) -> None:
    assert found(told, who=who) == ["document.add d1", "document.remove d1"]


def test_who_is_never_found_among_what_was_done(told: Database) -> None:
    assert found(told, who="convenção") == []


def test_by_what_was_done(told: Database) -> None:
    assert found(told, act="document.add") == ["document.add d1", "document.add d2"]


def test_by_a_family_of_acts(told: Database) -> None:
    acts = ["document.add d1", "document.remove d1", "document.add d2"]

    assert found(told, act="document") == acts


def test_by_what_it_was_done_to(told: Database) -> None:
    assert found(told, subject="d1") == ["document.add d1", "document.remove d1"]


@pytest.mark.parametrize(
    "words", ["convencao", "CONVENÇÃO trab", "trabalho coletiva", '"coletiva"']
)
def test_by_words_without_accents_and_half_written(told: Database, words: str) -> None:
    assert found(told, words=words) == ["document.add d1", "document.remove d1"]


def test_every_word_has_to_be_there(told: Database) -> None:
    assert found(told, words="convenção remove") == ["document.remove d1"]
    assert found(told, words="convenção banana") == []


def test_by_days_the_last_one_included(told: Database) -> None:
    assert len(found(told, since="2026-03-31", until="2026-03-31")) == 4
    assert found(told, since="2026-04-01") == ["documents.export"]
    assert len(found(told, until="2026-03-30")) == 0


def test_by_moments_of_any_zone(told: Database) -> None:
    wanted = {"since": "2026-03-31T10:00:00-03:00", "until": "2026-03-31T14:00:00Z"}

    assert found(told, **wanted) == ["document.add d1"]


@pytest.mark.parametrize("moment", ["ontem", "2026-13-01", "31/03/2026", "2026-03-31Tx", "9" * 40])
def test_what_is_no_moment_is_refused(moment: str) -> None:
    with pytest.raises(BadRequest, match="neither a date nor a moment"):
        audit.wanted(since=moment)


def test_by_several_wishes_at_once(told: Database) -> None:
    assert found(told, who="bia", act="document.add", words="coletiva") == ["document.add d1"]
    assert found(told, who="ana", subject="d1") == []


@pytest.mark.parametrize(
    "words",
    ['"', "a\" OR 1=1 --", "NEAR(", "name : x", "*", "'; drop table audit", "^", "a AND", "-", "{}",
     "x " * 10_000, "\0", "ação" * 50],
)  # fmt: skip
def test_no_way_of_writing_is_more_than_words(told: Database, words: str) -> None:
    assert found(told, words=f"{words} banana") == []
    assert found(told, who=f"{words} banana") == []
    assert len(found(told)) == 5


def test_a_reader_goes_on_after_the_last_one_seen_within_what_is_wanted(told: Database) -> None:
    wanted = audit.wanted(words="document")
    first = audit.newest(told, wanted, limit=2)
    rest = audit.newest(told, wanted, limit=2, before=first[-1].id)

    assert [one.id for one in first + rest] == ["5", "4", "3", "2"]


def test_what_is_behind_a_wall_is_found_by_no_wish(told: Database) -> None:
    reach = Reach(closed=frozenset(["walled"]), within=None)

    for wish in ({}, {"words": "cessão"}, {"subject": "d2"}, {"who": "robô"}, {"act": "document"}):
        entries = audit.newest(told, audit.wanted(**wish), reach=reach, limit=9)
        assert "d2" not in [one.subject for one in entries]


def test_the_names_of_all_acts_are_known(told: Database) -> None:
    acts = ["document.add", "document.remove", "documents.export", "person.create"]

    assert audit.known_acts(told) == acts


def test_a_record_without_acts_knows_none(database: Database) -> None:
    assert audit.known_acts(database) == []


def test_all_of_them_are_walked_through_oldest_first(
    told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)

    pages = list(audit.walk(told, audit.wanted()))

    assert [[one.id for one in page] for page in pages] == [["1", "2"], ["3", "4"], ["5"]]


@pytest.mark.parametrize(
    ("wish", "index"),
    [
        ({"words": "coletiva"}, "VIRTUAL TABLE INDEX"),
        ({"act": "document.add"}, "audit_by_act"),
        ({"act": "document"}, "audit_by_act"),
        ({"subject": "d1"}, "audit_by_subject"),
        ({"since": "2026-03-31", "until": "2026-03-31"}, "audit_by_time"),
    ],
    ids=str,
)
def test_no_search_reads_the_whole_record(told: Database, wish: dict[str, str], index: str) -> None:
    sql, values = searching._query(audit.wanted(**wish), Reach(frozenset(), None))
    plan = " ".join(row["detail"] for row in told.rows(f"explain query plan {sql} desc", values))

    assert index in plan
    assert "SCAN audit " not in plan + " "
