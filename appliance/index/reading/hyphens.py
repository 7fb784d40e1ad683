"""Words cut at a line's end: which hyphens belong to the word and which to the line.

The document knows best: a word that it writes elsewhere, whole or with its hyphen, is
written so here. Else the rules of Portuguese decide: pronouns after verbs, accents (a
word has one, among its last three syllables, so "técnico" and "administrativo" are two),
and the compounds that offices use. Where nothing speaks for the hyphen, it goes.
"""

import re
import unicodedata
from collections.abc import Iterable

# The pronouns that Portuguese hangs on a verb with a hyphen of its own: "matricular-se".
_CLITIC = re.compile(r"(se|me|te|nos|vos|lhes?|l[oa]s?|n[oa]s?)(-.+)?")
_INFINITIVE = ("ar", "er", "ir")
# How a verb ends before each: what words cut in two end in otherwise.
_VERBS = (
    dict.fromkeys(("me", "te", "vos"), _INFINITIVE)
    | dict.fromkeys(("lhe", "lhes"), ("r", "m", "e", "i", "ia"))
    | dict.fromkeys(("lo", "la", "los", "las"), ("á", "ê", "í", "ô"))
    | dict.fromkeys(("no", "na", "nas"), ("m", "ão", "õe"))
    | {"se": ("r", "m", "z", "a", "e", "i", "o", "á"), "nos": ("mo", "m", "ão", *_INFINITIVE)}
)
_SHORT_VERBS = {"dar", "diz", "faz", "foi", "ler", "por", "pôr", "ser", "ter", "vai", "ver"}
# What follows a pronoun inside a verb: "dar-se-á", "enviar-lhe-emos".
_ENDING = re.compile(r"(á|ás|ão|ei|emos|eis|ia|ias|íamos|íeis|iam)\b")
_INSIDE = re.compile(r"-(se|me|te|nos|vos|lhes?|[ln]?[oa]s?)$", re.IGNORECASE)
_DAYS = ("segunda", "terça", "quarta", "quinta", "sexta")
_FIRST = {  # first parts that always keep their hyphen
    "vice", "recém", "além", "aquém", "grão", "grã", "sócio", "decreto", "self",
}  # fmt: skip
_COMPOUNDS = {
    "ex": "aluno|president|diretor|prefeit|ministr|marido|mulher|servidor|empregad|funcion|combat",
    "guarda": "chuva|roupa|costas|noturn|civil|municipal|florestal|parque|sol|vidas",
    "porta": "voz|retrato|malas|aviões|bandeira|joias|toalhas",
    "vale": "transporte|refeição|alimentação|compra|presente|tudo|cultura",
    "auxílio": "doença|alimentação|maternidade|moradia|reclusão|transporte|creche",
    "salário": "família|maternidade|educação|base|hora|mínimo",
    "seguro": "desemprego|saúde|fiança|garantia",
    "primeiro": "ministr|secretári|sargento|tenente|socorr",
    "primeira": "ministr|dama|secretári",
    "meio": "dia|ambiente|termo|fio|soprano",
    "meia": "noite|entrada|calça|idade",
    "bem": "estar|vindo|sucedid|aventurad",
    "mal": "estar|entendid|educad",
    "sem": "terra|teto|vergonha|número",
    "para": "choque|brisa|lama|raios|quedas",
    "ano": "base|calendário|luz|novo",
    "não": "governamental|fumante|incidência|cumprimento|conformidade",
    "mão": "de-obra|de-vaca",
    "pré": "natal|requisit|venda|fixad|moldad|textual|aviso",
    "pós": "venda|guerra|parto|doutor|operat|textual",
    "pró": "reitor|labore|forma|vida|ativ|rata",
    "norte": "american|african|rio",
    "anti": "h|[ií]", "micro": "h|[oô]", "auto": "h|o", "contra": "h|a", "semi": "h|i",
    "inter": "h|r(?!og|omp|eg)", "super": "h|r", "sub": "h|b|r", "co": "h",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
_NEXT = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SYLLABLE = re.compile("[aeiou]+")
_ACUTE, _CIRCUMFLEX = "\u0301", "\u0302"


class Words:
    """The words that a document is known to use, without regard to case."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = list(texts)
        self._words: frozenset[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._words is None:  # most documents cut no word, and never need to know
            self._words = frozenset(
                word.lower() for text in self._texts for word in _WORD.findall(text)
            )
        return word.lower() in self._words


def keeps(head: str, tail: str, words: Words) -> bool:
    """Whether the hyphen between a line that ends in ``head`` and the next, ``tail``, is the
    word's own ("matriculá-lo", "2025-2026") rather than the line's ("insti-tuição")."""
    last, first = _LAST.search(head), _NEXT.match(tail)
    if last is None or first is None or not tail[:1].isalpha() or tail[:1].isupper():
        return True
    before, after = last.group(), first.group()
    apart, together = f"{before}-{after}" in words, before + after in words
    if apart != together:
        return apart
    return _by_rule(before.lower(), after.lower())


def _by_rule(before: str, after: str) -> bool:
    first = before.rpartition("-")[2]
    if after == "feira" and first in _DAYS:
        return True
    if _ENDING.fullmatch(after) and _INSIDE.search(before):
        return True
    if first in _FIRST or re.match(_COMPOUNDS.get(first, "(?!)"), after):
        return True
    return _is_two_words(first, after) or _is_pronoun(before, after)


def _is_pronoun(before: str, after: str) -> bool:
    """Whether a verb can end in ``before``: "clas-se", "relati-vos" and "alu-nos" are words."""
    pronoun = _CLITIC.fullmatch(after)
    if pronoun is None:
        return False
    ends = _VERBS[pronoun.group(1)]
    if _is_accented(before[:-1]):  # "análi-se", "hipóte-se": no verb has its accent there
        return False
    shortest = 2 if pronoun.group(1).startswith("l") else 4
    return before.endswith(ends) and (len(before) >= shortest or before in _SHORT_VERBS)


def _is_two_words(before: str, after: str) -> bool:
    """Whether accents say so: two of them, or one with more than two syllables behind it."""
    if not _is_accented(before):
        return False
    if _is_accented(after):
        return True
    plain = unicodedata.normalize("NFD", before)
    accent = max(plain.rfind(_ACUTE), plain.rfind(_CIRCUMFLEX))
    behind = unicodedata.normalize("NFD", plain[accent + 1 :] + after)
    if after.endswith("mente"):  # Spanish adverbs keep the accent they were made from
        return False
    return len(_SYLLABLE.findall(behind.replace("qu", "q").replace("gu", "g"))) > 2


def _is_accented(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word)
    return _ACUTE in apart or _CIRCUMFLEX in apart
