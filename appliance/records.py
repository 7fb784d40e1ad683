"""The frozen records that travel: a row, a return value and JSON at once.

Each noun of the product (`design`: the words used everywhere) is one Struct
here, with the field names of the API contract. Records hold no behaviour
beyond what their own fields say, and nothing here touches a disk or a model.
"""

import contextlib
import secrets
import time
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from appliance.looks import Look

Language = Literal["pt", "en", "es"]
LANGUAGES: tuple[Language, ...] = ("pt", "en", "es")
Scope = Literal["ask", "search", "documents:read", "documents:write", "admin"]
Role = Literal["admin", "editor", "member", "auditor"]
Origin = Literal["local", "ldap", "oidc"]
Mode = Literal["generate", "quote"]
Access = Literal["everyone", "signed_in", "groups"]
Originals = Literal["everyone", "editors"]
How = Literal["digital", "ocr", "unreadable"]
Ocr = Literal["auto", "always", "never"]
DocumentState = Literal["queued", "reading", "indexing", "ready", "failed"]
JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
AnswerState = Literal["answered", "refused", "stopped"]
Reason = Literal["number", "date", "name", "negation", "unit", "words"]
FoundBy = Literal["keywords", "meaning"]
SaidBy = Literal["documents", "office", "house"]  # approved by people; small talk and flows

PAGE_BREAK = "\f"  # joins the pages of a document into its text


def new_id() -> str:
    """An opaque identifier; identifiers made later sort later."""
    return f"{time.time_ns():016x}{secrets.token_hex(5)}"


