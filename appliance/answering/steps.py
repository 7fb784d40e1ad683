"""The steps of one answer: find, judge, then write, quote or refuse."""

import collections.abc
import logging
from collections.abc import Callable, Sequence

from appliance import approved, conversations
from appliance.answering import (
    flows,
    prompts,
    quoting,
    replies,
    rewording,
    summaries,
    summarising,
    writing,
)
from appliance.answering.checking import Span, Verdict
from appliance.answering.draft import Draft
from appliance.answering.events import Checked, Event, Passages, Token
from appliance.answering.evidence import enough
from appliance.answering.finding import Finder, Findings
from appliance.answering.prompts import Exchange, Source
from appliance.answering.replies import Reply
from appliance.answering.stopping import Stop
from appliance.answering.summaries import Meant
from appliance.answering.tables import rows
from appliance.answering.tables.computing import Computed, TableAnswers
from appliance.conversations import Message
from appliance.database import Database
from appliance.errors import Unavailable, sentence
from appliance.models import Generator
from appliance.records import AnswerState, Assistant, Caller, Passage

log = logging.getLogger(__name__)
HISTORY = 3  # answered turns that the model sees again
SOURCES = 4  # passages that the model reads; the reader sees all

Telling = collections.abc.Generator[Event, None, AnswerState]  # ends with the answer's state


