"""Conversations that were handed to a person: once at a time, within walls."""

import pytest

from appliance import assistants, handovers
from appliance.database import Database
from appliance.errors import Conflict, NotFound
from appliance.forms import Filled
from appliance.reach import EVERYWHERE, Reach

ANA = "person:ana"


@pytest.fixture
def assistant(database: Database) -> str:
    with database.write() as db:
        db.run("insert into collections (id, name, created_at) values ('c', 'Regras', '')")
        made = assistants.create(db, name="Secretaria", language="pt", collections=["c"])
        db.run(
            """
            insert into conversations (id, assistant, owner, title, created_at, updated_at)
            values ('t', :assistant, 'person:ana', 'Há piscina?', '', '')
            """,
            {"assistant": made.id},
        )
        db.run(
            """
            insert into messages (id, conversation, question, state, collections, created_at)
            values ('m', 't', 'Há piscina?', 'refused', '["walled"]', '')
            """
        )
    return made.id


def hand_over(database: Database, *, by: str = ANA, note: str = "Obrigada.") -> str:
    with database.write() as db:
        return handovers.ask(db, by, "t", reach_by="ramal 12", note=note)


def only(database: Database, **which: str) -> handovers.Handover:
    (found,) = handovers.every(database, reach=EVERYWHERE, **which)  # type: ignore[arg-type]
    return found


def test_a_conversation_is_handed_over_with_what_its_asker_adds(
    database: Database, assistant: str
) -> None:
    made = hand_over(database)

    found = only(database, state="open", assistant=assistant)
    assert found.id == made

    assert (found.title, found.reach_by, found.note) == ("Há piscina?", "ramal 12", "Obrigada.")
    assert handovers.get(database, found.id, reach=EVERYWHERE) == found


def test_nobody_hands_over_what_is_anothers(database: Database, assistant: str) -> None:
    with pytest.raises(NotFound):
        hand_over(database, by="person:bia")


def test_it_is_handed_over_once_until_somebody_took_care(
    database: Database, assistant: str
) -> None:
    hand_over(database)
    with pytest.raises(Conflict) as refusal:
        hand_over(database)
    assert refusal.value.code == "handed_over_already"

    first = only(database)
    with database.write() as db:
        handovers.settle(db, first.id, "done")
    hand_over(database, note="De novo.")

    assert only(database, state="done").done_at is not None
    assert only(database, state="open").note == "De novo."
    with pytest.raises(Conflict), database.write() as db:
        handovers.settle(db, first.id, "open")


def test_it_is_opened_again(database: Database, assistant: str) -> None:
    hand_over(database)
    with database.write() as db:
        handovers.settle(db, only(database).id, "done")
        handovers.settle(db, only(database).id, "open")

    assert (only(database).state, only(database).done_at) == ("open", None)


@pytest.mark.parametrize("closed", ["c", "walled"])
def test_what_is_behind_a_wall_is_in_no_inbox_outside(
    database: Database, assistant: str, closed: str
) -> None:
    hand_over(database)
    outside = Reach(closed=frozenset({closed}), within=None)

    assert handovers.every(database, reach=outside) == []
    with pytest.raises(NotFound):
        handovers.get(database, only(database).id, reach=outside)


def test_an_editor_has_those_of_their_assistants_alone(database: Database, assistant: str) -> None:
    hand_over(database)

    for edited, count in ((assistant, 1), ("other", 0)):
        reach = Reach(closed=frozenset(), within=None, edited=frozenset({edited}))
        assert len(handovers.every(database, reach=reach)) == count


def test_they_are_listed_newest_first_page_by_page(database: Database, assistant: str) -> None:
    hand_over(database)
    with database.write() as db:
        handovers.settle(db, only(database).id, "done")
    hand_over(database)

    newest, older = handovers.every(database, reach=EVERYWHERE)

    assert newest.id > older.id
    assert handovers.every(database, reach=EVERYWHERE, before=newest.id) == [older]
    assert handovers.every(database, reach=EVERYWHERE, limit=1) == [newest]


def test_a_handover_ends_with_its_conversation(database: Database, assistant: str) -> None:
    hand_over(database)
    with database.write() as db:
        db.run("delete from conversations")

    assert database.rows("select * from handovers") == []


def test_a_form_is_told_to_whoever_reads_it_alone(database: Database, assistant: str) -> None:
    answers = (Filled(label="Nome", value="Zuleica"),)
    with database.write() as db:
        made = handovers.ask(db, ANA, "t", form="Pedir vaga", answers=answers)
    assert handovers.sent(database, "t", "Pedir vaga")
    assert not handovers.sent(database, "t", "Outro")

    assert (only(database).form, only(database).answers) == ("Pedir vaga", ())
    assert handovers.get(database, made, reach=EVERYWHERE).answers == answers
    with database.write() as db, pytest.raises(Conflict) as refusal:
        handovers.ask(db, ANA, "t", form="Pedir vaga", answers=answers)
    assert refusal.value.code == "form_sent_already"
