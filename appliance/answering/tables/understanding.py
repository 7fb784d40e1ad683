"""From a question to a plan: by templates, and only where every word is explained.

Three endings: a ``Plan``; ``Beyond``, where the question surely is about this table and no
template holds it all; None, where it is about something else. Two readings are none.
"""

import re
from collections.abc import Callable, Sequence

from appliance.answering.tables import lexicon
from appliance.answering.tables.conditions import Conditions
from appliance.answering.tables.matching import Item, line, sign
from appliance.answering.tables.plans import Beyond, Operation, Plan, Unclear
from appliance.index.keywords import fold, words
from appliance.index.roots import root, roots
from appliance.records import Language
from appliance.rows import TableColumn
from appliance.tables import StoredTable

_SPENT = frozenset(
    map(root, ("despesa", "gasto", "compra", "expense", "purchase", "receita", "venda", "sale"))
)
# In this order: "mais caro" before "mais", "o maior número de" before "número de".
_OPERATIONS = (
    *("greatest", "least", "latest", "earliest", "most", "fewest"),
    *("count", "different", "average", "sum"),
)
_SPEAKS_OF_MONEY = re.compile(
    r"gast\w+|pag\w+|receb\w+|arrecad\w+|vend(?!as?$)\w+|spen[dt]|paid|earn\w*"
)  # "mais vendas" are more of them


