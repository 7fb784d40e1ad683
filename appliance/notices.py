"""The notices: what visitors are told of their data before they may ask (LGPD, arts. 7 to 9).

Each version is kept as it was shown, so that what somebody accepted can be read years
later. What an editor leaves empty says the house's own sentence in the assistant's
language. How long conversations are kept is never typed: it is what the appliance does.

By default a visitor takes notice ("acknowledgement": the house has another legal basis for
answering); where the house chooses consent, it can be taken back.
"""

from typing import Any, Literal

import msgspec

from appliance.database import Database, Row, Writer
from appliance.errors import Conflict, NotAllowed, NotFound, sentence
from appliance.records import Caller, Record, timestamp

Basis = Literal["acknowledgement", "consent"]
WRITTEN = ("basis", "text", "controller", "contact", "purpose", "link")


class Notice(Record, frozen=True):
    """One version as it is shown: who is responsible (the controller), whom to ask (the data
    protection officer), what for, for how long, and what not to type."""

    version: int
    basis: Basis
    text: str
    controller: str
    contact: str
    purpose: str
    retention: str
    sensitive: str
    link: str
    created_at: str
    guardian: str = ""  # what whoever looks after a minor has to know


def current(database: Database, assistant_id: str) -> Notice:
    """The notice in force; an assistant that had none gets the default one, and where
    conversations are kept for another time by now, it says so. Raises ``NotFound``."""
    of = database.row(_ABOUT, {"assistant": assistant_id})
    row = database.row(f"{_NEWEST} limit 1", {"assistant": assistant_id})
    if of and row and row["retention"] == _kept(of):
        return msgspec.convert(row, Notice)
    with database.write() as db:
        return settle(db, assistant_id)


def every(database: Database, assistant_id: str, *, before: int, limit: int) -> list[Notice]:
    """The versions, newest first, those before the version ``before`` (0: all)."""
    rows = database.rows(
        f"select * from ({_NEWEST}) where :before = 0 or version < :before limit :limit",  # noqa: S608 -- constant query
        {"assistant": assistant_id, "before": before, "limit": limit},
    )
    return [msgspec.convert(row, Notice) for row in rows]


def settle(db: Writer, assistant_id: str, **written: str) -> Notice:
    """The notice as it has to read now, with some of ``WRITTEN`` changed: a new version where
    that is not what the newest one says. Raises ``NotFound``."""
    of = db.row(_ABOUT, {"assistant": assistant_id})
    if of is None:
        raise NotFound
    newest = db.row(f"{_NEWEST} limit 1", {"assistant": assistant_id})
    before = {name: newest[name] for name in WRITTEN} if newest else {}
    wanted = _composed(of, before | written)
    if newest and wanted == {name: newest[name] for name in wanted}:
        return msgspec.convert(newest, Notice)
    made = Notice(version=newest["version"] + 1 if newest else 1, created_at=timestamp(), **wanted)
    db.run(
        """
        insert into notices (assistant, version, basis, text, controller, contact, purpose,
            retention, sensitive, link, created_at, guardian)
        values (:assistant, :version, :basis, :text, :controller, :contact, :purpose,
            :retention, :sensitive, :link, :created_at, :guardian)
        """,
        {"assistant": assistant_id} | msgspec.structs.asdict(made),
    )
    return made


def accept(database: Database, caller: Caller, version: int) -> Notice:
    """A visitor accepts the notice in force. Raises ``Conflict`` (``notice_changed``) where
    what they were shown is not that one any more."""
    notice = current(database, _of(caller))
    if version != notice.version:
        raise Conflict("notice_changed")
    _keep(database, caller, version)
    return notice


def take_back(db: Writer, caller: Caller) -> None:
    """A visitor takes their consent back. Raises ``Conflict`` (``notice_is_no_consent``)
    where the house did not ask for any."""
    newest = db.row(f"{_NEWEST} limit 1", {"assistant": _of(caller)})
    if newest is None or newest["basis"] != "consent":
        raise Conflict("notice_is_no_consent")
    db.run("update visitors set notice = null where id = :id", {"id": caller.id})


def check(database: Database, caller: Caller) -> None:
    """Raise ``NotAllowed`` (``notice_not_accepted``) for a visitor who has not accepted the
    notice in force; others are shown none."""
    if caller.kind != "visitor":
        return
    row = database.row(
        """
        select 1 as one from visitors where id = :id and notice =
            (select max(version) from notices where assistant = visitors.assistant)
        """,
        {"id": caller.id},
    )
    if row is None:
        raise NotAllowed("notice_not_accepted")


_NEWEST = """
    select version, basis, text, controller, contact, purpose, retention, sensitive, link,
        created_at, guardian
    from notices where assistant = :assistant order by version desc
"""
_ABOUT = """
    select name, language, contact, audience,
        coalesce((select json_extract(value, '$.keep_conversations') from options
            where section = 'retention'), 1) as keeps,
        coalesce(keep_days, (select json_extract(value, '$.conversation_days') from options
            where section = 'retention'), 90) as days,
        (select value from facts where name = 'organization') as organization
    from assistants where id = :assistant
"""


def _composed(of: Row, written: dict[str, str]) -> dict[str, Any]:
    """What a notice says, its empty places filled. Without an organization's name the
    assistant's stands for it: somebody has to."""
    language = of["language"]
    defaults = {
        "basis": "acknowledgement",
        "text": sentence("notice_text", {"name": of["name"]}, language),
        "controller": of["organization"] or of["name"],
        "contact": of["contact"] or sentence("notice_contact", {}, language),
        "purpose": sentence("notice_purpose", {}, language),
        "link": "",
    }
    return {name: written.get(name) or value for name, value in defaults.items()} | {
        "retention": _kept(of),
        "sensitive": sentence("notice_sensitive", {}, language),
        "guardian": sentence("notice_guardian", {}, language) if of["audience"] == "minors" else "",
    }


def _kept(of: Row) -> str:
    """For how long, as ``keeping`` does it."""
    code = "notice_kept_days" if of["keeps"] else "notice_not_kept"
    return sentence(code, {"days": of["days"]}, of["language"])


def _of(caller: Caller) -> str:
    """The one assistant of a visitor."""
    return next(iter(caller.assistants or ()), "")


def _keep(database: Database, caller: Caller, version: int) -> None:
    with database.write() as db:
        db.run(
            "update visitors set notice = :version where id = :id",
            {"version": version, "id": caller.id},
        )
