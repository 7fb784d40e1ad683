"""Headings found in the text of pages, where the reader of the format gave none.

What counts as a heading in Brazilian law and contracts, in regulations and in reports:
Título, Capítulo, Seção, Cláusula and Artigo (and their English and Spanish names),
numbered lines, lines in capitals. A line repeated at the head of page after page is
a letterhead and no heading. Levels: 1 is the top; ``ARTICLE`` marks articles of law.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from appliance.records import PAGE_BREAK, Heading, Page

LAW = 0  # the level of a law's own name, above all others
ARTICLE = 6  # the level of an article: it starts a chunk and is cited as such
CLAUSE = 5
SEPARATOR = " › "

_NUMBER = (
    r"(?:[IVXLCDM]{1,8}|\d{1,4}|[A-Z]|[ÚUuú]nic[oa]|[A-ZÀ-Ú][A-Za-zÀ-ú]{3,14})(?:[-–][A-Z])?[ºª]?\b"
)
_NAMED = tuple(
    (level, re.compile(rf"\s*(?:{names})\s+{_NUMBER}[ºªo°.]?(?=\s*$|\s*[-–—:.]|\s+[A-ZÀ-Ú])"))
    for level, names in (
        (1, r"LIVRO|Livro|PARTE|Parte|PART|Part|LIBRO|Libro|BOOK|Book|TÍTULO|Título|TITLE|Title"),
        (1, r"ANEXO|Anexo|APÊNDICE|Apêndice|ANNEX|Annex|APPENDIX|Appendix|ADENDO|Adendo"),
        (2, r"CAP[ÍI]TULO|Cap[íi]tulo|CHAPTER|Chapter"),
        (3, r"SEÇÃO|Seção|SECÇÃO|Secção|SECCIÓN|Sección|SECTION|Section"),
        (4, r"SUBSEÇÃO|Subseção|SUBSECCIÓN|Subsección|SUBSECTION|Subsection"),
        (CLAUSE, r"CL[ÁA]USULA|Cl[áa]usula|CLAUSE|Clause"),
    )
)
# Not "Art. 5º da Constituição" nor "Art. 5º, II", which a margin may have put first in a line.
ARTICLE_LINE = re.compile(
    r"\s*(?:Art\.?|ART\.?|Artigo|ARTIGO|Artículo|ARTÍCULO|Article|ARTICLE)\s{0,2}"
    r"(\d{1,4}(?:\.\d{3})?[ºª°o]?(?:-[A-Z]{1,2})?)(?=[\s.:,–—-]|$)"
    r"(?!\s{1,2}(?:d[aeo]s?|del|of|e|and|y)\s|,\s?(?:§|inc|[IVXLC]{1,6}\b|caput|d[aeo]s?\s|of\s))"
)
# What a law is called, above its first article: it stands over everything below it.
_EPIGRAPH = re.compile(
    r"(?:LEI(?: COMPLEMENTAR)?|DECRETO(?:-LEI)?|MEDIDA PROVISÓRIA|EMENDA CONSTITUCIONAL|RESOLUÇÃO"
    r"|PORTARIA|INSTRUÇÃO NORMATIVA|LEY(?: ORGÁNICA)?|REAL DECRETO)\b[^,;:]{0,40}\d[\d.]{0,9}"
    r"(?:/\d{2,4}|,? DE \d{1,2}.{0,30}\d{4})?\.?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s*[-–—]?\s+(?=[A-ZÀ-Ú])")
_ENDS_A_SENTENCE = re.compile(r"[.;:,!?]\s*$")
_LONGEST = 110  # characters; a longer line is a sentence, whatever it looks like
_CAPITALS_SHARE = 0.4  # a page with more lines in capitals than this is a form


def outline(pages: Sequence[Page]) -> list[Heading]:
    """The headings of a document in order; ``start`` counts in the document's text."""
    letterheads = _letterheads(pages)
    found: list[Heading] = []
    offset = 0
    for page in pages:
        given = page.headings or tuple(_found(page.text, letterheads))
        found += [
            Heading(start=offset + one.start, level=one.level, title=clean(one.title))
            for one in sorted(given, key=lambda one: one.start)
            if 0 <= one.start <= len(page.text) and one.title.strip()
        ]
        if page.headings:
            found += [
                Heading(start=offset + one.start, level=ARTICLE, title=one.title)
                for one in _articles(page.text)
            ]
        offset += len(page.text) + len(PAGE_BREAK)
    return sorted(found, key=lambda one: (one.start, one.level))


