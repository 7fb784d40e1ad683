"""How numbers are written: in digits, and as words (``vinte e cinco``).

A word that is a number only sometimes (``um``, ``segundo``, ``half``) is read loosely: it
answers for a number that somebody else wrote, and nothing is asked for because of it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from appliance.records import Language


class Numeral(NamedTuple):
    """A number in words; ``start`` and ``end`` count in the text."""

    start: int
    end: int
    number: Decimal
    loose: bool


_CARDINALS: dict[Language, str] = {
    "pt": "zero=0 dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 "
    "doze=12 treze=13 catorze=14 quatorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 "
    "dezoito=18 dezenove=19 vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 "
    "oitenta=80 noventa=90 cem=100 cento=100 duzentos=200 duzentas=200 trezentos=300 "
    "trezentas=300 quatrocentos=400 quatrocentas=400 quinhentos=500 quinhentas=500 "
    "seiscentos=600 seiscentas=600 setecentos=700 oitocentos=800 novecentos=900",
    "es": "cero=0 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 "
    "doce=12 trece=13 catorce=14 quince=15 dieciseis=16 diecisiete=17 dieciocho=18 diecinueve=19 "
    "veinte=20 veintiuno=21 veintidos=22 veintitres=23 veinticuatro=24 veinticinco=25 "
    "veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29 treinta=30 cuarenta=40 "
    "cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100 ciento=100 doscientos=200 "
    "doscientas=200 trescientos=300 trescientas=300 cuatrocientos=400 quinientos=500 "
    "quinientas=500 seiscientos=600 setecientos=700 ochocientos=800 novecientos=900",
    "en": "zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 "
    "twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 "
    "nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90",
}
_ORDINALS: dict[Language, str] = {
    "pt": "primeiro=1 primeira=1 terceiro=3 terceira=3 quinto=5 sexto=6 setimo=7 setima=7 "
    "oitavo=8 oitava=8 nono=9 nona=9 decimo=10 decima=10 vigesimo=20 vigesima=20",
    "es": "primero=1 primera=1 primer=1 tercero=3 tercera=3 tercer=3 quinto=5 quinta=5 sexto=6 "
    "sexta=6 septimo=7 septima=7 octavo=8 octava=8 noveno=9 novena=9 decimo=10 decima=10",
    "en": "first=1 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 "
    "eleventh=11 twelfth=12 twentieth=20",
}
_LOOSE: dict[Language, str] = {
    # Days of the week, rooms, "according to", articles: numbers only now and then.
    "pt": "um=1 uma=1 segundo=2 segunda=2 terca=3 quarto=4 quarta=4 quinta=5 sexta=6 "
    "dupla=2 duplo=2 dobro=2 ambos=2 ambas=2",
    "es": "un=1 una=1 uno=1 segundo=2 segunda=2 cuarto=4 cuarta=4 doble=2 ambos=2 ambas=2",
    "en": "one=1 second=2 single=1 once=1 twice=2 both=2 double=2",
}
SCALES: dict[Language, dict[str, int]] = {
    "pt": {"mil": 10**3}
    | dict.fromkeys(("milhao", "milhoes"), 10**6)
    | dict.fromkeys(("bilhao", "bilhoes"), 10**9)
    | dict.fromkeys(("trilhao", "trilhoes"), 10**12),
    "es": {"mil": 10**3}
    | dict.fromkeys(("millon", "millones"), 10**6)
    | dict.fromkeys(("billon", "billones"), 10**12),
    "en": {"hundred": 100, "thousand": 10**3}
    | dict.fromkeys(("million", "millions"), 10**6)
    | dict.fromkeys(("billion", "billions"), 10**9)
    | dict.fromkeys(("trillion", "trillions"), 10**12),
}
_JOINTS: dict[Language, str] = {"pt": "e", "es": "y", "en": "and"}


def number_word(word: str) -> bool:
    """Whether a folded word is a number in one of the languages."""
    return word in _WORDS


def _table(pairs: str) -> dict[str, int]:
    return {word: int(number) for word, _, number in (p.partition("=") for p in pairs.split())}


_PLAIN = {language: _table(pairs) for language, pairs in _CARDINALS.items()}
_ORDER = {language: _table(pairs) for language, pairs in _ORDINALS.items()}
_MAYBE = {language: _table(pairs) for language, pairs in _LOOSE.items()}
_FIRST = {
    language: frozenset({"mil"} & SCALES[language].keys()).union(
        _PLAIN[language], _ORDER[language], _MAYBE[language]
    )
    for language in _PLAIN
}
_WORDS = frozenset().union(*_PLAIN.values(), *_ORDER.values(), *SCALES.values())
# In digits, grouped or not; a lone space may stand between groups.
DIGITS = r"\d{1,3}(?:[.,\u00a0 ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
SCALE = "|".join(
    sorted({word for scales in SCALES.values() for word in scales}, key=len, reverse=True)
)
_WORD = re.compile(r"[^\W\d_]+")


def numerals(text: str, language: Language) -> Iterator[Numeral]:
    """The numbers written as words in a text that is folded already, in order."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and _goes_on(text, run, word, language):
            run.append(word)
            continue
        yield from _read(run, language)
        run = [word] if word.group() in _FIRST[language] else []
    yield from _read(run, language)


