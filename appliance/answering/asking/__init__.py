"""The words that questions are built of, in three languages: ``{pt,en,es}.toml`` beside this.

``following`` reads a question by them: what opens a follow-up, what asks, what points back,
and which words name a thing of a known kind (an audience, a date, an attribute of a thing), so
that one can stand in the other's place. A word that is in none of these lists is taken for
the subject itself, so a missing word makes a question stand by itself, never the contrary.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from appliance.records import Language

# What only an accent tells apart is written so in the lists; all else there is folded.
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
    """The lists of one language. The patterns match words joined by single spaces, from the
    first on; ``contracted`` says how a preposition and an article are written: ``de+o``."""

    opener: re.Pattern[str]
    asks: re.Pattern[str]
    filler: frozenset[str]  # "também", "then": says only that the question goes on
    more: frozenset[str]  # "explique melhor": asks for the same again
    here: frozenset[str]  # nouns that "this" means without pointing back: this year
    possessives: frozenset[str]
    articles: frozenset[str]
    links: frozenset[str]  # copulas, which say nothing inside a phrase
    verbs: frozenset[str]  # mean nothing without a subject or an object
    attributes: frozenset[str]  # what a thing has: one is asked for instead of another
    relations: frozenset[str]  # nouns that are always of something, but a subject as well
    audiences: frozenset[str]
    dates: frozenset[str]
    places: frozenset[str]
    ordinals: frozenset[str]
    pronouns: dict[str, str]  # what points back, and the preposition that is in it
    demonstratives: dict[str, str]  # the same before a noun
    prepositions: dict[str, str]  # as written, and its family: dos, de
    contracted: dict[str, str]


@cache
def words(language: Language) -> Words:
    """The lists of a language."""
    file = Path(__file__).with_name(f"{language}.toml")
    read: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    opener, asks, after = ("|".join(read.pop(name)) for name in ("opener", "asks", "asks_after"))
    return Words(
        opener=re.compile(f"(?:{opener})(?: |$)"),
        asks=re.compile(f"(?:(?:{after}) )?(?:{asks})(?: eh que)?(?= |$)"),
        contracted=read.pop("contracted"),
        **{name: _list(value) for name, value in read.items()},
    )


def _list(value: str | dict[str, str]) -> Any:
    """Words between blanks as a set; a table of such as each word's place in it."""
    if isinstance(value, str):
        return frozenset(value.split())
    return {word: name for name, written in value.items() for word in written.split()}
