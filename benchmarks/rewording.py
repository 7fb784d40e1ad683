"""True and false versions of a document's sentence, made by rule, for ``checking.py``.

Knows nothing of the code that it measures: its patterns are its own. Each function
takes a sentence, its language and a seeded ``Random``, and gives another sentence, or
None where the sentence offers nothing to reword or to change.
"""

import re
from random import Random

UPPER, LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
NAME = re.compile(
    rf"(?<![\w-])[{UPPER}][\w'’-]*[{LOWER}]"
    rf"(?:\s(?:(?:da|de|do|dos|das|del|of)\s)?[{UPPER}][\w'’-]*[{LOWER}])*(?![\w-])"
)
MONTHS = {
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "en": "January February March April May June July August September October November December",
}
_MONTH = {language: "|".join(names.split()) for language, names in MONTHS.items()}
DAY = {
    "pt": re.compile(rf"\b(\d{{1,2}})º? de ({_MONTH['pt']}) de (\d{{4}})\b"),
    "es": re.compile(rf"\b(\d{{1,2}}) de ({_MONTH['es']}) de (\d{{4}})\b"),
    "en": re.compile(rf"\b(?P<m>{_MONTH['en']}) (?P<d>\d{{1,2}}), (?P<y>\d{{4}})\b"),
}
YEAR = re.compile(r"(?<![\d.,/$-])(1[0-9]\d\d|20[0-2]\d)(?![\d.,/%-]\d|\d|%|[ºª]| ?(?:km|kg|m)\b)")
NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:[.,]?\d{3})*(?:[.,]\d{1,2})?(?![\d/h:-]|[.,]\d|\w)")
ARTICLE = re.compile(
    r"\b(arts?\.|artigos?|art[íi]culos?|articles?|§|incisos?)\s(\d{1,4}|[IVXL]+)\b", re.I
)
WORDS = {
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
}
COUNTED = {language: names.split() for language, names in WORDS.items()}
_CONNECTIVES = {
    "pt": "No entanto|Além disso|Assim|Portanto|Por exemplo|Porém|Entretanto|Por outro lado|"
    "Dessa forma|Também|Contudo|Em geral|Atualmente|Posteriormente|Em seguida|Por fim",
    "es": "Sin embargo|Además|Así|Por lo tanto|Por ejemplo|Por otro lado|De esta forma|"
    "Actualmente|Posteriormente|En general|Por último|También",
    "en": "However|Moreover|In addition|Thus|Therefore|For example|On the other hand|"
    "Furthermore|Currently|Later|In general|Finally|Also|Additionally",
}
_SAID = {
    "pt": ("Segundo o documento, ", "De acordo com o texto, ", "Sim, "),
    "es": ("Según el documento, ", "De acuerdo con el texto, ", "Sí, "),
    "en": ("According to the document, ", "As the text says, ", "Yes, "),
}
_SYNONYMS = {
    "pt": "deve>precisa possui>tem utiliza>usa utilizado>usado utilizar>usar realizar>fazer "
    "localizado>situado começou>iniciou grande>vasto apenas>somente através>por diversos>vários "
    "ocorre>acontece obter>conseguir maioria>maior também>ainda chamado>denominado",
    "es": "debe>tiene utiliza>usa utilizar>usar realizar>hacer solo>solamente diversos>varios "
    "ubicado>situado comenzó>empezó obtener>conseguir también>además llamado>denominado",
    "en": "must>should uses>employs obtain>get began>started large>big located>situated "
    "various>several also>too only>just became>turned called>named many>numerous",
}
_SMALL = {
    "pt": "o>este a>esta os>esses as>essas do>de da>de no>em na>em pelo>por pela>por",
    "es": "el>este la>esta los>esos las>esas del>de al>a un>el una>la",
    "en": "the>this a>the of>from in>within on>upon an>the",
}
_FIRST = {"pt": "Em|No|Na|Nos|Nas|Durante|Após|Para", "es": "En|Durante|Tras|Para"}
_FIRST["en"] = "In|On|At|During|After|For"
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


# ------------------------------------------------------------------ true


def without_connective(text: str, language: str, random: Random) -> str | None:
    """``No entanto, o prazo …`` → ``O prazo …``"""
    shorter = re.sub(rf"^(?:{_CONNECTIVES[language]}),? ", "", text)
    return _capital(shorter) if shorter != text else None


def one_clause(text: str, language: str, random: Random) -> str | None:
    """The first of two clauses that stand beside each other."""
    for joint in re.finditer(r"; |, (?:e|mas|y|pero|and|but|porém) ", text):
        if len(text[: joint.start()].split()) >= 6:
            return text[: joint.start()] + "."
    return None


