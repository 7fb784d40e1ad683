"""An answer while it is being made: its text, its sentences, its citations.

The text grows sentence by sentence; each sentence is followed by the numbers of
its citations, and a span cited twice keeps one number.
"""

import re
import time
from collections.abc import Sequence

from appliance.answering.checking import Span, Verdict
from appliance.index import provisions
from appliance.records import (
    Answer,
    AnswerState,
    Citation,
    Mode,
    Passage,
    Reason,
    SaidBy,
    Sentence,
    Took,
)

_MARKS = re.compile(r" ?\[\d{1,2}(?: ?, ?\d{1,2})*\]")  # in a text of single blanks


class Draft:
    """One answer in the making. All times are milliseconds since the question arrived."""

    def __init__(
        self, *, message: str, conversation: str, mode: Mode, began: float | None = None
    ) -> None:
        """``began`` is when the question arrived, on the monotonic clock; now if not given."""
        self.message = message
        self.conversation = conversation
        self.mode = mode
        self.query: str | None = None
        self.as_of: str | None = None
        self.note = ""
        self.said_by: SaidBy = "documents"
        self.offers: tuple[str, ...] = ()
        self.handover = False
        self.form = False
        self.text = ""
        self.passages: Sequence[Passage] = ()
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.tokens = 0
        self.prompt_tokens = 0
        self.cut = False  # whether the model was stopped by its limit of tokens
        self.withheld = 0  # sentences that a strict assistant wrote and did not tell
        self._began = time.monotonic() if began is None else began
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Note when something happened for the first time (``passages``, ``first_token`` …)."""
        self._marks.setdefault(name, self.elapsed())

    def elapsed(self) -> float:
        """Milliseconds since the question arrived."""
        return (time.monotonic() - self._began) * 1000

    def add(self, text: str, verdict: Verdict, *, joint: str = " ") -> Sentence:
        """Append a checked sentence with its citation; gives the sentence in its place."""
        spans = [verdict.span] if verdict.supported and verdict.span else []
        return self._append(text, spans, joint, supported=verdict.supported, reason=verdict.reason)

    def state(self, text: str, spans: Sequence[Span], *, joint: str = "\n") -> Sentence:
        """Append a sentence that was computed, with all that it stands on."""
        return self._append(text, spans, joint, supported=True, reason=None)

    def _append(
        self,
        text: str,
        spans: Sequence[Span],
        joint: str,
        *,
        supported: bool,
        reason: Reason | None,
    ) -> Sentence:
        cited = tuple(dict.fromkeys(self._cite(span) for span in spans))
        start = len(self.text) + (len(joint) if self.text else 0)
        sentence = Sentence(
            text=text,
            start=start,
            end=start + len(text),
            supported=supported,
            citations=cited,
            reason=reason,
        )
        marks = "".join(f" [{n}]" for n in cited)
        self.text += (joint if self.text else "") + text + marks
        self.sentences.append(sentence)
        return sentence

    def cites(self, span: Span) -> bool:
        """Whether the answer rests on a span, or on one that holds it, already."""
        return any(
            one.document.id == span.passage.document.id
            and one.start <= span.start
            and span.end <= one.end
            for one in self.citations
        )

    def say(self, text: str) -> None:
        """Set a text that is not an answer from the documents: a refusal, with no citation."""
        self.text = text

    def repeat(self, text: str, spans: Sequence[Span]) -> Sentence | None:
        """Set a text that is said word for word, without marks in it: one sentence, with all
        that it stands on; None where it stands on nothing."""
        self.text = text
        cited = tuple(dict.fromkeys(self._cite(span) for span in spans))
        if not cited:
            return None
        whole = Sentence(text=text, start=0, end=len(text), supported=True, citations=cited)
        self.sentences.append(whole)
        return whole

    def finished(self, state: AnswerState) -> Answer:
        """The answer as it is now."""
        total = self.elapsed()
        return Answer(
            message=self.message,
            conversation=self.conversation,
            state=state,
            mode=self.mode,
            answer=self.text,
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            passages=tuple(self.passages),
            query=self.query,
            as_of=self.as_of,
            note=self.note,
            said_by=self.said_by,
            offers=self.offers,
            handover=self.handover,
            form=self.form,
            cut=self.cut and self.mode == "generate",
            took=Took(
                passages_ms=round(self._marks.get("passages", total), 1),
                first_token_ms=round(self._marks.get("first_token", total), 1),
                total_ms=round(total, 1),
                queue_ms=round(self._marks.get("started", 0.0) - self._marks.get("waiting", 0.0), 1)
                if "waiting" in self._marks and "started" in self._marks
                else 0.0,
                tokens=self.tokens,
                prompt_tokens=self.prompt_tokens,
            ),
        )

    def _cite(self, span: Span) -> int:
        document = span.passage.document
        for known in self.citations:
            if (known.document.id, known.start, known.end) == (document.id, span.start, span.end):
                return known.n
        citation = Citation(
            n=len(self.citations) + 1,
            document=document,
            page=span.passage.page,
            start=span.start,
            end=span.end,
            quote=span.text,
            url=address(document.id, span.passage.page, span.start, span.end),
            place=placed(span),
        )
        self.citations.append(citation)
        return citation.n


def address(document: str, page: int | None, start: int, end: int) -> str:
    """Where the console shows a span of a document."""
    place = f"page={page}&" if page else ""
    return f"/#/documents/{document}?{place}start={start}&end={end}"


def placed(span: Span) -> str:
    """The provision that a span of a passage stands in: "Art. 27, § 2º", or ""."""
    passage = span.passage
    start, end = span.start - passage.start, span.end - passage.start
    return provisions.place(passage.text, start, end, passage.heading)


def without_marks(text: str) -> str:
    """A model's sentence without the source numbers it may have copied."""
    # Blanks first: a run of them before no mark would be tried from each of its places.
    return _MARKS.sub("", " ".join(text.split())).strip()
