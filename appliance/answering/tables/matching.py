"""What a question's words mean in one table: its cells, its columns, its own name, numbers.

A question becomes items in order; what is no cell, column or number stays a word. Cells
come first and the longest wins ("Padaria Pão Doce" before "Padaria"); a short cell ("B",
"3") counts only beside the name of its column.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from appliance.answering.tables import lexicon
from appliance.answering.values import Value, values
from appliance.index.keywords import fold, words
from appliance.index.roots import root, roots
from appliance.index.stopwords import STOP_WORDS
from appliance.records import Language
from appliance.rows import TableColumn
from appliance.tables import Named, StoredTable

LONGEST = 8  # words of a cell that a question may name
_WORD = re.compile(r"[^\W_]+")
_ORDINAL = re.compile(r"(?<=\d)[ºª°]")
_GENERIC = frozenset(
    map(
        root,
        (
            *("planilha", "plan", "sheet", "tabela", "table", "dados", "data", "lista", "list"),
            *("relacao", "hoja", "pagina", "folha", "controle", "cadastro"),
        ),
    )
)
_OWNER = re.compile(r"\b(?:da|do|das|dos|del|de la|of the)\b", re.IGNORECASE)
_NAMES = ("nome", "name", "nombre", "numero", "n", "no", "codigo", "code", "id")
_HEADS = frozenset(map(root, _NAMES))
_DATES = frozenset(map(root, ("data", "date", "fecha")))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question; ``start`` and ``end`` count in the question."""

    folded: str
    root: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the question, in the order of its words.

    ``places`` are the columns that are meant or whose cell it is; ``entity`` says that the
    table's records are called so.
    """

    kind: Literal["word", "cell", "column", "number"]
    text: str
    places: frozenset[int] = frozenset()
    cells: tuple[Named, ...] = ()
    value: Value | None = None
    entity: bool = False


@dataclass
class Asked:
    """A question in words, and the numbers and dates in it."""

    text: str
    language: Language
    tokens: list[Token] = field(default_factory=list)
    numbers: list[Value] = field(default_factory=list)

    def keys(self) -> dict[str, list[tuple[int, int]]]:
        """Every run of its words as a cell would be found by, with the runs' places."""
        found: dict[str, list[tuple[int, int]]] = {}
        for first in range(len(self.tokens)):
            for last in range(first + 1, min(first + LONGEST, len(self.tokens)) + 1):
                key = " ".join(token.root for token in self.tokens[first:last])
                found.setdefault(key, []).append((first, last))
        return found


def asked(question: str, language: Language) -> Asked:
    """A question taken apart."""
    text = _ORDINAL.sub(" ", question)
    tokens = [
        Token(fold(hit.group()), root(fold(hit.group())), *hit.span())
        for hit in _WORD.finditer(text)
    ]
    numbers = [one for one in values(question, language) if one.kind in ("number", "date")]
    return Asked(question, language, tokens, [one for one in numbers if not one.loose])


