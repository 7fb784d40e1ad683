"""Words as the keyword engine sees them: folded, stemmed, joined, harmless.

Owns the preparation of texts for FTS5 and of questions for ``MATCH``. Three
promises: text and question meet in the same terms whatever their accents and
endings; what must be found exactly (see ``identifiers``) is a term of its own; and
what a person types can never be read as FTS syntax.
"""

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from appliance.folding import plain
from appliance.index import grams, identifiers
from appliance.index.sentences import sentences
from appliance.index.stopwords import STOP_WORDS
from appliance.records import LANGUAGES, Language

_ALGORITHMS: dict[Language, str] = {"pt": "portuguese", "en": "english", "es": "spanish"}
_WORD = re.compile(r"[^\W_]+")
_ORDINAL = re.compile(r"(?<=\d)[ºª°]")
_WORDS_MOST = 64  # terms of a question that are looked at; a longer one is a pasted document
# A capital inside the question; its first word has one in any case.
_NAME = re.compile(r"(?<=\s)[A-ZÀ-ÖØ-Þ0-9][\wÀ-ÿ]*")
# Snowball knows its endings by their accents, and half of the people type without them;
# nor does it join rescisão and rescisões, capitão and capitães. Both sides go this way,
# so that balcão becomes "balção" here does no harm.
_ENDINGS: dict[Language, tuple[tuple[str, str], ...]] = {
    "pt": (
        *((ending, "ção") for ending in ("ções", "coes", "cões", "cães", "cão", "cao")),
        *((ending, "ão") for ending in ("ões", "oes", "ães", "aes", "ao")),
        *(("encia", "ência"), ("encias", "ências"), ("ancia", "ância"), ("ancias", "âncias")),
        *(("avel", "ável"), ("aveis", "ável"), ("áveis", "ável")),
        *(("ivel", "ível"), ("iveis", "ível"), ("íveis", "ível")),
    ),
    "en": (),
    "es": (("ia", "ía"), ("ias", "ías")),
}


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case, without accents: ``Rescisão`` → ``rescisao``."""
    return plain(word)


@cache
def _stemmer(language: Language) -> Any:
    import Stemmer  # 15 ms that the start of the web process need not pay

    return Stemmer.Stemmer(_ALGORITHMS[language])


@lru_cache(maxsize=131072)
def stem(word: str, language: Language) -> str:
    """The folded stem of a word in a language: ``rescisões`` and ``rescisão`` are one."""
    word = word.lower()
    for ending, accented in _ENDINGS[language]:
        if word.endswith(ending):
            word = word.removesuffix(ending) + accented
            break
    return fold(_stemmer(language).stemWord(word))


def words(text: str) -> list[str]:
    """The words of a text in order, lower case, accents kept; ``5º`` is ``5``."""
    return _WORD.findall(_ORDINAL.sub("", text.lower()))


def folded(text: str) -> str:
    """The words of a text folded, each between spaces: what 4-grams are sought in."""
    return " " + " ".join(fold(word) for word in words(text)) + " "


def folded_lines(heading: str, text: str) -> str:
    """The folded words of title and headings in the first line, of each sentence in one more."""
    spoken = (folded(text[start:end]) for start, end in sentences(text))
    return "\n".join([folded(heading), *spoken])


def prepare(text: str, language: Language) -> str:
    """The terms of a text as FTS5 is given them: one line a sentence, terms between spaces."""
    return "\n".join(terms(text[start:end], language) for start, end in sentences(text))


def terms(sentence: str, language: Language) -> str:
    """The terms of one sentence, between spaces: stems in order, then identifiers."""
    found = [stem(word, language) for word in words(sentence)]
    known = set(found)
    return " ".join([*found, *(one for one in identifiers.terms(sentence) if one not in known)])


class Question:
    """A question as the keyword engine sees it.

    ``words`` are its content words in order, lower case, each once; ``codes`` its
    identifiers, and ``exact`` those so particular that a passage without them answers
    something else. Stems are made for the language of the text they are compared with, so
    one question can look into documents of three languages.
    """

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        found = words(text)[: 4 * _WORDS_MOST]
        stop = STOP_WORDS[language]
        content = [word for word in found if fold(word) not in stop] or found
        self.words = list(dict.fromkeys(content))[:_WORDS_MOST]
        self.all_words = found[:_WORDS_MOST]
        self.codes = identifiers.terms(text)[:_WORDS_MOST]
        self.exact = identifiers.exact(text)[:_WORDS_MOST]
        self._names = words(" ".join(_NAME.findall(text[:2000])))
        self._stems: dict[Language, list[str]] = {}
        self._pairs: dict[Language, list[str]] = {}

    def stems(self, language: Language) -> list[str]:
        """The terms of the question in a language, each once, identifiers after words."""
        if language not in self._stems:
            stems = [stem(word, language) for word in self.words]
            self._stems[language] = list(dict.fromkeys(stems + self.codes))
        return self._stems[language]

    def all_stems(self, language: Language) -> list[str]:
        """The stems of all its words, function words too, each once."""
        return list(dict.fromkeys(stem(word, language) for word in self.all_words))

    def names(self, language: Language) -> list[str]:
        """The stems of what is written with a capital or a digit after its first word."""
        return list(dict.fromkeys(stem(word, language) for word in self._names))

    def pairs(self, language: Language) -> list[str]:
        """Neighbouring stems of the whole question, stop words too, as ``"a b"``."""
        if language not in self._pairs:
            stems = [stem(word, language) for word in self.all_words]
            joined = (f"{a} {b}" for a, b in pairwise(stems))
            self._pairs[language] = list(dict.fromkeys(joined))
        return self._pairs[language]

    @property
    def grams(self) -> list[str]:
        """The 4-grams of the whole question, folded, across its words."""
        return grams.of(f" {' '.join(fold(word) for word in self.all_words)} ")

    @property
    def content_grams(self) -> list[str]:
        """Those of them that lie in one content word, with the spaces around it."""
        found = (gram for word in self.words for gram in grams.of(f" {fold(word)} "))
        return list(dict.fromkeys(found))

    def variants(self) -> list[list[str]]:
        """For each content word its stems in every language, for each identifier its terms."""
        groups = [[stem(word, language) for language in LANGUAGES] for word in self.words]
        groups += [list(thing.terms) for thing in identifiers.things(self.text)[:_WORDS_MOST]]
        unique = [tuple(dict.fromkeys(group)) for group in groups]
        return [list(group) for group in dict.fromkeys(unique)]


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # loaded only where it is used

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Unrestricted it calls "prazo de entrega" Galician.
    identifier.set_languages(list(LANGUAGES))
    return identifier


def detect(text: str, likely: Language | None = None) -> Language:
    """The language of a text among the three; ``likely`` wins where the text leaves doubt."""
    found, probability = _identifier().classify(text[:4000])
    sure = 0.9 if len(text) > 40 else 0.99
    if likely is not None and probability < sure:
        return likely
    return next((language for language in LANGUAGES if language == found), likely or "pt")
