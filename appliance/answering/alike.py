"""How alike two questions are: whether the answer of one may be given to the other.

Two measures that fail in different ways. Words: the share of content words (stems) that
both hold, a typing error forgiven. Meaning: the cosine of their vectors, which an English
embedder puts above 0.9 for "quando terminou a guerra na América do Norte" and "… do Sul".
So an answer is given as it stands (``same``) only where every word that says something is
shared, in the same order, what is asked for is the same, and the vectors agree; what is
close (``likeness``) is offered and no more. The constants are from ``benchmarks/approved.py``.
"""

from functools import lru_cache
from itertools import pairwise

from appliance.answering import polarity
from appliance.index import keywords
from appliance.index.stopwords import STOP_WORDS
from appliance.records import Language, Record

NEAR = 0.80  # of the likeness of questions that are offered: "did you mean"
AGREE = 0.80  # of the cosine of questions that share every word
_FORGIVEN_FROM = 5  # letters of a word in which a typing error is forgiven
_MOST_WORDS = 200

# What is asked for, by the folded words that ask. A phrase is one word with "_" in it.
ASKED = {
    "when": "quando when cuando que_ano qual_ano what_year which_year que_dia qual_dia what_day "
    "que_data qual_data what_date que_fecha cual_fecha que_horas que_hora what_time",
    "where": "onde aonde where donde adonde",
    "who": "quem who whom whose quien quienes cujo cuja",
    "why": "por_que porque why",
    "how": "como how",
    "many": "quanto quanta quantos quantas cuanto cuanta cuantos cuantas how_many how_much",
    "which": "qual quais que what which cual cuales",
}
_ASKS = {word: asked for asked, words in ASKED.items() for word in words.split()}
# Courtesy before and after a question, folded: it asks for nothing. Whole phrases, because
# "à noite" at the end of a question is part of it.
_BEFORE = (
    "ola|oi|bom dia|boa tarde|boa noite|por favor|por gentileza|poderia me dizer|"
    "poderia me informar|poderia dizer|poderia informar|pode me dizer|pode me informar|"
    "voce pode me dizer|voce poderia me dizer|gostaria de saber|eu gostaria de saber|"
    "queria saber|eu queria saber|quero saber|preciso saber|voce sabe|voces sabem|alguem sabe|"
    "me diga|tenho uma duvida|hello|hi|good morning|good afternoon|good evening|please|"
    "could you tell me|can you tell me|could you please tell me|i would like to know|"
    "i d like to know|do you know|tell me|hola|buenos dias|buenas tardes|buenas noches|"
    "podria decirme|puede decirme|me puede decir|me podria decir|me gustaria saber|"
    "quisiera saber|quiero saber|necesito saber|sabe usted"
)
_AFTER = (
    "por favor|por gentileza|obrigado|obrigada|muito obrigado|muito obrigada|desde ja obrigado|"
    "desde ja obrigada|please|thanks|thank you|gracias|muchas gracias"
)
_FIRST = sorted((tuple(one.split()) for one in _BEFORE.split("|")), key=len, reverse=True)
_LAST = sorted((tuple(one.split()) for one in _AFTER.split("|")), key=len, reverse=True)


class Wording(Record, frozen=True):
    """A question as it is compared: its words folded, those of them that say something, in
    order with their stems, its numbers, what it asks for, its denial and the sides it takes."""

    plain: str
    said: tuple[str, ...]
    stems: tuple[str, ...]
    numbers: frozenset[str]
    asks: frozenset[str]
    denies: int
    sides: dict[str, bool]


def wording(text: str, language: Language) -> Wording:
    """A question prepared; ``language`` is the assistant's."""
    found = keywords.words(text)[:_MOST_WORDS]
    folded = [keywords.fold(word) for word in found]
    first, last = _without_courtesy(folded)
    found, folded = found[first:last], folded[first:last]
    stop = STOP_WORDS[language]
    pairs = list(zip(found, folded, strict=True))
    said = [pair for pair in pairs if pair[1] not in stop] or pairs
    sides = (polarity.side(word) for word in folded)
    return Wording(
        plain=" ".join(folded),
        said=tuple(plain for _, plain in said),
        stems=tuple(keywords.stem(word, language) for word, _ in said),
        numbers=frozenset(word for word in folded if word.isdigit()),
        asks=_asked(folded),
        denies=polarity.denials(folded, language),
        sides=dict(side for side in sides if side),
    )


