"""The words that questions are built of, folded: what a language's lists are.

``following`` reads a question by them: what opens a follow-up, what asks, what points back,
and which words name a thing of a known kind (an audience, a date, an attribute of a thing), so
that one can stand in the other's place. A word that is in none of these lists is taken for
the subject itself, so a missing word makes a question stand by itself, never the contrary.
"""

import re
from dataclasses import dataclass

ACCENTED = {
    "é": "eh",
    "aí": "ai_",
    "país": "pais_",
    "está": "esta_",
    "dá": "da_",
    "à": "a_",
    "às": "as_",
    "él": "el_",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of one language. Patterns match folded words joined by single spaces, from
    the first word on; ``contracted`` says how a preposition and an article are written.
    What only an accent tells apart is written as in ``ACCENTED``."""

    opener: re.Pattern[str]
    asks: re.Pattern[str]
    filler: frozenset[str]  # "também", "then": says only that the question goes on
    more: frozenset[str]  # "explique melhor": asks for the same again
    pronouns: dict[str, str]  # what points back, and the preposition that is in it
    demonstratives: dict[str, str]  # the same before a noun
    here: frozenset[str]  # nouns that "this" means without pointing back: this year
    possessives: frozenset[str]
    prepositions: dict[str, str]  # as written, and its family
    articles: frozenset[str]
    contracted: dict[str, str]
    links: frozenset[str]  # copulas, which say nothing inside a phrase
    verbs: frozenset[str]  # verbs that need a subject or an object to mean anything
    attributes: frozenset[str]  # what a thing has: one is asked for instead of another
    relations: frozenset[str]  # nouns that are always of something, but a subject as well
    audiences: frozenset[str]
    dates: frozenset[str]
    places: frozenset[str]
    ordinals: frozenset[str]


def word_set(text: str) -> frozenset[str]:
    """The words between the blanks."""
    return frozenset(text.split())


def families(text: str) -> dict[str, str]:
    """``de: do da dos`` lines as a mapping of each word to its line's name, itself too."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        family, _, written = line.strip().partition(":")
        found |= dict.fromkeys([family, *written.split()], family)
    return found


def pairs(text: str) -> dict[str, str]:
    """``de+o=do`` words as a mapping."""
    return dict(pair.split("=") for pair in text.split())
