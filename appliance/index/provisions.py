"""Where a text stands in its law or contract: "Art. 27, § 2º", "Cláusula 3ª, 3.2".

Owns the marks that open a provision at the start of a line (article, §, inciso,
alínea; clause, numbered item, annex) and how deep each lies below the others. A
place is told from a chunk alone: its heading path says what was open where it begins.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.index import numerals
from appliance.index.references import Part, Path
from appliance.index.structure import ARTICLE_LINE, SEPARATOR

DEPTHS = {"anexo": 0, "art": 1, "cla": 1, "par": 2, "inc": 3, "al": 4, "item": 5}
_PARAGRAPH = re.compile(
    r"§\s{0,2}(\d{1,3})\s?[ºª°o]?(-[A-Z])?(?=[\s.:,–—-]|$)(?!\s{1,2}d[aeo]s?\s|\s?,|\s{1,2}e\s)"
    r"|(?:Par[áa]grafo|PAR[ÁA]GRAFO)\s{1,2}([A-Za-zÀ-ú]{4,12})(?=\s?[.:,–—-]|\s[A-ZÀ-Ú]|$)"
)
_INCISO = re.compile(r"([IVXLC]{1,8})(-[A-Z])?\s{0,2}[-–—)]\s")
_LETTER = re.compile(r"([a-z]{1,2})\)\s")
_DOTTED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\.?[)]?(?=\s)(?!\s{1,2}%)")
_SINGLE = re.compile(r"(\d{1,2})[.)]\s")
_CLAUSE = re.compile(
    r"(CL[ÁA]USULA|Cl[áa]usula|CLAUSE|Clause)\s{1,2}(?:(\d{1,3})|([IVXLC]{1,7})(?![A-Za-zÀ-ú])"
    r"|([A-Za-zÀ-ú]{4,15}(?:[ -][A-Za-zÀ-ú]{4,9})?))"
)
_ANNEX = re.compile(r"(ANEXO|Anexo|ANNEX|Annex)\s{1,2}([IVXLC]{1,7}|\d{1,2}|[A-Z])(?![A-Za-zÀ-ú])")
# The parts of a heading path that splitting wrote itself (see ``label``).
_LABELS = (
    ("inc", re.compile(r"([IVXLC]{1,8}(?:-[A-Z])?)")),
    ("al", re.compile(r"([a-z]{1,2})")),
    ("item", re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The opening of a provision: where its line starts, what it is, how it is written."""

    start: int
    part: Part
    label: str

    @property
    def depth(self) -> int:
        """How deep it lies: an article above its §, a § above its incisos."""
        return DEPTHS[self.part[0]]


def mark(line: str, start: int = 0, above: Sequence[Mark] = ()) -> Mark | None:
    """The provision that a line opens, or None. ``above`` are those open before it.

    "1." alone is a part only below an inciso or an alínea; else it is a list's or a heading's.
    """
    if not line:
        return None
    if (article := ARTICLE_LINE.match(line)) is not None:
        written = re.sub(r"[ª°o]", "º", article.group(1))
        number = written.replace("º", "").replace(".", "").replace("-", "").lower()
        return Mark(start, ("art", number), f"Art. {written}")
    for reader in (_paragraph, _clause, _annex):
        if (found := reader(line, start)) is not None:
            return found
    return _enumerated(line, start, above)


def marks(text: str, heading: str = "") -> Iterator[tuple[Mark, tuple[Mark, ...]]]:
    """Every provision that a text opens, with those that are open from there on, outermost
    first and itself last; ``heading`` is the path of the text's beginning."""
    above = opened(heading)
    start = 0
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        if (found := mark(line.strip(), start + indent, above)) is not None:
            above = (*(one for one in above if one.depth < found.depth), found)
            yield found, above
        start += len(line)


def opened(heading: str) -> tuple[Mark, ...]:
    """The provisions that a heading path says are open: those of "Título I › Art. 5º › II"."""
    above: tuple[Mark, ...] = ()
    for title in heading.split(SEPARATOR):
        found = mark(title.strip()) or (_labelled(title.strip()) if above else None)
        if found is not None:
            above = (*(one for one in above if one.depth < found.depth), found)
    return above


def place(text: str, start: int, end: int, heading: str = "") -> str:
    """Where ``text[start:end]`` stands: "Art. 5º, II, a"; "" where there is nothing to name.

    ``text`` begins under the path ``heading``. A span over several provisions is named by
    what holds them all, with the ends of the range where they lie side by side:
    "Art. 5º, II–IV".
    """
    first = last = opened(heading)
    for found, above in marks(text[:end], heading):
        if found.start <= start or not text[start : found.start].strip():
            first = above
        last = above
    return _between(first, last)


