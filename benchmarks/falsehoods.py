"""False versions of a document's sentence, made by rule, for ``checking.py``.

One thing is changed: a number, a date, a name, a unit, an article, a yes or a no. Each
function takes a sentence, its language and a seeded ``Random``, and gives another
sentence, or None where there is nothing to change.
"""

import re
from random import Random

from benchmarks.rewording import COUNTED, DAY, LOWER, MONTHS, UPPER, any_of, capital, exchanged, put

NAME = re.compile(
    rf"(?<![\w-])[{UPPER}][\w'’-]*[{LOWER}]"
    rf"(?:\s(?:(?:da|de|do|dos|das|del|of)\s)?[{UPPER}][\w'’-]*[{LOWER}])*(?![\w-])"
)
YEAR = re.compile(r"(?<![\d.,/$-])(1[0-9]\d\d|20[0-2]\d)(?![\d.,/%-]\d|\d|%|[ºª]| ?(?:km|kg|m)\b)")
NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,]?\d{3})*(?:[.,]\d{1,2})?(?![\d/h:-]|[.,]\d|\w)")
ARTICLE = re.compile(
    r"\b(arts?\.|artigos?|art[íi]culos?|articles?|§|incisos?)\s(\d{1,4}|[IVXL]+)\b", re.I
)
_UNITS = {
    "pt": "dias>meses dia>mês meses>anos mês>ano anos>meses ano>mês horas>dias minutos>horas "
    "semanas>meses reais>dólares dólares>euros R$>US$ quilômetros>metros metros>quilômetros "
    "milhões>bilhões bilhões>milhões mil>milhões km>m %>#",
    "es": "días>meses día>mes meses>años mes>año años>meses año>mes horas>días minutos>horas "
    "semanas>meses dólares>euros euros>dólares kilómetros>metros metros>kilómetros "
    "millones>billones mil>millones km>m %>#",
    "en": "days>months day>month months>years month>year years>months year>month hours>days "
    "minutes>hours weeks>months dollars>euros miles>kilometres kilometres>metres feet>inches "
    "million>billion billion>million thousand>million yards>miles km>m %>#",
}
_DENIALS = {
    "pt": r"\b(não|nunca|jamais) ", "es": r"\b(no|nunca|jamás) ", "en": r" (not|never)\b",
}  # fmt: skip
_VERBS = {
    "pt": r"\b(é|são|foi|foram|era|eram|pode|podem|deve|devem|tem|têm|será|serão|está|estão)\b",
    "es": r"\b(es|son|fue|fueron|era|eran|puede|pueden|debe|deben|tiene|tienen|será|está|están)\b",
    "en": r"\b(is|are|was|were|can|may|must|will|should|could|would)\b",
}
_OPPOSITES = {
    "pt": "proibido>permitido permitido>proibido vedado>permitido vedada>permitida sem>com "
    "obrigatório>facultativo obrigatória>facultativa facultativo>obrigatório máximo>mínimo "
    "mínimo>máximo antes>depois após>antes maior>menor menor>maior superior>inferior "
    "aumentou>diminuiu permitida>proibida inferior>superior máxima>mínima mínima>máxima",
    "es": "prohibido>permitido permitido>prohibido sin>con obligatorio>facultativo máximo>mínimo "
    "antes>después después>antes mayor>menor menor>mayor superior>inferior aumentó>disminuyó",
    "en": "forbidden>allowed allowed>forbidden prohibited>permitted permitted>prohibited "
    "without>with mandatory>optional maximum>minimum minimum>maximum before>after after>before "
    "larger>smaller higher>lower lower>higher increased>decreased",
}


def number_changed(text: str, language: str, random: Random, other: list[str]) -> str | None:
    """One number altered, or put in place of it one that stands elsewhere (``other``)."""
    found = [one for one in NUMBER.finditer(text) if _counts(text, one)]
    words = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(COUNTED[language])})(?![\w-])", text))
    if not found and not words:
        return None
    one = random.choice(found + words)
    if one in words:
        choices = [name for name in COUNTED[language] if name != one[0]]
        return put(text, one, random.choice(choices))
    near = [number for number in other if _plain(number) != _plain(one[0])]
    if near and random.random() < 0.5:
        return put(text, one, random.choice(near))
    return put(text, one, _digit_changed(one[0], random))


def numbers_swapped(text: str, language: str, random: Random) -> str | None:
    """Two numbers of the sentence in each other's place."""
    found = [one for one in NUMBER.finditer(text) if _counts(text, one)]
    if len(found) < 2:
        return None
    first, second = found[0], found[-1]
    if _plain(first[0]) == _plain(second[0]):
        return None
    between = text[first.end() : second.start()]
    return text[: first.start()] + second[0] + between + first[0] + text[second.end() :]


def date_changed(text: str, language: str, random: Random) -> str | None:
    """Another day, month or year."""
    day = DAY[language].search(text)
    if day and random.random() < 0.6:
        place = 1 if language != "en" else 2
        if random.random() < 0.5:
            number = int(day[place])
            new = str(random.choice([n for n in range(1, 29) if n != number]))
            return text[: day.start(place)] + new + text[day.end(place) :]
        months = [month for month in MONTHS[language].split() if month != day[3 - place]]
        start, end = day.span(3 - place)
        return text[:start] + random.choice(months) + text[end:]
    years = list(YEAR.finditer(text))
    if not years:
        return None
    one = random.choice(years)
    year = int(one[1])
    new = random.choice([year + 1, year - 1, year + 10, year - 3, year + 100])
    return put(text, one, str(new))


