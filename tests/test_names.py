"""Names: found by any part of a word, whatever its case and accents, and only within reach."""

import msgspec
import pytest

from appliance import assistants, collections, conversations, names
from appliance.reach import EVERYWHERE
from appliance.records import Caller, new_id, timestamp

ANA = Caller(kind="person", id="ana", name="Ana")


@pytest.fixture
def shelf(database):
    with database.write() as db:
        return collections.create(db, "Secretaria").id


def put(database, shelf, title, file_name=None):
    made = new_id()
    with database.write() as db:
        db.run(
            """
            insert into documents
                (id, collection, title, file_name, media_type, bytes, sha256, state, created_at)
            values (:id, :shelf, :title, :file, 'text/plain', 1, :id, 'ready', :now)
            """,
            {
                "id": made, "shelf": shelf, "title": title, "now": timestamp(),
                "file": file_name or f"{title}.txt",
            },
        )  # fmt: skip
    return made


def titles(database, wanted, *, reach=EVERYWHERE, limit=5):
    found = names.documents(database, wanted, reach=reach, limit=limit)
    return [one.name for one in found]


@pytest.mark.parametrize(
    "wanted",
    [
        "Rescisão",
        "rescisao",
        "RESCISÃO",
        "cisão",
        "contrato rescisao",
        "resc contr",
        "rescisa\u0303o",
    ],
)
def test_a_document_is_found_by_parts_of_its_words_without_accents(database, shelf, wanted):
    put(database, shelf, "Rescisão de contrato")
    put(database, shelf, "Regimento interno")

    assert titles(database, wanted) == ["Rescisão de contrato"]


@pytest.mark.parametrize(
    "title", ["Lei nº 8.245", "Ac\u0327a\u0303o civil – 2024", "Žižek, um parecer", "Área de 40 m²"]
)
def test_signs_of_any_kind_in_a_name_hide_nothing(database, shelf, title):
    put(database, shelf, title)

    plain = {"L": "lei no 8.245", "A": "acao civil", "Ž": "zizek", "Á": "area m2"}[title[:1]]
    assert titles(database, plain) == [title]


@pytest.mark.parametrize("wanted", ["%", "_", "a%b", "100%", "*", "[a-z]", "'; drop table x;--"])
def test_what_means_something_to_a_database_means_nothing_here(database, shelf, wanted):
    put(database, shelf, "Ata de reunião")

    assert titles(database, wanted) == []


def test_a_percent_sign_is_found_where_it_stands(database, shelf):
    put(database, shelf, "Multa de 100%")

    assert titles(database, "100%") == ["Multa de 100%"]


def test_a_document_is_found_by_the_name_of_its_file(database, shelf):
    put(database, shelf, "Regimento", "scan-0042.pdf")

    assert titles(database, "scan-0042") == ["Regimento"]


def test_what_begins_with_the_words_comes_first_then_the_newest(database, shelf):
    for title in ("Prazo de ata", "Data de corte", "Ata de maio", "Ata de junho"):
        put(database, shelf, title)

    assert titles(database, "ata") == [
        "Ata de junho",
        "Ata de maio",
        "Prazo de ata",
        "Data de corte",
    ]
    assert titles(database, "ata", limit=2) == ["Ata de junho", "Ata de maio"]


def test_without_words_nothing_is_meant(database, shelf):
    put(database, shelf, "Ata de maio")

    assert titles(database, "") == titles(database, "   ") == []


def test_a_document_says_where_it_lies(database, shelf):
    made = put(database, shelf, "Ata de maio")

    (found,) = names.documents(database, "maio", reach=EVERYWHERE, limit=5)

    assert (found.kind, found.id, found.within) == ("document", made, "Secretaria")


def test_nothing_is_found_beyond_reach(database, shelf):
    put(database, shelf, "Ata de maio")
    closed = msgspec.structs.replace(EVERYWHERE, closed=frozenset({shelf}))
    elsewhere = msgspec.structs.replace(EVERYWHERE, within=frozenset({"another"}))

    for reach in (closed, elsewhere):
        assert titles(database, "maio", reach=reach) == []
        assert names.collections(database, "secretaria", reach=reach, limit=5) == []
    assert len(names.collections(database, "secretaria", reach=EVERYWHERE, limit=5)) == 1


def test_ones_own_conversations_are_found_by_their_first_question(database, shelf):
    with database.write() as db:
        made = assistants.create(db, name="Biblioteca", language="pt", collections=[shelf]).id
    asked = conversations.ask(database, ANA, made, "Qual é a multa por atraso?", None)

    def found(owner, using):
        return names.conversations(database, "atraso", owner=owner, using=using, limit=5)

    (one,) = found("person:ana", [made])
    assert (one.id, one.within, one.assistant) == (asked.conversation, "Biblioteca", made)
    assert found("person:eva", [made]) == []
    assert found("person:ana", []) == [], "its assistant is not theirs any more"


def test_only_the_newest_that_may_be_meant_are_looked_at(database, shelf, monkeypatch):
    monkeypatch.setattr(names, "LOOKED_AT", 2)
    for number in range(4):
        put(database, shelf, f"Ata {number}")

    assert titles(database, "ata") == ["Ata 3", "Ata 2"]
