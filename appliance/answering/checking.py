"""Every written sentence is tied, by code, to the text that supports it.

The model never writes a citation. A sentence is *supported* when one sentence of
a passage, or two that stand together, holds most of its words and all its numbers,
dates, amounts and names, each beside what it stands beside there, and agrees with
it on every no and on every pair of opposites. That span becomes the citation. What no
span supports is marked with the reason, or withheld where the assistant is strict.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from appliance.answering.comparing import agree, misplaced, value_differs, whole_name
from appliance.answering.statements import Name, Statement, content, read
from appliance.index.keywords import fold, stem
from appliance.index.sentences import sentences
from appliance.records import Language, Passage, Reason, Record

# Share of the sentence's content words that the span must hold. A copied sentence
# has 1.0, a paraphrase that keeps the nouns about 0.75; at 0.6 "O aluno pode levar
# obras" found its support in "Cada aluno pode levar três livros".
COVERAGE = 0.7
# What a value weighs beside words in that share: "1,50" says more than any of them. A span
# without it is refused in any case, so it counts as held.
WEIGHT = 2
# A span that holds more of the words by this share, and differs, outweighs one that agrees:
# the sentence was made from the first, and changed.
GAP = 0.15
_LABEL = 80  # characters at a passage's beginning in which it says which article it is
_LABELS = frozenset({"art", "chapter", "title", "section"})
# Said before a name at the beginning of a sentence, and no name itself.
_TELLING = "segundo conforme consoante como para segun according as per sim si yes"
_SOURCES = frozenset(_TELLING.split())


class Span(Record, frozen=True):
    """A stretch of a passage: ``start`` and ``end`` count in the document's text."""

    passage: Passage
    start: int
    end: int
    text: str


class Verdict(Record, frozen=True):
    """Whether a sentence is supported, and the best span (also when it falls short).

    ``reason`` says why it is not: what the best span does not say in the same way.
    """

    supported: bool
    coverage: float
    span: Span | None
    reason: Reason | None = None


class Checker:
    """Checks the sentences of one answer against the passages it was written from."""

    def __init__(self, passages: Sequence[Passage], language: Language) -> None:
        self.language = language
        self.passages = passages
        self._spans = [
            (span, content(span.text, language)) for passage in passages for span in _spans(passage)
        ]
        self._places = {id(passage): _place(passage, language) for passage in passages}

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence, by the span that holds most of its words, the
        shortest among equals; the ``reason`` is what that one says differently."""
        wanted = content(sentence, self.language)
        said = read(sentence, self.language)
        if not wanted and not any(not value.loose for value, _ in said.values):
            return Verdict(supported=False, coverage=0.0, span=None, reason="words")
        weight = WEIGHT * sum(not value.loose for value, _ in said.values)
        whole = len(wanted) + weight
        ranked = sorted(
            (((len(wanted & held) + weight) / whole, span) for span, held in self._spans),
            key=lambda one: (-one[0], len(one[1].text)),
        )
        first: Verdict | None = None
        for coverage, span in ranked:
            if coverage < COVERAGE or (first and coverage <= first.coverage - GAP):
                break
            reason = self._difference(said, span)
            verdict = Verdict(supported=not reason, coverage=coverage, span=span, reason=reason)
            if not reason:
                return verdict
            first = first or verdict
        if first:
            return first
        if not ranked:
            return Verdict(supported=False, coverage=0.0, span=None, reason="words")
        return Verdict(supported=False, coverage=ranked[0][0], span=ranked[0][1], reason="words")

    def _difference(self, said: Statement, span: Span) -> Reason | None:
        """What the sentence says and the span does not, or None where they agree."""
        given = read(span.text, self.language)
        place = self._places[id(span.passage)]
        for value, at in said.values:
            if not value.loose and (reason := value_differs(said, value, at, given, place)):
                return reason
        if not all(self._named(said, name, given, place) for name in said.names):
            return "name"
        return None if agree(said, given) else "negation"

    def _named(self, said: Statement, name: Name, given: Statement, place: Statement) -> bool:
        """Whether the span has a name that the sentence has, at the same place."""
        known = given.words | place.words
        if name.folded in known or name.folded.removesuffix("s") in known:
            return not self._is_name(name) or not misplaced(
                said,
                whole_name(said, name),
                given,
                [whole_name(given, one) for one in given.names if one.folded == name.folded],
                [
                    whole_name(given, one)
                    for one in given.names
                    if one.folded != name.folded and self._is_name(one)
                ],
            )
        if self._is_name(name):
            return False
        return not (name.opening and self._replaced(said, name, given))

    def _is_name(self, name: Name) -> bool:
        """A capital inside a sentence makes a name; at its beginning it is one when another
        name follows, or when the passages know it with a capital only."""
        if not name.opening:
            return True
        capital, small = self._known
        if name.folded in _SOURCES or stem(name.folded, self.language) in small:
            return False
        return name.followed or name.folded in capital

    def _replaced(self, said: Statement, name: Name, given: Statement) -> bool:
        """Whether an unknown first word stands where the span has a name: ``Carla atende``
        for ``Marta atende``."""
        if name.folded in _SOURCES or stem(name.folded, self.language) in self._known[1]:
            return False
        after = said.terms[name.place + 1 : name.place + 2]
        return bool(after) and any(
            given.terms[one.place + 1 : one.place + 2] == after
            for one in given.names
            if one.folded not in said.words and self._is_name(one)
        )

    @cached_property
    def _known(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words that the passages write with a capital inside a sentence, folded, and
        the stems of those that they write without."""
        text = " ".join(passage.text for passage in self.passages)
        capital = re.findall(r"(?<=[\w,;] )[A-ZÀ-ÖØ-Þ][^\W_]+", text)
        small = re.findall(r"(?<![^\W_])[a-zß-öø-ÿ][^\W_]*", text)
        return (
            frozenset(fold(word) for word in capital),
            frozenset(stem(word, self.language) for word in set(small)),
        )


def _place(passage: Passage, language: Language) -> Statement:
    """What a sentence may name besides the span: document, headings, the article that the
    passage begins with."""
    named = read(f"{passage.document.title} › {passage.heading}", language)
    labels = tuple(
        (value, at)
        for value, at in read(passage.text[:_LABEL], language).values
        if value.unit in _LABELS
    )
    return Statement(
        terms=(), words=named.words, values=named.values + labels, names=(), denials=(), claims=()
    )


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