def path(open_headings: Sequence[Heading]) -> str:
    """The path "A › B" of the headings that are open at a place."""
    return SEPARATOR.join(one.title for one in open_headings)


def clean(title: str) -> str:
    """A heading as one line of at most 120 characters, without marks of Markdown."""
    line = " ".join(title.split()).strip("#* ")
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


def _letterheads(pages: Sequence[Page]) -> set[str]:
    """Lines that stand among the first or last three of at least a third of the pages."""
    if len(pages) < 3:
        return set()
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [line.strip() for line in page.text.splitlines() if line.strip()]
        seen.update(set(lines[:3] + lines[-3:]))
    return {line for line, times in seen.items() if times >= max(3, len(pages) / 3)}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start + len(line) - len(line.lstrip()), line.strip()
        start += len(line)


def _articles(text: str) -> Iterator[Heading]:
    for start, line in _lines(text):
        if (article := ARTICLE_LINE.match(line)) is not None:
            yield _article(start, article)


def _article(start: int, match: re.Match[str]) -> Heading:
    return Heading(start=start, level=ARTICLE, title=f"Art. {match.group(1)}")


def _found(text: str, letterheads: set[str]) -> Iterator[Heading]:
    lines = [(start, line) for start, line in _lines(text) if line not in letterheads]
    capitals = sum(_capitals(line) for _, line in lines) <= _CAPITALS_SHARE * len(lines) or (
        len(lines) < 5
    )
    taken = -1
    for place, (start, line) in enumerate(lines):
        if place <= taken:
            continue
        if (article := ARTICLE_LINE.match(line)) is not None:
            yield _article(start, article)
            continue
        level = _level(line, capitals=capitals)
        if level is None:
            continue
        taken = _name(lines, place, level)
        title = " ".join(one for _, one in lines[place : taken + 1])
        yield Heading(start=start, level=level, title=clean(title))


def _level(line: str, *, capitals: bool) -> int | None:
    """The level of a line that is a heading, else None."""
    if len(line) > _LONGEST:
        return None
    if _EPIGRAPH.fullmatch(line) and line[0].isupper():
        return LAW
    for level, pattern in _NAMED:
        if pattern.match(line):
            return level
    if _ENDS_A_SENTENCE.search(line) or "\t" in line or " | " in line:
        return None
    if (numbered := _NUMBERED.match(line)) is not None:
        return 2 + numbered.group(1).count(".")
    return 2 if capitals and _capitals(line) else None


def _name(lines: Sequence[tuple[int, str]], place: int, level: int) -> int:
    """The last line of a heading that goes on: ``CAPÍTULO II`` and below it its name."""
    last = place
    if level == LAW:
        return last
    while last + 1 < len(lines) and last - place < 2:
        line = lines[last + 1][1]
        bare = last == place and len(lines[place][1]) < 24 and level <= CLAUSE
        named = any(pattern.match(line) for _, pattern in _NAMED) or _NUMBERED.match(line)
        goes_on = _capitals(line) or (bare and _is_name(line) and level <= 4)
        if named or ARTICLE_LINE.match(line) or not goes_on:
            break
        if not _capitals(lines[place][1]) and last > place:
            break
        last += 1
    return last


def _is_name(line: str) -> bool:
    """A short line without an end, as in ``Das Férias`` under ``Seção II``."""
    short = len(line) <= 80 and not _ENDS_A_SENTENCE.search(line)
    return short and re.match(r"D[aeo]s?\s+[A-ZÀ-Ú]", line) is not None


def _capitals(line: str) -> bool:
    letters = sum(sign.isalpha() for sign in line)
    return (
        len(line) <= _LONGEST
        and letters >= 4
        and line == line.upper()
        and letters >= 0.6 * len(line.replace(" ", ""))
        and not line.endswith((".", ";", ","))
    )