class Reading:
    """One question read against one table."""

    def __init__(
        self,
        table: StoredTable,
        items: Sequence[Item],
        language: Language,
        few_values: Callable[[int], list[str] | None],
    ) -> None:
        """``few_values`` gives the values of a column of words that has few."""
        self.table = table
        self.items = items
        self.language = language
        self.used: set[int] = set()  # items that are explained
        self.line, self.starts = line(items)
        self.conditions = Conditions(self, few_values)
        self.operations: dict[str, int] = {}  # name → the item where its words begin
        self.dear = self.spends = self.asks = self.costs = False
        self.by: int | None = None

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The table's columns."""
        return self.table.columns

    def plan(self) -> Plan | Beyond | None:
        """What the question asks of the table."""
        try:
            self.conditions.compare()
            self._operate()
            self._group()
            self.conditions.gather()
            made = self._made()
        except Unclear:
            made = None
        if made is not None and self.operations.keys() & {"different"} - {made.operation}:
            made = None  # "diferente de 900" is no template
        if made is not None and not self.unexplained():
            return made
        return self._beyond()

    def unexplained(self) -> list[int]:
        """The items that nothing explains."""
        fillers = lexicon.FILLERS[self.language]
        if not self.conditions.names_rows and self.by is None:
            fillers = fillers - lexicon.NEEDY
        return [
            n
            for n, item in enumerate(self.items)
            if n not in self.used and not (item.kind == "word" and item.text in fillers)
        ]

    def _beyond(self) -> Beyond | None:
        """Whether the question is surely about this table: more of it told than not."""
        told = [
            item
            for n, item in enumerate(self.items)
            if item.kind == "cell" or (item.kind == "column" and (item.places or item.entity))
        ]
        reckons = self.operations.keys() & {"count", "sum", "average", "greatest", "least"}
        left = [n for n in self.unexplained() if self.items[n].kind == "word"]
        kinds = {item.kind for item in told}
        looks = self.asks and kinds == {"cell", "column"} and not self.unexplained()
        most = len(told) - 1 if "cell" in kinds else 1
        if not (reckons or self.spends or looks) or len(told) < 2 or len(left) > most:
            return None
        return Beyond(self.table, weight=len(told))

    # ------------------------------------------------------------ operations

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first place of a pattern among words not used yet, which are then used."""
        for hit in pattern.finditer(self.line):
            covered = self.covered(*hit.span())
            words = {n for n in covered if self.items[n].kind == "word"}
            if words and words.isdisjoint(self.used):
                self.used |= words
                return hit
        return None

    def covered(self, start: int, end: int) -> list[int]:
        """The items that a stretch of the line covers."""
        return [
            n
            for n, begin in enumerate(self.starts)
            if begin < end and start < begin + len(sign(self.items[n]))
        ]

    def _operate(self) -> None:
        spending = self.take(lexicon.SPENDING)
        if spending is not None:
            self.spends = True
            if self._is_of_others(spending["verb"]):
                raise Unclear
        if self.take(lexicon.COSTING):
            self.costs = True
        for name in _OPERATIONS:
            hit = self.take(lexicon.OPERATIONS[name])
            if hit is not None:
                self.operations[name] = self.covered(*hit.span())[0]
                self.dear |= any(hit.groupdict().values())
        if self.take(lexicon.ASKING):
            self.asks = True
            self.take(lexicon.ASKING)

    def _is_of_others(self, verb: str) -> bool:
        """Whether what we got is asked of a sheet of expenses, or the other way round."""
        called = {*roots(self.table.sheet), *roots(self.table.document.title)}
        gets, spends = called & lexicon.INCOME, called & lexicon.EXPENSES
        if lexicon.WE_GET.fullmatch(verb):
            return bool(spends) and not gets
        return bool(lexicon.WE_SPEND.fullmatch(verb)) and bool(gets) and not spends

    def _group(self) -> None:
        """Find "por turma", "by class", "em cada categoria"."""
        for hit in lexicon.GROUPING.finditer(self.line):
            here = self.covered(*hit.span())
            after = here[-1] + 1 if here else len(self.items)
            while after < len(self.items) and self.items[after].text in lexicon.LINKS:
                after += 1
            place = self.column_at(after)
            if place is None or after in self.used or self._names_cell(after, place):
                continue
            if self.by is not None and self.by != place:
                raise Unclear
            self.by = place
            self.used |= {*here, after}

    def _names_cell(self, n: int, place: int) -> bool:
        """Whether a column named here only says which column the next cell is in."""
        after = n + 1
        while after < len(self.items) and self.items[after].text in lexicon.LINKS:
            after += 1
        return (
            after < len(self.items)
            and self.items[after].kind == "cell"
            and place in self.items[after].places
        )

    def column_at(self, n: int) -> int | None:
        """The one column that an item names."""
        if not 0 <= n < len(self.items) or self.items[n].kind != "column":
            return None
        places = self.items[n].places
        return next(iter(places)) if len(places) == 1 else None

    # ------------------------------------------------------------ plans

    def _made(self) -> Plan | None:
        self._mention_entities()
        main = self._main_operation()
        if main in ("most", "fewest"):
            return self._first_group()
        if main in ("greatest", "least"):
            return self._extreme(self._measure(), greatest=main == "greatest")
        if main in ("latest", "earliest"):
            return self._extreme(self.conditions.date_column(), greatest=main == "latest")
        if main == "average":
            return self._totals("average")
        if main == "count":
            return self._count()
        if "sum" in self.operations or self.spends:
            return self._count() if self._counts_by_sum() else self._totals("sum")
        if self.by is not None:
            return self._totals("sum") if self._speaks_of_money() else self._count()
        return self._lookup()

    def _main_operation(self) -> str:
        """The one operation besides a sum, which "total de alunos" has beside its count."""
        main = self.operations.keys() - {"sum", "different"}
        adds = "sum" in self.operations or self.spends
        if len(main) > 1 or (adds and main - {"count", "most", "fewest"}):
            raise Unclear  # "a maior média": of whom, of what?
        if self.by is not None and main & {"greatest", "least", "latest", "earliest"}:
            raise Unclear
        return next(iter(main), "")

    def _mention_entities(self) -> None:
        """What the records are called is explained, unless it is a column asked for."""
        for n, item in enumerate(self.items):
            if item.kind == "column" and item.entity and not item.places:
                self.used.add(n)

    def _open_columns(self) -> list[int]:
        """Items that name columns and are not used yet."""
        return [
            n
            for n, item in enumerate(self.items)
            if item.kind == "column" and item.places and n not in self.used
        ]

    def _numbers(self) -> list[int]:
        return [
            place
            for place, column in enumerate(self.columns)
            if column.kind == "number" and not is_year(column)
        ]

    def _money(self) -> list[int]:
        """The columns of money: by their unit, by their name."""
        numbers = self._numbers()
        signed = [place for place in numbers if self.columns[place].unit not in ("", "%")]
        named = [
            place
            for place in numbers
            if lexicon.MONEY & {root(word) for word in _words(self.columns[place].name)[:1]}
        ]
        return list(dict.fromkeys([*signed, *named]))

    def _measure(self) -> int:
        """The column that is summed up, or whose extreme is sought."""
        named: set[int] = set()
        for n in self._open_columns():
            numbers = [p for p in self.items[n].places if self.columns[p].kind == "number"]
            if numbers:
                self.used.add(n)
                named.add(numbers[0] if len(numbers) == 1 else -1)
        if named:
            return _only(named - {-1} if -1 not in named else {-1, -2})
        money = self._money()
        if self.dear or self.spends or len(money) == 1:
            return _only(money or self._numbers())
        return _only(self._numbers())

    def _speaks_of_money(self) -> bool:
        number = any(
            self.columns[place].kind == "number"
            for n in self._open_columns()
            for place in self.items[n].places
        )
        return number or any(item.entity and root(item.text) in _SPENT for item in self.items)

    def _counts_by_sum(self) -> bool:
        """Whether "total de alunos" asks how many there are."""
        at = self.operations.get("sum", -1)
        if self.spends or at < 0 or self._speaks_of_money():
            return False
        return any(item.entity for item in self.items[at:])

    def _totals(self, operation: Operation) -> Plan:
        if operation == "sum" and not self._numbers() and self.by is not None:
            return self._count()
        before = len(self._open_columns())
        place = self._measure()
        named = len(self._open_columns()) < before or any(item.entity for item in self.items)
        if operation == "average" and not named:
            raise Unclear
        self._close()
        return self._with(operation, (place,))

    def _count(self) -> Plan:
        at = self.operations.get("count", self.operations.get("sum", 0))
        counted = next((n for n in self._open_columns() if n >= at), None)
        if counted is None or self.items[counted].entity:
            self._close()
            return self._with("count")
        place = self.column_at(counted)
        if place is None or self.by is not None:
            raise Unclear
        self.used.add(counted)
        if self.columns[place].kind == "number":
            if not self.conditions.names_rows:
                raise Unclear
            return self._with("lookup", (place,))
        self._close()
        return self._with("different", (place,))

    def _close(self) -> None:
        """Names of columns that only say what the records are: "o nome dos alunos"."""
        for n in self._open_columns():
            if self.items[n].entity and not self._is_number(n):
                self.used.add(n)

    def _first_group(self) -> Plan:
        greatest = "most" in self.operations
        at = self.operations["most" if greatest else "fewest"]
        heads = [n for n in self._open_columns() if n < at and self.column_at(n) is not None]
        by = self.by if self.by is not None else self.column_at(heads[0]) if heads else None
        if by is None:
            raise Unclear
        self.used.update(heads[:1])
        self.by = by
        spoken = [n for n, i in enumerate(self.items) if _SPEAKS_OF_MONEY.fullmatch(i.text)]
        numbers = [n for n in self._open_columns() if self._is_number(n)]
        if numbers or (spoken and self._money()):
            self.used.update(n for n in spoken if self.items[n].kind == "word")
            return self._with("first", (self._measure(),), greatest=greatest)
        if any(item.entity for item in self.items[at:]):
            self._close()
            return self._with("first", greatest=greatest)
        raise Unclear

    def _is_number(self, n: int) -> bool:
        return any(self.columns[place].kind == "number" for place in self.items[n].places)

    def _extreme(self, place: int, *, greatest: bool) -> Plan:
        at = self.operations.get("greatest", self.operations.get("least", 0))
        general = self.items[at].text.startswith(("minim", "maxim"))
        if general and not (self.conditions.names_rows or any(i.entity for i in self.items)):
            raise Unclear  # "o salário mínimo" is the law's
        open_columns = [n for n in self._open_columns() if place not in self.items[n].places]
        self.used.update(n for n in self._open_columns() if place in self.items[n].places)
        label = None
        if open_columns:
            if self._follows(open_columns[0], "greatest", "least", "latest", "earliest"):
                raise Unclear  # "a maior turma": by what?
            label = self.column_at(open_columns[0])
            self.used.add(open_columns[0])
        return self._with("extreme", (place,), greatest=greatest, label=label)

    def _follows(self, n: int, *names: str) -> bool:
        """Whether a column that is not the record itself stands right behind an operation."""
        at = next(at for name, at in self.operations.items() if name in names)
        between = range(at + 1, n)
        return at < n and not self.items[n].entity and self.used.issuperset(between)

    def _lookup(self) -> Plan | None:
        places: list[int] = []
        if self.costs:
            places.append(_only(self._money()))
        for n in self._open_columns():
            place = self.column_at(n)
            if place is None:
                raise Unclear
            self.used.add(n)
            if place not in places:
                places.append(place)
        if not places or not self.conditions.names_rows or len(places) > 3:
            return None
        asked = self.asks or self.costs or len(self.items) <= 6
        return self._with("lookup", tuple(places)) if asked else None

    def _with(
        self,
        operation: Operation,
        places: tuple[int, ...] = (),
        *,
        greatest: bool = True,
        label: int | None = None,
    ) -> Plan:
        weight = sum(item.kind != "word" for item in self.items)
        return Plan(
            table=self.table,
            operation=operation,
            filters=tuple(self.conditions.filters()),
            places=places,
            by=self.by,
            greatest=greatest,
            label=label,
            weight=weight,
        )


def is_year(column: TableColumn) -> bool:
    """Whether a column of numbers is one of years or months, which nobody adds up."""
    return any(word in ("ano", "year", "mes", "month", "exercicio") for word in _words(column.name))


def _words(name: str) -> list[str]:
    return [fold(word) for word in words(name)]


def _only(places: Sequence[int] | set[int]) -> int:
    if len(places) != 1:
        raise Unclear
    return next(iter(places))
