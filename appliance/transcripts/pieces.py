"""The text of an answer in pieces: blocks of runs, each sentence with its sources.

The same pieces as the console draws (``static/shared/text.js``): paragraphs, list items and
headings by the marks at the start of a line, ``**bold**``; whatever else a model may write
stays plain text.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from appliance.records import Answer, Citation, Record, Sentence

_NUMBERS = re.compile(r"\s*(?:\[\d{1,3}\])+")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_START = re.compile(r"\s*(?:([-*•])\s+|(\d{1,3}[.)])\s+|(#{1,6})\s+)?(.*)", re.DOTALL)

Kind = Literal["paragraph", "item", "heading"]


class Run(Record, frozen=True):
    """A stretch of text, and the citations that stand after it."""

    text: str
    strong: bool = False
    supported: bool = True
    citations: tuple[Citation, ...] = ()


class Block(Record, frozen=True):
    """``marker`` is an item's "•" or "2.", "" elsewhere."""

    kind: Kind
    marker: str
    runs: list[Run]


def blocks(answer: Answer) -> list[Block]:
    """The blocks of an answer, in order; empty lines are left out."""
    cited = {one.n: one for one in answer.citations}
    found: list[Block] = []
    fresh = True
    for text, said in _stretches(answer.answer, answer.sentences):
        lines = _NUMBERS.sub("", text).split("\n")
        last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
        for index, line in enumerate(lines):
            fresh = fresh or index > 0
            if fresh and not line.strip():
                continue
            if fresh:
                block, line = _begun(line)
                found.append(block)
            fresh = False
            # The sources of a sentence stand once, where it ends.
            numbers = said.citations if said and index == last else ()
            sources = tuple(cited[n] for n in numbers if n in cited)
            found[-1].runs.extend(_runs(line, said is None or said.supported, sources))
    return [block for block in found if block.runs]


def _stretches(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[str, Sentence | None]]:
    at = 0
    for one in sorted(sentences, key=lambda one: one.start):
        if one.start < at:
            continue
        yield text[at : one.start], None
        yield text[one.start : one.end], one
        at = one.end
    yield text[at:], None


def _begun(line: str) -> tuple[Block, str]:
    bullet, number, hashes, rest = _START.fullmatch(line).groups()  # type: ignore[union-attr]
    kind: Kind = "item" if bullet or number else "heading" if hashes else "paragraph"
    return Block(kind=kind, marker=number or ("•" if bullet else ""), runs=[]), rest


def _runs(line: str, supported: bool, sources: tuple[Citation, ...]) -> list[Run]:
    found = [
        Run(text=piece, strong=index % 2 == 1, supported=supported)
        for index, piece in enumerate(_STRONG.split(line))
        if piece
    ]
    if sources:
        found.append(Run(text="", citations=sources))
    return found
