"""Carries a plan out: the figures, the sentences, and the rows that they stand on.

What is cited: the header of the table, and the first rows that were used. A row that lies
beyond the end of the document's text cannot be cited; the sentence names it by its number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance import figures, tables
from appliance.answering.tables import telling
from appliance.answering.tables.matching import Asked, Matcher, asked, common_in
from appliance.answering.tables.plans import Beyond, Plan
from appliance.answering.tables.understanding import Reading
from appliance.database import Database
from appliance.errors import sentence
from appliance.figures import Condition, Group, Incomputable, Line, Total
from appliance.index.keywords import detect
from appliance.index.roots import roots
from appliance.records import LANGUAGES, Language
from appliance.rows import Cell
from appliance.tables import Named, StoredTable

CITED = 5  # rows of a figure that are cited
TOLD = 5  # rows of a look-up that are told; more are no answer
GROUPS = 40  # groups that are told; more are no answer
TIES = 3  # rows that share the extreme value
LONGEST = 300  # characters of a question; a longer one is a pasted text
DOUBTFUL = 40  # characters up to which a question's language is not sure
TABLES_MOST = 60  # tables that one question is tried on; of more, one might fit better
UNEXPLAINED = 3  # words that may lie inside a cell
RUNS = 3  # runs of unexplained words that are sought inside cells


@dataclass(frozen=True, slots=True)
class Computed:
    """An answer from a table: the sentences with the figure, how it was come by, and the rows
    that are cited, the header's place first."""

    table: StoredTable
    sentences: tuple[str, ...]
    how: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class NotComputed:
    """Why a question about a table is answered from passages instead."""

    note: str


class TableAnswers:
    """Answers questions from the tables of collections."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def answer(
        self, collections: Sequence[str], question: str, likely: Language
    ) -> Computed | NotComputed | None:
        """What the tables say; ``NotComputed`` for a question about one of them that no
        template expresses; None for any other question, and where there are no tables.

        ``likely`` is the language that the question has where its words leave doubt.
        """
        every = tables.of_collections(self.database, collections)
        found = every[:TABLES_MOST]
        if not found or len(question) > LONGEST:
            return None
        language = detect(question, likely)
        plan = self._plan(found, asked(question, language))
        if not isinstance(plan, Plan) and len(question) <= DOUBTFUL:
            # "Cheapest apartment?": too few words to tell a language by.
            for other in LANGUAGES:
                if other == language:
                    continue
                read = self._plan(found, asked(question, other), inside=False)
                if isinstance(read, Plan):
                    plan, language = read, other
                    break
        if plan is not None and len(every) > TABLES_MOST:
            return NotComputed(telling.beyond(plan.table, language))
        return self._carried_out(plan, language) if plan is not None else None

    def _carried_out(
        self, plan: Plan | Beyond, language: Language
    ) -> Computed | NotComputed | None:
        if isinstance(plan, Plan):
            try:
                computed = _Computing(self.database, plan, language).computed()
            except Incomputable:
                computed = None
            if computed is not None:
                return computed
            if plan.operation == "lookup":
                return None
        return NotComputed(telling.beyond(plan.table, language))

    def _plan(
        self, found: Sequence[StoredTable], question: Asked, *, inside: bool = True
    ) -> Plan | Beyond | None:
        """The plan of the one table that explains the question best; ``inside`` lets words of
        the question be a part of a cell's."""
        runs = question.keys()
        cells: dict[int, dict[tuple[int, int], list[Named]]] = {}
        for one in tables.named(self.database, [table.id for table in found], list(runs)):
            for run in runs[one.key]:
                cells.setdefault(one.table, {}).setdefault(run, []).append(one)
        read = [
            self._read(table, question, cells.get(table.id, {}), RUNS * inside) for table in found
        ]
        for kind in (Plan, Beyond):
            best = sorted(
                (one for one in read if isinstance(one, kind)), key=lambda one: -one.weight
            )
            if len(best) == 1 or (len(best) > 1 and best[0].weight > best[1].weight):
                return best[0]
            if best:
                return Beyond(best[0].table, best[0].weight)
        return None

    def _read(
        self,
        table: StoredTable,
        question: Asked,
        cells: dict[tuple[int, int], list[Named]],
        looks: int,
    ) -> Plan | Beyond | None:
        matcher, common = Matcher(table), common_in(question.language)
        for look in range(looks + 1):
            items = matcher.items(question, cells, common)
            reading = Reading(table, items, question.language, self._few_values(table))
            made = reading.plan()
            if isinstance(made, Plan) or look == looks or not _promising(reading):
                return made
            more = self._inside(table, question, cells, common)
            if more is None:
                return made
            cells = cells | more
        return made

    def _few_values(self, table: StoredTable) -> Callable[[int], list[str] | None]:
        return lambda place: tables.few_values(self.database, table.id, place, 4)

    def _inside(
        self,
        table: StoredTable,
        question: Asked,
        cells: dict[tuple[int, int], list[Named]],
        common: Callable[[str], bool],
    ) -> dict[tuple[int, int], list[Named]] | None:
        """A run of words that stands inside one cell's value and in no other's."""
        matcher = Matcher(table)
        taken = {place for first, last in cells for place in range(first, last)}
        for first, last in _left(question, taken, common, matcher):
            sought = [token.root for token in question.tokens[first:last]]
            hits = tables.holding(self.database, table, sought)
            if len({(hit.place, hit.key) for hit in hits}) == 1:
                return {(first, last): hits}
        return None