def told_of_the_source(text: str, language: str, random: Random) -> str | None:
    """``Art. 5º É livre …`` → ``O art. 5º diz que é livre …``; else a source is named."""
    item = re.match(r"(?:[IVXL]+|[a-z]|\d{1,2})\s?[-–.)]\s+(?=\w{3})", text)
    if item:
        return _capital(text[item.end() :].rstrip(";. ")) + "."
    label = re.match(r"(Art\. \d+)[ºo]?\.?[-\s]+(?=[A-ZÀ-Þ])", text)
    if label:
        return f"O {label[1].lower()} diz que {small(text[label.end() :])}"
    return random.choice(_SAID[language]) + small(text)


def digits_and_words(text: str, language: str, random: Random) -> str | None:
    """``três livros`` ↔ ``3 livros``."""
    names = COUNTED[language]
    for n, name in enumerate(names, start=2):
        alone = rf"(?<!\w)(?<!e )(?<!y ){name}(?![\w-])(?! (?:mil|cent|hundred))"
        if re.search(alone, text):
            return re.sub(alone, str(n), text, count=1)
    found = re.search(r"(?<![\w.,/-])(?<![§$] )([2-9]|1[0-5])(?= [a-zà-ÿ]{3})", text)
    if found is None or re.search(r"(?:art|arts|n|inc)\.? $", text[: found.start()], re.I):
        return None
    return text[: found.start()] + names[int(found[1]) - 2] + text[found.end() :]


def date_in_digits(text: str, language: str, random: Random) -> str | None:
    """``5 de março de 2024`` → ``05/03/2024`` (in English ``5 March 2024``)."""
    found = DAY[language].search(text)
    if found is None:
        return None
    if language == "en":
        other = f"{found['d']} {found['m']} {found['y']}"
    else:
        month = MONTHS[language].split().index(found[2]) + 1
        other = f"{int(found[1]):02}/{month:02}/{found[3]}"
    return text[: found.start()] + other + text[found.end() :]


def amount_spelt(text: str, language: str, random: Random) -> str | None:
    """``R$ 1.500,00`` → ``1500 reais``, ``7h30`` → ``7:30``, ``5%`` → ``5 por cento``."""
    cents = re.search(r"R\$ ?(\d{1,3}(?:\.\d{3})*)(?:,00)?(?![\d,.]\d)", text)
    if cents:
        return _put(text, cents, f"{cents[1].replace('.', '')} reais")
    dollars = re.search(r"(?:US)?\$ ?(\d[\d.,]*\d|\d)(?! (?:m|b))(?!\d)", text)
    if dollars:
        money = {"pt": "dólares", "es": "dólares", "en": "dollars"}[language]
        return _put(text, dollars, f"{dollars[1]} {money}")
    time = re.search(r"\b(\d{1,2})h(\d{2})\b", text)
    if time:
        return _put(text, time, f"{time[1]}:{time[2]}")
    percent = re.search(r"(\d) ?%", text)
    if percent:
        spelt = {"pt": "por cento", "es": "por ciento", "en": "percent"}[language]
        return _put(text, percent, f"{percent[1]} {spelt}")
    return None


def without_aside(text: str, language: str, random: Random) -> str | None:
    """Without what stands in brackets, or without an adverb."""
    shorter = re.sub(r" \([^()]{3,80}\)", "", text, count=1)
    if shorter == text:
        shorter = re.sub(rf" [{LOWER}]{{4,}}(?:mente|ly)\b(?!-)", "", text, count=1)
    return shorter if shorter != text else None


def small_words(text: str, language: str, random: Random) -> str | None:
    """Two articles or prepositions changed, as a model does that writes from memory."""
    return _exchanged(text, _SMALL[language], random, most=2)


def synonym(text: str, language: str, random: Random) -> str | None:
    """One or two words for others that mean the same."""
    return _exchanged(text, _SYNONYMS[language], random, most=2)


def clauses_turned(text: str, language: str, random: Random) -> str | None:
    """``Em 1801, Jacquard inventa …`` → ``Jacquard inventa … em 1801.``"""
    found = re.match(rf"((?:{_FIRST[language]}) [^,;.]{{3,60}}), (.{{20,}})[.]$", text)
    if found is None or re.match(r"(?:e|y|and|que|which|where|onde)\b", found[2]):
        return None
    return f"{_capital(found[2])} {small(found[1])}."


