"""How an answer stands to what was expected of it: a rank, a page, phrases, a verdict.

A result holds no word of any document, so that it may be kept when the document is erased.
"""

from collections.abc import Collection, Sequence
from typing import Literal

from appliance.folding import plain
from appliance.golden import GoldenQuestion
from appliance.records import Answer, AnswerState, Record

Failing = Literal[
    "document_unknown", "document_not_found", "page_not_found", "phrase_missing", "refused",
    "answered",
]  # fmt: skip


class Result(Record, frozen=True):
    """One question of a run. ``rank`` is the place of the expected document's first passage
    (1 is best; None: not among the ``passages``), ``page_hit`` whether its page is among them
    (None: no page expected), ``failing`` what is not as it should be, none where it passed;
    ``passed_before`` is None for a question that the run before did not ask."""

    question: str  # the golden question's id
    text: str
    state: AnswerState
    rank: int | None
    passages: int
    page_hit: bool | None
    phrases_found: tuple[str, ...]
    phrases_missing: tuple[str, ...]
    failing: tuple[Failing, ...]
    passed: bool
    took_ms: float
    passed_before: bool | None = None


def judge(golden: GoldenQuestion, answer: Answer, documents: Collection[str]) -> Result:
    """``documents`` are the ids that the expected one's name stands for."""
    ranks = [one.n for one in answer.passages if one.document.id in documents]
    pages = {one.page for one in answer.passages if one.document.id in documents}
    if not golden.document:
        pages = {one.page for one in answer.passages}
    found, missing = _phrases(golden, answer)
    result = Result(
        question=golden.id,
        text=golden.question,
        state=answer.state,
        rank=min(ranks, default=None),
        passages=len(answer.passages),
        page_hit=None if golden.page is None else golden.page in pages,
        phrases_found=found,
        phrases_missing=missing,
        failing=(),
        passed=True,
        took_ms=answer.took.total_ms,
    )
    failing = _refusal(result) if golden.must_refuse else _failing(golden, result, documents)
    return Result(
        **{name: getattr(result, name) for name in Result.__struct_fields__}
        | {"failing": tuple(failing), "passed": not failing}
    )


def _phrases(golden: GoldenQuestion, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Case, accents and the spaces between words do not matter."""
    said = _even(" ".join(one.text for one in answer.sentences) or answer.answer)
    found = tuple(one for one in golden.phrases if _even(one) in said)
    return found, tuple(one for one in golden.phrases if one not in found)


def _even(text: str) -> str:
    return " ".join(plain(text).split())


def _refusal(result: Result) -> Sequence[Failing]:
    return [] if result.state == "refused" else ["answered"]


def _failing(
    golden: GoldenQuestion, result: Result, documents: Collection[str]
) -> Sequence[Failing]:
    failing: list[Failing] = []
    if golden.document and not documents:
        failing.append("document_unknown")
    elif golden.document and result.rank is None:
        failing.append("document_not_found")
    elif result.page_hit is False:
        failing.append("page_not_found")
    if result.state != "answered":
        failing.append("refused")
    elif result.phrases_missing:
        failing.append("phrase_missing")
    return failing
