"""What is said without looking into documents: small talk, and what the office approved.

Asked before the search. An approved answer is given word for word where the question is one
of its own, or the same in other words (``alike.same``); one that is only close is offered
beside the answer from the documents: "did you mean". Without the embedder, words decide.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from appliance import approved, library
from appliance.answering import alike, smalltalk
from appliance.answering.checking import Span
from appliance.answering.finding import Finder
from appliance.approved import Approved, Cited, Variant
from appliance.chunks import Chunks
from appliance.database import Database
from appliance.errors import NotFound, Unavailable
from appliance.records import Assistant, Language, Passage, Record, SaidBy

CLOSEST = 24  # questions, by their vectors, whose words are compared
OFFERED = 2
_LEAST_COSINE = 2 * alike.NEAR - 1  # below it not even all words together come close


class Reply(Record, frozen=True):
    """What is said word for word, and what it cites. ``offers`` are questions to ask next,
    ``handover`` says that a person may be asked here, ``form`` that the form is to be filled in."""

    text: str
    said_by: SaidBy
    passages: tuple[Passage, ...] = ()
    spans: tuple[Span, ...] = ()
    offers: tuple[str, ...] = ()
    handover: bool = False
    form: bool = False


class Matched(Record, frozen=True):
    """The id of the answer that a question has, "" for none, and questions close to it."""

    answer: str = ""
    close: tuple[str, ...] = ()


def small_talk(assistant: Assistant, question: str, more: tuple[str, ...] = ()) -> Reply | None:
    """The reply to small talk, None for a question. ``more`` is offered with the suggestions."""
    kind = smalltalk.kind(question)
    if kind is None:
        return None
    offers = (*assistant.suggestions, *more) if kind in ("greeting", "who") else ()
    return Reply(text=smalltalk.reply(assistant, kind), said_by="house", offers=offers)


def matched(database: Database, finder: Finder, assistant: Assistant, question: str) -> Matched:
    """Which of an assistant's approved answers a question has, and which come close."""
    known = approved.variants(database, assistant.id, assistant.collections)
    if not known:
        return Matched()
    plain = approved.folded(question)
    for one in known:
        if plain and approved.folded(one.text) == plain:
            return Matched(answer=one.answer)
    vector, stamp = finder.embedded(question)
    if vector is None:
        return _by_words(known, question, assistant.language)
    cosines = _vectors(database, finder, known, stamp) @ vector
    best = [int(row) for row in np.argsort(-cosines, kind="stable")[:CLOSEST]]
    return _compared(
        [(known[row], float(cosines[row])) for row in best if cosines[row] >= _LEAST_COSINE],
        question,
        assistant.language,
    )


def given(database: Database, found: Approved) -> Reply:
    """An approved answer as it is said, counted from here on."""
    approved.hit(database, found.id)
    spans = cited(database, found.cited) if found.cited else ()
    passages = tuple(span.passage for span in spans)
    return Reply(text=found.text, said_by="office", passages=passages, spans=spans)


def cited(database: Database, place: Cited) -> tuple[Span, ...]:
    """The span that an approved answer cites; none where the page is not there any more."""
    if place.document is None:
        return ()
    try:
        start, text = page_text(database, place.document.id, place.page)
    except NotFound:  # read again, in fewer pages
        return ()
    at = text.find(place.quote) if place.quote else -1
    begin = start + (at if at >= 0 else len(text) - len(text.lstrip()))
    chunks = Chunks(database).at(place.document.id, [begin])
    if not chunks:
        return ()
    passage = chunks[0].passage()
    length = len(place.quote) if at >= 0 else len(passage.text)
    end = min(begin + length, passage.end)
    return (Span(
        passage=passage, start=begin, end=end,
        text=passage.text[begin - passage.start : end - passage.start],
    ),)  # fmt: skip


def readable(database: Database, assistant: Assistant, document: str) -> bool:
    """Whether an assistant may cite a document: it is ready, in a collection that it reads."""
    found = library.find(database, document)
    return (
        found is not None and found.collection in assistant.collections and (found.state == "ready")
    )


def page_text(database: Database, document: str, page: int | None) -> tuple[int, str]:
    """Where a page begins in its document's text, and what it says. Raises ``NotFound``."""
    number = page or 1
    text = library.page(database, document, number).text
    return library.page_starts(database, document)[number], text


def _by_words(known: Sequence[Variant], question: str, language: Language) -> Matched:
    return _compared([(one, None) for one in known], question, language)


def _compared(
    known: Sequence[tuple[Variant, float | None]], question: str, language: Language
) -> Matched:
    asked = _wording(question, language)
    close: list[tuple[float, Variant]] = []
    for one, cosine in known:
        wording = _wording(one.text, language)
        if alike.same(wording, asked, cosine):
            return Matched(answer=one.answer)
        likeness = alike.likeness(wording, asked, cosine)
        if likeness >= alike.NEAR:
            close.append((likeness, one))
    close.sort(key=lambda pair: (-pair[0], pair[1].id))
    by_answer = {one.answer: one.text for _, one in reversed(close)}
    offered = [one.text for _, one in close if by_answer[one.answer] == one.text]
    return Matched(close=tuple(offered[:OFFERED]))


@lru_cache(maxsize=8192)
def _wording(text: str, language: Language) -> alike.Wording:
    return alike.wording(text, language)


def _vectors(
    database: Database, finder: Finder, known: Sequence[Variant], stamp: str
) -> npt.NDArray[np.float32]:
    """The vectors of the questions, one row each; those of a former embedder are made anew."""
    rows = {one.id: one.vector for one in known if one.stamp == stamp and one.vector}
    missing = [one for one in known if one.id not in rows]
    if missing and finder.embedder is not None:
        try:
            made = finder.embedder.embed([one.text for one in missing], kind="query")
        except Unavailable:
            made = None
        if made is not None and finder.embedder.stamp == stamp:
            fresh = [
                (one.id, row.astype(np.float32).tobytes())
                for one, row in zip(missing, made, strict=True)
            ]
            approved.embedded(database, stamp, fresh)
            rows |= dict(fresh)
    width = max((len(row) // 4 for row in rows.values()), default=1)
    nothing = np.zeros(width, dtype=np.float32).tobytes()
    joined = b"".join(rows.get(one.id) or nothing for one in known)
    return np.frombuffer(joined, dtype=np.float32).reshape(len(known), width)
