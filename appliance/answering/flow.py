"""A question comes out as an answer: found, judged, written or quoted, checked, stored.

The one place where the finding engine and the language engine meet. What holds
whatever happens: passages come before the first word; refusing is decided here,
from the evidence, never left to a prompt; and an answer is stored with its
citations in one statement before ``Done`` is told. A reader who leaves gets what
was written so far stored as ``stopped``; of one who leaves before the question's
turn to be searched nothing is kept. And an answer that is written while another process
holds the database waits for it: it is not lost, and not told before it is stored.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Literal

import msgspec

from appliance import attached, conversations, disk, flows, lifetime
from appliance.answering import caveats, history, rewording
from appliance.answering.bench import Report, report
from appliance.answering.draft import Draft
from appliance.answering.entrance import Entrance, Ticket
from appliance.answering.events import Done, Event, Queue
from appliance.answering.finding import Finder
from appliance.answering.prompts import Exchange
from appliance.answering.steps import Steps
from appliance.answering.stopping import Stop
from appliance.answering.writing import UNBOUND, Bounds, Stopped
from appliance.database import Database
from appliance.errors import BadRequest, NotAllowed, Unavailable, sentence
from appliance.models import Generator, Vectors
from appliance.records import Answer, AnswerState, Assistant, Caller, Found

PATIENCE_SECONDS = 600.0  # for a database that another process holds


class Answering:
    """Answers questions. ``generator`` gives the language model that writes for an assistant,
    or None while there is none; ``first`` is held while somebody is being answered, and
    ``heard`` is told of each answer that ended."""

    def __init__(
        self,
        database: Database,
        finder: Finder,
        generator: Callable[[Assistant], Generator | None],
        *,
        passages: int = 6,
        question_limit: int = 4000,
        first: Callable[[], AbstractContextManager[None]] = nullcontext,
        heard: Callable[[Answer], object] = lambda answer: None,
    ) -> None:
        self.database = database
        self.finder = finder
        self.generator = generator
        self.passages = passages
        self.question_limit = question_limit
        self.first = first
        self.heard = heard
        self.entrance = Entrance()

    def search(
        self, assistant: Assistant, query: str, limit: int = 8, *, as_of: str | None = None
    ) -> Found:
        """The passages for a query, from documents in force ``as_of`` a day (today, when not
        given). Raises ``BadRequest`` for an empty or too long query, or what is no day, and
        ``NotAllowed`` (``exam_now``) in exam time."""
        query, day = self._sound(query), _day(as_of)
        if flows.of(self.database, assistant.id).exam.runs_at(datetime.now(UTC).astimezone()):
            raise NotAllowed("exam_now")
        with self.first():
            return self.finder.search(
                assistant.collections, query, limit=limit, language=assistant.language, as_of=day
            )

    def bench(self, assistant: Assistant, query: str) -> Report:
        """How a query is searched, laid open; nothing is stored. Raises as ``search`` does."""
        return report(self.finder, assistant, self._sound(query))

    def stream(
        self,
        caller: Caller,
        assistant: Assistant,
        question: str,
        conversation: str | None = None,
        *,
        earlier: Sequence[Exchange] | None = None,
        bounds: Bounds = UNBOUND,
        stop: Stop | None = None,
        as_of: str | None = None,
    ) -> Iterator[Event]:
        """Answer a question, telling each step; the last event is ``Done``.

        ``as_of`` is the day on which documents must be in force ("2024-05-01"); today when not
        given.

        ``earlier`` are the turns before it where the asker brings them, oldest first, each cut
        to the question limit; they stand in for what is stored. ``bounds`` end sooner what
        the model writes.

        Once ``stop`` is set (or the iterator is closed) the model stops, and the
        answer so far is stored as ``stopped``; there is no ``Done`` then.
        Raises the refusals of ``conversations.ask``, ``BadRequest`` for an empty
        or too long question or what is no day, and ``Unavailable`` when too many wait for
        a search, or the engine dies on the way.
        """
        question, stop, began = self._sound(question), stop or Stop(), time.monotonic()
        as_of = _day(as_of)
        if conversation is not None:
            conversations.get(self.database, caller, conversation)
        with self.first(), self.entrance.ticket(conversations.owner(caller), stop) as ticket:
            for position, eta_ms in ticket.places():
                yield Queue(position=position, eta_ms=eta_ms)
            if stop.is_set():
                return
            message = conversations.ask(self.database, caller, assistant.id, question, conversation)
            assistant = self._beside(assistant, message.conversation)
            model = self.generator(assistant) if assistant.mode != "quote" else None
            draft = Draft(
                message=message.id,
                conversation=message.conversation,
                mode="generate" if model else "quote",
                began=began,
            )
            steps = Steps(self.database, self.finder, caller, assistant, question, draft)
            steps.bounds, draft.as_of = bounds, as_of
            if earlier is not None:
                recent = [self._bounded(one) for one in earlier[-rewording.EARLIER :]]
                steps.told = [history.message(assistant, draft.conversation, one) for one in recent]
            steps.follows = conversation is not None or bool(earlier)
            yield from self._told(steps, model, stop, ticket)

    def _beside(self, assistant: Assistant, conversation: str) -> Assistant:
        """The assistant as it answers in a conversation: it reads what lies beside it, too."""
        shelf = attached.shelf(self.database, conversation)
        if shelf is None:
            return assistant
        return msgspec.structs.replace(assistant, collections=(*assistant.collections, shelf))

    def _told(
        self, steps: Steps, model: Generator | None, stop: Stop, ticket: Ticket
    ) -> Iterator[Event]:
        """The events of an answer, which is stored however it ends."""
        draft, stored = steps.draft, False
        try:
            state = yield from steps.answer(model, self.passages, stop, searched=ticket.leave)
            answer = self._warned(_finished(draft, state, model), steps.assistant)
            self._keep(answer)
            stored = True
            yield Done(answer=answer)
        except (GeneratorExit, Stopped):
            if not stored:
                self._keep(_finished(draft, "stopped", model))
        except BaseException:
            _patiently(lambda: conversations.failed(self.database, draft.message))
            raise

    def _keep(self, answer: Answer) -> None:
        _patiently(lambda: conversations.answered(self.database, answer))
        self.heard(answer)

    def _warned(self, answer: Answer, assistant: Assistant) -> Answer:
        """The answer with what its reader has to know beside it (LGPD, art. 20: no machine
        decides about somebody, and a person can be asked)."""
        return msgspec.structs.replace(
            answer,
            caution=sentence("not_for_decisions", {}, assistant.language),
            contact=assistant.contact,
            handover=self._handover(answer, assistant),
            unread=caveats.unread(self.database, answer),
            newer=caveats.newer(self.database, answer),
        )

    def _handover(self, answer: Answer, assistant: Assistant) -> bool:
        """Whether a person may be asked instead: where a flow says so, and with a refusal."""
        refused = answer.state == "refused" and flows.of(self.database, assistant.id).person.on
        return answer.handover or refused

    def embed(self, texts: Sequence[str], *, kind: Literal["passage", "query"]) -> Vectors:
        """The vectors that the search compares, one unit row (float32) for each text.

        Raises ``Unavailable`` as ``Embedder.embed`` does.
        """
        if self.finder.embedder is None:
            raise Unavailable("engine_down")
        return self.finder.embedder.embed(texts, kind=kind)

    def _bounded(self, exchange: Exchange) -> Exchange:
        """A turn that the asker brings, no longer than one that was asked here can be: all
        of it is looked at before the search."""
        most = self.question_limit
        return Exchange(question=exchange.question[:most], answer=exchange.answer[:most])

    def _sound(self, question: str) -> str:
        """The question without control characters and outer blanks, or a refusal."""
        readable = "".join(sign for sign in question if sign in "\n\t" or sign.isprintable())
        readable = readable.strip()
        if not readable:
            raise BadRequest("empty_question")
        if len(readable) > self.question_limit:
            raise BadRequest("long_question", limit=self.question_limit, length=len(readable))
        return readable


def _day(as_of: str | None) -> str | None:
    return None if as_of is None else lifetime.day(as_of)


def _finished(draft: Draft, state: AnswerState, model: Generator | None) -> Answer:
    """The answer as it is now, with what is known of where its making has been."""
    left = model is not None and model.left_building
    return msgspec.structs.replace(draft.finished(state), left_building=left)


def _patiently(store: Callable[[], None]) -> None:
    """Store something that nobody could send again; while the database is busy, try anew,
    each time as long as a write waits."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return store()
        except sqlite3.OperationalError as fault:
            refusal = disk.refusal_of(fault)
            if refusal is None or refusal.code != "database_busy" or time.monotonic() > until:
                raise