class Steps:
    """One question on its way; what is said collects in ``draft``."""

    def __init__(
        self,
        database: Database,
        finder: Finder,
        caller: Caller,
        assistant: Assistant,
        question: str,
        draft: Draft,
    ) -> None:
        self.database = database
        self.finder = finder
        self.caller = caller
        self.assistant = assistant
        self.question = question
        self.draft = draft
        self.bounds = writing.UNBOUND
        self.follows = False  # whether the conversation had turns before this one
        self.told: Sequence[Message] | None = None  # those turns, where the asker brings them

    def answer(
        self,
        model: Generator | None,
        limit: int,
        stop: Stop,
        *,
        searched: Callable[[], None] = lambda: None,
    ) -> Telling:
        """The events up to the answer's end; its state is the generator's value.
        ``searched`` is called once the search is over."""
        if (reply := self._reply()) is not None:
            searched()
            return (yield from self._say(reply))
        meant = summaries.meant(self.database, self.assistant, self.question, self.draft.as_of)
        if meant.document or meant.reply:
            searched()
            return (yield from self._summarise(meant, model, stop))
        self.draft.query = self._query(model, stop) if self.follows else None
        computed = TableAnswers(self.database).answer(
            self.assistant.collections, self.draft.query or self.question, self.assistant.language
        )
        if isinstance(computed, Computed):
            searched()
            return (yield from self._compute(computed))
        self.draft.note = computed.note if computed else ""
        findings = self.finder.find(
            self.assistant.collections,
            self.draft.query or self.question,
            limit=limit,
            language=self.assistant.language,
            as_of=self.draft.as_of,
        )
        searched()
        found = findings.found
        self.draft.passages = found.passages
        self.draft.mark("passages")
        yield Passages(
            message=self.draft.message,
            conversation=self.draft.conversation,
            passages=found.passages,
            answerable=found.answerable,
            took_ms=found.took_ms,
            query=self.draft.query,
        )
        if not found.passages or not enough(found.answerable, self.assistant.strictness):
            return (yield from self._refuse())
        if model:
            try:
                return (yield from self._write(model, findings, stop))
            except Unavailable as fault:
                if self.draft.tokens:
                    raise
                log.warning("no language model (%s): quoting instead", fault.code)
                self.draft.mode = "quote"
        return (yield from self._quote(findings))

    def _reply(self) -> Reply | None:
        """What is said without a search: small talk, and what the office approved for today."""
        on = flows.open_to(self.database, self.caller, self.assistant)
        small = replies.small_talk(self.assistant, self.question, flows.offers(on))
        said = small or flows.reply(on, self.assistant, self.question)
        if said is not None:
            return said
        return self._approved() or flows.in_exam(on, self.assistant, self.draft.offers)

    def _approved(self) -> Reply | None:
        """What the office approved, for questions about today."""
        if self.draft.as_of is not None:
            return None
        found = replies.matched(self.database, self.finder, self.assistant, self.question)
        self.draft.offers = found.close
        if not found.answer:
            return None
        return replies.given(self.database, approved.get(self.database, found.answer))

    def _say(self, reply: Reply) -> Telling:
        """A reply word for word; the model has no part in it."""
        began = self.draft.elapsed()
        self.draft.mode, self.draft.said_by = "quote", reply.said_by
        self.draft.passages, self.draft.offers = reply.passages, reply.offers
        self.draft.handover, self.draft.form = reply.handover, reply.form
        self.draft.mark("passages")
        yield Passages(
            message=self.draft.message,
            conversation=self.draft.conversation,
            passages=reply.passages,
            answerable=1.0 if reply.said_by == "office" else 0.0,
            took_ms=round(self.draft.elapsed() - began, 1),
        )
        self.draft.mark("first_token")
        said = self.draft.repeat(reply.text, reply.spans)
        yield Token(text=reply.text)
        if said is not None:
            yield Checked(sentence=said)
        return "answered"

    def _summarise(self, meant: Meant, model: Generator | None, stop: Stop) -> Telling:
        """A document in a few sentences; or which are called so."""
        if meant.reply:
            return (yield from self._say(meant.reply))
        assert meant.document is not None  # noqa: S101 -- one of the two is there
        yield from summarising.tell(
            self.database,
            self.draft,
            self.assistant,
            meant.document,
            model,
            person=conversations.owner(self.caller),
            stop=stop,
        )
        return "answered" if self.draft.sentences else (yield from self._refuse())

    def _compute(self, computed: Computed) -> Telling:
        """A figure from a table: its rows are the passages, and the model has no part in it."""
        began = self.draft.elapsed()
        passages, spans = rows.cited(self.database, computed)
        self.draft.mode = "quote"
        self.draft.passages = passages
        self.draft.mark("passages")
        yield Passages(
            message=self.draft.message,
            conversation=self.draft.conversation,
            passages=passages,
            answerable=1.0,
            took_ms=round(self.draft.elapsed() - began, 1),
            query=self.draft.query,
        )
        self.draft.mark("first_token")
        for number, text in enumerate((*computed.sentences, computed.how)):
            yield Token(text=text + "\n")
            yield Checked(sentence=self.draft.state(text, spans if number == 0 else ()))
        return "answered"

    def _write(self, model: Generator, findings: Findings, stop: Stop) -> Telling:
        yield from writing.write(
            self.draft,
            model,
            self.assistant,
            self.question,
            sources=self._sources(findings),
            history=self._history(),
            bounds=self.bounds,
            person=conversations.owner(self.caller),
            stop=stop,
        )
        if not self.draft.sentences:  # nothing said, or all of it withheld: the quote answers
            self.draft.mode = "quote"
            return (yield from self._quote(findings))
        if self.draft.withheld:
            return (yield from self._quote(findings, most=1))
        return "answered"

    def _quote(self, findings: Findings, *, most: int = 3) -> Telling:
        """The best sentences as they stand, unless said already; each is its own evidence."""
        for quote in quoting.quote(findings, most=most):
            passage = findings.found.passages[quote.n - 1]
            span = Span(passage=passage, start=quote.start, end=quote.end, text=quote.quote)
            if self.draft.cites(span):
                continue
            self.draft.mark("first_token")
            text = " ".join(quote.quote.split())
            yield Token(text=text + "\n")
            verdict = Verdict(supported=True, coverage=1.0, span=span)
            yield Checked(sentence=self.draft.add(text, verdict, joint="\n"))
        if not self.draft.sentences:
            return (yield from self._refuse())
        return "answered"

    def _refuse(self) -> Telling:
        text = refusal(self.assistant)
        self.draft.say(text)
        self.draft.mark("first_token")
        yield Token(text=text)
        return "refused"

    def _sources(self, findings: Findings) -> list[Source]:
        """The first passages, cut to the sentences around their evidence, within the budget."""
        sources: list[Source] = []
        room = prompts.SOURCES_LENGTH
        for number, passage in enumerate(findings.found.passages[:SOURCES]):
            most = min(prompts.SOURCE_LENGTH, room)
            start, end = quoting.around(findings, number, most=most)
            text = _without_heading(passage, " ".join(passage.text[start:end].split()))
            if sources and len(text) > room:
                break
            sources.append(
                Source(n=passage.n, title=passage.document.title, page=passage.page, text=text)
            )
            room -= len(text)
        return sources

    def _query(self, model: Generator | None, stop: Stop) -> str | None:
        """What to search for a question that leans on the conversation, else None."""
        return rewording.query(
            self.question,
            self._earlier(),
            self.assistant.language,
            model,
            person=conversations.owner(self.caller),
            stop=stop,
        )

    def _history(self) -> list[Exchange]:
        """The last answered turns of the conversation, without citation marks."""
        return [
            Exchange(
                question=message.question,
                answer=" ".join(sentence.text for sentence in message.answer.sentences),
            )
            for message in self._earlier()
            if message.answer and message.answer.state == "answered"
        ][-HISTORY:]

    def _earlier(self) -> list[Message]:
        """The turns before this one, oldest first.

        One that stands on a collection which is closed to the asker by now is left out:
        what its documents said would be told again, or give itself away in what is searched.
        """
        told = self.told
        if told is None:
            told = conversations.messages(self.database, self.draft.conversation)
        readable = set(self.assistant.collections)
        return [
            message
            for message in told
            if message.id != self.draft.message
            and readable.issuperset(message.collections)
            and not (message.answer and message.answer.said_by == "house")
        ]


def refusal(assistant: Assistant) -> str:
    """What an assistant says where the documents do not answer."""
    language = assistant.language
    text = assistant.refusal or sentence("not_in_the_documents", {}, language)
    if assistant.contact:
        text += " " + sentence("ask_a_person", {"contact": assistant.contact}, language)
    return text


def _without_heading(passage: Passage, text: str) -> str:
    """A passage begins with its headings, which a model would copy into its sentence."""
    for heading in passage.heading.split(" › "):
        text = text.removeprefix(heading).lstrip()
    return text
