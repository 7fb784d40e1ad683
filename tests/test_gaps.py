"""Groups of unanswered questions: counted, settled, undone, and gone with their words."""

from collections.abc import Sequence

import pytest

from appliance import assistants, gaps, widgets
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.gaps import Gap, Unsorted
from appliance.reach import EVERYWHERE, Reach
from appliance.records import new_id, timestamp


class Desk:
    """An assistant that was asked, and a way to ask it and to sort what it refused."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as db:
            db.run("insert into collections (id, name, created_at) values ('c', 'Regras', '')")
            made = assistants.create(db, name="Secretaria", language="pt", collections=["c"])
        self.assistant = made.id

    def ask(self, question: str, *, by: str = "person:1", state: str = "refused",
            good: bool | None = None, collections: Sequence[str] = ()) -> str:  # fmt: skip
        """A question with its outcome; the id of its message."""
        talk, message = new_id(), new_id()
        with self.database.write() as db:
            db.run(
                """
                insert into conversations (id, assistant, owner, title, created_at, updated_at)
                values (:id, :assistant, :owner, '', :now, :now)
                """,
                {"id": talk, "assistant": self.assistant, "owner": by, "now": timestamp()},
            )
            db.run(
                """
                insert into messages (id, conversation, question, state, good, collections,
                    created_at)
                values (:id, :talk, :question, :state, :good, :collections, :now)
                """,
                {
                    "id": message, "talk": talk, "question": question, "state": state,
                    "good": good, "now": timestamp(),
                    "collections": "[" + ",".join(f'"{one}"' for one in collections) + "]",
                },
            )  # fmt: skip
        return message

    def put(self, *, gap: str | None = None, keys: Sequence[str] = ("k",)) -> str:
        """Sort the next question into a group, or into one of its own."""
        (one,) = gaps.unsorted(self.database, 1)
        with self.database.write() as db:
            return gaps.put(db, one, gap, keys=keys, stamp="words@1", vector=b"1234")

    def asked(self, question: str, *, gap: str | None = None, by: str = "person:1") -> str:
        self.ask(question, by=by)
        return self.put(gap=gap)

    def get(self, gap: str, reach: Reach = EVERYWHERE) -> Gap:
        return gaps.get(self.database, gap, reach=reach)

    def every(self, reach: Reach = EVERYWHERE, **which: str) -> list[Gap]:
        return gaps.every(self.database, reach=reach, **which)  # type: ignore[arg-type]

    def settle(self, gap: str, state: gaps.State, **by: str) -> None:
        with self.database.write() as db:
            gaps.settle(db, self.get(gap), state, **by)

    def undo(self, gap: str) -> str | None:
        with self.database.write() as db:
            return gaps.undo(db, self.get(gap))


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_refused_and_disliked_questions_are_looked_at_and_no_others(desk: Desk) -> None:
    refused = desk.ask("Há piscina?")
    desk.ask("Qual é a multa?", state="answered")
    desk.ask("Qual é o prazo?", state="answered", good=True)
    disliked = desk.ask("Onde fica?", state="answered", good=False)

    found = gaps.unsorted(desk.database, 10)

    assert [one.message for one in found] == [refused, disliked]
    assert found[0] == Unsorted(
        message=refused, assistant=desk.assistant, language="pt", question="Há piscina?"
    )


def test_a_group_counts_questions_people_and_what_was_wrong(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    desk.asked("Tem piscina?", gap=gap)
    desk.ask("A piscina abre?", by="person:2", state="answered", good=False)
    desk.put(gap=gap)

    found = desk.get(gap)

    assert (found.question, found.state) == ("Há piscina?", "open")
    assert (found.questions, found.askers, found.refused, found.disliked) == (3, 2, 2, 1)
    assert found.first_asked_at <= found.last_asked_at
    assert gaps.unsorted(desk.database, 10) == []


def test_the_largest_group_comes_first_page_by_page(desk: Desk) -> None:
    small = desk.asked("Há piscina?")
    large = desk.asked("Quando é a matrícula?")
    desk.asked("Quando é a matrícula mesmo?", gap=large)
    last = desk.asked("Onde estaciono?")

    first = desk.every(limit=1)  # type: ignore[arg-type]
    rest = desk.every(cursor=gaps.cursor_of(first[0]))

    assert [one.id for one in first] == [large]
    assert [one.id for one in rest] == [last, small]
    assert desk.every(cursor=gaps.cursor_of(rest[-1])) == []


def test_keys_lead_to_the_first_question_of_a_group_and_only_there(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    desk.asked("Tem piscina?", gap=gap)

    (leader,) = gaps.near(desk.database, desk.assistant, ["other", "k"])

    assert (leader.gap, leader.question, leader.vector) == (gap, "Há piscina?", b"1234")
    assert gaps.near(desk.database, desk.assistant, ["other"]) == []
    assert gaps.near(desk.database, "another", ["k"]) == []


def test_examples_are_the_newest_each_once(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    desk.asked("HÁ PISCINA?", gap=gap, by="person:2")
    desk.asked("Tem piscina?", gap=gap)

    told = gaps.examples(desk.database, gap, reach=EVERYWHERE)

    assert [one.question for one in told] == ["Tem piscina?", "HÁ PISCINA?"]
    assert "person" not in str(told)


def test_a_change_is_undone_with_the_answer_that_was_written(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    with desk.database.write() as db:
        db.run(
            "insert into approved_answers (id, assistant, text, created_at, updated_at)"
            " values ('r', :assistant, 'Não.', '', '')",
            {"assistant": desk.assistant},
        )
    desk.settle(gap, "answered", answer="r")
    assert (desk.get(gap).state, desk.get(gap).answer) == ("answered", "r")
    assert desk.get(gap).undoable

    assert desk.undo(gap) == "r"

    assert (desk.get(gap).state, desk.get(gap).answer) == ("open", None)
    with pytest.raises(Conflict) as refusal:
        desk.undo(gap)
    assert refusal.value.code == "gap_not_undoable"


def test_told_is_undone_to_answered_and_keeps_the_answer(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    desk.settle(gap, "answered")
    desk.settle(gap, "told")

    assert desk.undo(gap) is None
    assert desk.get(gap).state == "answered"


@pytest.mark.parametrize(
    ("state", "after"), [("answered", "open"), ("told", "open"), ("dismissed", "dismissed")]
)
def test_a_new_question_opens_a_settled_group_but_no_dismissed_one(
    desk: Desk, state: gaps.State, after: str
) -> None:
    gap = desk.asked("Há piscina?")
    with desk.database.write() as db:
        gaps.settle(db, desk.get(gap), state)
        db.run("update gaps set changed_at = '2020-01-01T00:00:00.000Z'")

    desk.asked("Tem piscina?", gap=gap)

    assert desk.get(gap).state == after
    assert desk.every(state=after)[0].id == gap


def test_a_question_asked_before_the_answer_does_not_open_it_again(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    desk.ask("Tem piscina?")
    with desk.database.write() as db:
        db.run("update messages set created_at = '2020-01-01T00:00:00.000Z'")
    desk.settle(gap, "answered")

    desk.put(gap=gap)

    assert desk.get(gap).state == "answered"


def test_a_group_ends_with_its_last_question(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    with desk.database.write() as db:
        db.run("delete from conversations")

    with pytest.raises(NotFound):
        desk.get(gap)
    for table in ("gaps", "gap_questions", "gap_keys"):
        assert desk.database.rows(f"select * from {table}") == []


def test_a_group_without_its_first_question_is_led_by_the_next(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    second = desk.ask("Tem piscina?")
    desk.put(gap=gap)
    with desk.database.write() as db:
        db.run("delete from messages where id != :second", {"second": second})

    ((found, one, kept),) = gaps.leaderless(desk.database, 10)
    assert (found, one.message, kept["vector"]) == (gap, second, b"1234")
    with desk.database.write() as db:
        gaps.lead(db, found, one, ["k"])

    assert gaps.leaderless(desk.database, 10) == []
    assert desk.get(gap).question == "Tem piscina?"
    assert [one.gap for one in gaps.near(desk.database, desk.assistant, ["k"])] == [gap]


def test_a_question_whose_answer_helped_after_all_leaves(desk: Desk) -> None:
    message = desk.ask("Onde fica?", state="answered", good=False)
    gap = desk.put()
    with desk.database.write() as db:
        db.run("update messages set good = 1 where id = :id", {"id": message})
        assert gaps.release(db) == 1

    with pytest.raises(NotFound):
        desk.get(gap)


def test_an_editor_has_the_groups_of_their_assistants_alone(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    editor = Reach(closed=frozenset(), within=None, edited=frozenset({desk.assistant}))
    other = Reach(closed=frozenset(), within=None, edited=frozenset({"other"}))

    assert [one.id for one in desk.every(editor)] == [gap]
    assert desk.every(other) == []
    with pytest.raises(NotFound):
        desk.get(gap, other)


def test_what_is_behind_a_wall_is_no_gap_of_whoever_is_outside(desk: Desk) -> None:
    gap = desk.asked("Há piscina?")
    outside = Reach(closed=frozenset({"c"}), within=None)

    assert desk.every(outside) == []
    assert gaps.examples(desk.database, gap, reach=outside) == []


def test_an_answer_from_a_closed_collection_is_no_question_of_theirs(desk: Desk) -> None:
    desk.ask("Qual é a senha?", state="answered", good=False, collections=["walled"])
    gap = desk.put()
    desk.asked("Qual é o código?", gap=gap)
    outside = Reach(closed=frozenset({"walled"}), within=None)

    found = desk.get(gap, outside)

    assert (found.question, found.questions) == ("Qual é o código?", 1)
    assert len(gaps.examples(desk.database, gap, reach=outside)) == 1
    assert desk.get(gap).questions == 2


def children(desk: Desk, count: int) -> str:
    with desk.database.write() as db:
        widgets.address_to(db, desk.assistant, "minors")
    gap = desk.asked("Quando começa a piscina do Rafael?", by="visitor:1")
    for n in range(2, count + 1):
        desk.asked(f"Quando abre a piscina da turma {n}?", gap=gap, by=f"visitor:{n}")
    return gap


@pytest.mark.guarantee("LGPD-11")
def test_of_fewer_than_five_minors_nothing_is_told(desk: Desk) -> None:
    gap = children(desk, 4)

    assert desk.every() == []
    with pytest.raises(NotFound):
        desk.get(gap)


@pytest.mark.guarantee("LGPD-11")
def test_of_five_minors_only_the_words_that_five_of_them_used_are_told(desk: Desk) -> None:
    gap = children(desk, 6)

    found = desk.get(gap)

    assert (found.questions, found.askers) == (6, 6)
    assert found.question == "abre · piscina · quando · turma"
    assert gaps.examples(desk.database, gap, reach=EVERYWHERE) == []


def test_one_child_who_asks_five_times_is_one(desk: Desk) -> None:
    gap = children(desk, 1)
    for _ in range(5):
        desk.asked("Quando abre a piscina?", gap=gap, by="visitor:1")

    assert desk.every() == []


def test_what_a_teacher_asked_is_told_beside_what_children_did(desk: Desk) -> None:
    gap = children(desk, 5)
    desk.asked("Qual é o horário da piscina?", gap=gap, by="person:1")

    assert desk.get(gap).question == "Qual é o horário da piscina?"
    assert len(gaps.examples(desk.database, gap, reach=EVERYWHERE)) == 1
