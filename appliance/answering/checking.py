"""Every written sentence is tied, by code, to the text that supports it.

The model never writes a citation. A sentence is *supported* when one sentence of
a passage, or two that stand together, holds all its numbers, dates, codes and
names and most of its other words, and agrees with it on "not". That span becomes
the citation. What no span supports is marked, never hidden: the reader decides.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from appliance.index.keywords import fold, stem, words
from appliance.index.sentences import sentences
from appliance.index.stopwords import STOP_WORDS
from appliance.records import Language, Passage, Record

# Share of the sentence's content words that the span must hold. A copied sentence
# has 1.0, a paraphrase that keeps the nouns about 0.75; at 0.6 "O aluno pode levar
# obras" found its support in "Cada aluno pode levar três livros".
COVERAGE = 0.7
NEGATIONS = frozenset(
    {"nao", "nunca", "jamais", "nem", "sem", "not", "never", "no", "without", "cannot", "tampoco"}
)

_NUMBER = re.compile(r"\d+(?:[.,:/hº°ª-]\d+)*")
_NAME = re.compile(r"(?<=[\w,;] )[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


class Span(Record, frozen=True):
    """A stretch of a passage: ``start`` and ``end`` count in the document's text."""

    passage: Passage
    start: int
    end: int
    text: str


class Verdict(Record, frozen=True):
    """Whether a sentence is supported, and the best span (also when it falls short)."""

    supported: bool
    coverage: float
    span: Span | None


class Checker:
    """Checks the sentences of one answer against the passages it was written from."""

    def __init__(self, passages: Sequence[Passage], language: Language) -> None:
        self.language = language
        self._spans = [span for passage in passages for span in _spans(passage)]

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence; the best of all spans, the shortest among equals."""
        wanted = content(sentence, self.language)
        if not wanted:
            return Verdict(supported=False, coverage=0.0, span=None)
        demands = demanded(sentence)
        negative = negated(sentence)
        best = Verdict(supported=False, coverage=0.0, span=None)
        for span in self._spans:
            coverage = len(wanted & content(span.text, self.language)) / len(wanted)
            holds = (
                coverage >= COVERAGE
                and demands <= _offered(span)
                and negative == negated(span.text)
            )
            if _rank(holds, coverage, span) > _rank(best.supported, best.coverage, best.span):
                best = Verdict(supported=holds, coverage=coverage, span=span)
        return best


@lru_cache(maxsize=8192)
def content(text: str, language: Language) -> frozenset[str]:
    """The stems of a text's words that are not stop words."""
    return frozenset(
        stem(word, language) for word in words(text) if fold(word) not in STOP_WORDS[language]
    )


@lru_cache(maxsize=8192)
def demanded(text: str) -> frozenset[str]:
    """What a sentence may not say unless its span does: numbers, dates, addresses and
    names, folded. The first word is a capital in any sentence, so it is no name."""
    found = {_plain_number(number) for number in _NUMBER.findall(text)}
    found |= {fold(address) for address in _ADDRESS.findall(text)}
    return frozenset(found | {fold(name) for name in _NAME.findall(_ADDRESS.sub("", text))})


def negated(text: str) -> bool:
    """Whether a text says "not"."""
    return not NEGATIONS.isdisjoint(fold(word) for word in words(text))


def _plain_number(number: str) -> str:
    """``1.234,50`` and ``1234,50`` are one number; ``07:30`` and ``7:30`` one time."""
    joined = re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", number)
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined)


def _rank(supported: bool, coverage: float, span: Span | None) -> tuple[bool, float, int]:
    return supported, round(coverage, 3), -(span.end - span.start) if span else -1_000_000


def _offered(span: Span) -> frozenset[str]:
    """What a span may be quoted for: its own words and numbers, and the names of the
    document and the heading it stands under."""
    place = f"{span.passage.document.title} {span.passage.heading}"
    return _said(span.text) | _said(place)


@lru_cache(maxsize=8192)
def _said(text: str) -> frozenset[str]:
    return demanded(text) | {fold(word) for word in re.findall(r"[\wÀ-ÿ'’-]+", text)}


def _spans(passage: Passage) -> Iterable[Span]:
    found = sentences(passage.text)
    for i, (start, end) in enumerate(found):
        yield _span(passage, start, end)
        if i + 1 < len(found):
            yield _span(passage, start, found[i + 1][1])


def _span(passage: Passage, start: int, end: int) -> Span:
    return Span(
        passage=passage,
        start=passage.start + start,
        end=passage.start + end,
        text=passage.text[start:end],
    )
