"""What a stretch of text states: its content words in order, its values, names and noes.

A statement is read once and compared many times. All places count in ``terms``: the
stems of the content words in order, a value being one term, so that what stands beside
a number can be asked whatever stop words are between.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from appliance.answering.measures import MONTH_WORDS, TOLD_UNITS, UNIT_OF
from appliance.answering.numerals import number_word
from appliance.answering.polarity import Claim, Denial, Word, polarity
from appliance.answering.values import Value, values
from appliance.index.keywords import fold, stem, words
from appliance.index.stopwords import STOP_WORDS
from appliance.records import Language

_WORD = re.compile(r"[^\W_]+(?:['’]t\b)?")
_CLAUSE = re.compile(
    r"[,;:.!?()]|\b(?:mas|porém|contudo|embora|pero|aunque|but|although|whereas)\b", re.I
)
_CURRENCY = re.compile(r"\b(?:R|US|U)\$")
# After one of these a capital is no sign of a name.
_OPENS = re.compile(r"(?:^|\n|[-–—:•!?]\s|(?<=\w{5})\.|[)\]]\.)\s*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A word with a capital. ``opening``: it begins a sentence, so it may be no name;
    ``followed``: another capital stands right after it."""

    folded: str
    place: int
    opening: bool
    followed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A text as it is compared; ``words`` are all its words, folded."""

    terms: tuple[str, ...]
    words: frozenset[str]
    values: tuple[tuple[Value, int], ...]
    names: tuple[Name, ...]
    denials: tuple[Denial, ...]
    claims: tuple[Claim, ...]


@lru_cache(maxsize=8192)
def content(text: str, language: Language) -> frozenset[str]:
    """The stems of a text's words that say something; numbers and money are values."""
    said = words(_CURRENCY.sub(" ", text))
    return frozenset(stem(word, language) for word in said if _says(fold(word), language))


@lru_cache(maxsize=2048)
def read(text: str, language: Language) -> Statement:
    """What a text states."""
    found = values(text, language)
    taken = [(value.start, value.end, value) for value in found if not value.loose]
    clauses = [hit.start() for hit in _CLAUSE.finditer(text)]
    starts = [start for start, _, _ in taken]
    terms: list[str] = []
    said: list[Word] = []
    names: list[Name] = []
    placed: dict[int, int] = {}
    places: dict[int, int] = {}  # of every word, by where it starts
    tokens = list(_WORD.finditer(text))
    for n, token in enumerate(tokens):
        folded = fold(token.group().replace("’", "'"))
        places[token.start()] = len(terms)
        clause = bisect_right(clauses, token.start())
        number = bisect_right(starts, token.start()) - 1
        if number >= 0 and token.start() < taken[number][1]:
            if number not in placed:
                placed[number] = len(terms)
                terms.append(f"#{taken[number][2].key}")
            said.append(Word(folded, len(terms) - 1, clause, False))
            continue
        says = folded not in STOP_WORDS[language] and not folded.endswith("'t")
        if _capital(token.group()) and says:
            names.append(_name(text, tokens, n, len(terms), folded))
        said.append(Word(folded, len(terms), clause, says))
        if says:
            terms.append(stem(token.group(), language))
    denials, claims = polarity(said, terms, language)
    sure = [(value, placed.get(n, 0)) for n, (_, _, value) in enumerate(taken)]
    perhaps = [(value, places.get(value.start, 0)) for value in found if value.loose]
    return Statement(
        terms=tuple(terms),
        words=frozenset(word.folded for word in said),
        values=(*sure, *perhaps),
        names=tuple(names),
        denials=denials,
        claims=claims,
    )


@lru_cache(maxsize=65536)
def _says(folded: str, language: Language) -> bool:
    if folded in STOP_WORDS[language] or number_word(folded) or folded in MONTH_WORDS:
        return False
    return not any(sign.isdigit() for sign in folded) and UNIT_OF.get(folded) not in TOLD_UNITS


def _capital(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()


def _name(text: str, tokens: list[re.Match[str]], n: int, place: int, folded: str) -> Name:
    token = tokens[n]
    opening = n == 0 or _OPENS.search(text[max(0, token.start() - 9) : token.start()]) is not None
    following = tokens[n + 1] if n + 1 < len(tokens) else None
    followed = (
        following is not None
        and _capital(following.group())
        and text[token.end() : following.start()] == " "
    )
    return Name(folded, place, opening, followed)
