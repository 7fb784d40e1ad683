"""The names of laws, each one term however it is written: ``lei8069``, ``decretolei2848``.

Reads folded text (abbreviations of codes: as written). A law gives its kind with its
number and, where its year is told, that with the year; the well-known codes give the
number of the law that they are.
"""

import re
from collections.abc import Callable

from appliance.index.moments import year

Law = tuple[str, ...]  # its terms, the shortest last: that one names it in references

# "Resolução TSE nº", "Portaria GM/MS nº": who gave it stands between its kind and its number.
_ISSUER = r"(?:[ -](?!n[.o]|d[aeo]s?\b|com\b|que\b|em\b|para\b)[a-z]{2,6}(?:/[a-z]{2,6})?)?"
_KINDS: tuple[tuple[str, str], ...] = (
    ("lc", r"lei complementar|lc"),
    ("decretolei", r"decreto[- –]lei|dec\.?[- ]?lei|dl"),
    ("rd", r"real decreto(?:[- ]ley| legislativo)?"),
    ("decreto", r"decretos?(?: legislativo| federal| estadual| municipal)?|dec\."),
    ("mp", r"medida provisoria|mpv?"),
    ("ec", r"emenda constitucional|emenda a constituicao|ec"),
    ("lei", r"leis?(?: federal| estadual| municipal| ordinaria| distrital| organica)?"),
    ("lei", r"ley(?: organica| federal| general)?"),
    ("sv", r"sumula vinculante|sv"),
    ("sumula", r"sumulas?"),
    ("res", rf"(?:resolucao|resolucion|resolution|res\.?){_ISSUER}"),
    ("portaria", rf"portaria{_ISSUER}"),
    ("in", rf"instrucao normativa{_ISSUER}"),
)
_MARK = r"(?:,?\s{0,2}n(?:[.o°º]{0,2}s?\.?|umeros?|um\.)(?=[\s\d])\s{0,2}|\s{1,2})"
_DATED = (
    r"(?:\s?/\s?(?P<slash>\d{4}|\d{2})(?![\d/-])(?:,?\sde\s\d{1,2}o?\sde\s[a-z]{3,10}\b(?!\sde))?"
    r"|,?\s{1,2}(?:de|of)\s{1,2}(?:\d{1,2}o?\s(?:de\s)?[a-z]{3,9}\s(?:de\s)?)?(?P<whole>(?:19|20)\d{2})\b"
    r"|,?\s{1,2}de\s{1,2}\d{1,2}[./]\d{1,2}[./](?P<dated>\d{4}|\d{2})\b)?"
)
_LAW = re.compile(
    r"(?<![a-z0-9])(?=[a-z])(?:"
    + "|".join(f"(?P<k{place}>{words})" for place, (_, words) in enumerate(_KINDS))
    + rf")(?![a-z]){_MARK}(?P<number>\d{{1,3}}(?:\.\d{{3}})+|\d{{1,6}})(?![\d%]|[.,]\d)"
    + _DATED
)
# "IN 1.500" and "Law 5" are too often something else: only with "nº" or a year.
_MARKED = re.compile(
    r"(?<![a-z0-9])(?P<kind>in|law)(?: [a-z]{2,4})?,? (?:n[o.°]{1,2} ?)"
    r"(?P<number>\d{1,3}(?:[.,]\d{3})+|\d{1,6})(?![\d%]|[.,]\d)" + _DATED
)
_EUROPEAN = re.compile(
    r"(?<![a-z])(?:regulation|regulamento|reglamento|directive|diretiva|directiva)"
    r"(?: \((?:eu|ue|ec|ce)\))?(?: n[o.]{1,2})? (\d{2,4})/(\d{1,4})(?!\d)(?:/(?:ec|ce|eu|ue)\b)?"
)
_BR_CODES: tuple[tuple[str, str, str], ...] = (
    (
        "cf",
        "CF|CRFB|CR",
        r"constituicao federal|constituicao da republica(?: federativa do brasil)?",
    ),
    ("lei8069", "ECA", r"estatuto da crianca e do adolescente"),
    ("decretolei5452", "CLT", r"consolidacao das leis do trabalho"),
    ("lei8078", "CDC", r"codigo de (?:protecao e )?defesa do consumidor"),
    ("lei10406", "CC", r"codigo civil"),
    ("lei13105", "CPC|NCPC", r"(?:novo )?codigo de processo civil"),
    ("decretolei2848", "CP", r"codigo penal(?! militar)"),
    ("decretolei3689", "CPP", r"codigo de processo penal(?! militar)"),
    ("lei5172", "CTN", r"codigo tributario nacional"),
    ("lei9503", "CTB", r"codigo de transito brasileiro"),
    ("lei4737", "CE", r"codigo eleitoral"),
    ("lei13709", "LGPD", r"lei geral de protecao de dados(?: pessoais)?"),
    ("decretolei4657", "LINDB", r"lei de introducao as normas do direito brasileiro"),
)
_BEFORE = {("lei10406", 1916): "lei3071", ("lei13105", 1973): "lei5869"}  # the codes they replaced
_IN_FULL = re.compile(
    r"(?<![a-z])(?=[celn])(?:"
    + "|".join(f"(?P<c{place}>{names})" for place, (*_, names) in enumerate(_BR_CODES))
    + r"|(?P<const>constituicao(?=/| de 19| de 88)))(?![a-z])"
    + r"(?:\s?/\s?(?P<slash>\d{4}|\d{2})\b|\sde\s(?P<year>\d{4})\b)?"
)
ABBREVIATIONS = {
    short.lower(): law for law, shorts, _ in _BR_CODES for short in shorts.split("|")
} | {"constituicao": "cf"}
# Two capitals may be anything: alone they count with their year ("CF/88"), and within a
# reference ("art. 5º da CF"), which the reader of references sees to.
_SHORT = re.compile(
    r"\b(?:(ECA|CLT|CDC|N?CPC|CPP|CTN|CTB|LGPD|LINDB|CRFB)(?:/(\d{4}|\d{2}))?"
    r"|(CF|CR|CC|CP|CE)/(\d{4}|\d{2}))\b"
)
ABBREVIATION = (
    rf"(?:{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})(?:/(?:\d{{4}}|\d{{2}}))?"
)


