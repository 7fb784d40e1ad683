"""Where a text says no, and where it says one of two opposites.

A denial has a scope: the content words that follow it in its clause, so that "não pode
levar obras" is compared with what is said of taking works and with nothing else. A claim
is a side taken between opposites (allowed or forbidden, before or after), so that
"é proibido" and "não é permitido" agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.records import Language

SCOPE = 3  # content words that a denial reaches

_NOES = {
    "pt": "nao nunca jamais nem sem nenhum nenhuma nenhuns nenhumas ninguem tampouco nada",
    # Only in Portuguese is "no" no denial.
    "es": "no nunca jamas ni sin ningun ninguno ninguna ningunos ningunas nadie tampoco nada",
    "en": "not no never cannot without neither nor none nobody nothing nowhere",
}
_CUES = {language: frozenset(words.split()) for language, words in _NOES.items()}
# "Não só isto, mas também aquilo" denies nothing.
_NOT_ONLY = frozenset(("so", "apenas", "somente", "obstante", "solo", "solamente", "only", "just"))

# A concept, the beginnings of the folded words that affirm it, and of those that deny it.
_CONCEPTS = (
    (
        "permission",
        "permit autoriz authoriz allow pode podem podera poderao puede pueden podra podran may can",
        "proib prohib forbid forbad vedad vedam banned disallow",
    ),
    (
        "duty",
        "obrigat obligat mandator compulsor imprescind indispens",
        "facultat opcional optional voluntari voluntary dispensavel prescindible",
    ),
    ("most", "maxim maximo", "minim minimo"),
    (
        "before",
        "antes anterior anteced before prior preceding",
        "depois apos posterior despues after tras",
    ),
    ("inside", "dentro inside within interno interior", "fora outside fuera externo exterior"),
    (
        "greater",
        "maior maiores mayor mayores greater larger bigger higher",
        "menor menores lesser smaller lower",
    ),
    ("above", "superior acima above encima", "inferior abaixo below debajo"),
    ("rise", "aument cresce increas crec", "diminu reduz reduc decreas disminu"),
    ("more", "mais mas more", "menos less fewer"),
    ("included", "inclui inclus incluy includ", "exclui excluy exclud excet excep salvo except"),
    ("open", "abert abre abiert open", "fechad fecha cerrad closed closes"),
    ("always", "sempre siempre always", "nunca jamais jamas never"),
    ("first", "primeir primer first", "ultim last"),
    ("beginning", "inicio comec inicia comienz begin start", "fim final termin end ends ended"),
    ("possible", "possiv possib posib possible", "impossiv impossib imposib impossible"),
    ("able", "capaz capac capable able", "incapaz incapac incapable unable"),
    ("valid", "valid", "invalid"),
    ("lawful", "legal licit lawful", "ilegal ilicit illegal unlawful"),
    ("direct", "direto direta directo directa direct directly", "indiret indirect"),
    ("dependent", "dependent dependient", "independent independient"),
    ("regular", "regular", "irregular"),
    ("eligible", "elegiv elegib eligib", "inelegiv inelegib ineligib"),
    ("public", "public", "privad particular private"),
)  # fmt: skip
# Short words are whole words, not beginnings: "may" is not the beginning of "mayor".
_SHORT = (
    "pode podem podera poderao puede pueden podra podran may can antes depois apos before after "
    "tras prior dentro inside within fora outside fuera maior maiores mayor mayores greater larger "
    "bigger higher menor menores lesser smaller lower acima above encima abaixo below debajo mais "
    "mas more menos less fewer salvo abre open closed closes fecha sempre siempre always nunca "
    "jamais jamas never first last inicio fim final end ends ended able unable legal direto direta "
    "directo directa direct directly public banned interno interior externo exterior capaz incapaz "
    "superior inferior regular anterior posterior"
)
_WHOLE = frozenset(_SHORT.split())
_SIDES: dict[str, tuple[str, bool]] = {}
_BEGINNINGS: dict[str, tuple[str, bool]] = {}
for _concept, _yes, _no in _CONCEPTS:
    for _words, _side in ((_yes, True), (_no, False)):
        for _word in _words.split():
            (_SIDES if _word in _WHOLE else _BEGINNINGS)[_word] = (_concept, _side)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: folded, its place among the content words, and its clause.

    ``place`` of a word without content is that of the content word after it.
    """

    folded: str
    place: int
    clause: int
    content: bool


@dataclass(frozen=True, slots=True)
class Denial:
    """A no: the content words it reaches, and the concept that it turns, if any."""

    scope: frozenset[str]
    concept: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A side taken between two opposites, and its place among the content words."""

    concept: str
    side: bool
    place: int


def side(word: str) -> tuple[str, bool] | None:
    """The concept that a folded word speaks of and whether it affirms it."""
    if found := _SIDES.get(word):
        return found
    for length in range(min(len(word), 12), 4, -1):
        if found := _BEGINNINGS.get(word[:length]):
            return found
    return None


def denials(folded: Sequence[str], language: Language) -> int:
    """How often something is denied among these folded words."""
    words = [Word(word, 0, 0, True) for word in folded]
    return sum(_denies(words, n, language) for n in range(len(words)))


def polarity(
    words: Sequence[Word], terms: Sequence[str], language: Language
) -> tuple[tuple[Denial, ...], tuple[Claim, ...]]:
    """The denials and claims of a text. ``terms`` are its content words in order."""
    denials: list[Denial] = []
    claims: list[Claim] = []
    for n, word in enumerate(words):
        if _denies(words, n, language):
            denials.append(_denial(words, n, terms))
        elif found := side(word.folded):
            concept, affirmed = found
            before = range(max(0, n - 3), n)
            after = range(n + 1, min(n + 2, len(words)))  # "may not" is a no, too
            turned = any(
                _denies(words, k, language) and words[k].clause == word.clause
                for k in (*before, *(k for k in after if words[k].folded == "not"))
            )
            claims.append(Claim(concept, affirmed != turned, word.place))
    return tuple(denials), tuple(claims)


def _denies(words: Sequence[Word], n: int, language: Language) -> bool:
    folded = words[n].folded
    if folded not in _CUES[language] and not folded.endswith("n't"):
        return False
    return not (n + 1 < len(words) and words[n + 1].folded in _NOT_ONLY)


def _denial(words: Sequence[Word], n: int, terms: Sequence[str]) -> Denial:
    clause = words[n].clause
    reached = [word for word in words[n + 1 : n + 12] if word.clause == clause and word.content][
        :SCOPE
    ]
    if not reached:
        reached = [
            word for word in words[max(0, n - 12) : n] if word.clause == clause and word.content
        ][-2:]
    scope = frozenset(terms[word.place] for word in reached)
    near = (found for word in words[n + 1 : n + 4] if (found := side(word.folded)))
    return Denial(scope, next((concept for concept, _ in near), ""))