def timestamp(moment: datetime | None = None) -> str:
    """A moment (now, when none is given) as RFC 3339 UTC with milliseconds."""
    moment = moment or datetime.now(UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The base of all records: frozen, built by keyword."""


def settle(kind: type[msgspec.Struct] = msgspec.Struct) -> None:
    """Let msgspec work out now, in one thread, how every record known so far is read.

    Otherwise it does so at a record's first use, and keeps what it found on the class before
    it is whole: of two threads that read their first at once, one kills the process (SIGSEGV
    inside msgspec 0.22; it took two hundred questions right after the start).
    """
    for one in kind.__subclasses__():
        with contextlib.suppress(TypeError):  # one that holds functions is never read
            msgspec.json.Decoder(one)
        settle(one)


class Problem(Record, frozen=True):
    """Why something failed: a stable code and the facts its sentence needs."""

    code: str
    facts: dict[str, Any] = {}


class Person(Record, frozen=True):
    """Somebody with an account; who is not ``active`` may not sign in. ``origin``: who vouches."""

    id: str
    name: str
    email: str
    role: Role
    language: Language
    created_at: str
    active: bool = True
    origin: Origin = "local"


class Key(Record, frozen=True):
    """A machine's credential, without its secret. ``assistants`` None means all;
    ``addresses`` are the networks it may be used from, None: anywhere."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    assistants: tuple[str, ...] | None
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    addresses: tuple[str, ...] | None = None
    last_used_from: str | None = None


class Caller(Record, frozen=True):
    """Who is asking. ``assistants`` None means every assistant; ``second_factor`` says
    whether a person has one."""

    kind: Literal["person", "key", "visitor", "terminal"]
    id: str
    name: str
    language: Language = "pt"
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    assistants: frozenset[str] | None = None
    second_factor: bool = False

    def may(self, scope: Scope) -> bool:
        """Whether the caller holds a scope; ``admin`` holds them all."""
        return scope in self.scopes or "admin" in self.scopes


# The appliance, for what it does by itself.
ITSELF = Caller(kind="terminal", id="balcao", name="Balcão", role="admin")


class Group(Record, frozen=True):
    """People who belong together; ``members`` are their ids."""

    id: str
    name: str
    members: tuple[str, ...]
    created_at: str


class Assistant(Record, frozen=True):
    id: str
    slug: str
    public_id: str
    name: str
    language: Language
    instructions: str
    greeting: str
    suggestions: tuple[str, ...]
    refusal: str
    contact: str
    mode: Mode | None  # None: generate when a language model is installed, quote until then
    strictness: Literal["strict", "balanced", "helpful"]
    accent: str  # the colour of its chat, "#rrggbb"
    origins: tuple[str, ...]  # sites that may embed its widget; none: closed
    collections: tuple[str, ...]
    created_at: str
    engine: str | None = None  # the id of the engine that writes; None: the built-in one
    access: Access = "everyone"  # who may use it
    groups: tuple[str, ...] = ()  # whose members may, where access is "groups"
    editors: tuple[str, ...] = ()  # the people, beside administrators, who may change it
    leaves_building: bool = False  # whether that engine is somebody else's machine
    look: Look = msgspec.field(default_factory=Look)  # how visitors see it


class Collection(Record, frozen=True):
    """``groups`` alone may read it (none: everybody); ``denied_groups`` never may. Those who
    may read it may download ``originals``, or only those who may change it."""

    id: str
    name: str
    documents: int
    created_at: str
    groups: tuple[str, ...] = ()
    denied_groups: tuple[str, ...] = ()
    originals: Originals = "everyone"


class Document(Record, frozen=True):
    id: str
    collection: str
    title: str
    file_name: str
    media_type: str
    bytes: int
    sha256: str
    language: Language | None
    state: DocumentState
    problem: Problem | None
    pages: int
    pages_unreadable: int
    chunks: int
    created_at: str
    ready_at: str | None
    valid_from: str | None = None
    valid_to: str | None = None
    supersedes: str | None = None
    parent: str | None = None  # the message that it came with
    pages_to_check: int = 0  # not legible or doubtful, and settled by nobody
    ocr: Ocr = "auto"  # how it is read


class Heading(Record, frozen=True):
    """A heading inside a page: where it starts in the page's text, and its depth (1 is top)."""

    start: int
    level: int
    title: str


class Word(Record, frozen=True, array_like=True):
    """A word that OCR read: where it stands in the page's text and on its picture.

    The edges are ten-thousandths of the page's width and height from its top left
    corner; ``confidence`` is per cent. Whole numbers in an array: a page of 500 words
    takes 10 KB in the library.
    """

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int
    confidence: int


class Page(Record, frozen=True):
    """One page as it was read. ``number`` counts from 1; ``confidence`` is 0 to 1.

    ``words`` has the places of what OCR read, in the order of the text; the library
    gives them only where they are asked for (``library.words``).

    Formats without pages (docx, html, md, txt) give one Page, a mailbox one a message; the
    document's ``paged`` flag (see ``index.reading``) tells citations to leave the page out.
    ``removed`` is what stood on the page and is not in ``text``: lines that run along
    the edges of pages, and writing that nobody could see.
    """

    number: int
    how: How
    text: str
    confidence: float | None = None
    notes: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    words: tuple[Word, ...] = ()
    removed: tuple[str, ...] = ()


class Review(Record, frozen=True):
    """What a person settled about a page: that it is fine as it is, or its text. ``read`` is
    what was read, where ``corrected``; ``by`` is the person's name as it was then."""

    number: int
    accepted: bool
    corrected: bool
    read: str | None
    by: str
    at: str


class Chunk(Record, frozen=True):
    """A piece of a document's text with its place.

    ``text`` is exactly ``document_text[start:end]``, where ``document_text`` is
    the pages joined by ``PAGE_BREAK``; ``heading`` is the path "A › B"; ``lead`` is what
    stands above a piece and is not in it: the caput, a list's lead-in, a table's header.
    """

    ordinal: int
    page: int | None
    start: int
    end: int
    heading: str
    text: str
    lead: str = ""


class DocumentName(Record, frozen=True):
    id: str
    title: str


class Passage(Record, frozen=True):
    """A chunk found for a question, in the shape of the API contract.

    ``place`` names the provision it stands in, "Art. 27, § 2º", or is "".
    """

    n: int
    document: DocumentName
    page: int | None
    heading: str
    text: str
    start: int
    end: int
    score: float
    found_by: tuple[FoundBy, ...]
    place: str = ""


class Found(Record, frozen=True):
    """What a search gives: passages best first, and the chance that they hold an answer."""

    passages: tuple[Passage, ...]
    answerable: float
    took_ms: float


class Citation(Record, frozen=True):
    """A span of an answer's evidence: offsets count in the document's text.

    ``place`` names the provision it stands in, "Art. 27, § 2º", or is "".
    """

    n: int
    document: DocumentName
    page: int | None
    start: int
    end: int
    quote: str
    url: str
    place: str = ""


class Sentence(Record, frozen=True):
    """A sentence of an answer; ``start`` and ``end`` count in the answer's text.

    ``reason`` says what the documents do not say in the same way, where it is unsupported.
    """

    text: str
    start: int
    end: int
    supported: bool
    citations: tuple[int, ...]
    reason: Reason | None = None


class Unread(Record, frozen=True):
    """Pages of a document that could not be read and that nobody settled, in order."""

    document: DocumentName
    pages: tuple[int, ...]


class Newer(Record, frozen=True):
    """A document that an answer stands on, the one that takes its place, and since when."""

    document: DocumentName
    newer: DocumentName
    valid_from: str | None


class Took(Record, frozen=True):
    passages_ms: float
    first_token_ms: float
    total_ms: float
    queue_ms: float
    tokens: int
    prompt_tokens: int = 0  # 0 where no language model wrote


class Answer(Record, frozen=True):
    message: str
    conversation: str
    state: AnswerState
    mode: Mode
    answer: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    took: Took
    query: str | None = None  # what was searched, where a follow-up was reworded for it
    left_building: bool = False  # whether question and passages were sent to a hosted engine
    cut: bool = False  # whether the model came to the limit of tokens before its end
    as_of: str | None = None  # the day that was asked about, "2024-05-01"; None: today
    unread: tuple[Unread, ...] = ()  # pages beside the evidence that could not be read
    newer: tuple[Newer, ...] = ()  # what the documents it stands on were replaced by
    note: str = ""  # what the reader must know of how it was made: a sum that was not computed
    caution: str = ""  # what no answer is for: deciding about people
    contact: str = ""  # a person of the house to ask instead
    said_by: SaidBy = "documents"
    offers: tuple[str, ...] = ()  # questions to ask next: "did you mean"
    handover: bool = False  # whether the reader may hand the conversation to a person here
    form: bool = False  # whether the assistant's form may be filled in here


class Job(Record, frozen=True):
    id: str
    kind: str
    subject: str
    state: JobState
    done: int
    total: int
    unit: str
    attempts: int
    problem: Problem | None
    created_at: str
    started_at: str | None
    ended_at: str | None
