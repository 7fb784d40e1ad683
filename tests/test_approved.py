"""Approved answers as they are kept: one answer a question, counted, gone with what they cite."""

import pytest

from appliance import approved, assistants
from appliance.approved import Approved, Draft
from appliance.database import Database
from appliance.errors import BadRequest, Conflict, NotFound
from appliance.reach import EVERYWHERE, Reach


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as db:
        db.run("insert into collections (id, name, created_at) values ('c', 'Regras', '')")
        return assistants.create(db, name="Secretaria", language="pt", collections=["c"]).id


def make(database: Database, assistant: str, *questions: str, **fields: object) -> Approved:
    draft = Draft(questions=questions, text=str(fields.pop("text", "R$ 1,50.")), **fields)  # type: ignore[arg-type]
    with database.write() as db:
        return approved.create(db, assistant, draft)


def document(database: Database, state: str = "ready") -> str:
    with database.write() as db:
        db.run(
            """
            insert into documents (id, collection, title, file_name, media_type, bytes, sha256,
                state, created_at)
            values ('d', 'c', 'Regimento', 'r.md', 'text/markdown', 1, 'x', :state, '')
            """,
            {"state": state},
        )
    return "d"


def test_an_answer_is_kept_with_its_questions_in_order(database: Database, assistant: str) -> None:
    made = make(database, assistant, "Qual é a multa?", "Quanto pago por atraso?")

    assert approved.get(database, made.id) == made
    assert made.questions == ("Qual é a multa?", "Quanto pago por atraso?")
    assert (made.active, made.hits, made.last_hit_at, made.cited) == (True, 0, None, None)


def test_a_question_has_one_answer(database: Database, assistant: str) -> None:
    make(database, assistant, "Qual é a multa?")

    with pytest.raises(Conflict) as refusal:
        make(database, assistant, "QUAL E A MULTA")

    assert refusal.value.code == "question_approved"
    assert refusal.value.facts == {"question": "Qual é a multa?"}
    assert len(approved.every(database, assistant)) == 1


def test_the_same_question_twice_in_one_answer_is_one(database: Database, assistant: str) -> None:
    assert make(database, assistant, "A multa?", "a multa").questions == ("A multa?",)


@pytest.mark.parametrize(
    ("questions", "code"), [((), "no_question"), (("?!",), "wordless_question")]
)
def test_a_question_needs_words(
    database: Database, assistant: str, questions: tuple[str, ...], code: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        make(database, assistant, *questions)

    assert refusal.value.code == code


def test_more_questions_than_can_be_compared_are_refused(
    database: Database, assistant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approved, "MOST_QUESTIONS", 2)
    make(database, assistant, "Um?", "Dois?")

    with pytest.raises(BadRequest) as refusal:
        make(database, assistant, "Três?")

    assert refusal.value.code == "approved_full"

    assert len(approved.every(database, assistant)) == 1


def test_a_change_keeps_what_was_counted(database: Database, assistant: str) -> None:
    made = make(database, assistant, "Qual é a multa?")
    approved.hit(database, made.id)
    wanted = Draft(questions=("Qual é a multa?", "Multa?"), text="R$ 2,00.", active=False)
    with database.write() as db:
        after = approved.change(db, approved.get(database, made.id), wanted)

    assert (after.hits, after.text, after.active) == (1, "R$ 2,00.", False)
    assert after.last_hit_at is not None
    assert approved.draft(after) == wanted


def test_a_removed_answer_is_gone_with_its_questions(database: Database, assistant: str) -> None:
    made = make(database, assistant, "Qual é a multa?")
    with database.write() as db:
        approved.remove(db, made.id)

    with pytest.raises(NotFound):
        approved.get(database, made.id)
    assert database.rows("select * from approved_questions") == []


def test_they_are_listed_newest_first_page_by_page_and_by_words(
    database: Database, assistant: str
) -> None:
    first = make(database, assistant, "Qual é a multa?")
    second = make(database, assistant, "Onde fica a biblioteca?", text="No térreo.")

    assert approved.every(database, assistant, limit=1) == [second]
    assert approved.every(database, assistant, before=second.id) == [first]
    assert approved.every(database, assistant, words="TÉRREO") == [second]
    assert approved.every(database, assistant, words="multa") == [first]
    assert approved.every(database, "outro") == []


def test_only_answers_that_are_on_are_compared(database: Database, assistant: str) -> None:
    made = make(database, assistant, "Qual é a multa?")
    make(database, assistant, "Onde fica?", active=False)
    (variant,) = approved.variants(database, assistant, ["c"])
    assert (variant.answer, variant.vector) == (made.id, None)

    approved.embedded(database, "words@1", [(variant.id, b"1234")])

    (variant,) = approved.variants(database, assistant, ["c"])
    assert (variant.stamp, variant.vector) == ("words@1", b"1234")


def test_an_answer_that_cites_exists_for_readers_of_what_it_cites(
    database: Database, assistant: str
) -> None:
    made = make(database, assistant, "Qual é a multa?", document=document(database), page=2)
    walled = Reach(closed=frozenset({"c"}), within=None)

    assert approved.every(database, assistant, reach=EVERYWHERE) == [made]
    assert approved.every(database, assistant, reach=walled) == []
    with pytest.raises(NotFound):
        approved.get(database, made.id, reach=walled)
    assert len(approved.variants(database, assistant, ["c"])) == 1
    assert approved.variants(database, assistant, ["other"]) == []


def test_what_cites_a_document_says_once_that_is_gone(database: Database, assistant: str) -> None:
    made = make(database, assistant, "Qual é a multa?", document=document(database), page=2)
    with database.write() as db:
        db.run("delete from documents where id = 'd'")

    cited = approved.get(database, made.id).cited

    assert cited is not None
    assert (cited.document, cited.page) == (None, 2)


def test_a_document_that_is_not_ready_holds_its_answer_back(
    database: Database, assistant: str
) -> None:
    make(database, assistant, "Qual é a multa?", document=document(database, "reading"), page=1)

    assert approved.variants(database, assistant, ["c"]) == []


def test_answers_go_with_their_assistant(database: Database, assistant: str) -> None:
    make(database, assistant, "Qual é a multa?")
    with database.write() as db:
        assistants.remove(db, assistant)

    assert database.rows("select * from approved_answers") == []