def within(text: str, heading: str) -> list[Path]:
    """The places that a chunk is: the provision it begins in and every one it opens."""
    found = [opened(heading), *(above for _, above in marks(text, heading))]
    paths: list[Path] = []
    for above in found:
        paths += [(one.part,) for one in above if one.part[0] == "anexo"]
        paths.append(tuple(one.part for one in above if one.part[0] != "anexo"))
    return list(dict.fromkeys(path for path in paths if path))


def _between(first: tuple[Mark, ...], last: tuple[Mark, ...]) -> str:
    common = 0
    for one, other in zip(first, last, strict=False):
        if one.part != other.part:
            break
        common += 1
    labels = [one.label for one in first[:common]]
    if common < min(len(first), len(last)) and _beside(first[common], last[common]):
        labels.append(_range(first[common], last[common]))
    return ", ".join(labels)


def _beside(one: Mark, other: Mark) -> bool:
    return one.part[0] == other.part[0] and one.part[1] != "unico" != other.part[1]


def _range(one: Mark, other: Mark) -> str:
    kind, ends = one.part[0], (one.label, other.label)
    if kind == "par":
        return f"§§ {ends[0].removeprefix('§ ')}–{ends[1].removeprefix('§ ')}"
    if kind == "art":
        return f"Arts. {ends[0].removeprefix('Art. ')}–{ends[1].removeprefix('Art. ')}"
    name, _, number = ends[1].partition(" ")
    if kind in {"cla", "anexo"} and number:
        return f"{name}s {ends[0].partition(' ')[2]}–{number}"
    return f"{ends[0]}–{ends[1]}"


def _paragraph(line: str, start: int) -> Mark | None:
    found = _PARAGRAPH.match(line)
    if found is None:
        return None
    if found[1]:
        number, letter = found[1], found[2] or ""
        sign = "º" if int(number) < 10 else ""
        part = number + letter.replace("-", "").lower()
        return Mark(start, ("par", part), f"§ {number}{sign}{letter}")
    if found[3].lower() in {"único", "unico"}:
        return Mark(start, ("par", "unico"), "parágrafo único")
    value = numerals.ordinal(_plain(found[3]))
    return Mark(start, ("par", str(value)), f"§ {value}º") if value else None


def _clause(line: str, start: int) -> Mark | None:
    found = _CLAUSE.match(line)
    if found is None:
        return None
    value = int(found[2]) if found[2] else numerals.roman((found[3] or "").lower())
    if value is None:
        words = _plain(found[4] or "")
        value = numerals.ordinal(words) or numerals.ordinal(words.split(" ")[0])
    english = found[1].lower() == "clause"
    label = f"Clause {value}" if english else f"Cláusula {value}ª"
    return Mark(start, ("cla", str(value)), label) if value else None


def _annex(line: str, start: int) -> Mark | None:
    found = _ANNEX.match(line)
    if found is None or len(line) > 110 or line.endswith((".", ",", ";")):
        return None
    value = numerals.roman(found[2].lower())
    return Mark(start, ("anexo", str(value or found[2].lower())), f"{found[1].title()} {found[2]}")


def _enumerated(line: str, start: int, above: Sequence[Mark]) -> Mark | None:
    if (inciso := _INCISO.match(line)) is not None and numerals.roman(inciso[1].lower()):
        letter = inciso[2] or ""
        number = (inciso[1] + letter.replace("-", "")).lower()
        return Mark(start, ("inc", number), inciso[1] + letter)
    if (letter_ := _LETTER.match(line)) is not None and any(one.depth >= 1 for one in above):
        return Mark(start, ("al", letter_[1]), letter_[1])
    if (dotted := _DOTTED.match(line)) is not None:
        return Mark(start, ("item", dotted[1].replace(".", "p")), dotted[1])
    single = _SINGLE.match(line)
    if single is not None and any(one.part[0] in {"inc", "al"} for one in above):
        return Mark(start, ("item", single[1]), single[1])
    return None


def _labelled(title: str) -> Mark | None:
    for kind, pattern in _LABELS:
        if (found := pattern.fullmatch(title)) is not None:
            number = found[1].replace("-", "").replace(".", "p").lower()
            return Mark(0, (kind, number), title)
    return None


def _plain(text: str) -> str:
    """Lower case without accents, as numerals are read: ``Décima`` is ``decima``."""
    return text.lower().translate(str.maketrans("áéíóúâêôãõç", "aeiouaeoaoc"))
