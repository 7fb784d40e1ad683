"""References to parts of a text: "art. 5º, II, a, da Constituição" as terms.

A reference is read as a chain of parts (article, §, inciso, alínea; clause, annex,
chapter) that go down ("art. 27, § 2º") or up ("§ 2º do art. 27"), lists and ranges
("arts. 5º a 7º", "incisos I e II do art. 45") included, with the law that they belong
to. Its terms are each part with all that stands above it and, where the law is named,
those once more with the law: ``art27``, ``art27par2``, ``lei8069art27par2``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from appliance.index import laws, numerals

Part = tuple[
    str, str
]  # ("art", "5"), ("par", "unico"), ("inc", "ii"), ("al", "a"), ("item", "3p2")
Path = tuple[Part, ...]
LAW = "\ue100-\uf7ff"  # what stands for a law in the text: one private sign each

_LEVELS = {"art": 0, "cla": 0, "anexo": 0, "cap": 0, "tit": 0, "sec": 0, "par": 1, "inc": 2}
_LEVELS |= {"al": 3, "item": 4}
NAMED = ("art", "cla")  # parts that say which place of a document is meant, by themselves
_WORDS: tuple[tuple[str, str], ...] = (
    ("art", r"art(?:s\b|igos?\b|iculos?\b|icles?\b|\b)\.?"),
    ("par", r"§{1,2}|paragrafos?\b|parrafos?\b|paragraphs?\b|pars?\."),
    ("inc", r"incisos?\b|incs?\b\.?"),
    ("al", r"alineas?\b|letra\b"),
    ("cla", r"(?:sub)?clausulas?\b|(?:sub)?clauses?\b|cl\."),
    ("anexo", r"anexos?\b|annex\b|appendix\b|apendice\b"),
    ("cap", r"capitulos?\b|chapters?\b"),
    ("tit", r"titulos?\b|title\b"),
    ("sec", r"secao\b|secoes\b|seccion\b|sections?\b"),
    ("item", r"(?:sub)?ite(?:m|ns)\b|(?:sub)?items?\b"),
)
_KIND = "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS)
_START = re.compile(rf"(?<![a-z0-9])(?=[§acilpst])(?:{_KIND})|[{LAW}]")
_NUMBER = r"\d{1,3}\.\d{3}(?!\d)|\d{1,2}(?:\.\d{1,2}){1,4}(?!\d)|\d{1,4}(?!\d)"
_LETTER = (
    r"[\"'“‘](?P<quoted>[a-z]{1,2})[\"'”’]\)?"
    r"|(?P<letter>[b-df-np-xz]|[aeoy](?=\s?(?:[,.;:)]|$)|(?<=a)\s(?:d[aeo]|e|y|and|ou|or)\s))(?![a-z0-9])\)?"
)
_TOKEN = re.compile(
    rf"(?P<gap>[\s,]{{0,4}})(?:(?P<law>[{LAW}])|(?:{_KIND})"
    rf"|(?P<number>{_NUMBER})(?:o(?![a-z])|[º°])?(?:-(?P<suffix>[a-z]{{1,2}})(?![a-z]))?(?![a-z/%])"
    rf"|\((?P<within>\d{{1,2}}|[a-z]|[ivxl]{{1,6}})\)|(?P<unico>unic[oa]\b)"
    rf"|(?P<ordinal>{numerals.ORDINAL})|(?P<caput>caput\b)"
    rf"|(?P<abbreviation>{laws.ABBREVIATION})(?![a-z0-9])"
    rf"|(?P<roman>[ivxlcdm]{{1,8}})(?:-(?P<letters>[a-z])\b)?(?![a-z0-9])|{_LETTER}"
    r"|(?P<of>d[aeo]s?\b|del\b|of\b(?: the\b)?|de la\b)|(?P<to>ao?\b|to\b|ate\b)"
    r"|(?P<also>e\b|y\b|and\b|ou\b|or\b|c/c))"
)
_RANGE_MOST = 20


@dataclass
class _Chain:
    """One reference while it is read, up to the law that it ends in."""

    segments: list[list[Path]] = field(default_factory=lambda: [[]])
    law: laws.Law = ()
    kind: str = ""
    wanting: bool = False  # a kind was named and its number has not come yet
    plural: bool = False
    to: bool = False  # "a", between the two ends of a range
    before: str = ""

    def add(self, kind: str, number: str) -> None:
        """One more part, below the last ones of its segment that are higher than it."""
        paths = self.segments[-1]
        level = _LEVELS[kind]
        last = paths[-1] if paths else ()
        above = tuple(part for part in last if _LEVELS[part[0]] < level)
        if above and above == last:
            paths.pop()
        paths.append((*above, (kind, number)))
        self.kind, self.wanting = kind, False

    def until(self, kind: str, number: str) -> None:
        """The rest of a range whose first number was added before."""
        first = self.segments[-1][-1][-1][1]
        if number.isdecimal() and first.isdecimal():
            between = range(int(first) + 1, int(number))
            for one in between if len(between) <= _RANGE_MOST else ():
                self.add(kind, str(one))
        self.add(kind, number)

    def has(self, *kinds: str) -> bool:
        """Whether the part read last belongs to one of these kinds."""
        return bool(self.segments[-1]) and self.segments[-1][-1][-1][0] in kinds

    def paths(self) -> list[Path]:
        """The parts with what stands above them, the order of writing undone."""
        found: list[Path] = []
        for segment in reversed([one for one in self.segments if one]):
            above = found[0] if found else ()
            joined = [
                above + path if above and _LEVELS[above[-1][0]] < _LEVELS[path[0][0]] else path
                for path in segment
            ]
            found = joined + (found[1:] if joined[0][: len(above)] == above else found)
        return found


def references(text: str, known: Mapping[str, laws.Law]) -> Iterator[tuple[Path, laws.Law]]:
    """The references in a folded text; ``known`` says which law a private sign stands for."""
    at = 0
    while (start := _START.search(text, at)) is not None:
        at, found = _read(text, start.start(), known)
        at = max(at, start.end())
        yield from found


def terms(path: Path, law: laws.Law = ()) -> tuple[str, ...]:
    """The terms of one reference, the narrowest first: with the law, then without it."""
    written = ["".join(f"{kind}{number}" for kind, number in path[:size]) for size in _sizes(path)]
    within = [law[-1] + one for one in written] if law and path[0][0] == "art" else []
    return tuple(dict.fromkeys([*within, *written]))


def _sizes(path: Path) -> range:
    return range(len(path), 0, -1)


def _read(
    text: str, at: int, known: Mapping[str, laws.Law]
) -> tuple[int, list[tuple[Path, laws.Law]]]:
    """One chain from ``at`` on: where it ends, and what it refers to."""
    read, done = _Chain(), []
    leading: laws.Law = ()
    while (token := _TOKEN.match(text, at)) is not None:
        law = _law(token, known)
        if law and not any(read.segments):
            leading = law
        elif law:
            done.append((read.paths(), law))
            read = _Chain()
        elif not _taken(read, token):
            break
        read.before = token.lastgroup or ""
        at = token.end()
    done.append((read.paths(), leading))
    return at, list(chain.from_iterable([(path, law) for path in paths] for paths, law in done))


def _law(token: re.Match[str], known: Mapping[str, laws.Law]) -> laws.Law:
    if token["law"]:
        return known.get(token["law"], ())
    if token["abbreviation"]:
        name, _, year = token["abbreviation"].partition("/")
        return laws.code(laws.ABBREVIATIONS[name], year or None)
    return ()


def _taken(read: _Chain, token: re.Match[str]) -> bool:
    """Whether a token goes on with the chain; if so it has become part of it."""
    kind = next((kind for kind, _ in _WORDS if token[kind]), None)
    if kind is not None:
        named = token[kind].rstrip(".")
        read.kind, read.wanting = kind, True
        read.plural = named.endswith("s") or named in {"§§", "itens", "secoes"}
        return True
    if token["of"]:
        read.segments.append([])
        return not read.wanting
    if token["to"] or token["also"] or token["caput"]:
        read.to = bool(token["to"]) and read.plural
        return read.to or bool(token["also"] or token["caput"])
    part = _part(read, token)
    if part is None:
        return False
    if read.to and read.segments[-1]:
        read.until(*part)
    else:
        _add(read, part)
    read.to = False
    return True


def _add(read: _Chain, part: Part) -> None:
    kind, number = part
    if kind == "item" and read.kind == "cla" and read.wanting:
        read.add("cla", number.split("p")[0])
    read.add(kind, number)


def _part(read: _Chain, token: re.Match[str]) -> Part | None:
    """What kind of part a number, a Roman number or a letter is at this point."""
    goes_on = read.wanting or "," in token["gap"] or read.before in {"also", "to"}
    if token["within"]:
        return _within(read, token["within"])
    if token["number"]:
        return _numbered(read, token)
    if token["unico"] or token["ordinal"]:
        number = "unico" if token["unico"] else str(numerals.ordinal(token["ordinal"]))
        return (read.kind, number) if read.wanting else None
    letter = token["quoted"] or token["letter"]
    if token["roman"] and goes_on:
        return _roman(read, token) or _lettered(read, token["roman"])
    return _lettered(read, letter) if letter and goes_on else None


def _numbered(read: _Chain, token: re.Match[str]) -> Part | None:
    number = token["number"]
    dotted = "." in number and not re.fullmatch(r"\d{1,3}\.\d{3}", number)
    if dotted:
        below = read.has("cla") and "," in token["gap"]
        allowed = below or (read.wanting and read.kind in {"cla", "item", "sec", "par"})
        return ("item", number.replace(".", "p")) if allowed else None
    if not read.wanting and not (
        read.plural and _listed(read) and ("," in token["gap"] or read.before in {"also", "to"})
    ):
        return None
    number = str(int(number.replace(".", "")))
    if read.kind == "inc":
        number = numerals.as_roman(int(number)) or number
    return read.kind, number + (token["suffix"] or "")


def _listed(read: _Chain) -> bool:
    """Whether a further number belongs to the list that the plural opened."""
    return read.kind in {"art", "par", "cla", "anexo", "item"}


def _roman(read: _Chain, token: re.Match[str]) -> Part | None:
    written = token["roman"]
    value = numerals.roman(written)
    if value is None or (len(written) == 1 and written not in "ivx" and not read.wanting):
        return None
    if read.wanting and read.kind in {"anexo", "cap", "tit", "sec", "art", "cla"}:
        return read.kind, str(value)
    if read.wanting and read.kind == "inc":
        return "inc", written + (token["letters"] or "")
    if not read.wanting and read.has("art", "par", "inc"):
        return "inc", written + (token["letters"] or "")
    return None


def _lettered(read: _Chain, letter: str) -> Part | None:
    if len(letter) > 2:
        return None
    if read.wanting:
        return (read.kind, letter) if read.kind in {"al", "anexo"} else None
    return ("al", letter) if read.has("art", "par", "inc", "al") else None


def _within(read: _Chain, sign: str) -> Part | None:
    """English and European references: ``Article 6(1)(a)``."""
    if sign.isdecimal():
        return ("par", sign) if read.has("art") else None
    return ("al", sign) if read.has("art", "par") and len(sign) == 1 else None


def own(paths: Sequence[Path], law: laws.Law) -> list[str]:
    """The terms of places themselves: what a text under these headings is, not what it cites."""
    return list(dict.fromkeys(chain.from_iterable(terms(path, law) for path in paths if path)))
