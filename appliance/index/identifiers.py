"""What must be found exactly, each thing one term however it is written.

Articles and clauses, laws, court cases, CPF and CNPJ, contracts, codes of products,
amounts, dates and times. Three promises: a text and a question that write the same
thing differently meet in one term; a term is made of letters and digits alone, as
FTS5 keeps it whole; and every pattern is linear in the length of the text, whoever
wrote it. A thing of several parts gives the whole first, then its parts:
``art5incii``, ``art5``.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from appliance.index import checkdigits, laws, moments, references

NUMBER, ARTICLE, CODE, LAW, ARTICLE_OF_LAW, CONTRACT, PERSON, CASE = range(8)  # ever stronger

_PRIVATE = re.compile("[\ue000-\uf8ff]")
# "5º", and "5o" as typed without the sign; not the "°C" of a temperature.
_ORDINAL = re.compile(r"(?<=\d)(?:\s?[ºª]|\s?°(?!\s?[CF]\b)|o\b)")
_AMENDED = re.compile(r"\((?:inclu|reda|revog|vide|acresc|alter|renum)[^)]{0,200}\)", re.IGNORECASE)
_MARKS = re.compile("[\u0300-\u036f]")
_CLAIMED = "\ue000"  # stands where something was read, so that nothing else is read there
# Looked for before anything else: most sentences of most documents hold none of these.
_WORTH = re.compile(
    r"\d|§|\b(?:art|cl[áa]us|inc|al[íi]n|par[áa]g|anexo|cap[íi]t|t[íi]tul|se[cç]|secti|annex"
    r"|c[óo]digo|constitui|consolida|estatuto|lei )|\b[A-Z]{3,5}\b|chapter|appendix",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_CASE = re.compile(r"(?<![\w.-])\d{7}[ .-]?\d{2}[ .]?\d{4}[ .]?\d[ .]?\d{2}[ .]?\d{4}(?![\w-])")
_CASE_FORM = re.compile(r"(?<![\w.-])\d{1,7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}(?![\w-])")
_CNPJ = re.compile(
    r"(?<![\w.-])[0-9a-z]{2}[ .]?[0-9a-z]{3}[ .]?[0-9a-z]{3}[ /]?[0-9a-z]{4}[ -]?\d{2}(?![\w-])"
)
_CNPJ_FORM = re.compile(r"[0-9a-z]{2}\.[0-9a-z]{3}\.[0-9a-z]{3}/[0-9a-z]{4}-\d{2}")
_CPF = re.compile(r"(?<![\w.-])\d{3}[ .]?\d{3}[ .]?\d{3}[ -]?\d{2}(?![\w-])")
_CPF_FORM = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}")
_PHONE = re.compile(
    r"(?<!\w)(?:\+55\s?\(?(\d{2})\)?\s?|\((\d{2})\)\s?)(9?\d{4})[ -]?(\d{4})(?![\w-])"
)
_OAB = re.compile(
    r"(?<!\w)oab[ /-]{0,2}(?:([a-z]{2})[ ,]{0,2})?(?:n[o.]{1,2}\s?)?(\d{1,3}(?:\.\d{3})|\d{3,6})"
    r"(?:\s?/\s?([a-z]{2}))?(?!\w)"
)
_PAPERS = (
    ("contrato", "contratos?|contracts?|termo de contrato"),
    ("nf", r"notas? fisca(?:l|is)|nf-?e?|invoices?|facturas?|faturas?"),
    ("pedido", r"pedidos?|orders?|ordem de compra|orden de compra"),
    ("processo", r"processos?|procedimentos?|expedientes?|autos"),
    ("edital", "edital|editais"),
    ("pregao", "pregao"),
    ("convenio", "convenios?"),
    ("oficio", "oficios?"),
    ("ata", "ata(?: de registro de precos)?"),
    ("protocolo", "protocolos?"),
    ("apolice", "apolices?|polizas?"),
)
_PAPER = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _PAPERS)
    + r")(?:\s(?:administrativ[oa]|eletronico|electronic[oa]|presencial|licitatorio))?"
    r"\s{0,2}(?P<mark>n(?:[.o°]{1,2}s?\.?|umero|o)\s{0,2}:?|no\.|number|#|:)?\s{0,2}"
    r"(?P<number>\d{1,3}(?:\.\d{3}){1,3}|\d{1,12})(?:\s?/\s?(?P<year>\d{4}|\d{2}))?(?![\w/-]|\.\d)"
)
_NUMBER = re.compile(
    r"(?P<money>(?:r\$|us\$|[$€£])\s{0,2})?(?<![\w.,/-])(?:(?P<dots>\d{1,3}(?:\.\d{3})+)(?P<c>,\d{1,4})?"
    r"|(?P<commas>\d{1,3}(?:,\d{3})+)(?P<p>\.\d{1,4})?|(?P<plain>\d{1,20})(?P<decimal>[,.]\d{1,4})?)"
    r"(?P<times>\s(?:mil|milh(?:ao|oes)|bilh(?:ao|oes)|thousand|million|millones|billion)\b)?"
    r"(?![\w/-]|[.,]\d)"
)
_TIMES: dict[str, int] = {
    **dict.fromkeys(("mil", "thousand"), 10**3),
    **dict.fromkeys(("milhao", "milhoes", "million", "millones"), 10**6),
    **dict.fromkeys(("bilhao", "bilhoes", "billion"), 10**9),
}
# Digits and letters held together by points, dashes and slashes, with a digit somewhere.
# It begins at a word's first sign and gives nothing back: a word without end stays linear.
_JOINED = re.compile(r"(?<![^\W_])[^\W_]++(?:[./-][^\W_]++)*")
_YEARS = re.compile(r"\d{4}[-/.]\d{2,4}")
_OF_YEAR = re.compile(r"(\d{1,6}|\d{1,3}(?:\.\d{3})+)/((?:19|20)\d{2})")
_SPACED = re.compile(r"(?<![\w./-])([A-Z]{2,6}) (\d{3,6}(?:[./-][A-Z0-9]{1,6}){0,2})(?![\w/-])")
# Capitals that stand before numbers without being the first half of a code.
_NO_CODES = """
    ANO ART ARTS ATE CEP CNPJ COM CPF DAS DE DEC DEL DL DOS EC EM IN INC LC LEI LEY MP NF NO OAB
    POR RES RG SEM UM UMA US FOR OF THE AND EN LAW JAN FEV MAR ABR MAI JUN JUL AGO SET OUT NOV
    DEZ MARCO ABRIL MAIO JUNHO JULHO AGOSTO
