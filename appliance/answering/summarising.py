"""A summary as it is told: what was read, then the document part by part, each sentence cited.

Without a language model the most telling sentence of each part stands as it is written. With
one, it reads the telling sentences of a part at a time and says them shorter; each sentence is
checked against the document as those of answers are, and of a part of which nothing could be
told so, the document's own sentence is. Each part waits its turn in the line of the model, so
that a summary keeps no question waiting for longer than a part.
"""

import logging
from collections.abc import Generator as Yielding
from collections.abc import Iterator, Sequence

from appliance.answering import condensing, prompts, writing
from appliance.answering.checking import Span, Verdict
from appliance.answering.condensing import Told, Whole
from appliance.answering.draft import Draft
from appliance.answering.events import Checked, Event, Passages, Token
from appliance.answering.prompts import Source
from appliance.answering.stopping import Stop
from appliance.answering.writing import Bounds
from appliance.database import Database
from appliance.errors import Unavailable, sentence
from appliance.models import Generator
from appliance.records import Assistant, Document, Language

log = logging.getLogger(__name__)
A_PART = Bounds(most_tokens=110)


def tell(
    database: Database,
    draft: Draft,
    assistant: Assistant,
    document: Document,
    model: Generator | None,
    *,
    person: str,
    stop: Stop,
) -> Iterator[Event]:
    """Summarise a document; its sentences collect in ``draft``, and none do where the document
    has nothing to tell. Raises as ``writing.write`` does."""
    began = draft.elapsed()
    found = condensing.chain().invoke(Whole(database=database, document=document))
    parts, draft.passages = condensing.numbered(found)
    draft.mark("passages")
    yield Passages(
        message=draft.message,
        conversation=draft.conversation,
        passages=tuple(draft.passages),
        answerable=1.0 if parts else 0.0,
        took_ms=round(draft.elapsed() - began, 1),
    )
    if not parts:
        return
    said = read(database, document, found, assistant.language)
    draft.mark("first_token")
    yield Token(text=f"{said}\n")
    yield Checked(sentence=draft.state(said, ()))
    for part in parts:
        if model is not None:
            model = yield from _written(draft, model, assistant, part, person, stop)
        if model is None or not _supported(draft, part):
            yield from _quoted(draft, part.best)
    draft.mode = "generate" if model else "quote"


def read(database: Database, document: Document, parts: Sequence[Told], language: Language) -> str:
    """What a summary says of itself: of which document it is, and which pages were read."""
    pages = condensing.pages(database, document, parts)
    told = {"title": document.title, "last": pages.last, "pages": pages.all}
    if pages.all < 2 and not pages.illegible:
        return sentence("summary_of", told, language)
    whole = pages.last == pages.all
    text = sentence("summary_of_pages" if whole else "summary_of_first_pages", told, language)
    if not pages.illegible:
        return text
    listed = ", ".join(str(number) for number in pages.illegible[:20])
    return f"{text} {sentence('summary_illegible', {'pages': listed}, language)}"


def _written(
    draft: Draft,
    model: Generator,
    assistant: Assistant,
    part: Told,
    person: str,
    stop: Stop,
) -> Yielding[Event, None, Generator | None]:
    """A part in the model's words; the model, or None where it went away before a word."""
    spent = draft.tokens, draft.prompt_tokens
    try:
        yield from writing.write(
            draft,
            model,
            assistant,
            sentence("summary_task", {}, assistant.language),
            sources=_sources(part),
            history=[],
            person=person,
            stop=stop,
            bounds=A_PART,
        )
    except Unavailable as fault:
        if draft.tokens != spent[0]:
            raise
        log.warning("no language model (%s): quoting instead", fault.code)
        return None
    draft.tokens, draft.prompt_tokens = draft.tokens + spent[0], draft.prompt_tokens + spent[1]
    draft.cut = False  # a part that is cut off is no cut summary
    return model


def _sources(part: Told) -> list[Source]:
    """The telling sentences as the model reads them, those of one passage together."""
    by_passage: dict[int, list[Span]] = {}
    for span in part.in_order():
        by_passage.setdefault(span.passage.n, []).append(span)
    return [
        Source(
            n=n,
            title=spans[0].passage.document.title,
            page=spans[0].passage.page,
            text=" ".join(span.text for span in spans)[: prompts.SOURCES_LENGTH],
        )
        for n, spans in by_passage.items()
    ]


def _supported(draft: Draft, part: Told) -> bool:
    """Whether anything that is told stands on a passage of the part."""
    within = {(span.passage.start, span.passage.end) for span in part.spans}
    return any(
        start <= one.start and one.end <= end for one in draft.citations for start, end in within
    )


def _quoted(draft: Draft, span: Span) -> Iterator[Event]:
    text = " ".join(span.text.split())
    yield Token(text=f"{text}\n")
    verdict = Verdict(supported=True, coverage=1.0, span=span)
    yield Checked(sentence=draft.add(text, verdict, joint="\n"))