class Matcher:
    """Matches questions with one table; ``common`` are words that no cell may be alone."""

    def __init__(self, table: StoredTable) -> None:
        self.table = table
        self.names = [_content(column) for column in table.columns]
        self.entities = _entities(table, self.names)

    def items(
        self,
        question: Asked,
        found: Mapping[tuple[int, int], Sequence[Named]],
        common: Callable[[str], bool],
    ) -> list[Item]:
        """The question as items; ``found`` are the cells that runs of its words may be."""
        claims: dict[int, tuple[int, Item]] = {}
        taken: set[int] = set()
        for first, last in sorted(found, key=lambda run: (run[0] - run[1], run[0])):
            run = range(first, last)
            meant = [
                cell
                for cell in found[first, last]
                if self._is_meant(cell, question.tokens[first:last], question.text)
            ]
            if taken.isdisjoint(run) and (
                cells := self._cells(question, first, last, meant, common)
            ):
                text = question.text[question.tokens[first].start : question.tokens[last - 1].end]
                places = frozenset(cell.place for cell in cells)
                claims[first] = (last, Item("cell", text, places, tuple(cells)))
                taken.update(run)
        self._numbers(question, claims, taken)
        return self._in_order(question, claims)

    def _cells(
        self,
        question: Asked,
        first: int,
        last: int,
        cells: Sequence[Named],
        common: Callable[[str], bool],
    ) -> list[Named]:
        """The cells that a run of words may be."""
        tokens = question.tokens[first:last]
        written = question.text[tokens[0].start : tokens[-1].end]
        if all(common(token.folded) for token in tokens):
            # "a turma A": only where it is written like the cell, beside its column.
            beside = self._before(question, first) if len(written) == 1 else frozenset()
            return [cell for cell in cells if cell.place in beside and cell.value == written]
        if any(len(token.folded) > 2 and not token.folded.isdecimal() for token in tokens):
            return list(cells)
        beside = self._beside(question, first, last)
        literal = " ".join(fold(written).split())
        several = len(tokens) > 1
        return [
            cell
            for cell in cells
            if cell.place in beside
            or (several and " ".join(fold(cell.value).split()) == literal)
            or (not several and len(literal) > 4 and fold(cell.value) == literal)
        ]

    def _is_meant(self, cell: Named, tokens: Sequence[Token], text: str) -> bool:
        """Whether the words are a cell's own where it is a name: "Paula Lima" is not "Paulo
        Lima", though "ativas" is "Ativo"."""
        held = [word for word in words(cell.value) if fold(word) not in lexicon.LINKS]
        own = {fold(word).rstrip("s") for word in words(cell.value)}
        if all(token.folded.rstrip("s") in own for token in tokens):
            return True
        if lexicon.PEOPLE.intersection(self.names[cell.place]):
            return False
        proper = len(held) > 1 or (text[tokens[0].start].isupper() and not text.isupper())
        return not (proper and all(word[0].isupper() for word in held))

    def _beside(self, question: Asked, first: int, last: int) -> frozenset[int]:
        """The columns named right before or right after a run of words."""
        return self._before(question, first) | self._column(question.tokens, last)[1]

    def _before(self, question: Asked, first: int) -> frozenset[int]:
        before = first - 1
        # Other letters are passed over, too: "as turmas A, B e C".
        while before >= 0 and (
            question.tokens[before].folded in lexicon.LINKS
            or len(question.tokens[before].folded) == 1
        ):
            before -= 1
        places: set[int] = set()
        for begin in range(max(0, before - 3), before + 1):
            size, named = self._column(question.tokens, begin)
            if size and begin + size == before + 1:
                places |= named
        return frozenset(places)

    def _numbers(
        self, question: Asked, claims: dict[int, tuple[int, Item]], taken: set[int]
    ) -> None:
        for value in question.numbers:
            run = [
                place
                for place, token in enumerate(question.tokens)
                if token.start < value.end and value.start < token.end
            ]
            text = question.text[value.start : value.end]
            if run and taken.isdisjoint(run) and not lexicon.ORDINALS.fullmatch(fold(text)):
                claims[run[0]] = (run[-1] + 1, Item("number", text, value=value))
                taken.update(run)

    def _in_order(self, question: Asked, claims: Mapping[int, tuple[int, Item]]) -> list[Item]:
        items, place = [], 0
        while place < len(question.tokens):
            if place in claims:
                place, item = claims[place]
                items.append(item)
                continue
            token = question.tokens[place]
            size, places = self._column(question.tokens, place, claims)
            entity = token.root in self.entities
            if size and not (size == 1 and _operating(token.folded)):
                items.append(Item("column", token.folded, places, entity=entity))
                place += size
                continue
            kind: Literal["word", "column"] = "column" if entity else "word"
            text = token.folded if not self._is_letter(question, place) else token.folded.upper()
            items.append(Item(kind, text, entity=entity))
            place += 1
        return items

    @staticmethod
    def _is_letter(question: Asked, place: int) -> bool:
        """Whether a word is the name of something, a "B", and no article or conjunction."""
        token = question.tokens[place]
        written = question.text[token.start : token.end]
        single = len(written) == 1 and written.isupper() and written != "I"
        return single and place > 0 and not question.text.isupper()

    def _column(
        self, tokens: Sequence[Token], first: int, claims: Iterable[int] = ()
    ) -> tuple[int, frozenset[int]]:
        """How many words from here name columns, and which; the fullest name wins."""
        best, size, places = (0, False, False), 0, set[int]()
        stop = next((place for place in sorted(claims) if place > first), len(tokens))
        for place, name in enumerate(self.names):
            length, score = _named(tokens[first:stop], name)
            if score > best:
                best, size, places = score, length, {place}
            elif score == best and best[0] and length == size:
                places.add(place)
        return size, frozenset(places)