def named(text: str, claim: Callable[[Law], str]) -> str:
    """Folded text with every law handed to ``claim`` and replaced by its answer."""

    def of_kind(found: re.Match[str]) -> str:
        place = next(place for place in range(len(_KINDS)) if found[f"k{place}"])
        return claim(_law(_KINDS[place][0], found))

    def in_full(found: re.Match[str]) -> str:
        place = next((place for place in range(len(_BR_CODES)) if found[f"c{place}"]), 0)
        return claim(code(_BR_CODES[place][0], found["slash"] or found["year"]))

    text = _EUROPEAN.sub(lambda one: claim((f"eu{year(one[1])}n{int(one[2])}",)), text)
    text = _LAW.sub(of_kind, text)
    text = _MARKED.sub(lambda one: claim(_law("in" if one["kind"] == "in" else "lei", one)), text)
    return _IN_FULL.sub(in_full, text)


def abbreviated(text: str, claim: Callable[[Law], str]) -> str:
    """As ``named`` for abbreviations of codes, in text whose capitals are still there."""

    def short(found: re.Match[str]) -> str:
        return claim(code(ABBREVIATIONS[(found[1] or found[3]).lower()], found[2] or found[4]))

    return _SHORT.sub(short, text)


def code(law: str, written: str | None) -> Law:
    """The law that a code is; ``written`` is the year beside it, where there is one."""
    return (_BEFORE.get((law, year(written)), law) if written else law,)


def _law(kind: str, found: re.Match[str]) -> Law:
    base = kind + str(int(found["number"].replace(".", "").replace(",", "")))
    written = found["slash"] or found["whole"] or found["dated"]
    return (f"{base}ano{year(written)}", base) if written else (base,)
