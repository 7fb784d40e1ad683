"""The flows of an assistant: what its owner switches on, without code.

Opening hours: when people of the house are there, by the clock of this server, and the days
on which they are not. A person: whoever asks may hand a conversation over to the house's
people (``handovers``). A form: what whoever asks fills in for them (``forms``).
Exam time: from when until when nothing is said but what the owner approved.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated

import msgspec

from appliance.database import Database, Writer
from appliance.errors import BadRequest
from appliance.forms import Form
from appliance.records import Record

Span = Annotated[str, msgspec.Meta(pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")]
Day = Annotated[tuple[Span, ...], msgspec.Meta(max_length=4)]
Week = Annotated[tuple[Day, ...], msgspec.Meta(min_length=7, max_length=7)]
Date = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Moment = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})?$")]
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_AHEAD_DAYS = 60  # in which the next opening is looked for
NEVER: tuple[Day, ...] = ((),) * 7


class Hours(Record, frozen=True, forbid_unknown_fields=True):
    """When somebody is there: the spans of each day from Monday on ("08:00-12:00"), the days
    on which nobody is ("2026-12-25"), and a sentence of the house's own."""

    on: bool = False
    week: Week = NEVER
    closed: Annotated[tuple[Date, ...], msgspec.Meta(max_length=100)] = ()
    note: Text = ""

    def check(self) -> None:
        """Raise ``BadRequest``: ``bad_span`` for one that ends before it begins or meets
        another, ``bad_closed_day`` for what is no day."""
        for day in self.week:
            ends = "00:00"
            for span in day:
                begin, end = span.split("-")
                if not (_TIME.fullmatch(begin) and _TIME.fullmatch(end)) or not ends <= begin < end:
                    raise BadRequest("bad_span", span=span)
                ends = end
        for one in self.closed:
            try:
                date.fromisoformat(one)
            except ValueError as fault:
                raise BadRequest("bad_closed_day", day=one) from fault

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there at a moment of this server's clock."""
        clock = f"{now:%H:%M}"
        return any(
            begin <= clock < end
            for begin, end in (span.split("-") for span in self._spans(now.date()))
        )

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody will be there next, None where that is not within two months."""
        for ahead in range(_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            for span in self._spans(day):
                begin = datetime.combine(day, time.fromisoformat(span[:5]), now.tzinfo)
                if begin > now:
                    return begin
        return None

    def _spans(self, day: date) -> tuple[str, ...]:
        return () if day.isoformat() in self.closed else self.week[day.weekday()]


class ToPerson(Record, frozen=True, forbid_unknown_fields=True):
    """Whether a conversation may be handed over to a person, and what is said then."""

    on: bool = False
    said: Text = ""


class Exam(Record, frozen=True, forbid_unknown_fields=True):
    """From when until when ("2026-12-01T08:00", by the clock of this server) an assistant gives
    its approved answers alone, and the sentence that everything else is refused with."""

    on: bool = False
    begins: Moment = ""
    ends: Moment = ""
    said: Text = ""

    def check(self) -> None:
        """Raise ``BadRequest`` (``bad_exam``) for one that is on and does not go forward."""
        if self.on and not (_is_moment(self.begins) and self.begins < self.ends):
            raise BadRequest("bad_exam")
        if self.on and not _is_moment(self.ends):
            raise BadRequest("bad_exam")

    def runs_at(self, now: datetime) -> bool:
        """Whether it runs at a moment of this server's clock."""
        return self.on and self.begins <= f"{now:%Y-%m-%dT%H:%M}" < self.ends


class Flows(Record, frozen=True):
    hours: Hours = Hours()
    person: ToPerson = ToPerson()
    form: Form = Form()
    exam: Exam = Exam()


def of(database: Database, assistant_id: str) -> Flows:
    """The flows of an assistant; none is on where nobody said so."""
    row = database.row(
        "select hours, person, form, exam from flows where assistant = :id", {"id": assistant_id}
    )
    if row is None:
        return Flows()
    return Flows(
        hours=msgspec.json.decode(row["hours"], type=Hours),
        person=msgspec.json.decode(row["person"], type=ToPerson),
        form=msgspec.json.decode(row["form"], type=Form),
        exam=msgspec.json.decode(row["exam"], type=Exam),
    )


def restored(kept: Mapping[str, object]) -> Flows:
    """The flows as a version kept them; what it did not know of is off."""
    return msgspec.convert(kept, Flows)


def webhooks(database: Database) -> list[str]:
    """The addresses that forms which are on are sent on to."""
    rows = database.rows(
        """
        select distinct json_extract(form, '$.webhook') as address from flows
        where json_extract(form, '$.on') and json_extract(form, '$.webhook') != ''
        order by address
        """
    )
    return [row["address"] for row in rows]


def store(db: Writer, assistant_id: str, flows: Flows) -> None:
    """Keep the flows of an assistant. Raises as ``check`` of each."""
    flows.hours.check()
    flows.form.check()
    flows.exam.check()
    db.run(
        """
        insert into flows (assistant, hours, person, form, exam)
        values (:id, :hours, :person, :form, :exam)
        on conflict (assistant) do update set
            hours = :hours, person = :person, form = :form, exam = :exam
        """,
        {
            "id": assistant_id,
            "hours": msgspec.json.encode(flows.hours).decode(),
            "person": msgspec.json.encode(flows.person).decode(),
            "form": msgspec.json.encode(flows.form).decode(),
            "exam": msgspec.json.encode(flows.exam).decode(),
        },
    )


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