def _content(column: TableColumn) -> list[str]:
    """The roots of a column's name that tell: "Área (m²)" is ``are``."""
    name = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", column.name)
    return [one for one in roots(name) if one not in lexicon.LINKS] or roots(name)


def _entities(table: StoredTable, names: Sequence[Sequence[str]]) -> frozenset[str]:
    """What the records are called: by the sheet, by the document, "Nome do aluno"."""
    title = roots(_OWNER.split(table.document.title)[0])  # "Despesas da associação": expenses
    if not set(title) - _GENERIC:
        title = roots(table.document.title)
    called = [*roots(table.sheet), *title]
    for name in names:
        if name and name[0] in _HEADS:
            called += name[1:]
    telling = {one for one in called if len(one) > 2 and one not in _GENERIC and one.isalpha()}
    return frozenset(telling.union(*(lexicon.ALIKE.get(one, ()) for one in telling)))


def _named(tokens: Sequence[Token], name: Sequence[str]) -> tuple[int, tuple[int, bool, bool]]:
    """How many of the words name a column, and how well: parts matched, whole, by itself."""
    if not tokens or not name:
        return 0, (0, False, False)
    for begin, part in enumerate(name):
        own = tokens[0].root == part
        head = begin == 0 or (begin == 1 and name[0] in _HEADS | _DATES)
        if own or (head and tokens[0].root in lexicon.ALIKE.get(part, ())):
            size, matched = _goes_on(tokens, name, begin)
            return size, (matched, matched == len(name), own)
    return 0, (0, False, False)


def _goes_on(tokens: Sequence[Token], name: Sequence[str], begin: int) -> tuple[int, int]:
    """How far a name goes on from its first word; links may stand between its parts."""
    size, matched, place = 1, 1, 1
    for part in name[begin + 1 :]:
        while place < len(tokens) and tokens[place].folded in lexicon.LINKS:
            place += 1
        if place == len(tokens):
            break
        if tokens[place].root != part and tokens[place].root not in lexicon.ALIKE.get(part, ()):
            break
        matched, place = matched + 1, place + 1
        size = place
    return size, matched


def common_in(language: Language) -> Callable[[str], bool]:
    """Whether a word is one that no cell may be alone."""
    fillers = lexicon.FILLERS[language] | lexicon.NEGATIONS[language] | STOP_WORDS[language]
    return lambda word: word in fillers or _operating(word)


def _operating(word: str) -> bool:
    return any(pattern.fullmatch(word) for pattern in lexicon.OPERATIONS.values())


def sign(item: Item) -> str:
    """What stands for an item on the line of a question."""
    return (
        item.text
        if item.kind == "word"
        else {"cell": "§v", "column": "§c", "number": "§n"}[item.kind]
    )


def line(items: Sequence[Item]) -> tuple[str, list[int]]:
    """The items on one line, words as they are and the rest as signs; where each begins."""
    together, starts = "", []
    for item in items:
        starts.append(len(together))
        together += sign(item) + " "
    return together, starts
