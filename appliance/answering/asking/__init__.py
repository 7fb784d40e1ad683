"""The words that questions are built of, one module a language."""

from appliance.answering.asking import en, es, pt
from appliance.answering.asking.words import ACCENTED, Words
from appliance.records import Language

WORDS: dict[Language, Words] = {"pt": pt.WORDS, "en": en.WORDS, "es": es.WORDS}

__all__ = ["ACCENTED", "WORDS", "Words"]
