"""What the tests of golden questions stand on: an answer, and a question about it."""

from typing import Any

import msgspec

from appliance.golden import GoldenQuestion
from appliance.records import Answer, DocumentName, Passage, Sentence, Took

DOCUMENT = "d1"


def passage(n: int, document: str = DOCUMENT, page: int | None = 3) -> Passage:
    return Passage(
        n=n, document=DocumentName(id=document, title="Regimento"), page=page, heading="",
        text="", start=0, end=0, score=1.0, found_by=("keywords",),
    )  # fmt: skip


def answer(text: str = "A multa é de R$ 1,50 por dia.", **facts: Any) -> Answer:
    """An answer of one sentence that stands on page 3 of the second passage's document."""
    said = Sentence(text=text, start=0, end=len(text), supported=True, citations=(1,))
    made = Answer(
        message="", conversation="", state="answered", mode="quote", answer=f"{text} [1]",
        sentences=(said,), citations=(), passages=(passage(1, "other"), passage(2)),
        took=Took(passages_ms=3, first_token_ms=4, total_ms=5, queue_ms=0, tokens=0),
    )  # fmt: skip
    return msgspec.structs.replace(made, **facts)


def golden(**facts: Any) -> GoldenQuestion:
    made = GoldenQuestion(
        id="g1", assistant="a1", question="Qual é a multa?", document="Regimento", page=3,
        phrases=("r$ 1,50",), must_refuse=False, created_at="", changed_at="",
    )  # fmt: skip
    return msgspec.structs.replace(made, **facts)
