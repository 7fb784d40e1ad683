"""The parts of a question: its words, the phrases they make, and one put in another's place.

No grammar, only the lists of ``asking``: a phrase is what stands between two
prepositions, verbs or articles, and its kind is that of the first word in it that has one.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.answering.asking import ACCENTED, Words
from appliance.index.keywords import fold
from appliance.index.stopwords import STOP_WORDS
from appliance.records import Language

Kind = Literal["audience", "date", "place", "attribute", "relation", "number", "ordinal", "item"]

SLOTS: tuple[Kind, ...] = ("audience", "date", "place")  # kinds whose nouns change places
_WORD = re.compile(r"[^\W_]+(?:[-'’.,/&][^\W_]+)*")
_BEFORE_OTHERS = {"dentro", "fora", "depois", "antes", "despues"}
_JOINING = {"nao", "no", "not", "e", "y", "and", "ou", "o", "or"}
_ADVERBS = {"quem", "onde", "quando", "como", "who", "where", "when", "how", "why"} | {
    "quien", "quienes", "donde", "cuando"
}  # fmt: skip
_WHO = {"quem", "quien", "quienes", "who"}
_GRADES = {"ano", "anos"}  # the sixth of them is a class: its pupils, not a date
_ORDINAL = re.compile(r"\d+[oa]$")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*[oa]?$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question; ``key`` is how the lists write it, the span counts in the text."""

    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words, ``first`` to ``last`` (exclusive) of its question.

    ``noun`` is where it goes on after preposition and article; ``family`` the preposition's.
    """

    first: int
    noun: int
    last: int
    kind: Kind
    family: str
    article: str


class Asked:
    """A question taken apart by the lists of its language."""

    def __init__(self, text: str, language: Language, words: Words) -> None:
        self.text = unicodedata.normalize("NFC", text).strip()
        self.language = language
        self.lists = words
        self.words = [
            Word(found[0], key(found[0]), found.start(), found.end())
            for found in _WORD.finditer(self.text)
        ]
        self.keys = [word.key for word in self.words]
        self.asking = self._asking()

    def _asking(self) -> int:
        """How many words ask: ``por quanto tempo`` are three."""
        found = self.lists.asks.match(" ".join(self.keys))
        return len(found[0].split()) if found else 0

    def tells(self, place: int) -> bool:
        """Whether a word says something by itself: no function word, no light verb."""
        word = self.keys[place]
        lists = self.lists
        return not (
            place < self.asking
            or word in STOP_WORDS[self.language]
            or self.is_verb(place)
            or word in lists.pronouns
            or word in lists.demonstratives
            or word in lists.filler
            or word in lists.prepositions
            or word in lists.articles
            or (len(word) == 1 and not word.isdigit())
        )

    def is_verb(self, place: int) -> bool:
        """Whether a word is a light verb here: ``uso`` is none in ``o uso``."""
        word, before = self.keys[place], self.keys[place - 1] if place else ""
        if word not in self.lists.verbs:
            return False
        determined = before in self.lists.articles or before in self.lists.prepositions
        return not determined or before == "to" or word.endswith(("ar", "er", "ir"))

    def kind(self, place: int) -> Kind:
        """What kind of thing a word names."""
        word, lists = self.keys[place], self.lists
        if word in _GRADES and place and _ORDINAL.match(self.keys[place - 1]):
            return "audience"
        known: tuple[tuple[Kind, frozenset[str]], ...] = (
            ("audience", lists.audiences),
            ("date", lists.dates),
            ("place", lists.places),
            ("attribute", lists.attributes),
            ("relation", lists.relations),
            ("ordinal", lists.ordinals),
        )
        found = next((kind for kind, names in known if word in names), None)
        return found or ("number" if _NUMBER.match(word) else "item")

    def subject(self) -> list[int]:
        """The places of the words that only this question has: its own subject."""
        return [
            place
            for place in range(len(self.words))
            if self.tells(place) and self.kind(place) == "item"
        ]

    def slice(self, first: int, last: int) -> str:
        """The text of some words, with what stands between them."""
        if first >= last:
            return ""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def phrases(self) -> list[Phrase]:
        """The phrases in order, without what asks."""
        found: list[Phrase] = []
        place = self.asking
        while place < len(self.words):
            if not self.tells(place):
                place += 1
                continue
            last = place
            while last < len(self.words) and self.tells(last) and not self._cut(last, place):
                last += 1
            found += self._parted(place, last)
            place = last
        return self._joined(found)

    def _cut(self, place: int, first: int) -> bool:
        """Whether a comma or the like stands before a word."""
        between = self.text[self.words[place - 1].end : self.words[place].start]
        return place > first and bool(between.strip())

    def _parted(self, first: int, last: int) -> list[Phrase]:
        """The run as a phrase, and what follows its noun as another: teachers | need."""
        kinds = [self.kind(place) for place in range(first, last)]
        named = next((i for i, kind in enumerate(kinds) if kind in SLOTS), None)
        if named is None:
            return [self._phrase(first, last, _plain(kinds))]
        kind, end = kinds[named], first + named + 1
        while end < last and (self.kind(end) == kind or self._agrees(end - 1, end)):
            end += 1
        rest = self._parted(end, last) if end < last else []
        return [self._phrase(first, end, kind), *rest]

    def _agrees(self, noun: int, place: int) -> bool:
        """Whether a word after a noun is its adjective, as far as endings tell."""
        if self.language == "en":
            return False
        return self.keys[noun][-1] == self.keys[place][-1] and self.keys[place][-1] in "soa"

    def _phrase(self, noun: int, last: int, kind: Kind) -> Phrase:
        first, article, family = noun, "", ""
        while first > self.asking and self.keys[first - 1] in ("nao", "no", "not", "non"):
            first -= 1
            noun -= 1
        if first > self.asking and self.keys[first - 1] in self.lists.articles:
            first -= 1
            article = self.words[first].text
        if first > self.asking and self.keys[first - 1] in self.lists.prepositions:
            first -= 1
            article = article or self._contracted_article(first)
            family = self.lists.prepositions[self.keys[first]]
        if family and first > self.asking and self.keys[first - 1] in _BEFORE_OTHERS:
            first -= 1
            family = self.keys[first]
        return Phrase(first, noun, last, kind, family, article)

    def _contracted_article(self, place: int) -> str:
        """The article in a preposition: ``o`` in ``do``."""
        written = self.words[place].text.lower()
        pairs = self.lists.contracted.items()
        return next((pair.split("+")[1] for pair, joined in pairs if joined == written), "")

    def _joined(self, phrases: list[Phrase]) -> list[Phrase]:
        """Neighbours of the kind "from Monday to Friday" as one."""
        found: list[Phrase] = []
        for phrase in phrases:
            before = found[-1] if found else None
            if before and before.kind == phrase.kind == "date" and before.last == phrase.first:
                found[-1] = Phrase(
                    before.first, before.noun, phrase.last, "date", before.family, before.article
                )
            else:
                found.append(phrase)
        return found

    def topic(self, meant: str = "") -> str:
        """What the question is about: without what asks, the light verbs around and, where
        there is more, without the attribute asked for. Where the pronoun ``meant`` (its last
        letters tell gender and number) does not agree with it, from what agrees on."""
        phrases = self.phrases()
        rest = phrases[1:]
        if rest and (self._is_governing(phrases) or _only_attribute(phrases)):
            phrases = rest
        if not phrases:
            return ""
        form = _form(meant)
        if form and _form(phrases[0].article) not in ("", form):
            place = next((i for i, one in enumerate(phrases) if _form(one.article) == form), 0)
            phrases = phrases[place:]
        lists = self.lists
        kept = [
            self.words[place].text
            for place in range(phrases[0].noun, phrases[-1].last)
            if self.tells(place)
            or self.keys[place] in _JOINING
            or self.keys[place] in lists.prepositions
            or self.keys[place] in lists.articles
        ]
        return " ".join([phrases[0].article, *kept]).strip()

    def _is_governing(self, phrases: Sequence[Phrase]) -> bool:
        """Whether the first phrase is a verb of no list: ¿Quién *dirige* el centro?"""
        first, second = phrases[:2]
        asks = self.keys[self.asking - 1] if self.asking else ""
        if asks not in _ADVERBS or first.last - first.first > 1 or second.first != first.last:
            return False
        by_itself = bool(second.article) and not second.family
        return by_itself or (asks in _WHO and first.first == self.asking)

    def written(self, family: str, noun: str) -> str:
        """A preposition before a noun phrase, contracted with its article: do recurso."""
        article, _, rest = noun.partition(" ")
        if joined := self.lists.contracted.get(f"{family}+{article.lower()}"):
            return f"{joined} {rest}"
        return f"{family} {noun}" if family else noun

    def put(self, old: Phrase, new: str) -> str:
        """The question with some text in a phrase's place."""
        return self.spliced(old.first, old.last, new)

    def spliced(self, first: int, last: int, new: str) -> str:
        """The question with some text in the place of the words ``first`` to ``last``."""
        return self.text[: self.words[first].start] + new + self.text[self.words[last - 1].end :]