def answered(question: str, answer: str) -> str | None:
    """A question and its answer as one sentence: ``Qual é a multa?`` → ``A multa é R$ 1,50.``"""
    for pattern, order in _ASKED:
        if found := pattern.fullmatch(question.strip()):
            verb, rest = found["verb"], found["rest"]
            parts = (answer, verb, rest) if order == "who" else (rest, verb, answer)
            return _capital(" ".join(parts).rstrip(".")) + "."
    return None


_ASKED = tuple(
    (re.compile(pattern), order)
    for pattern, order in (
        (r"Qual(?:is)? (?P<verb>é|era|foi|são|eram|foram) (?P<rest>[oa]s? [^,]{3,80})\?", "what"),
        (r"Quem (?P<verb>(?!é|era|foi|são)[\w-]+) (?P<rest>[^,]{3,90})\?", "who"),
        (r"¿Cuál(?:es)? (?P<verb>es|era|fue|son) (?P<rest>(?:el|la|los|las) [^,]{3,80})\?", "what"),
        (r"¿Quién (?P<verb>(?!es|era|fue)\w+) (?P<rest>[^,]{3,90})\?", "who"),
        (r"What (?P<verb>is|was|were|are) (?P<rest>the [^,]{3,80})\?", "what"),
        (r"Who (?P<verb>(?!is|was|did|do|does)\w+) (?P<rest>[^,]{3,90})\?", "who"),
    )
)

REWORDINGS = (
    without_connective, one_clause, told_of_the_source, digits_and_words, date_in_digits,
    amount_spelt, without_aside, small_words, synonym, clauses_turned,
)  # fmt: skip


# ------------------------------------------------------------------ false


def number_changed(text: str, language: str, random: Random, other: list[str]) -> str | None:
    """One number altered, or put in place of it one that stands elsewhere (``other``)."""
    found = [one for one in NUMBER.finditer(text) if _counts(text, one)]
    words = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(COUNTED[language])})(?![\w-])", text))
    if not found and not words:
        return None
    one = random.choice(found + words)
    if one in words:
        choices = [name for name in COUNTED[language] if name != one[0]]
        return _put(text, one, random.choice(choices))
    near = [number for number in other if _plain(number) != _plain(one[0])]
    if near and random.random() < 0.5:
        return _put(text, one, random.choice(near))
    return _put(text, one, _digit_changed(one[0], random))


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
    return _put(text, one, str(new))


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
            return _put(text, one, " ".join([*parts[:spot], word, *parts[spot + 1 :]]))
        return _put(text, one, new)
    return None


def unit_changed(text: str, language: str, random: Random) -> str | None:
    """``15 dias`` → ``15 meses``, ``R$ 5`` → ``US$ 5``, ``5%`` → ``5``."""
    pairs = dict(pair.split(">") for pair in _UNITS[language].split())
    counted = "|".join(COUNTED[language])
    found = list(re.finditer(rf"(?<=\d )({_any(pairs)})(?!\w)|(?<=\d)(%)", text)) + list(
        re.finditer(rf"(?<!\w)(?:{counted}) ({_any(pairs)})(?!\w)", text)
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
    return _capital(shorter) if shorter != text else None


def _opposite(text: str, language: str, random: Random) -> str | None:
    return _exchanged(text, _OPPOSITES[language], random, most=1)


def _denied(text: str, language: str, random: Random) -> str | None:
    verb = re.search(_VERBS[language], text)
    if verb is None or re.search(r"\b(?:não|no|not|nunca|never|sem|sin|nem|ni)\b", text, re.I):
        return None
    denied = (
        f"{verb[0]} not" if language == "en" else f"{'não' if language == 'pt' else 'no'} {verb[0]}"
    )
    return _put(text, verb, denied)


# ------------------------------------------------------------------ parts


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in words)


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


def _exchanged(text: str, table: str, random: Random, *, most: int) -> str | None:
    pairs = dict(pair.split(">") for pair in table.split())
    found = list(re.finditer(rf"(?<![\w-])({_any(pairs)})(?![\w-])", text))
    if not found:
        return None
    for one in sorted(random.sample(found, min(most, len(found))), key=lambda m: -m.start()):
        text = _put(text, one, pairs[one[1]])
    return text


def _put(text: str, place: re.Match[str], new: str) -> str:
    return text[: place.start()] + new + text[place.end() :]


def _plain(number: str) -> str:
    return re.sub(r"\D", "", number)


def _part(name: str) -> str:
    return name.split()[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Without its capital, where the first word is short: a longer one may be a name."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if len(first) <= 3 and not first.isupper() else text