"""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is found exactly: its terms, the narrowest first, and how much it says."""

    terms: tuple[str, ...]
    strength: int


@dataclass
class _Reader:
    """What was found so far; the laws stand in the text as one private sign each."""

    things: list[Thing] = field(default_factory=list)
    signs: dict[str, laws.Law] = field(default_factory=dict)

    def claim(self, terms: tuple[str, ...], strength: int = NUMBER) -> str:
        self.things.append(Thing(terms, strength))
        return f" {_CLAIMED} "

    def law(self, law: laws.Law) -> str:
        self.things.append(Thing(law, LAW))
        sign = chr(0xE100 + len(self.signs) % 0x1700)
        self.signs[sign] = law
        return f" {sign} "


def things(text: str) -> list[Thing]:
    """Every thing in a text that is found exactly, each once."""
    if not _WORTH.search(text):
        return []
    reader = _Reader()
    plain = _folded(text, reader)
    for path, law in references.references(plain, reader.signs):
        reader.things += [Thing(law, LAW)] if law else []
        reader.things.append(
            Thing(references.terms(path, law), ARTICLE_OF_LAW if law else _strength(path))
        )
    if not _DIGIT.search(plain):
        return list(dict.fromkeys(reader.things))
    plain = moments.times(moments.dates(_numbered(plain, reader), reader.claim), reader.claim)
    plain = _NUMBER.sub(lambda one: _amount(one, reader), plain)
    reader.things += _joined(plain)
    return list(dict.fromkeys(reader.things))


def terms(text: str) -> list[str]:
    """The terms of everything in a text that must be found exactly, each once."""
    return list(dict.fromkeys(chain.from_iterable(one.terms for one in things(text))))


def exact(text: str) -> list[str]:
    """The terms of a question that put a chunk before all chunks without them, strongest first.

    Court cases, persons, contracts, articles of a named law, laws, codes, articles: not
    dates, amounts and times: an answer need not repeat those of its question.
    """
    strong = [one for one in things(text) if one.strength > NUMBER]
    found = sorted(strong, key=lambda one: -one.strength)
    named = [term for one in found if one.strength == ARTICLE_OF_LAW for term in one.terms]
    # An article without its law comes last, even if the question names the law.
    bare = {term for term in named if term.startswith("art")}
    ordered = [term for one in found for term in one.terms if term not in bare]
    return list(dict.fromkeys([*ordered, *(term for term in named if term in bare)]))


def own(paths: Sequence[references.Path], text: str) -> list[str]:
    """The terms of places of a document, as its text's own; ``text`` is its title and headings,
    which name its law."""
    return references.own(paths, law(text))


def law(text: str) -> laws.Law:
    """The law that a title and its headings name first: its terms, () where there is none.

    Not the one that "(Redação dada pela Lei nº 13.165)" after a heading names.
    """
    if not _WORTH.search(text):
        return ()
    reader = _Reader()
    plain = _folded(_AMENDED.sub(" ", text), reader)
    return next((reader.signs[sign] for sign in plain if sign in reader.signs), ())