def same(one: Wording, other: Wording, cosine: float | None) -> bool:
    """Whether the answer of one question is that of the other. ``cosine`` is that of their
    vectors, None where there is none: then words alone decide."""
    if one.plain == other.plain:
        return True
    return (
        not opposed(one, other)
        and one.asks == other.asks
        and _in_turn(one, other)
        and (cosine is None or cosine >= AGREE)
    )


def likeness(one: Wording, other: Wording, cosine: float | None) -> float:
    """How alike two questions are, 0 to 1: the mean of their words and their meaning, 0
    where something turns the answer round."""
    if one.plain == other.plain:
        return 1.0
    if opposed(one, other):
        return 0.0
    shared = words(one, other)
    return shared if cosine is None else 0.5 * shared + 0.5 * max(cosine, 0.0)


def words(one: Wording, other: Wording) -> float:
    """The share of content words that both hold (Dice), 0 to 1."""
    mine = dict(zip(one.stems, one.said, strict=True))
    theirs = dict(zip(other.stems, other.said, strict=True))
    if not mine or not theirs:
        return 0.0
    right = [word for stem, word in theirs.items() if stem not in mine]
    count = len(theirs) - len(right)
    for word in (word for stem, word in mine.items() if stem not in theirs):
        twin = next((candidate for candidate in right if _mistyped(word, candidate)), None)
        if twin is not None:
            right.remove(twin)
            count += 1
    return 2 * count / (len(mine) + len(theirs))


def opposed(one: Wording, other: Wording) -> bool:
    """Whether something turns the answer round: a number, a denial, one of two opposites."""
    if one.numbers != other.numbers or one.denies != other.denies:
        return True
    both = one.sides.keys() & other.sides.keys()
    return any(one.sides[concept] != other.sides[concept] for concept in both)


def _in_turn(one: Wording, other: Wording) -> bool:
    """Whether both hold the same words in the same order, one perhaps begun elsewhere: "em que
    época Chopin estava ativo" and "Chopin estava ativo em que época"."""
    mine = list(zip(one.said, one.stems, strict=True))
    theirs = list(zip(other.said, other.stems, strict=True))
    if not mine or len(mine) != len(theirs):
        return False
    return any(
        all(map(_one_word, mine[start:] + mine[:start], theirs)) for start in range(len(mine))
    )


def _one_word(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two words (and their stems) are one: "filho" and "filha" are two."""
    (word, stem), (another, its_stem) = one, other
    if word == another:
        return True
    a, b = word.removesuffix("s"), another.removesuffix("s")
    if a[:-1] == b[:-1] and {a[-1:], b[-1:]} == {"o", "a"}:
        return False
    return stem == its_stem or _mistyped(word, another)


def _asked(folded: list[str]) -> frozenset[str]:
    """What a question asks for: when, where, who, why, how, how many, which."""
    pairs = [f"{a}_{b}" for a, b in pairwise(folded)]
    asked = {_ASKS[word] for word in (*folded, *pairs) if word in _ASKS}
    if any(pair in _ASKS for pair in pairs):  # "que ano" asks when, and "how many" how many
        asked -= {"which", "how"}
    if len(asked) > 1:  # "que" and "como" join clauses as often as they ask
        asked -= {"which", "how"}
    return frozenset(asked)


@lru_cache(maxsize=16384)
def _mistyped(one: str, other: str) -> bool:
    """Whether two words differ by one typing error: a letter too many, or two that changed
    places. Another letter makes another word too often: "junho" and "julho"."""
    if min(len(one), len(other)) < _FORGIVEN_FROM or any(map(str.isdigit, one + other)):
        return False
    short, long = sorted((one, other), key=len)
    if len(long) == len(short) + 1:
        return any(long[:n] + long[n + 1 :] == short for n in range(1, len(long)))
    return len(long) == len(short) and any(
        one[:n] + one[n + 1] + one[n] + one[n + 2 :] == other for n in range(len(one) - 1)
    )


def _without_courtesy(folded: list[str]) -> tuple[int, int]:
    """Where a question begins and ends between its phrases of courtesy."""
    first, last = 0, len(folded)
    while said := next((one for one in _FIRST if _stands(one, folded, first)), None):
        first += len(said)
    while said := next((one for one in _LAST if _stands(one, folded, last - len(one))), None):
        last -= len(said)
    return (first, last) if first < last else (0, len(folded))


def _stands(phrase: tuple[str, ...], folded: list[str], at: int) -> bool:
    return at >= 0 and tuple(folded[at : at + len(phrase)]) == phrase
