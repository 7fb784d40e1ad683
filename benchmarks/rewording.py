"""True versions of a document's sentence, made by rule, for ``checking.py``.

Knows nothing of the code that it measures: its patterns are its own. Each function
takes a sentence, its language and a seeded ``Random``, and gives another sentence, or
None where the sentence offers nothing to reword.
"""

import re
from random import Random

UPPER, LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
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


def without_connective(text: str, language: str, random: Random) -> str | None:
    """``No entanto, o prazo …`` → ``O prazo …``"""
    shorter = re.sub(rf"^(?:{_CONNECTIVES[language]}),? ", "", text)
    return capital(shorter) if shorter != text else None


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
        return capital(text[item.end() :].rstrip(";. ")) + "."
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
        return put(text, cents, f"{cents[1].replace('.', '')} reais")
    dollars = re.search(r"(?:US)?\$ ?(\d[\d.,]*\d|\d)(?! (?:m|b))(?!\d)", text)
    if dollars:
        money = {"pt": "dólares", "es": "dólares", "en": "dollars"}[language]
        return put(text, dollars, f"{dollars[1]} {money}")
    time = re.search(r"\b(\d{1,2})h(\d{2})\b", text)
    if time:
        return put(text, time, f"{time[1]}:{time[2]}")
    percent = re.search(r"(\d) ?%", text)
    if percent:
        spelt = {"pt": "por cento", "es": "por ciento", "en": "percent"}[language]
        return put(text, percent, f"{percent[1]} {spelt}")
    return None


def without_aside(text: str, language: str, random: Random) -> str | None:
    """Without what stands in brackets, or without an adverb."""
    shorter = re.sub(r" \([^()]{3,80}\)", "", text, count=1)
    if shorter == text:
        shorter = re.sub(rf" [{LOWER}]{{4,}}(?:mente|ly)\b(?!-)", "", text, count=1)
    return shorter if shorter != text else None


def small_words(text: str, language: str, random: Random) -> str | None:
    """Two articles or prepositions changed, as a model does that writes from memory."""
    return exchanged(text, _SMALL[language], random, most=2)


def synonym(text: str, language: str, random: Random) -> str | None:
    """One or two words for others that mean the same."""
    return exchanged(text, _SYNONYMS[language], random, most=2)


def clauses_turned(text: str, language: str, random: Random) -> str | None:
    """``Em 1801, Jacquard inventa …`` → ``Jacquard inventa … em 1801.``"""
    found = re.match(rf"((?:{_FIRST[language]}) [^,;.]{{3,60}}), (.{{20,}})[.]$", text)
    if found is None or re.match(r"(?:e|y|and|que|which|where|onde)\b", found[2]):
        return None
    return f"{capital(found[2])} {small(found[1])}."


def answered(question: str, answer: str) -> str | None:
    """A question and its answer as one sentence: ``Qual é a multa?`` → ``A multa é R$ 1,50.``"""
    for pattern, order in _ASKED:
        if found := pattern.fullmatch(question.strip()):
            verb, rest = found["verb"], found["rest"]
            parts = (answer, verb, rest) if order == "who" else (rest, verb, answer)
            return capital(" ".join(parts).rstrip(".")) + "."
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


# ------------------------------------------------------------------ parts


def any_of(words: dict[str, str]) -> str:
    """A pattern of the words that a table exchanges."""
    return "|".join(re.escape(word) for word in words)


def exchanged(text: str, table: str, random: Random, *, most: int) -> str | None:
    """A text with up to ``most`` words put in place of those that a table names."""
    pairs = dict(pair.split(">") for pair in table.split())
    found = list(re.finditer(rf"(?<![\w-])({any_of(pairs)})(?![\w-])", text))
    if not found:
        return None
    for one in sorted(random.sample(found, min(most, len(found))), key=lambda m: -m.start()):
        text = put(text, one, pairs[one[1]])
    return text


def put(text: str, place: re.Match[str], new: str) -> str:
    """A text with something else in the place of a match."""
    return text[: place.start()] + new + text[place.end() :]


def capital(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Without its capital, where the first word is short: a longer one may be a name."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if len(first) <= 3 and not first.isupper() else text
