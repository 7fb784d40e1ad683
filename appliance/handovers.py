"""The handovers: conversations that their asker gave to a person of the house, to be read, and
the forms that they filled in on the way.

Whoever asks does it themselves, and so may the assistant's editors read that conversation,
which otherwise takes a reason. What was filled in is told by ``get`` alone: who reads it is on
record. A handover ends with its conversation.
"""

import json
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotFound
from appliance.forms import Filled
from appliance.reach import BEFORE_THE_WALLS, Reach
from appliance.records import Record, new_id, timestamp

State = Literal["open", "done"]


class Handover(Record, frozen=True):
    """``reach_by`` is how the asker wants to be reached; ``title`` the first question; ``form``
    the title of the form that was filled in, "" for none, and ``answers`` what was."""

    id: str
    assistant: str
    conversation: str
    title: str
    state: State
    reach_by: str
    note: str
    created_at: str
    done_at: str | None
    form: str = ""
    answers: tuple[Filled, ...] = ()


def ask(
    db: Writer,
    owner: str,
    conversation: str,
    *,
    reach_by: str = "",
    note: str = "",
    form: str = "",
    answers: Sequence[Filled] = (),
) -> str:
    """Hand a conversation of its ``owner`` ("kind:id") over, or a ``form`` filled in there; the
    id of the handover. Raises ``NotFound``, and ``Conflict`` (``handed_over_already``,
    ``form_sent_already``) while nobody has taken it."""
    row = db.row(
        "select assistant from conversations where id = :id and owner = :owner",
        {"id": conversation, "owner": owner},
    )
    if row is None:
        raise NotFound
    made = new_id()
    added = db.run(
        """
        insert or ignore into handovers
            (id, assistant, conversation, reach_by, note, form, answers, created_at)
        values (:id, :assistant, :conversation, :reach_by, :note, :form, :answers, :now)
        """,
        {
            "id": made, "assistant": row["assistant"], "conversation": conversation,
            "reach_by": reach_by, "note": note, "form": form,
            "answers": msgspec.json.encode(answers).decode(), "now": timestamp(),
        },
    )  # fmt: skip
    if not added:
        raise Conflict("form_sent_already" if form else "handed_over_already")
    return made


def sent(database: Database, conversation: str, form: str) -> bool:
    """Whether a form was sent from a conversation and nobody has taken it yet."""
    row = database.row(
        """
        select 1 as one from handovers
        where conversation = :conversation and form = :form and state = 'open'
        """,
        {"conversation": conversation, "form": form},
    )
    return row is not None


_HANDOVERS = f"""
    select h.*, c.title from handovers h join conversations c on c.id = h.conversation
    where (:id = '' or h.id = :id) and (:state = '' or h.state = :state)
        and (:assistant = '' or h.assistant = :assistant)
        and (:before = '' or h.id < :before)
        and (:edited is null or h.assistant in (select value from json_each(:edited)))
        and {BEFORE_THE_WALLS}
    order by h.id desc limit :limit
"""  # noqa: S608 -- constant conditions


def every(
    database: Database,
    *,
    reach: Reach,
    state: str = "",
    assistant: str = "",
    before: str = "",
    limit: int = 50,
) -> list[Handover]:
    """The handovers of the assistants that a caller may change, the newest first, those before
    the cursor ``before``."""
    return _found(
        database, reach, id="", state=state, assistant=assistant, before=before, limit=limit
    )


def get(database: Database, handover_id: str, *, reach: Reach) -> Handover:
    """One of those; raises ``NotFound``."""
    found = _found(
        database, reach, id=handover_id, state="", assistant="", before="", limit=1
    ) if handover_id else []  # fmt: skip
    if not found:
        raise NotFound
    return found[0]


def settle(db: Writer, handover_id: str, state: State) -> None:
    """Say that somebody took care of it, or that nobody has. Raises ``Conflict``
    (``handed_over_already``) where its conversation was handed over once more."""
    again = db.row(
        """
        select 1 as one from handovers other join handovers this on this.id = :id
        where other.conversation = this.conversation and other.form = this.form
            and other.state = 'open' and other.id != this.id
        """,
        {"id": handover_id},
    )
    if state == "open" and again:
        raise Conflict("handed_over_already")
    db.run(
        """
        update handovers set state = :state,
            done_at = case :state when 'done' then :now end
        where id = :id
        """,
        {"id": handover_id, "state": state, "now": timestamp()},
    )


def _found(database: Database, reach: Reach, **values: Any) -> list[Handover]:
    edited = None if reach.edited is None else json.dumps(sorted(reach.edited))
    rows = database.rows(_HANDOVERS, values | {"edited": edited, "closed": reach.values["closed"]})
    return [_handover(row, whole=bool(values["id"])) for row in rows]


def _handover(row: Row, *, whole: bool) -> Handover:
    answers = msgspec.json.decode(row["answers"]) if whole else ()
    return msgspec.convert(row | {"answers": answers}, Handover)