def _promising(reading: Reading) -> bool:
    """Whether a look inside the cells may still make a plan of it: little is unexplained."""
    told = any(item.kind in ("column", "cell") for item in reading.items)
    reckons = reading.spends or reading.costs or (told and bool(reading.operations))
    names = reading.asks and any(item.kind == "column" for item in reading.items)
    return (reckons or names) and 0 < len(reading.unexplained()) <= UNEXPLAINED


def _left(
    question: Asked, taken: set[int], common: Callable[[str], bool], matcher: Matcher
) -> list[tuple[int, int]]:
    """Runs of words that are no cell, no column and no common word, the longest first."""
    runs: list[tuple[int, int]] = []
    for place, token in enumerate(question.tokens):
        known = (
            place in taken
            or common(token.folded)
            or token.folded.isdecimal()
            or token.root in matcher.entities
            or matcher._column(question.tokens, place)[0]
        )
        if known:
            continue
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    runs = [run for run in runs if any(len(t.folded) > 3 for t in question.tokens[slice(*run)])]
    return sorted(runs, key=lambda run: run[0] - run[1])[:RUNS]


class _Computing:
    """One plan on its way to an answer."""

    def __init__(self, database: Database, plan: Plan, language: Language) -> None:
        self.database = database
        self.plan = plan
        self.table = plan.table
        self.language = language
        self.rounded = False

    def computed(self) -> Computed | None:
        """The answer; None where no row fulfils the conditions, but for a count."""
        plan = self.plan
        place = plan.places[0] if plan.places and plan.operation != "lookup" else None
        total = figures.total(self.database, self.table.id, plan.conditions, place)
        if not total.rows and plan.operation != "count":
            return None
        if plan.operation in ("sum", "average") and not total.numbers:
            return None
        told, lines = self._told(total)
        if not told:
            return None
        without = total.rows - total.numbers if plan.operation in ("sum", "average") else 0
        how = telling.how(
            plan,
            total.rows,
            self.table.rows,
            self.language,
            cited=sum(line.start is not None for line in lines),
            without=without,
            rounded=self.rounded,
        )
        return Computed(self.table, tuple(told), how, tuple(lines))

    def _told(self, total: Total) -> tuple[list[str], list[Line]]:
        plan = self.plan
        if plan.operation == "lookup":
            return self._looked_up(total)
        if plan.operation == "extreme":
            return self._extreme()
        if plan.operation == "first":
            return self._first()
        if plan.by is not None:
            return self._groups()
        return [self._figure(total)], self._lines(plan.conditions, CITED)

    def _figure(self, total: Total) -> str:
        plan, facts = self.plan, {"figure": telling.whole(total.rows, self.language)}
        if plan.places:
            column = self.table.columns[plan.places[0]]
            facts["column"] = column.name
            if plan.operation == "sum":
                facts["figure"] = telling.amount(total.sum, column, self.language)
            elif plan.operation == "average":
                facts["figure"], self.rounded = telling.average(total, column, self.language)
            else:
                facts["figure"] = telling.whole(self._different(total), self.language)
        return sentence(f"table_{plan.operation}", facts, self.language)

    def _different(self, total: Total) -> int:
        """How many things a column names. Where they are nearly as many as rows, nobody can
        tell whether two of a name are one."""
        plan = self.plan
        found = figures.different(self.database, self.table.id, plan.conditions, plan.places[0])
        if total.rows >= found > total.rows / 2 and found != total.rows:
            raise Incomputable
        return found

    def _totals(self) -> list[Group]:
        plan = self.plan
        assert plan.by is not None  # noqa: S101 - asked for groups
        place = plan.places[0] if plan.places else None
        return figures.groups(self.database, self.table.id, plan.conditions, plan.by, place)

    def _groups(self) -> tuple[list[str], list[Line]]:
        plan, found = self.plan, self._totals()
        if not 0 < len(found) <= GROUPS:
            raise Incomputable
        if plan.operation == "average":
            if all(one.total.rows == 1 for one in found):
                raise Incomputable  # "the average per sale" is of all sales
            column, known = self.table.columns[plan.places[0]], [one.total for one in found]
            self.rounded = any(telling.average(t, column, "pt")[1] for t in known if t.numbers)
        return telling.groups(plan, found, self.language), self._lines(plan.conditions, CITED)

    def _first(self) -> tuple[list[str], list[Line]]:
        """The group with the most or the fewest; two that share it are none."""
        plan = self.plan
        assert plan.by is not None  # noqa: S101 - asked for groups
        place = plan.places[0] if plan.places else None
        found = [one for one in self._totals() if one.value is not None]
        found.sort(
            key=lambda one: one.total.rows if place is None else one.total.sum,
            reverse=plan.greatest,
        )
        figure = [telling.group_figure(plan, one, self.language) for one in found[:2]]
        if not found or (len(found) > 1 and figure[0] == figure[1]):
            raise Incomputable
        facts = {
            "by": self.table.columns[plan.by].name,
            "column": self.table.columns[place].name if place is not None else "",
            "value": telling.cell(found[0].value, self.table.columns[plan.by], self.language),
            "figure": figure[0],
        }
        code = f"table_{'first' if plan.greatest else 'last'}_{'count' if place is None else 'sum'}"
        of_group = Condition(place=plan.by, kind="in", values=_bound(found[0].value))
        lines = self._lines((*plan.conditions, of_group), CITED)
        return [sentence(code, facts, self.language)], lines

    def _extreme(self) -> tuple[list[str], list[Line]]:
        plan, (place,) = self.plan, self.plan.places
        column = self.table.columns[place]
        found = figures.extreme(
            self.database,
            self.table.id,
            plan.conditions,
            place,
            greatest=plan.greatest,
            kind="text" if column.kind == "date" else "integer",
        )
        if found is None:
            return [], []
        with_it = Condition(place=place, kind="in", values=_bound(found))
        lines = self._lines((*plan.conditions, with_it), TIES + 1)
        names = {True: "table_greatest", False: "table_least"}
        if column.kind == "date":
            names = {True: "table_latest", False: "table_earliest"}
        label = "; ".join(self._label(line) for line in lines[:TIES])
        facts = {
            "column": column.name,
            "figure": telling.cell(found, column, self.language),
            "label": label + (" …" if len(lines) > TIES else ""),
        }
        return [sentence(names[plan.greatest], facts, self.language)], lines[:TIES]

    def _looked_up(self, total: Total) -> tuple[list[str], list[Line]]:
        """The cells asked for. One value in many rows is told once; many values are none."""
        if total.rows > 2000:
            raise Incomputable
        lines = self._lines(self.plan.conditions, 2000)
        seen: dict[tuple[Cell, ...], Line] = {}
        for line in lines:
            seen.setdefault(tuple(line.cells[place] for place in self.plan.places), line)
        if len(seen) > TOLD:
            raise Incomputable
        told = [
            sentence(
                "table_value",
                {
                    "column": self.table.columns[place].name,
                    "figure": telling.cell(cell, self.table.columns[place], self.language),
                    "label": self._label(line),
                },
                self.language,
            )
            for cells, line in seen.items()
            for place, cell in zip(self.plan.places, cells, strict=True)
        ]
        return told, list(seen.values())

    def _label(self, line: Line) -> str:
        """What a row is called: the column asked for, or the first two of words that differ."""
        label = self.plan.label
        named_by = [
            one.condition.place
            for one in self.plan.filters
            if self.table.columns[one.condition.place].kind == "text"
        ]
        if label is None and self.plan.operation == "lookup" and len(named_by) == 1:
            label = named_by[0]
        if label is None:
            held = [
                place
                for place, column in enumerate(self.table.columns)
                if column.kind == "text" and place not in self.plan.places and line.cells[place]
            ]
            label = self._telling(held)
        named = telling.cell(line.cells[label], self.table.columns[label], self.language)
        if line.start is None:
            return f"{named}, #{line.number}"
        return named

    def _telling(self, held: Sequence[int]) -> int:
        """The column of words that tells rows apart best among the first ones."""
        for place in sorted(held[:4], key=lambda place: not self._is_name(place)):
            if figures.differs(self.database, self.table.id, place):
                return place
        return held[0] if held else 0

    def _is_name(self, place: int) -> bool:
        first = roots(self.table.columns[place].name)[:1]
        return bool(first) and first[0] in ("nom", "nam", "nombr")

    def _lines(self, conditions: Sequence[Condition], most: int) -> list[Line]:
        return figures.lines(
            self.database, self.table.id, conditions, len(self.table.columns), most
        )


def _bound(value: Cell) -> tuple[str | int, ...]:
    return () if value is None else (value,)
