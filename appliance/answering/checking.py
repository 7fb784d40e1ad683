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

from appliance.answering.polarity import Claim, Denial
from appliance.answering.statements import Name, Statement, content, read
from appliance.answering.values import Value, same, same_unit
from appliance.index.keywords import fold, stem
from appliance.index.sentences import sentences
from appliance.records import Language, Passage, Reason, Record

# Share of the sentence's content words that the span must hold. A copied sentence
# has 1.0, a paraphrase that keeps the nouns about 0.75; at 0.6 "O aluno pode levar
# obras" found its support in "Cada aluno pode levar três livros".
COVERAGE = 0.7
# By how many neighbours another place must fit better before a thing stands in the wrong one.
MARGIN = 2
BESIDE = 2  # content words on each side of a thing that are its neighbours
_LABEL = 80  # characters at a passage's beginning in which it says which article it is
_LABELS = frozenset({"art", "chapter", "title", "section"})
# Said before a name at the beginning of a sentence, and no name itself.
_SOURCES = frozenset(
    "segundo conforme consoante como para segun according as per sim si yes".split()
)


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
        shortest among equals."""
        wanted = content(sentence, self.language)
        said = read(sentence, self.language)
        if not wanted and not said.values:
            return Verdict(supported=False, coverage=0.0, span=None, reason="words")
        ranked = sorted(
            ((len(wanted & held) / (len(wanted) or 1), span) for span, held in self._spans),
            key=lambda one: (-one[0], len(one[1].text)),
        )
        first: Verdict | None = None
        for coverage, span in ranked:
            if wanted and coverage < COVERAGE:
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
            if not value.loose and (reason := _value(said, value, at, given, place)):
                return reason
        if not all(self._named(said, name, given, place) for name in said.names):
            return "name"
        return None if _agree(said, given) else "negation"

    def _named(self, said: Statement, name: Name, given: Statement, place: Statement) -> bool:
        """Whether the span has a name that the sentence has, at the same place."""
        known = given.words | place.words
        if name.folded in known or name.folded.removesuffix("s") in known:
            own = [n for n, term in enumerate(given.terms) if term == said.terms[name.place]]
            others = [
                one.place for one in given.names if one.folded != name.folded and self._is_name(one)
            ]
            return (
                not own
                or not self._is_name(name)
                or not _misplaced(said, name.place, given, own, others)
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


# ------------------------------------------------------------------ values


def _value(
    said: Statement, value: Value, at: int, given: Statement, place: Statement
) -> Reason | None:
    """What is wrong with a value of the sentence, if anything."""
    own = [
        (one, where)
        for one, where in given.values
        if same(value, one) and (not one.loose or one.unit or _fit(said, at, given, where))
    ]
    if not own:
        if any(same(value, one) and same_unit(value, one) for one, _ in place.values):
            return None
        return "date" if value.kind == "date" else "number"
    alike = [where for one, where in own if same_unit(value, one)]
    if not alike:
        return "unit"
    others = [
        where for one, where in given.values if one.kind == value.kind and not same(value, one)
    ]
    if _misplaced(said, at, given, alike, others):
        return "date" if value.kind == "date" else "number"
    return None


def _misplaced(
    said: Statement, at: int, given: Statement, own: Iterable[int], others: Iterable[int]
) -> bool:
    """Whether what stands around a thing in the sentence stands, in the span, around
    another of its kind: "15 livros por 3 dias" for "3 livros por 15 dias"."""
    here = max((_fit(said, at, given, where) for where in own if where >= 0), default=None)
    there = max((_fit(said, at, given, where) for where in others if where >= 0), default=0)
    return here is not None and there >= here + MARGIN


def _fit(said: Statement, at: int, given: Statement, where: int) -> int:
    """How many neighbours two places share, those before and those after."""
    before = set(said.terms[max(0, at - BESIDE) : at])
    after = set(said.terms[at + 1 : at + 1 + BESIDE])
    return len(before.intersection(given.terms[max(0, where - BESIDE) : where])) + len(
        after.intersection(given.terms[where + 1 : where + 1 + BESIDE])
    )


# ------------------------------------------------------------------ yes and no


def _agree(said: Statement, given: Statement) -> bool:
    """Whether sentence and span deny the same and take the same sides."""
    if not all(_denied(one, given) for one in said.denials):
        return False
    stems = frozenset(said.terms)
    for one in given.denials:
        spoken = len(one.scope & stems)
        if one.scope and 3 * spoken >= 2 * len(one.scope) and not _denied(one, said):
            return False
    return all(_sided(said, claim, given) for claim in said.claims)


def _denied(denial: Denial, other: Statement) -> bool:
    """Whether the other denies the same thing, or says the opposite word instead."""
    if any(denial.scope & one.scope for one in other.denials):
        return True
    return any(one.concept == denial.concept and not one.side for one in other.claims)


def _sided(said: Statement, claim: Claim, given: Statement) -> bool:
    """Whether the span takes the same side, or none."""
    own = [
        one.place for one in given.claims if (one.concept, one.side) == (claim.concept, claim.side)
    ]
    against = [
        one.place for one in given.claims if one.concept == claim.concept and one.side != claim.side
    ]
    if not against:
        return True
    if own:
        return not _misplaced(said, claim.place, given, own, against)
    return all(_fit(said, claim.place, given, where) == 0 for where in against)


# ------------------------------------------------------------------ spans


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
