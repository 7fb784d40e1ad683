"""Only documents in force on the day that is asked about are found, by either engine."""

from pathlib import Path
from typing import Any

import pytest

from appliance.answering import finding
from appliance.database import Database
from tests.answering.shelf import Shelf

OLD = "A multa por atraso na biblioteca é de dois reais por dia."
NEW = "A multa por atraso na biblioteca é de cinco reais por dia."


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    return Shelf(database, tmp_path)


def dated(shelf: Shelf, document: str, **facts: Any) -> None:
    with shelf.database.write() as db:
        for name, value in facts.items():
            db.run(
                f"update documents set {name} = :value where id = :id",
                {"value": value, "id": document},
            )


def found(shelf: Shelf, query: str, day: str | None = None) -> list[str]:
    passages = shelf.finder.search([shelf.collection()], query, as_of=day).passages
    return list(dict.fromkeys(passage.document.id for passage in passages))


@pytest.mark.parametrize("blind", [False, True], ids=["both engines", "keywords alone"])
def test_what_has_ended_or_not_begun_is_not_found(
    database: Database, tmp_path: Path, blind: bool
) -> None:
    shelf = Shelf(database, tmp_path, blind=blind)
    for name in ("ended", "coming", "valid"):
        shelf.put(name, OLD)
    dated(shelf, "ended", valid_to="2020-12-31")
    dated(shelf, "coming", valid_from="2999-01-01")

    assert found(shelf, "multa biblioteca") == ["valid"]
    assert set(found(shelf, "multa biblioteca", "2020-12-31")) == {"ended", "valid"}
    assert set(found(shelf, "multa biblioteca", "2999-01-01")) == {"coming", "valid"}


def test_a_superseded_document_is_found_by_its_meaning_no_more(shelf: Shelf) -> None:
    shelf.put("old", "gato gato gato")
    shelf.put("new", "cachorro cachorro cachorro")
    dated(shelf, "new", supersedes="old")

    assert shelf.embedder
    vector = shelf.embedder.embed(["gato"])[0]
    near = shelf.finder._nearest([shelf.collection()], vector, shelf.embedder.stamp, ["old"])

    assert {chunk.document.id for chunk in shelf.chunks.fetch([shelf.collection()], near)} == {
        "new"
    }
    assert found(shelf, "gato") == ["new"]


def test_many_former_versions_do_not_hide_the_one_in_force(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MEANING_MOST", 2)
    monkeypatch.setattr(finding, "_WINDOWS_MOST", 2)
    monkeypatch.setattr(finding, "KEYWORD_MOST", 2)
    for number in range(8):
        shelf.put(f"v{number}", f"{OLD} Versão {number}.")
        if number:
            dated(shelf, f"v{number}", supersedes=f"v{number - 1}")

    assert found(shelf, "multa por atraso na biblioteca") == ["v7"]


def test_the_day_itself_belongs_to_both_ends(shelf: Shelf) -> None:
    shelf.put("old", OLD)
    shelf.put("new", NEW)
    dated(shelf, "old", valid_to="2026-01-31")
    dated(shelf, "new", valid_from="2026-02-01", supersedes="old")

    assert found(shelf, "multa biblioteca", "2026-01-31") == ["old"]
    assert found(shelf, "multa biblioteca", "2026-02-01") == ["new"]


def test_a_house_without_dates_is_searched_as_before(shelf: Shelf) -> None:
    shelf.put("one", OLD)

    assert found(shelf, "multa") == found(shelf, "multa", "1999-01-01") == ["one"]