def name_changed(
    text: str, language: str, random: Random, known: frozenset[str], other: list[str]
) -> str | None:
    """A name, or one part of it, for another of the corpus. ``known`` are words that are
    never written small, so that a first word of them is a name."""
    found = [one for one in NAME.finditer(text) if one.start() > 0 or _part(one[0]) in known]
    found = [one for one in found if all(part in known for part in one[0].split()[:1])]
    if not found:
        return None
    one = random.choice(found)
    parts = one[0].split()
    for _ in range(20):
        new = random.choice(other)
        fresh = {part.lower() for part in new.split()}
        if fresh & {part.lower() for part in re.findall(r"\w+", text)}:
            continue
        if len(parts) > 1 and random.random() < 0.5:
            spot = random.choice([0, len(parts) - 1])
            word = new.split()[0 if spot == 0 else -1]
            return put(text, one, " ".join([*parts[:spot], word, *parts[spot + 1 :]]))
        return put(text, one, new)
    return None


def unit_changed(text: str, language: str, random: Random) -> str | None:
    """``15 dias`` → ``15 meses``, ``R$ 5`` → ``US$ 5``, ``5%`` → ``5``."""
    pairs = dict(pair.split(">") for pair in _UNITS[language].split())
    counted = "|".join(COUNTED[language])
    found = list(re.finditer(rf"(?<=\d )({any_of(pairs)})(?!\w)|(?<=\d)(%)", text)) + list(
        re.finditer(rf"(?<!\w)(?:{counted}) ({any_of(pairs)})(?!\w)", text)
    )
    if "R$ " in text:
        found += list(re.finditer(r"(?<!\w)(R\$)(?= ?\d)", text))
    if not found:
        return None
    one = random.choice(found)
    group = 1 if one[1] else 2
    new = pairs[one[group]].replace("#", "")
    return text[: one.start(group)] + new + text[one.end(group) :]


def article_changed(text: str, language: str, random: Random) -> str | None:
    """``art. 27`` → ``art. 72``."""
    found = list(ARTICLE.finditer(text))
    if not found:
        return None
    one = random.choice(found)
    number = one[2]
    if number.isdigit():
        turned = number[::-1].lstrip("0")
        new = turned if turned not in {number, ""} else str(int(number) + random.randint(1, 9))
    else:
        new = random.choice([n for n in ("I", "II", "III", "IV", "V", "VI", "IX") if n != number])
    return text[: one.start(2)] + new + text[one.end(2) :]


def negated(text: str, language: str, random: Random) -> str | None:
    """A no made a yes, a yes made a no, or a word for its opposite."""
    turned = [_un_negated, _opposite] if random.random() < 0.7 else [_opposite, _un_negated]
    for turn in (*turned, _denied):
        if changed := turn(text, language, random):
            return changed
    return None


def _un_negated(text: str, language: str, random: Random) -> str | None:
    if re.search(r"\b(?:não (?:só|apenas|somente)|not only|no (?:solo|sólo))\b", text, re.I):
        return None
    shorter = re.sub(_DENIALS[language], "", text, count=1, flags=re.I)
    return capital(shorter) if shorter != text else None


def _opposite(text: str, language: str, random: Random) -> str | None:
    return exchanged(text, _OPPOSITES[language], random, most=1)


def _denied(text: str, language: str, random: Random) -> str | None:
    verb = re.search(_VERBS[language], text)
    if verb is None or re.search(r"\b(?:não|no|not|nunca|never|sem|sin|nem|ni)\b", text, re.I):
        return None
    denied = (
        f"{verb[0]} not" if language == "en" else f"{'não' if language == 'pt' else 'no'} {verb[0]}"
    )
    return put(text, verb, denied)


def _counts(text: str, number: re.Match[str]) -> bool:
    """Whether a number counts something: no year, no article, no day of a date."""
    if YEAR.fullmatch(number[0]):
        return False
    before, after = text[: number.start()], text[number.end() : number.end() + 6]
    if re.search(r"(?:arts?\.|artigos?|art[íi]culos?|articles?|§+|incisos?|nº) ?$", before, re.I):
        return False
    return not re.match(r"º? (?:de|of) [a-zA-Zç]|[),.] ?$|º", after) and not re.search(
        r"(?:January|February|March|April|May|June|July|August|September|October|November"
        r"|December) $",
        before,
    )


def _digit_changed(number: str, random: Random) -> str:
    places = [i for i, sign in enumerate(number) if sign.isdigit()]
    place = random.choice(places[:2])
    digits = [d for d in "123456789" if d != number[place]]
    return number[:place] + random.choice(digits) + number[place + 1 :]


def _plain(number: str) -> str:
    return re.sub(r"\D", "", number)


def _part(name: str) -> str:
    return name.split()[0]