def _folded(text: str, reader: _Reader) -> str:
    """A text folded, each law in it one private sign; codes that need capitals are read here."""
    cased = _MARKS.sub("", unicodedata.normalize("NFKD", _ORDINAL.sub("", _PRIVATE.sub(" ", text))))
    cased = laws.abbreviated(cased, reader.law)
    reader.things += [Thing((code,), CODE) for code in _spaced(cased)]
    return laws.named(cased.lower(), reader.law)


def _strength(path: references.Path) -> int:
    return ARTICLE if path[0][0] in references.NAMED else NUMBER


def _numbered(text: str, reader: _Reader) -> str:
    """The text without cases, persons, telephones and numbered papers, which the reader has."""

    def real(found: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9a-z]", "", found[0])
        if _CASE_FORM.fullmatch(found[0]) or checkdigits.case(digits):
            return reader.claim((digits.zfill(20),), CASE)
        if _CNPJ_FORM.fullmatch(found[0]) or checkdigits.cnpj(digits):
            return reader.claim((digits,), PERSON)
        if _CPF_FORM.fullmatch(found[0]) or checkdigits.cpf(digits):
            return reader.claim((digits,), PERSON)
        return found[0]

    for pattern in (_CASE_FORM, _CASE, _CNPJ, _CPF):
        text = pattern.sub(real, text)
    text = _PHONE.sub(
        lambda one: reader.claim(((one[1] or one[2]) + one[3] + one[4], one[3] + one[4]), CODE),
        text,
    )
    text = _OAB.sub(lambda one: _lawyer(one, reader), text)
    return _PAPER.sub(lambda one: _paper(one, reader), text)


def _lawyer(found: re.Match[str], reader: _Reader) -> str:
    number = found[2].replace(".", "")
    state = found[1] or found[3] or ""
    return reader.claim(tuple(dict.fromkeys((f"oab{state}{number}", f"oab{number}"))), PERSON)


def _paper(found: re.Match[str], reader: _Reader) -> str:
    """``Contrato nº 123/2024``; without "nº" and year only a number of three digits or more."""
    kind = next(kind for kind, _ in _PAPERS if found[kind])
    number = int(found["number"].replace(".", ""))
    if not found["mark"] and not found["year"] and number < 100:
        return found[0]
    if found["year"]:
        of_year = f"{number}ano{moments.year(found['year'])}"
        return reader.claim((kind + of_year, of_year, f"{kind}{number}"), CONTRACT)
    return reader.claim((f"{kind}{number}",), CONTRACT)


def _amount(found: re.Match[str], reader: _Reader) -> str:
    """``R$ 1.234,50`` and ``$1,234.50`` are ``1234p5``; ``3.10`` is a number of an item."""
    whole = re.sub(r"[.,]", "", found["dots"] or found["commas"] or found["plain"])
    decimal = found["c"] or found["p"] or found["decimal"] or ""
    times = _TIMES.get((found["times"] or "").strip(), 1)
    if found["plain"] and not decimal and times == 1:
        return found[0] if len(whole) < 8 else reader.claim((whole,), CODE)
    decimals = decimal[1:]
    if found["money"] or decimal.startswith(",") or found["commas"] or times > 1:
        decimals = decimals.rstrip("0")
    if times > 1:
        return reader.claim((str(int(whole + decimals) * times // 10 ** len(decimals)),))
    return reader.claim((f"{int(whole)}p{decimals}" if decimals else whole,))


def _joined(text: str) -> Iterator[Thing]:
    """Codes: ``AB-1234/X`` is ``ab1234x``, ``12/2024`` is ``12ano2024``, ``2.15.1`` ``2p15p1``."""
    for found in _JOINED.findall(text):
        if found.isalpha() or found.isdecimal() or not _DIGIT.search(found):
            continue
        if (of_year := _OF_YEAR.fullmatch(found)) is not None:
            yield _year_number(of_year)
            continue
        digits = sum(sign.isdigit() for sign in found)
        code = re.sub(r"[./-]", "", found)
        if digits == len(code) and re.fullmatch(r"\d+(?:\.\d+)+", found):
            yield Thing((found.replace(".", "p"),), NUMBER)
        elif code != found or digits < len(code):
            lettered = digits < len(code)
            strong = digits >= 3 if lettered else digits >= 7 and not _YEARS.fullmatch(found)
            yield Thing((code,), CODE if strong and len(code) <= 40 else NUMBER)


def _year_number(found: re.Match[str]) -> Thing:
    number = int(found[1].replace(".", ""))
    month = (f"m{found[2]}{number:02}",) if len(found[1]) == 2 and 1 <= number <= 12 else ()
    return Thing((f"{number}ano{found[2]}", *month), NUMBER if month else CODE)


def _spaced(cased: str) -> Iterator[str]:
    """``XPTO 3000/B``: capitals and a number beside them."""
    for letters, number in _SPACED.findall(cased):
        if letters not in _NO_CODES.split():
            yield (letters + re.sub(r"[./-]", "", number)).lower()