def _goes_on(text: str, run: list[re.Match[str]], word: re.Match[str], language: Language) -> bool:
    """Whether a word belongs to the number before it: ``vinte`` ``e`` ``cinco``."""
    if text[run[-1].end() : word.start()].strip() not in {"", "-"}:
        return False
    found = word.group()
    last = run[-1].group()
    if last in _ORDER[language] and found not in _ORDER[language]:
        return False
    if found == _JOINTS[language]:
        following = _WORD.match(text, word.end() + 1)
        smallest = _smallest(run, language)
        number = _part(following.group(), language) if following else None
        return number is not None and 0 < number < smallest
    if found in SCALES[language]:
        return last != _JOINTS[language] and _MAYBE[language].get(last, 1) == 1
    number = _part(found, language)
    if number is None:
        return False
    return last == _JOINTS[language] or 0 < number < _smallest(run, language)


def _part(word: str, language: Language) -> int | None:
    """What a word may add to a number: ``um`` only as the last of several."""
    number = _PLAIN[language].get(word, _ORDER[language].get(word))
    return 1 if number is None and _MAYBE[language].get(word) == 1 else number


def _smallest(run: list[re.Match[str]], language: Language) -> int:
    """The place of a number that is free: after ``vinte`` comes less than 10."""
    last = run[-1].group()
    if last in SCALES[language]:
        return SCALES[language][last]
    number = _PLAIN[language].get(last, _ORDER[language].get(last, 0))
    return next((place for place in (100, 10) if number and number % place == 0), 0)


def _read(run: list[re.Match[str]], language: Language) -> Iterator[Numeral]:
    if not run:
        return
    total, current, before = 0, 0, ""
    for word in run:
        found = word.group()
        scale = SCALES[language].get(found)
        if scale == 100:
            current = max(current, 1) * 100
        elif scale and before in SCALES[language] and not current:
            total *= scale  # mil millones
        elif scale:
            total += max(current, 1) * scale
            current = 0
        elif found != _JOINTS[language] or found in _PLAIN[language]:
            current += _part(found, language) or _MAYBE[language].get(found, 0)
        before = found
    loose = len(run) == 1 and run[0].group() in _MAYBE[language]
    yield Numeral(run[0].start(), run[-1].end(), Decimal(total + current), loose)


def scaled(number: str, scale: str | None) -> str:
    """Digits and the word of scale after them as plain digits: ``1,5 milhão``."""
    if not scale:
        return plain(_decimal(number))
    times = next(scales[scale] for scales in SCALES.values() if scale in scales)
    return plain(_decimal(number) * times)


def _decimal(number: str) -> Decimal:
    """``1.234,50``, ``1,234.50`` and ``1234.5`` are one number; three digits after one
    mark are thousands, unless a lone zero stands before it."""
    number = number.replace(" ", "").replace("\u00a0", "")
    whole, mark, rest = number, "", ""
    last = max(number.rfind("."), number.rfind(","))
    if last >= 0:
        whole, mark, rest = number[:last], number[last], number[last + 1 :]
    grouped = len(rest) == 3 and whole.strip("0.,") and (mark not in whole or len(whole) > 3)
    if mark and (grouped or whole.count(mark)):
        whole, rest = whole + rest, ""
    whole = re.sub(r"[.,]", "", whole)
    return Decimal(f"{whole}.{rest}" if rest else whole)


def plain(number: Decimal) -> str:
    """A number in digits, with no zeros that say nothing."""
    written = f"{number:f}"  # ``normalize`` would round the 47 digits of a payment slip
    return written.rstrip("0").rstrip(".") if "." in written else written