def key(word: str) -> str:
    """A word as the lists write it."""
    lowered = word.lower()
    return ACCENTED.get(lowered) or fold(lowered)


def sentence_case(text: str, language: Language) -> str:
    """A question as one is written: a capital, its marks, no blanks twice."""
    plain = " ".join(text.split()).strip("¿?!. ,;:")
    plain = re.sub(r"\s+([?,;:.])", r"\1", plain)
    plain = plain[:1].upper() + plain[1:]
    return ("¿" if language == "es" else "") + plain + "?"


def lowered(text: str) -> str:
    """The text with its first word begun small, unless that is a name's abbreviation."""
    text = text.lstrip("¿ ")
    name = text[:2].isupper() and text[:2].isalpha()
    return text if name else text[:1].lower() + text[1:]


def counts(asked: Asked, place: int, like: Word) -> bool:
    """Whether a word is a number or an ordinal that another could replace: 1º and segundo,
    primeira and segunda, not segunda and primeiro."""
    word = asked.keys[place]
    if asked.kind(place) not in ("number", "ordinal"):
        return False
    if word[-1].isdigit() or like.key[-1].isdigit():
        return word[-1].isdigit() == like.key[-1].isdigit()
    return asked.language == "en" or word[-1] == like.key[-1]


def _form(word: str) -> str:
    """Gender and number by the ending of an article or a pronoun: a, as, o or os."""
    word = key(word)
    plural = "s" if word.endswith("s") or word == "uns" else ""
    stem = word.removesuffix("s")
    if stem in ("a", "uma", "la", "una", "ela", "dela", "nela", "ella", "ellas"):
        return "a" + plural
    if stem in ("o", "um", "un", "el", "lo", "uno", "ele", "dele", "nele", "el_", "ello"):
        return "o" + plural
    return ""


def _plain(kinds: Sequence[Kind]) -> Kind:
    """The kind of a phrase without slot words: an attribute only where it says nothing more."""
    if "item" in kinds:
        return "number" if "number" in kinds else "item"
    return next(kind for kind in ("relation", "attribute", "ordinal", "number") if kind in kinds)


def _only_attribute(phrases: Sequence[Phrase]) -> bool:
    """Whether the first phrase is an attribute of an item after it."""
    return phrases[0].kind == "attribute" and any(
        one.kind in ("item", "relation", "number") for one in phrases[1:]
    )


def last_of(phrases: Sequence[Phrase], kind: Kind, family: str | None = None) -> Phrase | None:
    """The last phrase of a kind, of a preposition's family where one is named."""
    return next(
        (
            phrase
            for phrase in reversed(phrases)
            if phrase.kind == kind and family in (None, phrase.family)
        ),
        None,
    )
