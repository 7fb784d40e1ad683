"""The tools for programs that speak MCP: what each takes, does and tells.

A tool reaches what its caller's key reaches and counts as the same request to ``/api``
does. What it tells comes twice: as text, for the model that called it to read, and as
data in the shape of its schema. How both travel is ``mcp_server``'s affair.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

import msgspec

from appliance import assistants, audit, library
from appliance.answering.flow import Answering
from appliance.answering.stopping import Stop
from appliance.api import asking, problems, rights
from appliance.database import Database
from appliance.errors import BadRequest, NotAllowed, NotFound, Unavailable, sentence
from appliance.records import (
    Answer,
    AnswerState,
    Assistant,
    Caller,
    DocumentName,
    Found,
    How,
    Language,
    Newer,
    Passage,
    Scope,
    Unread,
)
from appliance.settings import Settings

MOST_ASSISTANTS = 1000
# Formats without pages are one page of up to two million characters. This many are about
# 6,000 tokens, which a model that reads along still has room for.
MOST_CHARACTERS = 20_000


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where one call is served: the parts behind it, who calls, and their language."""

    database: Database
    settings: Settings
    answering: Answering
    caller: Caller
    language: Language
    standing: Callable[[], bool] = lambda: True  # whether the caller may still be told


class ListAssistants(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    pass


class Search(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    query: str
    assistant: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 8
    as_of: str | None = None


class Ask(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    question: str
    assistant: str | None = None
    conversation: str | None = None
    as_of: str | None = None


class ReadPage(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    document: str
    page: Annotated[int, msgspec.Meta(ge=1)] | None = None
    start: Annotated[int, msgspec.Meta(ge=0)] = 0


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An assistant; ``assistant`` is what the other tools call it. ``leaves_building`` says
    that what it is asked is sent to a hosted engine."""

    assistant: str
    name: str
    language: Language
    leaves_building: bool


class Assistants(msgspec.Struct, frozen=True, kw_only=True):
    assistants: tuple[Listed, ...]


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer stands on; ``n`` is its mark in the text."""

    n: int
    document: DocumentName
    page: int | None
    place: str
    quote: str
    url: str


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. ``supported`` says that the cited passages hold every sentence of it;
    ``nearest`` are passages that came near, where it was refused; ``left_building``, that
    question and passages were sent to a hosted engine; ``unread`` are pages beside the
    evidence that could not be read, ``newer`` what the cited documents were replaced by."""

    answer: str
    state: AnswerState
    supported: bool
    left_building: bool
    citations: tuple[Cited, ...]
    nearest: tuple[Passage, ...]
    unread: tuple[Unread, ...]
    newer: tuple[Newer, ...]
    conversation: str
    message: str


class PageText(msgspec.Struct, frozen=True, kw_only=True):
    """A page, or ``text`` from ``start`` on, in characters; ``next`` is where the rest
    starts. ``page`` is null for formats without pages."""

    document: DocumentName
    page: int | None
    pages: int
    how: How
    text: str
    start: int
    next: int | None


class Told(msgspec.Struct, frozen=True):
    """What a tool gives: a text for the model, and the same as data."""

    text: str
    data: msgspec.Struct


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool for keys that hold one of ``scopes``. ``work`` ends soon once its ``Stop`` is set."""

    name: str
    scopes: tuple[Scope, ...]
    takes: type[msgspec.Struct]
    gives: type[msgspec.Struct]
    work: Callable[[Desk, Any, Stop], Told]

    def admits(self, caller: Caller) -> bool:
        """Whether the tool is for this caller."""
        return any(caller.may(scope) for scope in self.scopes)

    def call(self, desk: Desk, arguments: dict[str, Any], stop: Stop) -> Told:
        """Do the work. Raises ``NotAllowed``, ``BadRequest`` for arguments that are none of
        the tool's, and what the work refuses."""
        if not self.admits(desk.caller):
            raise NotAllowed("not_allowed")
        try:
            given = msgspec.convert(arguments, self.takes)
        except msgspec.ValidationError as fault:
            if found := problems.UNKNOWN_FIELD.search(str(fault)):
                raise BadRequest("unknown_field", field=found["field"]) from fault
            raise BadRequest("bad_request", reason=str(fault)) from fault
        return self.work(desk, given, stop)


def list_assistants(desk: Desk, given: ListAssistants, stop: Stop) -> Told:
    """The assistants that exist for the caller, oldest first."""
    found = [
        Listed(
            assistant=one.slug,
            name=one.name,
            language=one.language,
            leaves_building=one.leaves_building,
        )
        for one in _seen(desk)
    ]
    text = "\n".join(f"{one.assistant}: {one.name} ({one.language})" for one in found)
    return Told(text, Assistants(assistants=tuple(found)))


def search(desk: Desk, given: Search, stop: Stop) -> Told:
    """The passages for a query, best first."""
    assistant = _admitted(desk, given.assistant)
    found = desk.answering.search(assistant, given.query, given.limit, as_of=given.as_of)
    return Told(_passages(found.passages), found)


def ask(desk: Desk, given: Ask, stop: Stop) -> Told:
    """An assistant's answer, with what it stands on."""
    admit = partial(_admitted, desk, given.assistant)
    tell = asking.telling(
        desk.answering,
        desk.caller,
        admit,
        given.question,
        given.conversation,
        as_of=given.as_of,
    )
    answer = asking.heard(tell, stop)
    if answer is None:  # whoever asked has left
        raise Unavailable("engine_failed")
    refused = answer.state == "refused"
    told = Answered(
        answer=answer.answer,
        state=answer.state,
        supported=_supported(answer),
        left_building=answer.left_building,
        citations=tuple(
            Cited(
                n=one.n,
                document=one.document,
                page=one.page,
                place=one.place,
                quote=one.quote,
                url=desk.settings.address.rstrip("/") + one.url,
            )
            for one in answer.citations
        ),
        nearest=answer.passages if refused else (),
        unread=answer.unread,
        newer=answer.newer,
        conversation=answer.conversation,
        message=answer.message,
    )
    return Told(_answer(answer, desk.language), told)


def read_page(desk: Desk, given: ReadPage, stop: Stop) -> Told:
    """The page that a citation or a passage names, as it was read."""
    number = given.page or 1
    try:
        document = rights.document(desk.database, desk.caller, given.document)
        page = library.page(desk.database, document.id, number)
    except NotFound as fault:
        facts = {"document": given.document[:60], "page": number}
        raise NotFound("unknown_page_here", **facts) from fault
    audit.read_document(desk.database, desk.caller, document)
    end = given.start + MOST_CHARACTERS
    told = PageText(
        document=DocumentName(id=document.id, title=document.title),
        page=number if library.is_paged(desk.database, document.id) else None,
        pages=document.pages,
        how=page.how,
        text=page.text[given.start : end],
        start=given.start,
        next=end if end < len(page.text) else None,
    )
    return Told(f"{_source(told.document, told.page)}\n\n{told.text}", told)


TOOLS = (
    Tool(
        name="list_assistants",
        scopes=("ask", "search"),
        takes=ListAssistants,
        gives=Assistants,
        work=list_assistants,
    ),
    Tool(name="search", scopes=("search",), takes=Search, gives=Found, work=search),
    Tool(name="ask", scopes=("ask",), takes=Ask, gives=Answered, work=ask),
    Tool(
        name="read_page",
        scopes=("ask", "search", "documents:read"),
        takes=ReadPage,
        gives=PageText,
        work=read_page,
    ),
)


def schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of a record, an object at its root as MCP wants it."""
    _, parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    root: dict[str, Any] = parts.pop(kind.__name__)
    return root | {"$defs": parts} if parts else root


def _seen(desk: Desk) -> list[Assistant]:
    reached = rights.reach(desk.database, desk.caller)
    return assistants.every(
        desk.database, these=reached.assistants, reach=reached, limit=MOST_ASSISTANTS
    )


def _admitted(desk: Desk, name: str | None) -> Assistant:
    """The assistant, which may go unsaid where there is one; the question counts from here on."""
    if name is None:
        seen = _seen(desk)
        if len(seen) != 1:
            names = ", ".join(one.slug for one in seen[:50]) or "–"
            raise BadRequest("which_assistant", names=names)
        name = seen[0].id
    try:
        return asking.admitted(desk.database, desk.settings, desk.caller, name)
    except NotFound as fault:
        raise NotFound("unknown_assistant_here", name=name[:60]) from fault


def _supported(answer: Answer) -> bool:
    said = all(one.supported for one in answer.sentences)
    return answer.state == "answered" and bool(answer.citations) and said


def _answer(answer: Answer, language: Language) -> str:
    """The answer as a model reads it: the text, what is not in the passages, where it was
    written, the quotes."""
    caveats = _caveats(answer, language)
    if answer.state == "refused":
        return "\n\n".join(filter(None, (answer.answer, *caveats, _passages(answer.passages))))
    parts = [answer.answer, *caveats]
    loose = [f"“{one.text}”" for one in answer.sentences if not one.supported]
    if loose:
        parts.append(sentence("answer_unsupported", {"sentences": " ".join(loose)}, language))
    if answer.left_building:
        parts.append(sentence("answer_left_building", {}, language))
    quotes = [
        f"[{one.n}] {_source(one.document, one.page)}: “{one.quote}”" for one in answer.citations
    ]
    return "\n\n".join([*parts, "\n".join(quotes)]).strip()


def _caveats(answer: Answer, language: Language) -> list[str]:
    """What the reader has to know beside the answer, in sentences."""
    unread = [
        sentence(
            "answer_unread",
            {"title": one.document.title, "pages": ", ".join(map(str, one.pages))},
            language,
        )
        for one in answer.unread
    ]
    newer = [
        sentence("answer_newer", {"title": one.document.title, "newer": one.newer.title}, language)
        for one in answer.newer
    ]
    return unread + newer


def _passages(passages: Sequence[Passage]) -> str:
    return "\n\n".join(
        f"[{one.n}] {_source(one.document, one.page)} (document {one.document.id})\n{one.text}"
        for one in passages
    )


def _source(document: DocumentName, page: int | None) -> str:
    return f"{document.title}, p. {page}" if page else document.title
